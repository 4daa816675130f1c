"""Tasks: asked for, worked by the person they are with, finished with evidence."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions import tasks as actions
from lodestar.actions.reading import note_list
from lodestar.core.access.permissions import Permission as P
from lodestar.core.tasks.lifecycle import TASK
from lodestar.core.tasks.partners import AGENCIES
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.doors.web.forms.work import AskTaskForm, FinishTaskForm, ReasonOnly, WorkTaskForm
from lodestar.doors.web.language import saved
from lodestar.doors.web.matters import sighted
from lodestar.doors.web.page import actor_of, page, refusals_of, show
from lodestar.store.queries import partners
from lodestar.store.queries import tasks as queries
from lodestar.store.queries.access import place_of
from lodestar.store.queries.plans import provenance
from lodestar.store.queries.unresourced import why_nobody

BUTTONS = {
    "acknowledge": "I have it",
    "start": "I have started",
    "block": "I cannot go on",
    "unblock": "I can go on again",
    "give_back": "Give it back",
}


@page(P.TASKS_READ)
@require_GET
def task_list(request: HttpRequest) -> HttpResponse:
    """My tasks, and the open work within reach."""
    actor, at = actor_of(request), timezone.now()
    mine = list(queries.mine(user_id=actor.id or 0))
    own = {task.pk for task in mine}
    others = [task for task in queries.open_tasks(actor=actor) if task.pk not in own]
    ids = [task.matter_id for task in (*mine, *others)]
    note_list(actor=actor, permission=P.TASKS_READ, verb="tasks.seen", kind="matter", ids=ids, now=at)
    return show(request, "tasks/list.html", {"mine": mine, "others": others, "at": at})


@page(P.MATTERS_PROGRESS)
@require_http_methods(["GET", "POST"])
def task_ask(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Ask for a piece of work on a matter."""
    actor, at = actor_of(request), timezone.now()
    matter = sighted(request, matter_id)
    form = AskTaskForm(
        request.POST or None, kinds=queries.kinds(kind=matter.kind, at=at), places=queries.places(), open_tasks=queries.open_on(matter)
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_task(actor=actor, matter_id=matter_id, now=at, **form.wanted())
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            saved(request, "Asked for. It is on the list for the next tasking.", form)
            return redirect("matter", matter_id)
    context = {"form": form, "matter": matter, "page_title": "Ask for a task", "button": "Ask", "errors": form.summary(), "intro": ""}
    return show(request, "matters/step.html", context, status=422 if form.errors else 200)


@page(P.NOTICES_READ)
@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """One task, and the next step on it for the person it is with."""
    actor, at = actor_of(request), timezone.now()
    row = queries.in_sight(actor=actor, task_id=task_id)
    form = WorkTaskForm(request.POST or None, initial={"seen_version": row.version})
    errors: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.work_task(actor=actor, task_id=task_id, now=at, **form.cleaned_data)
        except (Refused, Conflict) as error:
            errors = refusals_of(error)
        else:
            return redirect("task", task_id)
    crew = queries.crew(row)
    verbs = _verbs(row, crew, actor.id)
    kind = queries.kinds(kind=row.matter.kind, at=row.created_at)[row.kind]
    note_list(actor=actor, permission=P.NOTICES_READ, verb="tasks.seen", kind="matter", ids=[row.matter_id], now=at)
    context = {
        "task": row,
        "verbs": verbs,
        "crew": crew,
        "outcomes": kind.outcomes if row.state == "started" and row.assignee_id == actor.id else (),
        "kind": kind,
        "buttons": BUTTONS,
        "at": at,
        "errors": errors,
        "can_cancel": row.is_open and actor.may(P.TASKS_CANCEL),
        "agencies": partners.agencies(row, at=at) if row.state == "open" and actor.may(P.TASKS_ISSUE, place_of(row)) else (),
        "can_withdraw": row.state == "asked" and actor.may(P.TASKS_ISSUE, place_of(row)),
        "agency": AGENCIES.get(row.asked_of, ""),
        "sees_matter": actor.may(P.MATTERS_READ, place_of(row)),
        "waits_for": queries.waits_for(row),
        "nobody": why_nobody(task_id) if row.state == "open" and actor.may(P.TASKING_PROPOSE, place_of(row)) else None,
        "origin": provenance(row, actor=actor),
        "steps": row.steps.select_related("by").order_by("number"),
    }
    return show(request, "tasks/task.html", context, status=422 if errors else 200)


def _verbs(row: Any, crew: list[Any], viewer: int | None) -> list[str]:
    """What the viewer may do next: the one it is with works it; whoever goes along says that they have it, or that they cannot."""
    possible = [verb for verb in TASK.verbs(state=row.state) if verb in BUTTONS]
    if row.assignee_id == viewer:
        return possible
    own = next((member for member in crew if member.assignee_id == viewer), None)
    if own is None:
        return []
    return [*(["acknowledge"] if own.acknowledged_at is None else []), *(verb for verb in possible if verb == "give_back")]


@page(P.TASKS_WORK)
@require_http_methods(["GET", "POST"])
def task_finish(request: HttpRequest, task_id: int, outcome: str) -> HttpResponse:
    """Finish a task, with the evidence its outcome owes."""
    actor, at = actor_of(request), timezone.now()
    row = queries.in_sight(actor=actor, task_id=task_id)
    chosen = queries.kinds(kind=row.matter.kind, at=row.created_at)[row.kind].outcome(outcome)
    if chosen is None:
        raise NotVisible
    note_list(actor=actor, permission=P.TASKS_WORK, verb="tasks.seen", kind="matter", ids=[row.matter_id], now=at)
    form = FinishTaskForm(request.POST or None, initial={"seen_version": row.version}, outcome=chosen)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        evidence = {name: str(data[name]) for name, _ in chosen.evidence}
        try:
            actions.finish_task(
                actor=actor,
                task_id=task_id,
                seen_version=data["seen_version"],
                outcome=outcome,
                evidence=evidence,
                done_at=data["done_at"],
                now=at,
            )
        except Refused as refused:
            form.refuse(*refused.refusals)
        except Conflict:
            form.add_error(None, Conflict.sentence)
        else:
            saved(request, f"{row.title}: {chosen.title.lower()}.", form)
            return redirect("tasks" if actor.may(P.TASKS_READ) else "requests")  # the matter may be out of their reach now
    title = f"{row.title}: {chosen.title.lower()}"
    context = {
        "form": form, "matter": row.matter, "page_title": title, "button": "Finish", "errors": form.summary(), "intro": row.detail,
        "back": reverse("task", args=[task_id]),
    }  # fmt: skip
    return show(request, "matters/step.html", context, status=422 if form.errors else 200)


@page(P.TASKS_CANCEL)
@require_http_methods(["GET", "POST"])
def task_cancel(request: HttpRequest, task_id: int) -> HttpResponse:
    """Cancel a task that is no longer wanted."""
    actor = actor_of(request)
    row = queries.in_sight(actor=actor, task_id=task_id)
    note_list(actor=actor, permission=P.TASKS_CANCEL, verb="tasks.seen", kind="matter", ids=[row.matter_id], now=timezone.now())
    form = ReasonOnly(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel_task(
                actor=actor, task_id=task_id, seen_version=row.version, reason=form.cleaned_data["reason"], now=timezone.now()
            )
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            saved(request, "Cancelled. Whoever had it has been told.", form)
            return redirect("matter", row.matter_id)
    title = f"Cancel: {row.title}"
    context = {"form": form, "matter": row.matter, "page_title": title, "button": "Cancel the task", "errors": form.summary(), "intro": ""}
    return show(request, "matters/step.html", context, status=422 if form.errors else 200)
