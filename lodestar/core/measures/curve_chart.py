"""A curve over time as it is drawn: how many had ended by each of a few times, its band, and how many were still followed.

A staircase shows each child where there are few, so a curve is read at set times only, and only while enough are followed
(measures.md 2.12, part 6). Between them it is joined by straight lines, and the chart says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lodestar.core.measures.chart import Band, Chart, Row, Series, say_value
from lodestar.core.measures.survival import Curve, Floats, band, real

HOURS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 48.0, 72.0, 168.0)
JOINED = "Read at the times named and joined by straight lines."


def found_curve(
    curve: Curve, *, code: str, title: str, hour: float, fewest: int, hours: Sequence[float] = HOURS, inflate: Floats | float = 1.0
) -> Chart | None:
    """The share that had ended by each hour, one minus Kaplan-Meier, with the log-log band; None where too few were followed.

    ``hour`` is an hour in the curve's own unit of time and ``fewest`` how many must still be followed for a time to be shown.
    """
    edges = band(curve, inflate=inflate)
    times = [time for time in hours if _at_risk(curve, time * hour) >= fewest]
    if len(times) < 3:
        return None
    read = [_read(curve, edges, time * hour) for time in times]
    followed = tuple(_at_risk(curve, time * hour) for time in times)
    last = f"{say_value(read[-1][0], 'share')} by {times[-1]:g} hours" if read else ""
    return Chart(
        kind="curve",
        code=code,
        title=title,
        sentence=f"{curve.n} episodes, {curve.ended} of them ended. Found: {_said(times, read)}{last}.",
        x_title="Hours since the start of the clock",
        y_title="Found by then",
        unit="share",
        xs=tuple(times),
        names=tuple(f"{time:g}" for time in times),
        series=(Series("Found by then", "curve", tuple(value for value, _, _ in read)),),
        bands=(Band("95% interval", tuple(low for _, low, _ in read), tuple(high for _, _, high in read)),),
        rows=(Row("Still followed", followed),),
        notes=(JOINED, f"Times with fewer than {fewest} still followed are not shown."),
        doubling=True,
    )


def _said(times: Sequence[float], read: Sequence[tuple[float, float, float]]) -> str:
    kept = [(time, value) for time, (value, _, _) in zip(times, read, strict=True) if time in (4, 24) and time != times[-1]]
    return "".join(f"{say_value(value, 'share')} by {time:g} hours, " for time, value in kept)


def _at_risk(curve: Curve, time: float) -> int:
    place = int(np.searchsorted(curve.times, time, side="left"))
    return int(curve.at_risk[place]) if place < curve.times.size else 0


def _read(curve: Curve, edges: tuple[Floats, Floats], time: float) -> tuple[float, float, float]:
    row = curve.row(time)
    if row < 0:
        return 0.0, 0.0, 0.0
    value = 1 - float(curve.survival[row])
    lower, upper = real(edges[0][row]), real(edges[1][row])
    return value, value if upper is None else 1 - upper, value if lower is None else 1 - lower
