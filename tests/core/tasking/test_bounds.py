"""A bound is a bound: no plan of any small problem reaches more, in any tier or in all."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from lodestar.core.tasking.answer import answer
from lodestar.core.tasking.bounds.alone import METHOD as ALONE
from lodestar.core.tasking.bounds.alone import alone
from lodestar.core.tasking.bounds.bound import METHOD, bound
from lodestar.core.tasking.bounds.prices import BLOCK
from lodestar.core.tasking.plan import objective
from lodestar.core.tasking.problem import Asset, Line, Params, Problem, Shift, Task, Travel, after_iterations
from lodestar.core.tasking.solve import search
from lodestar.core.tasking.verify import broken
from tests.core.tasking import small
from tests.core.tasking.search_examples import a_day

NOBODY = frozenset()


def one_day(tasks, *, matrix, people=1, end=100, **more):
    """Everybody from place 0 to place 0, from 0 until ``end``."""
    table = np.array(matrix, dtype=np.int64)
    assets = tuple(Asset(f"A{n}", frozenset(), (Shift(0, end, 0, 0),), **more) for n in range(people))
    travel = Travel(table, np.zeros(0), np.zeros(0))
    return Problem(tuple(f"p{n}" for n in range(len(table))), travel, assets, tuple(tasks))


def work(name, place=0, length=10, earliest=0, due=90, tier=0, value=10, **more):
    return Task(name, place, length, earliest, due, tier, value, **more)


def highest(problem, tier):
    """The same problem with one tier above all the others."""
    return replace(problem, tasks=tuple(replace(task, tier=0 if task.tier == tier else task.tier + 1) for task in problem.tasks))


@pytest.mark.parametrize("learning", [False, True])
@pytest.mark.parametrize("block", range(10))
def test_no_plan_of_a_small_problem_reaches_more_than_its_bound(block, learning):
    for seed in range(block * 200, block * 200 + 200):
        problem = small.problem(seed, most_tasks=3, most_assets=2)
        tiers = problem.tiers
        most = bound(problem=problem, stop=after_iterations(60), block=0 if learning else BLOCK)
        plain = alone(problem=problem)
        (together,), _ = small.best(replace(problem, tasks=tuple(replace(task, tier=0) for task in problem.tasks)))
        assert plain.total >= most.total >= together
        assert most.by_tier.keys() == plain.by_tier.keys() == set(tiers)
        for tier in tiers if problem.travel_weight is None else tiers[:1]:
            best, _ = small.best(highest(problem, tier))
            assert plain.by_tier[tier] >= most.by_tier[tier] >= best[0]
        best, _ = small.best(problem)
        assert all(most.by_tier[tier] >= value for tier, value in zip(tiers, best, strict=True))


@pytest.mark.parametrize("matrix", [False, True])
def test_no_plan_the_search_finds_reaches_more_than_its_bound(matrix):
    for seed in range(40):
        problem = a_day(seed, people=4, wanted=25, matrix=matrix)
        lines = search(problem=problem, params=Params(), seed=1, stop=after_iterations(300)).lines
        assert not broken(problem=problem, lines=lines)
        reached = objective(problem=problem, lines=lines)
        most = bound(problem=problem, stop=after_iterations(60))
        assert all(most.by_tier[tier] >= reached[tier] for tier in problem.tiers)
        assert most.total >= sum(reached.values())


def test_somebody_who_is_sooner_there_by_way_of_other_work_is_not_forgotten():
    # straight on it takes 60, by way of the other place 20
    problem = one_day([work("a", 1, length=1), work("b", 2, due=30)], matrix=[[0, 10, 60], [10, 0, 10], [10, 10, 0]])
    lines = (Line(0, (0,), 10), Line(1, (0,), 21))
    assert not broken(problem=problem, lines=lines)
    for most in (alone(problem=problem), bound(problem=problem, stop=after_iterations(50))):
        assert most.total == 20


def test_a_day_too_short_for_all_its_tasks_is_bounded_by_what_it_can_hold():
    problem = one_day([work(f"t{n}", length=40) for n in range(6)], matrix=[[0]])
    assert alone(problem=problem).total == 60
    most = bound(problem=problem, stop=after_iterations(300))
    assert 20 <= most.total < 21
    assert most.method == METHOD


def test_a_longest_day_is_kept_to():
    problem = one_day([work(f"t{n}", length=10) for n in range(8)], matrix=[[0]], longest=30)
    most = bound(problem=problem, stop=after_iterations(400))
    assert 30 <= most.total < 32


def test_each_slot_of_a_crew_takes_somebodys_time():
    problem = one_day([work(f"t{n}", length=90, due=10, crew=(NOBODY, NOBODY)) for n in range(4)], matrix=[[0]], people=4)
    most = bound(problem=problem, stop=after_iterations(300))
    assert 20 <= most.total < 21


def test_a_tier_is_bounded_whatever_the_tiers_above_it_would_take():
    problem = one_day([work("a", length=90), work("b", length=90, tier=1, value=7)], matrix=[[0]])
    most = bound(problem=problem, stop=after_iterations(200))
    assert most.by_tier == {0: 10, 1: 7}
    assert 10 <= most.total < Fraction(21, 2)


@pytest.mark.parametrize("value", [1, 10**9, 10**18, 10**40])
def test_values_of_any_size_are_bounded(value):
    problem = one_day([work(f"t{n}", length=40, value=value, decay=Fraction(1, 3)) for n in range(5)], matrix=[[0]])
    reached = problem.tasks[0].worth(0) + problem.tasks[0].worth(40)
    most = bound(problem=problem, stop=after_iterations(200))
    assert reached <= most.total <= reached * Fraction(11, 10)


def test_work_that_takes_no_time_is_never_too_much():
    problem = one_day([work(f"t{n}", 1, length=0, due=90, decay=Fraction(1)) for n in range(3)], matrix=[[0, 9], [9, 0]])
    lines = tuple(Line(n, (0,), 9) for n in range(3))
    assert not broken(problem=problem, lines=lines)
    assert bound(problem=problem, stop=after_iterations(50)).total >= sum(objective(problem=problem, lines=lines).values()) == 27


def test_nothing_wanted_is_worth_nothing():
    assert bound(problem=one_day([], matrix=[[0]]), stop=after_iterations(50)).total == 0


def test_what_nobody_can_do_is_worth_nothing():
    problem = one_day([work("t", crew=(frozenset({"rare"}),))], matrix=[[0]])
    most = bound(problem=problem, stop=after_iterations(50))
    assert (most.by_tier, most.total) == ({0: 0}, 0)
    nobody = replace(problem, assets=())
    assert bound(problem=nobody, stop=after_iterations(50)).total == 0


def test_the_way_between_fixed_stops_is_lost_in_every_plan():
    problem = replace(one_day([work("t", 1, value=100)], matrix=[[0, 10], [10, 0]]), travel_weight=Fraction(1))
    away = replace(problem, assets=(Asset("A", frozenset(), (Shift(0, 100, 0, 1),)),))
    assert bound(problem=away, stop=after_iterations(50)).total == 90


def test_the_same_rounds_prove_the_same_and_more_rounds_prove_no_less():
    problem = a_day(3, people=4, wanted=40)
    short, again, long = (bound(problem=problem, stop=after_iterations(most)) for most in (30, 30, 200))
    assert short == again
    assert long.total <= short.total


def test_a_bound_stopped_at_once_is_the_plainest():
    problem = a_day(3, people=4, wanted=40)
    asked = []
    most = bound(problem=problem, stop=lambda rounds: asked.append(rounds) or True)
    assert most == alone(problem=problem)
    assert most.method == ALONE
    assert asked == [0]


def test_an_answer_that_is_given_longer_to_prove_says_a_tighter_bound():
    problem = one_day([work(f"t{n}", length=40) for n in range(6)], matrix=[[0]])
    asked = {"problem": problem, "params": Params(), "seed": 1, "stop": after_iterations(0)}
    plain, proven = answer(**asked), answer(**asked, prove=after_iterations(300))
    assert (plain["bound_total"], plain["bound_method"]) == (60, ALONE)
    assert 20 <= proven["bound_total"] < 21
    assert proven["bound_method"] == METHOD
    assert proven["gap"] < plain["gap"]
