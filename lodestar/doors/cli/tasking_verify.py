"""``lodestar tasking verify``: whether a plan keeps every rule of its problem and is worth what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from lodestar.core.tasking.plan import read_lines
from lodestar.core.tasking.problem import BadProblem, Line, Problem
from lodestar.core.tasking.verify import broken, untrue
from lodestar.doors.cli.tasking_files import FILE, STDIN, document_in, problem_in, stop


@click.command("verify")
@click.argument("problem", type=FILE)
@click.argument("plan", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Strict JSON on standard output.")
def verify_command(problem: Path, plan: Path, as_json: bool) -> None:
    """Check PLAN against PROBLEM: every rule, its objective worked out afresh, and its bound not below it.

    The checker shares nothing with the search. Ends with 0 when the plan holds, 1 when it does not, with every fault;
    2 when a file cannot be read.
    """
    if problem == plan == STDIN:
        stop(problem, "only one of the two files can be read from it.")
    asked, said = problem_in(problem), document_in(plan)
    try:
        lines = read_lines(said, problem=asked)
    except BadProblem as bad:
        faults = bad.faults
    else:
        faults = _faults(plan, asked, lines, said)
    if as_json:
        click.echo(json.dumps({"holds": not faults, "faults": list(faults)}, indent=2))
        raise SystemExit(1 if faults else 0)
    if faults:
        stop(plan, *faults, code=1)
    placed = len(lines)
    click.echo(f"The plan holds: {placed} of {len(asked.tasks)} tasks placed, and it is worth what it says.")


def _faults(plan: Path, problem: Problem, lines: tuple[Line, ...], said: Any) -> tuple[str, ...]:
    try:
        return (*broken(problem=problem, lines=lines), *untrue(problem=problem, lines=lines, said=said))
    except RecursionError:
        stop(plan, "it is nested too deeply.")
