"""The p' chart of Laney: monthly shares whose months differ in size, or are so large that binomial limits are too narrow.

Each share is standardised by its binomial error, the moving ranges of those give what varies besides chance of single
cases, and the limits at each month are the mean share and 3 binomial errors times that. Source: Laney 2002, Improved
control charts for attributes, with his 1.128; measures.md 3.1 says when it is wanted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lodestar.core.measures.spc.chart import Chart, Improvement, Limits, Segment, assurance_of, variation_of
from lodestar.core.measures.spc.rules import Floats, labelled, ruleset
from lodestar.core.measures.spc.xmr import RANGE_LIMIT, TRIAL_BELOW, moving_range

UNITS = 1.128  # the mean range of two normal values, in standard deviations
FEWEST = 10
VARIES, LARGE = 0.25, 1000


def wants_p_prime(totals: Sequence[int]) -> bool:
    """Whether an XmR chart of shares would mislead: some total is more than 25% from their mean, or over 1,000."""
    sizes = np.asarray(totals, dtype=np.float64)
    return bool((np.abs(sizes - sizes.mean()) > VARIES * sizes.mean()).any() or (sizes > LARGE).any())


def p_prime(
    hits: Sequence[int],
    totals: Sequence[int],
    *,
    improvement: Improvement,
    rules: str = "mdc-7-7-screened",
    target: float | None = None,
    baseline: int | None = None,
) -> Chart:
    """The chart of hits / totals, with limits of its own at each point.

    Refuses totals below 10, since a share of so few is not a rate; hits outside 0 to the total; a share that is 0 or 1
    throughout the baseline.
    """
    r, n = np.asarray(hits, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    _possible(r, n, baseline)
    known = ruleset(rules)
    end = baseline or r.size
    mean = float(r[:end].sum() / n[:end].sum())
    if not 0 < mean < 1:
        raise ValueError("a share of nought or one throughout has no chart of its own; use a chart of the gaps between events")
    errors = np.sqrt(mean * (1 - mean) / n)
    spread, dropped = moving_range(((r / n - mean) / errors)[:end], screened=known.screened)
    lines = [_limits(mean, None if spread is None else float(error) * spread / UNITS) for error in errors]
    points = tuple(labelled(r / n, lines, segment=(1, 1), improvement=improvement))
    segment = Segment(
        number=1,
        first=1,
        last=r.size,
        made_from=int(min(end, r.size)),
        limits=lines[-1],
        moving_range=spread,
        range_limit=None if spread is None else RANGE_LIMIT * spread,
        screened_out=dropped,
        trial=min(end, r.size) < TRIAL_BELOW,
        no_variation=spread is None and r.size > 1,
    )
    return Chart(
        kind="p-prime",
        ruleset=known,
        improvement=improvement,
        points=points,
        segments=(segment,),
        variation=variation_of(points[-1], segment),
        assurance=assurance_of(lines[-1], target=target, improvement=improvement),
        target=target,
        false_flags=None,
    )


def _possible(r: Floats, n: Floats, baseline: int | None) -> None:
    if r.size == 0 or r.shape != n.shape:
        raise ValueError("a chart of shares needs at least one total, and one count of hits for each")
    if (n < FEWEST).any():
        raise ValueError(f"a share of fewer than {FEWEST} is not a rate; put months together")
    if ((r < 0) | (r > n)).any():
        raise ValueError("a share needs no more hits than its total")
    if baseline is not None and baseline < 2:
        raise ValueError("a baseline takes at least two points")


def _limits(mean: float, sigma: float | None) -> Limits:
    if not sigma:
        return Limits(mean, None, None)
    low, high = max(0.0, mean - 3 * sigma), min(1.0, mean + 3 * sigma)
    return Limits(mean, low, high, max(0.0, mean - 2 * sigma), min(1.0, mean + 2 * sigma))
