"""Planning again leaves issued work where it is, but for what is no longer possible and what a strictly higher tier needs."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from lodestar.core.tasking.plan import objective
from lodestar.core.tasking.problem import Asset, Params, Task, after_iterations
from lodestar.core.tasking.solve import search
from lodestar.core.tasking.verify import broken
from tests.core.tasking.search_examples import a_day

DAYS = some.builds(
    a_day, some.integers(0, 10_000), people=some.integers(2, 8), wanted=some.integers(3, 24), matrix=some.booleans(), scale=some.just(1)
)


def planned(problem, steps=100, warm=()):
    return search(problem=problem, params=Params(), seed=1, stop=after_iterations(steps), warm=warm)


def urgent(problem, at, tier=0):
    """Something new, at a place somebody is sent to anyway."""
    return Task("urgent", problem.tasks[0].place, 30, at, at + 60, tier, 50)


@pytest.mark.parametrize(("seed", "people", "wanted"), [(218, 4, 12), (5412, 8, 6), (7009, 5, 19)])
def test_nothing_is_left_too_late_where_the_direct_way_is_longer_than_by_what_was_taken_out(seed, people, wanted):
    problem = a_day(seed, people=people, wanted=wanted, matrix=True, scale=1)
    assert broken(problem=problem, lines=planned(problem).lines) == ()


@settings(max_examples=60, deadline=None)
@given(DAYS)
def test_nothing_new_moves_no_line_for_its_own_or_a_lower_tier(problem):
    issued = planned(problem).lines
    again = planned(problem, warm=issued)
    assert broken(problem=problem, lines=again.lines) == ()
    kept = set(issued) & set(again.lines)
    assert {line.task for line in issued} - {line.task for line in kept} == set(again.moved)
    first = min((problem.tasks[task].tier for task in again.moved), default=None)
    if first is not None:  # whatever moved, a tier above the highest that moved gained
        was, now = (objective(problem=problem, lines=lines) for lines in (issued, again.lines))
        assert any(now[tier] > was[tier] for tier in was if tier < first)


@settings(max_examples=60, deadline=None)
@given(DAYS, some.integers(0, 300), some.sampled_from([0, 1, 2]))
def test_what_arrives_moves_only_strictly_lower_tiers_and_each_move_says_for_whom(problem, at, tier):
    issued = planned(problem, 400).lines
    more = replace(problem, tasks=(*problem.tasks, urgent(problem, at, tier)))
    again = planned(more, warm=issued)
    assert broken(problem=more, lines=again.lines) == ()
    now = {line.task: line for line in again.lines}
    for line in issued:
        if now.get(line.task) != line:
            assert " so that " in again.moved[line.task]
            assert problem.tasks[line.task].tier > 0
        else:
            assert line.task not in again.moved


def test_a_higher_tier_displaces_a_lower_one_that_is_in_its_way_and_the_lower_one_is_found_another_time():
    problem = a_day(3, people=1, wanted=2, crews=0, chained=0)
    someone = replace(problem.assets[0], commitments=(), longest=None, skills=frozenset({"a"}))
    someone = replace(someone, shifts=(replace(someone.shifts[0], start=0, end=300, origin=0, target=0),))
    low = Task("low", 1, 60, 100, 200, 2, 10)
    high = Task("high", 1, 60, 100, 110, 0, 10)
    before = replace(problem, assets=(someone,), tasks=(low,), travel_weight=None)
    issued = planned(before).lines
    assert [line.start for line in issued] == [100]
    again = planned(replace(before, tasks=(low, high)), warm=issued)
    assert {line.task: line.start for line in again.lines} == {1: 100, 0: 160}
    assert again.moved == {0: "It is moved so that high, of tier 0, can be done."}


def test_an_equal_tier_moves_nothing():
    problem = a_day(3, people=1, wanted=2, crews=0, chained=0)
    someone = Asset("a", frozenset(), (replace(problem.assets[0].shifts[0], start=0, end=300, origin=0, target=0),))
    low = Task("low", 1, 60, 100, 200, 1, 10)
    same = Task("same", 1, 60, 100, 110, 1, 1000)
    before = replace(problem, assets=(someone,), tasks=(low,), travel_weight=None)
    issued = planned(before).lines
    again = planned(replace(before, tasks=(low, same)), warm=issued)
    assert again.lines == issued
    assert again.moved == {}


@settings(max_examples=40, deadline=None)
@given(DAYS, some.integers(0, 7))
def test_work_of_somebody_now_sick_is_done_by_others_or_reported_and_says_so(problem, who):
    issued = planned(problem, 400).lines
    sick = who % len(problem.assets)
    assets = tuple(replace(asset, shifts=(), commitments=()) if number == sick else asset for number, asset in enumerate(problem.assets))
    without = replace(problem, assets=assets)
    again = planned(without, warm=issued)
    assert broken(problem=without, lines=again.lines) == ()
    for line in issued:
        if sick in line.assets:
            assert "is not free then" in again.moved[line.task]
