"""What every page shares: a named permission, an actor, and refusals shown as sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, TypeVar
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.store.queries import access, notices
from lodestar.store.queries.journeys import together
from lodestar.store.queries.wire import Rows

View = TypeVar("View", bound=Callable[..., HttpResponse])


def page(permission: Permission, *, ahead: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Mark a view with the permission its role needs; the role × route matrix is drawn from these marks.

    Somebody without the permission sees 404, the same as for a page that is not there. What is asked ``ahead``, of the request and
    what the view is given, may go with the question who it is: nothing of it is used until that and the permission are settled.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not actor_of(request).may(permission):
                raise NotVisible
            return view(request, *args, **kwargs)

        signed_in = login_required(checked)

        @wraps(view)
        def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.asker.ahead = partial(ahead, request, *args, **kwargs) if ahead else None  # type: ignore[attr-defined]
            return signed_in(request, *args, **kwargs)

        asking.permission = permission  # type: ignore[attr-defined]
        return asking  # type: ignore[return-value]

    return wrap


@dataclass(frozen=True, slots=True)
class About:
    """What was asked of somebody in the journey that finds their account."""

    person: int
    account: Callable[[], Any]
    held: Callable[[], Rows]
    above: Callable[[], Rows] | None  # what stands above a page that changes nothing


@dataclass(slots=True)
class Asker:
    """Who asks for a page: the actor that they are, what was asked of them, and what the page asks whoever it is."""

    request_id: str
    actor: Actor | None = None
    about: About | None = None
    ahead: Callable[[], Any] | None = None  # what the page asks whoever it is
    asked: Any = None  # what that gave

    def of(self, person: int) -> About | None:
        """What was asked of this person, where it was."""
        return self.about if self.about and self.about.person == person else None


def give_asker(request: HttpRequest) -> None:
    """A number for the request, and room for whoever it is: looked up only where a page asks."""
    request.asker = Asker(uuid4().hex[:16])  # type: ignore[attr-defined]


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind a request, looked up once."""
    asker: Asker = request.asker  # type: ignore[attr-defined]
    if asker.actor is None:
        user: Any = request.user
        about = asker.of(user.pk)
        held = about.held() if about else None
        asker.actor = access.actor_for(user=user, at=timezone.now(), door="web", request_id=asker.request_id, held=held)
    return asker.actor


def ask_about(request: HttpRequest, pk: int) -> About:
    """Ask for somebody's account, what they hold and, for a page that changes nothing, what stands above it: with what is asked next."""
    asker: Asker = request.asker  # type: ignore[attr-defined]
    account, held = access.account(pk=pk), access.holding(user_id=pk, at=timezone.now())
    asker.about = about = About(pk, account, held, notices.above(user_id=pk) if request.method == "GET" else None)
    _ask_ahead(asker)
    return about


def _ask_ahead(asker: Asker) -> None:
    if asker.ahead:
        asker.asked, asker.ahead = asker.ahead(), None


def asked_ahead(request: HttpRequest) -> Any:
    """What the page asks ahead: had once, so that no request holds on to what was found for it."""
    asker: Asker = request.asker  # type: ignore[attr-defined]
    _ask_ahead(asker)
    asked, asker.asked = asker.asked, None
    return asked


def account_of(request: HttpRequest, pk: int) -> Any:
    """Somebody's account, with all else that is asked of them unless that was asked already."""
    asker: Asker = request.asker  # type: ignore[attr-defined]
    about = asker.of(pk)
    if about is None:
        with together():
            about = ask_about(request, pk)
    return about.account()


def show(request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """Render a page with what the frame needs: the actor, their unread notices, the banner of the jobs."""
    frame: dict[str, Any] = {"actor": None, "unseen": 0, "jobs_stale": False}
    if request.user.is_authenticated:
        asker: Asker = request.asker  # type: ignore[attr-defined]
        about = asker.of(request.user.pk)
        above = about.above if about and about.above else notices.above(user_id=request.user.pk)
        frame = {"actor": actor_of(request), **notices.frame(above(), at=timezone.now())}
    return render(request, template, {**frame, **(context or {})}, status=status)


def refusals_of(error: Exception) -> list[dict[str, str]]:
    """What an action refused, as the error summary shows it: one line each, linked to its field."""
    if isinstance(error, Refused):
        return [{"text": item.sentence, "href": f"#id_{item.field}" if item.field else "#main-content"} for item in error.refusals]
    if isinstance(error, Conflict):
        return [{"text": Conflict.sentence, "href": "#main-content"}]
    raise error
