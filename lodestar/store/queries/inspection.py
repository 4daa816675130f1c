"""The register of inspections: what was found, what was promised, where each stands, and what the board must decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet

from lodestar.core.inspection.commitments import MARKS, overdue
from lodestar.core.inspection.commitments import Judged as Verdict
from lodestar.core.inspection.findings import THEIRS, Body, Word, bodies
from lodestar.core.inspection.register import CommitmentDraft, FindingDraft, Known, RegisterRow, ReportDraft
from lodestar.core.inspection.section55 import REPLY, STEP, Standing, Step, last_day
from lodestar.core.times import local_date
from lodestar.store.models import (
    Commitment,
    CommitmentStep,
    Evidence,
    Finding,
    FindingWord,
    Inspection,
    InspectionStep,
    Obligation,
    ReplyPaper,
    RoleGrant,
    User,
)
from lodestar.store.playbooks import playbook
from lodestar.store.queries import measures
from lodestar.store.queries.inspection_figures import line_of, promised

KEEPERS = ("inspection_lead", "governance_board", "duty_superintendent", "duty_inspector")
BOARD = "governance_board"  # it decides whether a promise is kept, so a report is never handed on to it


def body_names(*, on: date) -> dict[str, Body]:
    """The bodies as they were on a day, by role."""
    return dict(bodies(playbook("INS-BODIES"), on=on))


def known(*, at: datetime) -> Known:
    """What a row of the register may name today."""
    named = body_names(on=local_date(at))
    accounts = frozenset(User.objects.filter(is_active=True).values_list("username", flat=True))
    publishers = frozenset(role for role, body in named.items() if body.publishes)
    return Known(frozenset(named), publishers, frozenset(measures.codes()), accounts, local_date(at))


def keepers() -> list[User]:
    """Everybody whom a report may be handed on to, by name."""
    held = [pk for role in KEEPERS if role != BOARD for pk in _keeping(role).values_list("user_id", flat=True)]
    return list(User.objects.filter(pk__in=held).order_by("name"))


def _keeping(role: str) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(until_at=None, role=role, user__is_active=True)


def keeper(*, user_id: int | None) -> User | None:
    """Who answers for what is taken in: whoever takes it, or the first by name who keeps the register or answers for it."""
    if user_id is not None:
        return User.objects.filter(pk=user_id).first()
    for role in KEEPERS:
        held = _keeping(role).select_related("user").order_by("user__name", "pk")
        first = held.first()
        if first is not None:
            return first.user
    return None


def _tree() -> QuerySet[Inspection]:
    commitments = Commitment.objects.select_related("owner").order_by("pk")
    findings = Finding.objects.order_by("pk").prefetch_related(Prefetch("commitments", commitments))
    return Inspection.objects.select_related("accountable").prefetch_related(Prefetch("findings", findings))


def inspections() -> QuerySet[Inspection]:
    """Every report in the register, newest first, with all that hangs on it."""
    return _tree().order_by("-published_on", "-pk")


def inspection(*, pk: int) -> Inspection | None:
    """One report with all that hangs on it."""
    return _tree().filter(pk=pk).first()


def inspection_named(*, reference: str) -> Inspection | None:
    """One report by its reference."""
    return _tree().filter(reference=reference).first()


def finding(*, pk: int) -> Finding | None:
    """One finding."""
    return Finding.objects.select_related("inspection", "accountable").filter(pk=pk).first()


def commitment(*, pk: int) -> Commitment | None:
    """One commitment."""
    return Commitment.objects.select_related("finding__inspection__accountable", "owner").filter(pk=pk).first()


def newest_word(row: Finding) -> FindingWord | None:
    """The newest word of the finding's own finder."""
    return FindingWord.objects.filter(finding=row).order_by("-said_on", "-pk").first()


def words_of(row: Finding) -> list[FindingWord]:
    """Every word of its finder, newest first."""
    return list(FindingWord.objects.filter(finding=row).select_related("by").order_by("-said_on", "-pk"))


def steps_of(row: Inspection) -> list[InspectionStep]:
    """The steps of a reply that were taken, in order."""
    return list(InspectionStep.objects.filter(inspection=row).select_related("by").order_by("number"))


def papers_of(row: Inspection) -> list[ReplyPaper]:
    """The replies that were made, newest first."""
    return list(ReplyPaper.objects.filter(inspection=row).select_related("by").order_by("-pk"))


def reply_paper(*, pk: int) -> ReplyPaper | None:
    """One reply that was made."""
    return ReplyPaper.objects.select_related("inspection").filter(pk=pk).first()


def history_of(row: Commitment) -> list[CommitmentStep]:
    """What became of a commitment, newest first."""
    return list(CommitmentStep.objects.filter(commitment=row).select_related("by").order_by("-number"))


def evidence_of(row: Commitment) -> list[Evidence]:
    """What was frozen for a commitment, newest first."""
    return list(Evidence.objects.filter(commitment=row).select_related("by", "figure").order_by("-pk"))


def standing(row: Inspection) -> Standing:
    """Where a reply stands when a step is asked for."""
    last = InspectionStep.objects.filter(inspection=row).order_by("-number").first()
    unexplained = tuple(one.reference for one in Finding.objects.filter(inspection=row).order_by("pk") if not one.response.strip())
    papers = tuple(ReplyPaper.objects.filter(inspection=row).values_list("content_hash", flat=True))
    return Standing(row.published_on, last.on_day if last else None, row.answer_by, unexplained, papers)


def next_step(row: Inspection) -> Step | None:
    """The one step that can be taken next; None once all seven are."""
    verbs = REPLY.verbs(state=row.state)
    return STEP[verbs[0]] if verbs and row.reply == "section_55" else None


def owed_of(row: Inspection) -> dict[str, Obligation]:
    """What is owed on a reply, by the clock's rule."""
    rows = Obligation.objects.filter(subject_kind="inspection", subject_id=row.pk).select_related("owed_by")
    return {one.rule: one for one in rows}


@dataclass(frozen=True, slots=True)
class Line:
    """A commitment as a list shows it: where it stands, and by which frozen figure."""

    row: Commitment
    judged: Verdict
    evidence: Evidence | None
    overdue: bool
    slipping: bool

    @property
    def standing(self) -> str:
        """In a word: slipping before overdue before the mark."""
        return "slipping" if self.slipping else "overdue" if self.overdue else self.judged.mark


def lines(*, rows: Iterable[Commitment], today: date) -> list[Line]:
    """Each commitment with its newest frozen evidence; one never frozen is claimed."""
    found = list(rows)
    newest: dict[int, Evidence] = {}
    for one in Evidence.objects.filter(commitment__in=found).order_by("pk"):
        newest[one.commitment_id] = one
    return [_line(row, newest.get(row.pk), today) for row in found]


def _line(row: Commitment, evidence: Evidence | None, today: date) -> Line:
    if evidence is not None:
        judged = Verdict(evidence.mark, evidence.why)  # type: ignore[arg-type]
    elif row.measure:
        judged = Verdict("claimed", "Its measure has not been frozen as evidence yet.")
    else:
        judged = Verdict("claimed", "It has no measure, so nobody can show that it is so.")
    live = row.state != "withdrawn"
    late = live and overdue(promised=promised(row), judged=judged, today=today)
    return Line(row, judged, evidence, late, row.state == "reopened")


Asked = Commitment | Inspection | Finding
ASKS = {
    "reply": "Replies that are owed: take the next step.",
    "slipping": "Closed once, and slipped: hear the owner, and agree what is done.",
    "contradicted": "Contradicted by the data: put it right with the inspectors, or say what will bring it about.",
    "overdue": "Past their day with nothing to show: a new day, a measure, or withdraw it.",
    "unanswered": "Findings without an answer: the action, or why none.",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What the board must decide of one kind: what is asked, and each thing that it is asked of, with its words."""

    kind: str
    sentence: str
    rows: tuple[tuple[Asked, str], ...]


@dataclass(frozen=True, slots=True)
class Home:
    """Everything on one page: reports with their findings, the counts, and what the board must decide."""

    reports: list[tuple[Inspection, list[tuple[Finding, list[Line]]]]]
    counts: dict[str, int]
    decisions: list[Decision]


def home(*, at: datetime) -> Home:
    """The governance page: every finding with its commitments, and what waits for the board."""
    today = local_date(at)
    reports = list(inspections())
    every = lines(rows=(one for report in reports for found in report.findings.all() for one in found.commitments.all()), today=today)
    by_finding: dict[int, list[Line]] = {}
    for line in every:
        by_finding.setdefault(line.row.finding_id, []).append(line)
    shown = [(report, [(found, by_finding.get(found.pk, [])) for found in report.findings.all()]) for report in reports]
    counts = {name: sum(line.judged.mark == name for line in every if line.row.state != "withdrawn") for name in MARKS}
    counts |= {"slipping": sum(line.slipping for line in every), "overdue": sum(line.overdue for line in every)}
    return Home(shown, counts, list(_decisions(reports, every, today)))


def _decisions(reports: list[Inspection], every: list[Line], today: date) -> Iterator[Decision]:
    live = [line for line in every if line.row.state != "withdrawn"]
    steps = [(report, step.title) for report in reports if (step := next_step(report)) and last_day(published=report.published_on) >= today]
    unanswered = [
        (found, found.words)
        for report in reports
        for found in report.findings.all()
        if not found.response.strip() and found.their_status != "closed"
    ]
    late = [line for line in live if line.overdue and not line.slipping and line.judged.mark != "contradicted"]
    groups: tuple[tuple[str, list[tuple[Asked, str]]], ...] = (
        ("reply", list(steps)),
        ("slipping", [(line.row, line.row.words) for line in live if line.slipping]),
        ("contradicted", [(line.row, line.row.words) for line in live if line.judged.mark == "contradicted" and not line.slipping]),
        ("overdue", [(line.row, line.row.words) for line in late]),
        ("unanswered", list(unanswered)),
    )
    yield from (Decision(kind, ASKS[kind], tuple(rows)) for kind, rows in groups if rows)


def register_rows() -> list[RegisterRow]:
    """The whole register as rows, oldest report first: what an export writes and an import reads again."""
    found: list[RegisterRow] = []
    for report in _tree().order_by("published_on", "pk"):
        drafted = ReportDraft(
            report.reference, report.title, report.kind, report.body, report.published_on, report.document, report.overall, report.reply
        )
        for one in report.findings.all():
            said = newest_word(one)
            word = Word(said.status, said.body, said.said_on, said.document) if said else None
            drawn = FindingDraft(
                one.reference, one.kind, one.theme, one.words, one.addressed_to, one.due_on, one.status, one.response, word
            )
            rows = [RegisterRow(drafted, drawn, commitment_draft(made)) for made in one.commitments.all()]
            found += rows or [RegisterRow(drafted, drawn, None)]
    return found


def commitment_draft(row: Commitment) -> CommitmentDraft:
    """A commitment as a row of the register says it."""
    account = row.owner.username if row.owner_id != row.finding.inspection.accountable_id else ""
    return CommitmentDraft(row.reference, promised(row), row.words, row.owner_role, account, row.line, row.baseline)


def line_known(row: Commitment) -> bool:
    """Whether the line a commitment names is one of its measure's."""
    return line_of(row) is not None


def their_words(row: Finding) -> str:
    """Where a finding stands for its finder, in words."""
    return THEIRS.get(row.their_status, row.their_status)
