"""The least time that anybody needs from one place to another, however they go.

A bound may leave a stop out of somebody's day, and what is left must not thereby take longer. In a matrix a way by somewhere else
may be quicker than straight on; with coordinates each leg is rounded, so that a way by several places may be a tick the shorter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestar.core.tasking.problem import Travel

MOST_PLACES = 4000  # beyond, the table would not fit in memory, or the shortest ways would take too long to find
MOST_CLOSED = 800  # the same where a matrix is given: each place is tried as a stop on every way
LONGEST = 1 << 50  # a way longer than any horizon; sums of a few of them still fit


@dataclass(frozen=True, slots=True)
class Ways:
    """A table of ticks that no journey between two places beats, by whatever stops it goes; or nothing known at all."""

    table: NDArray[np.int64]
    known: bool

    def ticks(self, origin: int, target: int) -> int:
        """From one place to another: nought where that is not known."""
        return int(self.table[origin, target]) if self.known else 0


def none() -> Ways:
    """Nothing known: every way counts as nothing."""
    return Ways(np.zeros((1, 1), np.int64), known=False)


def least(*, travel: Travel, places: int) -> Ways:
    """The shortest ways of a problem, or nothing known where it has too many places."""
    if travel.matrix.size:
        return Ways(_shortest(np.minimum(travel.matrix, LONGEST).astype(np.int64)), known=True) if places <= MOST_CLOSED else none()
    if places > MOST_PLACES:
        return none()
    across = travel.x[:, None] - travel.x[None, :]
    along = travel.y[:, None] - travel.y[None, :]
    straight = np.ceil(np.sqrt(across * across + along * along) * travel.ticks_per_km - 1e-9)
    return Ways(np.maximum(np.minimum(straight, LONGEST).astype(np.int64) - 1, 0), known=True)


def _shortest(table: NDArray[np.int64]) -> NDArray[np.int64]:
    for middle in range(len(table)):
        np.minimum(table, table[:, middle, None] + table[None, middle, :], out=table)
    return table
