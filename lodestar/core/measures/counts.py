"""Intervals for counts and for rates, and whether two counts differ: all exact, since our counts are small."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, gammaln  # type: ignore[import-untyped, unused-ignore]

from lodestar.core.measures.intervals import Interval, clopper_pearson

Floats = NDArray[np.float64]
AS_RARE = 1 + 1e-7  # two chances nearer than this are equal, as in R


@dataclass(frozen=True, slots=True)
class Ratio:
    """One rate over another. None is "no bound": nothing was seen on that side. ``p`` is two-sided."""

    value: float | None
    lower: float
    upper: float | None
    p: float
    method: str


@dataclass(frozen=True, slots=True)
class Differs:
    """The nearest counts of next time that would differ, with the p of each and of the count just nearer; None where none can."""

    above: int | None
    p_above: float | None
    p_nearly_above: float | None
    below: int | None
    p_below: float | None
    p_nearly_below: float | None


def poisson(*, count: int, level: float = 0.95) -> Interval:
    """Garwood's exact interval for the mean of a count. Refuses one below 0.

    Source: Garwood 1936; chi-square quantiles with 2x and 2(x + 1) degrees of freedom, halved.
    """
    if count < 0:
        raise ValueError("a count is nought or more")
    tail = (1 - level) / 2
    lower = float(gammaincinv(count, tail)) if count else 0.0
    return Interval(lower, float(gammaincinv(count + 1, 1 - tail)), "Poisson, Garwood")


def ratio_of_rates(*, first: tuple[int, float], second: tuple[int, float], level: float = 0.95) -> Ratio:
    """The first rate over the second, each a count and the time or number it was seen over; exact given their sum.

    Given the sum of both, the first is binomial, so the bounds are Clopper-Pearson's for its share, turned into a ratio.
    Refuses no events at all, and an exposure of 0 or less.
    """
    (hits, seen), (others, other_seen) = first, second
    both = hits + others
    if hits < 0 or others < 0 or both == 0 or seen <= 0 or other_seen <= 0:
        raise ValueError("a ratio of rates needs at least one event, and two exposures above nought")
    scale = other_seen / seen
    share = clopper_pearson(hits=hits, n=both, level=level)
    return Ratio(
        value=hits / others * scale if others else None,
        lower=share.lower / (1 - share.lower) * scale,
        upper=share.upper / (1 - share.upper) * scale if share.upper < 1 else None,
        p=_binomial_p(hits, both, seen / (seen + other_seen)),
        method="exact, conditional on the sum",
    )


def fisher(*, first: tuple[int, int], second: tuple[int, int]) -> float:
    """Fisher's two-sided p for hits of n against hits of n: every table of the same margins that is no likelier.

    Refuses a total below 1 and hits outside it. Source: Fisher 1934; two-sided as R's ``fisher.test``.
    """
    (hits, n), (others, m) = first, second
    if n < 1 or m < 1 or not (0 <= hits <= n and 0 <= others <= m):
        raise ValueError("Fisher's test needs two positive numbers, and no more hits than each")
    every = hits + others
    possible = np.arange(max(0, every - m), min(n, every) + 1)
    logs = _log_choose(n, possible) + _log_choose(m, every - possible)
    chances = np.exp(logs - logs.max())
    seen = chances[hits - int(possible[0])]
    return min(1.0, float(chances[chances <= seen * AS_RARE].sum() / chances.sum()))


def differs_from(*, hits: int, n: int, again: int | None = None, alpha: float = 0.05) -> Differs:
    """What the count of next time, of ``again`` (or as many), must be before Fisher's test tells it from this time's.

    An arrow between two small counts is chance; this says what would not be. 2 of 48 differs from 10 of 48 and not from 9.
    """
    size = n if again is None else again
    middle = min(size, max(0, round(hits / n * size))) if n > 0 else 0
    above = _first_that_differs((hits, n), (middle, size), (size, 1), alpha)
    below = _first_that_differs((hits, n), (middle, size), (0, -1), alpha)
    return Differs(*above, *below)


def _first_that_differs(
    seen: tuple[int, int], start: tuple[int, int], towards: tuple[int, int], alpha: float
) -> tuple[int | None, float | None, float | None]:
    (middle, size), (end, step) = start, towards
    before = fisher(first=seen, second=(middle, size))
    for count in range(middle + step, end + step, step):
        p = fisher(first=seen, second=(count, size))
        if p < alpha:
            return count, p, before
        before = p
    return None, None, None


def _binomial_p(hits: int, n: int, chance: float) -> float:
    counts = np.arange(n + 1)
    logs = _log_choose(n, counts) + counts * math.log(chance) + (n - counts) * math.log1p(-chance)
    chances = np.exp(logs)
    return min(1.0, float(chances[chances <= chances[hits] * AS_RARE].sum()))


def _log_choose(n: int, k: NDArray[np.int64]) -> Floats:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1), dtype=np.float64)
