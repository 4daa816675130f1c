"""From a problem's document to its plan's: read, search, prove, explain. The same document and seed give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lodestar.core.tasking.bounds.alone import alone
from lodestar.core.tasking.bounds.bound import bound
from lodestar.core.tasking.explain.why import explain
from lodestar.core.tasking.plan import Plan, objective, plan_document
from lodestar.core.tasking.problem import Line, Params, Problem, Stop
from lodestar.core.tasking.solve import search


def answer(
    *,
    problem: Problem,
    params: Params,
    seed: int,
    stop: Stop,
    warm: Sequence[Line] = (),
    say: Callable[[int], str] | None = None,
    longest_stay: int = 0,
    prove: Stop | None = None,
) -> dict[str, Any]:
    """The plan's document. ``say`` names an instant of the problem, in ticks; without it instants are minutes from the start.

    ``prove`` gives longer to tighten the bound, and says when to end; without it the bound is that of each task alone.
    """
    found = search(problem=problem, params=params, seed=seed, stop=stop, warm=warm)
    worth = objective(problem=problem, lines=found.lines)
    plan = Plan(
        lines=found.lines,
        objective=worth,
        bounds=alone(problem=problem) if prove is None else bound(problem=problem, stop=prove, reached=worth),
        explained=explain(problem=problem, lines=found.lines, say=say or _minutes(problem), longest_stay=longest_stay),
        seed=seed,
        iterations=found.steps,
        formula=f"{params.formula} {params.version}",
        moved=found.moved,
    )
    return plan_document(problem=problem, plan=plan)


def _minutes(problem: Problem) -> Callable[[int], str]:
    return lambda ticks: f"minute {-(-ticks // problem.scale)}"
