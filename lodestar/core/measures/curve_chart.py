"""A curve over time as it is drawn: how many had ended by each of a few times, its band, and how many were still followed.

A staircase shows each child where there are few, so a curve is read at set times only, and only while enough are followed
(measures.md 2.12, part 6). Between them it is joined by straight lines, and the chart says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lodestar.core.measures.chart import Band, Chart, Row, Series, say_value
from lodestar.core.measures.competing import Incidence, aalen_johansen, incidence_band
from lodestar.core.measures.sheet import DAY, Lasted
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


def incidence_chart(
    rows: Sequence[tuple[Lasted, str]], *, code: str, title: str, outcomes: Mapping[str, str], days: Sequence[int], fewest: int
) -> Chart | None:
    """The share that had come to each outcome by each day, where others compete with it; None where too few were followed.

    Aalen and Johansen's: the shares of all outcomes and of those still waiting add up to one. The first outcome has its band,
    by the infinitesimal jackknife as if rows were separate children. An outcome that nobody came to is not drawn.
    """
    causes = {how: number for number, how in enumerate(outcomes, start=1)}
    if not rows or any(how and how not in causes for _, how in rows):
        return None
    found = aalen_johansen(times=[row.duration for row, _ in rows], causes=[causes.get(how, 0) for _, how in rows], count=len(causes))
    followed = {day: int((found.times >= day * DAY).sum() and found.at_risk[np.searchsorted(found.times, day * DAY)]) for day in days}
    shown = [day for day in days if followed[day] >= fewest]
    if len(shown) < 3:
        return None
    at = [found.row(day * DAY) for day in shown]
    shares = {how: [float(found.share[number - 1, row]) if row >= 0 else 0.0 for row in at] for how, number in causes.items()}
    drawn = [how for how in outcomes if any(how == ended for _, ended in rows)]
    if not drawn:
        return None
    first = drawn[0]
    waiting = [1 - sum(values[place] for values in shares.values()) for place in range(len(shown))]
    ends = ", ".join(f"{outcomes[how][:1].lower()}{outcomes[how][1:]} {say_value(shares[how][-1], 'share')}" for how in drawn)
    return Chart(
        kind="curve",
        code=code,
        title=title,
        sentence=f"{len(rows)} followed. By {shown[-1]} days: {ends}; not yet ended {say_value(waiting[-1], 'share')}.",
        x_title="Days since the start of the clock",
        y_title="Share that had come to it",
        unit="share",
        xs=tuple(float(day) for day in shown),
        names=tuple(str(day) for day in shown),
        series=tuple(Series(outcomes[how], "curve", tuple(shares[how])) for how in drawn),
        bands=(Band(f"{outcomes[first]}: 95% interval", *_edges(found, causes[first], at)),),
        rows=(Row("Still followed", tuple(followed[day] for day in shown)),),
        notes=(
            JOINED,
            "Each outcome where the others compete with it (Aalen and Johansen).",
            f"Days with fewer than {fewest} followed are not shown.",
        ),
        from_nought=True,
    )


def _edges(found: Incidence, cause: int, at: Sequence[int]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The band of one outcome at these rows; where it has no width, the share itself."""
    share = np.array([found.share[cause - 1, row] if row >= 0 else 0.0 for row in at])
    lower, upper = incidence_band(share, np.array([found.se[cause - 1, row] if row >= 0 else 0.0 for row in at]))
    return tuple(np.where(np.isnan(lower), share, lower).tolist()), tuple(np.where(np.isnan(upper), share, upper).tolist())


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
