"""What should have happened and did not: each rule with its owner and history, what is open, and setting a hit aside."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from lodestar.actions import detectors as actions
from lodestar.actions.reading import note_list
from lodestar.core.access.permissions import Permission as P
from lodestar.core.detectors.hits import OPEN, STATES
from lodestar.core.words import Conflict, Refused
from lodestar.doors.web.forms.matters import AsideForm
from lodestar.doors.web.language import saved
from lodestar.doors.web.matters import sighted
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import hits as queries


@page(P.DUTY_READ)
@require_GET
def detectors(request: HttpRequest) -> HttpResponse:
    """What is open on matters the viewer may see, and every rule with what has come of it, which names no child."""
    actor, at = actor_of(request), timezone.now()
    rules = queries.rules(at=at)
    chosen = request.GET.get("rule", "")
    chosen = chosen if chosen in {rule.detector.code for rule in rules} else ""
    mine = request.GET.get("mine") == "on"
    lines = queries.open_now(actor=actor, at=at, mine=mine, rule=chosen)
    ids = sorted({line.hit.matter_id for line in lines})
    note_list(actor=actor, permission=P.DUTY_READ, verb="detectors.seen", kind="matter", ids=ids, now=at)
    context = {
        "rules": rules,
        "lines": lines[: queries.MOST],
        "more": max(0, len(lines) - queries.MOST),
        "chosen": chosen,
        "mine": mine,
        "states": {state: title for state, title in STATES.items() if state != OPEN},
        "may_see": actor.may(P.MATTERS_READ),
        "settable": queries.settable(actor=actor),
        "at": at,
    }
    return show(request, "detectors/detectors.html", context)


@page(P.DETECTORS_SET_ASIDE)
@require_http_methods(["GET", "POST"])
def set_aside(request: HttpRequest, hit_id: int) -> HttpResponse:
    """Say by name why what a detector found is no concern here."""
    actor, at = actor_of(request), timezone.now()
    hit = queries.in_sight(actor=actor, hit_id=hit_id)
    sighted(request, hit.matter_id)
    form = AsideForm(request.POST or None, initial={"seen_version": hit.version})
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.set_aside(actor=actor, hit_id=hit_id, seen_version=data["seen_version"], reason=data["reason"], now=at)
        except Refused as refused:
            form.refuse(*refused.refusals)
        except Conflict:
            form.again(hit.version)
            status = 409
        else:
            saved(request, "Set aside. Your reason stands on record, and the matter is as it was.", form)
            return redirect("matter", hit.matter_id)
    errors = form.summary()
    context = {"form": form, "line": queries.line_of(hit, at=at), "errors": errors, "at": at, "titles": STATES, "open": OPEN}
    return show(request, "detectors/set_aside.html", context, status=422 if errors and status == 200 else status)
