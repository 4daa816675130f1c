"""Laney's p' chart, and the runs about a median."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.measures.spc.runs import runs
from lodestar.core.measures.spc.shares import p_prime, wants_p_prime


def test_the_limits_are_laneys_formula_by_hand() -> None:
    hits, totals = [80, 95, 150, 88, 60, 90, 101, 77, 140, 90, 83, 70], [100, 110, 170, 100, 75, 100, 120, 90, 160, 100, 95, 80]
    found = p_prime(hits, totals, improvement="increase", rules="mdc-7-7")
    share = sum(hits) / sum(totals)
    errors = [(share * (1 - share) / n) ** 0.5 for n in totals]
    scores = [(r / n - share) / error for r, n, error in zip(hits, totals, errors, strict=True)]
    sigma = float(np.abs(np.diff(scores)).mean()) / 1.128
    for point, error in zip(found.points, errors, strict=True):
        assert point.limits.centre == pytest.approx(share)
        assert point.limits.lower == pytest.approx(share - 3 * error * sigma)
        assert point.limits.upper == pytest.approx(min(1, share + 3 * error * sigma))


def test_binomial_months_give_limits_near_the_plain_binomial_ones() -> None:
    rng = np.random.default_rng(3)
    totals = rng.integers(60, 240, 4000)
    hits = rng.binomial(totals, 0.9)
    found = p_prime(hits.tolist(), totals.tolist(), improvement="increase", rules="mdc-7-7")
    last = found.latest.limits
    plain = 3 * (0.9 * 0.1 / totals[-1]) ** 0.5
    assert last.lower is not None
    assert last.centre - last.lower == pytest.approx(plain, rel=0.05)


def test_a_months_own_size_decides_whether_it_is_outside() -> None:
    totals = [100] * 20 + [1000, 20]
    hits = [80, 84] * 10 + [740, 15]
    labels = [point.label for point in p_prime(hits, totals, improvement="increase", baseline=20).points]
    assert labels[-2:] == ["outside", "common_cause"]


@pytest.mark.parametrize(
    ("hits", "totals", "sentence"),
    [([], [], "at least one total"), ([5], [9], "fewer than 10"), ([11], [10], "no more hits"), ([10, 10], [10, 10], "nought or one")],
)
def test_shares_that_cannot_be_drawn_are_refused(hits: list[int], totals: list[int], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        p_prime(hits, totals, improvement="increase")


@pytest.mark.parametrize(("totals", "wanted"), [([100, 110, 95], False), ([100, 140, 60], True), ([1100, 1100], True)])
def test_laney_is_wanted_where_months_differ_by_a_quarter_or_are_large(totals: list[int], wanted: bool) -> None:
    assert wants_p_prime(totals) is wanted


def test_the_runs_about_a_median_are_counted_without_the_points_on_it() -> None:
    found = runs([1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3])
    assert found is not None
    assert (found.median, found.useful, found.longest, found.crossings) == (2, 18, 9, 1)
    assert (found.longest_allowed, found.fewest_crossings) == (round(np.log2(18)) + 3, 5)
    assert found.signal
    assert runs([4.0, 4.0, 4.0]) is None


@given(st.lists(st.integers(0, 9), min_size=1, max_size=60))
def test_crossings_and_runs_add_up(values: list[int]) -> None:
    found = runs(values)
    if found is not None:
        assert 1 <= found.longest <= found.useful
        assert found.longest * (found.crossings + 1) >= found.useful
