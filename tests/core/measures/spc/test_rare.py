"""T and G charts: the limits to the printed figures, and how often they flag a stable process."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import f as f_distribution
from scipy.stats import geom

from lodestar.core.measures.spc.rare import TAIL, g_chart, geometric_quantile, spread, t_chart, t_factors


@pytest.mark.parametrize(("gaps", "upper"), [(10, 9.363), (15, 8.302), (25, 7.563), (50, 7.064)])
def test_the_upper_limit_of_a_t_chart_is_the_printed_multiple_of_the_mean_gap(gaps: int, upper: float) -> None:
    assert round(t_factors(gaps)[2], 3) == upper


@pytest.mark.parametrize("gaps", [1, 7, 48])
def test_the_limits_are_quantiles_of_f(gaps: int) -> None:
    lower, _, upper = t_factors(gaps)
    assert (lower, upper) == pytest.approx(tuple(f_distribution.ppf([TAIL, 1 - TAIL], 2, 2 * gaps)), rel=1e-9)


def test_forty_eight_detentions_a_year_improve_when_none_comes_for_54_days() -> None:
    year = 365.25
    lower, _, upper = (factor * year / 48 for factor in t_factors(48))
    assert round(upper) == 54
    assert round(lower * 24 * 60) == 15  # minutes: the lower limit catches nothing


def test_a_new_exponential_gap_is_flagged_as_often_as_promised() -> None:
    rng = np.random.default_rng(7)
    base, new = rng.exponential(1, (400_000, 10)).mean(axis=1), rng.exponential(1, 400_000)
    lower, _, upper = t_factors(10)
    for share in ((new > upper * base).mean(), (new < lower * base).mean()):
        assert share == pytest.approx(TAIL, abs=4 * (TAIL / 400_000) ** 0.5)


def test_a_long_gap_between_detentions_is_improvement_and_a_baseline_fixes_the_limits() -> None:
    found = t_chart([5.0] * 15 + [60.0], baseline=15)
    assert [point.label for point in found.points] == ["common_cause"] * 15 + ["outside"]
    assert (found.latest.meaning, found.variation.code) == ("improvement", "improvement_high")
    assert found.segments[0].limits.centre == pytest.approx(5 * np.log(2))
    assert (found.kind, found.ruleset.id, found.trial, found.false_flags) == ("t", "t-exact", False, 2 * TAIL)
    assert t_chart([5.0] * 15 + [60.0], baseline=15, improvement="decrease").latest.meaning == "concern"


@pytest.mark.parametrize("gaps", [[], [0.0], [1.0, -1.0], [float("nan")]])
def test_gaps_that_cannot_be_are_refused(gaps: list[float]) -> None:
    with pytest.raises(ValueError, match="more than nought"):
        t_chart(gaps)


@given(st.floats(0.001, 0.999), st.sampled_from([TAIL, 0.5, 1 - TAIL, 0.1]))
def test_the_geometric_quantile_is_the_least_number_reached(share: float, at: float) -> None:
    found = geometric_quantile(at, share)
    reached = geom(share, loc=-1).cdf
    assert reached(found) >= at - 1e-9
    assert found == 0 or reached(found - 1) < at + 1e-9


def test_a_g_chart_has_whole_limits_from_the_share_of_opportunities() -> None:
    gaps = [3, 9, 0, 14, 6, 2, 21, 5, 8, 12, 1, 7]
    found = g_chart([*gaps, 120], baseline=12)
    share = 12 / (sum(gaps) + 12)
    wanted = geom(share, loc=-1)
    lines = found.segments[0].limits
    assert (lines.lower, lines.centre, lines.upper) == (wanted.ppf(TAIL), wanted.ppf(0.5), wanted.ppf(1 - TAIL))
    assert [point.label for point in found.points[-2:]] == ["common_cause", "outside"]


def test_when_every_gap_is_nought_there_are_no_limits() -> None:
    found = g_chart([0, 0, 0])
    assert (found.segments[0].limits.upper, found.variation.code) == (None, "no_variation")


@pytest.mark.parametrize("gaps", [[], [-1], [0.5]])
def test_opportunities_are_whole_numbers(gaps: list[int]) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        g_chart(gaps)


def test_a_stable_g_chart_flags_few_points() -> None:
    rng = np.random.default_rng(11)
    flags = 0
    for _ in range(400):
        gaps = (rng.geometric(0.08, 41) - 1).tolist()
        flags += g_chart(gaps, baseline=40).latest.label == "outside"
    assert flags / 400 < 0.015


def test_events_of_one_instant_are_spread_within_what_the_record_can_tell() -> None:
    assert spread([2.0, 1.0, 2.0], resolution=1.0) == ([1.0, 2.25, 2.75], 2)
    assert spread([1.0, 2.0], resolution=1.0) == ([1.0, 2.0], 0)
