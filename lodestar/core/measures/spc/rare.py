"""Charts for rare events: the time between them (T) and the opportunities between them (G).

A monthly count of a few is the wrong food for an XmR chart: it flags wrongly in one stable series in two or three. The
limits are exact for exponential gaps and for constant chance. Source: measures.md 3.2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil, log, log1p

import numpy as np

from lodestar.core.measures.spc.chart import Chart, Improvement, Kind, Label, Limits, Point, Ruleset, Segment, Way, meaning_of, variation_of
from lodestar.core.measures.spc.rules import Floats
from lodestar.core.measures.spc.xmr import TRIAL_BELOW

TAIL = 0.00135  # beyond each limit, as beyond three standard errors of a normal value
CLOSE = 1e-9
T_EXACT = Ruleset(
    "t-exact",
    "outside limits that leave 0.135% of exponential gaps beyond each, allowing for the number of gaps that made them; centre the median",
)
G_EXACT = Ruleset("g-exact", "outside the 0.135% and 99.865% points of the geometric distribution, in whole numbers; centre the median")


def t_factors(gaps: int) -> tuple[float, float, float]:
    """Lower limit, centre and upper limit of a T chart as multiples of the mean of so many gaps.

    k((1 - p)^(-1/k) - 1) is the p quantile of F(2, 2k), which a new exponential gap over the mean of k others follows.
    """
    if gaps < 1:
        raise ValueError("a chart of gaps needs at least one gap")
    return gaps * ((1 - TAIL) ** (-1 / gaps) - 1), log(2), gaps * (TAIL ** (-1 / gaps) - 1)


def t_chart(gaps: Sequence[float], *, improvement: Improvement = "increase", baseline: int | None = None) -> Chart:
    """The chart of times between events, in any one unit. Refuses none, and a gap of 0 or less.

    Where what is counted is bad, longer gaps are better: ``increase``. The lower limit is next to nothing and catches
    little; watch for things getting worse with counts.
    """
    series = np.asarray(gaps, dtype=np.float64)
    if series.size == 0 or not np.isfinite(series).all() or (series <= 0).any():
        raise ValueError("a chart of times between events needs at least one, each more than nought; spread events at one instant")
    base = _base(series, baseline)
    mean = float(base.mean())
    lower, centre, upper = (factor * mean for factor in t_factors(base.size))
    return _chart("t", T_EXACT, series, Limits(centre, lower, upper), (improvement, base.size))


def g_chart(gaps: Sequence[int], *, improvement: Improvement = "increase", baseline: int | None = None) -> Chart:
    """The chart of opportunities between events (0 when two follow each other). Refuses none, and a gap below 0.

    With p = k / (sum of gaps + k), limits and centre are quantiles of the geometric distribution from 0. With p of 1
    every gap is 0 and there are no limits.
    """
    series = np.asarray(gaps, dtype=np.float64)
    if series.size == 0 or (series < 0).any() or (series != np.floor(series)).any():
        raise ValueError("a chart of opportunities between events needs whole numbers of nought or more")
    base = _base(series, baseline)
    share = base.size / (float(base.sum()) + base.size)
    if share == 1:
        limits = Limits(0.0, None, None)
    else:
        lower, centre, upper = (float(geometric_quantile(at, share)) for at in (TAIL, 0.5, 1 - TAIL))
        limits = Limits(centre, lower, upper)
    return _chart("g", G_EXACT, series, limits, (improvement, base.size))


def geometric_quantile(at: float, share: float) -> int:
    """The least number of failures before a success, of chance ``share`` each, that is reached with probability ``at``."""
    return max(0, ceil(log1p(-at) / log1p(-share) - 1 - CLOSE))


def spread(times: Sequence[float], *, resolution: float) -> tuple[list[float], int]:
    """Times in order, those recorded at one instant set evenly within the resolution, and how many were moved.

    Two detentions recorded at one minute did not begin at one instant; a gap of nought would break the chart.
    """
    found: list[float] = []
    moved = 0
    for time, same in sorted(Counter(times).items()):
        moved += same if same > 1 else 0
        found += [time + resolution * (place + 0.5) / same if same > 1 else time for place in range(same)]
    return sorted(found), moved


def _base(series: Floats, baseline: int | None) -> Floats:
    if baseline is not None and baseline < 2:
        raise ValueError("a baseline takes at least two points")
    return series[:baseline]


def _chart(kind: Kind, rules: Ruleset, series: Floats, limits: Limits, how: tuple[Improvement, int]) -> Chart:
    improvement, made_from = how
    points = tuple(_point(number, value, limits, improvement) for number, value in enumerate(series.tolist(), start=1))
    segment = Segment(
        number=1,
        first=1,
        last=series.size,
        made_from=made_from,
        limits=limits,
        moving_range=None,
        range_limit=None,
        screened_out=0,
        trial=made_from < TRIAL_BELOW,
        no_variation=limits.upper is None,
    )
    return Chart(
        kind=kind,
        ruleset=rules,
        improvement=improvement,
        points=points,
        segments=(segment,),
        variation=variation_of(points[-1], segment),
        assurance=None,
        target=None,
        false_flags=None if limits.upper is None else 2 * TAIL,
    )


def _point(number: int, value: float, limits: Limits, improvement: Improvement) -> Point:
    way: Way = "none"
    if limits.upper is not None and limits.lower is not None:
        way = "high" if value > limits.upper else "low" if value < limits.lower else "none"
    label: Label = "common_cause" if way == "none" else "outside"
    return Point(number, value, 1, limits, label, way, meaning_of(label, way, improvement))
