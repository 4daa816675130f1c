"""Quantiles of values that are all known. Where some have not ended yet, ``survival.quantile`` is the one to ask."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def quantile_of(values: Sequence[float], share: float) -> float:
    """The quantile by Hyndman and Fan's type 7, R's and numpy's default: straight between the values about (n - 1) share.

    Refuses no values and a share outside 0 to 1. At one half it is the textbook median, the middle of the two middle values.
    """
    if len(values) == 0 or not 0 <= share <= 1:
        raise ValueError("a quantile needs at least one value, and a share from nought to one")
    return float(np.quantile(np.asarray(values, dtype=np.float64), share, method="linear"))
