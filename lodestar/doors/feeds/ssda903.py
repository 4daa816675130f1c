"""Reads and writes the ``Missing`` table of the SSDA903 return. The rules are core's; here are only files and rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from lodestar.core.reports.draft import ReportDraft
from lodestar.core.reports.intake import examine
from lodestar.core.reports.outcome import Outcome
from lodestar.core.reports.rows import BadRow, Fault, SourceRow
from lodestar.core.reports.ssda903 import (
    COLUMNS,
    NO_QUESTIONS,
    CareEpisode,
    CollectionYear,
    MissingRow,
    cells_of,
    numbers_of,
    outcome_of,
    read_row,
    report_of,
    write_date,
)
from lodestar.core.reports.ssda903_rules import Checked, Finding, check
from lodestar.core.words import Allowed, Caution, Refusals
from lodestar.doors.feeds.tables import Limits, Row, plain_heading, read_table

KIND = "ssda903"


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One row of the return. A row of type A has a draft of kind "away": it is kept and opens no matter of a missing child."""

    source: SourceRow
    row: MissingRow
    draft: ReportDraft | None
    outcome: Outcome | None
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class ReturnFile:
    """The whole table. ``rows``, ``bad`` and ``blank`` together are every row under the heading."""

    file: str
    digest: str
    rows: tuple[ReturnRow, ...]
    bad: tuple[BadRow, ...]
    blank: int
    checked: Checked
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class Authority:
    """Whose return it is: code and name."""

    code: str
    name: str


def read_missing(
    data: bytes,
    *,
    file: str,
    authority: Authority,
    now: datetime,
    year: CollectionYear | None = None,
    care: Sequence[CareEpisode] | None = None,
    last_year: Sequence[MissingRow] | None = None,
    limits: Limits | None = None,
) -> ReturnFile | Refusals:
    """Read the table and run the return's rules. Refuses the whole file only where it is not that table."""
    table = read_table(data, file=file, required=COLUMNS, limits=limits)
    if isinstance(table, tuple):
        return table
    bad = list(table.bad)
    read: list[tuple[Row, MissingRow]] = []
    for row in table.rows:
        found = read_row(number=row.source.number, cells=_cells(row))
        if isinstance(found, MissingRow):
            read.append((row, found))
        else:
            bad.append(BadRow(row.source, tuple(Fault(one.field, one.code, one.sentence) for one in found)))
    checked = check(rows=[row for _, row in read], year=year, care=care, last_year=last_year)
    numbers = numbers_of(row for _, row in read)
    refused, warned = checked.by_row("refuse"), checked.by_row("warn")
    kept: list[ReturnRow] = []
    for row, found in read:
        number = numbers[found.number]
        draft = report_of(row=found, number=number, authority=authority.code, authority_name=authority.name, now=now)
        faults = [_fault(one) for one in refused.get(found.number, ())] or _untrue(draft, now)
        if faults:
            bad.append(BadRow(row.source, tuple(faults)))
            continue
        cautions = tuple(_caution(one) for one in warned.get(found.number, ()))
        marked = replace(draft, cautions=(*draft.cautions, *cautions)) if draft else None
        kept.append(ReturnRow(row.source, found, marked, outcome_of(found), cautions))
    bad.sort(key=lambda one: one.row.number)
    return ReturnFile(file, table.digest, tuple(kept), tuple(bad), table.blank, checked, table.cautions)


def write_missing(rows: Iterable[MissingRow]) -> bytes:
    """The table as the return takes it: five columns, dates dd/mm/yyyy, UTF-8, a line ending that every system reads."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(cells_of(row) for row in rows)
    return out.getvalue().encode()


def _cells(row: Row) -> dict[str, str]:
    by_plain = {plain_heading(heading): value for heading, value in row.values.items()}
    return {column: _text(by_plain[plain_heading(column)]) for column in COLUMNS}


def _text(value: str | date | datetime) -> str:
    """A spreadsheet's day as the return writes it; a time of day beside it is let go."""
    if isinstance(value, datetime):
        return write_date(value.date())
    return write_date(value) if isinstance(value, date) else value


def _untrue(draft: ReportDraft | None, now: datetime) -> list[Fault]:
    """What no report may say, such as a day still to come."""
    verdict = examine(draft=draft, questions=NO_QUESTIONS, now=now) if draft else ()
    if isinstance(verdict, Allowed):
        return []
    return [Fault(_COLUMN.get(one.field, ""), one.code, one.sentence) for one in verdict]


_COLUMN = {"reported_at": "MIS_START", "since_from": "MIS_START", "since_to": "MIS_START", "birth_date": "DOB", "la_child_id": "CHILD"}


def _code(finding: Finding) -> str:
    return f"ssda903.{finding.rule.number}"


def _fault(finding: Finding) -> Fault:
    return Fault(finding.rule.column, _code(finding), finding.rule.sentence)


def _caution(finding: Finding) -> Caution:
    return Caution(_code(finding), finding.rule.sentence, finding.authority, finding.rule.column)
