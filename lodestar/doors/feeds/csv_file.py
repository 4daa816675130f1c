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
BINARY = frozenset(range(9)) | frozenset(range(14, 27)) | frozenset(range(28, 32))

_GUESSED = Caution(
    "table.encoding",
    "The file is not UTF-8; it was read as Windows text (cp1252). Check names with accents, or save it as CSV UTF-8.",
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose heading was read, and whose rows are taken apart as they are asked for."""

    heading: tuple[str, ...]
    rows: Iterator[SheetRow]
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
    records = _records(lines, _delimiter(lines[0]), limits)
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
        if BINARY & set(data):
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


def _records(lines: list[str], delimiter: str, limits: Limits) -> Iterator[SheetRow]:
    place, number = 0, 0
    while place < len(lines):
        number += 1
        row, taken = _record(lines, place, number, delimiter, limits)
        place += taken
        yield row


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
