"""The scores are the published ones, and reward whoever says what they believe."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.forecast.scores import crps, interval, pit, pit_bins, widening, wis

numbers = st.lists(st.integers(0, 60), min_size=2, max_size=30)


@given(numbers, st.integers(0, 60))
def test_crps_is_the_mean_distance_less_half_the_distance_between_draws(draws: list[int], came: int) -> None:
    plain = np.mean([abs(a - came) for a in draws]) - np.mean([abs(a - b) for a in draws for b in draws]) / 2
    assert crps(np.array(draws, float), came) == pytest.approx(plain, abs=1e-9)


def test_a_sure_forecast_scores_its_distance() -> None:
    sure = np.full(100, 12.0)
    assert crps(sure, 15) == pytest.approx(3.0)
    # Three intervals of no width and the middle: 2/alpha x 3 x alpha/2 is 3 for each, and half of 3.
    assert wis(sure, 15) == pytest.approx((0.5 * 3 + 3 * 3) / 3.5)


def test_wis_of_one_interval_is_the_interval_score() -> None:
    draws = np.arange(1, 101, dtype=float)
    low, high = interval(draws, level=0.8)
    assert (low, high) == (10.0, 90.0)
    score = 0.2 / 2 * (80 + 2 / 0.2 * 5)
    assert wis(draws, 95, levels=(0.8,)) == pytest.approx((0.5 * 44.5 + score) / 1.5)


def test_both_scores_prefer_the_right_spread_to_one_too_narrow_or_too_wide() -> None:
    chance = np.random.Generator(np.random.Philox(1))
    came = chance.poisson(26, 400)
    right, narrow, wide = (26 + spread * chance.standard_normal(4000) for spread in (5.1, 1.0, 20.0))
    for score in (crps, wis):
        mean = [np.mean([score(draws, one) for one in came]) for draws in (right, narrow, wide)]
        assert mean[0] < min(mean[1:])


def test_the_pit_of_right_counts_is_even_however_few_they_are() -> None:
    chance = np.random.Generator(np.random.Philox(2))
    draws = chance.poisson(2.0, 20_000).astype(float)
    values = [pit(draws, one, at=float(chance.random())) for one in chance.poisson(2.0, 1000)]
    assert all(160 < count < 240 for count in pit_bins(values))
    assert pit(np.array([1.0, 2.0, 2.0, 3.0]), 2, at=0.5) == 0.5


@pytest.mark.parametrize(
    ("misses", "by"), [([], 0.0), ([-3, -2, -1], 0.0), ([-1] * 8 + [4, 6], 4.0), ([-1] * 3 + [5], 5.0)]
)  # fmt: skip
def test_intervals_are_widened_by_the_rank_of_past_misses_that_makes_them_true(misses: list[float], by: float) -> None:
    assert widening(misses, level=0.8) == by
