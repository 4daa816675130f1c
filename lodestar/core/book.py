"""A book: tables that leave as a workbook, each column with its meaning, before anybody chooses how the file is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

Cell = str | int | float | date | datetime | None
DICTIONARY = "Data dictionary"
LONGEST_TITLE = 31  # what a spreadsheet lets a sheet be called
NOT_IN_TITLES = set("[]:*?/\\")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what it means, and its unit where it has one."""

    name: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a book."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if not self.title or len(self.title) > LONGEST_TITLE or NOT_IN_TITLES & set(self.title):
            raise ValueError(f"a sheet cannot be called {self.title}")
        if not self.columns or any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.title}: every row needs a cell for each column")
        if any(not column.meaning.strip() for column in self.columns):
            raise ValueError(f"{self.title}: every column says what it means")


@dataclass(frozen=True, slots=True)
class Book:
    """A whole book. ``at`` dates it, so that the same book is the same bytes whenever it is written."""

    title: str
    author: str
    at: datetime
    sheets: tuple[Sheet, ...]

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a book needs an instant with a time zone")
        if len({sheet.title for sheet in self.sheets}) != len(self.sheets):
            raise ValueError("two sheets have one title")

    def whole(self) -> Iterator[Sheet]:
        """Its sheets, and last the dictionary of their columns."""
        yield from self.sheets
        yield dictionary(self.sheets)


def dictionary(sheets: tuple[Sheet, ...]) -> Sheet:
    """What every column of every sheet means."""
    columns = (
        Column("Sheet", "The sheet that holds the column"),
        Column("Column", "Its heading"),
        Column("Meaning", "What a cell of it says"),
        Column("Unit", "What a number in it counts, where it holds numbers"),
    )
    rows = tuple((sheet.title, column.name, column.meaning, column.unit) for sheet in sheets for column in sheet.columns)
    return Sheet(DICTIONARY, columns, rows)
