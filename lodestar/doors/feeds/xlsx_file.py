"""Takes an XLSX file apart: its first sheet, days and times as such, and no formula ever worked out."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from lodestar.core.words import Caution, Refusal
from lodestar.doors.feeds.sheet import Limits, Sheet, SheetRow, Value, too_many_columns, too_many_rows

BOOK = "xl/workbook.xml"
PROLOG = 4096  # a document type, with the entities that could blow up, must stand before the first element
# Every way in which a damaged file has been seen to break the libraries underneath.
BROKEN = (
    InvalidFileException, zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, ParseError, LookupError, ValueError,
    TypeError, AttributeError, ArithmeticError, OSError, EOFError, RuntimeError,
)  # fmt: skip
NOT_TIME = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\\.")  # what a number format says that is not a part of the time

_FORMULA = Refusal("table.formula", "This cell holds a formula, which is not worked out here. Paste it as a value.")
_ERROR = Refusal("table.error_value", "This cell holds a spreadsheet's error. Put the right value in.")
_LONG = Refusal("table.cell_too_long", "This value is too long. Shorten it, or check that it is in the right column.")
_NOT_EXCEL = Refusal("table.not_a_table", "This is not a CSV or XLSX file. Save the table as CSV UTF-8 or as .xlsx.")
_BOMB = Refusal("table.unpacks_too_large", "This file unpacks to far more than it should. Save the table anew, or as CSV.")


def read(data: bytes, *, limits: Limits) -> Sheet | Refusal:
    """Read the first sheet; refuses what is not XLSX, unpacks too large or declares its own XML entities."""
    refusal = _unsafe(data, limits)
    if refusal:
        return refusal
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they name cells and values, which are personal data
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            try:
                return _first_sheet(book, limits)
            finally:
                book.close()
    except BROKEN:
        return Refusal("table.broken", "This XLSX file is damaged and cannot be read. Save it anew, or as CSV.")


def _unsafe(data: bytes, limits: Limits) -> Refusal | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            parts = pack.infolist()
            if BOOK not in {part.filename for part in parts}:
                return _NOT_EXCEL
            size = sum(part.file_size for part in parts)
            if size > limits.unpacked_bytes or size > limits.unpacked_ratio * len(data):
                return _BOMB
            return _NOT_EXCEL if any(_declares(pack, part) for part in parts) else None
    except BROKEN:
        return _NOT_EXCEL


def _declares(pack: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    if not part.filename.endswith((".xml", ".rels")):
        return False
    with pack.open(part) as opened:
        head = opened.read(PROLOG).replace(b"\x00", b"")  # an entity in UTF-16 is an entity too
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head


def _first_sheet(book: Any, limits: Limits) -> Sheet | Refusal:
    if not book.worksheets:
        return _NOT_EXCEL
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the file says of its size is not trusted
    rows = _rows(sheet.iter_rows(max_row=limits.rows + 2, max_col=limits.columns + 1), limits)
    heading = next(rows, None)
    if heading is None:
        return Refusal("table.blank", "This file is blank. Choose the file that holds the rows.")
    found: list[SheetRow] = []
    for row in rows:
        if len(found) >= limits.rows:
            return too_many_rows(limits)
        found.append(row)
    if max(len(row.cells) for row in (heading, *found)) > limits.columns:
        return too_many_columns(limits)
    return Sheet(tuple(str(cell) for cell in heading.cells), tuple(found), _other_sheets(book))


def _other_sheets(book: Any) -> tuple[Caution, ...]:
    if len(book.sheetnames) < 2:
        return ()
    return (Caution("table.other_sheets", f"Only the first sheet, {book.sheetnames[0]}, was read."),)


def _rows(rows: Iterable[Any], limits: Limits) -> Iterator[SheetRow]:
    for number, cells in enumerate(rows, start=1):
        read = [_cell(cell, limits) for cell in cells]
        while read and read[-1] == ("", None):
            read.pop()
        faults = tuple((place, refusal) for place, (_, refusal) in enumerate(read) if refusal)
        yield SheetRow(number, tuple(value for value, _ in read), faults)


def _cell(cell: Any, limits: Limits) -> tuple[Value, Refusal | None]:
    value = cell.value
    if value is None:
        return "", None
    if cell.data_type in ("f", "e"):
        return str(getattr(value, "text", value)), _FORMULA if cell.data_type == "f" else _ERROR
    if isinstance(value, datetime):
        return _moment(value, str(cell.number_format)), None
    text = _plain(value)
    return (text, _LONG) if len(text) > limits.cell_characters else (text, None)


def _moment(value: datetime, shown: str) -> Value:
    """A spreadsheet keeps a day as midnight: where the cell's format shows no time of day, it is a day and no more."""
    whole = (value.hour, value.minute, value.second) == (0, 0, 0)
    if whole and not {"h", "s"} & set(NOT_TIME.sub("", shown).lower()):
        return value.date()
    # A serial number cannot hold most minutes exactly; the nearest second is what was typed.
    return (value + timedelta(milliseconds=500)).replace(microsecond=0)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
