"""Who has which role; giving and ending roles. The administrator sees no child."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lodestar.actions import access as actions
from lodestar.actions import staff
from lodestar.core.access.leaving import Carried, leaving_gaps
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.words import NotVisible, Refused
from lodestar.doors.web.forms.staff import DescribeForm
from lodestar.doors.web.forms.work import GiveRoleForm
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import access as queries
from lodestar.store.queries import notices, tasks


@page(P.ACCESS_MANAGE)
@require_GET
def access(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, what each holds, and whether the jobs run."""
    at = timezone.now()
    context = {
        "people": queries.people_with_roles(at=at),
        "roles": queries.roles(at),
        "beats": notices.heartbeats(),
        "failing": notices.failing(),
        "clients": queries.api_clients(),
    }
    return show(request, "access/access.html", context)


@page(P.ACCESS_MANAGE)
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give somebody a role from now on."""
    at = timezone.now()
    person = queries.person(user_id=user_id)
    if person is None:
        raise NotVisible
    roles = tuple((role.code, f"{role.title}: {role.sentence}") for role in queries.roles(at).values())
    form = GiveRoleForm(request.POST or None, roles=roles)
    if request.method == "POST" and form.is_valid():
        places = [place.strip() for place in form.cleaned_data["places"].split(",") if place.strip()]
        try:
            actions.give_role(actor=actor_of(request), user_id=user_id, role=form.cleaned_data["role"], places=places, now=at)
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            messages.success(request, "Given, from now on.")
            return redirect("access")
    return show(request, "access/give.html", {"form": form, "person": person, "errors": form.summary()}, status=422 if form.errors else 200)


@page(P.ACCESS_MANAGE)
@require_http_methods(["GET", "POST"])
def describe(request: HttpRequest, user_id: int) -> HttpResponse:
    """Say somebody's rank, and what they are accredited for until when."""
    at = timezone.now()
    person = queries.person(user_id=user_id)
    if person is None:
        raise NotVisible
    form = DescribeForm(request.POST or None, person=person, skills=sorted(tasks.skills(at=at)))
    if request.method == "POST" and form.is_valid():
        try:
            staff.describe(actor=actor_of(request), user_id=user_id, rank=form.cleaned_data["rank"], skills=form.held(), now=at)
        except Refused as refused:
            form.refuse(*refused.refusals)
        else:
            messages.success(request, "Recorded. The next proposal knows it.")
            return redirect("access")
    context = {"form": form, "person": person, "errors": form.summary()}
    return show(request, "access/describe.html", context, status=422 if form.errors else 200)


@page(P.ACCESS_MANAGE)
@require_POST
def end(request: HttpRequest, grant_id: int) -> HttpResponse:
    """End a role from now on."""
    actions.end_role(actor=actor_of(request), grant_id=grant_id, now=timezone.now())
    messages.success(request, "Ended, from now on.")
    return redirect("access")


@page(P.ACCESS_MANAGE)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close an account, once nothing is on the person's name; until then, the list of what is."""
    actor, at = actor_of(request), timezone.now()
    person = queries.person(user_id=user_id)
    if person is None:
        raise NotVisible
    if request.method == "POST":
        try:
            actions.close_account(actor=actor, user_id=user_id, now=at)
        except Refused:
            pass  # the page below says everything that speaks against it
        else:
            messages.success(request, "Closed. Nobody signs in with it any more; the record still says who did what.")
            return redirect("access")
    held = queries.carried(user_id=user_id, at=at)
    gaps = leaving_gaps(carried=held, is_self=user_id == actor.id, is_open=person.is_active)
    context = {"person": person, "gaps": [(gap, _places(actor, gap.code, held)) for gap in gaps], "sees": actor.may(P.MATTERS_READ)}
    return show(request, "access/close.html", context, status=422 if request.method == "POST" else 200)


# Where each thing on somebody's name is handed over: the route, the permission that opens it, and the part of the page.
_HANDED_OVER = {
    "matters": ("handover_offer", P.DUTY_OFFER, ""),
    "owed": ("matter", P.MATTERS_READ, "#owed"),
    "tasks": ("matter", P.MATTERS_READ, "#tasks"),
    "offers": ("duty", P.DUTY_READ, ""),
    "hits": ("detectors", P.DUTY_READ, ""),
    "leads": ("leads", P.NETWORKS_READ, ""),
    "shifts": ("roster", P.DUTY_ROSTER, ""),
}
_OF_A_MATTER = ("handover_offer", "matter")
_TITLES = {"duty": "Hand-overs", "detectors": "What the detectors found", "leads": "Leads", "roster": "The roster"}


def _places(actor: Actor, code: str, held: Carried) -> list[tuple[str, str]]:
    """The pages on which what a gap names is handed over, with their words; only those that the viewer may open."""
    what = code.removeprefix("leaving.")
    if what not in _HANDED_OVER:
        return []
    name, permission, part = _HANDED_OVER[what]
    if not actor.may(permission):
        return []
    if name not in _OF_A_MATTER:
        return [(_TITLES[name], reverse(name))]
    return [(reference, reverse(name, args=[reference.removeprefix("M-")]) + part) for reference in getattr(held, what)]


@page(P.ACCESS_MANAGE)
@require_POST
def revoke(request: HttpRequest, client_id: int) -> HttpResponse:
    """A machine's key opens nothing from now on."""
    actions.revoke_api_client(actor=actor_of(request), client_id=client_id, now=timezone.now())
    messages.success(request, "Revoked, from now on.")
    return redirect("access")
