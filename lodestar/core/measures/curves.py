"""Many groups' Kaplan-Meier curves in one pass over the rows: districts, homes or months side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from lodestar.core.measures.survival import Curve, Floats, Ints, growth, product
from lodestar.core.measures.tally import Lives, Tally, tally


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """The rows of every group end to end, so that a band of all of them is one call: ``band(curves)``.

    Group i has the rows ``found.starts[i]`` to ``found.starts[i + 1]``; ``of(i)`` is its curve.
    """

    found: Tally
    at_risk: Ints
    survival: Floats
    greenwood: Floats
    horizon: float | None

    @property
    def finite(self) -> Floats:
        """G, with nought in place of infinity once S is nought."""
        return np.where(np.isfinite(self.greenwood), self.greenwood, 0.0)

    def rows(self, group: int) -> slice:
        """The rows of one group."""
        return slice(int(self.found.starts[group]), int(self.found.starts[group + 1]))

    def of(self, group: int) -> Curve:
        """One group's curve. Refuses a group of nobody."""
        rows = self.rows(group)
        later = int(self.found.later[group])
        if rows.start == rows.stop and not later:
            raise ValueError(f"group {group} has nobody in it")
        return Curve(
            times=self.found.times[rows],
            at_risk=self.at_risk[rows],
            events=self.found.events[rows],
            censored=self.found.exits[rows] - self.found.events[rows],
            survival=self.survival[rows],
            greenwood=self.greenwood[rows],
            later=later,
            horizon=self.horizon,
        )

    def __len__(self) -> int:
        """How many groups."""
        return self.found.starts.size - 1

    def __iter__(self) -> Iterator[Curve]:
        """Each group's curve in turn."""
        return (self.of(group) for group in range(len(self)))


def kaplan_meier_groups(
    *, times: ArrayLike, events: ArrayLike, groups: ArrayLike, count: int | None = None, until: float | None = None
) -> Curves:
    """One curve for each group, numbered from 0, exactly as ``kaplan_meier`` of its rows alone; no further than ``until``.

    ``count`` is how many groups there are, where some may have nobody. Refuses no times, marks or groups of another
    length, and a group number outside 0 to count - 1.
    """
    given, ended, codes = np.asarray(times), np.asarray(events, dtype=bool), np.asarray(groups)
    if given.size == 0 or not given.shape == ended.shape == codes.shape:
        raise ValueError("curves need at least one time, and one event mark and one group for each")
    highest = int(codes.max())
    number = highest + 1 if count is None else count
    if codes.dtype.kind not in "iu" or int(codes.min()) < 0 or highest >= number:
        raise ValueError(f"a group is a whole number from 0 to {number - 1}")
    found = tally(Lives(given, ended, codes, number), until=until)
    at_risk = _at_risk(found)
    left = at_risk - found.events
    surviving, greenwood = np.empty(left.size), np.empty(left.size)
    for start, end in pairwise(found.starts.tolist()):
        surviving[start:end] = product(left[start:end], at_risk[start:end])
        greenwood[start:end] = growth(found.events[start:end], at_risk[start:end], left[start:end])
    return Curves(found, at_risk, surviving, greenwood, until)


def _at_risk(found: Tally) -> Ints:
    """Of each group those who have not gone before, and those who last beyond the horizon."""
    gone = np.concatenate(([0], np.cumsum(found.exits)))
    ends = gone[found.starts[1:]] + found.later
    return np.repeat(ends, np.diff(found.starts)) - gone[:-1]
