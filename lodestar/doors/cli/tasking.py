"""``lodestar tasking``: the best plan for a problem in a file, and whether a plan holds, with no database."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from lodestar.core.tasking.answer import answer
from lodestar.core.tasking.document import read_problem
from lodestar.core.tasking.plan import read_lines
from lodestar.core.tasking.problem import Params, after_iterations
from lodestar.doors.cli.tasking_solve import solve_command
from lodestar.doors.cli.tasking_verify import verify_command


@click.group()
def tasking() -> None:
    """Who should do what and when, from a problem file (see docs/reference/tasking-problem.md)."""


@tasking.command("compile", hidden=True)
def compile_command() -> None:
    """Compile the engine's kernels ahead of their first use, and throw away those of other versions."""
    kept = Path(os.environ["NUMBA_CACHE_DIR"])
    for folder in kept.parent.glob("*"):
        if folder != kept:
            shutil.rmtree(folder, ignore_errors=True)
    problem = read_problem(EVERYTHING)
    issued = answer(problem=problem, params=Params(), seed=1, stop=after_iterations(200))
    again = read_lines(issued, problem=problem)
    answer(problem=problem, params=Params(), seed=1, stop=after_iterations(200), warm=again)


# A little of everything: a crew, single work, work that waits, and two who could do it.
EVERYTHING = {
    "places": [{"id": "a", "x": 0, "y": 0}, {"id": "b", "x": 5, "y": 5}],
    "speed_kmh": 40,
    "assets": [{"id": f"A{number}", "shifts": [{"start": 0, "end": 480, "from": "a", "to": "a"}]} for number in range(3)],
    "tasks": [
        {"id": "T0", "place": "b", "minutes": 30, "earliest": 0, "due": 200, "tier": 0, "value": 10, "crew": [[], []]},
        {"id": "T1", "place": "a", "minutes": 30, "earliest": 0, "due": 300, "tier": 1, "value": 5, "after": ["T0"]},
        *({"id": f"T{n}", "place": "b", "minutes": 60, "earliest": 0, "due": 400, "tier": 2, "value": n} for n in range(2, 9)),
    ],
}

tasking.add_command(solve_command)
tasking.add_command(verify_command)
