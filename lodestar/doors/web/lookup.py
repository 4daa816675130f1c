"""Do we know this child? One box for whoever is on the telephone: what is typed is in the body, never in the address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from lodestar.actions import lookup as actions
from lodestar.core.access.permissions import Permission as P
from lodestar.core.people.lookup import LONGEST
from lodestar.doors.web.page import actor_of, page, show


@page(P.PEOPLE_LOOK_UP)
@require_http_methods(["GET", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """The box, and once something is asked the answer beneath it: works by pressing Enter."""
    return show(request, "lookup/lookup.html", _answered(request))


@page(P.PEOPLE_LOOK_UP)
@require_POST
def lookup_live(request: HttpRequest) -> HttpResponse:
    """The answer alone, while somebody types. Each answer that is shown is on record like any other."""
    return render(request, "lookup/answer.html", {"actor": actor_of(request), **_answered(request)})


def _answered(request: HttpRequest) -> dict[str, object]:
    at = timezone.now()
    text = request.POST.get("text", "")[:LONGEST]
    answer = actions.ask(actor=actor_of(request), text=text, now=at) if text.strip() else None
    return {"text": text, "answer": answer, "at": at}
