"""A plan with one of its tasks left is the plan of the other lines."""

from __future__ import annotations

import numpy as np

from lodestar.core.tasking.explain.soonest import routes, without
from lodestar.core.tasking.problem import Params, after_iterations
from lodestar.core.tasking.solve import search
from tests.core.tasking.search_examples import a_day


def test_a_plan_without_one_task_is_the_plan_of_the_others() -> None:
    for seed in range(12):
        problem = a_day(seed, people=5, wanted=20)
        lines = search(problem=problem, params=Params(), seed=1, stop=after_iterations(50)).lines
        for left in lines:
            found = without(routes(problem=problem, lines=lines), task=left.task, length=problem.tasks[left.task].length)
            wanted = routes(problem=problem, lines=[line for line in lines if line != left])
            assert found.holders == wanted.holders
            for name in ("shifts", "begins", "stops", "given", "longest"):
                assert np.array_equal(getattr(found, name), getattr(wanted, name)), name
