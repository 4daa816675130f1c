"""How long the work takes, from cases of which some are not finished: maximum likelihood under censoring and late entry.

An open case is known to last longer than it has; a case that was open when recording began is seen only because it had lasted
so long, and is counted from there. Of lognormal, Weibull and gamma the one with the smallest AIC is taken, and is held
against the Kaplan-Meier curve of the same cases, which supposes no shape at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped, unused-ignore]
from scipy.stats import chi2  # type: ignore[import-untyped, unused-ignore]

from lodestar.core.forecast.laws import FAMILIES, Family, Floats, Law, log_density, log_survival
from lodestar.core.measures.survival import kaplan_meier

FEWEST = 8  # ended cases, below which no shape is fitted
FEWEST_OF_A_CLASS = 30
SHORTEST = 1.0 / 1440  # a case done in no time took a minute
DIFFER = 0.01  # classes are told apart only beyond this chance
STEP = 1e-4


class TooFew(ValueError):  # noqa: N818 - the domain's own word
    """There are not enough ended cases to fit anything to."""


@dataclass(frozen=True, slots=True, eq=False)
class Lengths:
    """Days that cases took: how long, whether ended, and from which age each was under observation."""

    days: Floats
    ended: NDArray[np.bool_]
    entry: Floats

    @classmethod
    def of(cls, days: Sequence[float], ended: Sequence[bool], entry: Sequence[float] | None = None) -> Lengths:
        """Refuses lengths below nought, and an entry after the end."""
        lasted, into = np.asarray(days, dtype=np.float64), np.asarray(entry if entry is not None else np.zeros(len(days)))
        if lasted.size and (lasted.min() < 0 or (into > lasted).any() or into.min() < 0):
            raise ValueError("a length is nought or more, and a case is not seen first after its end")
        return cls(np.maximum(lasted, SHORTEST), np.asarray(ended, dtype=bool), np.minimum(into, lasted))


@dataclass(frozen=True, slots=True)
class Fit:
    """The law that was taken, the others' AIC, and how far it lies from Kaplan-Meier at most."""

    law: Law
    aic: Mapping[str, float]
    n: int
    ended: int
    gap: float  # largest distance of the two curves, 0 to 1
    log_likelihood: float

    @property
    def plain(self) -> dict[str, Any]:
        """As the answer's document says it."""
        return {
            "family": self.law.family,
            "mean_days": round(self.law.mean, 4),
            "aic": {name: round(value, 3) for name, value in self.aic.items()},
            "n": self.n,
            "ended": self.ended,
            "gap": round(self.gap, 4),
        }


def fit(lengths: Lengths) -> Fit:
    """The best of three laws for these lengths. Refuses fewer than 8 that ended."""
    if lengths.ended.sum() < FEWEST:
        raise TooFew(f"{int(lengths.ended.sum())} cases have ended; {FEWEST} are the fewest that a law is fitted to")
    found = {family: _most_likely(family, lengths) for family in FAMILIES}
    aic: dict[str, float] = {family: 4 - 2 * value for family, (_, value) in found.items()}
    best = min(FAMILIES, key=lambda family: aic[family])
    at, value = found[best]
    law = Law(best, (float(at[0]), float(at[1])), _covariance(best, at, lengths))
    return Fit(law, aic, lengths.days.size, int(lengths.ended.sum()), _gap(law, lengths), value)


def fit_by_class(lengths: Sequence[Lengths]) -> tuple[tuple[Fit, ...], float]:
    """One law for all classes, or one each where they truly differ; and the chance of so great a difference by luck.

    Told apart only where each class has 30 ended cases and a likelihood-ratio test says so at 1 in 100.
    """
    whole = Lengths(*(np.concatenate([getattr(one, name) for one in lengths]) for name in ("days", "ended", "entry")))
    pooled = fit(whole)
    if len(lengths) < 2 or min(int(one.ended.sum()) for one in lengths) < FEWEST_OF_A_CLASS:
        return (pooled,), 1.0
    each = [fit(one) for one in lengths]
    ratio = 2 * (sum(one.log_likelihood for one in each) - pooled.log_likelihood)
    chance = float(chi2.sf(ratio, 2 * (len(lengths) - 1)))
    return (tuple(each), chance) if chance < DIFFER else ((pooled,), chance)


def log_likelihood(family: Family, at: Floats, lengths: Lengths) -> float:
    """ln of the likelihood: density where ended, survival where not, each given that it lasted to its entry."""
    seen = np.where(lengths.ended, log_density(family, at, lengths.days), log_survival(family, at, lengths.days))
    before = np.where(lengths.entry > 0, log_survival(family, at, np.maximum(lengths.entry, SHORTEST)), 0.0)
    return float((seen - before).sum())


def _most_likely(family: Family, lengths: Lengths) -> tuple[Floats, float]:
    logs = np.log(lengths.days)
    sigma = max(float(logs.std()), 0.1)
    shape = {"lognormal": np.log(sigma), "weibull": -np.log(sigma) + 0.25, "gamma": -2 * np.log(sigma)}[family]
    begin = np.array([float(np.log(lengths.days.mean())) if family != "lognormal" else float(logs.mean()), shape])
    found = minimize(lambda at: _cost(family, at, lengths), begin, method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-8})
    return found.x, -float(found.fun)


def _cost(family: Family, at: Floats, lengths: Lengths) -> float:
    if abs(at[0]) > 30 or abs(at[1]) > 6:
        return 1e12
    return -log_likelihood(family, at, lengths)


def _covariance(family: Family, at: Floats, lengths: Lengths) -> tuple[tuple[float, float], tuple[float, float]]:
    """The inverse of the curvature at the top, by differences."""
    step = np.diag([STEP, STEP])
    curve = np.empty((2, 2))
    for i in range(2):
        for j in range(2):
            corners = ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1))
            curve[i, j] = sum(sign * _cost(family, at + a * step[i] + b * step[j], lengths) for a, b, sign in corners) / (4 * STEP * STEP)
    spread = np.linalg.inv(curve)
    return ((float(spread[0, 0]), float(spread[0, 1])), (float(spread[1, 0]), float(spread[1, 1])))


def _gap(law: Law, lengths: Lengths) -> float:
    """How far the law lies from the curve that supposes no shape, at most, where the curve steps."""
    at = np.asarray(law.at)
    if not lengths.entry.any():
        curve = kaplan_meier(times=lengths.days, events=lengths.ended)
        times, level = curve.times[curve.events > 0], curve.survival[curve.events > 0]
        return float(np.abs(np.exp(log_survival(law.family, at, times)) - level).max())
    times = np.unique(lengths.days[lengths.ended])
    watched = lengths.entry[:, None] < times  # what ended as it came into view was never at risk
    at_risk = (watched & (lengths.days[:, None] >= times)).sum(axis=0)
    ends = (watched & (lengths.days[:, None] == times) & lengths.ended[:, None]).sum(axis=0)
    level = np.cumprod(1 - np.divide(ends, at_risk, out=np.zeros(times.size), where=at_risk > 0))
    return float(np.abs(np.exp(log_survival(law.family, at, times)) - level).max())
