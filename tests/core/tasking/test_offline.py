"""The bound that minutes prove is one: no plan of any small problem reaches more, whatever the linear programme said."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from lodestar.core.tasking.bounds.alone import METHOD as ALONE
from lodestar.core.tasking.bounds.alone import alone, soonest_starts
from lodestar.core.tasking.bounds.bound import bound
from lodestar.core.tasking.bounds.field import field
from lodestar.core.tasking.bounds.offline import METHOD, Guess, Proving, prove
from lodestar.core.tasking.bounds.prices import BLOCK, Prices
from lodestar.core.tasking.bounds.ways import least
from lodestar.core.tasking.plan import objective
from lodestar.core.tasking.problem import Params, after_iterations
from lodestar.core.tasking.solve import search
from tests.core.tasking import small
from tests.core.tasking.search_examples import a_day
from tests.core.tasking.test_bounds import one_day, work

ROUNDS = after_iterations(4)


def level(problem):
    return replace(problem, tasks=tuple(replace(task, tier=0) for task in problem.tasks))


@pytest.mark.parametrize("learning", [False, True])
@pytest.mark.parametrize("group", range(5))
def test_no_plan_of_a_small_problem_reaches_more_than_what_is_proven(group, learning):
    for seed in range(group * 200, group * 200 + 200):
        problem = small.problem(seed, most_tasks=3, most_assets=2)
        (most,), _ = small.best(level(problem))
        found = prove(problem=problem, stop=ROUNDS, block=0 if learning else BLOCK)
        assert alone(problem=problem).total >= found.total >= most, seed


@pytest.mark.parametrize("learning", [False, True])
@pytest.mark.parametrize("group", range(5))
def test_no_plan_that_keeps_the_higher_tiers_reaches_more_than_what_is_proven_of_those(group, learning):
    for seed in range(group * 100, group * 100 + 100):
        problem = small.problem(seed, most_tasks=3, most_assets=2)
        for lines in (small.best(problem)[1], search(problem=problem, params=Params(), seed=1, stop=after_iterations(0)).lines):
            reached = objective(problem=problem, lines=lines)
            found = prove(problem=problem, stop=ROUNDS, reached=reached, block=0 if learning else BLOCK)
            assert found.total >= greatest(problem, reached), seed


def greatest(problem, reached):
    """The greatest sum of any plan that has no less in any tier but the lowest."""
    plans = (objective(problem=problem, lines=lines) for lines in small.plans(problem))
    return max(sum(plan.values()) for plan in plans if all(plan[tier] >= reached[tier] for tier in problem.tiers[:-1]))


@pytest.mark.parametrize("keeping", [False, True])
def test_prices_that_are_nonsense_cost_tightness_and_never_truth(keeping):
    problem = a_day(5, people=4, wanted=25)
    reached = objective(problem=problem, lines=search(problem=problem, params=Params(), seed=1, stop=after_iterations(500)).lines)
    ways = least(travel=problem.travel, places=len(problem.places))
    keep = {tier: reached[tier] for tier in problem.tiers[:-1]} if keeping else {}
    one = Proving(problem, soonest_starts(problem=problem, ways=ways), ways.table, keep, block=2)
    dice = np.random.default_rng(3)
    for size in (0, 1, 30, 1e12, np.inf):
        slot, minute, weight = (np.abs(dice.normal(0, 1, many)) * size for many in (len(one.asked.of_slot), len(problem.assets), len(keep)))
        assert one.attempt(Guess(slot, minute, weight), after_iterations(99))
        assert one.best >= sum(reached.values())


def test_people_who_are_alike_are_reckoned_once_and_as_if_each_were_asked():
    problem = a_day(7, people=4, wanted=25)
    others = tuple(replace(one, id=f"{one.id}-too", longest=None) for one in problem.assets)
    problem = replace(problem, assets=(*problem.assets, *others, *(replace(one, id=f"{one.id}-again") for one in others)))
    ways = least(travel=problem.travel, places=len(problem.places))
    starts = soonest_starts(problem=problem, ways=ways)
    asked = field(problem=problem, tiers=problem.tiers, soonest=starts, way=ways.table)
    once, each = Prices(asked, 2, 2), Prices(asked, 2, 2)
    each.twins = np.arange(len(asked.stretches)), np.full(len(asked.stretches), -1)
    assert len(once.twins[0]) < len(asked.stretches)
    assert once.reckon(after_iterations(9), 0) == each.reckon(after_iterations(9), 0)
    assert all(np.array_equal(one, other) for one, other in zip(once.went[1:], each.went[1:], strict=True))


def test_what_is_proven_of_a_full_day_is_near_what_is_reached_and_nearer_with_the_higher_tiers_kept():
    problem = a_day(3, people=4, wanted=40)
    reached = objective(problem=problem, lines=search(problem=problem, params=Params(), seed=1, stop=after_iterations(20_000)).lines)
    found = prove(problem=problem, stop=after_iterations(60))
    kept = prove(problem=problem, stop=after_iterations(60), reached=reached)
    assert found.method == kept.method == METHOD
    assert sum(reached.values()) <= kept.total < found.total < alone(problem=problem).total
    assert found.total <= bound(problem=problem, stop=after_iterations(60)).total * Fraction(1002, 1000)


def test_a_day_too_short_is_proven_to_the_last_task():
    problem = one_day([work(f"t{n}", length=40) for n in range(6)], matrix=[[0]])
    assert 20 <= prove(problem=problem, stop=after_iterations(60)).total < Fraction(201, 10)


def test_longest_days_and_crews_are_part_of_it():
    limited = one_day([work(f"t{n}", length=10) for n in range(8)], matrix=[[0]], longest=30)
    assert 30 <= prove(problem=limited, stop=after_iterations(60)).total < Fraction(301, 10)
    crews = one_day([work(f"t{n}", length=90, due=10, crew=(frozenset(), frozenset())) for n in range(4)], matrix=[[0]], people=4)
    assert 20 <= prove(problem=crews, stop=after_iterations(60)).total < Fraction(201, 10)


@pytest.mark.parametrize("value", [1, 10**9, 10**15])
def test_values_of_any_size_are_proven(value):
    problem = one_day([work(f"t{n}", length=40, value=value, tier=n % 2, decay=Fraction(1, 3)) for n in range(5)], matrix=[[0]])
    reached = objective(problem=problem, lines=search(problem=problem, params=Params(), seed=1, stop=after_iterations(50)).lines)
    for kept in (None, reached):
        found = prove(problem=problem, stop=after_iterations(40), reached=kept)
        assert sum(reached.values()) <= found.total <= sum(reached.values()) * Fraction(11, 10)


def test_the_same_rounds_prove_the_same_and_a_proof_stopped_at_once_is_the_plainest():
    problem = a_day(3, people=4, wanted=40)
    assert prove(problem=problem, stop=after_iterations(5)) == prove(problem=problem, stop=after_iterations(5))
    found = prove(problem=problem, stop=lambda _: True)
    assert (found.total, found.method, found.rounds) == (alone(problem=problem).total, ALONE, 0)


def test_nothing_wanted_is_worth_nothing():
    assert prove(problem=one_day([], matrix=[[0]]), stop=after_iterations(5)).total == 0
    assert prove(problem=replace(one_day([work("t")], matrix=[[0]]), assets=()), stop=after_iterations(5)).total == 0
