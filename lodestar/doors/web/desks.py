"""The desks: opening a matter on one, and saying who and what else a matter concerns."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lodestar.actions import reports
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.matters.desk import WORDS
from lodestar.core.matters.kinds import DESKS
from lodestar.core.words import NotVisible, Refused
from lodestar.doors.web.forms.deeds import FirstDeedForm
from lodestar.doors.web.forms.desks import CameInForm, SubjectForm, draft_of
from lodestar.doors.web.forms.fields import SayErrors
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import duty, priority


def openable(actor: Actor) -> list[tuple[str, str]]:
    """The desks on which this actor may open a matter: kind and the words of the button."""
    held = actor.grants_with(P.REPORTS_RECEIVE)
    about = {kind for kind in DESKS for grant in held if grant.kinds is None or kind in grant.kinds}
    return [(kind, {**WORDS, **desk.words}["open"]) for kind, desk in DESKS.items() if kind in about and desk.opening]


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
        answers = {**came.cleaned_data, **who.cleaned_data}
        said = first.said()
        raw = json.dumps({name: str(value) for name, value in (answers | said).items()}, ensure_ascii=False, sort_keys=True)
        try:
            made = reports.receive(actor=actor, draft=draft_of(answers, desk=desk, now=now), raw=raw, now=now, opening=said)
        except Refused as refused:
            for refusal in refused.refusals:
                home = next((form for form in forms if refusal.field in form.fields), forms[0])
                home.refuse(refusal)
        else:
            messages.success(request, "This was already in." if made.repeated else "It is open, and somebody answers for it.")
            return redirect("matter", made.matter_id)
    errors = [line for form in forms for line in form.summary()]
    context = {"forms": forms, "title": words["open"], "errors": errors, "authority": desk.deeds[desk.opening].authority}
    return show(request, "desks/open.html", context, status=422 if errors else 200)
