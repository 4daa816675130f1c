"""The kinds of file there are, each read into the same two heaps: rows that are reports, and rows that are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from lodestar.core.reports.draft import ReportDraft
from lodestar.core.reports.force_mapping import force_mapping
from lodestar.core.reports.outcome import Outcome
from lodestar.core.reports.rows import BadRow, Fault, SourceRow
from lodestar.core.times import local_date
from lodestar.core.words import Refusal, Refusals, Refused
from lodestar.doors.feeds.missing_force import read_force_export
from lodestar.store.playbooks import playbook


@dataclass(frozen=True, slots=True)
class Good:
    """A row that is a report."""

    source: SourceRow
    draft: ReportDraft
    outcome: Outcome | None = None

    def faults_from(self, refusals: Refusals) -> tuple[Fault, ...]:
        """What the rules refused of it, as faults of its columns."""
        return tuple(Fault(refusal.field, refusal.code, refusal.sentence) for refusal in refusals)


@dataclass(frozen=True, slots=True)
class Batch:
    """A file, read: every row is in one of the two."""

    good: tuple[Good, ...]
    bad: tuple[BadRow, ...]


def read_batch(*, kind: str, content: bytes, file_name: str, source: str, now: datetime) -> Batch:
    """Read a file of a kind; refuses a kind that nobody reads and a file that is no table."""
    reader = READERS.get(kind)
    if reader is None:
        raise Refused(Refusal("import.kind", f"Choose a kind of file: {', '.join(READERS)}.", "", "kind"))
    return reader(content, file_name, source, now)


def _force(content: bytes, file_name: str, source: str, now: datetime) -> Batch:
    mapping = force_mapping(playbook("FORCE-EXPORT"), on=local_date(now))
    read = read_force_export(
        content, file=file_name, source=source, mapping=mapping, questions=playbook("RISK-QUESTIONS"), now=now
    )
    if isinstance(read, tuple):
        raise Refused(*read)
    return Batch(tuple(Good(row.source, row.draft, row.outcome) for row in read.rows), read.bad)


READERS: dict[str, Callable[[bytes, str, str, datetime], Batch]] = {"missing": _force}
