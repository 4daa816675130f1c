"""The lodestar command: one list of its parts, each read only when it is asked for.

Figures from a file need no database, so those parts start without Django; the rest start it first.
Exit codes: 0 done, 1 it could not be done, 2 the command or its input was wrong.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

VERSION = "0.1.0"
EXAMPLES = """\b
lodestar run                                    start, and open http://127.0.0.1:8000
lodestar demo accounts                          the demonstration sign-ins, one a role
lodestar import missing reports.xlsx            bring reports in; bad rows come back with reasons
lodestar measures km times.csv --time hours --event found --at 24
lodestar measures spc months.csv --value share --improvement increase --target 90
lodestar duty replay docs/examples/reviews-replay.csv
lodestar tasking solve docs/examples/tasking/morning.json
lodestar forecast docs/examples/forecast/online.json
lodestar custody funnel docs/examples/custody/cambridgeshire-2023-24.jsonl
lodestar inspection deadline 2022-12-09         by when the reply is published, and its seven steps
lodestar audit verify                           name the first broken row of the audit
"""
EXITS = "0 done; 1 it could not be done; 2 the command or its input was wrong, and a sentence says how to mend it."


@dataclass(frozen=True, slots=True)
class Part:
    """One command: where it lives, its line in the manual, and whether it needs the database."""

    group: str
    line: str
    where: str
    needs_django: bool = True


PARTS = {
    "run": Part("Running", "Start the service; the first time, with a demonstration force.", "cli.system:run"),
    "migrate": Part("Running", "Bring the database up to this version.", "cli.system:migrate"),
    "jobs": Part("Running", "Sweep the clocks, send notices and seal the audit, once or for ever.", "jobs.commands:jobs"),
    "demo": Part("Running", "Load the demonstration force, or list its sign-ins.", "feeds.demo.commands:demo"),
    "import": Part("Bringing in and taking out", "Read reports from a CSV or XLSX file.", "feeds.commands:imports"),
    "export": Part("Bringing in and taking out", "Write the national return and the force's records.", "feeds.commands:exports"),
    "measures": Part("Figures", "Figures with their intervals, from a file, with no database.", "cli.measures:measures", False),
    "duty": Part("Figures", "Replay a rota and find the reviews that were missed, with no database.", "cli.duty:duty", False),
    "custody": Part("Figures", "What the law says of a case file; a year from charge to a bed.", "cli.custody:custody", False),
    "forecast": Part("Figures", "What more posts would do to a backlog, and when, with no database.", "cli.forecast:forecast", False),
    "forecast-past": Part(
        "Figures", "How the forecast's engine did on a line's past, under the posts held.", "cli.forecast_past:forecast_past"
    ),
    "tasking": Part("Figures", "The best plan for a problem file, and whether a plan holds.", "cli.tasking:tasking", False),
    "tasking-again": Part(
        "Answering for it", "Run a past day's proposals again: the same bytes, or which differs.", "cli.tasking_again:tasking_again"
    ),
    "inspection": Part("Answering for it", "What inspectors found, what was promised, and the reply.", "cli.inspection:inspection", False),
    "packs": Part("Answering for it", "Meetings and their packs: what is planned, and whether a pack comes out again.", "cli.packs:packs"),
    "identity": Part("Figures", "Who is the same person: a model of linkage, and what people answered.", "cli.identity:identity", False),
    "force": Part("Answering for it", "The force's own districts, posts and shifts.", "cli.force:force"),
    "access": Part("Answering for it", "People, roles and keys: who may do and see what.", "cli.access:access"),
    "audit": Part("Answering for it", "Verify the audit's chain, and seal it.", "cli.audit:audit"),
    "docs": Part("Answering for it", "Write the generated pages of docs/, or check them.", "cli.docs:docs"),
}


def fetch(part: Part) -> click.Command:
    """Import one command, starting Django before it where it needs the database. What joins doors stands in config (ADR 12)."""
    if part.needs_django:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lodestar.config.settings")
        import_module("django").setup()
    module, attribute = part.where.split(":")
    path = f"lodestar.{module}" if module.startswith("config.") else f"lodestar.doors.{module}"
    command = getattr(import_module(path), attribute)
    if not isinstance(command, click.Command):
        raise TypeError(f"{part.where} is not a command")
    return command


class Lazy(click.Group):
    """A group that imports a part only when it is called, and whose help lists the parts under their headings."""

    def __init__(self, *given: Any, parts: Mapping[str, Part], examples: str = "", exits: str = "", **named: Any) -> None:
        super().__init__(*given, **named)
        self.parts = parts
        self.after = {"Examples": examples, "Exit codes": exits}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every part, in the manual's order."""
        return list(self.parts)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Fetch one part, starting Django before it where it needs the database."""
        part = self.parts.get(cmd_name)
        return None if part is None else fetch(part)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The parts under their headings, none of them imported."""
        for heading in dict.fromkeys(part.group for part in self.parts.values()):
            with formatter.section(heading):
                formatter.write_dl([(name, part.line) for name, part in self.parts.items() if part.group == heading])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples one may copy, and what the exit codes mean, where there are any."""
        for heading, text in self.after.items():
            if text:
                with formatter.section(heading):
                    formatter.write_text(text)


@click.command(
    cls=Lazy,
    parts=PARTS,
    examples=EXAMPLES,
    exits=EXITS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(VERSION, prog_name="lodestar")
def main() -> None:
    """Lodestar: every missing child has one person who answers for them, and nothing owed is forgotten.

    A report comes in, the child is recognised, a matter opens, obligations exist before they are due, the board of
    everyone on duty changes by itself, work is proposed, decided and finished, and the measure at the end is true.
    """
