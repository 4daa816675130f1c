"""What lies on a chart, layer by layer: the frame, bands, bars, lines, marks, flags, and the rows of counts under it."""

from __future__ import annotations

import math
from itertools import groupby
from typing import Any

from lodestar.core.measures.chart import Flag, Series, say_value
from lodestar.doors.papers.sheet import CURVES, DASHES, FILL, HATCHES, INK, NAMED, PAPER, SOFT, Sheet, look_of

ROOM = 0.16  # above the highest value and below the lowest, in shares of what lies between them
GAP = 1.25  # between two names at the ends of lines, in heights of a letter
Box = tuple[float, float, float, float]  # left, low, right, high, in pixels
Corner = tuple[str, str, int, int]
CORNERS: tuple[Corner, ...] = (("left", "bottom", 7, 5), ("left", "top", 7, -5), ("right", "bottom", -7, 5), ("right", "top", -7, -5))
BEHIND = {"bbox": {"facecolor": PAPER, "edgecolor": "none", "pad": 1}}


def frame(axes: Any, sheet: Sheet) -> None:
    """The axes: no box, few and quiet lines, every number with its unit."""
    chart, size = sheet.chart, sheet.form.letters
    if chart.doubling:
        axes.set_xscale("symlog", base=2, linthresh=1, linscale=0.6)
    axes.set_xlim(*_reach(sheet))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(SOFT)
    axes.tick_params(labelsize=size, colors=INK, length=4)
    ticks, names = sheet.ticks(), chart.short or chart.names
    axes.set_xticks([sheet.x(place) for place in ticks], [names[place] for place in ticks])
    axes.minorticks_off()
    _upright(axes, sheet)
    _say(axes, chart.y_title, (0, 1), (0, 4), ha="left", va="bottom", fontsize=size)
    _say(axes, chart.x_title, (1, 0), (0, 6 - sheet.under), ha="right", va="bottom", fontsize=size)


def _say(axes: Any, words: str, at: tuple[float, float], off: tuple[float, float], **look: Any) -> None:
    """Words at a share of the axes, moved by so many pixels."""
    axes.annotate(words, at, off, xycoords="axes fraction", textcoords="offset pixels", color=INK, annotation_clip=False, **look)


def _reach(sheet: Sheet) -> tuple[float, float]:
    xs = sheet.chart.xs
    if sheet.chart.kind == "curve":
        return min(xs), max(xs)
    room = 0.08 * (max(xs) - min(xs)) or 1 if sheet.chart.kind == "funnel" else 0.6
    return min(xs) - room, max(xs) + room


def _upright(axes: Any, sheet: Sheet) -> None:
    chart = sheet.chart
    values = [y for one in chart.series for y in one.ys if y is not None]
    values += [y for one in chart.bands for y in (*one.lower, *one.upper) if y is not None]
    values += [sum(one.ys[place] or 0 for one in chart.series if one.look.startswith("bar")) for place in range(len(chart.xs))]
    values = values if any(one.look.startswith("bar") for one in chart.series) else values[: -len(chart.xs)]
    low, high = min(values, default=0), max(values, default=1)
    room = (high - low or abs(high) or 1) * ROOM
    bottom = 0 if chart.from_nought or 0 <= low < room else low - room
    head = room * (2 if chart.spans else 1)  # a stretch has its word at the top
    axes.set_ylim(bottom, 1.02 if chart.kind == "curve" and chart.unit == "share" else high + head)
    axes.locator_params(axis="y", nbins=6)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value * 100:.4g}%" if chart.unit == "share" else f"{value:.6g}")
    axes.grid(axis="y", color=FILL, linewidth=0.8)
    axes.set_axisbelow(True)


def bands(axes: Any, sheet: Sheet) -> None:
    """What lies between two values: the widest palest, each with an edge, so that print in black and white shows it."""
    for number, band in enumerate(sheet.chart.bands):
        shade = str(0.93 - 0.11 * min(number, 4))
        xs = [sheet.x(place) for place in range(len(band.lower))]
        axes.fill_between(xs, _drawn(band.lower), _drawn(band.upper), facecolor=shade, edgecolor=SOFT, linewidth=0.6, zorder=1)


def bars(axes: Any, sheet: Sheet) -> None:
    """Bars stacked from nought; what is late is hatched in black, and each class has a hatch of its own."""
    xs = [sheet.x(place) for place in range(len(sheet.chart.xs))]
    base = [0.0] * len(xs)
    for number, series in enumerate(one for one in sheet.chart.series if one.look.startswith("bar")):
        heights = [y or 0.0 for y in series.ys]
        axes.bar(xs, heights, 0.7, bottom=base, **bar_look(series, number))
        base = [low + high for low, high in zip(base, heights, strict=True)]


def bar_look(series: Series, number: int) -> dict[str, Any]:
    """How one part of a bar is filled."""
    if series.look == "bar late":
        return {"facecolor": PAPER, "edgecolor": INK, "hatch": "////", "linewidth": 1.0}
    shade = str(round(max(0.55, 0.97 - 0.13 * number), 2))
    return {"facecolor": shade, "edgecolor": INK, "hatch": HATCHES[number % len(HATCHES)], "linewidth": 1.0}


def lines(axes: Any, sheet: Sheet) -> None:
    """Every line and point, and where there is room each line's name and last value at its end."""
    ends: list[tuple[float, str]] = []
    for number, series in enumerate(sheet.chart.series):
        if series.look.startswith("bar"):
            continue
        xs = [sheet.x(place) for place in range(len(series.ys))]
        if sheet.chart.kind == "bars":  # a pale edge, so that a line shows on dark bars
            axes.plot(xs, _drawn(series.ys), zorder=3, color=PAPER, linewidth=6)
        axes.plot(xs, _drawn(series.ys), zorder=3, **line_look(series, number))
        last = next((y for y in reversed(series.ys) if y is not None), None)
        if series.look in NAMED and last is not None:
            ends.append((last, f"{series.name} {say_value(last, sheet.chart.unit)}"))
        if series.look == "dots":
            _name_dots(axes, sheet, series)
    if sheet.form.named:
        _name_ends(axes, sheet, ends)


def line_look(series: Series, number: int) -> dict[str, Any]:
    """How a line is drawn: by its dashes first; what was measured has points."""
    if series.look == "dots":
        return {"linestyle": "none", "marker": "o", "markersize": 7, "color": INK}
    if series.look == "measured":
        return {"linestyle": "solid", "marker": "o", "markersize": 4.5, "color": INK, "linewidth": 1.4}
    dashes = CURVES[number % len(CURVES)] if series.look == "curve" else DASHES[series.look]
    wide = {"curve": 1.8, "target": 1.8, "near": 1.2}.get(series.look, 1.2)
    return {"linestyle": dashes, "color": INK if series.look in ("curve", "target") else SOFT, "linewidth": wide}


def _drawn(ys: tuple[float | None, ...]) -> list[float]:
    return [math.nan if y is None else y for y in ys]


def _name_ends(axes: Any, sheet: Sheet, ends: list[tuple[float, str]]) -> None:
    """Names beside the ends of their lines, moved apart where they would lie over each other."""
    gap = sheet.form.letters * GAP
    wanted = sorted((axes.transData.transform((0, y))[1], words) for y, words in ends)
    heights: list[float] = []
    for want, _ in wanted:
        heights.append(max(want, heights[-1] + gap) if heights else want)
    over = sum(height - want for height, (want, _) in zip(heights, wanted, strict=True)) / max(len(wanted), 1)
    for height, (_, words) in zip(heights, wanted, strict=True):
        low = axes.transAxes.transform((0, 0))[1]
        _say(axes, words, (1, 0), (8, height - over / 2 - low), ha="left", va="center", fontsize=sheet.form.letters)


def _name_dots(axes: Any, sheet: Sheet, series: Series) -> None:
    """Each dot's name, or on a narrow form its letter, in the first corner about it that is free; a flagged one in bold."""
    taken: list[Box] = []
    flagged = {flag.place: flag.word for flag in sheet.chart.flags}
    for place, y in enumerate(series.ys):
        if y is None:
            continue
        words = sheet.dot_name(place) + (f": {flagged[place]}" if place in flagged and sheet.form.named else "")
        x_at, y_at = axes.transData.transform((sheet.x(place), y))
        tried = [(corner, _box(sheet, words, (x_at, y_at), corner)) for corner in CORNERS]
        free = [pair for pair in tried if _fits(sheet, pair[1]) and not any(_meet(pair[1], other) for other in taken)]
        inside = [pair for pair in tried if _fits(sheet, pair[1])]
        (across, up, right, above), box = (free or inside or tried)[0]
        taken.append(box)
        look = {"ha": across, "va": up, "fontsize": sheet.form.letters, "color": INK, "annotation_clip": False}
        bold = {"fontweight": "bold"} if place in flagged else {}
        axes.annotate(words, (sheet.x(place), y), (right, above), textcoords="offset pixels", zorder=6, **look, **bold)


def _box(sheet: Sheet, words: str, at: tuple[float, float], corner: Corner) -> Box:
    across, up, right, above = corner
    left = at[0] + right - (sheet.wide_of(words) if across == "right" else 0)
    low = at[1] + above - (sheet.form.letters if up == "top" else 0)
    return left, low, left + sheet.wide_of(words), low + sheet.form.letters


def _fits(sheet: Sheet, box: Box) -> bool:
    return sheet.form.left - 10 <= box[0] and box[2] <= sheet.form.left + sheet.across


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def marks(axes: Any, sheet: Sheet) -> None:
    """Upright lines for what changed, and hatched stretches for what may still change, each with its words."""
    top, size = {"xycoords": ("data", "axes fraction"), "textcoords": "offset pixels"}, sheet.form.letters
    for mark in sheet.chart.marks:
        x = (sheet.x(mark.place) + sheet.x(max(mark.place - 1, 0))) / 2
        axes.axvline(x, color=INK, linewidth=1.2, linestyle=(0, (4, 2)))
        side = "left" if mark.place < len(sheet.chart.xs) / 2 else "right"
        axes.annotate(mark.words, (x, 1), (4 if side == "left" else -4, -2), ha=side, va="top", fontsize=size, color=INK, **top)
    for span in sheet.chart.spans:
        low, high = sheet.x(span.first) - 0.5, sheet.x(span.last) + 0.5
        axes.axvspan(low, high, facecolor="none", edgecolor="#b1b4b6", hatch="///", linewidth=0, zorder=0)
        axes.annotate(span.words, (high, 1), (-2, 0), ha="right", va="top", fontsize=size, color=INK, **top, **BEHIND)


def flags(axes: Any, sheet: Sheet) -> None:
    """Each flagged point over its measured one, and the rule's word once for each run of them."""
    measured = next((one for one in sheet.chart.series if one.look in ("measured", "dots")), None)
    if measured is None:
        return
    for flag in sheet.chart.flags:
        axes.plot([sheet.x(flag.place)], [_drawn(measured.ys)[flag.place]], linestyle="none", zorder=5, **look_of(flag))
    if measured.look == "dots":
        return  # a dot's name already says its word
    middle = sum(axes.get_ylim()) / 2
    ordered = sorted(sheet.chart.flags, key=lambda flag: (flag.rule, flag.side, flag.place))
    for _, group in groupby(enumerate(ordered), key=lambda pair: (pair[1].rule, pair[1].side, pair[1].place - pair[0])):
        points = [(measured.ys[flag.place] or 0.0, flag) for _, flag in group]
        above = sum(y for y, _ in points) / len(points) > middle
        y, flag = (max if above else min)(points, key=lambda pair: pair[0])
        _word(axes, sheet, flag, (y, above))


def _word(axes: Any, sheet: Sheet, flag: Flag, at: tuple[float, bool]) -> None:
    """The rule's word over a point in the upper half or under one in the lower, and never over the edge."""
    y, above = at
    low, high = axes.get_ylim()
    above = above or (y - low) / (high - low) * sheet.form.plot < 2 * sheet.line  # under it would lie over the axis
    place, half = sheet.at(flag.place), sheet.wide_of(flag.word) / 2
    across = "right" if place + half > sheet.across else "left" if place < half else "center"
    look = {"ha": across, "va": "bottom" if above else "top", "fontsize": sheet.form.letters, "color": INK, "fontweight": "bold"}
    axes.annotate(flag.word, (sheet.x(flag.place), y), (0, 8 if above else -8), textcoords="offset pixels", zorder=6, **look, **BEHIND)


def rows_under(axes: Any, sheet: Sheet) -> None:
    """Counts under the places that are named: how many were still at risk there."""
    size, line = sheet.form.letters, sheet.line
    for number, row in enumerate(sheet.chart.rows):
        down = -line * (1.5 + number * (1 if sheet.form.named else 2))
        if not sheet.form.named:
            _say(axes, row.name, (0, 0), (4 - sheet.form.left, down), ha="left", va="top", fontsize=size)
            down -= line
        else:
            _say(axes, row.name, (1, 0), (24, down), ha="left", va="top", fontsize=size)
        for place in sheet.ticks():
            words = say_value(row.counts[place], "count")
            look = {"ha": "center", "va": "top", "fontsize": size, "color": INK, "annotation_clip": False}
            axes.annotate(words, (sheet.x(place), 0), (0, down), xycoords=("data", "axes fraction"), textcoords="offset pixels", **look)
