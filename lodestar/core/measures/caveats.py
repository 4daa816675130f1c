"""What is said beside a number: its clock, how fresh it is, and how good the record under it is (measures.md 2.11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from lodestar.core.measures.cohort import Cohort
from lodestar.core.measures.definition import Definition
from lodestar.core.measures.episodes import backdated, on_the_hour
from lodestar.core.measures.measure import Caveat
from lodestar.core.words import Period

CLOCK_SENTENCES = {
    "police": "The clock starts at the report to the police, not when the child was last known safe.",
    "child": "The clock starts at the latest time the child could last have been known safe.",
    "child_earliest": "The clock starts at the earliest time the child could have gone.",
    "returned": "The clock starts when the child was back at a safe place; weekends and holidays count.",
    "received": "The clock starts when the force received the referral, not when it was opened or graded.",
    "snapshot": "What was open at six in the morning, as recorded by then; a past count never changes.",
    "submitted": "The clock starts at the first submission that was accepted as complete, and a resubmission goes on with it.",
    "charged": "The clock starts at the charge and ends at the move, the court or the release, whichever came first.",
    "due": "Counted by when it fell due, not by when it was recorded.",
}


def caveats_of(group: Cohort, *, period: Period, definition: Definition) -> tuple[Caveat, ...]:
    """Every caveat that applies to a figure over these episodes, those with a count of nought left unsaid."""
    fresh = (Caveat("clock", CLOCK_SENTENCES[group.clock]), *_provisional(group, period, definition))
    return (*fresh, *(caveat for caveat in _counted(group, definition) if caveat.count))


def _provisional(group: Cohort, period: Period, definition: Definition) -> Iterator[Caveat]:
    settled = group.as_of - timedelta(days=definition.provisional_days)
    if period.until_at is None or period.until_at > settled:
        days = definition.provisional_days
        yield Caveat("provisional", f"Provisional: it takes in the last {days} days, which are still being recorded.")


def _counted(group: Cohort, definition: Definition) -> Iterator[Caveat]:
    rows = group.observed
    late = sum(backdated(row.episode, minutes=definition.backdated_minutes) for row in rows)
    round_ends = sum(row.ending == "found" and on_the_hour(row.episode) for row in rows)
    yield Caveat("open", "{count} still missing at the cut; counted as missing so far.", group.count("open"))
    yield Caveat("found_before_record", "{count} found before the clock started; counted as 0 hours.", _before(group))
    yield Caveat("end_not_known", "{count} found at a time not known; counted at the latest.", group.count("end_not_known"))
    yield Caveat("transferred", "{count} taken over by another force; followed only until then.", group.count("transferred"))
    yield Caveat("died", "{count} died while missing: an end, and never a finding.", group.count("died"))
    yield Caveat("opened_in_error", "{count} opened in error; left out.", group.opened_in_error)
    yield Caveat("no_start", "{count} with no start time; left out, and in the bounds.", group.no_start)
    yield Caveat("age_not_known", "{count} of unknown age; left out, and in the bounds.", group.age_not_known)
    yield Caveat("backdated", f"{{count}} recorded over {definition.backdated_minutes} minutes after the report.", late)
    yield Caveat("on_the_hour", "{count} end on minute 00 or 30, which suggests written-up times.", round_ends)


def _before(group: Cohort) -> int:
    return sum(row.before_record for row in group.observed)
