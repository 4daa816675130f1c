"""Intervals for a share. A figure without one invites belief in chance."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, stdtrit  # type: ignore[import-untyped, unused-ignore]

from lodestar.core.measures.survival import z_of


@dataclass(frozen=True, slots=True)
class Interval:
    """The bounds and the name of the method, which is printed with them."""

    lower: float
    upper: float
    method: str


def wilson(*, hits: float, n: float, level: float = 0.95) -> Interval:
    """Wilson's score interval; ``n`` may be an effective number that is not whole. Refuses n of 0 or hits outside 0-n.

    Source: Wilson 1927. For display; where a decision hangs on it use ``clopper_pearson``.
    """
    _possible(hits, n)
    z = z_of(level)
    share, square = hits / n, z * z / n
    middle = (share + square / 2) / (1 + square)
    half = z * math.sqrt(share * (1 - share) / n + square / (4 * n)) / (1 + square)
    lower = max(0.0, middle - half) if hits else 0.0
    upper = min(1.0, middle + half) if hits < n else 1.0
    return Interval(lower, upper, "Wilson")


def wilson_effective(*, share: float, variance: float, level: float = 0.95) -> Interval:
    """Wilson's interval of a share estimated with a known variance, on the number n that would give it: share(1-share)/n.

    Where groups are small it holds the truth when the log-log band does not. Refuses a share of 0 or 1 and no variance.
    """
    if not 0 < share < 1 or variance <= 0:
        raise ValueError("an effective number needs a share between nought and one, and a variance")
    effective = share * (1 - share) / variance
    found = wilson(hits=share * effective, n=effective, level=level)
    return Interval(found.lower, found.upper, "Wilson on the effective number")


def none_of(n: int, *, level: float = 0.95) -> float:
    """The most that a share can be, one-sided, when none of n was a hit: 1 - 0.05^(1/n), the exact form of 3/n. Refuses 0."""
    if n <= 0:
        raise ValueError("an interval needs a positive number and no more hits than that")
    return -math.expm1(math.log(1 - level) / n)


def clopper_pearson(*, hits: float, n: float, level: float = 0.95) -> Interval:
    """The exact interval, never too short; 0 of n gives an upper bound of 1 - 0.025^(1/n). Refuses n of 0.

    ``n`` may be an effective number, where what is counted was not drawn alike (Korn and Graubard 1998).
    Source: Clopper and Pearson 1934. Used where a decision hangs on it or there are fewer than 5 of either kind.
    """
    _possible(hits, n)
    tail = (1 - level) / 2
    lower = float(betaincinv(hits, n - hits + 1, tail)) if hits else 0.0
    upper = float(betaincinv(hits + 1, n - hits, 1 - tail)) if hits < n else 1.0
    return Interval(lower, upper, "Clopper-Pearson")


def clustered_error(*, hits: Sequence[bool], clusters: Sequence[Hashable]) -> tuple[float, int]:
    """The sandwich standard error of a share by child, and how many children. Refuses fewer than two children.

    ``sqrt(m/(m-1) * sum over children of (sum of (y - p))^2) / n``: a child missing ten times is not ten children.
    """
    marks = np.asarray(hits, dtype=np.float64)
    children, child = _codes(clusters)
    if children < 2:
        raise ValueError("a clustered interval needs at least two children")
    residuals = np.bincount(child, weights=marks - marks.mean())
    return float(math.sqrt(children / (children - 1) * np.dot(residuals, residuals)) / marks.size), children


def clustered_logit(*, hits: Sequence[bool], clusters: Sequence[Hashable], level: float = 0.95) -> Interval:
    """The interval by child on the logit scale, with t on (children - 1) degrees of freedom.

    Refuses a share of 0 or 1, where a logit does not exist. Measured coverage 93-95% where the unclustered has 86-89%.
    """
    share = float(np.mean(np.asarray(hits, dtype=np.float64)))
    if not 0 < share < 1:
        raise ValueError("a share of nought or one has no logit interval; use the exact one")
    error, children = clustered_error(hits=hits, clusters=clusters)
    reach = float(stdtrit(children - 1, 0.5 + level / 2)) * error / (share * (1 - share))
    centre = math.log(share / (1 - share))
    return Interval(_expit(centre - reach), _expit(centre + reach), "logit, clustered by child")


def student(freedom: int, *, level: float = 0.95) -> float:
    """How many times the variance counts when t on so many degrees of freedom takes the place of the normal."""
    return (float(stdtrit(freedom, 0.5 + level / 2)) / z_of(level)) ** 2


def _codes(clusters: Sequence[Hashable]) -> tuple[int, NDArray[np.int64]]:
    known: dict[Hashable, int] = {}
    codes = np.fromiter((known.setdefault(name, len(known)) for name in clusters), dtype=np.int64, count=len(clusters))
    return len(known), codes


def _expit(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value > -700 else 0.0


def _possible(hits: float, n: float) -> None:
    if n <= 0 or not 0 <= hits <= n:
        raise ValueError("an interval needs a positive number and no more hits than that")
