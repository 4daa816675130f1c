"""The sheet that a chart is drawn on: how large, how large its letters, and what fits along the axis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log2

from lodestar.core.measures.chart import SIDES, Chart, Flag, Series, say_value

LETTER = 0.57  # how wide a letter is, measured in its own height; the typeface of the reader is not known here
INK, SOFT, WORSE, BETTER, PAPER, FILL = "#0b0c0c", "#505a5f", "#942514", "#1d5f9e", "#ffffff", "#dfe2e4"
SHAPES = {"outside": "s", "shift": "^", "trend": "D", "two_of_three": "v"}
OTHER_SHAPE = "P"
NAMED = ("centre", "limit", "near", "target", "curve")  # the lines that carry a name at their end
DASHES: dict[str, object] = {
    "measured": "solid",
    "curve": "solid",
    "centre": "solid",
    "limit": (0, (6, 3)),
    "near": (0, (1, 3)),
    "target": (0, (8, 3, 1, 3)),
}
CURVES: tuple[object, ...] = ("solid", (0, (6, 2)), (0, (2, 2)), (0, (8, 2, 1, 2)), (0, (1, 1.5)))
HATCHES = ("", "--", "", "\\\\", "xx")  # dots would be a hundred kilobytes of circles


@dataclass(frozen=True, slots=True)
class Form:
    """One of the two forms of a chart, in pixels."""

    width: int
    plot: int  # how high the part with the axes is
    left: int
    right: int
    letters: int
    named: bool  # whether lines are named at their ends; otherwise in the key beneath


WIDE = Form(width=760, plot=330, left=62, right=190, letters=13, named=True)
NARROW = Form(width=320, plot=250, left=46, right=30, letters=12, named=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the key: how it is drawn and what it is."""

    words: str
    series: Series | None = None
    number: int = 0
    flag: Flag | None = None
    band: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A chart on one form."""

    chart: Chart
    form: Form

    @property
    def width(self) -> int:
        """In pixels."""
        return self.form.width

    @property
    def line(self) -> int:
        """How high a line of letters is, in pixels."""
        return round(self.form.letters * 1.5)

    @property
    def under(self) -> int:
        """How much stands between the axis and the key: the places' names, rows of counts, the axis's title."""
        return round(self.line * (2.4 + len(self.chart.rows) * (1 if self.form.named else 2)))

    @property
    def height(self) -> int:
        """In pixels: the axes, what is under them, the key, and the notes."""
        return self.form.plot + self.under + self.line * (len(self.entries) + len(self.notes)) + 8

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Where the axes lie, as the library wants it: left, bottom, width, height, in shares of the whole."""
        form, top = self.form, self.line
        bottom = self.height - form.plot
        wide = form.width - form.left - form.right
        return form.left / form.width, bottom / self.height, wide / form.width, (form.plot - top) / self.height

    @property
    def across(self) -> int:
        """How wide the axes are, in pixels."""
        return self.form.width - self.form.left - self.form.right

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes in lines that fit, the set of rules among them."""
        said = [f"Rules: {self.chart.ruleset}."] if self.chart.ruleset else []
        return tuple(line for words in (*said, *self.chart.notes) for line in self.folded(words, self.form.width - 16))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What the key explains: what no name at a line's end does."""
        return tuple(self._entries())

    def _entries(self) -> Iterator[Entry]:
        for number, series in enumerate(self.chart.series):
            if series.look == "dots" and not self.form.named:
                said = (f"{self.dot_name(place)}: {self.chart.names[place]}" for place in range(len(series.ys)))
                yield from (Entry(words, series=series, number=number) for words in said)
            elif not self.form.named or series.look not in (*NAMED, "dots"):
                yield Entry(f"{series.name}{self._value(series)}", series=series, number=number)
        for number, band in enumerate(self.chart.bands):
            yield Entry(band.name, band=number)
        seen: dict[tuple[str, str], Flag] = {}
        for flag in self.chart.flags:
            seen.setdefault((flag.rule, flag.side), flag)
        for flag in seen.values():
            side = f", {SIDES[flag.side]}" if flag.side in SIDES else ""
            yield Entry(f"{flag.word[:1].upper()}{flag.word[1:]}{side}", flag=flag)

    def _value(self, series: Series) -> str:
        """What a line that carries a name is: its one value, or its last."""
        values = [y for y in series.ys if y is not None]
        if series.look not in NAMED or not values:
            return ""
        return f" {say_value(values[-1], self.chart.unit)}{'' if len(set(values)) == 1 else ' at the end'}"

    def dot_name(self, place: int) -> str:
        """A dot's name, or where there is no room for names a letter that the key explains."""
        return self.chart.names[place] if self.form.named else chr(ord("A") + place % 26)

    def wide_of(self, words: str) -> float:
        """About how wide words are, in pixels."""
        return len(words) * self.form.letters * LETTER

    def folded(self, words: str, most: float) -> list[str]:
        """Words in lines of at most so many pixels."""
        lines, line = [], ""
        for word in words.split():
            if line and self.wide_of(f"{line} {word}") > most:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        return [*lines, line]

    def ticks(self) -> list[int]:
        """The places whose names fit under the axis, the last among them."""
        names, size = self.chart.short or self.chart.names, len(self.chart.xs)
        if self.chart.kind in ("curve", "funnel"):
            return self._spaced(names)
        widest = max(self.wide_of(name) for name in names) + 8
        step = max(1, -(-size * round(widest) // max(self.across, 1)))
        return [place for place in range(size) if (size - 1 - place) % step == 0]

    def _spaced(self, names: tuple[str, ...]) -> list[int]:
        """Where places lie unevenly: from the left, each that leaves room for the one before."""
        said = [[name, *(say_value(row.counts[place], "count") for row in self.chart.rows)] for place, name in enumerate(names)]
        wide = [max(self.wide_of(words) for words in one) for one in said]
        kept: list[int] = []
        for place in range(len(names)):
            if not kept or self.at(place) - self.at(kept[-1]) >= (wide[place] + wide[kept[-1]]) / 2 + 6:
                kept.append(place)
        return kept

    def at(self, place: int) -> float:
        """About where a place lies across the axes, in pixels from their left."""
        xs = [_doubled(x) if self.chart.doubling else x for x in self.chart.xs]
        low, high = min(xs), max(xs)
        return (xs[place] - low) / ((high - low) or 1) * self.across

    def x(self, place: int) -> float:
        """Where a place lies on the axis: its own value for a curve or a funnel, otherwise its number."""
        return self.chart.xs[place]


def _doubled(x: float) -> float:
    """Where a time lies when each step along is twice the last; up to one it lies evenly, as the library has it."""
    return 1.2 * x if x <= 1 else 1.2 + log2(x)


def look_of(flag: Flag) -> dict[str, object]:
    """A flagged point: its shape is the rule, its fill the side; filled is for the worse, hollow for the better."""
    edge = {"worse": WORSE, "better": BETTER}.get(flag.side, INK)
    face = PAPER if flag.side == "better" else edge
    return {
        "marker": SHAPES.get(flag.rule, OTHER_SHAPE),
        "markersize": 8,
        "markerfacecolor": face,
        "markeredgecolor": edge,
        "markeredgewidth": 2,
    }
