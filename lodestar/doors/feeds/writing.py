"""Writes tables for people to download, so that opening one in a spreadsheet runs nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

# A cell that begins with one of these is taken for a formula by some spreadsheet (OWASP, CSV injection).
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
GUARD = "'"
CELL_CHARACTERS = 32_767  # what an XLSX cell can hold


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
