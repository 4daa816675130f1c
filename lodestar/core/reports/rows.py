"""Rows of a file: what was read, and what could not be, word for word. Every row that goes in comes out once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from lodestar.core.words import Caution, Refusal

WHOLE_ROW = ""  # the column of a fault that is about the row and not one cell


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row could not be taken in: the column as the file names it, a stable code, and what to do."""

    column: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as it stood in its file; the heading is row 1, as a spreadsheet counts."""

    file: str
    number: int
    raw: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be taken in, with every reason and never only the first."""

    row: SourceRow
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class RowCaution:
    """Something to look at in a row that was taken in."""

    number: int
    column: str
    caution: Caution


def fault(refusal: Refusal, *, columns: Mapping[str, str]) -> Fault:
    """A refusal about a field, as a fault in the column that the field was read from."""
    return Fault(columns.get(refusal.field, refusal.field), refusal.code, refusal.sentence)


def row_digest(raw: Mapping[str, str]) -> str:
    """The same cells under the same headings have the same digest, wherever in the file they stand."""
    return sha256(json.dumps(raw, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


# Named so that they cannot clash with a source's own headings: the report can be mended and brought in again as it is.
REPORT_COLUMNS = ("Fault file", "Fault row", "Fault column", "Fault reason")


def error_report(bad: Iterable[BadRow]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Headings and rows of the report to download: a line for each bad row with every reason, then the row as it came."""
    rows = tuple(bad)
    columns = tuple(dict.fromkeys(column for one in rows for column in one.row.raw if column not in REPORT_COLUMNS))
    return (*REPORT_COLUMNS, *columns), tuple(_line(one, columns) for one in rows)


def _line(one: BadRow, columns: tuple[str, ...]) -> tuple[str, ...]:
    named = [found.column or "the whole row" for found in one.faults]
    where = "; ".join(dict.fromkeys(named))
    why = " ".join(f"{name}: {found.reason}" if len(named) > 1 else found.reason for name, found in zip(named, one.faults, strict=True))
    return (one.row.file, str(one.row.number), where, why, *(one.row.raw.get(column, "") for column in columns))
