"""The live form of a share: one minus Kaplan-Meier, and which interval it may carry (measures.md 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from lodestar.core.measures.clustered import clustered_inflation
from lodestar.core.measures.intervals import Interval, clopper_pearson, student, wilson_effective
from lodestar.core.measures.measure import Caveat
from lodestar.core.measures.survival import At, Curve, Floats, at, band, kaplan_meier

FEW = 5  # below this many of either kind only the exact interval will do
NOT_FOLLOWED = Caveat("not_followed", "Nobody has been followed for so long yet, so the share is not known.")
EXACT_ALONE = Caveat("not_clustered", "The exact interval treats episodes as separate children, so it is a little short.")
ONE_CHILD = Caveat("one_child", "They are all one child's, so how sure the share is cannot be said.")


class _Limit(NamedTuple):
    within: int
    log_log_from: int


class Timed(Protocol):
    """Anything that lasted: for whom, how long in microseconds, and whether it ended or is only known to have lasted so long."""

    @property
    def child(self) -> str: ...
    @property
    def duration(self) -> int: ...
    @property
    def ended(self) -> bool: ...


def curve_of(rows: Sequence[Timed]) -> Curve | None:
    """The curve of these episodes in whole microseconds; None of none."""
    if not rows:
        return None
    return kaplan_meier(times=[row.duration for row in rows], events=[row.ended for row in rows])


def live_share(
    rows: Sequence[Timed], children: int, *, within: int, log_log_from: int
) -> tuple[float | None, Interval | None, tuple[Caveat, ...]]:
    """One minus Kaplan-Meier at a time in microseconds, with the interval it may carry.

    Log-log where there is plenty on both sides, Wilson on the effective number elsewhere, and exact where all or none
    were found. Where one child's episodes are all there is, no interval can be told.
    """
    curve = curve_of(rows)
    if curve is None:
        return None, None, (NOT_FOLLOWED,)
    there = at(curve, within)
    if there.beyond:
        return None, None, (NOT_FOLLOWED,)
    repeats = children < len(rows)
    if there.survival in (0.0, 1.0):
        interval = _one_sided(there, curve)
        return 1 - there.survival, interval, (EXACT_ALONE,) if repeats else ()
    if repeats and children == 1:
        return 1 - there.survival, None, (ONE_CHILD,)
    inflation = inflation_by_child(curve, rows, children) if repeats else np.ones(curve.times.size)
    return 1 - there.survival, _two_sided(there, curve, inflation, _Limit(within, log_log_from), repeats=repeats), ()


def _one_sided(there: At, curve: Curve) -> Interval:
    """All or none found: exact, over those whose outcome by then is known."""
    if there.survival == 1.0:
        return clopper_pearson(hits=0, n=there.at_risk)
    return clopper_pearson(hits=curve.ended, n=curve.ended)


def _two_sided(there: At, curve: Curve, inflation: Floats, limit: _Limit, *, repeats: bool) -> Interval:
    row = curve.row(limit.within)
    found = int(curve.events[: row + 1].sum())
    missing = there.at_risk - int(curve.events[row]) if curve.times[row] == limit.within else there.at_risk
    suffix = ", clustered by child" if repeats else ""
    plenty = there.at_risk >= FEW and min(found, missing) >= FEW and curve.n >= limit.log_log_from
    if plenty:
        lower, upper = band(curve, inflate=inflation)
        return Interval(1 - float(upper[row]), 1 - float(lower[row]), f"log-log{suffix}")
    share = wilson_effective(share=1 - there.survival, variance=there.se**2 * float(inflation[row]))
    return Interval(share.lower, share.upper, f"{share.method}{suffix}")


def inflation_by_child(curve: Curve, rows: Sequence[Timed], children: int, *, level: float = 0.95) -> Floats:
    """The design effect of children missing more than once, and t in place of the normal, as one factor of variance."""
    ratio = clustered_inflation(
        curve,
        times=[row.duration for row in rows],
        events=[row.ended for row in rows],
        clusters=[row.child for row in rows],
    )
    return ratio * student(children - 1, level=level)
