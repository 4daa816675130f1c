"""A sheet as it was found in a file, before anything is known of what its columns mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lodestar.core.words import Caution, Refusal

Value = str | date | datetime
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read of one file: enough for years of one force's records, too little to stop the service."""

    file_bytes: int = 20 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE  # an XLSX is a zip; what it says it unpacks to
    unpacked_ratio: int = 200
    rows: int = 100_000
    columns: int = 200
    cell_characters: int = 50_000
    record_lines: int = 500  # one CSV row may run over lines inside quotation marks


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its cells, or the text as it stands and why it could not be taken apart."""

    number: int  # as a spreadsheet counts: the heading is 1
    cells: tuple[Value, ...]
    cell_faults: tuple[tuple[int, Refusal], ...] = ()
    fault: Refusal | None = None
    verbatim: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The heading and every row under it."""

    heading: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    cautions: tuple[Caution, ...] = ()


def as_text(cell: Value) -> str:
    """A cell as its text: days as 2026-06-04, times as 2026-06-04 09:32."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes" if not cell.second else "seconds")
    return cell.isoformat() if isinstance(cell, date) else cell


def too_many_rows(limits: Limits) -> Refusal:
    """The refusal of a file with more rows than are read at once."""
    return Refusal("table.too_many_rows", f"The file has more than {limits.rows} rows. Split it and bring the parts in one by one.")


def too_many_columns(limits: Limits) -> Refusal:
    """The refusal of a file with more columns than any table here has."""
    return Refusal("table.too_many_columns", f"The file has more than {limits.columns} columns. Check that it is the right file.")
