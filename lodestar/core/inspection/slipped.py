"""The chart of a commitment that opened again, as the paper that goes out with the word of it.

Whoever owns the promise sees why without signing in: the measure month by month, its target, and the table that says the same.
"""

from __future__ import annotations

from datetime import datetime

from lodestar.core.measures.chart import Chart
from lodestar.core.paper import Paper, Part, Picture
from lodestar.core.times import say

MARKING = "OFFICIAL. For whoever answers for this commitment; not for publication."


def slip_paper(*, reference: str, promise: str, why: str, chart: Chart, svg: str, at: datetime) -> Paper:
    """What was promised, why it opened again, and the chart as it stood then (``at``), drawn as ``svg``."""
    picture = Picture(svg, chart.sentence, chart.title)
    return Paper(
        title=f"Commitment {reference} has opened again",
        under=promise,
        author="Lodestar",
        marking=MARKING,
        reference=f"{reference}, opened again {say(at)}",
        at=at,
        parts=(
            Part("Why it opened again", (why,)),
            Part(
                "Its measure, month by month",
                (*([chart.sentence] if chart.sentence else []), *chart.notes),
                pictures=(picture,),
                grid=chart.table(),
            ),
        ),
    )
