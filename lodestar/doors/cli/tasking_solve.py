"""``lodestar tasking solve``: the best plan found in the time given, with its proven bound and a reason for everything."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import Any

import click

from lodestar.core.tasking.answer import answer
from lodestar.core.tasking.bounds.bound import rounds_for
from lodestar.core.tasking.plan import read_lines
from lodestar.core.tasking.problem import BadProblem, Line, Params, Problem, Stop
from lodestar.core.tasking.ready import make_ready
from lodestar.doors.cli.tasking_files import FILE, STDIN, document_in, problem_in
from lodestar.doors.cli.tasking_files import stop as stop_with

SECONDS = 10.0
SEARCHING = 0.8  # of the seconds given; the rest proves how good the plan is
INTERRUPTED = 130  # what a shell says of a command that was ended by hand
STOPPED = "Stopped, with nothing to show. What is compiled so far is kept.\n"
FIRST = "The best plan so far follows; while the engine is being compiled, after that. Control-C again ends at once, with none.\n"


@click.command("solve")
@click.argument("problem", type=FILE)
@click.option("--seconds", type=click.FloatRange(min=0), help="How long to search and prove, by the clock.  [default: 10]")
@click.option("--iterations", type=click.IntRange(min=0), help="How many steps to search: the same bytes each time.")
@click.option("--seed", type=click.IntRange(min=0, max=2**63 - 1), default=1, show_default=True, help="The seed of the search.")
@click.option("--warm", type=FILE, help="A plan already issued: its lines move only for a higher tier, and each says why.")
@click.option(
    "--longest-stay",
    "stay",
    type=click.IntRange(min=0),
    default=0,
    help="Minutes that anybody may stay on, suggested where it places work.",
)
@click.option("--json", "as_json", is_flag=True, help="The plan's document on standard output.")
def solve_command(
    *, problem: Path, seconds: float | None, iterations: int | None, seed: int, warm: Path | None, stay: int, as_json: bool
) -> None:
    """Find the best plan for PROBLEM, a JSON file (see docs/reference/tasking-problem.md); - reads standard input.

    Control-C ends the search with the best plan so far, and that is no failure. Ends with 0, or with 2 when the problem is
    not one: then every fault is named by its path. A second Control-C ends at once, with no plan and with 130.
    """
    if seconds is not None and iterations is not None:
        raise click.UsageError("Give --seconds or --iterations, one of the two.")
    if problem == warm == STDIN:
        stop_with(problem, "only one of the two files can be read from it.")
    asked = problem_in(problem)
    issued = () if warm is None else _issued(warm, asked)
    rounds = None if iterations is None else rounds_for(problem=asked, steps=iterations)
    with interruptible() as interrupted:
        say_compiling()  # before the clock starts: a first plan is as good as any other
        make_ready()
        stop, prove = _until(interrupted, seconds=seconds, iterations=iterations, rounds=rounds)
        longest = stay * asked.scale
        said = answer(problem=asked, params=Params(), seed=seed, stop=stop, warm=issued, prove=prove, longest_stay=longest)
    click.echo(json.dumps(said, indent=1, ensure_ascii=False) if as_json else _readable(asked, said))


def say_compiling() -> None:
    """Say that the engine is compiled first, where it is not compiled yet."""
    if not any(Path(os.environ["NUMBA_CACHE_DIR"]).rglob("anneal*.nbi")):
        click.echo("Compiling the engine, once after an install or an upgrade: half a minute, or longer on a busy machine.", err=True)


def _issued(file: Path, problem: Problem) -> tuple[Line, ...]:
    try:
        return read_lines(document_in(file), problem=problem)
    except BadProblem as bad:
        stop_with(file, *bad.faults)


def leave(_number: int, _frame: FrameType | None) -> None:
    """End at once, saying so. No exception would do: raised within the compiler, it may be swallowed there."""
    os.write(2, STOPPED.encode())
    os._exit(INTERRUPTED)


@contextmanager
def interruptible() -> Iterator[list[int]]:
    """A list that the first Control-C adds to, so that what runs can end with what it has; a second one ends the command at once."""
    interrupted: list[int] = []
    before = signal.getsignal(signal.SIGINT)

    def interrupt(number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, leave)  # first of all: the second may come at once
        interrupted.append(number)
        os.write(2, FIRST.encode())  # no stream of Python's, which may be being written to at this moment

    signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def _until(interrupted: list[int], *, seconds: float | None, iterations: int | None, rounds: int | None) -> tuple[Stop, Stop]:
    """Rules that end the search and then the proof: by the clock from now on, by their steps, or at Control-C."""
    began = monotonic()

    def rule(most: int | None, share: float) -> Stop:
        until = began + share * (SECONDS if seconds is None else seconds)
        return lambda done: bool(interrupted) or (done >= most if most is not None else monotonic() >= until)

    return rule(iterations, SEARCHING), rule(rounds, 1.0)


def _readable(problem: Problem, said: dict[str, Any]) -> str:
    places = {task.id: problem.places[task.place] for task in problem.tasks}
    rows = [("Start", "Task", "Place", "Who")]
    rows += [(str(one["start"]), one["task"], places[one["task"]], ", ".join(one["assets"])) for one in said["assignments"]]
    lines = _table(rows)
    if said["unplaced"]:
        lines += ["", "Not placed:", *(f"  {one['task']}: {one['detail']} {one.get('change', '')}".rstrip() for one in said["unplaced"])]
    tiers = [("Tier", "Value", "Bound"), *((tier, str(value), str(said["bound"][tier])) for tier, value in said["objective"].items())]
    lines += ["", *_table(tiers), "", f"At most {said['gap']:.2%} below the best there can be (bound: {said['bound_method']})."]
    return "\n".join(lines)


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
