"""Intervals against published figures, a library, and the share of times that they hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from lodestar.core.measures.intervals import clopper_pearson, clustered_error, clustered_logit, student, wilson

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS)
def test_wilson_and_exact_agree_with_statsmodels(pair: tuple[int, int]) -> None:
    hits, n = pair
    for ours, method in ((wilson(hits=hits, n=n), "wilson"), (clopper_pearson(hits=hits, n=n), "beta")):
        lower, upper = proportion_confint(hits, n, method=method)
        assert (ours.lower, ours.upper) == pytest.approx((lower, upper), abs=1e-10)
        assert ours.lower <= hits / n <= ours.upper


def test_two_children_moved_of_48_detained_is_the_published_exact_interval() -> None:
    found = clopper_pearson(hits=2, n=48)
    assert (round(found.lower, 3), round(found.upper, 3)) == (0.005, 0.143)


def test_none_of_n_has_an_upper_bound_in_closed_form() -> None:
    assert clopper_pearson(hits=0, n=30).upper == pytest.approx(1 - 0.025 ** (1 / 30))


@pytest.mark.parametrize(("hits", "n"), [(1, 0), (-1, 5), (6, 5)])
def test_an_impossible_share_is_refused(hits: int, n: int) -> None:
    for method in (wilson, clopper_pearson):
        with pytest.raises(ValueError, match="positive number"):
            method(hits=hits, n=n)


def test_the_clustered_error_is_the_formula_by_hand() -> None:
    # Two children of two episodes: A found both times, B never. p = 1/2; residual sums are 1 and -1.
    error, children = clustered_error(hits=[True, True, False, False], clusters=["a", "a", "b", "b"])
    assert children == 2
    assert error == pytest.approx((2 / 1 * (1 + 1)) ** 0.5 / 4)


def test_with_one_episode_each_the_clustered_error_is_nearly_the_plain_one() -> None:
    marks = [True] * 70 + [False] * 30
    error, _ = clustered_error(hits=marks, clusters=list(range(100)))
    assert error == pytest.approx((0.7 * 0.3 / 99) ** 0.5)


def test_one_child_or_an_extreme_share_has_no_clustered_interval() -> None:
    with pytest.raises(ValueError, match="two children"):
        clustered_logit(hits=[True, False], clusters=["a", "a"])
    with pytest.raises(ValueError, match="nought or one"):
        clustered_logit(hits=[True, True], clusters=["a", "b"])


def test_t_counts_for_more_than_the_normal_when_children_are_few() -> None:
    assert student(9) == pytest.approx((2.262157 / 1.959964) ** 2, rel=1e-5)
    assert student(100_000) == pytest.approx(1, abs=1e-4)


def test_by_child_the_interval_holds_the_truth_and_by_episode_it_does_not() -> None:
    """A hundred and fifty children; each has a share of his own and a few have many episodes."""
    rng = np.random.default_rng(20260604)
    held, held_alone, trials = 0, 0, 400
    for _ in range(trials):
        episodes = np.minimum(rng.geometric(0.35, 150), 30)
        child = np.repeat(np.arange(150), episodes)
        marks = rng.random(child.size) < rng.beta(3, 1, 150)[child]  # the truth, over episodes, is 3/4
        by_child = clustered_logit(hits=marks.tolist(), clusters=child.tolist())
        alone = wilson(hits=int(marks.sum()), n=marks.size)
        held += by_child.lower <= 0.75 <= by_child.upper
        held_alone += alone.lower <= 0.75 <= alone.upper
    assert 0.92 <= held / trials <= 0.98
    assert held_alone / trials < 0.91
