"""Partner agencies: what they are asked for, and their answer; it is a request, never an order."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions import partners as actions
from lodestar.actions.reading import note_list
from lodestar.core.access.permissions import Permission as P
from lodestar.core.tasks.partners import AGENCIES, agencies_of
from lodestar.core.words import NotVisible
from lodestar.doors.web.forms.partners import AnswerRequestForm, AskPartnerForm
from lodestar.doors.web.forms.work import ReasonOnly
from lodestar.doors.web.language import saved
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import desks, tasks
from lodestar.store.queries import partners as queries


@page(P.TASKS_ANSWER)
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """What the police have asked the viewer's agency for: places for children after charge, and work."""
    actor, at = actor_of(request), timezone.now()
    places = desks.places_asked(actor=actor, at=at) if actor.may(P.CUSTODY_ANSWER) else ()
    asked, taken = queries.asked(actor=actor, at=at), queries.accepted(actor=actor, at=at)
    seen = sorted({*(one.matter.pk for one in places), *(one.task.matter_id for one in asked), *(task.matter_id for task in taken)})
    note_list(actor=actor, permission=P.TASKS_ANSWER, verb="requests.seen", kind="matter", ids=seen, now=at)
    agencies = [AGENCIES[agency] for agency in sorted(agencies_of(actor.roles))]
    context = {"places": places, "asked": asked, "taken": taken, "at": at, "agencies": agencies}
    return show(request, "desks/requests.html", context)


@page(P.TASKS_ANSWER)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, task_id: int) -> HttpResponse:
    """Say yes or no, for one's agency, to work it is asked for."""
    actor, at = actor_of(request), timezone.now()
    found = queries.request_in_sight(actor=actor, task_id=task_id)
    note_list(actor=actor, permission=P.TASKS_ANSWER, verb="requests.seen", kind="matter", ids=[found.task.matter_id], now=at)
    form = AnswerRequestForm(request.POST or None, initial={"seen_version": found.task.version})
    if form.carries_out(lambda: actions.answer_request(actor=actor, task_id=task_id, now=at, **form.cleaned_data)):
        saved(request, "Your answer is recorded, and whoever asked has been told.", form)
        return redirect("requests")
    context = {"found": found, "form": form, "at": at, "errors": form.summary()}
    return show(request, "tasks/answer.html", context, status=422 if form.errors else 200)


@page(P.TASKS_ISSUE)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, task_id: int) -> HttpResponse:
    """Ask a partner agency for a piece of work that nobody has."""
    actor, at = actor_of(request), timezone.now()
    row = tasks.in_sight(actor=actor, task_id=task_id)
    agencies = queries.agencies(row, at=at)
    if not agencies or row.state != "open":
        raise NotVisible
    note_list(actor=actor, permission=P.TASKS_ISSUE, verb="tasks.seen", kind="matter", ids=[row.matter_id], now=at)
    area = queries.area(row.matter)
    choices = tuple((agency, f"{AGENCIES[agency]}, {area}") for agency in agencies)
    form = AskPartnerForm(request.POST or None, initial={"seen_version": row.version, "needed": row.detail}, agencies=choices)
    if form.carries_out(lambda: actions.ask_partner(actor=actor, task_id=task_id, now=at, **form.cleaned_data)):
        saved(request, "Asked. It stays nobody's until they say yes; whoever answers for the matter is owed their answer.", form)
        return redirect("task", task_id)
    context = {
        "form": form, "matter": row.matter, "page_title": f"Ask a partner agency: {row.title}", "button": "Ask them",
        "errors": form.summary(), "intro": "They are asked and may decline. Nobody outside the force is ordered.",
    }  # fmt: skip
    return show(request, "matters/step.html", context, status=422 if form.errors else 200)


@page(P.TASKS_ISSUE)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take back what an agency was asked for and has not answered."""
    actor, at = actor_of(request), timezone.now()
    row = tasks.in_sight(actor=actor, task_id=task_id)
    if row.state != "asked":
        raise NotVisible
    note_list(actor=actor, permission=P.TASKS_ISSUE, verb="tasks.seen", kind="matter", ids=[row.matter_id], now=at)
    form = ReasonOnly(request.POST or None)
    if form.carries_out(
        lambda: actions.withdraw_request(actor=actor, task_id=task_id, seen_version=row.version, reason=form.cleaned_data["reason"], now=at)
    ):
        messages.success(request, "Taken back. It is on the list for the next tasking.")
        return redirect("task", task_id)
    context = {
        "form": form, "matter": row.matter, "page_title": f"Take back the request: {row.title}", "button": "Take it back",
        "errors": form.summary(), "intro": "",
    }  # fmt: skip
    return show(request, "matters/step.html", context, status=422 if form.errors else 200)
