"""Monthly demand: a level that drifts, a year's shape, and counts more uneven than chance, with what is not known drawn.

The level is a gamma whose evidence fades: each month what was known counts a little less (Harrison and Stevens' discounting),
so that it follows change without a trend being drawn into the future. The year's shape is one or two harmonics. How fast
evidence fades, how uneven the counts are and how many harmonics there are is not chosen but weighed, by how well each
foretold the months that came, and drawn by those weights. The months of a series are as known on the day of the forecast:
``exposure`` is days times the share of what came that was on record by then.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln  # type: ignore[import-untyped, unused-ignore]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FADES = (0.6, 0.75, 0.85, 0.92, 0.96, 0.985)
UNEVEN = (1.0001, 1.5, 2.5, 4.0, 7.0)
HARMONICS = (0, 1, 2)
WARM_UP = 6  # months that only teach the level
YEAR = 12
LEAST = 0.3  # the least that is still known of a level, in months


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Months in a row: what was on record, the exposure in days, and the calendar month of each, 0 to 11."""

    counts: Floats
    exposure: Floats
    month: Ints

    @property
    def months(self) -> int:
        """How many."""
        return int(self.counts.size)


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    """A year's shape by some harmonics: the parameters, and how unsure they are."""

    harmonics: int
    at: Floats
    spread: Floats

    def factors(self, month: Ints) -> Floats:
        """The factor of each calendar month."""
        return np.exp(_waves(month, self.harmonics) @ self.at) if self.harmonics else np.ones(month.size)

    def drawn(self, month: Ints, draws: int, chance: np.random.Generator) -> Floats:
        """Factors [draw, month], the shape drawn anew each time."""
        if not self.harmonics:
            return np.ones((draws, month.size))
        values, vectors = np.linalg.eigh(self.spread)
        z = chance.standard_normal((draws, self.at.size)) @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
        return np.exp(np.clip((self.at + z) @ _waves(month, self.harmonics).T, -3.0, 3.0))


def foretell(series: Series, *, ahead: int, exposure: Floats, draws: int, chance: np.random.Generator) -> Floats:
    """Draws [draw, month] of the counts of the next ``ahead`` months. Refuses fewer than 12 months."""
    if series.months < YEAR:
        raise ValueError("a year of months is the least that anything is foretold from")
    coming = (series.month[-1] + 1 + np.arange(ahead)) % YEAR
    grid = list(product(FADES, UNEVEN))
    shapes = [_shape(series, harmonics) for harmonics in HARMONICS if not harmonics or series.months >= 2 * YEAR]
    learnt = [_learn(series, shape, grid) for shape in shapes]
    scores = np.concatenate([score for _, _, score in learnt])
    weights = np.exp(scores - scores.max())
    cells = np.sort(chance.choice(scores.size, size=draws, p=weights / weights.sum()))
    out = np.empty((draws, ahead))
    for number, shape in enumerate(shapes):
        mine = np.flatnonzero(cells // len(grid) == number)
        if mine.size:
            cell = cells[mine] % len(grid)
            a, b, _ = learnt[number]
            fade, uneven = (np.array([pair[side] for pair in grid])[cell] for side in (0, 1))
            factors = shape.drawn(coming, mine.size, chance) * exposure
            out[mine] = _draws((a[cell], b[cell]), fade, uneven, factors, chance)
    return out


def last_year(series: Series, *, ahead: int, exposure: Floats, draws: int, chance: np.random.Generator) -> Floats:
    """Seasonal naive: the same month of last year, with the differences that years made before. The least to be beaten."""
    rate = series.counts / series.exposure
    base = np.array([rate[series.months - YEAR + step % YEAR] for step in range(ahead)]) * exposure
    apart = (rate[YEAR:] - rate[:-YEAR]) * exposure.mean()
    if apart.size < YEAR:
        apart = np.concatenate([apart, (rate[-YEAR:] - rate[-YEAR:].mean()) * exposure.mean()])
    found: Floats = np.maximum(0.0, np.rint(base + chance.choice(apart, size=(draws, ahead))))
    return found


def _waves(month: Ints, harmonics: int) -> Floats:
    turn = 2 * np.pi * month[:, None] / YEAR * np.arange(1, harmonics + 1)
    return np.hstack([np.cos(turn), np.sin(turn)])


def _shape(series: Series, harmonics: int) -> _Shape:
    """A Poisson regression on the harmonics beside a line, by reweighted least squares, held a little towards no shape."""
    if not harmonics:
        return _Shape(0, np.empty(0), np.empty((0, 0)))
    line = np.column_stack([np.ones(series.months), np.arange(series.months) / YEAR - series.months / 24])
    design = np.hstack([line, _waves(series.month, harmonics)])
    hold = np.diag([1e-6, 1e-3] + [25.0] * (2 * harmonics))  # a wave of a fifth is as far as is likely
    level = np.log(max(series.counts.sum(), 0.5) / series.exposure.sum())
    at = np.zeros(design.shape[1])
    at[0] = level
    for _ in range(12):
        mean = series.exposure * np.exp(np.clip(design @ at, -20, 20))
        work = design @ at + (series.counts - mean) / mean
        at = np.linalg.solve(design.T @ (mean[:, None] * design) + hold, design.T @ (mean * work))
    mean = series.exposure * np.exp(np.clip(design @ at, -20, 20))
    loose = max(1.0, float((((series.counts - mean) ** 2) / mean).sum()) / max(1, series.months - design.shape[1]))
    spread = np.linalg.inv(design.T @ (mean[:, None] * design) / loose + hold)
    return _Shape(harmonics, at[2:], spread[2:, 2:])


def _learn(series: Series, shape: _Shape, grid: list[tuple[float, float]]) -> tuple[Floats, Floats, Floats]:
    """The level's evidence (a, b) after the last month for each cell of the grid, and how well each foretold what came."""
    fade, uneven = (np.array([pair[side] for pair in grid]) for side in (0, 1))
    factors = shape.factors(series.month) * series.exposure
    b = np.full(len(grid), 0.5 * float(factors.mean())) / uneven
    a = b * max(float(series.counts[:YEAR].sum() / factors[:YEAR].sum()), 1e-6)
    score = np.full(len(grid), -float(shape.harmonics))  # each harmonic costs what its two numbers would in AIC
    for place, (count, factor) in enumerate(zip(series.counts, factors, strict=True)):
        a, b = a * fade, b * fade
        if place >= WARM_UP:
            mean = factor * a / b
            score += _log_chance(count, mean, uneven * mean + factor * factor * a / (b * b))
        a, b = a + count / uneven, b + factor / uneven
    return a, b, score


def _log_chance(count: float, mean: Floats, variance: Floats) -> Floats:
    """ln of a negative binomial's chance of a count, by its mean and variance."""
    mean = np.maximum(mean, 1e-9)
    size = mean * mean / np.maximum(variance - mean, 1e-9)
    found: Floats = (
        gammaln(count + size)
        - gammaln(size)
        - gammaln(count + 1)
        + size * np.log(size / (size + mean))
        + count * np.log(mean / (size + mean))
    )
    return found


def _draws(known: tuple[Floats, Floats], fade: Floats, uneven: Floats, factors: Floats, chance: np.random.Generator) -> Floats:
    """Counts [draw, month]: the level drawn with what is still known of it by then, then the month's own unevenness."""
    out, (a, b) = np.empty(factors.shape), known
    for step in range(factors.shape[1]):
        left = np.maximum(a * fade ** (step + 1), LEAST)
        level = chance.gamma(left, 1.0) * (a / b) / left
        mean = np.maximum(level * factors[:, step], 1e-12)
        out[:, step] = chance.poisson(np.minimum(chance.gamma(mean / (uneven - 1), uneven - 1), 1e9))
    return out
