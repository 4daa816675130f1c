"""A plan with one of its tasks left is the plan of the other lines, and whoever is found first is found by trying everybody."""

from __future__ import annotations

from itertools import permutations

from lodestar.core.tasking.explain.soonest import holding, routes, soonest
from lodestar.core.tasking.problem import Line, Params, after_iterations
from lodestar.core.tasking.solve import search
from lodestar.core.tasking.verify import broken
from tests.core.tasking import small
from tests.core.tasking.search_examples import a_day


def test_a_plan_without_one_task_is_the_plan_of_the_others() -> None:
    for seed in range(12):
        problem = a_day(seed, people=5, wanted=20)
        lines = search(problem=problem, params=Params(), seed=1, stop=after_iterations(50)).lines
        plan, who = routes(problem=problem, lines=lines), holding(problem=problem)
        out = set(range(len(problem.tasks))) - {line.task for line in lines}
        for left in lines:
            others = routes(problem=problem, lines=[line for line in lines if line != left])
            for task in out:
                window = problem.tasks[task].earliest, problem.tasks[task].due
                asked = {"problem": problem, "task": task, "may": who(task), "window": window}
                assert soonest(plan=plan, left=left.task, **asked) == soonest(plan=others, **asked)


def test_nobody_could_begin_sooner_than_the_soonest() -> None:
    tried = 0
    for seed in range(400):
        one = small.problem(seed)
        lines = search(problem=one, params=Params(), seed=1, stop=after_iterations(1)).lines[:1]
        plan, who = routes(problem=one, lines=lines), holding(problem=one)
        for number, task in enumerate(one.tasks):
            bound = any(number == line.task or number in one.tasks[line.task].after for line in lines)
            if bound or task.after or task.due > 60 * one.scale:
                continue
            found = soonest(plan=plan, problem=one, task=number, may=who(number), window=(task.earliest, task.due))
            crews = list(permutations(range(len(one.assets)), len(task.crew)))
            minutes = range(task.earliest, task.due + 1, max(1, one.scale // 2))
            could = [at for at in minutes if any(not broken(problem=one, lines=(*lines, Line(number, crew, at))) for crew in crews)]
            assert found is None or not broken(problem=one, lines=(*lines, Line(number, found[1], found[0])))
            assert not could or (found is not None and found[0] <= could[0])
            tried += bool(could)
    assert tried > 100
