"""Times as people in England read and write them, and the instants behind them.

Instants are stored in UTC; people see Europe/London. A local time that does not exist (the hour skipped in March) is
refused with a prompt; one that happens twice (the hour repeated in October) needs BST or GMT. A date alone stays a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lodestar.core.words import Caution, Period, Refusal

LONDON = ZoneInfo("Europe/London")
SUMMER, WINTER = timedelta(hours=1), timedelta(0)
OFFSETS = {"BST": SUMMER, "+01:00": SUMMER, "GMT": WINTER, "+00:00": WINTER, "UTC": WINTER, "Z": WINTER}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
YEARS = range(1900, 2200)  # anything else is a slip of the finger
FARTHEST_ZONE = timedelta(hours=14)

_ZONE_NAME = re.compile(r"UTC|[A-Z][A-Za-z_]+(?:/[A-Za-z0-9_+-]+){1,2}")
_DAY_FIRST = re.compile(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})(?:[ T]+(?P<time>.+))?$")
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?:[ T]+(?P<time>.+))?$")
_CLOCK = re.compile(r"(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:\.\d+)?)?\s?(?P<zone>Z|[+-]\d{2}:?\d{2})?$")


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A day whose time of day is not known. It is never midnight."""

    on: date


@dataclass(frozen=True, slots=True)
class ReadTime:
    """An instant read on import, with what a person should look at and, for a repeated hour, the other reading."""

    at: datetime
    cautions: tuple[Caution, ...] = ()
    other: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Wall:
    """What a clock on the wall showed, with the zone where the text gave one."""

    reads: datetime
    offset: timedelta | None


def to_utc(instant: datetime) -> datetime:
    """An instant is kept in UTC; a time without a zone is refused, because nobody can say when it was."""
    return _with_zone(instant).astimezone(UTC)


def to_local(instant: datetime) -> datetime:
    """The same instant as clocks in London show it."""
    return _with_zone(instant).astimezone(LONDON)


def _with_zone(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant


def local_date(instant: datetime) -> date:
    """The date it is in London at this instant."""
    return to_local(instant).date()


def at_wall(*, on: date, clock: time, zone: ZoneInfo = LONDON) -> datetime:
    """When a clock in a zone shows this: in the skipped hour an hour on, in the repeated hour the first time."""
    return datetime.combine(on, clock.replace(tzinfo=None), tzinfo=zone).astimezone(UTC)


def zone_named(name: str) -> ZoneInfo | None:
    """A time zone of the IANA database by its name, as ``Europe/London``, ``America/New_York`` or ``UTC``; None where there is none."""
    if not _ZONE_NAME.fullmatch(name):
        return None  # a file of the machine is no zone: "localtime" is another zone on another machine
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        return None


def read_local(text: str | date | datetime, *, offset: str | None = None, field: str = "") -> datetime | ReadDate | Refusal:
    """A time that did not happen is refused; a time that happened twice needs BST or GMT; a date stays a date.

    A spreadsheet hands over a day as midnight: pass ``.date()`` where the cell's format shows no time of day.
    """
    read = _read(text, field)
    if isinstance(read, ReadDate | Refusal):
        return read
    if read.offset is not None:
        return (read.reads - read.offset).replace(tzinfo=UTC)
    readings = _readings(read.reads)
    if not readings:
        return _did_not_happen(read.reads, field)
    if offset is not None and offset.strip():
        return _with_offset(read.reads, readings, offset, field)
    return readings[0] if len(readings) == 1 else _happened_twice(read.reads, field)


def read_on_import(text: str | date | datetime, *, zone: ZoneInfo = LONDON, field: str = "") -> ReadTime | ReadDate | Refusal:
    """What a file says is kept by the fold rule and flagged; only what cannot be read at all is refused. ``zone`` is its clocks'."""
    read = _read(text, field)
    if isinstance(read, ReadDate | Refusal):
        return read
    if read.offset is not None:
        return ReadTime((read.reads - read.offset).replace(tzinfo=UTC))
    readings = _readings(read.reads, zone)
    if len(readings) == 1:
        return ReadTime(readings[0])
    kept = at_wall(on=read.reads.date(), clock=read.reads.time(), zone=zone)
    if not readings:
        return ReadTime(kept, (_flag(_did_not_happen(read.reads, field, zone), f"It was kept as {say(kept)}."),))
    return ReadTime(kept, (_flag(_happened_twice(read.reads, field, zone), f"It was kept as {say(kept)}."),), readings[1])


def say(instant: datetime, *, known: Literal["minute", "date"] = "minute") -> str:
    """An instant in words, as London saw it: "4 June 2026 at 9:32am"; only the date where only the date is known."""
    local = to_local(instant)
    if known == "date":
        return say_date(local)
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()  # what a clock showed did happen: never the skipped hour
    return f"{say_date(local)} at {say_clock(local)}{f' ({local.tzname()})' if twice else ''}"


def say_date(on: date) -> str:
    """A date in words: "4 June 2026"."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def say_clock(clock: time | datetime) -> str:
    """A time of day in the GOV.UK style: "9:32am", "5pm", "midday", "midnight"."""
    if clock.minute == 0 and clock.hour in (0, 12):
        return "midday" if clock.hour else "midnight"
    minutes = f":{clock.minute:02}" if clock.minute else ""
    return f"{clock.hour % 12 or 12}{minutes}{'pm' if clock.hour >= 12 else 'am'}"


def say_left(delta: timedelta) -> str:
    """Time left, or how late, in words that need no colour: "2 hours 5 minutes left", "40 minutes late"."""
    word = "left" if delta >= timedelta(0) else "late"
    size = abs(delta)
    if size < MINUTE:
        return f"less than a minute {word}" if size else "due now"
    return f"{say_span(size)} {word}"


def say_span(size: timedelta) -> str:
    """A length of time by its two largest parts: "3 days 4 hours", "2 hours 5 minutes"."""
    minutes = int(size / MINUTE)
    counts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    first = next((index for index, (count, _) in enumerate(counts) if count), 2)
    parts = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts[first : first + 2] if count]
    return " ".join(parts) or "0 minutes"


def local_day_bounds(on: date) -> Period:
    """The day from midnight to midnight in London: 23 hours in March's change, 25 in October's, 24 otherwise."""
    return Period(at_wall(on=on, clock=time(0)), at_wall(on=on + timedelta(days=1), clock=time(0)))


def age_on(birth_date: date, instant: datetime) -> int:
    """Age by the London date. Refuses a birth in the future."""
    today = local_date(instant)
    if birth_date > today:
        raise ValueError("the birth date is after the instant asked about")
    return years_old(birth_date, today)


def years_old(birth_date: date, today: date) -> int:
    """Age on a day; somebody born on 29 February turns a year older on 1 March in other years.

    The 29 February rule is recalled, not checked (Family Law Reform Act 1969 s.9).
    """
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (0 if had_birthday else 1)


def comes_of_age(birth_date: date, years: int) -> datetime:
    """The midnight in London at which somebody is so many years old; born on 29 February, on 1 March in other years."""
    year = birth_date.year + years
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    on = date(year, 3, 1) if (birth_date.month, birth_date.day) == (2, 29) and not leap else birth_date.replace(year=year)
    return at_wall(on=on, clock=time(0))


def months_before(on: date, months: int) -> date:
    """The same day of the month so many months earlier, or the last day of that month where it is shorter."""
    index = on.year * 12 + on.month - 1 - months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - DAY).day
    return date(year, month + 1, min(on.day, last))


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _read(given: str | date | datetime, field: str) -> _Wall | ReadDate | Refusal:
    if isinstance(given, datetime):
        return _Wall(given.replace(tzinfo=None, fold=0), given.utcoffset())
    if isinstance(given, date):
        return ReadDate(given)
    text = given.strip()
    if not text:
        return Refusal("time.blank", "Enter the date and time.", field=field)
    match = _YEAR_FIRST.match(text) or _DAY_FIRST.match(text)
    try:
        return _parts(match) if match else _unreadable(field)
    except ValueError:
        return _unreadable(field)


def _parts(match: re.Match[str]) -> _Wall | ReadDate:
    on = date(int(match["y"]), int(match["m"]), int(match["d"]))
    if on.year not in YEARS:
        raise ValueError("not a year anybody means")
    if match["time"] is None:
        return ReadDate(on)
    clock = _CLOCK.match(match["time"])
    if clock is None:
        raise ValueError("not a time of day")
    reads = datetime.combine(on, time(int(clock["h"]), int(clock["mi"]), int(clock["s"] or 0)))
    return _Wall(reads, _zone(clock["zone"]))


def _zone(text: str | None) -> timedelta | None:
    if text is None:
        return None
    if text == "Z":
        return WINTER
    size = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    if size > FARTHEST_ZONE:
        raise ValueError("no zone is so far from Greenwich")
    return -size if text[0] == "-" else size


def _readings(wall: datetime, zone: ZoneInfo = LONDON) -> tuple[datetime, ...]:
    """Every instant at which a clock in the zone showed this: none in the skipped hour, two in the repeated one."""
    found = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    real = (instant for instant in found if instant.astimezone(zone).replace(tzinfo=None, fold=0) == wall)
    return tuple(dict.fromkeys(real))


def _with_offset(wall: datetime, readings: tuple[datetime, ...], offset: str, field: str) -> datetime | Refusal:
    wanted = OFFSETS.get(offset.strip().upper())
    if wanted is None:
        return Refusal("time.offset_unknown", "Choose BST (summer time) or GMT (winter time).", field=field)
    instant = (wall - wanted).replace(tzinfo=UTC)
    if instant in readings:
        return instant
    name = readings[0].astimezone(LONDON).tzname()
    return Refusal("time.offset_wrong", f"Clocks were on {name} then. Check the date and time, or choose {name}.", field=field)


def _did_not_happen(wall: datetime, field: str, zone: ZoneInfo = LONDON) -> Refusal:
    # Read with summer's offset, a skipped time falls shortly before the clocks change.
    change = _change_after(wall.replace(tzinfo=zone, fold=1, second=0, microsecond=0).astimezone(UTC), zone)
    before, after = (change - MINUTE).astimezone(zone).time(), change.astimezone(zone).time()
    return Refusal(
        "time.nonexistent",
        f"{say_clock(wall.time())} on {say_date(wall.date())} did not happen{_where(zone)}: the clocks went forward that night. "
        f"The nearest real times are {say_clock(before)} and {say_clock(after)}. Enter the time again.",
        field=field,
    )


def _happened_twice(wall: datetime, field: str, zone: ZoneInfo = LONDON) -> Refusal:
    return Refusal(
        "time.ambiguous",
        f"{say_clock(wall.time())} on {say_date(wall.date())} happened twice{_where(zone)}: the clocks went back that night. "
        "Choose BST (the first time) or GMT (the second time).",
        field=field,
    )


def _where(zone: ZoneInfo) -> str:
    return "" if zone is LONDON else f" in {zone.key}"


def _change_after(instant: datetime, zone: ZoneInfo) -> datetime:
    """The first minute after this instant at which a zone's offset differs from what it was."""
    before, after = instant.astimezone(zone).utcoffset(), instant
    while after.astimezone(zone).utcoffset() == before:
        after += MINUTE
    return after


def _unreadable(field: str) -> Refusal:
    return Refusal("time.unreadable", "Enter a real date and time, like 04/06/2026 09:32 or 2026-06-04 09:32.", field=field)


def _flag(refusal: Refusal, kept: str) -> Caution:
    what = refusal.sentence.split(". ")[0]
    return Caution(refusal.code, f"{what}. {kept} Check it with whoever sent the file.", field=refusal.field)
