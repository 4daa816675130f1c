"""What stands around every page: who is asking, and what is shown when something is refused or fails."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from lodestar.actions.perform import AuditUnavailable
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.doors.web import sessions
from lodestar.doors.web.page import account_of, ask_about, give_asker, refusals_of
from lodestar.store.queries.access import has_second_step
from lodestar.store.queries.journeys import together

# Who let somebody in. Both find them again by their number alone, and whoever is not active is nobody.
OWN_BACKENDS = ("django.contrib.auth.backends.ModelBackend", "allauth.account.auth_backends.AuthenticationBackend")
GetResponse = Callable[[HttpRequest], HttpResponse]


FREE = ("/sign-in/", "/static/", "/healthz", "/readyz", "/privacy/")  # what opens before the second step is set up


def _first_the_second_step(request: HttpRequest) -> HttpResponse | None:
    """Where the force asks for a second step, nothing else opens until a person has set one up."""
    if not settings.MFA_REQUIRED or request.path.startswith((*FREE, "/api/")) or not request.user.is_authenticated:
        return None
    return None if has_second_step(request.user) else redirect("mfa_index")


def _signed_in(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """Whoever is signed in. Django puts its question into words anew for every page; it still settles all but a plain yes.

    With the session goes what is asked of whose it was last: it is theirs only if the session says so still.
    """
    kept = request.session
    with together():
        if (last := sessions.last_of(kept.session_key)) is not None:
            ask_about(request, last)
        backend = kept.get(BACKEND_SESSION_KEY)
    if backend in OWN_BACKENDS:
        person = int(kept[SESSION_KEY])
        user = account_of(request, person)
        if user and user.is_active and constant_time_compare(kept.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
            sessions.was_of(kept.session_key, person)
            return user
    return get_user(request)


def _found(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """The same, and from then on the request has them themselves: through a lazy object every look takes three."""
    user = _signed_in(request)
    request.user = user  # type: ignore[assignment]
    return user


class SignedIn(AuthenticationMiddleware):
    """Give each request its person, looked up only where a page asks."""

    def process_request(self, request: HttpRequest) -> None:
        """As Django does it, found more cheaply."""
        super().process_request(request)
        give_asker(request)
        request.user = SimpleLazyObject(lambda: _found(request))  # type: ignore[assignment]


@cache
def _policy() -> str:
    return str(build_policy())


class Policy(CSPMiddleware):
    """What a page may load, the same for every page: put into words once, and no page is let off."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The header on every answer."""
        response[HEADER] = _policy()
        return response


class Frame:
    """Turn refusals into pages; keep children's pages out of every cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
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
