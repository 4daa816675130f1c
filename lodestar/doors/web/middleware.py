"""What stands around every page: who is asking, and what is shown when something is refused or fails."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lodestar.actions.perform import AuditUnavailable
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.doors.web.page import give_actor, refusals_of
from lodestar.store.queries.access import has_second_step

GetResponse = Callable[[HttpRequest], HttpResponse]


FREE = ("/sign-in/", "/static/", "/healthz", "/readyz", "/privacy/")  # what opens before the second step is set up


def _first_the_second_step(request: HttpRequest) -> HttpResponse | None:
    """Where the force asks for a second step, nothing else opens until a person has set one up."""
    if not settings.MFA_REQUIRED or request.path.startswith((*FREE, "/api/")) or not request.user.is_authenticated:
        return None
    return None if has_second_step(request.user) else redirect("mfa_index")


class Frame:
    """Give each request its actor; turn refusals into pages; keep children's pages out of every cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        give_actor(request)
        response = _first_the_second_step(request) or self.get_response(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal is a page with sentences, never a stack trace; an audit that cannot be written shows nothing."""
        if isinstance(error, NotVisible):
            return render(request, "404.html", {"actor": None}, status=404)
        if isinstance(error, AuditUnavailable):
            return render(request, "503.html", {"actor": None}, status=503)
        if isinstance(error, Refused | Conflict):
            status = 409 if isinstance(error, Conflict) else 422
            return render(request, "refused.html", {"actor": None, "errors": refusals_of(error)}, status=status)
        return None
