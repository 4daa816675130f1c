"""The laws that chance follows here, each fitted to a published figure (measures.md section 7)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from lodestar.doors.feeds.demo.dice import Dice

EPISODES_A_YEAR = 2000
BANDS = (("0-11", 0.07), ("12-14", 0.35), ("15-17", 0.58))
LOOKED_AFTER = 0.33  # of episodes
# Looked-after children's times spread less, others' more, so that the whole keeps the published shape.
_SPREAD_LOOKED_AFTER, _SPREAD_OTHERS = 0.882, 1.053
_LONGEST_HOURS = 60 * 24.0  # one in a thousand of the law's tail; a year's history has no longer ones
_SHORTEST_HOURS = 0.1
_NORMAL = NormalDist()

MONTHS = (0.94, 0.90, 0.98, 1.00, 1.08, 1.12, 1.10, 1.00, 1.02, 1.08, 0.98, 0.88)
GRADES = (("high", 0.10), ("medium", 0.78), ("cannot_be_assessed", 0.01), ("low", 0.06), ("very_low", 0.05))
GRADES_YOUNG = (("high", 0.40), ("medium", 0.55), ("low", 0.05))

_FREQUENT = 0.07
_LOG_SERIES, _FREQUENT_MEAN, _FREQUENT_R = 0.78, 11.0, 0.8
_MOST_A_YEAR = 100
_LARGE = 100_000
# The median gap aimed at is 25 days; a year cuts the long ones off, so the law behind it has a longer one.
_GAP_SHAPE, _GAP_MEDIAN_DAYS = 0.6, 33.0


@dataclass(frozen=True, slots=True)
class Duration:
    """A lognormal law of the hours missing."""

    name: str
    mu: float
    sigma: float

    def of(self, *, looked_after: bool) -> tuple[float, float]:
        """The law of this kind of child."""
        return self.mu, self.sigma * (_SPREAD_LOOKED_AFTER if looked_after else _SPREAD_OTHERS)

    def draw(self, dice: Dice, *, looked_after: bool) -> float:
        """Hours missing of one episode."""
        mu, sigma = self.of(looked_after=looked_after)
        return min(max(dice.lognormal(math.exp(mu), sigma), _SHORTEST_HOURS), _LONGEST_HOURS)

    def share_within(self, hours: float) -> float:
        """The share found within so many hours, over both kinds of child."""
        kinds = ((LOOKED_AFTER, True), (1 - LOOKED_AFTER, False))
        laws = ((share, *self.of(looked_after=looked_after)) for share, looked_after in kinds)
        return sum(share * _NORMAL.cdf((math.log(hours) - mu) / sigma) for share, mu, sigma in laws)

    @property
    def median(self) -> float:
        """Both kinds share it."""
        return math.exp(self.mu)


SHAPES = {
    shape.name: shape
    for shape in (
        Duration("national", 1.97, 1.70),  # England and Wales: 52.5, 76.1, 86.8 and 96.8 % at 8, 24, 48 and 168 h
        Duration("scottish", 1.81, 1.32),  # 58 % within 8 h, 94 % within 48 h
        Duration("as_claimed", 1.31, 1.46),  # what "over 90 % within 24 h, median under 4 h" would be
    )
}


def shape(name: str) -> Duration:
    """The law of this name; an unknown one is refused."""
    if name not in SHAPES:
        raise ValueError(f"no such shape: {name}; choose from {', '.join(SHAPES)}")
    return SHAPES[name]


def episodes_a_child(rng: np.random.Generator, episodes: int) -> np.ndarray:
    """How many episodes each child has in a year, smallest first, adding up to ``episodes``: most few, some very many.

    A force sees one draw of a long-tailed law; here evenly spaced ones of a large draw are taken, so that seeds differ in
    who and when but hardly in how concentrated the year was.
    """
    few = rng.logseries(_LOG_SERIES, _LARGE)
    many = 1 + rng.negative_binomial(_FREQUENT_R, _FREQUENT_R / (_FREQUENT_R + _FREQUENT_MEAN), _LARGE)
    large = np.sort(np.minimum(np.where(rng.random(_LARGE) < _FREQUENT, many, few), _MOST_A_YEAR))
    children = max(4, round(episodes / large.mean()))
    return large[((np.arange(children) + rng.random()) * (_LARGE / children)).astype(int)]


def gap_days(dice: Dice, *, looked_after: bool) -> float:
    """Days from a return to the next report: often short, with a long tail; shorter for looked-after children."""
    scale = _GAP_MEDIAN_DAYS * (0.8 if looked_after else 1.15) / math.log(2) ** (1 / _GAP_SHAPE)
    return scale * (-math.log(1 - dice.unit())) ** (1 / _GAP_SHAPE)


def hour_of_report(dice: Dice) -> float:
    """The local hour of a report: after school, and when the house goes to bed."""
    throw = dice.unit()
    if throw < 0.2:
        return dice.between(0, 24)
    middle, spread = (17.5, 1.3) if throw < 0.65 else (23.5, 1.2)
    return (middle + spread * _NORMAL.inv_cdf(max(dice.unit(), 1e-9))) % 24
