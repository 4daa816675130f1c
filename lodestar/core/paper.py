"""A paper: what a document says, before anybody chooses whether it is a PDF or Word.

The desk that owns a paper says its words; the door of papers only sets them. Both forms are set from the same paper, so
they cannot say different things.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows under a heading row: every row has as many cells as the heading. ``widths`` are the columns' shares; none is alike."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.heading or any(len(row) != len(self.heading) for row in self.rows):
            raise ValueError("every row of a grid needs a cell for each heading")
        if self.widths and (len(self.widths) != len(self.heading) or min(self.widths) < 1):
            raise ValueError("a grid with widths needs one of 1 or more for each heading")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG text. What it shows is said in words too (``alt``): a picture without them says nothing to some readers."""

    svg: str
    alt: str
    caption: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError("a picture needs its words")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a paper under its own heading: paragraphs, facts by their names, numbered points, pictures, then a grid."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    points: tuple[str, ...] = ()
    grid: Grid | None = None
    pictures: tuple[Picture, ...] = ()
    level: int = 1  # of its heading: 2 stands under the last part of level 1

    def __post_init__(self) -> None:
        if self.level not in (1, 2):
            raise ValueError("a part's heading is of the first level or the second")

    def lines(self) -> Iterator[str]:
        """Everything this part says, in reading order."""
        yield self.heading
        yield from self.paragraphs
        yield from (f"{name}: {value}" for name, value in self.facts)
        yield from self.points
        yield from (picture.caption for picture in self.pictures if picture.caption)
        if self.grid is not None:
            yield from self.grid.heading
            for row in self.grid.rows:
                yield from row


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. ``at`` dates the document, so that the same paper is the same bytes whenever it is written."""

    title: str
    under: str  # the line under the title
    author: str
    marking: str  # how it is to be handled, at the head of every page
    reference: str  # at the foot of every page
    at: datetime
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a paper needs an instant with a time zone")

    def lines(self) -> Iterator[str]:
        """Everything the paper says, in reading order, without the head and foot of its pages."""
        yield self.title
        yield self.under
        for part in self.parts:
            yield from part.lines()


def paragraphs(text: str) -> tuple[str, ...]:
    """What a person wrote, as the paragraphs they wrote it in; blank lines are not paragraphs."""
    return tuple(line for raw in text.splitlines() if (line := " ".join(raw.split())))
