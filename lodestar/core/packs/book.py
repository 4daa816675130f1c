"""A pack as a workbook: its items, decisions and figures as tables, with what every column means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lodestar.core.book import Book, Cell, Column, Sheet
from lodestar.core.packs.content import Content, View, instant
from lodestar.core.packs.reading import Seen, seen

_PART = Column("Part", "The part of the agenda")
_WHO = Column("Who", "The child by name and reference where the reader may know them, otherwise a letter of this pack only")
ITEMS = (
    _PART,
    _WHO,
    Column("What", "What is to be looked at"),
    Column("Due", "When it was due, in words; for a child the reader may not know only whether it was late"),
    Column("Owed by", "The person who owes or holds it, where the reader may know"),
    Column("Discussed", "yes where the meeting recorded something about it"),
)
DECISIONS = (_PART, _WHO, Column("Said", "Which part of what was recorded"), Column("Words", "What was recorded, word for word"))
FIGURES = (
    _PART,
    Column("Measure", "Code of the measure"),
    Column("Title", "What it measures"),
    Column("Line", "Which line of the measure"),
    Column("Unit", "share is a part of 1; hours and days are elapsed time; count is a number"),
    Column("Value", "The figure; empty where it may not be given or is not known"),
    Column("Lower", "Lower end of the 95% interval"),
    Column("Upper", "Upper end of the 95% interval"),
    Column("Numerator", "How many of the population; empty where hidden", "episodes, or what the population counts"),
    Column("Denominator", "The population counted", "episodes, or what the population counts"),
    Column("Children", "How many different children", "children"),
    Column("Interval by", "How the interval is worked out"),
    Column("Clock", "From which instant time is counted"),
    Column("Population", "Who is counted"),
    Column("Definition of", "The day from which the definition holds"),
    Column("Definition content", "SHA-256 of the definition"),
    Column("As known", "The instant at which it was known, in UTC"),
    Column("Why hidden", "Why a number is hidden, where one is"),
    Column("Caveats", "What to know before believing the number"),
)
CHARTS = (
    _PART,
    Column("Chart", "Title of the chart"),
    Column("Row", "Number of the row in the table under the chart"),
    Column("Column", "Heading in that table"),
    Column("Value", "What stands there"),
)
TABLES = (
    _PART,
    Column("Table", "Title of the table"),
    Column("Group", "Which group, or All"),
    Column("Column", "Heading in that table"),
    Column("Value", "What stands there; c where it is hidden"),
)


def book_of(content: Content, view: View) -> Book:
    """A pack for one reader as tables."""
    parts = seen(content, view)
    about = content["frozen"]
    return Book(
        title=f"{content['template']['title']}, meeting {content['meeting']['number']}, version {about['version']}",
        author=about["by"],
        at=instant(about["at"]),
        sheets=(
            Sheet("About", (Column("What", "What is said of the pack"), Column("Words", "What is said")), tuple(_about(content))),
            Sheet("Items", ITEMS, tuple(_items(parts))),
            Sheet("Decisions", DECISIONS, tuple(_decisions(parts))),
            Sheet("Figures", FIGURES, tuple(_figures(parts))),
            Sheet("Groups", TABLES, tuple(_tables(parts))),
            Sheet("Charts", CHARTS, tuple(_charts(parts))),
        ),
    )


def _about(content: Content) -> Iterator[tuple[Cell, ...]]:
    for group, names in (
        ("template", ("title", "code", "version", "hash", "authority")),
        ("meeting", ("number", "due_at", "held_at", "chair", "attended", "left")),
        ("frozen", ("version", "at", "by", "code", "replaces", "reason")),
    ):
        for name in names:
            yield f"{group}: {name.replace('_', ' ')}", str(content[group][name])


def _items(parts: tuple[Seen, ...]) -> Iterator[tuple[Cell, ...]]:
    for part in parts:
        for one in part.lines:
            yield part.title, one.who, one.words, one.due, one.owes, "yes" if one.decided else "no"


def _decisions(parts: tuple[Seen, ...]) -> Iterator[tuple[Cell, ...]]:
    for part in parts:
        for one in part.lines:
            for decision in one.decided:
                for name, words in decision:
                    yield part.title, one.who, name, words


def _figures(parts: tuple[Seen, ...]) -> Iterator[tuple[Cell, ...]]:
    for part in parts:
        for one in part.figures:
            yield (part.title, *_figure(one))


def _figure(one: Mapping[str, Any]) -> tuple[Cell, ...]:
    caveats = " ".join(caveat["sentence"] for caveat in one["caveats"])
    names = ("code", "title", "line", "unit", "value", "lower", "upper", "numerator", "denominator", "children")
    more = ("interval_method", "clock", "population", "definition_version", "definition_hash", "as_of", "reason")
    return (*(one[name] for name in names), *(one[name] for name in more), caveats)


def _charts(parts: tuple[Seen, ...]) -> Iterator[tuple[Cell, ...]]:
    for part in parts:
        for chart in part.charts:
            for number, row in enumerate(chart["table"]["rows"], start=1):
                for name, value in zip(chart["table"]["heading"], row, strict=True):
                    yield part.title, chart["title"], number, name, value


def _tables(parts: tuple[Seen, ...]) -> Iterator[tuple[Cell, ...]]:
    for part in parts:
        for table in part.tables:
            for group, *cells in table.rows:
                for name, value in zip(table.heading[1:], cells, strict=True):
                    yield part.title, table.title, group, name, value
