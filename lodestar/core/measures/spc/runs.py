"""Anhoej's runs rules, about the median: for medians and shares of small numbers, whose limits would mean little.

Source: Anhoej and Olesen 2014, Run charts revisited; the forms are those of qicharts2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
from scipy.special import bdtr  # type: ignore[import-untyped, unused-ignore]

from lodestar.core.measures.spc.rules import side


@dataclass(frozen=True, slots=True)
class Runs:
    """What was found beside what chance allows; ``signal`` where either is beyond it."""

    median: float
    useful: int  # points not on the median
    longest: int
    longest_allowed: int
    crossings: int
    fewest_crossings: int

    @property
    def signal(self) -> bool:
        """Whether the series is not of one process."""
        return self.longest > self.longest_allowed or self.crossings < self.fewest_crossings


def runs(values: Sequence[float]) -> Runs | None:
    """The longest run on one side of the median and the number of crossings; None where fewer than two points are off it.

    Too long is more than round(log2 n) + 3; too few crossings is below the 5% point of binomial(n - 1, 1/2).
    """
    series = np.asarray(values, dtype=np.float64)
    if series.size == 0:
        raise ValueError("a run chart needs at least one value")
    median = float(np.median(series))
    sides = side(series, median)
    useful = sides[sides != 0]
    if useful.size < 2:
        return None
    turns = np.flatnonzero(np.diff(useful)) + 1
    lengths = np.diff(np.concatenate(([0], turns, [useful.size])))
    return Runs(
        median=median,
        useful=int(useful.size),
        longest=int(lengths.max()),
        longest_allowed=round(log2(useful.size)) + 3,
        crossings=int(turns.size),
        fewest_crossings=_fewest(int(useful.size) - 1),
    )


def _fewest(trials: int) -> int:
    below = np.asarray(bdtr(np.arange(trials + 1), trials, 0.5))
    return int(np.searchsorted(below, 0.05))
