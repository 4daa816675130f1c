"""Chance is counted: the same seed gives the same bytes, and what is drawn has the means it should have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lodestar.core.forecast.draws import draw
from lodestar.core.forecast.laws import FAMILIES, Law, drawn, fresh, left, log_density, log_survival
from lodestar.core.forecast.queue import NEVER, TICKS
from lodestar.core.forecast.scenario import Demand
from tests.core.forecast.making import MIX, polit


def test_the_same_seed_and_part_give_the_same_bytes_and_others_do_not() -> None:
    scenario = polit(exact=False)
    one, two = (draw(scenario, seed=4, part=1, runs=20).cases for _ in range(2))
    assert one.arrivals.tobytes() == two.arrivals.tobytes()
    assert one.work.tobytes() == two.work.tobytes()
    for seed, part in ((5, 1), (4, 0)):
        assert draw(scenario, seed=seed, part=part, runs=20).cases.arrivals.tobytes() != one.arrivals.tobytes()


def test_each_row_is_in_order_of_arrival_and_begins_with_those_that_wait_the_oldest_first() -> None:
    scenario = polit(exact=False)
    cases = draw(scenario, seed=4, part=0, runs=30).cases
    for number in range(1, 5):
        ages = sorted(scenario.waiting[number - 1], reverse=True)
        for run in range(30):
            begin, size = int(cases.first[number, run]), int(cases.size[number, run])
            row = cases.arrivals[begin : begin + size]
            assert (np.diff(row) >= 0).all()
            assert row[: len(ages)].tolist() == [round(-age * TICKS) for age in ages]
            assert (row[len(ages) :] >= 0).all()
            assert cases.arrivals[begin + size] == NEVER
    assert (cases.work[cases.arrivals < NEVER] > 0).all()


def test_arrivals_have_the_rate_the_growth_and_the_unevenness_that_were_asked_for() -> None:
    counts = tuple(share * 365.0 for share in MIX)
    flat = replace(polit(months=12), demand=Demand(365, counts, exact=True), waiting=((),) * 4)
    found = draw(flat, seed=1, part=0, runs=400).cases.size.sum(axis=0)
    assert found.mean() == pytest.approx(365.25, abs=4 * np.sqrt(365 / 400))
    assert found.var() == pytest.approx(365, rel=0.3)
    grown = replace(flat, demand=Demand(365, counts, growth=(2.0, 2.0)))
    assert draw(grown, seed=1, part=0, runs=400).cases.size.sum(axis=0).mean() == pytest.approx(365 / np.log(2), rel=0.02)
    # Months three times as uneven as chance: the year's variance holds that, and what is not known of the rate.
    uneven = replace(flat, demand=Demand(365, counts, dispersion=3.0))
    assert draw(uneven, seed=1, part=0, runs=1500).cases.size.sum(axis=0).var() == pytest.approx(6 * 365, rel=0.25)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_law_has_the_mean_and_spread_it_was_made_from_and_its_density_is_the_slope_of_its_survival(family: str) -> None:
    law = Law.of_mean(mean=7.5, cv=1.2, family=family)  # type: ignore[arg-type]
    assert law.mean == pytest.approx(7.5)
    chance = np.random.Generator(np.random.Philox(1))
    seen = fresh(law.family, np.tile(law.at, (200_000, 1)), chance)
    assert seen.mean() == pytest.approx(7.5, rel=0.02)
    assert seen.std() / seen.mean() == pytest.approx(1.2, rel=0.06)
    at, days = np.asarray(law.at), np.array([0.3, 2.0, 9.0, 40.0])
    slope = (np.exp(log_survival(law.family, at, days - 1e-5)) - np.exp(log_survival(law.family, at, days + 1e-5))) / 2e-5
    assert np.exp(log_density(law.family, at, days)) == pytest.approx(slope, rel=1e-5)
    assert np.exp(log_survival(law.family, at, days)) == pytest.approx([(seen > one).mean() for one in days], abs=0.006)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_left_of_a_length_is_drawn_given_that_it_is_longer(family: str) -> None:
    law = Law.of_mean(mean=7.5, cv=1.2, family=family)  # type: ignore[arg-type]
    chance = np.random.Generator(np.random.Philox(2))
    rows = np.tile(law.at, (60_000, 1))
    rest = left(law.family, rows, np.full(60_000, 6.0), chance)
    seen = fresh(law.family, rows, chance)
    assert (rest >= 0).all()
    assert np.median(rest) == pytest.approx(np.median(seen[seen > 6.0] - 6.0), rel=0.05)


def test_drawn_parameters_have_the_covariance_of_the_law() -> None:
    spread = ((0.04, 0.01), (0.01, 0.09))
    found = drawn(Law("lognormal", (1.0, 0.2), spread), runs=40_000, chance=np.random.Generator(np.random.Philox(3)))
    assert np.cov(found.T) == pytest.approx(np.array(spread), abs=0.003)
    with pytest.raises(ValueError, match="above nought"):
        Law.of_mean(mean=0, cv=1)


def test_a_row_in_which_next_to_nothing_comes_is_still_whole_instants() -> None:
    """With few expected the place after the last case is now and then very near: what stands beyond it must still be a number."""
    rare = replace(polit(months=12), demand=Demand(365, (0.001, 0.0, 0.5, 0.2), exact=True))
    cases = draw(rare, seed=1, part=0, runs=4000).cases
    real = cases.arrivals < NEVER
    assert (cases.arrivals[real] <= round(rare.horizon_days * TICKS)).all()
    assert int(cases.size[2].max()) == len(rare.waiting[1])
