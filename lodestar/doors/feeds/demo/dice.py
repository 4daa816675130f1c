"""Quick draws from a seeded numpy generator: one at a time is slow, so uniforms are drawn by the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import TypeVar

import numpy as np

T = TypeVar("T")
_PAGE = 4096
_NORMAL = NormalDist()


class Dice:
    """A stream of chance named by a seed and a purpose, so that a change in one part leaves the others alone."""

    def __init__(self, seed: int, purpose: str) -> None:
        self.rng = np.random.default_rng([seed, *purpose.encode()])
        self._page: list[float] = []

    def unit(self) -> float:
        """A number from 0 up to but not 1."""
        if not self._page:
            self._page = self.rng.random(_PAGE).tolist()
        return self._page.pop()

    def chance(self, share: float) -> bool:
        """True in this share of the throws."""
        return self.unit() < share

    def between(self, low: float, high: float) -> float:
        """A number from low up to high, all alike."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """One of these, all alike."""
        return choices[int(self.unit() * len(choices))]

    def some(self, choices: Sequence[T], count: int) -> tuple[T, ...]:
        """This many different ones."""
        left = list(choices)
        return tuple(left.pop(int(self.unit() * len(left))) for _ in range(min(count, len(left))))

    def weighted(self, choices: Sequence[tuple[T, float]]) -> T:
        """One of these by weight; the weights add to one."""
        at = self.unit()
        for choice, weight in choices:
            at -= weight
            if at < 0:
                return choice
        return choices[-1][0]

    def lognormal(self, median: float, sigma: float) -> float:
        """A long-tailed amount with this median."""
        return median * math.exp(sigma * _NORMAL.inv_cdf(max(self.unit(), 1e-12)))
