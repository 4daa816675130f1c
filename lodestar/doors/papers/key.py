"""The key under a chart: what each shape, fill and line is that carries no name of its own, and the notes printed with it."""

from __future__ import annotations

from typing import Any

from lodestar.doors.papers.layers import bar_look, line_look
from lodestar.doors.papers.sheet import INK, SOFT, Entry, Sheet, look_of

SAMPLE, LEFT = 26, 8  # how long a sample of a line is, and where it begins, in pixels


def key(figure: Any, sheet: Sheet) -> None:
    """A sample and its words on a line each, then the notes."""
    size, y = sheet.form.letters, sheet.height - sheet.form.plot - sheet.under
    for entry in sheet.entries:
        y -= sheet.line
        _sample(figure, sheet, entry, y + sheet.line / 2)
        _words(figure, sheet, entry.words, (LEFT + SAMPLE + 8, y + sheet.line / 2), size)
    for note in sheet.notes:
        y -= sheet.line
        _words(figure, sheet, note, (LEFT, y + sheet.line / 2), size)


def _words(figure: Any, sheet: Sheet, words: str, at: tuple[float, float], size: int) -> None:
    figure.text(at[0] / sheet.width, at[1] / sheet.height, words, ha="left", va="center", fontsize=size, color=INK)


def _sample(figure: Any, sheet: Sheet, entry: Entry, y: float) -> None:
    """A small axes of pixels, one for each sample, with the sample in it."""
    axes = figure.add_axes((LEFT / sheet.width, (y - 8) / sheet.height, SAMPLE / sheet.width, 16 / sheet.height))
    axes.set_axis_off()
    axes.set_xlim(0, SAMPLE)
    axes.set_ylim(-8, 8)
    if entry.flag is not None:
        axes.plot([SAMPLE / 2], [0], linestyle="none", **look_of(entry.flag))
    elif entry.band is not None:
        axes.fill_between([0, SAMPLE], -6, 6, facecolor=str(0.93 - 0.11 * min(entry.band, 4)), edgecolor=SOFT, linewidth=0.6)
    elif entry.series is not None and entry.series.look.startswith("bar"):
        axes.bar([SAMPLE / 2], [12], SAMPLE - 4, bottom=-6, **bar_look(entry.series, entry.number))
    elif entry.series is not None:
        along = [SAMPLE / 2] if entry.series.look == "dots" else [0, SAMPLE / 2, SAMPLE]
        look = {**line_look(entry.series, entry.number), **({"markevery": [1]} if entry.series.look == "measured" else {})}
        axes.plot(along, [0] * len(along), **look)
