"""How much wider an interval is because one child can be missing many times."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from lodestar.core.measures.survival import NEARLY, Curve, Floats, Ints


def clustered_inflation(curve: Curve, *, times: ArrayLike, events: ArrayLike, clusters: ArrayLike) -> Floats:
    """How many times Greenwood's variance the sandwich by cluster is, at each row.

    It is 1 where either is not defined, and where the children's pulls cancel each other to nothing: that they do is chance.

    The infinitesimal jackknife of ln S: an episode's part is d/(n - d) at its own end less G up to then, summed by
    child and squared (R's ``survfit(cluster =)``), with the small-sample factor m / (m - 1) of m children.
    """
    given, marks = np.asarray(times), np.asarray(events, dtype=bool)
    _, child = np.unique(np.asarray(clusters), return_inverse=True)
    children = int(child.max()) + 1
    if children < 2:
        return np.ones(curve.times.size)
    row = np.searchsorted(curve.times, given)
    left = curve.at_risk - curve.events
    jump = np.divide(1.0, left, out=np.zeros(left.size), where=left > 0)
    part = np.where(marks, jump[row], 0.0) - curve.finite[row]
    squares, cross, members = _cluster_sums(child, row, part, curve.times.size)
    growth = curve.finite
    sandwich = squares - 2 * growth * cross + growth**2 * members
    usable = (growth > 0) & np.isfinite(curve.greenwood)
    ratio = np.divide(sandwich, growth, out=np.ones(growth.size), where=usable)
    return np.where(usable & (ratio > NEARLY), ratio * children / (children - 1), 1.0)


def _cluster_sums(child: Ints, row: Ints, part: Floats, rows: int) -> tuple[Floats, Floats, Floats]:
    """Running sums over children, by row, of V squared, V k and k squared: V the parts of those left, k those remaining."""
    order = np.lexsort((row, child))
    mine, when = child[order], row[order]
    starts = np.flatnonzero(np.concatenate(([True], mine[1:] != mine[:-1])))
    sizes = np.diff(np.append(starts, mine.size))
    base = np.repeat(starts, sizes)
    running = np.cumsum(part[order])
    after = running - np.repeat(np.concatenate(([0.0], running))[starts], sizes)
    before = after - part[order]
    remaining = np.repeat(sizes, sizes) - (np.arange(mine.size) - base) - 1.0
    changes = (after**2 - before**2, after * remaining - before * (remaining + 1), -2 * remaining - 1)
    squares, cross, members = (np.cumsum(np.bincount(when, weights=change, minlength=rows).astype(np.float64)) for change in changes)
    return squares, cross, members + float(np.dot(sizes, sizes))
