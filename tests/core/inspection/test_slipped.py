"""The paper of a commitment that opened again: everything that the picture shows stands beside it in words."""

from __future__ import annotations

from datetime import UTC, datetime

from lodestar.core.inspection.slipped import Slipped, slip_paper
from lodestar.core.measures.control_chart import Places, control_chart
from lodestar.core.measures.spc.xmr import xmr

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
VALUES = [0.9, 0.87, 0.93, 0.9, 0.87, 0.9, 0.93, 0.87, 0.9, 0.93, 0.9, 0.4]
MONTHS = tuple(f"month {number}" for number in range(len(VALUES)))


def test_the_paper_says_why_and_what_the_chart_shows() -> None:
    places = Places(code="c", title="AFI-1.1: found", value="Found", unit="share", along="Month", names=MONTHS)
    chart = control_chart(xmr(VALUES, improvement="increase", target=0.7), places=places)
    paper = slip_paper(Slipped("AFI-1.1", "More than 70% are found.", "It fell short.", chart), svg="<svg/>", at=AT)
    said = list(paper.lines())
    assert said[:4] == ["Commitment AFI-1.1 has opened again", "More than 70% are found.", "Why it opened again", "It fell short."]
    shown = paper.parts[1]
    assert shown.paragraphs == (chart.sentence,)
    assert shown.grid is not None
    assert shown.grid.rows == chart.table().rows
    assert (shown.grid.rows[-1][0], shown.grid.rows[-1][1]) == ("month 11", "40.0%")
    assert all(note in shown.pictures[0].alt for note in (chart.sentence, *chart.notes)), "who cannot see it is told what is printed on it"
