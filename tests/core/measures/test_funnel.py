"""Funnel limits against the reference package's printed figures, exact tails and the ten units below which nothing is adjusted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, chi2

from lodestar.core.measures.funnel import (
    between,
    binomial_limit,
    funnel_of_ratios,
    funnel_of_shares,
    funnel_of_shares_overdispersed,
    ratio_band,
    share_band,
)

DISTRICTS = ("Cambridge", "East Cambridgeshire", "Fenland", "Huntingdonshire", "South Cambridgeshire", "Peterborough")


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        (15, (0.5596924, 1.649348, 0.3862650, 2.082907)),
        (20, (0.6108260, 1.544419, 0.4479107, 1.902094)),
        (30, (0.6746958, 1.427562, 0.5289724, 1.702771)),
    ],
)
def test_poisson_limits_are_those_that_the_reference_package_prints(expected: float, printed: tuple[float, ...]) -> None:
    band = ratio_band(expected)
    assert (band.lower_95, band.upper_95, band.lower_99_8, band.upper_99_8) == pytest.approx(printed, abs=5e-7)
    assert band.lower_95 == pytest.approx(chi2.ppf(0.025, 2 * expected) / 2 / expected)


@given(st.integers(1, 400), st.floats(0.01, 0.99), st.sampled_from([0.001, 0.025, 0.975, 0.999]))
def test_the_interpolated_limit_is_the_formula_with_scipys_own_binomial(total: int, share: float, at: float) -> None:
    chance = binom(total, share)
    r = chance.ppf(at)
    alpha = (chance.cdf(r) - at) / chance.pmf(r)
    assert binomial_limit(at, total, share) == pytest.approx(min(1, max(0, (r - alpha) / total)), abs=1e-7)


def test_limits_hold_about_the_share_they_promise() -> None:
    chance = binom(600, 0.9)
    band = share_band(600, 0.9)
    outside = chance.cdf(np.floor(band.lower_99_8 * 600)) + chance.sf(np.ceil(band.upper_99_8 * 600) - 1)
    assert outside == pytest.approx(0.002, abs=0.001)


def test_six_districts_are_placed_by_exact_limits() -> None:
    hits, totals = [270, 150, 200, 280, 290, 420], [300, 170, 230, 310, 320, 540]
    found = funnel_of_shares(names=DISTRICTS, hits=hits, totals=totals)
    assert found.centre == sum(hits) / sum(totals)
    assert [unit.place for unit in found.units] == ["above_95", "within", "within", "above_95", "above_95", "below_99_8"]
    wider = funnel_of_shares(names=DISTRICTS, hits=hits, totals=totals, design_effect=1.5)
    assert all(w.band.lower_99_8 < u.band.lower_99_8 for w, u in zip(wider.units, found.units, strict=True))


def test_nothing_is_adjusted_below_ten_units() -> None:
    with pytest.raises(ValueError, match="at least 10"):
        funnel_of_shares_overdispersed(names=DISTRICTS, hits=[9] * 6, totals=[10] * 6)


def test_the_variance_between_units_is_found_again_and_is_nought_without_any() -> None:
    rng = np.random.default_rng(5)
    n = rng.integers(200, 900, 400)
    angles = np.arcsin(np.sqrt(0.7)) + rng.normal(0, 0.08, 400)
    hits = rng.binomial(n, np.sin(angles) ** 2)
    names = [str(number) for number in range(400)]
    spread_out = funnel_of_shares_overdispersed(names=names, hits=hits.tolist(), totals=n.tolist())
    assert 0.05 < spread_out.tau < 0.09  # winsorised, so a little under
    alone = funnel_of_shares_overdispersed(names=names, hits=rng.binomial(n, 0.7).tolist(), totals=n.tolist())
    assert alone.tau < 0.02
    share = sum(unit.place.endswith("99_8") for unit in spread_out.units) / 400
    assert share < 0.03


def test_the_variance_between_units_is_the_formula_by_hand() -> None:
    gaps, errors = np.array([0.3, -0.2, 0.1, 0.0, -0.4, 0.25, 0.05, -0.1, 0.15, -0.3]), np.full(10, 0.1)
    scores = np.clip(gaps / errors, *np.quantile(gaps / errors, [0.1, 0.9]))
    weights = 1 / errors**2
    tau2 = (10 * np.mean(scores**2) - 9) / (weights.sum() - (weights**2).sum() / weights.sum())
    assert between(gaps, errors) == pytest.approx(tau2**0.5)


def test_ratios_are_placed_against_one() -> None:
    found = funnel_of_ratios(names=["a", "b"], observed=[20, 41], expected=[20.0, 20.0])
    assert [unit.place for unit in found.units] == ["within", "above_99_8"]


def test_what_has_no_funnel_is_refused() -> None:
    with pytest.raises(ValueError, match="more than nought"):
        funnel_of_shares(names=["a"], hits=[0], totals=[0])
    with pytest.raises(ValueError, match="nought or one in every unit"):
        funnel_of_shares(names=["a"], hits=[0], totals=[5])
    with pytest.raises(ValueError, match="design effect"):
        funnel_of_shares(names=["a"], hits=[2], totals=[5], design_effect=0.5)
    with pytest.raises(ValueError, match="expectation is more"):
        funnel_of_ratios(names=["a"], observed=[2], expected=[0.0])
