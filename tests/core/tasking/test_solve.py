"""The search for the best plan keeps every rule, finds the best of small problems, gives the same bytes twice, and stops when asked."""

from itertools import pairwise

import numpy as np
import pytest

from lodestar.core.tasking.document import read_problem
from lodestar.core.tasking.plan import objective
from lodestar.core.tasking.problem import Params, after_iterations
from lodestar.core.tasking.search import world as at
from lodestar.core.tasking.search.arrays import build
from lodestar.core.tasking.solve import CYCLE, LONGER, search, warm_up
from lodestar.core.tasking.verify import broken
from tests.core.tasking import small
from tests.core.tasking.search_examples import a_day


def planned(problem, steps=200, seed=1):
    return search(problem=problem, params=Params(), seed=seed, stop=after_iterations(steps)).lines


def worth(problem, lines):
    return list(objective(problem=problem, lines=lines).values())


@pytest.mark.parametrize("matrix", [False, True])
def test_every_plan_keeps_every_rule(matrix):
    for seed in range(60):
        problem = a_day(seed, people=1 + seed % 7, wanted=2 + seed % 23, matrix=matrix, scale=(1, 100)[seed % 2])
        assert broken(problem=problem, lines=planned(problem, seed=seed)) == ()


def test_no_plan_of_a_small_problem_is_better():
    for seed in range(250):
        problem = small.problem(seed)
        lines = planned(problem, 1000, seed)
        assert broken(problem=problem, lines=lines) == ()
        assert worth(problem, lines) >= list(small.best(problem)[0]), seed


def test_the_same_seed_and_steps_give_the_same_lines():
    problem = a_day(5, people=12, wanted=60)
    assert planned(problem, 500, seed=3) == planned(problem, 500, seed=3)


def test_more_steps_are_never_worse():
    problem = a_day(6, people=10, wanted=60)
    found = [worth(problem, planned(problem, steps)) for steps in (0, 100, 1000, 4000)]
    assert found == sorted(found)
    assert found[-1] > found[0]


def test_a_stop_is_asked_at_least_every_hundred_steps():
    asked = []

    def stop(done):
        asked.append(done)
        return done >= 1000

    found = search(problem=a_day(7, people=10, wanted=60), params=Params(), seed=1, stop=stop)
    assert found.steps == asked[-1] == 1000
    assert max(b - a for a, b in pairwise(asked)) <= 100


def test_nothing_wanted_is_an_empty_plan():
    assert planned(a_day(1, people=3, wanted=0)) == ()
    assert planned(a_day(1, people=0, wanted=0)) == ()


def test_somebody_the_child_knows_is_sent_where_nothing_else_tells_two_apart():
    for seed in range(20):
        table = {
            "places": [{"id": "here", "x": 0, "y": 0}],
            "speed_kmh": 30,
            "assets": [{"id": f"A{n}", "skills": [], "shifts": [{"start": 0, "end": 60, "from": "here", "to": "here"}]} for n in range(4)],
            "tasks": [{"id": "T", "place": "here", "minutes": 10, "earliest": 5, "due": 20, "tier": 0, "value": 1, "prefer": ["A2"]}],
        }
        assert planned(read_problem(table), 100, seed)[0].assets == (2,)


def test_each_tier_is_cooler_the_higher_it_is_and_they_draw_apart_as_each_longer_cycle_cools():
    w = build(a_day(5, people=12, wanted=60), Params(), 1)
    mean = np.ones(len(w.pace) - at.HEAT)

    def heat(done):
        warm_up(w, done, mean)
        return w.pace[at.HEAT :].tolist()

    hot, cool = heat(0), heat(CYCLE - 1)
    assert all(after < before for before, after in zip(hot, cool, strict=True))
    assert hot == sorted(hot) and cool == sorted(cool)
    assert cool[0] / cool[-1] < hot[0] / hot[-1]
    assert heat(CYCLE) == heat(CYCLE + LONGER * CYCLE) == hot
