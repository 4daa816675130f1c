"""A workbook: typed cells, no formula from anybody's words, a data dictionary, and the same bytes whenever it is written."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import openpyxl
import pytest

from lodestar.core.book import DICTIONARY, Book, Column, Sheet
from lodestar.doors.feeds.writing import write_book

AT = datetime(2026, 7, 6, 18, 15, 30, tzinfo=UTC)
COLUMNS = (Column("Child", "By letter"), Column("Hours", "Kept", "hours"), Column("On", "The day"), Column("At", "In UTC"))
ROWS = (("=HYPERLINK(1)", 7.25, date(2026, 7, 6), AT), ("Child A", None, None, None), ("\x07bell", 3, None, None))
BOOK = Book("A pack", "Insp Elm", AT, (Sheet("Items", COLUMNS, ROWS),))


def test_a_number_is_a_number_a_day_a_day_and_no_word_a_formula() -> None:
    rows = list(openpyxl.load_workbook(io.BytesIO(write_book(BOOK)))["Items"].values)
    assert rows[0] == ("Child", "Hours", "On", "At")
    assert rows[1] == ("'=HYPERLINK(1)", 7.25, datetime(2026, 7, 6), AT.replace(tzinfo=None))
    assert rows[2] == ("Child A", None, None, None)
    assert rows[3][0] == "\\x07bell"


def test_the_last_sheet_says_what_every_column_means() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_book(BOOK)))
    assert book.sheetnames == ["Items", DICTIONARY]
    assert list(book[DICTIONARY].values)[2] == ("Items", "Hours", "Kept", "hours")


def test_the_same_book_is_the_same_bytes_whatever_the_clock_says(monkeypatch: pytest.MonkeyPatch) -> None:
    first = write_book(BOOK)
    monkeypatch.setattr("time.localtime", lambda *_: datetime(2031, 1, 1).timetuple())
    assert write_book(BOOK) == first
    about = openpyxl.load_workbook(io.BytesIO(first)).properties
    assert (about.created, about.modified, about.creator) == (AT.replace(tzinfo=None), AT.replace(tzinfo=None), "Insp Elm")


def test_what_cannot_be_a_book_is_refused() -> None:
    with pytest.raises(ValueError, match="a cell for each column"):
        Sheet("Items", COLUMNS, (("one",),))
    with pytest.raises(ValueError, match="cannot be called"):
        Sheet("a/b", COLUMNS, ())
    with pytest.raises(ValueError, match="what it means"):
        Sheet("Items", (Column("x", " "),), ())
    with pytest.raises(ValueError, match="one title"):
        Book("x", "y", AT, (BOOK.sheets[0], BOOK.sheets[0]))
