"""A file of engagements by its source's mapping: rows that are engagements, rows that are not, and what a sample would become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lodestar.core.engagements.draft import EngagementDraft
from lodestar.core.engagements.mapping import SourceMapping, becomes, headings_gaps
from lodestar.core.engagements.reading import read_row
from lodestar.core.reports.rows import BadRow, Fault, SourceRow
from lodestar.core.words import Allowed, Caution, Refused, listed
from lodestar.doors.feeds.tables import Row, Table, read_table

NUMBER_TWICE = "engagement.number_twice"


@dataclass(frozen=True, slots=True)
class EngagementRow:
    """One row that is an engagement."""

    source: SourceRow
    draft: EngagementDraft


@dataclass(frozen=True, slots=True)
class EngagementFile:
    """The whole file. ``rows`` and ``bad`` together are every row under the heading that is not blank."""

    file: str
    digest: str
    becomes: Mapping[str, tuple[str, ...]]  # each column's own heading to what it would become
    rows: tuple[EngagementRow, ...]
    bad: tuple[BadRow, ...]
    cautions: tuple[Caution, ...]


def read_engagements(data: bytes, *, file: str, mapping: SourceMapping, now: datetime) -> EngagementFile:
    """Read a file by a mapping. Refuses the whole file only where it is no table or lacks a column that every row needs.

    A number that stands twice with other values is bad the second time: which is right is for a person to say.
    """
    table = read_table(data, file=file)
    if isinstance(table, tuple):
        raise Refused(*table)
    gaps = headings_gaps(columns=table.columns, mapping=mapping)
    if gaps:
        raise Refused(*gaps)
    good: list[EngagementRow] = []
    bad = list(table.bad)
    seen: dict[str, SourceRow] = {}
    for row in table.rows:
        read = _row(row, mapping, now, seen)
        if isinstance(read, BadRow):
            bad.append(read)
        else:
            good.append(read)
    said = becomes(columns=table.columns, mapping=mapping)
    bad.sort(key=lambda one: one.row.number)
    return EngagementFile(file, table.digest, said, tuple(good), tuple(bad), (*table.cautions, *_unread(table, said)))


def _row(row: Row, mapping: SourceMapping, now: datetime, seen: dict[str, SourceRow]) -> EngagementRow | BadRow:
    read = read_row(values=row.values, mapping=mapping, now=now)
    if not isinstance(read, Allowed):
        return BadRow(row.source, tuple(Fault(fault.field, fault.code, fault.sentence) for fault in read))
    first = seen.setdefault(read.step.external_id, row.source)
    if first.raw == row.source.raw:
        return EngagementRow(row.source, read.step)
    reason = f"Row {first.number} has this number and other values. Say which is right, or give this row its own number."
    return BadRow(row.source, (Fault(mapping.headings("number")[0], NUMBER_TWICE, reason),))


def _unread(table: Table, said: Mapping[str, tuple[str, ...]]) -> tuple[Caution, ...]:
    unread = [name for name in table.columns if not said.get(name)]
    if not unread:
        return ()
    names = listed(f"“{name}”" for name in unread)
    return (Caution("engagement.columns_unread", f"These columns are kept with each row and not read: {names}."),)
