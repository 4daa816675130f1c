"""When something is due: a function of its start, its pauses, its calendar and the playbook.

It is never counted down and never stored as truth; a stored due time is an index for the sweep.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.clocks.calendars import Calendars
from lodestar.core.clocks.rules import ClockRule, Span
from lodestar.core.times import say_span, to_utc
from lodestar.core.words import Allowed, Period, Refusal, Refusals


@dataclass(frozen=True, slots=True)
class Pause:
    """A clock held from one instant until another, or still held, with the reason."""

    from_at: datetime
    until_at: datetime | None
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError("a pause needs a reason")
        if self.until_at is not None and self.until_at < self.from_at:
            raise ValueError("a pause cannot end before it starts")


@dataclass(frozen=True, slots=True)
class Due:
    """When it is due; while a pause is running that is not known, only that it is not before ``at``."""

    at: datetime
    running: bool = False


def due_at(
    *,
    rule: ClockRule,
    started_at: datetime,
    calendars: Calendars,
    level: str | None = None,
    pauses: Iterable[Pause] = (),
    chosen: datetime | None = None,
) -> Due:
    """A clock is due when its time has passed by its own calendar, pauses left out; overlapping pauses count once.

    Refuses a level at which nothing is owed, and a chosen time that was not chosen.
    """
    span = rule.span(level)
    if span is None:
        raise ValueError(f"{rule.code} owes nothing at level {level or 'none'}")
    start = to_utc(started_at)
    due = _undisturbed(span, start, calendars, chosen)
    if span.calendar == "chosen" and rule.held_by:
        return _exempt(due, start, pauses)
    if span.shift or span.calendar == "chosen":
        return Due(due)  # a shift and an appointed time pass whether or not anybody holds the clock
    for held_from, held_until in _merged(pauses, start):
        if held_from >= due:
            break
        if held_until is None:
            return Due(due, running=True)
        due = _later(span, due, Period(held_from, held_until), calendars)
    return Due(due)


def choose(
    *, rule: ClockRule, level: str | None, chosen: datetime | None, started_at: datetime, now: datetime
) -> Allowed[datetime] | Refusals:
    """A review time is chosen by a person: it may not be blank, past, or beyond the ceiling of the level."""
    if chosen is None:
        return (_refusal(rule, "blank", "Choose the latest time this must be looked at again."),)
    if to_utc(chosen) <= to_utc(now):
        return (_refusal(rule, "past", "That time has passed. Choose a review time that is still to come."),)
    span = rule.span(level)
    if span is None or span.ceiling is None:
        return (_refusal(rule, "no_level", "Choose the level of risk first."),)
    if to_utc(chosen) - to_utc(started_at) > span.ceiling:
        sentence = f"That is too far off for this level. Choose a time within {say_span(span.ceiling)}."
        return (_refusal(rule, "beyond_ceiling", sentence),)
    return Allowed(to_utc(chosen))


def held_for(*, pauses: Iterable[Pause], started_at: datetime, now: datetime) -> timedelta:
    """How long a clock has been held in all, overlapping pauses once. Age itself never goes down."""
    spans = _merged(pauses, started_at)
    held = (min(until or now, now) - since for since, until in spans if since < now)
    return sum(held, timedelta(0))


def _refusal(rule: ClockRule, what: str, sentence: str) -> Refusal:
    return Refusal(f"clock.chosen_{what}", sentence, rule.authority, "review_at")


def _undisturbed(span: Span, start: datetime, calendars: Calendars, chosen: datetime | None) -> datetime:
    """When it is due had nobody held it."""
    if span.calendar == "chosen":
        if chosen is None:
            raise ValueError("this clock needs a time that somebody chose")
        return max(to_utc(chosen), start)  # chosen by one, confirmed later by another: then it is owed at once
    if span.shift:
        turn = next(calendars.shift(span.shift).from_instant(start))
        return turn.until_at or turn.from_at
    match span.calendar:
        case "elapsed":
            return start + span.amount
        case "working_hours_england":
            return calendars.working.add(start, span.amount)
        case "working_days_england":
            return calendars.working.close_of(start, span.working_days)
    raise ValueError(f"no clock runs by the calendar {span.calendar}")


def _later(span: Span, due: datetime, held: Period, calendars: Calendars) -> datetime:
    """Put off by as much of the clock's own time as it was held."""
    until = held.until_at or held.from_at
    if span.calendar == "elapsed":
        return due + (until - held.from_at)
    return calendars.working.add(due, calendars.working.between(held.from_at, until))


def _exempt(due: datetime, start: datetime, pauses: Iterable[Pause]) -> Due:
    """An appointed time that comes while the law asks nothing is put off to the end of that, never brought forward."""
    for held_from, held_until in _merged(pauses, start):
        if held_from >= due:
            break
        if held_until is None:
            return Due(due, running=True)
        due = max(due, held_until)
    return Due(due)


def _merged(pauses: Iterable[Pause], start: datetime) -> Iterator[tuple[datetime, datetime | None]]:
    """The pauses in order, cut off at the start, those that touch or overlap joined."""
    since: datetime | None = None
    until: datetime | None = None
    for pause in sorted(pauses, key=lambda item: item.from_at):
        begins, ends = max(to_utc(pause.from_at), start), to_utc(pause.until_at) if pause.until_at else None
        if ends is not None and ends <= start:
            continue
        if since is not None and (until is None or begins <= until):
            until = None if until is None or ends is None else max(until, ends)
            continue
        if since is not None:
            yield since, until
        since, until = begins, ends
    if since is not None:
        yield since, until
