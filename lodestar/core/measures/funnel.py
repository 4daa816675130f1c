"""Funnel plots between districts: what would chance alone give one of this size?

Exact binomial limits with Spiegelhalter's interpolation, chi-square Poisson limits for ratios, and an over-dispersed form
on the arcsine scale that is refused below ten units, where its between-unit variance is noise. There is no ranking.
Source: Spiegelhalter 2005, Funnel plots for comparing institutional performance; FunnelPlotR; measures.md 3.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, gammaincinv  # type: ignore[import-untyped, unused-ignore]

Floats = NDArray[np.float64]
Place = Literal["within", "above_95", "below_95", "above_99_8", "below_99_8"]

TAILS = {"95": 0.025, "99.8": 0.001}
DEVIATES = {"95": 1.959964, "99.8": 3.090232}
FEWEST_UNITS = 10
WINSORISED = 0.1


@dataclass(frozen=True, slots=True)
class Band:
    """Limits at one size: lower and upper at 95% and at 99.8%."""

    lower_95: float
    upper_95: float
    lower_99_8: float
    upper_99_8: float


@dataclass(frozen=True, slots=True)
class Unit:
    """One district: its value, the size that its limits depend on, its limits and where it lies."""

    name: str
    value: float
    size: float
    band: Band
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """The whole plot. ``tau`` is the standard deviation between units on the arcsine scale, 0 where not adjusted."""

    centre: float
    units: tuple[Unit, ...]
    method: str
    tau: float = 0.0


def funnel_of_shares(*, names: Sequence[str], hits: Sequence[int], totals: Sequence[int], design_effect: float = 1.0) -> Funnel:
    """Shares against the share of all together, with exact limits.

    A ``design_effect`` over 1, of children counted more than once, makes the limits those of totals / design effect.
    Refuses a total of 0, a common share of 0 or 1, and a design effect below 1.
    """
    r, n, centre = _shares(names, hits, totals)
    if design_effect < 1:
        raise ValueError("a design effect is 1 or more")
    bands = [share_band(size / design_effect, centre) for size in n.tolist()]
    method = "exact binomial" + (f", variance times {design_effect:g}" if design_effect > 1 else "")
    return Funnel(centre=centre, units=_units(names, r / n, n, bands), method=method)


def funnel_of_shares_overdispersed(
    *, names: Sequence[str], hits: Sequence[int], totals: Sequence[int], design_effect: float = 1.0
) -> Funnel:
    """Shares against limits widened by what varies between units besides chance. Refuses fewer than ten units."""
    r, n, centre = _shares(names, hits, totals)
    if n.size < FEWEST_UNITS:
        raise ValueError(f"over-dispersion cannot be told from {n.size} units; it needs at least {FEWEST_UNITS}")
    error = np.sqrt(design_effect / (4 * n))
    middle = np.arcsin(np.sqrt(centre))
    tau = between(np.arcsin(np.sqrt(r / n)) - middle, error)
    reach = np.sqrt(error**2 + tau**2)
    bands = [Band(*(_sine(middle + sign * DEVIATES[level] * one) for level in TAILS for sign in (-1, 1))) for one in reach.tolist()]
    return Funnel(centre=centre, units=_units(names, r / n, n, bands), method="arcsine, over-dispersed", tau=tau)


def funnel_of_ratios(*, names: Sequence[str], observed: Sequence[int], expected: Sequence[float]) -> Funnel:
    """Observed over expected against 1, with exact Poisson limits. Refuses an expectation of 0 or less."""
    seen, due = np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if not (len(names) == seen.size == due.size) or seen.size == 0:
        raise ValueError("a funnel needs at least one unit, with one count and one expectation for each")
    if (due <= 0).any() or (seen < 0).any():
        raise ValueError("an expectation is more than nought and a count is nought or more")
    bands = [ratio_band(size) for size in due.tolist()]
    return Funnel(centre=1.0, units=_units(names, seen / due, due, bands), method="exact Poisson")


def share_band(total: float, share: float) -> Band:
    """Limits of a share of so many, for the line of the plot too: the interpolated binomial quantile over the total."""
    return Band(*(binomial_limit(at, total, share) for tail in TAILS.values() for at in (tail, 1 - tail)))


def ratio_band(expected: float) -> Band:
    """Limits of observed over expected at one expectation."""
    return Band(*(limit for tail in TAILS.values() for limit in _ratio_limits(tail, expected)))


def binomial_limit(at: float, total: float, share: float) -> float:
    """(r - alpha) / n, with r the binomial quantile and alpha how far past the probability it reaches; within 0 to 1.

    A total that is not whole, of an effective number, is drawn straight between the whole ones beside it.
    """
    below, part = int(np.floor(total)), total - np.floor(total)
    if below < 1:
        return 0.0 if at < 0.5 else 1.0
    found = _whole_limit(at, below, share)
    return found if part == 0 else (1 - part) * found + part * _whole_limit(at, below + 1, share)


def between(gaps: Floats, errors: Floats) -> float:
    """The standard deviation between units: DerSimonian and Laird's, from scores winsorised at a tenth either end."""
    scores = gaps / errors
    low, high = np.quantile(scores, [WINSORISED, 1 - WINSORISED])
    count = scores.size
    dispersion = float(np.square(np.clip(scores, low, high)).sum()) / count
    weights = 1 / errors**2
    under = float(weights.sum() - np.square(weights).sum() / weights.sum())
    return float(np.sqrt(max(0.0, (count * dispersion - (count - 1)) / under)))


def _whole_limit(at: float, total: int, share: float) -> float:
    reached = np.asarray(bdtr(np.arange(total + 1), total, share))
    r = min(int(np.searchsorted(reached, at)), total)
    before = float(reached[r - 1]) if r else 0.0
    alpha = (float(reached[r]) - at) / (float(reached[r]) - before)
    return min(1.0, max(0.0, (r - alpha) / total))


def _ratio_limits(tail: float, expected: float) -> tuple[float, float]:
    """qchisq(p, 2E) / 2 / E and qchisq(1 - p, 2(E + 1)) / 2 / E."""
    return float(gammaincinv(expected, tail)) / expected, float(gammaincinv(expected + 1, 1 - tail)) / expected


def _shares(names: Sequence[str], hits: Sequence[int], totals: Sequence[int]) -> tuple[Floats, Floats, float]:
    r, n = np.asarray(hits, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    if not (len(names) == r.size == n.size) or r.size == 0:
        raise ValueError("a funnel needs at least one unit, with one count and one total for each")
    if (n <= 0).any() or ((r < 0) | (r > n)).any():
        raise ValueError("a total is more than nought and holds no more hits than itself")
    centre = float(r.sum() / n.sum())
    if not 0 < centre < 1:
        raise ValueError("a share of nought or one in every unit has no funnel")
    return r, n, centre


def _units(names: Sequence[str], values: Floats, sizes: Floats, bands: Sequence[Band]) -> tuple[Unit, ...]:
    rows = zip(names, values.tolist(), sizes.tolist(), bands, strict=True)
    return tuple(Unit(name, value, size, band, _place(value, band)) for name, value, size, band in rows)


def _place(value: float, band: Band) -> Place:
    if value > band.upper_99_8:
        return "above_99_8"
    if value < band.lower_99_8:
        return "below_99_8"
    if value > band.upper_95:
        return "above_95"
    return "below_95" if value < band.lower_95 else "within"


def _sine(angle: float) -> float:
    """sin squared, with the angle kept where it means a share."""
    return float(np.sin(min(max(angle, 0.0), np.pi / 2)) ** 2)
