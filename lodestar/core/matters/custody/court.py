"""When a charged child must be before a court, whoever holds them (PACE s.46).

As soon as practicable and by the first sitting after charge. Where no court sits on the day of charge or the next, the
custody officer tells the designated officer, and a sitting is owed by the day after the day of charge; Christmas Day, Good
Friday and Sundays are passed over (s.46(3), (6)-(8)). Reckoned in London days, so that it survives the clock changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lodestar.core.matters.deeds import instant
from lodestar.core.matters.desk import Done
from lodestar.core.times import LONDON, local_date, to_utc

AUTHORITY = "PACE 1984 s.46"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FirstCourt:
    """The latest instant, whether it is a sitting that is known, and whether the designated officer must be told."""

    due_at: datetime
    sitting_known: bool
    tell_designated_officer: bool


def first_court(*, charged_at: datetime, sittings: Iterable[datetime] | None) -> FirstCourt:
    """The first known sitting on the day of charge or the next; where none sits then, the end of the day s.46 allows.

    ``sittings`` None means that nobody has said when courts sit: the latest lawful day is owed all the same.
    """
    charged_on = local_date(charged_at)
    soon = sorted(to_utc(sitting) for sitting in sittings or () if sitting > charged_at and local_date(sitting) <= charged_on + _DAY)
    if soon:
        return FirstCourt(soon[0], sitting_known=True, tell_designated_officer=False)
    return FirstCourt(_end_of(allowed_day(charged_on + _DAY)), sitting_known=False, tell_designated_officer=sittings is not None)


def court_after(*, charged: Done) -> FirstCourt:
    """What a charge on record owes: its sitting, none where the officer left it empty, or nothing said where nobody was asked."""
    sitting = instant(charged.said.get("sitting", ""))
    unsaid = charged.said.get("sittings") == "not_known"
    return first_court(charged_at=charged.at, sittings=(sitting,) if sitting else None if unsaid else ())


def allowed_day(day: date) -> date:
    """The day itself, or the first after it that is no Sunday, Christmas Day or Good Friday."""
    while day.weekday() == 6 or (day.month, day.day) == (12, 25) or day == good_friday(day.year):
        day += _DAY
    return day


def good_friday(year: int) -> date:
    """Two days before Easter by the Gregorian reckoning (Meeus, Jones and Butcher)."""
    golden, century, within = year % 19, year // 100, year % 100
    skipped = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - skipped + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (within // 4) - epact - within % 4) % 7
    late = (golden + 11 * epact + 22 * week) // 451
    month, day = divmod(epact + week - 7 * late + 114, 31)
    return date(year, month, day + 1) - 2 * _DAY


def _end_of(day: date) -> datetime:
    """The last minute of a London day."""
    return to_utc(datetime.combine(day, time(23, 59), LONDON))
