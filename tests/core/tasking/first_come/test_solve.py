"""The first formula: what it places, why, what it leaves out and what would change that."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestar.core.tasking.first_come.problem import (
    Asset,
    BadProblem,
    Need,
    Params,
    Placed,
    Problem,
    Proposal,
    Stop,
    Unplaced,
    problem_from,
)
from lodestar.core.tasking.first_come.solve import bound, solve
from tests.core.tasking.first_come.problems import broken_rules, lines_of, most_of_tier, person, problem, problems, work

PARAMS = Params()


def solved(assets: list[Asset], needs: list[Need], params: Params = PARAMS) -> Proposal:
    return solve(problem=problem(assets, needs), params=params, seed=0, stop=Stop())


def only_line(assets: list[Asset], needs: list[Need]) -> Placed:
    (line,) = solved(assets, needs).placed
    return line


def left_out(assets: list[Asset], needs: list[Need]) -> Unplaced:
    (item,) = solved(assets, needs).unplaced
    return item


@given(problems())
def test_a_plan_breaks_no_rule_and_speaks_of_every_task_once(asked: Problem) -> None:
    answer = solve(problem=asked, params=PARAMS, seed=0, stop=Stop())
    assert broken_rules(asked, lines_of(answer)) == []
    spoken = [line.need for line in answer.placed] + [item.need for item in answer.unplaced]
    assert sorted(spoken) == sorted(need.id for need in asked.needs)


@given(problems(), st.integers(0, 2**31), st.integers(1, 50))
def test_the_same_problem_gives_the_same_bytes_whatever_the_seed(asked: Problem, seed: int, iterations: int) -> None:
    first = solve(problem=asked, params=PARAMS, seed=0, stop=Stop())
    again = solve(problem=asked, params=PARAMS, seed=seed, stop=Stop(iterations))
    assert (again.placed, again.unplaced) == (first.placed, first.unplaced)
    same = solve(problem=asked, params=PARAMS, seed=0, stop=Stop())
    assert same.sha256() == first.sha256()


@given(problems())
def test_a_problem_kept_as_json_solves_again_to_the_same_bytes(asked: Problem) -> None:
    kept = problem_from(json.loads(json.dumps(asdict(asked))))
    assert kept == asked and kept.sha256() == asked.sha256()
    before, after = (solve(problem=item, params=PARAMS, seed=7, stop=Stop()) for item in (asked, kept))
    assert before.sha256() == after.sha256()


@given(problems())
def test_work_of_a_lower_tier_changes_nothing_for_a_higher_one(asked: Problem) -> None:
    whole = solve(problem=asked, params=PARAMS, seed=0, stop=Stop())
    tiers = {need.id: need.tier for need in asked.needs}
    for tier in set(tiers.values()):
        above = replace(asked, needs=tuple(need for need in asked.needs if need.tier <= tier))
        alone = solve(problem=above, params=PARAMS, seed=0, stop=Stop())
        assert alone.placed == tuple(line for line in whole.placed if tiers[line.need] <= tier)


@given(problems())
def test_what_crowds_a_task_out_is_placed_and_of_its_own_tier_or_a_higher_one(asked: Problem) -> None:
    answer = solve(problem=asked, params=PARAMS, seed=0, stop=Stop())
    tiers = {need.id: need.tier for need in asked.needs}
    for item in answer.unplaced:
        assert bool(item.by) == (item.reason == "crowded_out")
        assert set(item.by) <= {line.need for line in answer.placed}
        assert all(tiers[other] <= tiers[item.need] for other in item.by)


@settings(max_examples=150, deadline=None)
@given(problems(most_assets=2, most_needs=4))
def test_no_plan_at_all_beats_the_bound_and_the_formula_never_does(asked: Problem) -> None:
    answer = solve(problem=asked, params=PARAMS, seed=0, stop=Stop())
    assert answer.bound == bound(problem=asked)
    for tier in {need.tier for need in asked.needs}:
        possible = most_of_tier(asked, tier)
        assert answer.objective[str(tier)] <= possible <= answer.bound[str(tier)]


@given(problems())
def test_the_objective_counts_the_lines_of_each_tier_and_names_every_tier(asked: Problem) -> None:
    answer = solve(problem=asked, params=PARAMS, seed=0, stop=Stop())
    tiers = {need.id: need.tier for need in asked.needs}
    assert set(answer.objective) == set(answer.bound) == {str(tier) for tier in tiers.values()}
    for tier, count in answer.objective.items():
        assert count == sum(str(tiers[line.need]) == tier for line in answer.placed)


@given(problems())
def test_the_change_named_would_place_the_task_beside_the_plan(asked: Problem) -> None:
    answer = solve(problem=asked, params=PARAMS, seed=0, stop=Stop())
    needs = {need.id: need for need in asked.needs}
    for item in answer.unplaced:
        words = item.change.split()
        if item.change.startswith("Keep"):
            who, more = int(words[2]), int(words[5])
            assets = tuple(
                replace(asset, shifts=tuple((begins, ends + more) for begins, ends in asset.shifts)) if asset.id == who else asset
                for asset in asked.assets
            )
            loosened = replace(asked, assets=assets)
        elif item.change.startswith("Let"):
            who, more = int(words[2]), int(words[5])
            need = replace(needs[item.need], due=needs[item.need].due + more)
            loosened = replace(asked, needs=tuple(need if other.id == need.id else other for other in asked.needs))
        else:
            assert item.change.startswith("Bring on")
            continue
        plans = ((*lines_of(answer), (item.need, who, start)) for start in range(40))
        assert any(not broken_rules(loosened, plan) for plan in plans), item


def test_the_child_s_known_officer_is_preferred_when_they_are_free_soon() -> None:
    assert only_line([person(1), person(2, shifts=((30, 480),))], [work(9, prefer=(2,))]).asset == 2


def test_but_urgent_work_does_not_wait_half_a_day_for_a_familiar_face() -> None:
    line = only_line([person(1), person(2, shifts=((600, 1080),))], [work(9, due=900, prefer=(2,))])
    assert (line.asset, line.start) == (1, 0)


def test_somebody_in_the_district_comes_before_somebody_who_is_not() -> None:
    line = only_line([person(1, district="south"), person(2, shifts=((20, 480),))], [work(9, district="north")])
    assert (line.asset, line.because) == (2, "PC 2: in the district.")


def test_of_two_who_are_the_same_the_less_loaded_is_chosen() -> None:
    assert only_line([person(1, commitments=((200, 300),)), person(2)], [work(9)]).asset == 2


def test_the_line_says_when_they_know_the_child_and_when_nobody_else_could() -> None:
    line = only_line([person(1), person(2, skills=())], [work(9, prefer=(1,), skills=("search",), district="south")])
    assert line.because == "PC 1: the child knows them; has search; free, from another district; the only one free in time."


def test_the_higher_tier_comes_first_even_when_it_is_due_later() -> None:
    answer = solved([person(1, shifts=((0, 60),))], [work(1, tier=3, due=0), work(2, tier=1, due=10)])
    assert [line.need for line in answer.placed] == [2]
    assert [(item.need, item.reason, item.by) for item in answer.unplaced] == [(1, "crowded_out", (2,))]


def test_nobody_with_the_skill_is_said_with_the_skill() -> None:
    item = left_out([person(1, skills=())], [work(9, skills=("interview_child",))])
    assert (item.reason, item.sentence) == ("no_skill", "Nobody on duty has the skill: interview child.")
    assert item.change == "Bring on somebody with interview child."


def test_nobody_on_duty_at_all_is_said_plainly() -> None:
    assert left_out([], [work(9)]).sentence == "Nobody is on duty."


def test_each_person_s_own_reason_for_not_being_free_is_named() -> None:
    assets = [
        person(1, shifts=((0, 30),)),
        person(2, commitments=((0, 100),)),
        person(3, shifts=((300, 600),)),
        person(4, max_minutes=15),
    ]
    item = left_out(assets, [work(9, due=10)])
    assert item.reason == "nobody_free_in_time"
    assert item.sentence == (
        "Nobody with the skill can start before it is due: PC 1's shift ends before it could be done; "
        "PC 2 is already committed; PC 3 is not on shift in time; and 1 more."
    )
    assert "PC 4 may be given 15 minutes at most" in left_out(assets[3:], [work(9)]).sentence


def test_the_cheapest_change_is_the_one_of_fewest_minutes() -> None:
    short, busy = person(1, shifts=((0, 45),)), person(2, commitments=((0, 100),))
    assert left_out([short, busy], [work(9, due=10)]).change == "Keep PC 1 on for 15 more minutes."
    assert left_out([person(2, commitments=((0, 20),))], [work(9, due=10)]).change == "Let PC 2 start it 10 minutes after it is due."


def test_of_two_changes_that_cost_the_same_the_due_time_is_kept() -> None:
    assets = [person(1, shifts=((0, 50),)), person(2, commitments=((0, 20),))]
    assert left_out(assets, [work(9, due=10)]).change == "Keep PC 1 on for 10 more minutes."


def test_nobody_is_ever_asked_to_stay_on_beyond_the_longest_overrun() -> None:
    item = left_out([person(1, shifts=((0, 30),))], [work(9, minutes=200)])
    assert item.change == "Bring on one more, or take back work."


def test_a_limit_on_one_person_s_load_is_kept() -> None:
    answer = solved([person(1, max_minutes=90)], [work(1), work(2)])
    assert (len(answer.placed), answer.unplaced[0].reason, answer.unplaced[0].by) == (1, "crowded_out", (1,))


@pytest.mark.parametrize(
    ("assets", "needs", "says"),
    [
        ([], [work(1), work(1)], "task 1 stands twice"),
        ([person(1), person(1)], [], "asset 1 stands twice"),
        ([], [work(1, minutes=0)], "task 1 takes no time: give it a minute at least"),
        ([], [work(1, tier=-1)], "task 1 has a tier below nought"),
        ([], [work(0)], "task 0 needs a number of 1 or more"),
        ([person(1, shifts=((60, 0),))], [], "asset 1 has a shift or commitment that ends before it starts"),
    ],
)
def test_a_problem_that_cannot_be_answered_is_refused_by_name(assets: list[Asset], needs: list[Need], says: str) -> None:
    with pytest.raises(BadProblem) as refused:
        solved(assets, needs)
    assert refused.value.faults == (says,)


def test_the_answer_names_its_formula_and_its_problem() -> None:
    asked = problem([person(1)], [work(1)])
    answer = solve(problem=asked, params=PARAMS, seed=11, stop=Stop())
    assert (answer.formula, answer.seed, answer.problem_sha256) == ("FIRST-COME-BY-TIER 2", 11, asked.sha256())
    assert replace(asked, horizon=60).sha256() != asked.sha256()
