"""Writes tables for people to download, so that opening one in a spreadsheet runs nothing."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from lodestar.core.book import Book, Cell
from lodestar.core.times import to_utc

# A cell that begins with one of these is taken for a formula by some spreadsheet (OWASP, CSV injection).
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
GUARD = "'"
CELL_CHARACTERS = 32_767  # what an XLSX cell can hold
FIRST_ZIP_YEAR = 1980
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def guarded(cell: str) -> str:
    """A cell that a spreadsheet cannot take for a formula: one that begins like one gets an apostrophe before it."""
    return GUARD + cell if cell.startswith(FORMULA_MARKS) or cell.startswith(GUARD) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before ``guarded``, so that a mended error report can be brought in again."""
    bare = cell.removeprefix(GUARD)
    return bare if bare != cell and bare.startswith((*FORMULA_MARKS, GUARD)) else cell


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file in UTF-8 with its mark, so that Excel reads accents right; every cell guarded against formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (columns, *rows):
        writer.writerow([guarded(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """An XLSX file in which every cell is text; characters that XLSX cannot hold are written as their number."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Rows")
    for row in (columns, *rows):
        sheet.append([_held(guarded(cell)) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _held(cell: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub(lambda mark: f"\\x{ord(mark.group()):02x}", cell)[:CELL_CHARACTERS]


def write_book(book: Book) -> bytes:
    """A workbook of typed tables with its data dictionary, the same bytes for the same book: a number is a number, a day a day."""
    made = Workbook()
    made.remove(made.active)
    for table in book.whole():
        sheet = made.create_sheet(table.title)
        sheet.freeze_panes = "A2"
        for place, column in enumerate(table.columns, start=1):
            head = sheet.cell(row=1, column=place, value=_held(guarded(column.name)))
            head.font = Font(bold=True)
            sheet.column_dimensions[head.column_letter].width = min(60, max(12, len(column.name) + 2))
        for row in table.rows:
            sheet.append([_cell(value) for value in row])
    made.properties.title, made.properties.creator, made.properties.language = book.title[:255], book.author[:255], "en-GB"
    made.properties.created = to_utc(book.at).replace(tzinfo=None, microsecond=0)
    out = io.BytesIO()
    made.save(out)
    return _dated(out.getvalue(), to_utc(book.at))


def _cell(value: Cell) -> object:
    if isinstance(value, str):
        return _held(guarded(value))
    if isinstance(value, datetime):
        return to_utc(value).replace(tzinfo=None, microsecond=0)  # XLSX knows no zones: the dictionary says UTC
    return value


def _dated(made: bytes, at: datetime) -> bytes:
    """The same package with every entry, and its own note of when it was written, dated as the book is."""
    stamp = (max(at.year, FIRST_ZIP_YEAR), at.month, at.day, at.hour, at.minute, at.second)
    written = f"{at:%Y-%m-%dT%H:%M:%SZ}".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            kept = zipfile.ZipInfo(entry.filename, stamp)
            kept.compress_type, kept.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            body = before.read(entry)
            if entry.filename == "docProps/core.xml":
                body = MODIFIED.sub(rb"\g<1>" + written + rb"\g<2>", body)
            after.writestr(kept, body)
    return out.getvalue()
