"""What the online desk received in the five years before it used Lodestar: days and counts, as a force's old ledger holds them.

Level, drift, the year's shape and late recording are invented; about 22 a month in 2021 and 26 now (measures.md section 7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import pi, sin

from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.online import BANDS
from lodestar.doors.feeds.demo.stage import Row

LINE = "FORECAST-ONLINE"
YEARS = 5
FIRST_A_MONTH, LAST_A_MONTH = 21.0, 26.0
WAVE = 0.14  # more in late spring and autumn, fewer in August and December


def earlier_counts(*, seed: int, until: date, scale: float, now: datetime) -> Iterator[Row]:
    """A row for each day, level and day of recording on which something was received, from five years back up to ``until``."""
    dice = Dice(seed, "received")
    first = date(until.year - YEARS, until.month, 1)
    found: Counter[tuple[date, date, str]] = Counter()
    drift, days = 0.0, (until - first).days
    for number in range(days):
        day = first + timedelta(days=number)
        if day.day == 1:
            drift = 0.9 * drift + dice.between(-0.09, 0.09)
        level = FIRST_A_MONTH + (LAST_A_MONTH - FIRST_A_MONTH) * number / days
        wave = WAVE * sin(4 * pi * (day.month - 1.5) / 12)
        expected = scale * level * 12 / 365.25 * (1 + drift + wave)
        for _ in range(_count(dice, expected)):
            late = 0
            while dice.chance(0.45) and late < 40:
                late += dice.whole(1, 3)
            found[day, day + timedelta(days=late), dice.weighted(BANDS)] += 1
    for (day, recorded, code), count in sorted(found.items()):
        if recorded < until:
            yield {
                "line": LINE, "received_on": day, "recorded_on": recorded, "level": code, "count": count,
                "source": "The old ledger of referrals", "taken_at": now,
            }  # fmt: skip


def _count(dice: Dice, expected: float) -> int:
    """A small count by chance: tenths of it, each its own."""
    return sum(dice.chance(min(1.0, expected / 10)) for _ in range(10))
