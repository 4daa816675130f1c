"""Cumulative incidence: printed values, a library's, its own definition in fractions, and what it must add up to."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight

from lodestar.core.measures.competing import Incidence, aalen_johansen, incidence_band
from lodestar.core.measures.survival import kaplan_meier, survival_exact

LIVES = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 3)), min_size=1, max_size=50)

# From statsmodels' own tests: the shares are those of R's cmprsk, the errors those of Stata's stcompet.
TIMES = (1, 1, 2, 4, 4, 4, 6, 6, 7, 8, 9, 9, 9, 1, 2, 2, 4, 4)
CAUSES = (1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0)
SHARES = (
    (0.11111111, 0.17037037, 0.17037037, 0.17037037, 0.17037037),
    (0, 0, 0.20740741, 0.20740741, 0.20740741),
    (0, 0, 0, 0.17777778, 0.26666667),
)
ERRORS = (
    (0.07407407, 0.08976251, 0.08976251, 0.08976251, 0.08976251),
    (0, 0, 0.10610391, 0.10610391, 0.10610391),
    (0, 0, 0, 0.11196147, 0.12787781),
)


def incidence_exact(found: Incidence, *, cause: int, time: float) -> Fraction:
    """The share of one outcome by a time as a fraction of whole numbers, to compare two routes to one figure exactly."""
    surviving, share = Fraction(1), Fraction(0)
    ended = found.events.sum(axis=0)
    for row in range(found.row(time) + 1):
        share += surviving * Fraction(int(found.events[cause - 1, row]), int(found.at_risk[row]))
        surviving *= Fraction(int(found.at_risk[row] - ended[row]), int(found.at_risk[row]))
    return share


def columns(lives: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([time for time, _ in lives]), np.array([cause for _, cause in lives])


def test_shares_and_errors_are_the_published_ones() -> None:
    found = aalen_johansen(times=TIMES, causes=CAUSES)
    for cause in range(3):
        assert found.share[cause, :5] == pytest.approx(SHARES[cause], abs=5e-9)
        assert found.se[cause, :5] == pytest.approx(ERRORS[cause], abs=5e-9)


@pytest.mark.parametrize("seed", range(4))
def test_statsmodels_agrees_to_1e_9_with_ties(seed: int) -> None:
    rng = np.random.default_rng(seed)
    times, causes = rng.integers(1, 40, 300), rng.integers(0, 4, 300)
    times[-1], causes[-1] = 41, 0  # where all have ended statsmodels divides by nought
    found, oracle = aalen_johansen(times=times, causes=causes), CumIncidenceRight(times, causes)
    rows = np.searchsorted(found.times, oracle.times)
    for cause in range(3):
        assert found.share[cause, rows] == pytest.approx(oracle.cinc[cause], abs=1e-12)
        assert found.se[cause, rows] == pytest.approx(oracle.cinc_se[cause], abs=1e-9)


@given(LIVES)
def test_the_shares_of_all_outcomes_and_s_add_up_to_one_exactly(lives: list[tuple[int, int]]) -> None:
    times, causes = columns(lives)
    found, curve = aalen_johansen(times=times, causes=causes, count=3), kaplan_meier(times=times, events=causes > 0)
    for time in range(-1, 26):
        total = sum((incidence_exact(found, cause=cause, time=time) for cause in (1, 2, 3)), Fraction(0))
        assert total == 1 - survival_exact(curve, time)
    assert found.share.sum(axis=0) == pytest.approx(1 - curve.survival, abs=1e-12)
    for cause in (1, 2, 3):
        exact = [float(incidence_exact(found, cause=cause, time=time)) for time in found.times]
        assert found.share[cause - 1] == pytest.approx(exact, abs=1e-12)


@given(LIVES)
def test_with_one_outcome_it_is_one_minus_kaplan_meier(lives: list[tuple[int, int]]) -> None:
    times, causes = columns(lives)
    found, curve = aalen_johansen(times=times, causes=(causes > 0).astype(int), count=1), kaplan_meier(times=times, events=causes > 0)
    assert found.share[0] == pytest.approx(1 - curve.survival, abs=1e-12)
    assert np.array_equal(found.at_risk, curve.at_risk)


@given(LIVES, st.randoms())
def test_the_order_of_the_rows_changes_nothing_ties_or_not(lives: list[tuple[int, int]], chance: object) -> None:
    shuffled = lives[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (aalen_johansen(times=t, causes=c, count=3) for t, c in (columns(lives), columns(shuffled)))
    assert np.array_equal(one.share, other.share)
    assert np.array_equal(one.se, other.se)


def weighted_share(times: np.ndarray, causes: np.ndarray, weights: np.ndarray, time: int) -> float:
    surviving, share = 1.0, 0.0
    for end in np.unique(times[(causes > 0) & (times <= time)]):
        at_risk = weights[times >= end].sum()
        share += surviving * weights[(times == end) & (causes == 1)].sum() / at_risk
        surviving *= 1 - weights[(times == end) & (causes > 0)].sum() / at_risk
    return share


def test_the_error_is_the_sum_of_everybodys_pull_squared() -> None:
    rng = np.random.default_rng(12)
    times, causes = rng.integers(1, 12, 40), rng.integers(0, 3, 40)
    found, step = aalen_johansen(times=times, causes=causes), 1e-5
    for row, time in enumerate(found.times):
        pulls = []
        for one in range(40):
            up, down = (weighted_share(times, causes, np.where(np.arange(40) == one, 1 + sign * step, 1.0), time) for sign in (1, -1))
            pulls.append((up - down) / (2 * step))
        assert found.se[0, row] ** 2 == pytest.approx(sum(pull**2 for pull in pulls), abs=1e-9)


def test_taking_other_outcomes_for_censoring_says_too_much() -> None:
    rng = np.random.default_rng(2)
    times, causes = rng.exponential(10, 500), rng.choice([0, 1, 2], 500, p=[0.2, 0.5, 0.3])
    found = aalen_johansen(times=times, causes=causes)
    naive = kaplan_meier(times=times, events=causes == 1)
    assert found.share[0, found.row(15.0)] < 1 - naive.survival[naive.row(15.0)] - 0.05


@given(LIVES)
@example([(1, 1)] * 3 + [(2, 1), (3, 1), (4, 1)])  # a half and three sixths add up to a last bit less than 1
def test_the_band_holds_the_share(lives: list[tuple[int, int]]) -> None:
    times, causes = columns(lives)
    found = aalen_johansen(times=times, causes=causes, count=3)
    lower, upper = incidence_band(found.share, found.se)
    inside = (found.share > 0) & (found.share < 1)
    assert np.array_equal(np.isfinite(lower), inside)
    assert np.all((lower[inside] <= found.share[inside] + 1e-12) & (found.share[inside] <= upper[inside] + 1e-12) & (upper[inside] <= 1))


@pytest.mark.parametrize(
    ("times", "causes", "sentence"),
    [([], [], "at least one"), ([1], [1, 2], "one cause"), ([1], [-1], "whole number"), ([1, 2], [1.0, 2.0], "whole number")],
)
def test_what_has_no_incidence_is_refused(times: list[int], causes: list[float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        aalen_johansen(times=times, causes=causes)


def test_a_cause_over_the_count_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0, not ended, to 2"):
        aalen_johansen(times=[1], causes=[3], count=2)
