"""Many groups' Kaplan-Meier curves in one pass over the rows: districts, homes or months side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from lodestar.core.measures.survival import Curve, Floats, Ints, terms
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
    surviving, greenwood = _carried(left, at_risk, found.starts), terms(found.events, at_risk, left)
    for start, end in pairwise(found.starts.tolist()):
        np.multiply.accumulate(surviving[start:end], out=surviving[start:end])
        np.add.accumulate(greenwood[start:end], out=greenwood[start:end])
    surviving *= left / np.repeat(_firsts(at_risk, found.starts), np.diff(found.starts))
    surviving[greenwood == 0] = 1.0  # as in ``product``: nothing has ended yet
    return Curves(found, at_risk, surviving, greenwood, until)


def _carried(left: Ints, at_risk: Ints, starts: Ints) -> Floats:
    """What ``product`` runs up, for all groups at once: left over the next row's at risk, and 1 where a group begins."""
    found = np.ones(left.size)
    np.divide(left[:-1], at_risk[1:], out=found[1:])
    found[starts[:-1][starts[:-1] < left.size]] = 1.0
    return found


def _firsts(at_risk: Ints, starts: Ints) -> Ints:
    """How many each group began with; of an empty one, any number, since it has no rows."""
    return at_risk[np.minimum(starts[:-1], at_risk.size - 1)] if at_risk.size else np.ones(starts.size - 1, dtype=np.int64)


def _at_risk(found: Tally) -> Ints:
    """Of each group those who have not gone before, and those who last beyond the horizon."""
    gone = np.concatenate(([0], np.cumsum(found.exits)))
    ends = gone[found.starts[1:]] + found.later
    return np.repeat(ends, np.diff(found.starts)) - gone[:-1]
