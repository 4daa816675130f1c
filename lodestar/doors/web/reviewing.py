"""Who is this? The queue of identity questions in its order, one question side by side, and how far those who answer agree."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions import people, reading
from lodestar.actions import reviewing as actions
from lodestar.core.access.permissions import Permission as P
from lodestar.core.words import Conflict, Refused
from lodestar.doors.web.forms.reviewing import AnswerForm
from lodestar.doors.web.language import saved
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import identity_models, labels, reviewing
from lodestar.store.queries.question_page import QuestionPage, question_page

SHOWN = 100  # a longer list is read by nobody; how many more there are is said
PASSED_ON = "Kept. It is with the next person now; you are not asked again."
SETTLED = "Settled. It can be undone from the person's page."


@page(P.PEOPLE_LINK)
@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """Reports about which nobody is sure yet: the worst if wrong first, each with its reason, owner and time."""
    actor, at = actor_of(request), timezone.now()
    lines = reviewing.queue(actor=actor, at=at)
    reading.note_list(
        actor=actor,
        permission=P.PEOPLE_LINK,
        verb="people.queue_seen",
        kind="link_question",
        ids=[line.row.pk for line in lines[:SHOWN]],
        now=at,
    )
    context = {
        "lines": lines[:SHOWN],
        "more": len(lines[SHOWN:]),
        "flow": reviewing.flow(lines, actor=actor, at=at),
        "rules": reviewing.order_rules(at=at),
        "at": at,
    }
    return show(
        request, "people/questions.html", {**context, "labels": identity_models.labels_here(), "needed": reviewing.labels_needed(at=at)}
    )


@page(P.PEOPLE_LINK)
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, question_id: int) -> HttpResponse:
    """What the report says beside each record, why they were put together, what would change; a person answers."""
    actor, at = actor_of(request), timezone.now()
    row = people.open_question(actor=actor, question_id=question_id, now=at)
    found = question_page(row, actor=actor, at=at)
    form = _form(request, found, row.version)
    if request.method == "POST" and form.is_valid():
        try:
            after = actions.answer_question(
                actor=actor, question_id=question_id, seen_version=form.cleaned_data["seen_version"], said=form.said(), now=at
            )
        except Refused as refused:
            form.refuse(*refused.refusals)
        except Conflict:
            form.add_error(None, Conflict.sentence)
        else:
            saved(request, SETTLED if after.outcome is not None and row.truth_id is None else PASSED_ON, form)
            return redirect("questions")
    context = {"row": row, "found": found, "form": form, "errors": form.summary(), "at": at}
    return show(request, "people/question.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, found: QuestionPage, version: int) -> AnswerForm:
    shown = tuple((one.person, f"{one.name}, person {one.person}") for one in found.beside)
    return AnswerForm(request.POST or None, initial={"seen_version": version}, people=shown)


@page(P.MEASURES_READ)
@require_GET
def agreement(request: HttpRequest) -> HttpResponse:
    """How far two people who answer the same question blind agree, beyond what chance would give."""
    found = labels.agreed(at=timezone.now())
    months = [(f"{date.fromisoformat(one.period + '-01'):%B %Y}", one) for one in found.months]
    return show(request, "people/agreement.html", {"found": found, "months": months})
