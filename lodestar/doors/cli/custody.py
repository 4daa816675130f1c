"""``lodestar custody``: children kept after charge, from case files and with no database."""

from __future__ import annotations

import click

from lodestar.doors.cli.custody_check import check_command
from lodestar.doors.cli.custody_funnel import funnel_command


@click.group()
def custody() -> None:
    """What becomes of children charged and kept, from case files."""


custody.add_command(funnel_command)
custody.add_command(check_command)
