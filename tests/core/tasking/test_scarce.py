"""What is proven of those who hold a scarce skill is true of every plan, and bites where they have no time for all of it."""

from dataclasses import replace
from fractions import Fraction

import pytest

from lodestar.core.tasking.bounds.alone import METHOD as ALONE
from lodestar.core.tasking.bounds.alone import alone, soonest_starts
from lodestar.core.tasking.bounds.offline import Proof, by_skill, prove
from lodestar.core.tasking.bounds.scarce import parts
from lodestar.core.tasking.bounds.ways import least
from lodestar.core.tasking.problem import after_iterations
from tests.core.tasking import small
from tests.core.tasking.test_bounds import one_day, work

SEARCH = frozenset({"search"})


def proven(problem, rounds=4):
    """By every skill, scarce or not."""
    ways = least(travel=problem.travel, places=len(problem.places))
    known = Proof(alone(problem=problem).total, ALONE, 0)
    starts = soonest_starts(problem=problem, ways=ways)
    return by_skill(problem=problem, known=known, starts=starts, way=ways.table, stop=after_iterations(rounds), scarce=Fraction(0))


def searched(problem):
    """The same, where all work asks for the one skill, its first slots at least."""
    crews = (tuple(slot | SEARCH if place == 0 else slot for place, slot in enumerate(task.crew)) for task in problem.tasks)
    tasks = tuple(replace(task, crew=crew) for task, crew in zip(problem.tasks, crews, strict=True))
    first, *others = problem.assets
    return replace(problem, assets=(replace(first, skills=first.skills | SEARCH), *others), tasks=tasks)


@pytest.mark.parametrize("group", range(4))
def test_no_plan_of_a_small_problem_reaches_more_than_its_skills_prove(group):
    tighter = 0
    for seed in range(group * 150, group * 150 + 150):
        problem = searched(small.problem(seed, most_tasks=3, most_assets=2))
        (most,), _ = small.best(replace(problem, tasks=tuple(replace(task, tier=0) for task in problem.tasks)))
        found = proven(problem)
        assert alone(problem=problem).total >= found.total >= most, seed
        tighter += found.total < alone(problem=problem).total
    assert tighter > 3


def busy():
    """Six pieces of work ask for the one of three people who may search, and has time for two."""
    problem = one_day([work(f"t{n}", length=40, crew=(SEARCH, frozenset())) for n in range(6)], matrix=[[0]], people=3)
    one, *others = problem.assets
    return replace(problem, assets=(replace(one, skills=SEARCH), *others))


def test_a_skill_that_nobody_has_time_for_is_proven_to_be_short():
    problem = busy()
    found = proven(problem, rounds=60)
    assert 20 <= found.total < Fraction(201, 10) < alone(problem=problem).total
    assert "(search)" in found.method


def test_work_is_in_one_part_only_and_waits_for_nothing_there():
    both = (SEARCH, frozenset({"driver"}))
    problem = one_day([work("t0", crew=both), work("t1", crew=both, after=(0,)), work("t2")], matrix=[[0]], people=2)
    problem = replace(problem, assets=tuple(replace(one, skills=SEARCH | {"driver"}) for one in problem.assets))
    found = parts(problem=problem, starts={0: 0, 1: 30, 2: 0}, scarce=Fraction(0))
    assert [[task.id for task in part.problem.tasks] for part in found] == [["t0", "t1"]]
    assert all(not task.after and len(task.crew) == 1 for task in found[0].problem.tasks)
    assert found[0].starts == {0: 0, 1: 30}


def test_a_large_problem_is_proven_by_its_scarce_skills_first():
    problem = busy()
    first = prove(problem=problem, stop=after_iterations(1), large=0)
    assert first.total <= alone(problem=problem).total
    assert prove(problem=problem, stop=after_iterations(40), large=0).total < Fraction(201, 10)
