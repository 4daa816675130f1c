"""The search for the best plan keeps every rule, gives the same bytes twice and stops when it is asked to."""

from itertools import pairwise

import pytest

from lodestar.core.tasking.problem import Params, after_iterations
from lodestar.core.tasking.solve import search
from tests.core.tasking.search_examples import a_day, broken_rules, worth_by_tier


def planned(problem, steps=200, seed=1):
    return search(problem=problem, params=Params(), seed=seed, stop=after_iterations(steps))[0]


@pytest.mark.parametrize("matrix", [False, True])
def test_every_plan_keeps_every_rule(matrix):
    for seed in range(60):
        problem = a_day(seed, people=1 + seed % 7, wanted=2 + seed % 23, matrix=matrix, scale=(1, 100)[seed % 2])
        assert broken_rules(problem, planned(problem, seed=seed)) == []


def test_the_same_seed_and_steps_give_the_same_lines():
    problem = a_day(5, people=12, wanted=60)
    assert planned(problem, 500, seed=3) == planned(problem, 500, seed=3)


def test_more_steps_are_never_worse():
    problem = a_day(6, people=10, wanted=60)
    worth = [worth_by_tier(problem, planned(problem, steps)) for steps in (0, 100, 1000, 4000)]
    assert worth == sorted(worth)
    assert worth[-1] > worth[0]


def test_a_stop_is_asked_at_least_every_hundred_steps():
    asked = []

    def stop(done):
        asked.append(done)
        return done >= 1000

    _, made = search(problem=a_day(7, people=10, wanted=60), params=Params(), seed=1, stop=stop)
    assert made == asked[-1] == 1000
    assert max(b - a for a, b in pairwise(asked)) <= 100


def test_nothing_wanted_is_an_empty_plan_and_nobody_on_places_nothing():
    assert planned(a_day(1, people=3, wanted=0)) == ()
    assert planned(a_day(1, people=0, wanted=0)) == ()
