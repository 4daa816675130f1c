"""Competing outcomes: what became of them by a time, when there is more than one way for it to end.

Aalen and Johansen's cumulative incidence. One minus Kaplan-Meier, with the other outcomes taken for censoring, says too
much: it answers as if a child who died or was moved to another force could still be found. Ties need no breaking: an
outcome's share of the ends at one time is its count, so the same file always gives the same figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lodestar.core.measures.survival import Floats, Ints, growth, product, z_of

ROUNDING = 1e-12  # nearer to 1 than any share that lives short of a million million can have


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """One row for each distinct time; causes are numbered from 1 and ``events``, ``share`` and ``se`` have a line for each.

    ``se`` is the infinitesimal jackknife's (as R's ``survfit``, Stata and statsmodels); Aalen's form of the R package cmprsk
    is a little larger.
    """

    times: NDArray[Any]
    at_risk: Ints
    events: Ints
    censored: Ints
    survival: Floats
    share: Floats
    se: Floats

    @property
    def causes(self) -> int:
        """How many outcomes."""
        return int(self.events.shape[0])

    def row(self, time: float) -> int:
        """The last row at or before a time; -1 before the first."""
        return int(np.searchsorted(self.times, time, side="right")) - 1


def aalen_johansen(*, times: ArrayLike, causes: ArrayLike, count: int | None = None) -> Incidence:
    """The share that had come to each outcome by each time: the sum of S(t-) d_k / n.

    ``causes`` holds 0 for one that has not ended yet and 1 to ``count`` for how it ended. At every time the shares of all
    outcomes and S add up to 1. Refuses no times, and a cause outside 0 to ``count``.
    """
    given, kinds = np.asarray(times), np.asarray(causes)
    if given.size == 0 or given.shape != kinds.shape:
        raise ValueError("incidence needs at least one time, and one cause for each")
    number = int(kinds.max()) if count is None else count
    if kinds.dtype.kind not in "iu" or int(kinds.min()) < 0 or int(kinds.max()) > number:
        raise ValueError(f"a cause is a whole number from 0, not ended, to {number}")
    distinct, row = np.unique(given, return_inverse=True)
    table = np.bincount(kinds.astype(np.int64) * distinct.size + row, minlength=(number + 1) * distinct.size)
    censored, events = table[: distinct.size], table.reshape(number + 1, -1)[1:]
    ended = events.sum(axis=0)
    gone = np.cumsum(ended + censored)
    at_risk = given.size - gone + ended + censored
    left = at_risk - ended
    surviving = product(left, at_risk)
    before = np.concatenate(([1.0], surviving[:-1]))
    share = np.cumsum(before * events / at_risk, axis=1)
    share[share > 1 - ROUNDING] = 1.0  # adding up falls short of it by a last bit, of which no band can be drawn
    spread = _Spread(before, at_risk, growth(ended, at_risk, left), left, censored, events)
    se = np.array([spread.of(cause, share[cause]) for cause in range(number)]).reshape(share.shape)
    return Incidence(distinct, at_risk, events, censored, surviving, share, se)


def incidence_band(share: Floats, se: Floats, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """The log-log band of a share, which stays between 0 and 1; not-a-number where the share is 0 or 1."""
    inside = (share > 0) & (share < 1)
    safe = np.where(inside, share, 0.5)
    logs = np.log(safe)
    apart = np.exp(z_of(level) * se / (safe * np.abs(logs)))
    return np.where(inside, np.exp(logs * apart), np.nan), np.where(inside, np.exp(logs / apart), np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class _Spread:
    """What every outcome's standard error is made of, by row."""

    before: Floats  # S just before
    at_risk: Ints
    growth: Floats
    left: Ints
    censored: Ints
    events: Ints

    def of(self, cause: int, share: Floats) -> Floats:
        """The square root of the sum, over everybody, of the square of how the share moves with their weight.

        Somebody who left in row r moves it at t, from then on, by ``own + pull * share(t)``: ``pull`` is how their going
        moves ln S, and ``own`` what was settled by r. Those still there all move it by ``common(t)``. So running sums do.
        """
        earlier = np.concatenate(([0.0], self.growth[:-1]))
        steady = np.where(np.isfinite(earlier), earlier, 0.0)
        hits = self.events[cause]
        common = np.cumsum(self.before * hits / self.at_risk * (steady - 1 / self.at_risk))
        grown = np.where(np.isfinite(self.growth), self.growth, 0.0)
        jump = np.divide(1.0, self.left, out=np.zeros(self.left.size), where=self.left > 0)
        stay, gone = grown, grown - jump
        others = self.events.sum(axis=0) - hits
        settled = self.before / self.at_risk
        total = np.zeros(share.size)
        parts = ((self.censored, stay, 0.0), (others, gone, 0.0), (hits, gone, settled))
        for members, pull, own in parts:
            base = common + own - pull * share
            squares = np.cumsum(members * base**2)
            cross, pulls = np.cumsum(members * base * pull), np.cumsum(members * pull**2)
            total += squares + 2 * share * cross + share**2 * pulls
        there = self.at_risk - self.events.sum(axis=0) - self.censored
        return np.asarray(np.sqrt(np.maximum(total + there * common**2, 0.0)))
