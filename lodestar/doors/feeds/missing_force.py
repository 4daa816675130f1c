"""A force's export of missing reports, CSV or XLSX, as reports and outcomes; the mapping and the questions are playbooks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lodestar.core.playbook import Playbook
from lodestar.core.reports.draft import ReportDraft
from lodestar.core.reports.force_mapping import Columns, ForceMapping, columns_of
from lodestar.core.reports.force_row import understand
from lodestar.core.reports.outcome import Outcome
from lodestar.core.reports.rows import BadRow, Fault, SourceRow, fault
from lodestar.core.words import Allowed, Caution, Refusals, listed
from lodestar.doors.feeds.tables import Limits, Row, read_table

KIND = "missing_force"


@dataclass(frozen=True, slots=True)
class ForceRow:
    """One row that is a report; what is odd in it stands in the draft's and the outcome's cautions."""

    source: SourceRow
    draft: ReportDraft
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class ForceFile:
    """The whole export. ``rows``, ``bad`` and ``blank`` together are every row under the heading."""

    file: str
    digest: str
    mapping_version: str
    rows: tuple[ForceRow, ...]
    bad: tuple[BadRow, ...]
    blank: int
    cautions: tuple[Caution, ...]


def read_force_export(
    data: bytes, *, file: str, source: str, mapping: ForceMapping, questions: Playbook, now: datetime, limits: Limits | None = None
) -> ForceFile | Refusals:
    """Read an export. Refuses the whole file only where it is no table or lacks a column that every report needs.

    A row with the number of an earlier row and other values is bad: which of the two is right is for a person to say.
    """
    table = read_table(data, file=file, limits=limits)
    if isinstance(table, tuple):
        return table
    columns = columns_of(columns=table.columns, mapping=mapping)
    if isinstance(columns, tuple):
        return columns
    good: list[ForceRow] = []
    bad = list(table.bad)
    seen: dict[str, SourceRow] = {}
    for row in table.rows:
        read = _row(row, columns=columns, mapping=mapping, questions=questions, source=source, now=now)
        checked = _first_of_its_number(read, seen, columns) if isinstance(read, ForceRow) else read
        if isinstance(checked, BadRow):
            bad.append(checked)
        else:
            good.append(checked)
    bad.sort(key=lambda one: one.row.number)
    cautions = (*table.cautions, *_unread(columns))
    return ForceFile(file, table.digest, mapping.version, tuple(good), tuple(bad), table.blank, cautions)


def _row(row: Row, *, columns: Columns, mapping: ForceMapping, questions: Playbook, source: str, now: datetime) -> ForceRow | BadRow:
    values = {field: row.values[heading] for field, heading in columns.by_field.items()}
    understood = understand(values=values, mapping=mapping, questions=questions, source=source, now=now)
    if isinstance(understood, Allowed):
        return ForceRow(row.source, understood.step.draft, understood.step.outcome)
    named = {**mapping.headings, **columns.by_field}
    named["external_id"] = named["reference"]
    return BadRow(row.source, tuple(fault(refusal, columns=named) for refusal in understood))


def _first_of_its_number(read: ForceRow, seen: dict[str, SourceRow], columns: Columns) -> ForceRow | BadRow:
    """The same row twice is one report; the same number with other values is not."""
    first = seen.setdefault(read.draft.external_id, read.source)
    if first.raw == read.source.raw:
        return read
    reason = f"Row {first.number} has this number and other values. Say which is right, or give this row its own number."
    return BadRow(read.source, (Fault(columns.by_field["reference"], "export.number_twice", reason),))


def _unread(columns: Columns) -> tuple[Caution, ...]:
    if not columns.unread:
        return ()
    names = listed(f"“{name}”" for name in columns.unread)
    return (Caution("export.columns_unread", f"These columns are kept with each row and not read: {names}."),)
