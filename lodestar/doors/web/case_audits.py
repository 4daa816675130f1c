"""The force's own audit of cases: drawing them, grading them blind, what they come to, and taking them out for an inspector."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions.inspection import audits as actions
from lodestar.core.access.permissions import Permission as P
from lodestar.core.inspection.commitments import Promised, Target, commitment_gaps
from lodestar.core.inspection.register import CommitmentDraft
from lodestar.core.inspection.rubric import GRADES
from lodestar.core.inspection.sampling import METHODS
from lodestar.core.times import local_date
from lodestar.core.words import NotVisible, Refusal, Refused, require
from lodestar.doors.web.forms.inspection import DrawForm, GradeForm, ThemeForm
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import case_audits as queries
from lodestar.store.queries import measures, priority

WriteTable = Callable[[Sequence[str], Sequence[Sequence[str]]], bytes]


@page(P.INSPECTION_READ)
@require_http_methods(["GET", "POST"])
def audits(request: HttpRequest) -> HttpResponse:
    """Every audit, and a new draw."""
    may_draw = actor_of(request).may(P.INSPECTION_SAMPLE)
    form = DrawForm(request.POST or None, kinds=queries.kinds())
    if request.method == "POST":
        if not may_draw:
            raise NotVisible
        made = _draw(request, form) if form.is_valid() else None
        if made is not None:
            return redirect("case_audit", made)
    context = {"audits": queries.audits(), "form": form, "errors": form.summary(), "may_draw": may_draw}
    return show(request, "inspection/audits.html", context, status=422 if form.errors else 200)


def _draw(request: HttpRequest, form: DrawForm) -> int | None:
    said = form.cleaned_data
    wanted = actions.Sample(said["title"], said["kind"], said["method"], said["seed"], said["size"], said["first"], said["until"])
    try:
        made = actions.draw_sample(actor=actor_of(request), wanted=wanted, now=timezone.now())
    except Refused as refused:
        form.refuse(*refused.refusals)
        return None
    messages.success(request, "Drawn. The list and the seed are kept, so that anybody can draw it again.")
    return made


@page(P.INSPECTION_READ)
@require_http_methods(["GET", "POST"])
def audit(request: HttpRequest, audit_id: int) -> HttpResponse:
    """One audit: what it has come to, the cases for those who grade them, and its themes as commitments."""
    row = queries.audit(pk=audit_id)
    if row is None:
        raise NotVisible
    actor = actor_of(request)
    may_keep = actor.may(P.INSPECTION_KEEP)
    form = ThemeForm(request.POST or None, measures=measures.codes())
    if request.method == "POST":
        if not may_keep:
            raise NotVisible
        made = _theme(request, audit_id, form) if form.is_valid() else None
        if made is not None:
            return redirect("commitment", made)
    context = {
        "row": row,
        "rubric": queries.rubric_of(row),
        "result": queries.result(row),
        "cases": queries.case_lines(row, user_id=actor.id),
        "grades": GRADES,
        "methods": METHODS,
        "districts": priority.districts(),
        "form": form,
        "errors": form.summary(),
        "may_grade": actor.may(P.INSPECTION_GRADE),
        "may_keep": may_keep,
        "may_take": actor.may(P.INSPECTION_SAMPLE),
        "themes": row.commitments.select_related("finding").order_by("pk"),
    }
    return show(request, "inspection/audit.html", context, status=422 if form.errors else 200)


def _theme(request: HttpRequest, audit_id: int, form: ThemeForm) -> int | None:
    said = form.cleaned_data
    try:
        target = _target(said["target"], said["side"]) if said["target"] else None
        promised = Promised("promise", said["measure"], target, said["due_on"])
        known = said["measure"] in measures.codes()
        require(*commitment_gaps(promised=promised, words=said["promise"], owner=said["owner"], code_known=known))
        draft = CommitmentDraft(said["reference"], promised, said["promise"], said["owner"], "", "", None)
        theme = actions.Theme(said["name"], said["words"], draft)
        return actions.commit_to_theme(actor=actor_of(request), audit_id=audit_id, theme=theme, now=timezone.now())
    except Refused as refused:
        form.refuse(*refused.refusals)
        return None


def _target(text: str, side: str) -> Target:
    try:
        return Target(side, round(float(text.rstrip("% ")) / (100 if text.strip().endswith("%") else 1), 9))
    except ValueError:
        raise Refused(Refusal("commitment.number", "Write a number like 4.5, or a share like 90%.", "", "target")) from None


@page(P.INSPECTION_SAMPLE)
@require_GET
def export(request: HttpRequest, audit_id: int, part: str, write: WriteTable) -> HttpResponse:
    """One part of what an inspector asks for, as CSV; who took it is on record."""
    heads, rows = actions.export_part(actor=actor_of(request), audit_id=audit_id, part=part, now=timezone.now())
    response = HttpResponse(write(heads, rows), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="audit-{audit_id}-{part}.csv"'
    return response


@page(P.INSPECTION_GRADE)
@require_http_methods(["GET", "POST"])
def sampled_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """One drawn case to grade on its rubric: only within one's reach, and blind to what another gave."""
    actor, now = actor_of(request), timezone.now()
    case = actions.open_case(actor=actor, case_id=case_id, now=now)
    rubric = queries.rubric_of(case.audit)
    form = GradeForm(request.POST or None, rubric=rubric)
    if request.method == "POST" and form.is_valid():
        answers = {item.code: form.cleaned_data[item.code] for item in rubric.criteria}
        try:
            given = actions.grade_case(actor=actor, case_id=case_id, answers=answers, reasons=form.cleaned_data["reasons"], now=now)
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            messages.success(request, f"Graded: {GRADES[given].lower()}. Nobody sees it before a second person has graded.")
            return redirect("case_audit", case.audit_id)
    graded = queries.given(case)
    context = {
        "case": case,
        "rubric": rubric,
        "form": form,
        "errors": form.summary(),
        "seen": queries.grades_seen(case, user_id=actor.id),
        "grades": GRADES,
        "mine": any(one.by == actor.id for one in graded),
        "differs": queries.differs(case),
        "on": local_date(now),
    }
    return show(request, "inspection/case.html", context, status=422 if form.errors else 200)
