"""A chart as a drawing: SVG with real text, the same bytes for the same chart, legible in black and white.

Lines differ by their dashes and are named where they end; a flagged point has a shape for its rule, a fill for its side and its
word; colour only repeats what these say. A wide form fits a page and print, a narrow one a telephone. The drawing library
takes a second or two to load, so it is loaded by the first chart that is drawn and not when the server starts.
"""

from __future__ import annotations

import io
from functools import lru_cache
from importlib import import_module
from threading import Lock
from typing import Any

from lodestar.core.measures.chart import Chart
from lodestar.doors.papers import key
from lodestar.doors.papers.layers import bands, bars, flags, frame, lines, marks, rows_under
from lodestar.doors.papers.letters import printable
from lodestar.doors.papers.sheet import NARROW, WIDE, Sheet
from lodestar.doors.papers.svg import cleaned

SALT = "lodestar"
MOST_KEPT = 256
_one_at_a_time = Lock()  # the library's settings are the process's own


@lru_cache(maxsize=MOST_KEPT)
def write_svg(chart: Chart, *, narrow: bool = False) -> bytes:
    """The chart as an SVG element to stand in a page or a file. Kept by its content: the same chart is drawn once."""
    with _one_at_a_time:
        library = _library()
        sheet = Sheet(chart, NARROW if narrow else WIDE)
        figure = library(figsize=(sheet.width / 72, sheet.height / 72), dpi=72)
        axes = figure.add_axes(sheet.box)
        for draw in (frame, bands, bars, lines, marks, flags, rows_under):
            draw(axes, sheet)
        key.key(figure, sheet)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    code = f"{chart.code}-narrow" if narrow else chart.code
    words = {"title": str(printable(chart.title)), "sentence": str(printable(chart.sentence))}
    return cleaned(drawn.getvalue(), code=code, size=(sheet.width, sheet.height), **words)


@lru_cache(maxsize=1)
def _library() -> Any:
    settings = import_module("matplotlib").rcParams
    settings.update({"svg.fonttype": "none", "svg.hashsalt": SALT, "font.family": "DejaVu Sans", "hatch.linewidth": 1.0})
    return import_module("matplotlib.figure").Figure
