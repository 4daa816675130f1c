"""How long things last: lognormal, Weibull or gamma, each by two numbers on a scale without edges, and how unsure those are.

``at`` is (log of the middle, log of the shape): for the lognormal (mu, ln sigma), for Weibull (ln scale, ln shape), for gamma
(ln mean, ln shape). On these scales the likelihood is near to normal, so a draw of the parameters is one of a normal pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, gamma, log, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc, gammainccinv, gammaln, log_ndtr, ndtri  # type: ignore[import-untyped, unused-ignore]

Floats = NDArray[np.float64]
Family = Literal["lognormal", "weibull", "gamma"]
FAMILIES: tuple[Family, ...] = ("lognormal", "weibull", "gamma")
SURE = ((0.0, 0.0), (0.0, 0.0))
SMALLEST = 1e-300
WIDEST = 12.0  # a drawn parameter further off than this makes numbers that no clock holds


@dataclass(frozen=True, slots=True)
class Law:
    """One distribution of lengths in days."""

    family: Family
    at: tuple[float, float]
    spread: tuple[tuple[float, float], tuple[float, float]] = SURE  # covariance of ``at``

    @classmethod
    def of_mean(cls, *, mean: float, cv: float, family: Family = "lognormal") -> Law:
        """The law with this mean and coefficient of variation, taken as known. Refuses what is not above nought."""
        if mean <= 0 or cv <= 0:
            raise ValueError("a law needs a mean and a coefficient of variation above nought")
        if family == "gamma":
            return cls("gamma", (log(mean), -2 * log(cv)))
        if family == "lognormal":
            sigma = sqrt(log(1 + cv * cv))
            return cls("lognormal", (log(mean) - sigma * sigma / 2, log(sigma)))
        shape = _weibull_shape(cv)
        return cls("weibull", (log(mean / gamma(1 + 1 / shape)), log(shape)))

    @property
    def mean(self) -> float:
        """The mean in days at the middle of what is known."""
        return float(means(self.family, np.array([self.at]))[0])


def means(family: Family, at: Floats) -> Floats:
    """The mean in days for each row of parameters."""
    middle, shape = at[:, 0], np.exp(at[:, 1])
    if family == "lognormal":
        return np.exp(np.minimum(middle + shape * shape / 2, 700.0))
    if family == "weibull":
        return np.exp(np.minimum(middle + gammaln(1 + 1 / shape), 700.0))
    return np.exp(middle)


def drawn(law: Law, *, runs: int, chance: np.random.Generator) -> Floats:
    """Parameters [run, 2], one draw a run."""
    spread = np.asarray(law.spread)
    z = chance.standard_normal((runs, 2))
    if not spread.any():
        return np.tile(law.at, (runs, 1))
    values, vectors = np.linalg.eigh(spread)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(law.at) + np.clip(z @ root.T, -WIDEST, WIDEST)


def fresh(family: Family, at: Floats, chance: np.random.Generator, *, size: int = 0) -> Floats:
    """One whole length in days for each row of parameters, or ``size`` of them from the only row."""
    middle, shape = at[:, 0], np.exp(at[:, 1])
    count = size or middle.size
    if family == "lognormal":
        return np.exp(middle + shape * chance.standard_normal(count))
    if family == "weibull":
        return np.exp(middle) * chance.standard_exponential(count) ** (1 / shape)
    return chance.standard_gamma(float(shape[0]) if size else shape, size or None) * np.exp(middle) / shape


def left(family: Family, at: Floats, gone: Floats, chance: np.random.Generator) -> Floats:
    """What is still to come, in days, of a length of which so much has gone: drawn given that it is longer."""
    beyond = np.exp(log_survival(family, at, gone))
    chances = np.maximum(beyond * (1 - chance.random(gone.size)), SMALLEST)
    return np.maximum(0.0, _longer_than(family, at, chances) - gone)


def log_survival(family: Family, at: Floats, days: Floats) -> Floats:
    """ln of the chance that it lasts longer, for each row."""
    middle, shape = at[..., 0], np.exp(at[..., 1])
    with np.errstate(divide="ignore"):
        logs = np.log(days)
    if family == "lognormal":
        found: Floats = log_ndtr((middle - logs) / shape)
        return found
    if family == "weibull":
        return -np.exp(np.minimum(shape * (logs - middle), 700.0))
    return np.log(np.maximum(gammaincc(shape, np.exp(np.minimum(logs - middle, 700.0)) * shape), SMALLEST))


def log_density(family: Family, at: Floats, days: Floats) -> Floats:
    """ln of the density at so many days, above nought."""
    middle, shape = at[..., 0], np.exp(at[..., 1])
    logs = np.log(days)
    if family == "lognormal":
        return -np.log(shape) - logs - 0.5 * np.log(2 * np.pi) - 0.5 * ((logs - middle) / shape) ** 2
    if family == "weibull":
        scaled = shape * (logs - middle)
        return np.log(shape) + scaled - logs - np.exp(np.minimum(scaled, 700.0))
    scale = middle - np.log(shape)
    found: Floats = shape * (logs - scale) - logs - np.exp(np.minimum(logs - scale, 700.0)) - gammaln(shape)
    return found


def _longer_than(family: Family, at: Floats, chances: Floats) -> Floats:
    """The length that is exceeded with this chance."""
    middle, shape = at[:, 0], np.exp(at[:, 1])
    if family == "lognormal":
        return np.exp(np.minimum(middle - shape * ndtri(chances), 700.0))
    if family == "weibull":
        return np.exp(middle) * (-np.log(chances)) ** (1 / shape)
    found: Floats = gammainccinv(shape, chances) * np.exp(middle) / shape
    return found


def _weibull_shape(cv: float) -> float:
    """The shape whose coefficient of variation this is, by halving: it falls as the shape grows."""
    low, high = 0.05, 200.0
    for _ in range(200):
        shape = sqrt(low * high)
        ratio = exp(2 * (_log_gamma(1 + 1 / shape))) / exp(_log_gamma(1 + 2 / shape))
        low, high = (low, shape) if 1 / ratio - 1 < cv * cv else (shape, high)
    return sqrt(low * high)


def _log_gamma(value: float) -> float:
    return float(gammaln(value))
