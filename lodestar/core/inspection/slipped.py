"""The chart of a commitment that opened again, as the paper that goes out with the word of it.

Whoever owns the promise sees why without signing in: the measure month by month, its target, and the table that says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lodestar.core.measures.chart import NOTES, Chart
from lodestar.core.paper import Grid, Paper, Part, Picture
from lodestar.core.times import say

MARKING = "OFFICIAL. For whoever answers for this commitment; not for publication."
NARROW, WIDE = 2, 3


@dataclass(frozen=True, slots=True)
class Slipped:
    """A commitment that opened again, as whoever owns it is told: what was promised, why it opened, and the chart as it stood then."""

    reference: str
    promise: str
    why: str
    chart: Chart


def slip_paper(slipped: Slipped, *, svg: str, at: datetime) -> Paper:
    """The paper of it, with its chart drawn as ``svg``; it opened again ``at`` an instant."""
    chart = slipped.chart
    picture = Picture(svg, " ".join((chart.sentence, *chart.notes)), chart.title)
    return Paper(
        title=f"Commitment {slipped.reference} has opened again",
        under=slipped.promise,
        author="Lodestar",
        marking=MARKING,
        reference=f"{slipped.reference}, opened again {say(at)}",
        at=at,
        parts=(
            Part("Why it opened again", (slipped.why,)),
            Part("Its measure, month by month", (chart.sentence,), pictures=(picture,), grid=_table(chart)),
        ),
    )


def _table(chart: Chart) -> Grid:
    """The chart's own table, with room for the month and for the words that say why it opened."""
    table = chart.table()
    widths = (WIDE, *(WIDE if name == NOTES else NARROW for name in table.heading[1:]))
    return Grid(table.heading, table.rows, widths)
