"""M5: from a referral to the first assessment, the first share, the strategy discussion, enforcement and a child made safer.

The clock runs from receipt, so time before the first grade counts. What has not happened is censored, never left out: the
referrals not shared are the point. Source: measures.md 2.5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from lodestar.core.matters.online.follow import receipt
from lodestar.core.matters.online.sharing import children
from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.episodes import HOUR, MICROSECOND
from lodestar.core.measures.facts import Case, Facts
from lodestar.core.measures.quality import quality
from lodestar.core.measures.sheet import DAY, Lasted, Marked, Sheet

ERROR = "online_opened_in_error"


@dataclass(frozen=True, slots=True)
class Referral:
    """One referral by the cut: when it came in, its first grade, when each end was first reached, and when it was over."""

    id: str
    child: str
    received_at: datetime
    level: str
    ends: Mapping[str, datetime]
    over_at: datetime | None
    child_known: bool

    def lasted(self, end: str, *, as_of: datetime) -> Lasted:
        """From receipt to the end, or as far as it was followed; before receipt is no time at all."""
        at = self.ends.get(end)
        stop = at if at is not None else min(self.over_at or as_of, as_of)
        return Lasted(self.id, self.child, max(0, (stop - self.received_at) // MICROSECOND), at is not None)


def draw(facts: Facts, ask: Ask) -> tuple[Drawn, ...]:
    """For each end: the median and the time within which nine in ten had reached it, within 24 and 72 hours, and in the class's time."""
    rows, errors = referrals(facts.cases, ask)
    about_child = [row for row in rows if row.child_known]
    for_children = frozenset(ask.definition.own["for_children"])
    before = sum(at < row.received_at for row in rows for at in row.ends.values())
    sheet = Sheet(
        ask,
        "referrals received in the period, graded or not; sharing, strategy and safety of those with a child known to be at risk",
        quality(ask, opened_in_error=errors, before_start=before, no_child_known=len(rows) - len(about_child)),
    )
    ends = list(ask.definition.own["ends"])
    for end in sorted(ends, key=lambda name: name != "shared"):  # the share is the headline
        mine = about_child if end in for_children else rows
        _end(sheet, end, mine)
    _ungraded(sheet, rows)
    return sheet.lines


def referrals(cases: Sequence[Case], ask: Ask) -> tuple[list[Referral], int]:
    """The referrals received in the period, as done by the cut, and how many were opened in error."""
    found, errors = [], 0
    for case in cases:
        story = case.by(ask.as_of)
        at = receipt(story=story)
        if not ask.period.holds(at) or at > ask.as_of:
            continue
        if story.last(ERROR) is not None:
            errors += 1
            continue
        found.append(_referral(case, ask, at))
    return found, errors


def _referral(case: Case, ask: Ask, received: datetime) -> Referral:
    story = case.by(ask.as_of)
    first: dict[str, datetime] = {}
    for end, codes in ask.definition.own["ends"].items():
        done = next(iter(story.all(*codes)), None)
        if done is not None:
            first[end] = done.at
    graded = next(iter(story.all("graded")), None)
    closed = story.closed_at if story.closed_at is not None and story.closed_at <= ask.as_of else None
    known = any(not child.mistaken and child.linked_at <= ask.as_of for child in children(story=story))
    return Referral(
        id=case.id,
        child=case.child,
        received_at=received,
        level=graded.said.get("level", "") if graded else "",
        ends=first,
        over_at=closed,
        child_known=known or story.last("child_risk_known") is not None,
    )


def _end(sheet: Sheet, end: str, rows: Sequence[Referral]) -> None:
    ask = sheet.ask
    lasted = [row.lasted(end, as_of=ask.as_of) for row in rows]
    sheet.share(f"{end} in class time", _in_class_time(ask, end, rows))
    sheet.within(f"{end} within 24 hours", lasted, limit=24 * HOUR)
    sheet.within(f"{end} within 72 hours", lasted, limit=72 * HOUR)
    sheet.by_when(f"{end} median", "days", lasted, share=Fraction(1, 2))
    sheet.by_when(f"{end} nine in ten", "days", lasted, share=Fraction(9, 10))
    waiting = [Marked(row.id, row.child, end not in row.ends and row.over_at is None) for row in rows]
    sheet.total(f"{end} oldest waiting", "days", waiting, value=_oldest(rows, ask.as_of, waiting))


def _in_class_time(ask: Ask, end: str, rows: Sequence[Referral]) -> list[Marked]:
    """Of the referrals old enough to be judged; one not graded is judged by the shortest limit, for unknown is not low."""
    limits = {level: timedelta(hours=hours) for level, hours in ask.definition.own["class_hours"].items()}
    shortest = min(limits.values())
    found = []
    for row in rows:
        limit = limits.get(row.level, shortest)
        at = row.ends.get(end)
        if row.received_at <= ask.as_of - limit:
            found.append(Marked(row.id, row.child, at is not None and at - row.received_at <= limit))
    return found


def _oldest(rows: Sequence[Referral], as_of: datetime, waiting: Sequence[Marked]) -> float | None:
    ages = [(as_of - row.received_at) // MICROSECOND / DAY for row, mark in zip(rows, waiting, strict=True) if mark.hit]
    return max(ages, default=None)


def _ungraded(sheet: Sheet, rows: Sequence[Referral]) -> None:
    """A queue that nobody has graded is a measure of its own: how many, and the oldest."""
    waiting = [Marked(row.id, row.child, not row.level and row.over_at is None) for row in rows]
    sheet.count("not graded", waiting)
    sheet.total("oldest not graded", "days", waiting, value=_oldest(rows, sheet.ask.as_of, waiting))
