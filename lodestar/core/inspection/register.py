"""The register as a table: one row for each commitment, with its finding and its report before it.

A row is read whole or not at all, and every fault in it is named with its column. The inspectorate's status comes only with
its own document and day, here as on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lodestar.core.inspection.commitments import Promised, Target, commitment_gaps
from lodestar.core.inspection.findings import FINDING_KINDS, REPLIES, REPORT_KINDS, Word, finding_gaps, word_gaps
from lodestar.core.times import ReadDate, read_local
from lodestar.core.words import Refusal, listed

COLUMNS = (
    "Report", "Report title", "Report kind", "Published by", "Published on", "Report document", "Overall", "Reply under",
    "Finding", "Finding kind", "Theme", "Finding in our words", "Addressed to", "Finding due on", "Force status", "Force response",
    "Their status", "Their day", "Their document",
    "Commitment", "Sort", "Commitment in words", "Owner", "Owner account", "Due on",
    "Measure", "Line", "Side", "Baseline", "Target",
)  # fmt: skip
REQUIRED = ("Report", "Published by", "Published on", "Finding", "Finding kind", "Finding in our words", "Addressed to")


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A report as a row says it."""

    reference: str
    title: str
    kind: str
    body: str
    published_on: date
    document: str
    overall: str
    reply: str


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """A finding as a row says it; ``word`` is its finder's, where the row brings one."""

    reference: str
    kind: str
    theme: str
    words: str
    addressed_to: str
    due_on: date | None
    status: str
    response: str
    word: Word | None


@dataclass(frozen=True, slots=True)
class CommitmentDraft:
    """A commitment as a row says it."""

    reference: str
    promised: Promised
    words: str
    owner: str
    account: str
    line: str
    baseline: float | None


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One row: a report, a finding of it and, where the row has one, a commitment."""

    report: ReportDraft
    finding: FindingDraft
    commitment: CommitmentDraft | None


@dataclass(frozen=True, slots=True)
class Known:
    """What a row may name: the bodies by role, those that publish, the measures, and the accounts there are."""

    bodies: Collection[str]
    publishers: Collection[str]
    measures: Collection[str]
    accounts: Collection[str]
    today: date


def read_row(*, cells: Callable[[str], str], known: Known) -> RegisterRow | tuple[Refusal, ...]:
    """Read one row, or give every fault in it; ``cells`` gives the text of a column, blank where there is none."""
    faults: list[Refusal] = []
    reading = _Reading(cells, faults)
    report = _report(reading, known)
    finding = _finding(reading, known, report)
    commitment = _commitment(reading, known) if cells("Commitment") else None
    if commitment is None and any(cells(name) for name in ("Commitment in words", "Measure", "Target")):
        reading.no("Commitment", "register.no_reference", "Give the commitment a reference, or leave its other columns blank.")
    return tuple(faults) if faults else RegisterRow(report, finding, commitment)


@dataclass(slots=True)
class _Reading:
    """The cells of one row, and the faults found so far."""

    cells: Callable[[str], str]
    faults: list[Refusal]

    def no(self, column: str, code: str, sentence: str) -> None:
        self.faults.append(Refusal(code, sentence, "", column))

    def needed(self, column: str) -> str:
        text = self.cells(column)
        if not text:
            self.no(column, "register.blank", "This is needed.")
        return text

    def one_of(self, column: str, choices: Collection[str], default: str = "") -> str:
        text = self.cells(column) or default
        if text not in choices:
            self.no(column, "register.choice", f"Write one of: {listed(sorted(choices))}.")
        return text

    def day(self, column: str) -> date | None:
        text = self.cells(column)
        if not text:
            return None
        found = read_local(text)
        if isinstance(found, ReadDate):
            return found.on
        self.no(column, "register.day", "Write a day like 2022-12-09 or 09/12/2022.")
        return None

    def number(self, column: str) -> float | None:
        text = self.cells(column)
        try:
            return round(float(text.rstrip("% ")) / (100 if text.endswith("%") else 1), 9) if text else None
        except ValueError:
            self.no(column, "register.number", "Write a number like 4.5, or a share like 90%.")
            return None

    def take(self, gaps: Collection[Refusal | None], columns: Mapping[str, str]) -> None:
        self.faults += [Refusal(gap.code, gap.sentence, gap.authority, columns.get(gap.field, gap.field)) for gap in gaps if gap]


def _report(reading: _Reading, known: Known) -> ReportDraft:
    published = reading.day("Published on")
    if published is None or published > known.today:
        reading.no("Published on", "register.published", "Give the day it was published, not after today.")
    cells = reading.cells
    return ReportDraft(
        reference=reading.needed("Report"),
        title=cells("Report title") or cells("Report"),
        kind=reading.one_of("Report kind", REPORT_KINDS, "inspection"),
        body=reading.one_of("Published by", known.publishers),
        published_on=published or known.today,
        document=cells("Report document"),
        overall=cells("Overall"),
        reply=reading.one_of("Reply under", REPLIES, "none"),
    )


def _finding(reading: _Reading, known: Known, report: ReportDraft) -> FindingDraft:
    cells = reading.cells
    status, response = cells("Force status") or "not_started", cells("Force response")
    reading.take(finding_gaps(status=status, response=response), {"status": "Force status", "response": "Force response"})
    return FindingDraft(
        reference=reading.needed("Finding"),
        kind=reading.one_of("Finding kind", FINDING_KINDS),
        theme=cells("Theme"),
        words=reading.needed("Finding in our words"),
        addressed_to=reading.one_of("Addressed to", known.bodies),
        due_on=reading.day("Finding due on"),
        status=status,
        response=response,
        word=_word(reading, known, report),
    )


def _word(reading: _Reading, known: Known, report: ReportDraft) -> Word | None:
    cells = reading.cells
    if not any(cells(name) for name in ("Their status", "Their day", "Their document")):
        return None
    word = Word(cells("Their status"), report.body, reading.day("Their day"), cells("Their document"))
    gaps = word_gaps(word=word, publisher=report.body, published_on=report.published_on, newest=None, today=known.today)
    reading.take(gaps, {"status": "Their status", "said_on": "Their day", "document": "Their document", "body": "Published by"})
    return word


def _commitment(reading: _Reading, known: Known) -> CommitmentDraft:
    cells = reading.cells
    value, side = reading.number("Target"), cells("Side")
    target = Target(side, value) if value is not None else None
    promised = Promised(cells("Sort") or "promise", cells("Measure"), target, reading.day("Due on"))
    words, owner = cells("Commitment in words"), cells("Owner")
    gaps = commitment_gaps(promised=promised, words=words, owner=owner, code_known=promised.measure in known.measures)
    columns = {"promise": "Commitment in words", "sort": "Sort", "owner": "Owner", "measure": "Measure", "target": "Target", "side": "Side"}
    reading.take(gaps, columns)
    account = cells("Owner account")
    if account and account not in known.accounts:
        reading.no("Owner account", "register.account", "There is no active account of that name.")
    return CommitmentDraft(cells("Commitment"), promised, words, owner, account, cells("Line"), reading.number("Baseline"))


def cells_of(row: RegisterRow) -> Iterator[str]:
    """A row as its cells, in the order of ``COLUMNS``: reading them again gives the same row."""
    report, finding, one = row.report, row.finding, row.commitment
    word = finding.word
    yield from (report.reference, report.title, report.kind, report.body, report.published_on.isoformat(), report.document)
    yield from (report.overall, report.reply, finding.reference, finding.kind, finding.theme, finding.words, finding.addressed_to)
    yield from (_day(finding.due_on), finding.status, finding.response)
    yield from ("", "", "") if word is None else (word.status, _day(word.said_on), word.document)
    if one is None:
        yield from [""] * 11
        return
    promised, target = one.promised, one.promised.target
    yield from (one.reference, promised.sort, one.words, one.owner, one.account, _day(promised.due_on))
    yield from (promised.measure, one.line, target.side if target else "", _number(one.baseline), _number(target.value if target else None))


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
