"""The forecast as charts: what waits month by month under a plan, and what was and will probably be received."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from lodestar.core.measures.chart import Chart, Mark, Span
from lodestar.core.measures.stock_chart import fan_chart

Table = Mapping[str, Any]
PAST_MONTHS = 24
LAST_YEARS = frozenset({"last_year", "too_few"})


def plan_chart(said: Table, number: int, *, today: date) -> Chart:
    """How many wait at the end of each month under one plan, with the intervals of four in five and nineteen in twenty futures."""
    plan = said["plans"][number]
    rows = [month["waiting"] for month in plan["months"]]
    names = ["Today", *(f"After {month} month{'' if month == 1 else 's'}" for month in range(1, len(rows)))]
    short = [str(month) for month in range(len(rows))]
    ranges = {
        "19 in 20 futures": ([row["low_95"] for row in rows], [row["high_95"] for row in rows]),
        "4 in 5 futures": ([row["low_80"] for row in rows], [row["high_80"] for row in rows]),
    }
    full = plan["full_from_month"]
    marks = (Mark(round(full), "everybody trained"),) if full is not None and 0 < round(full) < len(rows) else ()
    return fan_chart(
        code=f"plan-{number}",
        title=f"Cases that wait: {plan['title'][:1].lower()}{plan['title'][1:]}",
        value="Waiting",
        along=f"Months from {today.day} {today:%B %Y}",
        names=names,
        short=short,
        measured=[rows[0]["median"], *[None] * (len(rows) - 1)],
        middle=[row["median"] for row in rows],
        ranges=ranges,
        marks=marks,
    )


def demand_chart(said: Table) -> Chart:
    """What was received in each of the last months, and what will probably be in the next twelve."""
    past, coming = said["past"][-PAST_MONTHS:], said["months"]
    names = [_month(row["month"]) for row in (*past, *coming)]
    short = [f"{date.fromisoformat(row['month']):%b %y}" for row in (*past, *coming)]
    before, after = len(past), len(coming)
    lasts = {row["from"] for row in coming} <= LAST_YEARS
    chart = fan_chart(
        code="demand",
        title="Cases received in a month",
        value="Received",
        along="Month",
        names=names,
        short=short,
        measured=[*(row["count"] for row in past), *[None] * after],
        middle=[*[None] * before, *(row["median"] for row in coming)],
        ranges={
            "8 in 10 months": ([*[None] * before, *(row["low"] for row in coming)], [*[None] * before, *(row["high"] for row in coming)])
        },
        notes=("Last year's counts are shown for want of anything better.",) if lasts else (),
    )
    if said["recent"]["share"] >= 1:
        return chart
    return replace(chart, spans=(Span(before - 1, before - 1, "not all on record yet"),))


def _month(first: str) -> str:
    return f"{date.fromisoformat(first):%B %Y}"
