"""Kaplan-Meier: how long things last when some of them have not ended yet.

An episode still open is *censored*: it is known to have lasted at least so long. It is never dropped and never counted
as an end. Ends come before censorings at a tie. Times keep the type they come in, so whole microseconds stay exact.

Conventions are those of R's ``survfit(conf.type = "log-log")``, which lifelines shares: the band is
``S^exp(+z th), S^exp(-z th)`` with ``th = sqrt(G) / |ln S|`` and is not defined where S is 1 or 0. There R prints NA;
in ``band`` the bounds are not-a-number. At S = 0 the standard error is 0 (R prints NaN). Before anything has ended ``at``
gives 1 for both bounds, as R's ``summary(times =)`` does before the first time and lifelines wherever S is 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HALF = Fraction(1, 2)
NEARLY = 1e-9  # closer than this the floats cannot say which side it is, and whole numbers decide


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One row for each distinct time at which something ended or was censored."""

    times: NDArray[Any]
    at_risk: Ints
    events: Ints
    censored: Ints
    survival: Floats
    greenwood: Floats  # G(t), the sum of d / (n (n - d)); infinite once S is 0

    @property
    def n(self) -> int:
        """How many episodes."""
        return int(self.at_risk[0])

    @property
    def ended(self) -> int:
        """How many of them ended."""
        return int(self.events.sum())

    @property
    def se(self) -> Floats:
        """Greenwood's standard error of S."""
        return np.where(self.survival > 0, self.survival * np.sqrt(self.finite), 0.0)

    @property
    def finite(self) -> Floats:
        """G, with nought in place of infinity once S is nought: there the error is nought too."""
        return np.where(np.isfinite(self.greenwood), self.greenwood, 0.0)

    def row(self, time: float) -> int:
        """The last row at or before a time; -1 before the first."""
        return int(np.searchsorted(self.times, time, side="right")) - 1


@dataclass(frozen=True, slots=True)
class At:
    """S at one time. ``beyond`` says the time lies after the last one seen, where S is only carried forward."""

    survival: float
    se: float
    lower: float | None
    upper: float | None
    at_risk: int
    beyond: bool


@dataclass(frozen=True, slots=True)
class Crossing:
    """A quantile and its interval; None is "not reached" by the end of what was seen."""

    value: float | None
    lower: float | None
    upper: float | None


def kaplan_meier(*, times: ArrayLike, events: ArrayLike) -> Curve:
    """S falls by d/n at each end; a censored time only leaves the number at risk. Refuses no times at all.

    Source: Kaplan and Meier 1958. Between censorings the product telescopes to (left) / (at start), so with nothing
    censored S is one correctly rounded division.
    """
    given, ended = np.asarray(times), np.asarray(events, dtype=bool)
    if given.size == 0 or given.shape != ended.shape:
        raise ValueError("Kaplan-Meier needs at least one time, and one event mark for each")
    order = np.argsort(given, kind="stable")
    sorted_times, marks = given[order], ended[order]
    new = np.empty(given.size, dtype=bool)
    new[0] = True
    np.not_equal(sorted_times[1:], sorted_times[:-1], out=new[1:])
    first = np.flatnonzero(new)
    at_risk = given.size - first
    happened = np.add.reduceat(marks, first, dtype=np.int64)
    after = np.append(at_risk[1:], 0)
    left = at_risk - happened
    return Curve(
        times=sorted_times[first],
        at_risk=at_risk,
        events=happened,
        censored=left - after,
        survival=_survival(left, after, given.size),
        greenwood=_greenwood(happened, at_risk, left),
    )


def survival_exact(curve: Curve, time: float) -> Fraction:
    """S(time) as a fraction of whole numbers, so that two routes to one figure can be compared to the last bit."""
    row = curve.row(time)
    if row < 0:
        return Fraction(1)
    left = curve.at_risk - curve.events
    gaps = np.flatnonzero(curve.censored[:row] > 0)
    over = prod(int(value) for value in left[gaps])
    under = prod(int(value) for value in curve.at_risk[gaps + 1])
    return Fraction(int(left[row]) * over, curve.n * under)


def band(curve: Curve, *, level: float = 0.95, inflate: Floats | float = 1.0) -> tuple[Floats, Floats]:
    """The log-log band of S; ``inflate`` multiplies the variance where episodes are clustered in children."""
    surviving = curve.survival
    inside = (surviving > 0) & (surviving < 1)
    safe = np.where(inside, surviving, 0.5)
    spread = z_of(level) * np.sqrt(curve.finite * inflate) / np.abs(np.log(safe))
    lower = np.where(inside, np.power(safe, np.exp(spread)), np.nan)
    upper = np.where(inside, np.power(safe, np.exp(-spread)), np.nan)
    return lower, upper


def at(curve: Curve, time: float, *, level: float = 0.95) -> At:
    """S, its error and its band at one time, and how many were at risk just before it; until something ends all are 1."""
    row, waiting = curve.row(time), int(np.searchsorted(curve.times, time, side="left"))
    at_risk = int(curve.at_risk[waiting]) if waiting < curve.times.size else 0
    if row < 0:
        return At(1.0, 0.0, 1.0, 1.0, at_risk, beyond=False)
    surviving = float(curve.survival[row])
    if surviving == 1.0:
        return At(1.0, 0.0, 1.0, 1.0, at_risk, beyond=at_risk == 0)
    lower, upper = band(curve, level=level)
    return At(
        survival=surviving,
        se=float(curve.se[row]),
        lower=real(lower[row]),
        upper=real(upper[row]),
        at_risk=at_risk,
        beyond=bool(at_risk == 0 and surviving > 0),
    )


def quantile(curve: Curve, *, share: Fraction = HALF, level: float = 0.95, inflate: Floats | float = 1.0) -> Crossing:
    """The time by which a share had ended, with the Brookmeyer-Crowley interval; None is "not reached".

    Where S equals 1 - share on a flat stretch the middle of the stretch is reported (R's rule; lifelines gives its left
    end, statsmodels its right), so that with nothing censored the median is the textbook one. Whether it is equal is
    decided in whole numbers. The interval is every time at which the log-log band holds 1 - share.
    """
    lower, upper = band(curve, level=level, inflate=inflate)
    target = float(1 - share)
    return Crossing(
        value=_crossing(curve, 1 - share),
        lower=_first(curve, lower, target),
        upper=_first(curve, upper, target),
    )


def restricted_mean(curve: Curve, *, until: float) -> float:
    """The mean time, counted no further than ``until``: the area under S from 0. Beyond the last time S is carried on."""
    inside = curve.times < until
    edges = np.concatenate(([0.0], curve.times[inside].astype(np.float64), [float(until)]))
    heights = np.concatenate(([1.0], curve.survival[inside]))
    return float(np.dot(np.diff(edges), heights))


def z_of(level: float) -> float:
    """The normal deviate of a two-sided level: 1.959964 for 0.95."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def real(value: float | np.floating) -> float | None:
    """A number that exists, or None; not-a-number never leaves this room."""
    return float(value) if np.isfinite(value) else None


def _survival(left: Ints, after: Ints, size: int) -> Floats:
    carried = np.ones(left.size)
    if left.size > 1:
        np.cumprod(left[:-1] / after[:-1], out=carried[1:])
    return left / size * carried


def _greenwood(happened: Ints, at_risk: Ints, left: Ints) -> Floats:
    terms = np.divide(happened, at_risk * left, out=np.full(left.size, np.inf), where=left > 0)
    terms[happened == 0] = 0.0  # the last row of all, where everything left was censored
    return np.cumsum(terms)


def _crossing(curve: Curve, target: Fraction) -> float | None:
    below = np.flatnonzero(curve.survival <= float(target) + NEARLY)
    for row in below:
        if abs(curve.survival[row] - float(target)) > NEARLY:
            return float(curve.times[row])
        exact = survival_exact(curve, curve.times[row])
        if exact < target:
            return float(curve.times[row])
        if exact == target:
            return _middle(curve, int(row))
    return None


def _middle(curve: Curve, row: int) -> float:
    """The middle of the flat stretch that starts here: to the next end, or to the last time seen."""
    later = np.flatnonzero(curve.events[row + 1 :] > 0)
    end = row + 1 + int(later[0]) if later.size else curve.times.size - 1
    return (float(curve.times[row]) + float(curve.times[end])) / 2


def _first(curve: Curve, bound: Floats, target: float) -> float | None:
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero(bound <= target)
    return float(curve.times[rows[0]]) if rows.size else None
