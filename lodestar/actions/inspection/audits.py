"""The force's own audit: drawing cases by a seed, opening and grading them blind, and turning themes into commitments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from lodestar.actions import notices
from lodestar.actions.inspection.register import take_row
from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.inspection.register import CommitmentDraft, FindingDraft, RegisterRow, ReportDraft
from lodestar.core.inspection.rubric import differ, grade, grade_gaps
from lodestar.core.inspection.sampling import draw, draw_gaps
from lodestar.core.times import local_date
from lodestar.core.words import NotVisible, Refusal, require
from lodestar.store.models import CaseAudit, CaseGrade, SampledCase
from lodestar.store.queries import case_audits as queries

OWN = "force"


@dataclass(frozen=True, slots=True)
class Sample:
    """What is to be drawn: which kind of matter, opened from one day until, and not on, another, how many, how, by which seed."""

    title: str
    kind: str
    method: str
    seed: str
    size: int
    first: date
    until: date


def draw_sample(*, actor: Actor, wanted: Sample, now: datetime) -> int:
    """Draw cases and keep the whole list with the seed, so that anybody can draw them again. Returns the audit's number."""
    with perform("inspection.sample_drawn", actor=actor, now=now, permission=P.INSPECTION_SAMPLE) as act:
        today = local_date(now)
        rubric = queries.rubrics(on=today).get(wanted.kind)
        cases = queries.cases(kind=wanted.kind, first=wanted.first, until=wanted.until) if rubric else []
        require(
            None if wanted.title.strip() else Refusal("sample.title", "Give the audit a name.", "", "title"),
            None if rubric else Refusal("sample.kind", "Choose the kind of case: no rubric is published for this one.", "", "kind"),
            None if wanted.first < wanted.until else Refusal("sample.days", "The last day lies before the first.", "", "until"),
            None if cases else Refusal("sample.none", "No case was opened in those days.", "", "first"),
            *(draw_gaps(size=wanted.size, seed=wanted.seed, method=wanted.method, there=len(cases)) if cases else ()),
        )
        if rubric is None:
            raise NotVisible
        drawn = draw(cases=cases, size=wanted.size, seed=wanted.seed, method=wanted.method, weights=rubric.weights)
        made = act.add(
            CaseAudit(
                title=wanted.title, kind=wanted.kind, method=wanted.method, seed=wanted.seed, size=wanted.size, from_day=wanted.first,
                until_day=wanted.until, listed=[asdict(case) for case in cases], rubric=rubric.code, rubric_from=today,
                rubric_hash=rubric.content_hash, by_id=act.person, at=now,
            )
        )  # fmt: skip
        for one in drawn:
            act.add(SampledCase(audit=made, matter_id=one.case.id, place=one.place, area=one.case.area, level=one.case.level, key=one.key))
        act.record(made, detail={"seed": wanted.seed, "listed": len(cases), "drawn": [one.case.id for one in drawn]})
        return int(made.pk)


def open_case(*, actor: Actor, case_id: int, now: datetime) -> SampledCase:
    """Open a drawn case to grade it: only within the grader's own reach, and who opened it is on record."""
    with perform("inspection.case_opened", actor=actor, now=now, permission=P.INSPECTION_GRADE) as act:
        row = act.claim(SampledCase, case_id)
        act.record(row, outcome="seen", detail={"matter": row.matter_id})
        return row


def grade_case(*, actor: Actor, case_id: int, answers: Mapping[str, str], reasons: str, now: datetime) -> str:
    """Grade a drawn case by its rubric, blind to the other's grade; a third settles where two differ. Returns the grade.

    Refuses a second grade by the same person, a question left out, no reasons, and a case that is settled.
    """
    with perform("inspection.case_graded", actor=actor, now=now, permission=P.INSPECTION_GRADE) as act:
        row = act.claim(SampledCase, case_id)
        rubric, given = queries.rubric_of(row.audit), queries.given(row)
        require(*grade_gaps(answers=answers, reasons=reasons, rubric=rubric, given=given, by=act.person))
        settles = differ(given)
        found = grade(answers=answers, rubric=rubric)
        kept = {item.code: answers[item.code] for item in rubric.criteria}
        made = act.add(CaseGrade(case=row, by_id=act.person, at=now, answers=kept, grade=found, reasons=reasons, settles=settles))
        act.record(row, detail={"matter": row.matter_id, "grade": found, "settles": settles})
        if not settles and len(given) == 1 and given[0].grade != found:
            words = f"Two differ on case {row.place} of “{row.audit.title}”. A third person settles it."
            notices.tell(act, user_id=row.audit.by_id, kind="inspection", about=row.audit, text=words, key=f"differ:{made.case_id}")
        return found


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of an audit, with the commitment that answers it."""

    name: str
    words: str
    commitment: CommitmentDraft


def commit_to_theme(*, actor: Actor, audit_id: int, theme: Theme, now: datetime) -> int:
    """A theme of an audit becomes a finding of the force's own, and what is done about it a commitment like any other."""
    audit = queries.audit(pk=audit_id)
    if audit is None:
        raise NotVisible
    reference = f"OWN-{audit.pk}"
    report = ReportDraft(reference, audit.title, "own_audit", OWN, local_date(audit.at), f"Case audit {audit.pk}", "", "none")
    finding = FindingDraft(theme.commitment.reference.partition(".")[0], "audit_theme", theme.name, theme.words, "chief_officer", None,
                           "in_progress", theme.commitment.words, None)  # fmt: skip
    taken = take_row(actor=actor, row=RegisterRow(report, finding, theme.commitment), now=now, audit=audit)
    if taken.commitment_id is None:
        raise NotVisible
    return taken.commitment_id


PARTS: Mapping[str, tuple[Sequence[str], Callable[[CaseAudit], list[tuple[str, ...]]]]] = {
    "list": (("Case", "Area", "Level", "Place", "Key", "Seed", "Method"), queries.list_rows),
    "trail": (("When", "Case", "Who", "Roles", "What", "Outcome"), queries.trail_rows),
    "anonymised": (("Case", "Age", "Level", "Days open", "Grade"), queries.anonymised_rows),
}


def export_part(*, actor: Actor, audit_id: int, part: str, now: datetime) -> tuple[Sequence[str], list[tuple[str, ...]]]:
    """One part of what an inspector asks for: the list with the draw, the audit trail of the cases, or the anonymised view."""
    with perform("inspection.sample_exported", actor=actor, now=now, permission=P.INSPECTION_SAMPLE) as act:
        row = act.claim(CaseAudit, audit_id)
        if part not in PARTS:
            raise NotVisible
        heads, read = PARTS[part]
        rows = read(row)
        act.record(row, outcome="seen", detail={"part": part, "rows": len(rows)})
        return heads, rows
