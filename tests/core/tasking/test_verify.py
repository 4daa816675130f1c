"""The independent checker: it passes the best plan there is, and finds every way of breaking it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lodestar.core.tasking.bounds.alone import alone
from lodestar.core.tasking.explain.why import CROWDED_OUT, NO_SKILL, NOT_IN_TIME, WAITS, explain
from lodestar.core.tasking.plan import Plan, objective, plan_document, read_lines
from lodestar.core.tasking.problem import Asset, BadProblem, Line, Problem, Shift
from lodestar.core.tasking.verify import broken, untrue
from tests.core.tasking import small

seeds = st.integers(0, 100_000)


def planned(one: Problem) -> tuple[tuple[Line, ...], dict[str, Any]]:
    """The best plan and its document."""
    _, lines = small.best(one)
    explained = explain(problem=one, lines=lines, say=str)
    plan = Plan(lines, objective(problem=one, lines=lines), alone(problem=one), explained, 1, 0, "TEST 1", {})
    return lines, plan_document(problem=one, plan=plan)


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_the_best_plan_holds_and_its_document_is_true_and_reads_back(seed: int) -> None:
    one = small.problem(seed)
    lines, said = planned(one)
    assert broken(problem=one, lines=lines) == ()
    assert untrue(problem=one, lines=lines, said=said) == ()
    assert set(read_lines(said, problem=one)) == set(lines)


BREAKS = ("early", "late", "twice", "crew", "skill", "barred", "after", "elsewhere", "overlap", "longest")


def break_it(one: Problem, lines: list[Line], how: str, dice: Random) -> tuple[Problem, list[Line]] | None:  # noqa: C901, PLR0912 - a case a rule
    """One rule broken for certain, or nothing where this plan has no such thing to break."""
    number = dice.randrange(len(lines))
    line = lines[number]
    task = one.tasks[line.task]
    tasks, assets = list(one.tasks), list(one.assets)
    match how:
        case "early":
            lines[number] = replace(line, start=task.earliest - 1)
        case "late":
            lines[number] = replace(line, start=task.due + 1)
        case "twice":
            lines.append(line)
        case "crew":
            lines[number] = replace(line, assets=(*line.assets, line.assets[0]))
        case "skill":
            tasks[line.task] = replace(task, crew=(frozenset({"diving"}), *task.crew[1:]))
        case "barred":
            tasks[line.task] = replace(task, barred=(line.assets[0],))
        case "after":
            unplaced = set(range(len(tasks))) - {item.task for item in lines}
            if not unplaced:
                return None
            tasks[line.task] = replace(task, after=(min(unplaced),))
        case "elsewhere":
            found = assets[line.assets[0]]
            assets[line.assets[0]] = replace(
                found, shifts=tuple(shift for shift in found.shifts if not shift.start <= line.start <= shift.end)
            )
        case "overlap":
            other = next((item for item in lines if item.task != line.task and len(tasks[item.task].crew) == len(line.assets)), None)
            if other is None or not task.length or not tasks[other.task].length:
                return None
            tasks[other.task] = replace(tasks[other.task], earliest=0, due=10**9)
            lines[lines.index(other)] = replace(other, assets=line.assets, start=line.start)
        case "longest":
            if not task.length:
                return None
            assets[line.assets[0]] = replace(assets[line.assets[0]], longest=0)
    return replace(one, tasks=tuple(tasks), assets=tuple(assets)), lines


@settings(max_examples=400, deadline=None)
@given(seeds, st.sampled_from(BREAKS))
def test_every_way_of_breaking_a_plan_is_found(seed: int, how: str) -> None:
    one = small.problem(seed)
    _, lines = small.best(one)
    assume(lines)
    found = break_it(one, list(lines), how, Random(seed))
    assume(found is not None)
    assert found is not None
    assert broken(problem=found[0], lines=found[1])


LIES = [
    (lambda said: said["objective"].update({next(iter(said["objective"])): 10**6}), "objective: tier"),
    (lambda said: said["bound"].update({next(iter(said["bound"])): -1}), "bound: tier"),
    (lambda said: said.update(problem_sha256="0" * 64), "problem_sha256"),
    (lambda said: said.update(objective={}), "objective: it must give a number for each tier"),
    (lambda said: said.update(unplaced=[{"task": "T0"}, {"task": "T0"}]), "T0: it must be either placed or unplaced, once"),
    (lambda said: said["objective"].update({next(iter(said["objective"])): 10**5000}), "objective: it must give a number for each tier"),
    (lambda said: said["bound"].update({next(iter(said["bound"])): float("nan")}), "bound: it must give a number for each tier"),
    (lambda said: said["unplaced"].append({"task": "nothing"}), "unplaced: there is no task nothing"),
    (lambda said: said["unplaced"].append({"task": ["T0"]}), "unplaced: there is no task"),
    (lambda said: said["unplaced"].append({"task": "T0"}), "it needs its reason and its detail"),
    (lambda said: said.update(gap=0.987), "gap: it is not the share"),
    (lambda said: said.update(bound_total=0), "bound_total: it must be a number, and no less than"),
    (lambda said: said.update(bound_total=None), "bound_total: it must be a number"),
    (lambda said: said["routes"].pop(), "routes: they are not the journeys"),
    (lambda said: said["routes"][0]["stops"][0].update(travel=999), "routes: they are not the journeys"),
    (lambda said: said.pop("unplaced"), "unplaced: it is missing"),
]


@pytest.mark.parametrize(("lie", "said"), LIES)
def test_what_a_plan_says_of_itself_must_be_so(lie: Any, said: str) -> None:
    one = small.problem(7)
    lines, document = planned(one)
    lie(document)
    assert any(said in fault for fault in untrue(problem=one, lines=lines, said=document))


@pytest.mark.parametrize(
    ("assignment", "said"),
    [
        ({"task": "no", "assets": ["A0"], "start": 1}, "assignments[0].task: there is no task no"),
        ({"task": "T0", "assets": ["Z"], "start": 1}, "assignments[0].assets[0]: there is no asset Z"),
        ({"task": "T0", "assets": ["A0"], "start": 0.0000001}, "assignments[0].start: it has more decimals than the problem"),
        ({"task": "T0", "assets": ["A0"], "start": Decimal("1e999999999")}, "assignments[0].start: 1E+999999999 is above 1000000"),
        ({"task": "T0", "assets": ["A0"]}, "assignments[0].start: it is missing"),
        ("T0", "assignments[0]: it must be a table of keys and values"),
    ],
)
def test_what_is_no_plan_of_the_problem_is_refused_by_path(assignment: Any, said: str) -> None:
    with pytest.raises(BadProblem) as bad:
        read_lines({"assignments": [assignment]}, problem=small.problem(7))
    assert said in bad.value.faults


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_no_plan_reaches_more_than_the_bound(seed: int) -> None:
    one = small.problem(seed)
    worth, _ = small.best(one)
    most = alone(problem=one)
    assert all(most.by_tier[tier] >= value for tier, value in zip(one.tiers, worth, strict=True))
    assert most.total >= sum(worth, Fraction(0))


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_everything_is_explained_and_what_a_change_promises_is_so(seed: int) -> None:
    one = small.problem(seed)
    _, lines = small.best(one)
    found = explain(problem=one, lines=lines, say=str, longest_stay=60 * one.scale)
    assert set(found.because) == {line.task for line in lines}
    assert {item.task for item in found.not_placed} == set(range(len(one.tasks))) - set(found.because)
    for item in found.not_placed:
        task = one.tasks[item.task]
        assert item.reason in (WAITS, NO_SKILL, NOT_IN_TIME, CROWDED_OUT)
        assert item.change is not None
        assert item.change.sentence
        assert (item.reason == WAITS) == any(before not in found.because for before in task.after)
        if item.change.kind == "later":
            assert item.change.minutes > 0
            wider = replace(task, due=task.due + item.change.minutes * one.scale)
            changed = replace(one, tasks=tuple(wider if number == item.task else other for number, other in enumerate(one.tasks)))
            assert small.fits(changed, lines, item.task)
        if item.change.kind == "stay_on":
            longer = tuple(
                replace(asset, shifts=tuple(replace(shift, end=shift.end + item.change.minutes * one.scale) for shift in asset.shifts))
                for asset in one.assets
            )
            assert small.fits(replace(one, assets=longer), lines, item.task)
        if item.change.kind == "give_up":
            assert small.fits(one, tuple(line for line in lines if line.task != item.change.task), item.task)
        if item.change.kind == "sooner":
            before = next(line for line in lines if line.task == item.change.task)
            assert before.start + one.tasks[before.task].length > task.due
        if item.change.kind == "more":
            there = Shift(0, task.due + task.length + 1000 * one.scale, task.place, task.place)
            new = tuple(Asset(f"N{slot}", task.crew[slot], (there,)) for slot in item.change.slots)
            assert small.fits(replace(one, assets=(*one.assets, *new)), lines, item.task)
