"""The XmR chart: single values with limits from their moving ranges, in the dialect of "Making Data Count".

Limits are the mean and 2.66 times the mean moving range either way (2.66, not 3/1.128 = 2.6596: the constant is part of the
ruleset). Source: measures.md 3.1, from the code of NHSRplotthedots 0.2.2; the NHS spreadsheet is the same unscreened.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from lodestar.core.measures.spc.chart import Chart, Improvement, Limits, Point, Ruleset, Segment, assurance_of, variation_of
from lodestar.core.measures.spc.false_flags import false_flag_share
from lodestar.core.measures.spc.rules import Floats, labelled, ruleset

LIMIT = 2.66
NEAR = 2 * LIMIT / 3
RANGE_LIMIT = 3.267
TRIAL_BELOW = 12


def xmr(
    values: Sequence[float],
    *,
    improvement: Improvement,
    rules: str = "mdc-7-7-screened",
    target: float | None = None,
    baseline: int | None = None,
    rebase: Sequence[int] = (),
) -> Chart:
    """The chart of a series. Refuses no values, one that is not a number, and a baseline or rebase that cannot be.

    ``baseline`` fixes mean and limits by the first so many points of each stretch. ``rebase`` names points, counted from
    1, at which a new mean and new limits begin; it is never done by itself.
    """
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1 or series.size == 0 or not np.isfinite(series).all():
        raise ValueError("a chart needs at least one value, and each must be a number")
    known = ruleset(rules)
    starts = _starts(series.size, baseline, rebase)
    stretches = list(enumerate(pairwise([*starts, series.size])))
    segments = tuple(_segment(series, number, start, end, (baseline, known)) for number, (start, end) in stretches)
    points = tuple(point for segment in segments for point in _points(series, segment, improvement))
    last = segments[-1]
    return Chart(
        kind="xmr",
        ruleset=known,
        improvement=improvement,
        points=points,
        segments=segments,
        variation=variation_of(points[-1], last),
        assurance=assurance_of(last.limits, target=target, improvement=improvement),
        target=target,
        false_flags=false_flag_share(last.last - last.first + 1, screened=known.screened) if last.moving_range else None,
    )


def moving_range(values: Floats, *, screened: bool) -> tuple[float | None, int]:
    """The mean of |x - the one before|, and how many ranges screening left out; None where none are left.

    Screening leaves out, once, every range of 3.267 times the mean or more.
    """
    ranges = np.abs(np.diff(values))
    if ranges.size == 0:
        return None, 0
    mean = float(ranges.mean())
    if not screened:
        return mean, 0
    kept = ranges[ranges < RANGE_LIMIT * mean]
    return (float(kept.mean()) if kept.size else None), int(ranges.size - kept.size)


def _starts(size: int, baseline: int | None, rebase: Sequence[int]) -> list[int]:
    if baseline is not None and baseline < 2:
        raise ValueError("a baseline takes at least two points")
    if any(not 2 <= number <= size for number in rebase):
        raise ValueError(f"a rebase names a point from 2 to {size}, the last")
    return [0, *sorted({number - 1 for number in rebase})]


def _segment(series: Floats, number: int, start: int, end: int, how: tuple[int | None, Ruleset]) -> Segment:
    baseline, known = how
    base = series[start : min(end, start + baseline) if baseline else end]
    found, dropped = moving_range(base, screened=known.screened)
    constant = base.size > 1 and bool((base == base[0]).all())
    spread = None if constant else found
    return Segment(
        number=number + 1,
        first=start + 1,
        last=end,
        made_from=int(base.size),
        limits=_limits(float(base[0]) if constant else float(base.mean()), spread),
        moving_range=spread,
        range_limit=None if spread is None else RANGE_LIMIT * spread,
        screened_out=0 if constant else dropped,
        trial=base.size < TRIAL_BELOW,
        no_variation=constant,
    )


def _limits(mean: float, spread: float | None) -> Limits:
    if spread is None:
        return Limits(mean, None, None)
    return Limits(mean, mean - LIMIT * spread, mean + LIMIT * spread, mean - NEAR * spread, mean + NEAR * spread)


def _points(series: Floats, segment: Segment, improvement: Improvement) -> list[Point]:
    own = series[segment.first - 1 : segment.last]
    return labelled(own, [segment.limits] * own.size, segment=(segment.number, segment.first), improvement=improvement)
