"""How the examples in the formula's playbook run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lodestar.core.playbook import Playbook
from lodestar.core.tasking.first_come.problem import Stop, params_from
from lodestar.core.tasking.first_come.solve import solve
from tests.core.tasking.first_come.problems import person, problem, work

NAMES = {1: "known", 2: "stranger"}


def run_formula(book: Playbook, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """An hour's work on a child who knows one of two people, who come free at different times."""
    asked = problem([person(number, shifts=((given[f"{name}_free_at"], 480),)) for number, name in NAMES.items()], [work(9, prefer=(1,))])
    (line,) = solve(problem=asked, params=params_from(book.blocks[-1].values), seed=0, stop=Stop()).placed
    return {"chosen": NAMES[line.asset], "start": line.start}
