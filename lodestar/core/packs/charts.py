"""The control chart of a measure as a pack keeps it: its drawing, its words and its table, and whether it may be published.

A chart is published only where every point of it may be: a month with few children would show them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lodestar.core.measures.chart import Chart
from lodestar.core.measures.definition import SmallNumbers
from lodestar.core.measures.drawn import Point


def kept(chart: Chart, *, svg: str, points: Sequence[Point], small: SmallNumbers) -> dict[str, Any]:
    """The chart as JSON holds it."""
    table = chart.table()
    return {
        "code": chart.code,
        "title": chart.title,
        "alt": chart.sentence,
        "notes": " ".join((*(icon.words for icon in chart.icons), *chart.notes)),
        "ruleset": chart.ruleset,
        "svg": svg,
        "table": {"heading": list(table.heading), "rows": [list(row) for row in table.rows]},
        "published": all(may_publish(point, small) for point in points if point.value is not None),
    }


def may_publish(point: Point, small: SmallNumbers) -> bool:
    """Whether one point of a chart gives nobody away: enough children, and enough in numerator and complement."""
    if point.numerator is None or point.denominator is None or (point.children or 0) < small.children:
        return False
    left = point.denominator - point.numerator
    return point.numerator >= small.count and (left == 0 or left >= small.count)
