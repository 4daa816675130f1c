"""The supervisor reviews that are owed, made in advance from policy and shifts, so that the missed ones can be counted.

A force whose sergeants did 16 of 49 reviews could not say whose the other 33 were (IOPC, Cambridgeshire, September 2021).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.clocks.calendars import Calendars
from lodestar.core.clocks.rules import ClockRule, Span
from lodestar.core.clocks.starts import key_for
from lodestar.core.times import DAY, to_utc
from lodestar.core.words import Period


@dataclass(frozen=True, slots=True)
class LevelFrom:
    """The level of risk in force from an instant until the next."""

    level: str
    from_at: datetime


@dataclass(frozen=True, slots=True)
class ExpectedReview:
    """One review owed: its period, when it is due, and when it stopped being owed if that came before it was due."""

    period_start: datetime
    due_at: datetime
    level: str
    ended_at: datetime | None = None  # closed or regraded before it fell due

    @property
    def key(self) -> str:
        """Tells this period from every other of the rule."""
        return key_for(event="period", at=self.period_start)


def expected_reviews(
    *,
    open_from: datetime,
    open_until: datetime | None,
    level_history: Sequence[LevelFrom],
    rule: ClockRule,
    calendars: Calendars,
    now: datetime,
    ahead: timedelta = DAY,
) -> tuple[ExpectedReview, ...]:
    """A review is owed for each period that starts while the matter is open at a level that asks for one.

    A shift that starts at the very instant of opening counts; one that starts at the instant of closing does not. Of a
    matter still open, the periods that start up to ``ahead`` from now are given, and always the next one.
    """
    stop = to_utc(open_until) if open_until is not None else None
    owed: list[ExpectedReview] = []
    for level, stretch in _stretches(level_history, to_utc(open_from), stop):
        span = rule.span(level)
        if span is None or span.calendar == "chosen":
            continue  # at this level the grader's own review time is the clock
        periods = _periods(span, stretch.from_at, calendars)
        owed += _owed(level, stretch, periods, horizon=to_utc(now) + ahead)
    return tuple(owed)


def review_answered(*, expected: Sequence[ExpectedReview], at: datetime) -> ExpectedReview | None:
    """A review answers the newest period that had started when it was done; it never makes up for one missed before."""
    begun = [review for review in expected if review.period_start <= at]
    return begun[-1] if begun else None


def _stretches(history: Sequence[LevelFrom], opened: datetime, closed: datetime | None) -> Iterator[tuple[str, Period]]:
    """Each stretch at one level while open; confirming the same level does not start a new stretch."""
    steps: list[LevelFrom] = []
    for step in sorted(history, key=lambda item: item.from_at):
        if not steps or steps[-1].level != step.level:
            steps.append(step)
    for index, step in enumerate(steps):
        following = to_utc(steps[index + 1].from_at) if index + 1 < len(steps) else None
        ends = [instant for instant in (following, closed) if instant is not None]
        since, until = max(to_utc(step.from_at), opened), min(ends) if ends else None
        if until is None or since < until:
            yield step.level, Period(since, until)


def _owed(level: str, stretch: Period, periods: Iterator[tuple[datetime, datetime]], *, horizon: datetime) -> Iterator[ExpectedReview]:
    until = stretch.until_at
    for start, due in periods:
        if until is not None and start >= until:
            return
        yield ExpectedReview(start, due, level, until if until is not None and until < due else None)
        if start > horizon:
            return  # the next one is always there, however far ahead


def _periods(span: Span, since: datetime, calendars: Calendars) -> Iterator[tuple[datetime, datetime]]:
    if span.shift:
        for turn in calendars.shift(span.shift).from_instant(since):
            yield turn.from_at, turn.until_at or turn.from_at
        return
    if span.calendar != "elapsed" or span.amount <= timedelta(0):
        raise ValueError(f"reviews cannot repeat by the calendar {span.calendar}")
    start = since
    while True:
        yield start, start + span.amount
        start += span.amount
