"""The control chart of a measure as a pack keeps it: drawn once, with its words and its table, and whether it may be published.

A chart is published only where every point of it may be: a month with few children would show them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lodestar.core.measures.catalogue import Line
from lodestar.core.measures.chart import Chart
from lodestar.core.measures.control_chart import Places, control_chart
from lodestar.core.measures.definition import SmallNumbers
from lodestar.core.measures.drawn import Point
from lodestar.core.measures.spc.xmr import xmr
from lodestar.core.times import say_date, to_local

DRAWN = ("xmr_share", "xmr_value", "xmr_count")
FEWEST = 2  # points that a moving range needs
MONTHS = 24


@dataclass(frozen=True, slots=True)
class Of:
    """Which line of which measure, in which part of the pack."""

    section: str
    code: str
    title: str
    line: Line


def chart_of(points: Sequence[Point], *, of: Of) -> Chart | None:
    """Single values by month with limits from their moving ranges; None where the line is not so charted, or has too few points."""
    told = [(point, point.value) for point in points if point.value is not None]
    if of.line.chart not in DRAWN or len(told) < FEWEST:
        return None
    improvement = "increase" if of.line.better == "increase" else "decrease"
    days = [to_local(point.period.from_at).date() for point, _ in told]
    unit = of.line.unit if of.line.unit in ("share", "hours", "days", "count") else "number"
    places = Places(
        code=f"{of.section}-{of.code}".lower(),
        title=f"{of.title}, by month",
        value=of.line.title,
        unit=unit,
        along="Month",
        names=tuple(say_date(day).split(" ", 1)[1] for day in days),
        short=tuple(f"{day:%b %y}" for day in days),
    )
    return control_chart(xmr([value for _, value in told], improvement=improvement), places=places)  # type: ignore[arg-type]


def kept(chart: Chart, *, svg: str, points: Sequence[Point], small: SmallNumbers) -> dict[str, Any]:
    """The chart as a pack keeps it."""
    table = chart.table()
    notes = " ".join((*(icon.words for icon in chart.icons), *chart.notes))
    return {
        "code": chart.code,
        "title": chart.title,
        "alt": chart.sentence,
        "notes": notes,
        "ruleset": chart.ruleset,
        "svg": svg,
        "table": {"heading": list(table.heading), "rows": [list(row) for row in table.rows]},
        "published": all(_may_publish(point, small) for point in points if point.value is not None),
    }


def _may_publish(point: Point, small: SmallNumbers) -> bool:
    counts = (point.numerator, point.denominator)
    if None in counts or (point.children or 0) < small.children:
        return False
    hits, whole = point.numerator or 0, point.denominator or 0
    return hits >= small.count and (whole - hits == 0 or whole - hits >= small.count)
