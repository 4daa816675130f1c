"""M8: children charged and refused bail, from the charge to the first of the move, the court or the release.

Requests per child may exceed one, so moves are never divided by requests. Two in forty-eight is a count to be told, not a
line to be drawn: how many would be needed before chance is a poor explanation stands beside it. Source: measures.md 2.8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import Any

from lodestar.core.matters.custody.requests import ANSWERS, NON_SECURE, OFFERS, SECURE
from lodestar.core.matters.desk import Done, Story
from lodestar.core.measures.certified import OnPaper, draw_certified, on_paper
from lodestar.core.measures.charged import charged, draw_charged, wanted
from lodestar.core.measures.counts import differs_from
from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.episodes import HOUR, MICROSECOND
from lodestar.core.measures.facts import Case, Facts
from lodestar.core.measures.measure import Caveat
from lodestar.core.measures.quality import Stamp, quality
from lodestar.core.measures.sheet import Lasted, Marked, Sheet
from lodestar.core.times import at_wall, local_date

ENDS = ("child_moved", "brought_to_court", "child_released")
CERTIFICATES = ("certified_impracticable", "certified_serious_harm")
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Request:
    """One request to an authority, and the newest answer by the cut."""

    id: str
    kind: str
    at: datetime
    answer: str  # offered, refused, no_reply, asks; empty where none is on record
    answered_at: datetime | None
    moved: bool  # the child was moved on this very request


@dataclass(frozen=True, slots=True)
class Detention:
    """One child charged and refused bail, by the cut."""

    id: str
    child: str
    charged_at: datetime
    ended_at: datetime | None
    moved: bool
    requests: tuple[Request, ...]
    reason_recorded: bool
    straight: bool  # to a court sitting then: no request was needed
    paper: OnPaper
    stamps: tuple[Stamp, ...]

    def held(self, as_of: datetime) -> timedelta:
        """How long in police custody after the charge, so far where it has not ended."""
        return max((self.ended_at or as_of) - self.charged_at, NO_TIME)


def draw(facts: Facts, ask: Ask) -> tuple[Drawn, ...]:
    """M8a to M8n: how many, how long, asked, moved, refused, how soon, the adult, what is on paper; and those charged by group."""
    rows, errors = detentions(facts.cases, ask)
    still = sum(row.ended_at is None for row in rows)
    stamps = [stamp for row in rows for stamp in row.stamps]
    notes = quality(ask, stamps, open=still, opened_in_error=errors)
    sheet = Sheet(ask, "children charged in the period and refused bail", notes)
    sheet.count("a detentions", _each(rows, [True] * len(rows)))
    _hours(sheet, rows)
    _nights(sheet, rows)
    sheet.share("d asked", _each(rows, [bool(row.requests) for row in rows]))
    kept = [row for row in rows if not row.straight]
    sheet.share("d asked, not straight to court", _each(kept, [bool(row.requests) for row in kept]))
    _requests(sheet, rows)
    moved = _each(rows, [row.moved for row in rows])
    sheet.share("f moved", moved, notes=_needed(sum(row.moved for row in rows), len(rows)))
    _how_soon(sheet, rows)
    sheet.share("i reason recorded", _each(rows, [row.reason_recorded for row in rows]))
    draw_certified(sheet, [row.paper for row in rows])
    if not wanted(ask):
        return sheet.lines
    wider = Sheet(ask, "children charged in the period, kept or released", notes)
    draw_charged(wider, charged(facts.cases, ask))
    return (*sheet.lines, *wider.lines)


def detentions(cases: Sequence[Case], ask: Ask) -> tuple[list[Detention], int]:
    """Every child charged in the period and refused bail, as done by the cut, and how many were opened in error."""
    found, errors = [], 0
    for case in cases:
        story = case.by(ask.as_of)
        charge, kept = _first(story, "child_charged"), _first(story, "bail_refused")
        if charge is None or kept is None or not ask.period.holds(charge.at):
            continue
        if story.last("custody_opened_in_error") is not None:
            errors += 1
            continue
        found.append(_detention(case, story, charge, kept))
    return found, errors


def nights_held(*, since: datetime, until: datetime, first: time, last: time, hours: float) -> int:
    """On how many nights somebody was held for so many elapsed hours between two times of the London night.

    On a night when the clocks change the window is an hour shorter or longer; the hours held in it are elapsed ones.
    """
    found, on = 0, local_date(since)
    while on <= local_date(until):
        begin, end = at_wall(on=on, clock=first), at_wall(on=on, clock=last)
        found += min(end, until) - max(begin, since) >= timedelta(hours=hours)
        on += timedelta(days=1)
    return found


def _detention(case: Case, story: Story, charge: Done, kept: Done) -> Detention:
    ends = [done for done in story.all(*ENDS) if done.at >= charge.at]
    reason = kept.said.get("facts", "").strip() and kept.said.get("grounds", "").strip()
    moved = story.last("child_moved") is not None
    # A child moved, or taken straight to court, needs no certificate; every other child kept does.
    straight = any(done.said.get("straight") == "yes" for done in story.all("brought_to_court"))
    certified = moved or straight or story.last(*CERTIFICATES) is not None
    return Detention(
        id=case.id,
        child=case.child,
        charged_at=charge.at,
        ended_at=min((done.at for done in ends), default=None),
        moved=moved,
        requests=tuple(_request(case, story, done) for done in story.all("place_requested")),
        reason_recorded=bool(reason) and certified,
        straight=straight,
        paper=on_paper(story, row=case.id, child=case.child),
        stamps=tuple((done.at, done.recorded_at) for done in (charge, kept, *ends)),
    )


def _request(case: Case, story: Story, done: Done) -> Request:
    answers = [one for one in story.all(*ANSWERS) if one.said.get("about") == str(done.id)]
    said = answers[-1].said.get("answer", "") if answers else ""
    return Request(
        id=f"{case.id}:{done.id}",
        kind=done.said.get("type", NON_SECURE),
        at=done.at,
        answer="offered" if said in OFFERS else said,
        answered_at=answers[0].at if answers else None,
        moved=any(one.said.get("about") == str(done.id) for one in story.all("child_moved")),
    )


def _hours(sheet: Sheet, rows: Sequence[Detention]) -> None:
    as_of = sheet.ask.as_of
    held = [row.held(as_of) / timedelta(hours=1) for row in rows]
    every = _each(rows, [True] * len(rows))
    sheet.total("b hours", "hours", every, value=sum(held) if rows else None)
    lasted = [_lasted(row, as_of) for row in rows]
    sheet.by_when("b median hours", "hours", lasted, share=Fraction(1, 2))
    sheet.by_when("b nine in ten hours", "hours", lasted, share=Fraction(9, 10))
    sheet.total("b longest", "hours", every, value=max(held, default=None))


def _lasted(row: Detention, as_of: datetime) -> Lasted:
    return Lasted(row.id, row.child, row.held(as_of) // MICROSECOND, row.ended_at is not None)


def _nights(sheet: Sheet, rows: Sequence[Detention]) -> None:
    """Overnight by the definition in use, and by another that stands beside it: there is no one definition yet."""
    own = sheet.ask.definition.own
    nights = _nights_by(sheet, rows, own)
    marked = _each(rows, [number > 0 for number in nights])
    sheet.count("c overnight", marked)
    sheet.total("c nights", "nights", marked, value=float(sum(nights)))
    if "overnight_too" in own:
        sheet.count("c overnight too", _each(rows, [number > 0 for number in _nights_by(sheet, rows, own["overnight_too"])]))


def _nights_by(sheet: Sheet, rows: Sequence[Detention], own: Mapping[str, Any]) -> list[int]:
    first, last = (time.fromisoformat(own[name]) for name in ("night_from", "night_to"))
    return [
        nights_held(since=row.charged_at, until=row.ended_at or sheet.ask.as_of, first=first, last=last, hours=own["night_hours"])
        for row in rows
    ]


def _requests(sheet: Sheet, rows: Sequence[Detention]) -> None:
    """Requests are counted by kind and answer, and never divided into children."""
    pairs = [(row, made) for row in rows for made in row.requests]
    for line, kind in (("e secure requests", SECURE), ("e other requests", NON_SECURE)):
        sheet.count(line, [Marked(made.id, row.child, made.kind == kind) for row, made in pairs])
    for line, kind in (("e moved of secure", SECURE), ("e moved of other", NON_SECURE)):
        sheet.share(line, [Marked(made.id, row.child, made.moved) for row, made in pairs if made.kind == kind])
    both = [{made.kind for made in row.requests} >= {SECURE, NON_SECURE} for row in rows]
    sheet.count("e both kinds", _each(rows, both))
    for line, answers in (("g accepted", ("offered",)), ("g refused", ("refused",)), ("g no answer", ("", "no_reply", "asks"))):
        sheet.count(line, [Marked(made.id, row.child, made.answer in answers) for row, made in pairs])


def _how_soon(sheet: Sheet, rows: Sequence[Detention]) -> None:
    """Hours from the charge to the first request, and from each request to its first answer; what never came is censored."""
    as_of = sheet.ask.as_of
    asked = []
    for row in rows:
        first = min((made.at for made in row.requests), default=None)
        stop = first if first is not None else row.ended_at or as_of
        asked.append(Lasted(row.id, row.child, max(stop - row.charged_at, NO_TIME) // MICROSECOND, first is not None))
    sheet.by_when("h hours to request", "hours", asked, share=Fraction(1, 2))
    answered = []
    for row in rows:
        for made in row.requests:
            stop = made.answered_at if made.answered_at is not None else max(row.ended_at or as_of, made.at)
            answered.append(Lasted(made.id, row.child, max(stop - made.at, NO_TIME) // MICROSECOND, made.answered_at is not None))
    sheet.by_when("h hours to answer", "hours", answered, share=Fraction(1, 2))
    sheet.within("h asked within an hour", asked, limit=HOUR)


def _needed(hits: int, whole: int) -> tuple[Caveat, ...]:
    """In place of an arrow: what next year's number would have to be before it says anything."""
    told = differs_from(hits=hits, n=whole) if whole else None
    if told is None or told.above is None:
        return ()
    less = f"; {told.above - 1} gives p = {told.p_nearly_above:.4f}" if told.p_nearly_above is not None else ""
    sentence = f"Of {whole} next year, {told.above} would have to be moved before chance is a poor explanation (Fisher's exact test{less})."
    return (Caveat("needed_for_change", sentence),)


def _each(rows: Sequence[Detention], hits: Sequence[bool]) -> list[Marked]:
    return [Marked(row.id, row.child, hit) for row, hit in zip(rows, hits, strict=True)]


def _first(story: Story, code: str) -> Done | None:
    return next(iter(story.all(code)), None)
