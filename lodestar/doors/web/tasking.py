"""Tasking: propose, see why beside what is issued, decide by name, and accept by name what nobody can do."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lodestar.actions import tasking as actions
from lodestar.actions.reading import note_list
from lodestar.core.access.permissions import Permission as P
from lodestar.core.tasking import picture
from lodestar.core.tasking.decide import ranks_with, taken_back
from lodestar.core.tasking.pose import number, task_id
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.doors.web.forms.work import DecideForm, RiskForm, SecondForm, Slots
from lodestar.doors.web.language import saved
from lodestar.doors.web.page import actor_of, page, refusals_of, show
from lodestar.store.queries import formulas, tasks
from lodestar.store.queries import tasking as queries
from lodestar.store.queries.unresourced import unresourced

STALE = "Something here has changed since the proposal was made. Propose again, then decide."
LATELY = timedelta(days=28)


@page(P.TASKING_PROPOSE)
@require_GET
def tasking(request: HttpRequest) -> HttpResponse:
    """What waits to be tasked, the proposals made, and the risks accepted by name."""
    actor, at = actor_of(request), timezone.now()
    in_force = formulas.in_force(at=at)
    waiting = [task for task in tasks.open_tasks(actor=actor) if task.state == "open"]
    nobody = unresourced(actor=actor, formula=in_force.formula, rank=queries.rank_of(actor.id or 0))
    ids = [task.matter_id for task in (*waiting, *(one.task for one in nobody))]
    note_list(actor=actor, permission=P.TASKING_PROPOSE, verb="tasking.seen", kind="matter", ids=ids, now=at)
    context = {
        "nobody": nobody,
        "waiting": waiting,
        "proposals": queries.proposals(),
        "risks": queries.risks(at=at),
        "departures": formulas.departures(since=at - LATELY),
        "in_force": in_force,
        "at": at,
    }
    return show(request, "tasking/tasking.html", context)


@page(P.TASKING_PROPOSE)
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Run the formula over what waits and who is on duty."""
    made = actions.propose(actor=actor_of(request), now=timezone.now())
    return redirect("proposal", made)


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a proposal, as its page shows it."""

    task: Any
    line: queries.Planned
    judged: Mapping[str, Any]
    issued: tuple[str, ...]
    proposed: tuple[str, ...]
    same: bool
    needs_second: bool


@page(P.TASKING_PROPOSE)
@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """One proposal beside what is issued: what is placed and why, what is not and why, and the decision."""
    actor, at = actor_of(request), timezone.now()
    row = queries.proposal(pk=proposal_id)
    if row is None:
        raise NotVisible
    named = queries.tasks_of(row, actor=actor)
    formula = formulas.in_force(at=at).formula
    lines = queries.lines(row, viewer=actor.id or 0, named=named, formula=formula)
    may_decide = actor.may(P.TASKING_DECIDE) and row.state == "proposed"
    form = DecideForm(request.POST or None, initial={"seen_version": row.version}, lines=_choices(row, lines))
    if request.method == "POST" and may_decide and form.is_valid():
        try:
            state = actions.decide_proposal(
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
            form.add_error(None, STALE)
        else:
            saved(request, _said(state), form)
            return redirect("proposal", proposal_id)
    ids = [task.matter_id for task in named.values()]
    note_list(actor=actor, permission=P.TASKING_PROPOSE, verb="tasking.seen", kind="matter", ids=ids, now=at)
    shown = _shown(row, named, lines)
    context = {
        "proposal": row,
        "form": form,
        "placed": [one for one in shown if one.line.people],
        "unplaced": [one for one in shown if not one.line.people],
        "taken": taken_back(lines=lines, wanted={pk: line.proposed for pk, line in lines.items()}, people=queries.on_duty(row)),
        "free_moves": formula.free_moves(sum(bool(line.issued) for line in lines.values())),
        "rank": queries.rank_of(actor.id or 0),
        "ranks_with": ranks_with,
        "elsewhere": len(row.problem["tasks"]) - len(shown),
        "formula": formula,
        "may_decide": may_decide,
        "may_second": actor.may(P.TASKING_DECIDE) and row.state == "awaiting_second",
        "second": SecondForm(initial={"seen_version": row.version}),
        "decision": getattr(row, "decision", None),
        "names": _names(row),
        "errors": form.summary(),
    }
    return show(request, "tasking/proposal.html", context, status=422 if form.errors else 200)


@page(P.TASKING_DECIDE)
@require_POST
def second(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """A second person agrees to work of the first tier, or withholds it."""
    form = SecondForm(request.POST)
    if form.is_valid():
        try:
            actions.second(actor=actor_of(request), proposal_id=proposal_id, now=timezone.now(), **form.cleaned_data)
        except (Refused, Conflict) as error:
            for line in refusals_of(error):
                messages.error(request, line["text"])
        else:
            messages.success(request, "Recorded in your name.")
    return redirect("proposal", proposal_id)


@page(P.TASKING_PROPOSE)
@require_POST
def run_again(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Run a proposal again from what it was asked then, and say whether the answer is the same."""
    if actions.run_again(actor=actor_of(request), proposal_id=proposal_id, now=timezone.now()):
        messages.success(request, "Run again from what was asked then: the answer is the same, byte for byte.")
    else:
        messages.error(request, "Run again from what was asked then: the answer is another. Tell whoever keeps Lodestar.")
    return redirect("proposal", proposal_id)


@page(P.TASKING_PROPOSE)
@require_GET
def briefing(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """The day as a picture, as a table by person and as a list of journeys; it prints for the briefing."""
    actor, at = actor_of(request), timezone.now()
    row = queries.proposal(pk=proposal_id)
    if row is None:
        raise NotVisible
    named = queries.tasks_of(row, actor=actor)
    shown = _shown(row, named, queries.lines(row, viewer=actor.id or 0, named=named, formula=formulas.in_force(at=at).formula))
    waiting = {int(task) for task, _ in row.decision.waiting} if row.state == "awaiting_second" else set()
    titles = {task_id(one.task.pk): _titled(one, waiting) for one in shown}
    ids = [task.matter_id for task in named.values()]
    note_list(actor=actor, permission=P.TASKING_PROPOSE, verb="tasking.seen", kind="matter", ids=ids, now=at)
    context = {
        "proposal": row,
        "at": at,
        "decision": getattr(row, "decision", None),
        "nobody": [one for one in shown if not one.line.people],
        "elsewhere": len(row.problem["tasks"]) - len(shown),
        "otherwise": queries.given_otherwise(row, named=named),
        "days": picture.days(problem=row.problem, plan=row.body, titles=titles),
        "picture": picture,
        "say": queries.clock_of_minutes(row.params),
        "hour": queries.clock_of_minutes(row.params, with_day=False),
        "places": queries.place_names(),
    }
    return show(request, "tasking/briefing.html", context)


def _titled(one: Shown, waiting: Container[int]) -> tuple[str, str]:
    """How a briefing names a piece of work, and what it notes of it."""
    note = one.judged["title"] + (": waits for a second person" if one.task.pk in waiting else "")
    return f"{one.task.title}, {one.task.matter.reference}", note


def _said(state: str) -> str:
    match state:
        case "awaiting_second":
            return "Recorded. Work of the first tier waits for a second person, who has been told; the rest has gone out."
        case "refused":
            return "Recorded: refused. Nothing has gone out."
        case _:
            return "Recorded: everybody who has work has been told."


def _names(row: Any) -> dict[int, str]:
    return {number(asset["id"]): asset["name"] for asset in row.problem["assets"]}


def _choices(row: Any, lines: Mapping[int, Any]) -> tuple[tuple[int, Slots], ...]:
    """For each line and slot who can be chosen: those with the skill first, those who may not are left out."""
    crews = {number(task["id"]): (task["title"], task["crew"]) for task in row.problem["tasks"]}
    found = []
    for pk, line in lines.items():
        title, crew = crews[pk]
        slots: list[tuple[str, tuple[tuple[int, str], ...], int | None]] = []
        for slot, needs in enumerate(crew):
            label = title if len(crew) == 1 else f"{title}: person {slot + 1} of {len(crew)}"
            people = sorted(
                (not set(needs) <= set(asset["skills"]), asset["name"], number(asset["id"]))
                for asset in row.problem["assets"]
                if asset["shifts"] and number(asset["id"]) not in line.barred
            )
            skill = " and ".join(needs).replace("_", " ")
            named = tuple((key, f"{name} (does not hold {skill})" if lacks else name) for lacks, name, key in people)
            slots.append((label, named, line.proposed[slot] if line.proposed else None))
        found.append((pk, tuple(slots)))
    return tuple(found)


def _shown(row: Any, named: Mapping[int, Any], lines: Mapping[int, Any]) -> list[Shown]:
    names, found = _names(row), []
    for pk, line in queries.planned(row).items():
        if pk in named:
            held = lines[pk].issued
            everybody = {**names, **queries.names_of(named[pk])}
            found.append(
                Shown(
                    task=named[pk],
                    line=line,
                    judged=row.judged[task_id(pk)],
                    issued=tuple(everybody.get(one, "somebody off duty") for one in held),
                    proposed=tuple(names[one] for one in line.people),
                    same=held == line.people,
                    needs_second=lines[pk].needs_second,
                )
            )
    return found


@page(P.TASKING_ACCEPT_RISK)
@require_http_methods(["GET", "POST"])
def accept_risk(request: HttpRequest, task_id: int) -> HttpResponse:
    """Accept by name what nobody can do, until it comes back."""
    actor, at = actor_of(request), timezone.now()
    task = tasks.in_sight(actor=actor, task_id=task_id)
    note_list(actor=actor, permission=P.TASKING_ACCEPT_RISK, verb="tasks.seen", kind="matter", ids=[task.matter_id], now=at)
    form = RiskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept_risk(actor=actor, task_id=task_id, now=at, **form.cleaned_data)
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            saved(request, "Accepted in your name. It comes back at the time you set.", form)
            return redirect("tasking")
    context = {
        "form": form,
        "matter": task.matter,
        "page_title": f"Nobody can do this now: {task.title}",
        "button": "Accept the risk in my name",
        "errors": form.summary(),
        "intro": queries.say_risk(task, formula=formulas.in_force(at=at).formula, at=at),
    }
    return show(request, "matters/step.html", context, status=422 if form.errors else 200)
