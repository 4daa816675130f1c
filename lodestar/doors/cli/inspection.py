"""``lodestar inspection``: what inspectors found, what was promised, and the reply; each command read only when it is called."""

from __future__ import annotations

import click

from lodestar.doors.cli.main import Lazy, Part

COMMANDS = {
    "deadline": Part(
        "Commands", "The seven steps of a section 55 reply, and its last day. No database.", "cli.inspection_deadline:deadline", False
    ),
    "load": Part("Commands", "Bring a register file in, CSV or XLSX.", "feeds.register_commands:load"),
    "export": Part("Commands", "Write the register out.", "feeds.register_commands:export"),
    "home": Part("Commands", "Where every commitment stands, and what the board must decide.", "cli.inspection_home:home"),
    "reply": Part("Commands", "Make the reply to a report, as Word or PDF/UA.", "config.commands:reply"),
    "reopen": Part("Commands", "Open again every closed commitment whose measure has slipped.", "cli.inspection_home:reopen"),
}
EXAMPLES = """\b
lodestar inspection deadline 2022-12-09
lodestar inspection load docs/examples/inspection/post-inspection-review-2022.csv
lodestar inspection reply NCPI-REVIEW-2022 --out reply.docx --out reply.pdf
"""


@click.group(cls=Lazy, parts=COMMANDS, examples=EXAMPLES)
def inspection() -> None:
    """What inspectors found, what was promised in answer, what shows it, and the reply the law asks for.

    A promise without a measure is claimed and never evidenced. A closed one opens again by itself when its measure slips.
    """
