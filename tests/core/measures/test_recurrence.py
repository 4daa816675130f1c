"""The mean cumulative function: the textbook example, its definition, its error by person, and time spent missing."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.measures.recurrence import Spell, mean_cumulative, recurrence_band, spells_of
from tests.core.measures.valve_seats import ENGINES

# Persons as (episodes of (gap before, time missing), watched for so long after the last return).
PERSONS = st.lists(
    st.tuples(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 5)), max_size=4), st.integers(1, 9)), min_size=1, max_size=12
)


def valve_seats() -> list[Spell]:
    return [spell for engine, days, last in ENGINES for spell in spells_of(engine, episodes=[(day, day) for day in days], end=last)]


def laid_out(persons: list[tuple[list[tuple[int, int]], int]]) -> list[tuple[list[tuple[float, float | None]], float]]:
    found = []
    for gaps, watched in persons:
        now, episodes = 0, []
        for gap, missing in gaps:
            episodes.append((float(now + gap), float(now + gap + missing)))
            now += gap + missing
        found.append((episodes, float(now + watched)))
    return found  # type: ignore[return-value]


def test_valve_seats_are_replaced_1_5427_times_by_653_days() -> None:
    found = mean_cumulative(valve_seats())
    assert (found.persons, int(found.events.sum())) == (41, 48)
    assert round(float(found.mean[found.row(653)]), 4) == 1.5427
    assert found.at_risk[0] == 41


@given(PERSONS)
def test_it_is_its_definition_with_everybody_missing_left_out_of_those_at_risk(persons: list[tuple[list[tuple[int, int]], int]]) -> None:
    people = laid_out(persons)
    spells = [spell for number, (episodes, end) in enumerate(people) for spell in spells_of(number, episodes=episodes, end=end)]
    found = mean_cumulative(spells)
    total = Fraction(0)
    for row, time in enumerate(found.times):
        began = sum(start == time for episodes, _ in people for start, _ in episodes)
        at_risk = sum(
            time <= end and not any(start < time <= back for start, back in episodes if back is not None) for episodes, end in people
        )
        total += Fraction(began, at_risk)
        assert found.at_risk[row] == at_risk
        assert found.mean[row] == pytest.approx(float(total), abs=1e-12)


def test_the_error_is_each_persons_pull_squared_and_added() -> None:
    found = mean_cumulative(valve_seats())
    for asked in (200, 500, 653):
        row = found.row(asked)
        pulls = []
        for _, days, last in ENGINES:
            began = np.array([sum(day == time for day in days) for time in found.times[: row + 1]])
            there = found.times[: row + 1] <= last
            pulls.append(float(((began - there * found.events[: row + 1] / found.at_risk[: row + 1]) / found.at_risk[: row + 1]).sum()))
        assert found.se[row] == pytest.approx(sum(pull**2 for pull in pulls) ** 0.5, rel=1e-12)


def test_by_person_the_interval_holds_the_truth_where_some_go_missing_far_oftener() -> None:
    rng = np.random.default_rng(9)
    held = 0
    for _ in range(300):
        rates = rng.gamma(0.5, 2.0, 80) * 1.0
        spells: list[Spell] = []
        for number, rate in enumerate(rates):
            days = np.sort(rng.random(rng.poisson(rate)))
            spells += spells_of(number, episodes=[(day, day) for day in days.tolist()], end=1.0)
        found = mean_cumulative(spells)
        lower, upper = recurrence_band(found)
        held += lower[-1] <= 1.0 <= upper[-1]
    assert 0.90 <= held / 300 <= 0.98


def test_nobody_is_at_risk_before_being_observed_nor_after_being_lost() -> None:
    spells = [
        *spells_of(1, episodes=[(5.0, 6.0)], end=10.0),
        *spells_of(2, episodes=[], end=9.0, begin=5.0),
        *spells_of(3, episodes=[], end=4.0),
    ]
    assert mean_cumulative(spells).at_risk.tolist() == [1]
    lost = mean_cumulative([*spells_of(1, episodes=[(2.0, None)], end=10.0), *spells_of(2, episodes=[(3.0, 3.0)], end=10.0)])
    assert lost.at_risk.tolist() == [2, 1]


def test_who_goes_again_in_the_moment_of_the_return_is_at_risk_in_it() -> None:
    found = mean_cumulative(spells_of(1, episodes=[(2.0, 5.0), (5.0, 6.0)], end=10.0))
    assert (found.at_risk.tolist(), found.mean.tolist()) == ([1, 1], [1.0, 2.0])


@pytest.mark.parametrize(
    ("episodes", "begin"),
    [([(2.0, 6.0), (4.0, 5.0)], None), ([(11.0, 12.0)], None), ([(1.0, 2.0)], 1.0), ([(1.0, 2.0)], 3.0)],
)
def test_an_episode_outside_the_time_at_risk_is_refused(episodes: list[tuple[float, float | None]], begin: float | None) -> None:
    with pytest.raises(ValueError, match="lies outside"):
        spells_of(1, episodes=episodes, end=10.0, begin=begin)


def test_nothing_to_observe_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        mean_cumulative([])
    with pytest.raises(ValueError, match="before it begins"):
        mean_cumulative([Spell(1, 2.0, True, 3.0)])


def test_nobody_going_again_has_no_rows() -> None:
    found = mean_cumulative(spells_of(1, episodes=[], end=10.0))
    assert (found.times.size, found.row(5.0), found.persons) == (0, -1, 1)
