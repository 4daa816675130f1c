"""Leads: the list in its named order, one with everything it is checked by, and what a person decides of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions import leads as actions
from lodestar.actions.reading import note_list
from lodestar.core.access.permissions import Permission as P
from lodestar.core.networks.facts import OBJECTS, TYPES
from lodestar.core.networks.leads import KINDS, RAISED, RANKED_BY, STATES
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.doors.web.drawing import sheet
from lodestar.doors.web.forms.fields import VersionedForm
from lodestar.doors.web.forms.leads import AcceptForm, DismissForm
from lodestar.doors.web.language import saved
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import leads, networks, tasks

WORDS = {"kinds": KINDS, "states": STATES, "objects": OBJECTS, "types": TYPES}


@page(P.NETWORKS_READ)
@require_GET
def lead_list(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, what was decided, and what became of those before."""
    actor, at = actor_of(request), timezone.now()
    rules = networks.rules(at=at)
    waiting, decided = leads.waiting(actor=actor), leads.decided(actor=actor, at=at)
    ids = [one.row.pk for one in (*waiting, *decided)]
    note_list(actor=actor, permission=P.NETWORKS_READ, verb="leads.seen", kind="lead", ids=ids, now=at)
    context = {
        **WORDS,
        "waiting": waiting,
        "decided": decided,
        "ranked_by": RANKED_BY,
        "rules": rules,
        "worth": leads.worth_of(at=at, rules=rules).sentence(rules.worth["days"]),
        "at": at,
    }
    return show(request, "leads/leads.html", context)


@page(P.NETWORKS_READ)
@require_GET
def lead(request: HttpRequest, lead_id: int) -> HttpResponse:
    """One lead: the reason, the picture and the same facts as a list, the windows, and how often each child is met at all."""
    actor, at = actor_of(request), timezone.now()
    row = actions.open_lead(actor=actor, lead_id=lead_id, now=at)
    found = leads.page(row=row, actor=actor, at=at)
    rules = networks.rules(at=at)
    context = {
        **WORDS,
        "row": row,
        "found": found,
        "network": found.network,
        "sheet": sheet(network=found.network, centre=found.centre, rules=rules, at=at, exposure=found.exposure),
        "may_decide": row.state == RAISED and actor.may(P.LEADS_DECIDE),
        "missed": leads.not_on_record(row=row, actor=actor, at=at),
        "at": at,
    }
    return show(request, "leads/lead.html", context)


@page(P.LEADS_DECIDE)
@require_http_methods(["GET", "POST"])
def lead_accept(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Take a lead on: it becomes a task on a record of exploitation."""
    actor, at = actor_of(request), timezone.now()
    row = actions.open_lead(actor=actor, lead_id=lead_id, now=at)
    if row.state != RAISED:
        raise NotVisible
    offered = leads.choices(row=row, actor=actor)
    kinds = _kinds_of_work(offered, at)
    form = AcceptForm(
        request.POST or None, initial={"seen_version": row.version}, choices=[(one.code, one.words) for one in offered], kinds=kinds
    )
    if request.method == "POST" and form.is_valid():
        try:
            task = actions.accept(
                actor=actor,
                lead_id=lead_id,
                seen_version=form.cleaned_data["seen_version"],
                reason=form.cleaned_data["reason"],
                becomes=form.becoming(),
                now=at,
            )
        except (Refused, Conflict) as error:
            return _again(request, form, error, row.version, template="leads/accept.html", row=row)
        saved(request, "Accepted. It is work now, and stands among the tasks.", form)
        return redirect("task", task) if actor.may(P.TASKS_READ) else redirect("lead", lead_id)
    context = {"form": form, "row": row, "errors": form.summary(), **WORDS}
    return show(request, "leads/accept.html", context, status=422 if form.errors else 200)


@page(P.LEADS_DECIDE)
@require_http_methods(["GET", "POST"])
def lead_dismiss(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Say by name why nothing is to be done."""
    actor, at = actor_of(request), timezone.now()
    row = actions.open_lead(actor=actor, lead_id=lead_id, now=at)
    if row.state != RAISED:
        raise NotVisible
    form = DismissForm(request.POST or None, initial={"seen_version": row.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.dismiss(actor=actor, lead_id=lead_id, seen_version=data["seen_version"], reason=data["reason"], now=at)
        except (Refused, Conflict) as error:
            return _again(request, form, error, row.version, template="leads/dismiss.html", row=row)
        saved(request, "Dismissed. It comes again only with a child whom it did not name.", form)
        return redirect("leads")
    context = {"form": form, "row": row, "errors": form.summary(), **WORDS}
    return show(request, "leads/dismiss.html", context, status=422 if form.errors else 200)


def _kinds_of_work(offered: Sequence[leads.Choice], at: datetime) -> dict[str, str]:
    """What may be asked for on the matters that are offered; on a record opened for it, what is asked for against exploitation."""
    wanted = dict.fromkeys(one.matter.kind if one.matter is not None else "exploitation" for one in offered)
    return {code: kind.title for matter in wanted for code, kind in tasks.kinds(kind=matter, at=at).items()}


def _again(
    request: HttpRequest, form: VersionedForm, error: Refused | Conflict, version: int, *, template: str, row: object
) -> HttpResponse:
    """The same form again, nothing typed lost, with every sentence of what was refused."""
    status = 422
    if isinstance(error, Refused):
        form.refuse(*error.refusals)
    else:
        form.again(version)
        status = 409
    return show(request, template, {"form": form, "row": row, "errors": form.summary(), **WORDS}, status=status)
