"""One reader for CSV, XLSX and JSON: rows with their positions, and a clear refusal for whatever is not a table.

Nothing is dropped. A row that cannot be read is kept word for word with its reason; only wholly blank rows are passed over,
and they are counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from lodestar.core.reports.intake import raw_digest
from lodestar.core.reports.rows import WHOLE_ROW, BadRow, Fault, SourceRow
from lodestar.core.words import Caution, Refusal, Refusals, listed
from lodestar.doors.feeds import csv_file, json_file, xlsx_file
from lodestar.doors.feeds.sheet import Limits, Sheet, SheetRow, Value, as_text
from lodestar.doors.feeds.writing import GUARD, unguarded

MEGABYTE = 1024 * 1024
AS_IT_STANDS = "The row as it stands"
BEGINNINGS = b"\xef\xbb\xbf \t\r\n"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_ROWS = "The file has headings and no rows. Choose the file that holds the rows."


@dataclass(frozen=True, slots=True)
class Row:
    """One row that could be read: cells by heading, with days and times as such where a spreadsheet holds them so."""

    source: SourceRow
    values: Mapping[str, Value]

    def text(self, column: str) -> str:
        """A cell as text, trimmed; blank where the file has no such column."""
        return as_text(self.values.get(column, "")).strip()


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file that are not blank, each read as it is asked for; and what to look out for in all of them."""

    rows: Iterator[Row | BadRow]
    cautions: tuple[Caution, ...]
    headings: tuple[str, ...] = ()
    plain: csv_file.Records | None = None  # of a file of which very many rows can be read at once

    def ahead(self, most: int) -> str | None:
        """The next so many lines, where any reader finds the cells in them that ``rows`` does; else None. They are still to be read."""
        text = self.plain.ahead(most) if self.plain and all(self.headings) else None
        if text is None or any(f"{before}{GUARD}" in text for before in (self.delimiter, "\n", "\r")) or text.startswith(GUARD):
            return None
        return text

    @property
    def delimiter(self) -> str:
        """The mark between the cells of those lines."""
        return self.plain.delimiter if self.plain else ""

    def pass_over(self, count: int) -> None:
        """Go on after so many of the lines that ``ahead`` gave."""
        if self.plain:
            self.plain.pass_over(count)


@dataclass(frozen=True, slots=True)
class Table:
    """A whole file as read. ``rows``, ``bad`` and ``blank`` together are every row under the heading."""

    file: str
    digest: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]
    blank: int = 0
    cautions: tuple[Caution, ...] = field(default=())


def read_table(data: bytes, *, file: str, required: Collection[str] = (), limits: Limits | None = None) -> Table | Refusals:
    """Read a CSV, XLSX or JSON file. Refuses what is too large, not a table, blank, lacks a required column or names one twice.

    ``required`` are headings as they must be found, compared without regard to case and spaces.
    """
    bounds = limits or Limits()
    sheet = _sheet(data, file, bounds)
    if isinstance(sheet, Refusal):
        return (sheet,)
    columns = tuple(name.strip() for name in sheet.heading)
    refusals = (*_heading_faults(columns), *_missing(columns, required))
    return refusals or _table(sheet, columns, file, raw_digest(data))


def read_rows(
    data: bytes, *, file: str, required: Collection[str], known: Collection[str] = (), limits: Limits | None = None
) -> Rows | Refusals:
    """A file row by row, without the cells as they stood: of a CSV file none is held, and there may be any number of them.

    A column that is one of ``required`` or ``known`` but for case and spaces is called as it stands there.
    """
    sheet = _opened(data, file, limits or Limits())
    if isinstance(sheet, Refusal):
        return (sheet,)
    called = {plain_heading(name): name for name in (*known, *required)}
    columns = tuple(called.get(plain_heading(name), name.strip()) for name in sheet.heading)
    if refusals := (*_heading_faults(columns), *_missing(columns, required)):
        return refusals
    read = (one for row in sheet.rows if (one := _read(columns, row, file, raw=False)) is not None)
    first = next(read, None)
    if first is None:
        return (Refusal("table.no_rows", NO_ROWS),)
    return Rows(chain([first], read), sheet.cautions, columns, sheet.rows if isinstance(sheet, csv_file.Opened) else None)


def plain_heading(text: str) -> str:
    """A heading without regard to case, spaces, underlines and full stops: "Date Reported" and "date_reported" are one."""
    return "".join(mark for mark in text.casefold() if mark.isalnum())


def _sheet(data: bytes, file: str, limits: Limits) -> Sheet | Refusal:
    found = _opened(data, file, limits)
    return csv_file.whole(found, limits=limits) if isinstance(found, csv_file.Opened) else found


def _opened(data: bytes, file: str, limits: Limits) -> Sheet | csv_file.Opened | Refusal:
    if not data.strip():
        return Refusal("table.blank", "This file is blank. Choose the file that holds the rows.")
    if len(data) > limits.file_bytes:
        size = limits.file_bytes // MEGABYTE
        return Refusal("table.too_large", f"This file is larger than {size} MB. Split it and bring the parts in one by one.")
    if data.startswith(OLD_EXCEL):
        sentence = "This is an old or a password-protected Excel file. Save it without a password as .xlsx or as CSV."
        return Refusal("table.old_excel", sentence)
    if data.startswith(b"PK"):
        return xlsx_file.read(data, limits=limits)
    # By its name too: a CSV file may begin with a bracket.
    if file.casefold().endswith(".json") and data.lstrip(BEGINNINGS)[:1] in (b"[", b"{"):
        return json_file.read(data, limits=limits)
    return csv_file.opened(data, limits=limits)


def _heading_faults(columns: tuple[str, ...]) -> Refusals:
    named = [name for name in columns if name]
    if not named:
        return (Refusal("table.no_heading", "The first row has no headings. Put the names of the columns in row 1."),)
    plain = [plain_heading(name) for name in named]
    twice = [name for place, name in enumerate(named) if plain[place] in plain[:place]]
    if not twice:
        return ()
    sentence = f"These columns stand twice: {listed(dict.fromkeys(twice))}. Rename or remove one of each."
    return (Refusal("table.heading_twice", sentence),)


def _missing(columns: tuple[str, ...], required: Collection[str]) -> Refusals:
    found = {plain_heading(name) for name in columns}
    lacking = [name for name in dict.fromkeys(required) if plain_heading(name) not in found]
    if not lacking:
        return ()
    has = listed(name for name in columns if name) or "none"
    sentence = f"The file lacks these columns: {listed(lacking)}. It has: {has}. Check that it is the right file."
    return (Refusal("table.columns_missing", sentence),)


def _table(sheet: Sheet, columns: tuple[str, ...], file: str, digest: str) -> Table | Refusals:
    read = [_read(columns, row, file, raw=True) for row in sheet.rows]
    good, bad = tuple(row for row in read if isinstance(row, Row)), tuple(row for row in read if isinstance(row, BadRow))
    if not good and not bad:
        return (Refusal("table.no_rows", NO_ROWS),)
    return Table(file, digest, tuple(name for name in columns if name), good, bad, read.count(None), sheet.cautions)


def _read(columns: tuple[str, ...], row: SheetRow, file: str, *, raw: bool) -> Row | BadRow | None:
    """One row, good or bad; None where it is blank."""
    if not row.fault and not any(as_text(cell).strip() for cell in row.cells):
        return None
    source = SourceRow(file, row.number, _raw(columns, row) if raw else {})
    plain = not row.fault and not row.cell_faults and len(row.cells) <= len(columns) and all(columns)
    faults = () if plain else _row_faults(columns, row)
    return BadRow(source, faults) if faults else Row(source, _values(columns, row))


def _row_faults(columns: tuple[str, ...], row: SheetRow) -> tuple[Fault, ...]:
    if row.fault:
        return (Fault(WHOLE_ROW, row.fault.code, row.fault.sentence),)
    faults = [Fault(_name(columns, place), refusal.code, refusal.sentence) for place, refusal in row.cell_faults]
    for place, cell in enumerate(row.cells):
        if as_text(cell).strip() and (place >= len(columns) or not columns[place]):
            sentence = f"There is a value in column {letter(place)}, which has no heading. Remove it or name the column."
            faults.append(Fault(f"column {letter(place)}", "table.no_heading_here", sentence))
    return tuple(faults)


def _values(columns: tuple[str, ...], row: SheetRow) -> dict[str, Value]:
    bare = [_unguarded(cell) for cell in row.cells]
    bare += [""] * (len(columns) - len(bare))
    return {name: cell for name, cell in zip(columns, bare, strict=False) if name}


def _unguarded(cell: Value) -> Value:
    return unguarded(cell) if isinstance(cell, str) and cell.startswith(GUARD) else cell


def _raw(columns: tuple[str, ...], row: SheetRow) -> dict[str, str]:
    if row.fault:
        # The headings stand blank beside it, so that the row can be mended cell by cell.
        return {AS_IT_STANDS: row.verbatim, **{name: "" for name in columns if name}}
    last = max(len(columns), len(row.cells))
    names = [columns[place] if place < len(columns) and columns[place] else f"column {letter(place)}" for place in range(last)]
    cells = [as_text(cell) for cell in row.cells] + [""] * (last - len(row.cells))
    return {name: cell for name, cell in zip(names, cells, strict=True) if cell or name in columns}


def _name(columns: tuple[str, ...], place: int) -> str:
    return columns[place] if place < len(columns) and columns[place] else f"column {letter(place)}"


def letter(place: int) -> str:
    """A column as a spreadsheet letters it: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
