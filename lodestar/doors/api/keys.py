"""Who calls the API: a machine's key, acting with the roles of one account."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from lodestar.core.access.scope import Actor
from lodestar.store.queries import access


class ApiKey(HttpBearer):
    """``Authorization: Bearer <key>``; a key that is unknown or revoked is 401."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        return access.actor_for_api_key(key=token, at=timezone.now(), door="api", request_id=uuid4().hex[:16])


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind a call."""
    found: Actor = request.auth  # type: ignore[attr-defined]
    return found
