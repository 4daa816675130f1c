"""One commitment: what was promised, what its measure says now, the chart, and everything that became of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lodestar.actions.inspection import commitments, evidence
from lodestar.core.access.permissions import Permission as P
from lodestar.core.inspection.closing import may_close
from lodestar.core.inspection.commitments import COMMITMENT, SORTS, judge, overdue
from lodestar.core.inspection.reply import said
from lodestar.core.times import local_date
from lodestar.core.words import Allowed, NotVisible
from lodestar.doors.web.forms.inspection import CommitmentForm
from lodestar.doors.web.measures import Draw, drawn_twice
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import inspection as queries
from lodestar.store.queries import inspection_figures as figures

FREEZE = "freeze"
VERBS = {"close": commitments.close, "withdraw": commitments.withdraw, "answer": commitments.answer}


@page(P.INSPECTION_READ)
@require_http_methods(["GET", "POST"])
def commitment(request: HttpRequest, commitment_id: int, draw: Draw) -> HttpResponse:
    """One commitment with its live figure, its chart, its evidence and its history, which nobody can rewrite."""
    row = queries.commitment(pk=commitment_id)
    if row is None:
        raise NotVisible
    form = CommitmentForm(request.POST or None, initial={"seen_version": row.version})
    if request.method == "POST" and form.is_valid() and _step(request, commitment_id, form):
        return redirect("commitment", commitment_id)
    at, actor = timezone.now(), actor_of(request)
    shown, course, rule = figures.shown(row, at=at), figures.course(row, at=at), figures.rule(at=at)
    promised = figures.promised(row)
    judged = judge(promised=promised, reading=shown.reading if shown else None)
    found = may_close(points=course.points, target=promised.target, rule=rule, since=row.reopened_after)
    line, history = figures.line_of(row), queries.history_of(row)
    moves = [one for one in COMMITMENT.rows if one.source == row.state and one.verb in VERBS and actor.may(one.who)]
    context = {
        "row": row,
        "form": form,
        "errors": form.summary(),
        "sort": SORTS[row.sort],
        "shown": shown,
        "judged": judged,
        "late": overdue(promised=promised, judged=judged, today=local_date(at)),
        "rule": rule,
        "target": said(row.target, line.unit) if line and row.target is not None else "",
        "baseline": said(row.baseline, line.unit) if line and row.baseline is not None else "",
        "chart": drawn_twice(course.chart, draw) if course.chart else None,
        "closing": () if isinstance(found, Allowed) else found,
        "moves": moves,
        "may_freeze": actor.may(P.INSPECTION_KEEP) and bool(row.measure) and row.state != "withdrawn",
        "evidence": queries.evidence_of(row)[:8],
        "history": history,
        "reopening": next((step for step in history if step.verb == "reopen"), None) if row.state == "reopened" else None,
    }
    return show(request, "inspection/commitment.html", context, status=422 if form.errors else 200)


def _step(request: HttpRequest, commitment_id: int, form: CommitmentForm) -> bool:
    said_of, asked = form.cleaned_data, {"actor": actor_of(request), "commitment_id": commitment_id, "now": timezone.now()}
    verb = said_of["verb"]
    if verb == FREEZE:
        done = form.carries_out(lambda: evidence.freeze(**asked))
    elif verb in VERBS:
        done = form.carries_out(lambda: VERBS[verb](seen_version=said_of["seen_version"], reason=said_of["reason"], **asked))
    else:
        raise NotVisible
    if done:
        messages.success(request, "Recorded in your name.")
    return done
