"""The force's own audit of cases: what could be drawn, what was, and the grades that may be seen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from lodestar.core.inspection.agreement import Agreement, kappa
from lodestar.core.inspection.rubric import Given, Rubric, counts, differ, may_see, rubric_from, settled
from lodestar.core.inspection.sampling import Case
from lodestar.core.matters.kinds import DESKS
from lodestar.core.times import age_on, local_date
from lodestar.store.models import AuditRow, CaseAudit, CaseGrade, Matter, SampledCase
from lodestar.store.playbooks import all_of, playbook
from lodestar.store.queries.measures import span


def rubrics(*, on: date) -> dict[str, Rubric]:
    """The rubric of each desk in force on a day, by the kind of matter."""
    found = {}
    for book in all_of("rubric"):
        kind, values = str(book.body["matter"]), book.in_force(on).values
        found[kind] = rubric_from(code=book.code, title=book.title, content_hash=book.content_hash, kind=kind, values=values)
    return found


def rubric_of(audit: CaseAudit) -> Rubric:
    """The rubric an audit was drawn under, as it was in force then."""
    book = playbook(audit.rubric)
    values = book.in_force(audit.rubric_from).values
    return rubric_from(code=book.code, title=book.title, content_hash=book.content_hash, kind=audit.kind, values=values)


def cases(*, kind: str, first: date, until: date) -> list[Case]:
    """Every matter of a kind opened from one day until, and not on, another; those opened in error are left out."""
    whole = span(first=first, until=until)
    rows = Matter.objects.filter(kind=kind, opened_at__gte=whole.from_at, opened_at__lt=whole.until_at).exclude(state="opened_in_error")
    return [
        Case(pk, area or "not known", level or "unknown") for pk, area, level in rows.order_by("pk").values_list("pk", "district", "level")
    ]


def kinds() -> tuple[tuple[str, str], ...]:
    """The kinds of matter that can be audited, with their words."""
    return tuple((kind, desk.noun) for kind, desk in DESKS.items())


def audits() -> QuerySet[CaseAudit]:
    """Every audit, newest first."""
    return CaseAudit.objects.select_related("by").prefetch_related("cases__grades").order_by("-pk")


def audit(*, pk: int) -> CaseAudit | None:
    """One audit."""
    return audits().filter(pk=pk).first()


def sampled(*, pk: int) -> SampledCase | None:
    """One case that was drawn."""
    return SampledCase.objects.select_related("audit", "matter").filter(pk=pk).first()


def given(case: SampledCase) -> list[Given]:
    """The grades of a case, in the order they came."""
    return [Given(row.by_id, row.grade, row.settles) for row in sorted(case.grades.all(), key=lambda row: row.pk)]


def differs(case: SampledCase) -> bool:
    """True where two have graded a case, differ, and nobody has settled it."""
    return differ(given(case))


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A drawn case as a list shows it to somebody: their own grade, and the others' only where those may be seen."""

    case: SampledCase
    graded: int
    mine: str
    grade: str | None
    differs: bool


def case_lines(audit: CaseAudit, *, user_id: int | None) -> list[CaseLine]:
    """The drawn cases in their order."""
    found = []
    for case in sorted(audit.cases.all(), key=lambda one: one.place):
        rows = given(case)
        mine = next((row.grade for row in rows if row.by == user_id), "")
        found.append(CaseLine(case, len(rows), mine, settled(rows), differ(rows)))
    return found


def grades_seen(case: SampledCase, *, user_id: int | None) -> list[CaseGrade]:
    """The grades that somebody may see of a case: all of them once two are given, their own before."""
    rows = list(CaseGrade.objects.filter(case=case).select_related("by").order_by("pk"))
    return rows if may_see(given=given(case), by=user_id) else [row for row in rows if row.by_id == user_id]


@dataclass(frozen=True, slots=True)
class Result:
    """What an audit has come to: counts by area, agreement of the first two, and how many wait."""

    counts: dict[str, dict[str, int]]
    agreement: Agreement
    ungraded: int
    once: int
    differing: int


def result(audit: CaseAudit) -> Result:
    """Counts of settled grades by area, and the kappa of the first two graders over the cases that two have graded."""
    rows = [(case, given(case)) for case in audit.cases.all()]
    pairs = [(row[0].grade, row[1].grade) for _, row in rows if len(row) >= 2]
    made = Counter(len(row) for _, row in rows)
    table = counts((case.area, settled(row)) for case, row in rows)
    return Result(table, kappa(pairs), made[0], made[1], sum(differ(row) for _, row in rows))


def list_rows(audit: CaseAudit) -> list[tuple[str, ...]]:
    """The list that was drawn from with each case's place in the draw, so that the draw can be made again."""
    places = {case.matter_id: case for case in audit.cases.all()}
    found = []
    for one in audit.listed:
        drawn = places.get(one["id"])
        place, key = (str(drawn.place), f"{drawn.key:.15f}") if drawn else ("", "")
        found.append((f"M-{one['id']}", one["area"], one["level"], place, key, audit.seed, audit.method))
    return found


def trail_rows(audit: CaseAudit) -> list[tuple[str, ...]]:
    """The audit trail of the drawn cases: who did or saw what, in order."""
    ids = [str(case.matter_id) for case in audit.cases.all()]
    rows = AuditRow.objects.filter(subject_kind="matter", subject_id__in=ids).order_by("at", "pk")
    return [(row.at.isoformat(), f"M-{row.subject_id}", row.actor_name, row.roles, row.verb, row.outcome) for row in rows]


def anonymised_rows(audit: CaseAudit) -> list[tuple[str, ...]]:
    """The drawn cases without a name, a number of the record, a place or a day: age in years, level, length in days and grade."""
    found = []
    for case in sorted(audit.cases.select_related("matter__person"), key=lambda one: one.place):
        matter = case.matter
        born = matter.person.birth_date if matter.person else None
        age = str(age_on(born, matter.opened_at)) if born and born <= local_date(matter.opened_at) else "not known"
        open_for = str((matter.closed_at - matter.opened_at).days) if matter.closed_at else "open"
        grade: Any = settled(given(case))
        found.append((f"Case {case.place}", age, case.level or "unknown", open_for, grade or "not settled"))
    return found
