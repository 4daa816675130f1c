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
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lodestar.core.measures.tally import Lives, tally

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HALF = Fraction(1, 2)
NEARLY = 1e-9  # closer than this the floats cannot say which side it is, and whole numbers decide


class Steps(Protocol):
    """What a band is drawn from: one curve, or many end to end."""

    @property
    def survival(self) -> Floats:
        """S at each row."""

    @property
    def finite(self) -> Floats:
        """G at each row, with nought in place of infinity."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One row for each distinct time at which something ended or was censored.

    ``entries`` are the times, in order, at which each came under observation, where not all did so at the start. ``horizon``
    is how far the curve was drawn, where not to its end, and ``later`` how many last beyond it.
    """

    times: NDArray[Any]
    at_risk: Ints
    events: Ints
    censored: Ints
    survival: Floats
    greenwood: Floats  # G(t), the sum of d / (n (n - d)); infinite once S is 0
    entries: NDArray[Any] | None = None
    later: int = 0
    horizon: float | None = None

    @property
    def n(self) -> int:
        """How many episodes."""
        return int(self.events.sum() + self.censored.sum()) + self.later

    @property
    def ended(self) -> int:
        """How many of them ended, as far as the curve is drawn."""
        return int(self.events.sum())

    @property
    def se(self) -> Floats:
        """Greenwood's standard error of S."""
        return np.where(self.survival > 0, self.survival * np.sqrt(self.finite), 0.0)

    @property
    def finite(self) -> Floats:
        """G, with nought in place of infinity once S is nought: there the error is nought too."""
        return np.where(np.isfinite(self.greenwood), self.greenwood, 0.0)

    @property
    def entered(self) -> Ints:
        """How many came under observation before each row's time and not before the row above; all of them in the first."""
        if self.entries is None:
            return np.concatenate(([self.n], np.zeros(self.times.size - 1, dtype=np.int64)))
        return np.diff(np.searchsorted(self.entries, self.times, side="left"), prepend=0)

    def row(self, time: float) -> int:
        """The last row at or before a time; -1 before the first. Refuses a time beyond the horizon."""
        if self.horizon is not None and time > self.horizon:
            raise ValueError(f"the curve was drawn only as far as {self.horizon:g}")
        return int(np.searchsorted(self.times, time, side="right")) - 1

    def at_risk_before(self, time: float) -> int:
        """How many were under observation just before a time."""
        waiting = int(np.searchsorted(self.times, time, side="left"))
        gone = int(self.events[:waiting].sum() + self.censored[:waiting].sum())
        come = self.n if self.entries is None else int(np.searchsorted(self.entries, time, side="left"))
        return come - gone


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


def kaplan_meier(*, times: ArrayLike, events: ArrayLike, entries: ArrayLike | None = None, until: float | None = None) -> Curve:
    """S falls by d/n at each end; a censored time only leaves the number at risk. Refuses no times at all.

    Source: Kaplan and Meier 1958. Between censorings the product telescopes to (left) / (at start), so with nothing
    censored S is one correctly rounded division.

    ``entries`` are for left truncation: somebody who came under observation only at a time is at risk from just after it
    (R's (entry, time]), and one who ended before being observed is not known of at all. Each must be before its time. S is
    then the chance of lasting longer given that the earliest entry was outlasted. ``until`` draws the curve no further.
    """
    given, ended = np.asarray(times), np.asarray(events, dtype=bool)
    if given.size == 0 or given.shape != ended.shape:
        raise ValueError("Kaplan-Meier needs at least one time, and one event mark for each")
    found = tally(Lives(given, ended, None, 1), until=until)
    came = None if entries is None else _entries(np.asarray(entries), given)
    at_risk = found.exits.sum() + found.later[0] - np.cumsum(found.exits) + found.exits
    if came is not None:
        at_risk = np.searchsorted(came, found.times, side="left") - np.cumsum(found.exits) + found.exits
    left = at_risk - found.events
    return Curve(
        times=found.times,
        at_risk=at_risk,
        events=found.events,
        censored=found.exits - found.events,
        survival=product(left, at_risk),
        greenwood=growth(found.events, at_risk, left),
        entries=came,
        later=int(found.later[0]),
        horizon=until,
    )


def survival_exact(curve: Curve, time: float) -> Fraction:
    """S(time) as a fraction of whole numbers, so that two routes to one figure can be compared to the last bit."""
    row = curve.row(time)
    if row < 0:
        return Fraction(1)
    left = curve.at_risk - curve.events
    gaps = np.flatnonzero(left[:row] != curve.at_risk[1 : row + 1])
    over = prod(int(value) for value in left[gaps])
    under = prod(int(value) for value in curve.at_risk[gaps + 1])
    return Fraction(int(left[row]) * over, int(curve.at_risk[0]) * under)


def band(curve: Steps, *, level: float = 0.95, inflate: Floats | float = 1.0) -> tuple[Floats, Floats]:
    """The log-log band of S; ``inflate`` multiplies the variance where episodes are clustered in children."""
    surviving = curve.survival
    inside = (surviving > 0) & (surviving < 1)
    safe = np.where(inside, surviving, 0.5)
    logs = np.log(safe)
    apart = np.exp(z_of(level) * np.sqrt(curve.finite * inflate) / np.abs(logs))
    lower = np.where(inside, np.exp(logs * apart), np.nan)
    upper = np.where(inside, np.exp(logs / apart), np.nan)
    return lower, upper


def at(curve: Curve, time: float, *, level: float = 0.95) -> At:
    """S, its error and its band at one time, and how many were at risk just before it; until something ends all are 1."""
    row, at_risk = curve.row(time), curve.at_risk_before(time)
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
    if curve.horizon is not None and until > curve.horizon:
        raise ValueError(f"the curve was drawn only as far as {curve.horizon:g}")
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


def product(left: Ints, at_risk: Ints) -> Floats:
    """The product of left / at risk down the rows of one curve, each kept over the next row's start.

    Until something has ended it is 1 to the last bit, which the telescoped product of many censorings is not.
    """
    carried = np.ones(left.size)
    if left.size > 1:
        np.cumprod(left[:-1] / at_risk[1:], out=carried[1:])
    ended = np.cumsum(at_risk - left) > 0
    return np.where(ended, left / at_risk[:1] * carried, 1.0)


def growth(happened: Ints, at_risk: Ints, left: Ints) -> Floats:
    """G down the rows of one curve: the running sum of d / (n (n - d))."""
    return np.cumsum(terms(happened, at_risk, left))


def terms(happened: Ints, at_risk: Ints, left: Ints) -> Floats:
    """d / (n (n - d)) at each row: infinite where all that were left ended, and nought where nothing did."""
    found: Floats = np.divide(happened, at_risk * left, out=np.full(left.size, np.inf), where=left > 0)
    found[happened == 0] = 0.0  # the last row of all, where everything left was censored
    return found


def _entries(entries: NDArray[Any], times: NDArray[Any]) -> NDArray[Any]:
    if entries.shape != times.shape or not (entries < times).all():
        raise ValueError("with entries there is one for each time, and each is before its time")
    return np.sort(entries)


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
    if curve.later and not later.size:
        raise ValueError(f"the curve was drawn only as far as {curve.horizon:g}, and the flat stretch goes on beyond")
    end = row + 1 + int(later[0]) if later.size else curve.times.size - 1
    return (float(curve.times[row]) + float(curve.times[end])) / 2


def _first(curve: Curve, bound: Floats, target: float) -> float | None:
    with np.errstate(invalid="ignore"):
        rows = np.flatnonzero(bound <= target)
    return float(curve.times[rows[0]]) if rows.size else None
