"""Kaplan-Meier against the textbook, against two libraries, and against its own definition."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time
from statsmodels.duration.survfunc import SurvfuncRight

from lodestar.core.measures.clustered import clustered_inflation
from lodestar.core.measures.survival import (
    Curve,
    at,
    band,
    kaplan_meier,
    quantile,
    restricted_mean,
    survival_exact,
)

LIVES = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=60)


def curve_of(lives: list[tuple[int, bool]]) -> Curve:
    return kaplan_meier(times=[time for time, _ in lives], events=[mark for _, mark in lives])


def by_definition(lives: list[tuple[int, bool]], time: int) -> Fraction:
    """S as the product over the ends, each n counted afresh."""
    product = Fraction(1)
    for end in sorted({t for t, mark in lives if mark and t <= time}):
        at_risk = sum(t >= end for t, _ in lives)
        ended = sum(t == end and mark for t, mark in lives)
        product *= 1 - Fraction(ended, at_risk)
    return product


def lives_of(seed: int, n: int = 200) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(1, 60, n), rng.random(n) < 0.75, rng.integers(0, n // 4, n)


@given(LIVES)
def test_s_is_the_product_of_its_definition_at_every_time(lives: list[tuple[int, bool]]) -> None:
    curve = curve_of(lives)
    for time in range(-1, 32):
        exact = by_definition(lives, time)
        assert survival_exact(curve, time) == exact
        assert at(curve, time).survival == pytest.approx(float(exact), abs=1e-12)


@given(st.integers(1, 400), st.integers(1, 400))
def test_s_is_1_to_the_last_bit_until_something_has_ended(censored: int, open_still: int) -> None:
    times = [*range(censored), *[censored] * open_still]
    marks = [False] * censored + [True] + [False] * (open_still - 1)
    curve = kaplan_meier(times=times, events=marks)
    assert (curve.survival[:censored] == 1.0).all()
    assert at(curve, censored - 1).se == 0
    assert at(curve, censored).survival < 1.0


@given(LIVES)
def test_everybody_is_counted_once_as_ended_or_censored(lives: list[tuple[int, bool]]) -> None:
    curve = curve_of(lives)
    assert curve.ended + int(curve.censored.sum()) == curve.n == len(lives)
    assert list(curve.times) == sorted({time for time, _ in lives})
    assert list(curve.at_risk) == [sum(t >= time for t, _ in lives) for time in curve.times]


@given(LIVES)
def test_the_band_holds_s_and_stays_between_nought_and_one(lives: list[tuple[int, bool]]) -> None:
    curve = curve_of(lives)
    lower, upper = band(curve)
    inside = (curve.survival > 0) & (curve.survival < 1)
    assert np.all((lower >= 0) == inside)
    assert np.all(lower[inside] <= curve.survival[inside])
    assert np.all(curve.survival[inside] <= upper[inside])
    assert np.all(upper[inside] <= 1)
    assert np.all(np.isfinite(curve.se))


@given(st.lists(st.integers(0, 40), min_size=1, max_size=40))
def test_with_nothing_censored_the_median_is_the_textbook_median(times: list[int]) -> None:
    curve = kaplan_meier(times=times, events=[True] * len(times))
    assert quantile(curve).value == float(np.median(times))


@pytest.mark.parametrize("seed", range(5))
def test_lifelines_agrees_to_1e_12(seed: int) -> None:
    times, marks, _ = lives_of(seed)
    curve, oracle = kaplan_meier(times=times, events=marks), KaplanMeierFitter().fit(times, marks)
    lower, upper = band(curve)
    expected = oracle.confidence_interval_.loc[curve.times.astype(float)].to_numpy()
    inside = (curve.survival > 0) & (curve.survival < 1)
    assert oracle.survival_function_at_times(curve.times).to_numpy() == pytest.approx(curve.survival, abs=1e-12)
    assert np.column_stack((lower, upper))[inside] == pytest.approx(expected[inside], abs=1e-12)
    assert restricted_mean(curve, until=40) == pytest.approx(restricted_mean_survival_time(oracle, t=40), abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_statsmodels_agrees_on_s_its_error_and_the_numbers_at_risk(seed: int) -> None:
    times, marks, _ = lives_of(seed)
    curve, oracle = kaplan_meier(times=times, events=marks), SurvfuncRight(times, marks.astype(int))
    rows = curve.events > 0
    assert curve.survival[rows] == pytest.approx(oracle.surv_prob, abs=1e-12)
    assert curve.at_risk[rows] == pytest.approx(oracle.n_risk)
    below_one = curve.survival[rows] > 0
    assert curve.se[rows][below_one] == pytest.approx(oracle.surv_prob_se[below_one], abs=1e-12)


def test_a_flat_half_gives_its_middle_where_libraries_give_its_ends() -> None:
    assert quantile(kaplan_meier(times=[1, 2, 3, 4], events=[1, 1, 1, 1])).value == 2.5


def test_whole_numbers_decide_whether_s_is_a_half() -> None:
    # In floats this S is 0.49999999999999994, which would give 6, the left end of the flat stretch from 6 to 9.
    curve = kaplan_meier(times=[1, 2, 2, 3, 3, 4, 6, 9, 10, 10], events=[0, 1, 1, 0, 1, 0, 1, 1, 1, 1])
    assert survival_exact(curve, 6) == Fraction(1, 2) != Fraction(float(curve.survival[curve.row(6)]))
    assert quantile(curve).value == 7.5


def test_a_flat_half_at_the_end_reaches_to_the_last_time_seen_as_in_r() -> None:
    curve = kaplan_meier(times=[1, 1, 2, 2, 2, 5, 9, 9, 9, 9], events=[1, 1, 1, 1, 1, 0, 0, 0, 0, 0])
    assert quantile(curve).value == (2 + 9) / 2


def test_any_share_has_its_quantile_by_the_same_rule() -> None:
    thirds = kaplan_meier(times=[1, 1, 2, 3, 4, 5], events=[1, 1, 0, 1, 1, 1])
    assert survival_exact(thirds, 3) == Fraction(4, 9)
    assert quantile(thirds, share=Fraction(5, 9)).value == 3.5


def test_a_median_not_reached_is_none() -> None:
    crossing = quantile(kaplan_meier(times=[1, 2, 3], events=[1, 0, 0]))
    assert (crossing.value, crossing.upper) == (None, None)


def test_the_interval_of_the_median_holds_the_times_whose_band_holds_a_half() -> None:
    times, marks, _ = lives_of(11)
    curve = kaplan_meier(times=times, events=marks)
    lower, upper = band(curve)
    held = curve.times[(lower <= 0.5) & (upper > 0.5)]
    crossing = quantile(curve)
    assert crossing.lower == held[0]
    assert crossing.upper == curve.times[np.flatnonzero(curve.times == held[-1])[0] + 1]


def test_ends_come_before_censorings_at_a_tie() -> None:
    assert kaplan_meier(times=[5, 5], events=[1, 0]).survival.tolist() == [0.5]


def test_nobody_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one time"):
        kaplan_meier(times=[], events=[])


def test_the_restricted_mean_is_the_area_under_s() -> None:
    curve = kaplan_meier(times=[1, 2, 3, 4], events=[1, 1, 1, 1])
    assert restricted_mean(curve, until=3) == 1 + 0.75 + 0.5
    assert restricted_mean(curve, until=100) == 2.5


@pytest.mark.parametrize("seed", range(5))
def test_the_sandwich_by_child_is_the_sum_of_each_childs_own_pull_squared(seed: int) -> None:
    times, marks, child = lives_of(seed, 80)
    curve = kaplan_meier(times=times, events=marks)
    ratio = clustered_inflation(curve, times=times, events=marks, clusters=child)
    children, checked = len(set(child.tolist())), 0
    for row, time in enumerate(curve.times):
        if not (0 < curve.survival[row] < 1):
            continue
        pulls = [_pull(times, marks, child == name, time) for name in np.unique(child)]
        sandwich = sum(pull**2 for pull in pulls) * children / (children - 1)
        assert ratio[row] == pytest.approx(sandwich / curve.greenwood[row], rel=2e-4)
        checked += 1
    assert checked > 20


def _pull(times: np.ndarray, marks: np.ndarray, mine: np.ndarray, time: int) -> float:
    """How ln S moves when this child's episodes weigh a little more: a derivative, by small steps either way."""
    step = 1e-5
    up, down = (_weighted_log(times, marks, np.where(mine, 1 + sign * step, 1.0), time) for sign in (1, -1))
    return (up - down) / (2 * step)


def _weighted_log(times: np.ndarray, marks: np.ndarray, weights: np.ndarray, time: int) -> float:
    ends = np.unique(times[marks & (times <= time)])
    return sum(math.log(1 - weights[marks & (times == end)].sum() / weights[times >= end].sum()) for end in ends)


def test_children_missing_once_each_inflate_nothing() -> None:
    times, marks, _ = lives_of(3)
    curve = kaplan_meier(times=times, events=marks)
    ratio = clustered_inflation(curve, times=times, events=marks, clusters=np.arange(times.size))
    inside = (curve.survival > 0) & (curve.survival < 1)
    # The jackknife of single episodes is Greenwood's formula but for the ends at ties and the factor m / (m - 1).
    assert ratio[inside] == pytest.approx(times.size / (times.size - 1), abs=1e-9)
