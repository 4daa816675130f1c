"""What every page shares: a named permission, an actor, and refusals shown as sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.store.queries import access, notices

View = TypeVar("View", bound=Callable[..., HttpResponse])


def page(permission: Permission) -> Callable[[View], View]:
    """Mark a view with the permission its role needs; the role × route matrix is drawn from these marks.

    Somebody without the permission sees 404, the same as for a page that is not there.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not actor_of(request).may(permission):
                raise NotVisible
            return view(request, *args, **kwargs)

        signed_in = login_required(checked)
        signed_in.permission = permission
        return signed_in  # type: ignore[return-value]

    return wrap


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind a request, looked up once."""
    found: Actor = request.actor  # type: ignore[attr-defined]
    return found


def give_actor(request: HttpRequest) -> None:
    """Put a lazy actor on the request: one query, only where a page asks."""
    request_id = uuid4().hex[:16]
    request.request_id = request_id  # type: ignore[attr-defined]
    request.actor = SimpleLazyObject(  # type: ignore[attr-defined]
        lambda: access.actor_for(user=request.user, at=timezone.now(), door="web", request_id=request_id)
    )


def show(request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    """Render a page with what the frame needs: the actor, their unread notices, the banner of the jobs."""
    frame: dict[str, Any] = {"actor": None, "unseen": 0, "jobs_stale": False}
    if request.user.is_authenticated:
        frame = {"actor": actor_of(request), **notices.frame(user_id=request.user.pk, at=timezone.now())}
    return render(request, template, {**frame, **(context or {})}, status=status)


def refusals_of(error: Exception) -> list[dict[str, str]]:
    """What an action refused, as the error summary shows it: one line each, linked to its field."""
    if isinstance(error, Refused):
        return [{"text": item.sentence, "href": f"#id_{item.field}" if item.field else "#main-content"} for item in error.refusals]
    if isinstance(error, Conflict):
        return [{"text": Conflict.sentence, "href": "#main-content"}]
    raise error
