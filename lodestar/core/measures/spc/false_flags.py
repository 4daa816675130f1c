"""How often a chart flags its latest point, or any point, though nothing has changed.

Measured over 200,000 series of independent normal values for each length, by the rules of this room (``flagged``), and
kept here; a test measures it again. Small counts, seasons and values that hang together flag oftener: it is the least to
expect. Source of the idea and of other kinds of series: measures.md 3.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np

from lodestar.core.measures.spc.rules import Floats, Marks, shift, side, trend, two_of_three

LIMIT, RANGE_LIMIT = 2.66, 3.267
LENGTHS = (8, 10, 12, 18, 24, 36, 48, 60)
Which = Literal["latest", "any"]
SHARES: dict[tuple[Which, bool], tuple[float, ...]] = {
    ("latest", True): (0.0136, 0.0138, 0.0140, 0.0157, 0.0165, 0.0179, 0.0184, 0.0185),
    ("any", True): (0.0343, 0.0530, 0.0716, 0.1305, 0.1870, 0.2924, 0.3863, 0.4680),
    ("latest", False): (0.0088, 0.0094, 0.0102, 0.0124, 0.0139, 0.0160, 0.0166, 0.0170),
    ("any", False): (0.0208, 0.0322, 0.0465, 0.1000, 0.1549, 0.2596, 0.3534, 0.4353),
}


def false_flag_share(points: int, *, screened: bool, which: Which = "latest") -> float | None:
    """The share of charts of so many points, with nothing changed, that flag the latest (or any) of them.

    Between the lengths measured it is drawn straight, and beyond the longest carried on; None below the shortest.
    """
    if points < LENGTHS[0]:
        return None
    return float(np.interp(points, LENGTHS, SHARES[which, screened]))


def expected_false_flags(charts: Iterable[tuple[int, bool]]) -> float:
    """How many of these charts, each its points and whether screened, would flag their latest point by chance alone."""
    return sum(false_flag_share(points, screened=screened) or 0.0 for points, screened in charts)


def flagged(series: Floats, *, screened: bool) -> Marks:
    """Which points of each series, one a row, carry any label but chance; limits from the same points."""
    mean = series.mean(axis=-1, keepdims=True)
    ranges = np.abs(np.diff(series, axis=-1))
    spread = ranges.mean(axis=-1, keepdims=True)
    if screened:
        kept = ranges < RANGE_LIMIT * spread
        spread = np.sum(ranges * kept, axis=-1, keepdims=True) / np.maximum(kept.sum(axis=-1, keepdims=True), 1)
    sides = side(series, mean)
    away = np.abs(series - mean)
    outside: Marks = away > LIMIT * spread
    near = ~outside & (away > LIMIT * 2 / 3 * spread)
    return outside | trend(series) | two_of_three(near, sides) | shift(sides)
