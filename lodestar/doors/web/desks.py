"""The desks: opening a matter on one, and saying who and what else a matter concerns."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions import reports
from lodestar.actions.matters import involving
from lodestar.actions.reading import note_list
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.matters.desk import WORDS
from lodestar.core.matters.exploitation import disruption
from lodestar.core.matters.exploitation.words import KINDS, STANDINGS
from lodestar.core.matters.kinds import DESKS
from lodestar.core.matters.online import backlog
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.doors.web.forms.deeds import FirstDeedForm
from lodestar.doors.web.forms.desks import CameInForm, RoleForm, SubjectForm, ThingForm, draft_of, statement_of
from lodestar.doors.web.forms.fields import SayErrors
from lodestar.doors.web.forms.matters import ReasonForm
from lodestar.doors.web.language import saved
from lodestar.doors.web.matters import ask, ask_again, sighted
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import desks as desk_queries
from lodestar.store.queries import duty, hits, priority
from lodestar.store.queries import matters as queries
from lodestar.store.queries.exploitation import exploitation_desk, notice_register


def openable(actor: Actor) -> list[tuple[str, str]]:
    """The desks on which this actor may open a matter: kind and the words of the button."""
    held = actor.grants_with(P.REPORTS_RECEIVE)
    about = {kind for kind in DESKS for grant in held if grant.kinds is None or kind in grant.kinds}
    return [(kind, {**WORDS, **desk.words}["open"]) for kind, desk in DESKS.items() if kind in about and desk.opening]


@page(P.MATTERS_READ)
@require_GET
def desk_list(request: HttpRequest) -> HttpResponse:
    """The desks this person may see, what is open on each, and what they may open."""
    actor, at = actor_of(request), timezone.now()
    absent = hits.count_open(actor=actor) if actor.may(P.DUTY_READ) else None
    context = {"lines": desk_queries.desks(actor=actor, at=at), "openable": dict(openable(actor)), "absent": absent, "at": at}
    return show(request, "desks/list.html", context)


@page(P.MATTERS_READ)
@require_GET
def desk_page(request: HttpRequest, kind: str) -> HttpResponse:
    """One desk as a whole; looking at it leaves which matters were seen."""
    actor, at = actor_of(request), timezone.now()
    made = PANELS.get(kind)
    if made is None or not desk_queries.sees(actor=actor, kind=kind):
        raise NotVisible
    context, seen = made(actor, at)
    note_list(actor=actor, permission=P.MATTERS_READ, verb="desk.seen", kind="matter", ids=seen, now=at)
    whole = {"desk": DESKS[kind], "openable": dict(openable(actor)), "at": at, **context}
    return show(request, f"desks/{kind}.html", whole)


def _online(actor: Actor, at: datetime) -> tuple[dict[str, Any], list[int]]:
    found = desk_queries.online_backlog(actor=actor, at=at)
    return {"found": found, "queues": backlog.TITLES}, [case.matter.pk for case in found.cases]


def _custody(actor: Actor, at: datetime) -> tuple[dict[str, Any], list[int]]:
    found = desk_queries.custody_desk(actor=actor, at=at)
    return {"found": found}, list(found.rows.values())


def _exploitation(actor: Actor, at: datetime) -> tuple[dict[str, Any], list[int]]:
    found = exploitation_desk(actor=actor, at=at)
    return {"found": found, "kinds": KINDS, "standings": STANDINGS, "at_work": disruption.TITLES}, [
        line.matter.pk for line in found.children
    ]


@page(P.MATTERS_READ)
@require_GET
def notice_register_page(request: HttpRequest) -> HttpResponse:
    """Warning notices and orders, the soonest to end first; looking leaves which records were seen."""
    actor, at = actor_of(request), timezone.now()
    if not desk_queries.sees(actor=actor, kind="exploitation"):
        raise NotVisible
    found = notice_register(actor=actor, at=at)
    seen = sorted({one.matter.pk for one in found.lines})
    note_list(actor=actor, permission=P.MATTERS_READ, verb="register.seen", kind="matter", ids=seen, now=at)
    return show(request, "desks/notices.html", {"found": found, "at": at})


PANELS: dict[str, Callable[[Actor, datetime], tuple[dict[str, Any], list[int]]]] = {
    "online": _online,
    "custody": _custody,
    "exploitation": _exploitation,
}


@page(P.REPORTS_RECEIVE)
@require_http_methods(["GET", "POST"])
def desk_open(request: HttpRequest, kind: str) -> HttpResponse:
    """Open a matter: what came in, who it is about, and what the desk asks first."""
    actor, now = actor_of(request), timezone.now()
    if kind not in dict(openable(actor)):
        raise NotVisible
    desk = DESKS[kind]
    words = {**WORDS, **desk.words}
    data = request.POST or None
    came = CameInForm(data, desk=desk, districts=priority.districts())
    who = SubjectForm(data, authorities=duty.authorities(), title=words["person"])
    first = FirstDeedForm(data, kind=desk.deeds[desk.opening], prefix=None)
    forms: list[SayErrors] = [came, who, first]
    if request.method == "POST" and all([form.is_valid() for form in forms]):  # noqa: C419 - every form says what is wrong
        answers = {**first.cleaned_data, **came.cleaned_data, **who.cleaned_data}
        said = first.said()
        raw = json.dumps({name: str(value) for name, value in (answers | said).items()}, ensure_ascii=False, sort_keys=True)
        try:
            made = reports.receive(actor=actor, draft=draft_of(answers, desk=desk, now=now), raw=raw, now=now, opening=said)
        except Refused as refused:
            for refusal in refused.refusals:
                home = next((form for form in forms if refusal.field in form.fields), forms[0])
                home.refuse(refusal)
        else:
            saved(request, "This was already in." if made.repeated else "It is open, and somebody answers for it.", *forms)
            return redirect("matter", made.matter_id)
    errors = [line for form in forms for line in form.summary()]
    context = {"forms": forms, "title": words["open"], "errors": errors, "authority": desk.deeds[desk.opening].authority}
    return show(request, "desks/open.html", context, status=422 if errors else 200)


@page(P.PEOPLE_INVOLVE)
@require_http_methods(["GET", "POST"])
def involve_person(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Say who else a matter concerns, and in which role."""
    actor, now = actor_of(request), timezone.now()
    row = sighted(request, matter_id)
    data = request.POST or None
    who = SubjectForm(data, authorities=duty.authorities(), title="Who is it?")
    role = RoleForm(data, initial={"seen_version": row.version}, roles=DESKS[row.kind].roles)
    forms: list[SayErrors] = [who, role]
    if request.method == "POST" and all([form.is_valid() for form in forms]):  # noqa: C419 - every form says what is wrong
        answers = role.cleaned_data
        try:
            involving.involve_person(
                actor=actor, matter_id=matter_id, subject=who.subject(), role=answers["role"], statement=statement_of(answers),
                from_at=answers["from_at"], now=now,
            )  # fmt: skip
        except Refused as refused:
            for refusal in refused.refusals:
                next((form for form in forms if refusal.field in form.fields), forms[0]).refuse(refusal)
        else:
            saved(request, "Recorded.", *forms)
            return redirect("matter", matter_id)
    errors = [line for form in forms for line in form.summary()]
    context = {"forms": forms, "title": "Who else does this concern?", "matter": row, "errors": errors, "button": "Record"}
    return show(request, "desks/open.html", context, status=422 if errors else 200)


@page(P.PEOPLE_INVOLVE)
@require_http_methods(["GET", "POST"])
def involve_thing(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Say what is known of a place, vehicle, phone or handle."""
    actor, now = actor_of(request), timezone.now()
    row = sighted(request, matter_id)
    form = ThingForm(request.POST or None, initial={"seen_version": row.version})
    title = "A place, vehicle, phone or handle"
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            involving.mention_thing(
                actor=actor, matter_id=matter_id, kind=data["kind"], value=data["value"], said=data["said"], statement=statement_of(data),
                at=data["at"], now=now,
            )  # fmt: skip
        except (Refused, Conflict) as error:
            return ask_again(request, form, error, row, title=title, button="Record")
        saved(request, "Recorded.", form)
        return redirect("matter", matter_id)
    return ask(request, form, row, title=title, button="Record")


@page(P.PEOPLE_INVOLVE)
@require_http_methods(["GET", "POST"])
def involve_end(request: HttpRequest, involvement_id: int) -> HttpResponse:
    """Say that somebody's role has ended, and why."""
    actor, now = actor_of(request), timezone.now()
    involvement = queries.involvement_in_sight(actor=actor, involvement_id=involvement_id)
    row = sighted(request, involvement.matter_id)
    form = ReasonForm(request.POST or None, initial={"seen_version": involvement.version})
    role = DESKS[row.kind].roles.get(involvement.role, involvement.role)
    title = f"{involvement.person.given_name} {involvement.person.family_name}: no longer {role}"
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            involving.end_involvement(
                actor=actor, involvement_id=involvement_id, seen_version=data["seen_version"], reason=data["reason"], now=now
            )
        except (Refused, Conflict) as error:
            return ask_again(request, form, error, row, title=title, button="Record")
        saved(request, "Recorded. That it was so stays on record.", form)
        return redirect("matter", row.pk)
    return ask(request, form, row, title=title, button="Record")
