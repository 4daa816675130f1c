"""``lodestar tasking bound``: the most that any plan can be worth, proven in minutes rather than in a plan's seconds."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from time import monotonic
from typing import Any

import click

from lodestar.core.tasking.bounds.offline import proof_document, prove
from lodestar.core.tasking.plan import objective, read_lines
from lodestar.core.tasking.problem import BadProblem, Line
from lodestar.core.tasking.ready import make_ready
from lodestar.core.tasking.verify import broken
from lodestar.doors.cli.tasking_files import FILE, STDIN, document_in, problem_in, stop
from lodestar.doors.cli.tasking_solve import interruptible, say_compiling


@click.command("bound")
@click.argument("problem", type=FILE)
@click.argument("plan", type=FILE, required=False)
@click.option("--minutes", type=click.FloatRange(min=0), help="How long to prove, by the clock.  [default: 10]")
@click.option("--rounds", type=click.IntRange(min=0), help="How many rounds to prove: the same bytes each time.")
@click.option("--json", "as_json", is_flag=True, help="Strict JSON on standard output.")
def bound_command(*, problem: Path, plan: Path | None, minutes: float | None, rounds: int | None, as_json: bool) -> None:
    """Prove the most that any plan of PROBLEM can be worth in all.

    With PLAN it is the most of those plans that have no less than PLAN in any tier but the lowest, and how far PLAN stays below
    that. Control-C ends the proof with the best so far. Ends with 0; with 1 when PLAN breaks a rule; with 2 when a file is not one.
    """
    if minutes is not None and rounds is not None:
        raise click.UsageError("Give --minutes or --rounds, one of the two.")
    if problem == plan == STDIN:
        stop(problem, "only one of the two files can be read from it.")
    asked = problem_in(problem)
    reached: dict[int, Fraction] | None = None
    lines: tuple[Line, ...] = ()
    if plan is not None:
        try:
            lines = read_lines(document_in(plan), problem=asked)
        except BadProblem as bad:
            stop(plan, *bad.faults)
        if faults := broken(problem=asked, lines=lines):
            stop(plan, *faults, code=1)
        reached = objective(problem=asked, lines=lines)
    with interruptible() as interrupted:
        say_compiling()
        make_ready()
        until = monotonic() + 60 * (10.0 if minutes is None else minutes)
        ends = (lambda _: monotonic() >= until) if rounds is None else (lambda made: made >= rounds)
        proof = prove(problem=asked, stop=lambda made: bool(interrupted) or ends(made), reached=reached, lines=lines)
    said = proof_document(problem=asked, proof=proof, reached=reached)
    click.echo(json.dumps(said, indent=2) if as_json else _readable(said))


def _readable(said: dict[str, Any]) -> str:
    lines = [f"At most {said['bound_total']} in all: {said['of']}.", f"Proven in {said['rounds']} rounds by {said['bound_method']}."]
    if "value" in said:
        lines.insert(1, f"The plan reaches {said['value']}: at most {said['gap']:.2%} below that.")
    return "\n".join(lines)
