"""How good forecasts were: the score that rewards honesty, how often the truth lay inside, and whether it was worth having.

Every score is of one forecast, given as draws of a count, against what came. Lower is better.
Sources: Gneiting and Raftery 2007 (CRPS); Bracher and others 2021 (WIS); Czado, Gneiting and Held 2009 (randomised PIT).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEVELS = (0.5, 0.8, 0.95)
PIT_BINS = 5


def crps(draws: Floats, came: float) -> float:
    """The continuous ranked probability score: mean distance from the truth, less half the mean distance between draws."""
    inside = np.sort(np.asarray(draws, dtype=np.float64))
    n = inside.size
    apart = 2 * float(np.dot(np.arange(1, n + 1) * 2 - n - 1, inside)) / (n * n)
    return float(np.abs(inside - came).mean()) - apart / 2


def wis(draws: Floats, came: float, *, levels: Sequence[float] = LEVELS) -> float:
    """The weighted interval score over the middle and these intervals."""
    total = 0.5 * abs(came - float(np.quantile(draws, 0.5)))
    for level in levels:
        low, high = interval(draws, level=level)
        outside = max(low - came, 0.0) + max(came - high, 0.0)
        total += (1 - level) / 2 * ((high - low) + 2 / (1 - level) * outside)
    return total / (len(levels) + 0.5)


def interval(draws: Floats, *, level: float) -> tuple[float, float]:
    """The middle share of the draws."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf")
    return float(low), float(high)


def pit(draws: Floats, came: float, *, at: float) -> float:
    """Where the truth lies among the draws, 0 to 1; a count's steps are crossed at ``at`` (0 to 1, drawn by whoever asks)."""
    below, upto = float((draws < came).mean()), float((draws <= came).mean())
    return below + at * (upto - below)


def pit_bins(values: Sequence[float]) -> tuple[int, ...]:
    """How many lie in each fifth: even where the intervals are right, U where too narrow, a hump where too wide."""
    found, _ = np.histogram(values, bins=PIT_BINS, range=(0.0, 1.0))
    return tuple(int(one) for one in found)


def widening(misses: Sequence[float], *, level: float) -> float:
    """How much to add on both sides so that past intervals would have held the truth as often as they said: conformal.

    ``misses`` are how far each truth lay outside (below nought: inside). With few of them it is the largest.
    Source: Romano, Patterson and Candes 2019.
    """
    if not misses:
        return 0.0
    rank = min(len(misses), int(np.ceil((len(misses) + 1) * level)))
    return max(0.0, float(np.sort(np.asarray(misses))[rank - 1]))
