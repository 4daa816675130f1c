"""M8's wider population: every child charged, kept or released, by group; and how soon an appropriate adult came.

Who is kept among those charged, group by group, says more than a count of those kept: a force that charges more children of
one group keeps more of them. Groups are told apart as recorded, by the words that the definition gives; what was not asked is
a group of its own and is compared with nobody. Source: custody note 2.6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Story
from lodestar.core.measures.drawn import Ask
from lodestar.core.measures.episodes import MICROSECOND
from lodestar.core.measures.facts import Case
from lodestar.core.measures.sheet import Lasted, Marked, Sheet
from lodestar.core.times import age_on

NOT_RECORDED, DECLINED, NOT_ASKED, OTHER = "not recorded", "asked, would not say", "not asked", "other"
UNCOMPARED = frozenset({NOT_RECORDED, DECLINED, NOT_ASKED})
DIMENSIONS: Mapping[str, str] = {
    "age": "Age when charged",
    "sex": "Sex",
    "ethnicity": "Ethnicity",
    "looked after": "Whether looked after",
    "authority": "Local authority",
    "district": "District",
    "offence": "Offence group",
}
ENDS = ("child_moved", "brought_to_court", "child_released")
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Charged:
    """One child charged, by the cut: whether bail was refused, the group in each dimension, and the appropriate adult."""

    id: str
    child: str
    refused: bool
    groups: Mapping[str, str]
    charged_at: datetime
    authorised_at: datetime
    ended_at: datetime
    called_at: datetime | None
    arrived_at: datetime | None
    why_none: str  # why no adult was called, where that is on record


def line_of(dimension: str, group: str) -> str:
    """The code of the line of one group."""
    return f"by {dimension}: {group}"


def group_of(line: str) -> tuple[str, str] | None:
    """The dimension and the group of a line, or None for a line that is not a group's."""
    head, _, group = line.partition(": ")
    dimension = head.removeprefix("by ")
    return (dimension, group) if head.startswith("by ") and dimension in DIMENSIONS else None


def wanted(ask: Ask) -> bool:
    """True where any line of this module is asked for."""
    return not ask.only or group_of(ask.only) is not None or ask.only.startswith("j ")


def charged(cases: Sequence[Case], ask: Ask) -> tuple[Charged, ...]:
    """Every child charged in the period, as done by the cut, but those opened in error."""
    found = []
    for case in cases:
        story = case.by(ask.as_of)
        charge = next(iter(story.all("child_charged")), None)
        if charge is None or not ask.period.holds(charge.at) or story.last("custody_opened_in_error") is not None:
            continue
        found.append(_charged(case, story, charge.at, ask))
    return tuple(found)


def draw_charged(sheet: Sheet, rows: Sequence[Charged]) -> None:
    """The lines of every group, and of the appropriate adult."""
    every = sorted({(dimension, group) for row in rows for dimension, group in row.groups.items()})
    for dimension, group in every:
        here = [row for row in rows if row.groups.get(dimension) == group]
        sheet.share(line_of(dimension, group), [Marked(row.id, row.child, row.refused) for row in here])
    calls = [_lasted(row, row.authorised_at, row.called_at) for row in rows]
    sheet.by_when("j minutes to call", "minutes", calls, share=Fraction(1, 2))
    came = [_lasted(row, row.called_at, row.arrived_at) for row in rows if row.called_at is not None]
    sheet.by_when("j minutes to come", "minutes", came, share=Fraction(1, 2))
    sheet.by_when("j nine in ten came", "minutes", came, share=Fraction(9, 10))
    none = [row.called_at is None for row in rows]
    sheet.count("j none called", [Marked(row.id, row.child, no) for row, no in zip(rows, none, strict=True)])
    said = [no and bool(row.why_none) for row, no in zip(rows, none, strict=True)]
    sheet.count("j none called, reason on record", [Marked(row.id, row.child, one) for row, one in zip(rows, said, strict=True)])


def _charged(case: Case, story: Story, charged_at: datetime, ask: Ask) -> Charged:
    detained = next(iter(story.all("detention_authorised")), None)
    begun = (instant(detained.said.get("authorised_at", "")) or detained.at) if detained else charged_at
    called, arrived = (next(iter(story.all(f"appropriate_adult_{code}")), None) for code in ("called", "arrived"))
    none = story.last("appropriate_adult_not_called")
    return Charged(
        id=case.id,
        child=case.child,
        refused=bool(story.all("bail_refused")),
        groups={name: told(case, story, charged_at, ask.definition.own) for name, told in _GROUPS.items()},
        charged_at=charged_at,
        authorised_at=begun,
        ended_at=min((done.at for done in story.all(*ENDS) if done.at >= charged_at), default=ask.as_of),
        called_at=called.at if called else None,
        arrived_at=arrived.at if arrived else None,
        why_none=none.said.get("why", "").strip() if none else "",
    )


def _lasted(row: Charged, since: datetime | None, until: datetime | None) -> Lasted:
    begun = since or row.authorised_at
    stop = until if until is not None else max(row.ended_at, begun)
    return Lasted(row.id, row.child, max(stop - begun, NO_TIME) // MICROSECOND, until is not None)


def _age(_: Case, story: Story, at: datetime, own: Mapping[str, Any]) -> str:
    if story.born is None:
        return NOT_RECORDED
    years = age_on(story.born, at)
    return next((str(band["title"]) for band in own.get("ages", ()) if band["from"] <= years < band["until"]), OTHER)


def _worded(words: str, groups: Sequence[Mapping[str, Any]]) -> str:
    """The first group one of whose words stands in what is written; the order is the definition's."""
    said = words.casefold()
    return next((str(group["title"]) for group in groups if any(word in said for word in group["words"])), OTHER)


def _ethnicity(case: Case, _: Story, __: datetime, own: Mapping[str, Any]) -> str:
    said = case.about.ethnicity.strip().casefold()
    if not said:
        return NOT_ASKED
    return DECLINED if "declined" in said else _worded(said, own.get("ethnic_groups", ()))


def _looked_after(case: Case, _: Story, __: datetime, ___: Mapping[str, Any]) -> str:
    return {True: "yes", False: "no", None: NOT_RECORDED}[case.about.looked_after]


def _offence(_: Case, story: Story, __: datetime, own: Mapping[str, Any]) -> str:
    charge = next(iter(story.all("child_charged")))
    said = charge.said.get("charges", "")
    return _worded(said, own.get("offences", ())) if said.strip() else NOT_RECORDED


_GROUPS: Mapping[str, Callable[[Case, Story, datetime, Mapping[str, Any]], str]] = {
    "age": _age,
    "sex": lambda case, *_: case.about.sex.strip().casefold() or NOT_RECORDED,
    "ethnicity": _ethnicity,
    "looked after": _looked_after,
    "authority": lambda case, *_: case.about.authority or NOT_RECORDED,
    "district": lambda case, *_: case.district or NOT_RECORDED,
    "offence": _offence,
}
