"""``lodestar inspection``: what inspectors found, what was promised, and the reply; each command read only when it is called."""

from __future__ import annotations

import click

from lodestar.doors.cli.main import Part, fetch

COMMANDS = {
    "deadline": Part(
        "", "The seven steps of a section 55 reply, and its last day. No database.", "cli.inspection_deadline:deadline", False
    ),
    "load": Part("", "Bring a register file in, CSV or XLSX.", "feeds.register_commands:load"),
    "export": Part("", "Write the register out.", "feeds.register_commands:export"),
    "home": Part("", "Where every commitment stands, and what the board must decide.", "cli.inspection_home:home"),
    "reply": Part("", "Make the reply to a report, as Word or PDF/UA.", "config.commands:reply"),
    "reopen": Part("", "Open again every closed commitment whose measure has slipped.", "cli.inspection_home:reopen"),
}
EXAMPLES = """\b
lodestar inspection deadline 2022-12-09
lodestar inspection load docs/examples/inspection/post-inspection-review-2022.csv
lodestar inspection reply NCPI-REVIEW-2022 --out reply.docx --out reply.pdf
"""


class Inspection(click.Group):
    """A group whose parts are imported when they are called, so that the deadline needs no database."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the library's own signature
        """Every command, in the manual's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Fetch one command."""
        part = COMMANDS.get(cmd_name)
        return None if part is None else fetch(part)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The commands with their lines, none of them imported."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, part.line) for name, part in COMMANDS.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Examples one may copy."""
        with formatter.section("Examples"):
            formatter.write_text(EXAMPLES)


@click.group(cls=Inspection)
def inspection() -> None:
    """What inspectors found, what was promised in answer, what shows it, and the reply the law asks for.

    A promise without a measure is claimed and never evidenced. A closed one opens again by itself when its measure slips.
    """
