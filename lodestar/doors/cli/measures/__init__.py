"""``lodestar measures``: figures from a file, with no database.

These modules import neither Django nor anything of the store, so that an analyst can use them on any machine. Each command
is read only when it is called.
"""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = ("km", "competing", "mcf", "spc", "tchart", "gchart", "funnel", "interval")
MODULES = {"tchart": "rare", "gchart": "rare"}


class Figures(click.Group):
    """A group that reads a command's module when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order of the manual."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"{__name__}.{MODULES.get(cmd_name, cmd_name)}")
        return getattr(module, cmd_name)


@click.group(cls=Figures)
def measures() -> None:
    """Figures with their intervals, from a file."""
