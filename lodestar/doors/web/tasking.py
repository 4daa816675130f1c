"""Tasking: propose, see why, decide by name, accept by name what nobody can do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lodestar.actions import tasking as actions
from lodestar.actions.reading import note_list
from lodestar.core.access.permissions import Permission as P
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.doors.web.forms.work import DecideForm, RiskForm
from lodestar.doors.web.language import saved
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import tasking as queries
from lodestar.store.queries import tasks


@page(P.TASKING_PROPOSE)
@require_GET
def tasking(request: HttpRequest) -> HttpResponse:
    """What waits to be tasked, the proposals made, and the risks accepted by name."""
    actor, at = actor_of(request), timezone.now()
    waiting = [task for task in tasks.open_tasks(actor=actor) if task.state == "open"]
    ids = [task.matter_id for task in waiting]
    note_list(actor=actor, permission=P.TASKING_PROPOSE, verb="tasking.seen", kind="matter", ids=ids, now=at)
    context = {"waiting": waiting, "proposals": queries.proposals(), "risks": queries.risks(at=at), "at": at}
    return show(request, "tasking/tasking.html", context)


@page(P.TASKING_PROPOSE)
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Run the formula over what waits and who is on duty."""
    made = actions.propose(actor=actor_of(request), now=timezone.now())
    return redirect("proposal", made)


@page(P.TASKING_PROPOSE)
@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """One proposal: what is placed and why, what is not and why, and the decision."""
    actor, at = actor_of(request), timezone.now()
    row = queries.proposal(pk=proposal_id)
    if row is None:
        raise NotVisible
    named = queries.tasks_of(row.body)
    may_decide = actor.may(P.TASKING_DECIDE) and row.state == "proposed"
    form = DecideForm(request.POST or None, initial={"seen_version": row.version}, lines=_lines(row, named), people=_people(row))
    if request.method == "POST" and may_decide and form.is_valid():
        try:
            decided = actions.decide_proposal(
                actor=actor,
                proposal_id=proposal_id,
                seen_version=form.cleaned_data["seen_version"],
                wanted=form.wanted(),
                reason=form.cleaned_data["reason"],
                refused="refuse" in request.POST,
                now=at,
            )
        except Refused as refused:
            form.refuse(*refused.refusals)
        except Conflict:
            form.add_error(None, "Something here has changed since the proposal was made. Propose again, then decide.")
        else:
            saved(request, f"Recorded: {decided}. Everybody who has work has been told.", form)
            return redirect("tasking")
    note_list(
        actor=actor,
        permission=P.TASKING_PROPOSE,
        verb="tasking.seen",
        kind="matter",
        ids=[task.matter_id for task in named.values()],
        now=at,
    )
    context = {
        "proposal": row,
        "form": form,
        "tasks": named,
        "names": {asset["id"]: asset["name"] for asset in row.problem["assets"]},
        "start": datetime.fromisoformat(row.problem["start"]),
        "minutes": lambda count: timedelta(minutes=count),
        "may_decide": may_decide,
        "errors": form.summary(),
    }
    return show(request, "tasking/proposal.html", context, status=422 if form.errors else 200)


def _lines(row: Any, named: dict[int, Any]) -> tuple[tuple[int, str, int | None], ...]:
    placed = {line["need"]: line["asset"] for line in row.body["placed"]}
    wanted = [*placed, *(line["need"] for line in row.body["unplaced"])]
    return tuple((pk, f"{named[pk].title}, {named[pk].matter.reference}", placed.get(pk)) for pk in wanted if pk in named)


def _people(row: Any) -> tuple[tuple[int, str], ...]:
    return tuple((asset["id"], asset["name"]) for asset in row.problem["assets"])


@page(P.TASKING_ACCEPT_RISK)
@require_http_methods(["GET", "POST"])
def accept_risk(request: HttpRequest, task_id: int) -> HttpResponse:
    """Accept by name what nobody can do, until it comes back."""
    actor = actor_of(request)
    task = tasks.in_sight(actor=actor, task_id=task_id)
    note_list(actor=actor, permission=P.TASKING_ACCEPT_RISK, verb="tasks.seen", kind="matter", ids=[task.matter_id], now=timezone.now())
    form = RiskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept_risk(actor=actor, task_id=task_id, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            saved(request, "Accepted in your name. It comes back at the time you set.", form)
            return redirect("tasking")
    title = f"Nobody can do this now: {task.title}"
    context = {
        "form": form,
        "matter": task.matter,
        "page_title": title,
        "button": "Accept the risk in my name",
        "errors": form.summary(),
        "intro": "",
    }
    return show(request, "matters/step.html", context, status=422 if form.errors else 200)
