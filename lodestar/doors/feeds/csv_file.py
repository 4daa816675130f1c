"""Takes CSV text apart: which encoding, which delimiter, and each row by itself, so that one bad row harms no other."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lodestar.core.words import Caution, Refusal
from lodestar.doors.feeds.sheet import Limits, Sheet, SheetRow, too_many_columns, too_many_rows

DELIMITERS = (",", ";", "\t")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
END_OF_FILE = b"\x1a"  # how some old systems end a text
HEADING_CHARACTERS = 20_000
# Bytes that no text in any of these encodings has: their presence means a picture, a program or the like.
BINARY = bytes((*range(9), *range(14, 27), *range(28, 32)))

_GUESSED = Caution(
    "table.encoding",
    "The file is not UTF-8; it was read as Windows text (cp1252). Check names with accents, or save it as CSV UTF-8.",
)


class Records:
    """The rows of a text, one after the other; or very many lines at once, where each is a row."""

    def __init__(self, lines: list[str], delimiter: str, limits: Limits) -> None:
        """Begin at the first line."""
        self.lines, self.delimiter, self.limits = lines, delimiter, limits
        self.place, self.number = 0, 0

    def __iter__(self) -> Iterator[SheetRow]:
        return self

    def __next__(self) -> SheetRow:
        if self.place >= len(self.lines):
            raise StopIteration
        self.number += 1
        row, taken = _record(self.lines, self.place, self.number, self.delimiter, self.limits)
        self.place += taken
        return row

    def ahead(self, most: int) -> str | None:
        """The next so many lines where each is a row whole, with no quotation mark in any; else None. They are still to be read."""
        some = self.lines[self.place : self.place + most]
        if not some or max(map(len, some)) > self.limits.cell_characters:
            return None
        text = "".join(some)
        return None if '"' in text else text

    def pass_over(self, count: int) -> None:
        """Go on after so many of the lines that ``ahead`` gave."""
        self.place += count
        self.number += count


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose heading was read, and whose rows are taken apart as they are asked for."""

    heading: tuple[str, ...]
    rows: Records
    cautions: tuple[Caution, ...]


def whole(found: Opened, *, limits: Limits) -> Sheet | Refusal:
    """Every row of a file at once; refuses one with too many."""
    rows = tuple(islice(found.rows, limits.rows + 1))
    return too_many_rows(limits) if len(rows) > limits.rows else Sheet(found.heading, rows, found.cautions)


def opened(data: bytes, *, limits: Limits) -> Opened | Refusal:
    """Open CSV bytes: UTF-8 with or without its mark, then Windows text with a caution; refuses what is not text."""
    decoded = _decode(data.rstrip(END_OF_FILE))
    if isinstance(decoded, Refusal):
        return decoded
    text, cautions = decoded
    if not text.strip():
        return Refusal("table.blank", "This file is blank. Choose the file that holds the rows.")
    lines = list(io.StringIO(text, newline=""))
    records = Records(lines, _delimiter(lines[0]), limits)
    heading = next(records)
    if heading.fault:
        return Refusal("table.heading_unreadable", f"The headings cannot be read. {heading.fault.sentence}")
    if len(heading.cells) > limits.columns:
        return too_many_columns(limits)
    return Opened(tuple(str(cell) for cell in heading.cells), records, cautions)


def _decode(data: bytes) -> tuple[str, tuple[Caution, ...]] | Refusal:
    try:
        if data.startswith(UTF16_MARKS):
            return data.decode("utf-16"), ()
        if len(data.translate(None, BINARY)) < len(data):
            return _not_text()
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return _windows(data)


def _windows(data: bytes) -> tuple[str, tuple[Caution, ...]] | Refusal:
    try:
        return data.decode("cp1252"), (_GUESSED,)
    except UnicodeDecodeError:
        return _not_text()


def _not_text() -> Refusal:
    return Refusal("table.not_a_table", "This is not a CSV or XLSX file. Save the table as CSV UTF-8 or as .xlsx.")


def _delimiter(heading: str) -> str:
    """The mark that parts the heading into most columns; a comma where none does."""
    return max(DELIMITERS, key=lambda mark: len(next(csv.reader([heading[:HEADING_CHARACTERS]], delimiter=mark), [])))


def _record(lines: list[str], place: int, number: int, delimiter: str, limits: Limits) -> tuple[SheetRow, int]:
    """One row from its first line; where its quotation marks do not close, that line alone is bad and the next stands."""
    ahead = map(lines.__getitem__, range(place, min(place + limits.record_lines, len(lines))))  # from here: no step over what was read
    reader = csv.reader(ahead, delimiter=delimiter, strict=True)
    try:
        cells = next(reader, [])
    except csv.Error as problem:
        fault = _LONG if "limit" in str(problem) else _QUOTES
        return SheetRow(number, (), fault=fault, verbatim=_bare(lines[place])), 1
    taken = max(reader.line_num, 1)
    if max(map(len, cells), default=0) > limits.cell_characters:
        return SheetRow(number, (), fault=_LONG, verbatim=_bare("".join(lines[place : place + taken]))), taken
    return SheetRow(number, tuple(cells)), taken


def _bare(line: str) -> str:
    return line.rstrip("\r\n")


_QUOTES = Refusal(
    "table.quotation_marks",
    "The quotation marks in this row do not match. Put marks round the whole value and double those inside it.",
)
_LONG = Refusal("table.cell_too_long", "A value in this row is too long to be one cell. Look for a quotation mark that is not closed.")
