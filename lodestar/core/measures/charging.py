"""M7: how long the CPS's decision takes. Most of a recent cohort is still open, so closed cases alone give half the truth.

A decision not to charge is an outcome like a charge: leaving it out is the selection that published means of charged cases
make. Source: measures.md 2.7.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from lodestar.core.matters.desk import Done, Story
from lodestar.core.matters.online import cps
from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.episodes import MICROSECOND
from lodestar.core.measures.facts import Case, Facts
from lodestar.core.measures.quality import quality
from lodestar.core.measures.sheet import DAY, Lasted, Marked, Sheet

NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Submission:
    """One run at the CPS by the cut: first submitted, first accepted as complete, decided or over, and who held it how long."""

    id: str
    child: str
    first_at: datetime
    accepted_at: datetime | None
    over_at: datetime | None
    outcome: str  # charge, no_further_action, out_of_court, ended without a decision; empty while open
    with_cps: timedelta
    with_police: timedelta

    def lasted(self, start: datetime, *, as_of: datetime) -> Lasted:
        """From a start to the decision; ended without one, or not yet decided, is followed only so far."""
        stop = self.over_at or as_of
        return Lasted(self.id, self.child, max(0, (stop - start) // MICROSECOND), self.decided)

    @property
    def decided(self) -> bool:
        """True where the CPS decided."""
        return self.outcome not in ("", ENDED)


ENDED = "ended without a decision"


def draw(facts: Facts, ask: Ask) -> tuple[Drawn, ...]:
    """The median and the time within which nine in ten were decided, what is still open, and who held the files meanwhile."""
    rows = submissions(facts.cases, ask)
    accepted = [row for row in rows if row.accepted_at is not None and ask.period.holds(row.accepted_at)]
    waiting = sum(not row.outcome for row in accepted)
    sheet = Sheet(ask, "files accepted by the CPS as complete in the period, whatever was decided", quality(ask, open=waiting))
    lasted = [row.lasted(row.accepted_at or row.first_at, as_of=ask.as_of) for row in accepted]
    sheet.by_when("median", "days", lasted, share=Fraction(1, 2))
    sheet.by_when("nine in ten", "days", lasted, share=Fraction(9, 10))
    first = [row for row in rows if ask.period.holds(row.first_at)]
    sheet.by_when(
        "median from first submission", "days", [row.lasted(row.first_at, as_of=ask.as_of) for row in first], share=Fraction(1, 2)
    )
    still = [Marked(row.id, row.child, not row.outcome) for row in accepted]
    sheet.count("still open", still)
    ages = [(ask.as_of - (row.accepted_at or row.first_at)) // MICROSECOND / DAY for row in accepted if not row.outcome]
    sheet.total("oldest open", "days", still, value=max(ages, default=None))
    ended = [(row.lasted(row.accepted_at or row.first_at, as_of=ask.as_of), row.outcome) for row in accepted]
    for how in ("charge", "no_further_action", "out_of_court", ENDED):
        sheet.outcome(f"outcome {how}", ended, of=how, limit=int(ask.definition.own["outcome_days"]) * DAY)
    _held(sheet, accepted)
    return sheet.lines


def decided(facts: Facts, ask: Ask) -> list[tuple[Lasted, str]]:
    """Every file of the period that was accepted as complete, from then on, and what became of it; "" where nothing yet."""
    rows = [row for row in submissions(facts.cases, ask) if row.accepted_at is not None and ask.period.holds(row.accepted_at)]
    return [(row.lasted(row.accepted_at or row.first_at, as_of=ask.as_of), row.outcome) for row in rows]


def submissions(cases: Sequence[Case], ask: Ask) -> list[Submission]:
    """Every run at the CPS that began by the cut."""
    return [row for case in cases for row in _runs(case, case.by(ask.as_of), ask.as_of)]


def _runs(case: Case, story: Story, as_of: datetime) -> Iterator[Submission]:
    over = story.last("no_further_action", "online_case_closed")
    for number, group in enumerate(_grouped(story)):
        decided = group[-1] if group[-1].code == "cps_decided" else None
        ended = over if decided is None and over is not None and over.at >= group[-1].at else None
        stop = decided or ended
        held = _who_held(group, stop.at if stop else as_of)
        yield Submission(
            id=f"{case.id}:{number}",
            child=case.child,
            first_at=group[0].at,
            accepted_at=_accepted(group),
            over_at=stop.at if stop else None,
            outcome=decided.said.get("decision", "") or "decided" if decided else ENDED if ended else "",
            with_cps=held["cps"],
            with_police=held["police"],
        )


def _grouped(story: Story) -> Iterator[list[Done]]:
    """A decision ends a run, and only a submission after it begins another."""
    group: list[Done] = []
    for done in story.all(*cps.CODES):
        if not group and done.code not in cps.TO_CPS:
            continue
        group.append(done)
        if done.code == "cps_decided":
            yield group
            group = []
    if group:
        yield group


def _accepted(group: Sequence[Done]) -> datetime | None:
    """The first submission that was not sent back as incomplete; None where each one was."""
    for done, following in zip(group, [*group[1:], None], strict=True):
        if done.code in cps.TO_CPS and (following is None or following.code != "cps_rejected"):
            return done.at
    return None


def _who_held(group: Sequence[Done], until: datetime) -> dict[str, timedelta]:
    held = {"cps": NO_TIME, "police": NO_TIME}
    for done, end in zip(group, [*(one.at for one in group[1:]), until], strict=True):
        if done.code != "cps_decided":
            held["cps" if done.code in cps.TO_CPS else "police"] += max(end - done.at, NO_TIME)
    return held


def _held(sheet: Sheet, rows: Sequence[Submission]) -> None:
    """The share of all the time since submission for which the police had the file back."""
    every = sum((row.with_cps + row.with_police for row in rows), NO_TIME)
    police = sum((row.with_police for row in rows), NO_TIME)
    marked = [Marked(row.id, row.child, row.with_police > NO_TIME) for row in rows]
    sheet.number("share of time with police", "share", marked, value=police / every if every else None)
