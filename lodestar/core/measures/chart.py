"""A chart before anybody draws it: what is seen, in words and numbers, with the table that stands beneath it.

Every number that is drawn is in ``Chart.table``, because both are made from the same series. A chart holds no colour and no
place on paper: the door of papers sets it. Nothing is told by a line alone: a point that a rule flags carries its word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lodestar.core.paper import Grid

Kind = Literal["xmr", "t", "g", "funnel", "curve", "bars", "fan"]
Unit = Literal["share", "hours", "days", "count", "number"]
# measured: joined points; dots: points that stand for themselves, named; curve: a line without points; bar: stacked from nought
Look = Literal["measured", "dots", "curve", "centre", "limit", "near", "target", "bar", "bar late"]
Side = Literal["better", "worse", "neither"]
NOTHING = "–"
NOTES = "What to note"


@dataclass(frozen=True, slots=True)
class Series:
    """One line of values, one for each place along the chart; None is a value that is not there or may not be shown."""

    name: str
    look: Look
    ys: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """What lies between two values at each place: an interval, or the likely range of a forecast."""

    name: str
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """A point that a rule picked out: the rule, the word that stands beside the point, and whether it is for better or worse."""

    place: int
    rule: str
    word: str
    side: Side = "neither"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened between two places, drawn as an upright line before ``place``: limits set anew, a change of definition."""

    place: int
    words: str


@dataclass(frozen=True, slots=True)
class Span:
    """Places, from the first to the last of them, that are not to be trusted like the others: hatched, with the word why."""

    first: int
    last: int
    words: str


@dataclass(frozen=True, slots=True)
class Icon:
    """What the chart comes to: a code that names the picture, and the words that stand beside it always."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of counts under the chart, such as how many were still at risk; None where it is not given."""

    name: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart. ``xs`` are where the places lie and ``names`` what each is called; every series has a value for each.

    ``code`` is unique on a page: it begins the identifiers in the drawing. ``notes`` are printed on the chart, the set of rules
    among them. Refuses a series, a band or a row of another length, and a flag or a mark beyond the places.
    """

    kind: Kind
    code: str
    title: str
    sentence: str
    x_title: str
    y_title: str
    unit: Unit
    xs: tuple[float, ...]
    names: tuple[str, ...]
    series: tuple[Series, ...]
    bands: tuple[Band, ...] = ()
    flags: tuple[Flag, ...] = ()
    marks: tuple[Mark, ...] = ()
    spans: tuple[Span, ...] = ()
    icons: tuple[Icon, ...] = ()
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    ruleset: str = ""
    short: tuple[str, ...] = ()  # the names again, as they fit under the axis; where there are none the names themselves
    from_nought: bool = False
    doubling: bool = False  # each step along is twice the last: for times, where an hour matters early and a day later

    def __post_init__(self) -> None:
        size = len(self.xs)
        if not size or len(self.names) != size or len(self.short) not in (0, size):
            raise ValueError("a chart needs at least one place, and a name for each")
        lists = (*(one.ys for one in self.series), *(one.lower for one in self.bands), *(one.upper for one in self.bands))
        if not self.series or any(len(ys) != size for ys in lists) or any(len(one.counts) != size for one in self.rows):
            raise ValueError("every series of a chart needs a value, or None, for each place")
        places = (*(one.place for one in self.flags), *(one.place for one in self.marks), *(one.last for one in self.spans))
        if any(not 0 <= place < size for place in places):
            raise ValueError("a flag or a mark lies beyond the chart")

    def table(self) -> Grid:
        """The table beneath: a row for each place, holding every number that is drawn and every word beside a point."""
        edges = [name for one in self.bands for name in (f"{one.name}, from", f"{one.name}, to")]
        notes = [NOTES] if self.flags or self.marks or self.spans else []
        heading = (self.x_title, *(one.name for one in self.series), *edges, *(one.name for one in self.rows), *notes)
        return Grid(heading, tuple(tuple(self._cells(place)) for place in range(len(self.xs))))

    def _cells(self, place: int) -> Iterator[str]:
        yield self.names[place]
        yield from (say_value(one.ys[place], self.unit) for one in self.series)
        for band in self.bands:
            yield say_value(band.lower[place], self.unit)
            yield say_value(band.upper[place], self.unit)
        yield from (say_value(one.counts[place], "count") for one in self.rows)
        if self.flags or self.marks or self.spans:
            yield "; ".join(self.said_of(place))

    def said_of(self, place: int) -> tuple[str, ...]:
        """Every word that the chart says of one place."""
        flags = (f"{one.word} ({SIDES[one.side]})" if one.side in SIDES else one.word for one in self.flags if one.place == place)
        marks = (one.words for one in self.marks if one.place == place)
        spans = (one.words for one in self.spans if one.first <= place <= one.last)
        return (*flags, *marks, *spans)


SIDES: dict[str, str] = {"better": "for the better", "worse": "for the worse"}


def say_value(value: float | None, unit: Unit) -> str:
    """A number as the chart and its table both say it: a share in per cent to one place, hours and days to one, a count whole."""
    if value is None:
        return NOTHING
    if unit == "share":
        return f"{value * 100:.1f}%"
    return f"{value:.0f}" if unit == "count" and float(value).is_integer() else f"{value:.1f}"
