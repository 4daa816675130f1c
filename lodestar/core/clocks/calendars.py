"""The calendars a clock can run by: elapsed time, working hours, working days, and shifts.

Elapsed time is counted in UTC seconds, so it survives both clock changes. The others follow the clock on the wall.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lodestar.core.playbook import Playbook
from lodestar.core.times import DAY, at_wall, local_date, say_date
from lodestar.core.words import Period

NOTHING = timedelta(0)


class CalendarEnds(Exception):  # noqa: N818 - the domain's own word
    """Raised when a clock runs into a day for which no bank holidays are known: better no answer than a wrong one."""

    def __init__(self, on: date) -> None:
        super().__init__(f"The bank holidays of {say_date(on)} are not known. Add that year to the calendar playbook.")
        self.on = on


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Opening hours on working days; a day outside the years known is refused, never guessed."""

    opens: time
    closes: time
    weekdays: frozenset[int]  # Monday is 0
    holidays: frozenset[date]
    known_from: date
    known_until: date  # the first day not known

    def is_working(self, on: date) -> bool:
        """True on a working day that is not a bank holiday."""
        if not self.known_from <= on < self.known_until:
            raise CalendarEnds(on)
        return on.weekday() in self.weekdays and on not in self.holidays

    def window(self, on: date) -> Period:
        """The instants between which a working day is open."""
        return Period(at_wall(on=on, clock=self.opens), at_wall(on=on, clock=self.closes))

    def windows_from(self, instant: datetime) -> Iterator[Period]:
        """Every open window from this instant on, the one under way first."""
        day = local_date(instant)
        while True:
            if self.is_working(day):
                window = self.window(day)
                if window.until_at is not None and window.until_at > instant:
                    yield Period(max(window.from_at, instant), window.until_at)
            day += DAY

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The instant at which so much open time has passed since the start; nothing added moves nothing."""
        if amount <= NOTHING:
            return start
        left = amount
        for window in self.windows_from(start):
            size = _until(window) - window.from_at
            if size >= left:
                return window.from_at + left
            left -= size
        raise AssertionError("the windows of a calendar do not end")

    def between(self, start: datetime, until: datetime) -> timedelta:
        """How much open time lies between two instants."""
        total, day = NOTHING, local_date(start)
        while day <= local_date(until):
            if self.is_working(day):
                window = self.window(day)
                total += max(min(_until(window), until) - max(window.from_at, start), NOTHING)
            day += DAY
        return total

    def close_of(self, start: datetime, days: int) -> datetime:
        """The close of the nth working day after the day of the start; that day itself does not count."""
        day, left = local_date(start), days
        while left:
            day += DAY
            left -= self.is_working(day)
        return _until(self.window(day))


@dataclass(frozen=True, slots=True)
class Shift:
    """A turn of duty by the clock on the wall; one that ends at or before its start ends the next day."""

    code: str
    title: str
    starts: time
    ends: time

    def on(self, day: date) -> Period:
        """This shift as worked from this date: the night of a clock change is an hour longer or shorter."""
        last = day if self.ends > self.starts else day + DAY
        return Period(at_wall(on=day, clock=self.starts), at_wall(on=last, clock=self.ends))

    def from_instant(self, instant: datetime) -> Iterator[Period]:
        """Every turn of this shift that starts at or after the instant."""
        day = local_date(instant)
        while True:
            turn = self.on(day)
            if turn.from_at >= instant:
                yield turn
            day += DAY


@dataclass(frozen=True, slots=True)
class Calendars:
    """Everything a clock may run by."""

    working: WorkingCalendar
    shifts: tuple[Shift, ...]

    def shift(self, code: str) -> Shift:
        """The shift with this code; an unknown code raises ``KeyError``."""
        for shift in self.shifts:
            if shift.code == code:
                return shift
        raise KeyError(code)


def calendars_from(*, england: Playbook, shifts: Playbook, on: date) -> Calendars:
    """The calendars in force: bank holidays of every year the playbook knows, opening hours and shifts of the day."""
    hours = england.body
    working = WorkingCalendar(
        opens=_clock(hours["opens"]),
        closes=_clock(hours["closes"]),
        weekdays=frozenset(hours["weekdays"]),
        holidays=frozenset(row["on"] for block in england.blocks for row in block.values["holidays"]),
        known_from=england.blocks[0].from_date,
        known_until=date(england.blocks[-1].from_date.year + 1, 1, 1),
    )
    rows = shifts.in_force(on).values["shifts"]
    turns = (Shift(code, row["title"], _clock(row["starts"]), _clock(row["ends"])) for code, row in rows.items())
    return Calendars(working, tuple(turns))


def _clock(given: time | str) -> time:
    return time.fromisoformat(given) if isinstance(given, str) else given


def _until(window: Period) -> datetime:
    if window.until_at is None:
        raise AssertionError("an open window has an end")
    return window.until_at
