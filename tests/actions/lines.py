"""A line of online cases with a past: most begun and ended, some waiting, and five years of counts from before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from lodestar.actions import forecast, history
from lodestar.core.access.scope import system_actor
from lodestar.core.forecast.backtest import month_starts
from lodestar.core.forecast.pose import Asked
from lodestar.store.models import Matter

LINE = "FORECAST-ONLINE"
SYSTEM = system_actor("test")
DAY = timedelta(days=1)
LEVELS = ("very_high", "high", "medium", "low")


def fill_line(*, holder: int, now: datetime, ended: int = 24, waiting: int = 10, months: int = 0) -> list[Matter]:
    """Cases received every five days: the first ``ended`` of them worked in a few days each, the last ``waiting`` not begun."""
    (person,) = history.take_over(
        actor=SYSTEM,
        noun="person",
        rows=[{"given_name": "Rory", "family_name": "Vane", "name_key": "vane rory", "created_at": now - 400 * DAY}],
        now=now,
    )
    count = ended + waiting
    came = [now - DAY * (5 * (count - number) - 4) for number in range(count)]
    rows = [_matter(person, holder, at, number, done=number < ended) for number, at in enumerate(came)]
    made = history.take_over(actor=SYSTEM, noun="matter", rows=rows, now=now)
    deeds = [row for number in range(ended) for row in _deeds(made[number], holder, came[number], 2 + number % 7)]
    history.take_over(actor=SYSTEM, noun="deed", rows=deeds, now=now)
    if months:
        history.take_over(actor=SYSTEM, noun="earlier_count", rows=_before(came[0], months, now), now=now)
    return list(Matter.objects.filter(pk__in=made).order_by("reported_at"))


def asked_of_the_forecast(force: Any, now: datetime) -> int:
    """A line with an answer about two more posts, and what is coming told; returns the answer's number."""
    fill_line(holder=force.users["ash"].pk, now=now, months=36)
    forecast.foretell(actor=SYSTEM, line=LINE, now=now, clock=lambda: 0.0)
    asked = Asked(posts=2, from_day=now.date(), training="six_months", growth="none", discipline="priority", months=6)
    return forecast.ask(actor=force.actor("spruce", now), line=LINE, asked=asked, now=now, clock=lambda: 0.0)


def _matter(person: int, holder: int, at: datetime, number: int, *, done: bool) -> dict[str, Any]:
    times = dict.fromkeys(("reported_at", "recorded_at", "opened_at"), at)
    closed = {"is_open": False, "closed_at": at + 30 * DAY, "state": "closed"} if done else {"state": "risk_graded"}
    level = LEVELS[number % 4]
    where = {"kind": "online", "person_id": person, "district": "north", "holder_id": holder, "is_child": False}
    return {**where, "level": level, "first_level": level, **times, **closed}


def _deeds(matter: int, holder: int, at: datetime, days: int) -> list[dict[str, Any]]:
    begun, ended = at + 3 * DAY, at + (3 + days) * DAY
    return [
        {"matter_id": matter, "code": code, "at": when, "recorded_at": when, "by_id": holder, "detail": {}}
        for code, when in (("enforcement_planned_out", begun), ("release_decided", ended))
    ]


def _before(begins: datetime, months: int, now: datetime) -> list[dict[str, Any]]:
    """Six a month and more in spring, each recorded two days after."""
    first = begins.date().replace(day=1)
    starts = month_starts(first.replace(year=first.year - months // 12), months)
    return [
        {
            "line": LINE,
            "received_on": day + DAY * 4 * place,
            "recorded_on": day + DAY * (4 * place + 2),
            "level": "low",
            "count": 1,
            "source": "The old ledger",
            "taken_at": now,
        }
        for day in starts
        for place in range(7 if day.month in (3, 4, 5) else 5)
    ]
