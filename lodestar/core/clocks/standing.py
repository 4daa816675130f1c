"""How a clock stands at an instant: late is late whether or not anything was running to notice it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from lodestar.core.clocks.due import Due
from lodestar.core.clocks.rules import ClockRule, LadderStep

MISSED_RUNS = 2  # one late run is chance; two in a row is a fault


class Standing(StrEnum):
    """Where a clock stands, each with the words for a screen."""

    NOT_DUE = "not_due"
    DUE_SOON = "due_soon"
    LATE = "late"
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"
    CANCELLED = "cancelled"
    PAUSED = "paused"

    @property
    def text(self) -> str:
        """The words a person reads; colour never stands in for them."""
        return _TEXTS[self]


_TEXTS = {
    Standing.NOT_DUE: "Not due yet",
    Standing.DUE_SOON: "Due soon",
    Standing.LATE: "Late",
    Standing.DONE_IN_TIME: "Done in time",
    Standing.DONE_LATE: "Done late",
    Standing.CANCELLED: "No longer owed",
    Standing.PAUSED: "Paused",
}


def standing(
    *, due: Due, done_at: datetime | None, cancelled_at: datetime | None, now: datetime, warn: Sequence[timedelta] = ()
) -> Standing:
    """Done at the very instant it is due is in time; one second after is late."""
    if done_at is not None:
        return Standing.DONE_IN_TIME if due.running or done_at <= due.at else Standing.DONE_LATE
    if cancelled_at is not None:
        return Standing.CANCELLED
    if due.running:
        return Standing.PAUSED
    if now > due.at:
        return Standing.LATE
    return Standing.DUE_SOON if due.at - now <= max(warn, default=timedelta(0)) else Standing.NOT_DUE


def breach(*, due: Due, done_at: datetime | None, now: datetime, cancelled_at: datetime | None = None) -> datetime | None:
    """A breach is dated when the thing fell due, never when it was noticed; None where nothing fell due undone."""
    ended = min(instant for instant in (done_at, cancelled_at, now) if instant is not None)
    return due.at if not due.running and ended > due.at else None


def warn_at(*, due: Due, warn: Sequence[timedelta]) -> datetime | None:
    """When the first warning is owed; None where the rule gives none or the clock is held."""
    return None if due.running or not warn else due.at - max(warn)


def ladder_due(
    *, rule: ClockRule, due: Due, now: datetime, done_at: datetime | None = None, cancelled_at: datetime | None = None
) -> tuple[LadderStep, ...]:
    """The rungs reached so far: each is reached once the thing has been late for its time, until it is done."""
    fell_due = breach(due=due, done_at=done_at, now=now, cancelled_at=cancelled_at)
    if fell_due is None:
        return ()
    ended = min(instant for instant in (done_at, cancelled_at, now) if instant is not None)
    return tuple(step for step in rule.ladder if ended - fell_due >= step.after)


def is_stale(*, heartbeat_at: datetime | None, now: datetime, every: timedelta) -> bool:
    """A job that never ran, or has missed two runs, raises the banner; the lists stay right without it."""
    return heartbeat_at is None or now - heartbeat_at > MISSED_RUNS * every
