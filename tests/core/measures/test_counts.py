"""Counts, rates and tables against R's printed figures, scipy's own tests and their definitions."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2, fisher_exact

from lodestar.core.measures.counts import differs_from, fisher, poisson, ratio_of_rates
from lodestar.core.measures.intervals import none_of, wilson, wilson_effective
from lodestar.core.measures.quantiles import quantile_of

COUNTS = st.integers(0, 60)


@given(st.integers(0, 500))
def test_the_poisson_interval_is_half_of_two_chi_square_quantiles(count: int) -> None:
    found = poisson(count=count)
    assert found.lower == pytest.approx(chi2.ppf(0.025, 2 * count) / 2 if count else 0, abs=1e-9)
    assert found.upper == pytest.approx(chi2.ppf(0.975, 2 * count + 2) / 2, rel=1e-10)


def test_poisson_intervals_are_those_of_the_published_table() -> None:
    table = {0: (0.0, 3.6889), 1: (0.0253, 5.5716), 5: (1.6235, 11.6683), 10: (4.7954, 18.3904)}
    for count, bounds in table.items():
        found = poisson(count=count)
        assert (round(found.lower, 4), round(found.upper, 4)) == bounds
    with pytest.raises(ValueError, match="nought or more"):
        poisson(count=-1)


def test_the_ratio_of_rates_is_that_of_r() -> None:
    # poisson.test(c(11, 6 + 8 + 7), c(800, 1083 + 1050 + 878)), from R's own help page
    found = ratio_of_rates(first=(11, 800), second=(21, 3011))
    assert found.value == pytest.approx(1.971488, abs=1e-6)
    assert (found.lower, found.upper) == pytest.approx((0.8584264, 4.2772659), abs=1e-6)
    assert found.p == pytest.approx(0.07967, abs=5e-6)


@given(COUNTS, COUNTS.filter(bool), st.floats(0.5, 20))
def test_turning_two_rates_over_turns_their_ratio_over(hits: int, others: int, exposure: float) -> None:
    one = ratio_of_rates(first=(hits, exposure), second=(others, 3.0))
    two = ratio_of_rates(first=(others, 3.0), second=(hits, exposure))
    assert one.p == pytest.approx(two.p)
    assert two.upper is None if hits == 0 else two.upper == pytest.approx(1 / one.lower)
    assert one.p == pytest.approx(binomtest(hits, hits + others, exposure / (exposure + 3.0)).pvalue, rel=1e-6)


@pytest.mark.parametrize("pair", [((0, 1.0), (0, 1.0)), ((1, 0.0), (1, 1.0)), ((-1, 1.0), (3, 1.0))])
def test_a_ratio_of_nothing_is_refused(pair: tuple[tuple[int, float], tuple[int, float]]) -> None:
    with pytest.raises(ValueError, match="at least one event"):
        ratio_of_rates(first=pair[0], second=pair[1])


@given(
    st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
def test_fisher_is_the_sum_of_the_tables_that_are_no_likelier(first: tuple[int, int], second: tuple[int, int]) -> None:
    (hits, n), (others, m) = first, second
    every = hits + others
    weights = {x: comb(n, x) * comb(m, every - x) for x in range(max(0, every - m), min(n, every) + 1)}
    exact = Fraction(sum(w for w in weights.values() if w <= weights[hits]), sum(weights.values()))
    assert fisher(first=first, second=second) == pytest.approx(float(exact), rel=1e-9)
    assert fisher(first=first, second=second) == pytest.approx(fisher_exact([[hits, n - hits], [others, m - others]]).pvalue, rel=1e-6)


def test_two_of_48_must_become_ten_before_it_differs() -> None:
    found = differs_from(hits=2, n=48)
    assert found.above == 10
    assert found.p_above is not None
    assert found.p_above < 0.05
    assert found.p_nearly_above == pytest.approx(0.0505, abs=5e-5)
    assert (found.below, found.p_below) == (None, None)


def test_a_count_that_can_fall_says_how_far() -> None:
    found = differs_from(hits=30, n=48, again=40)
    assert found.below is not None
    assert found.p_below == fisher(first=(30, 48), second=(found.below, 40))
    assert fisher(first=(30, 48), second=(found.below + 1, 40)) >= 0.05


@pytest.mark.parametrize("pair", [((1, 0), (1, 2)), ((3, 2), (1, 2)), ((-1, 2), (1, 2))])
def test_an_impossible_table_is_refused(pair: tuple[tuple[int, int], tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="two positive numbers"):
        fisher(first=pair[0], second=pair[1])


def test_none_of_thirty_is_at_most_about_three_in_thirty() -> None:
    assert none_of(30) == pytest.approx(1 - 0.05 ** (1 / 30))
    assert none_of(300) == pytest.approx(3 / 300, rel=0.01)
    with pytest.raises(ValueError, match="positive number"):
        none_of(0)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(1, max(1, n - 1)), st.just(n))).filter(lambda pair: pair[0] < pair[1]))
def test_with_the_plain_variance_the_effective_number_is_the_number(pair: tuple[int, int]) -> None:
    hits, n = pair
    share = hits / n
    found, plain = wilson_effective(share=share, variance=share * (1 - share) / n), wilson(hits=hits, n=n)
    assert (found.lower, found.upper) == pytest.approx((plain.lower, plain.upper), rel=1e-9)


@pytest.mark.parametrize(("share", "variance"), [(0.0, 1.0), (1.0, 1.0), (0.5, 0.0)])
def test_no_effective_number_without_variance(share: float, variance: float) -> None:
    with pytest.raises(ValueError, match="effective number"):
        wilson_effective(share=share, variance=variance)


def test_quantiles_are_type_seven() -> None:
    # R: quantile(c(1, 2, 4, 8, 16), c(.1, .5, .9))
    assert [quantile_of([16, 1, 8, 2, 4], share) for share in (0.1, 0.5, 0.9)] == pytest.approx([1.4, 4.0, 12.8])
    assert quantile_of([1, 2, 3, 4], 0.5) == float(np.median([1, 2, 3, 4])) == 2.5
    with pytest.raises(ValueError, match="at least one value"):
        quantile_of([], 0.5)
