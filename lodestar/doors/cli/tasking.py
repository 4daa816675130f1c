"""``lodestar tasking``: the best plan for a problem in a file, and whether a plan holds, with no database."""

from __future__ import annotations

import signal

import click

from lodestar.core.tasking.ready import make_ready
from lodestar.doors.cli.tasking_bound import bound_command
from lodestar.doors.cli.tasking_solve import leave, say_compiling, solve_command
from lodestar.doors.cli.tasking_verify import verify_command


@click.group()
def tasking() -> None:
    """Who should do what and when, from a problem file (see docs/reference/tasking-problem.md)."""


@tasking.command("compile")
def compile_command() -> None:
    """Compile the engine now, rather than beside the service's first minutes; once for each version."""
    before = signal.signal(signal.SIGINT, leave)
    say_compiling()
    make_ready()
    signal.signal(signal.SIGINT, before)
    click.echo("The tasking engine is compiled.")


tasking.add_command(solve_command)
tasking.add_command(verify_command)
tasking.add_command(bound_command)
