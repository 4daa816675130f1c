"""The kinds of file there are, each read into the same two heaps: rows that are reports, and rows that are not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lodestar.core.engagements.draft import EngagementDraft
from lodestar.core.reports.draft import ReportDraft
from lodestar.core.reports.force_mapping import force_mapping
from lodestar.core.reports.outcome import Outcome
from lodestar.core.reports.rows import BadRow, Fault, SourceRow, fault
from lodestar.core.reports.ssda903_rules import NotChecked
from lodestar.core.times import local_date
from lodestar.core.words import Caution, Refusal, Refusals, Refused, listed
from lodestar.doors.feeds.engagements import read_engagements
from lodestar.doors.feeds.missing_force import read_force_export
from lodestar.doors.feeds.ssda903 import Authority, read_missing
from lodestar.store.playbooks import playbook
from lodestar.store.queries import duty, mappings


@dataclass(frozen=True, slots=True)
class Good:
    """A row that is a report, or an engagement."""

    source: SourceRow
    draft: ReportDraft | EngagementDraft
    outcome: Outcome | None = None
    columns: Mapping[str, str] = field(default_factory=dict)  # field to the column it was read from

    def faults_from(self, refusals: Refusals) -> tuple[Fault, ...]:
        """What the rules refused of it, as faults of its columns."""
        return tuple(fault(refusal, columns=self.columns) for refusal in refusals)


@dataclass(frozen=True, slots=True)
class Batch:
    """A file, read: every row is in one of the three."""

    good: tuple[Good, ...]
    bad: tuple[BadRow, ...]
    kept: tuple[SourceRow, ...] = ()  # understood, and no report of a missing child
    cautions: tuple[Caution, ...] = ()  # about the file as a whole, with every rule that could not be run


def read_batch(*, kind: str, content: bytes, file_name: str, source: str, now: datetime) -> Batch:
    """Read a file of a kind; refuses a kind that nobody reads and a file that is no table."""
    reader = READERS.get(kind)
    if reader is None:
        raise Refused(Refusal("import.kind", f"Choose a kind of file: {', '.join(READERS)}.", "", "kind"))
    return reader(content, file_name, source, now)


def _force(content: bytes, file_name: str, source: str, now: datetime) -> Batch:
    mapping = force_mapping(playbook("FORCE-EXPORT"), on=local_date(now))
    read = read_force_export(content, file=file_name, source=source, mapping=mapping, questions=playbook("RISK-QUESTIONS"), now=now)
    if isinstance(read, tuple):
        raise Refused(*read)
    return Batch(tuple(Good(row.source, row.draft, row.outcome) for row in read.rows), read.bad, cautions=read.cautions)


def _ssda903(content: bytes, file_name: str, source: str, now: datetime) -> Batch:
    """The authority's own return: ``source`` is its code. Type A (place known, not authorised) is kept and is no report."""
    name = duty.authorities().get(source)
    if name is None:
        known = ", ".join(duty.authorities())
        raise Refused(Refusal("import.authority", f"Say whose return this is, by the authority's code: {known}.", "", "source"))
    read = read_missing(content, file=file_name, authority=Authority(source, name), now=now)
    if isinstance(read, tuple):
        raise Refused(*read)
    good = tuple(Good(row.source, row.draft, row.outcome) for row in read.rows if row.draft is not None)
    kept = tuple(row.source for row in read.rows if row.draft is None)
    return Batch(good, read.bad, kept, (*read.cautions, *_not_run(read.checked.not_checked)))


def _engagement(content: bytes, file_name: str, source: str, now: datetime) -> Batch:
    """An agency's engagements: ``source`` is the code of the mapping that reads them."""
    mapping = mappings.source(code=source, at=now)
    if mapping is None:
        known = ", ".join(mappings.sources(at=now))
        raise Refused(Refusal("import.mapping", f"Say whose engagements these are, by the source's code: {known}.", "", "source"))
    read = read_engagements(content, file=file_name, mapping=mapping, now=now)
    columns = {"number": mapping.headings("number")[0]}
    return Batch(tuple(Good(row.source, row.draft, columns=columns) for row in read.rows), read.bad, cautions=read.cautions)


def _not_run(rules: Iterable[NotChecked]) -> tuple[Caution, ...]:
    """A rule that was not run has not been passed: one caution for each thing that is missing, with its rules."""
    by_why: dict[str, list[str]] = {}
    for rule in rules:
        by_why.setdefault(rule.why, []).append(rule.number)
    return tuple(
        Caution("return.not_checked", f"{'Rule' if len(numbers) == 1 else 'Rules'} {listed(numbers)}. {why}")
        for why, numbers in by_why.items()
    )


READERS: dict[str, Callable[[bytes, str, str, datetime], Batch]] = {"missing": _force, "ssda903": _ssda903, "engagement": _engagement}
