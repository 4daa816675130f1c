"""When a meeting falls: by a rule of its template, on London's clock, moved off days on which nobody works.

A meeting exists before it is due, so that one that was never held is as visible as one that was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from lodestar.core.clocks.calendars import CalendarEnds, WorkingCalendar
from lodestar.core.times import DAY, at_wall

FORTNIGHT = 14  # days
EVERY = ("day", "fortnight", "month", "quarter")
LONGEST_MOVE = 10  # days: Christmas and a weekend


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often: each day, each second week from a first day, or the nth weekday of a month or of named months."""

    every: str
    at: time
    ahead_days: int  # how far ahead meetings are made
    first: date | None = None
    weekday: int = 0  # Monday is 0
    nth: int = 1
    months: tuple[int, ...] = ()
    moves: bool = True  # off bank holidays and weekends, to the next working day

    def falls_on(self, day: date) -> bool:
        """True on a day that the rule names, before it is moved off a holiday."""
        match self.every:
            case "day":
                return True
            case "fortnight":
                return self.first is not None and day >= self.first and (day - self.first).days % FORTNIGHT == 0
            case _:
                named = not self.months or day.month in self.months
                return named and day.weekday() == self.weekday and (day.day - 1) // 7 + 1 == self.nth


def cadence_from(table: Mapping[str, Any]) -> Cadence:
    """Read a cadence from its playbook; one that nobody could follow is refused."""
    every, clock = str(table["every"]), table["at"]
    if every not in EVERY:
        raise ValueError(f"a meeting is held each {', '.join(EVERY)}, not each {every}")
    if every == "fortnight" and "first" not in table:
        raise ValueError("a fortnightly meeting needs the day of its first")
    if every == "quarter" and len(table.get("months", ())) != 4:
        raise ValueError("a quarterly meeting needs its four months")
    return Cadence(
        every=every,
        at=clock if isinstance(clock, time) else time.fromisoformat(clock),
        ahead_days=int(table["ahead_days"]),
        first=table.get("first"),
        weekday=int(table.get("weekday", 0)),
        nth=int(table.get("nth", 1)),
        months=tuple(table.get("months", ())),
        moves=bool(table.get("moves", True)),
    )


def meetings(*, cadence: Cadence, first: date, until: date, working: WorkingCalendar) -> tuple[datetime, ...]:
    """The instant of every meeting on a London day from ``first`` up to, not including, ``until``; each day once."""
    named = _days(first - LONGEST_MOVE * DAY, until)
    moved = (_moved(day, cadence, working) for day in named if cadence.falls_on(day))
    days = sorted({day for day in moved if first <= day < until})
    return tuple(at_wall(on=day, clock=cadence.at) for day in days)


def next_after(*, cadence: Cadence, instant: datetime, day: date, working: WorkingCalendar) -> datetime | None:
    """The first meeting after an instant whose London day is ``day``; None where none falls in the coming half year."""
    found = meetings(cadence=cadence, first=day, until=day + timedelta(days=190), working=working)
    return next((at for at in found if at > instant), None)


def _days(first: date, until: date) -> Iterator[date]:
    day = first
    while day < until:
        yield day
        day += DAY


def _moved(day: date, cadence: Cadence, working: WorkingCalendar) -> date:
    """The day itself where people work on it, else the next such day; where holidays are not known it stays."""
    if not cadence.moves or cadence.every == "day":
        return day
    moved = day
    try:
        while not working.is_working(moved):
            moved += DAY
    except CalendarEnds:
        return day
    return moved
