"""The periods of a series: whole London months, or weeks from Monday, that have ended by the cut."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

from lodestar.core.measures.episodes import local_period
from lodestar.core.times import local_date
from lodestar.core.words import Period

WEEK = timedelta(days=7)


def whole_months(*, count: int, at: datetime) -> tuple[Period, ...]:
    """The last so many calendar months that have ended, oldest first; the month now running is not one of them."""
    today = local_date(at)
    firsts = [_month(today.replace(day=1), -back) for back in range(count, -1, -1)]
    return tuple(local_period(first=first, until=until) for first, until in pairwise(firsts))


def whole_weeks(*, count: int, at: datetime) -> tuple[Period, ...]:
    """The last so many weeks that have ended, Monday to Monday, oldest first."""
    today = local_date(at)
    monday = today - timedelta(days=today.weekday())
    firsts = [monday - back * WEEK for back in range(count, -1, -1)]
    return tuple(local_period(first=first, until=until) for first, until in pairwise(firsts))


def _month(first: date, by: int) -> date:
    number = first.year * 12 + first.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)
