"""The way about: what stands in the navigation, by what one may do."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.urls import reverse

from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor

PLACES = (
    ("Board", "board", P.MATTERS_READ),
    ("Desks", "desks", P.MATTERS_READ),
    ("Owed", "owed", P.CLOCKS_READ),
    ("Tasks", "tasks", P.TASKS_READ),
    ("Tasking", "tasking", P.TASKING_PROPOSE),
    ("Duty", "duty", P.DUTY_READ),
    ("Between forces", "transfers", P.MATTERS_TRANSFER),
    ("Find a child", "search", P.PEOPLE_SEARCH),
    ("Who is this?", "questions", P.PEOPLE_LINK),
    ("Files", "imports", P.REPORTS_IMPORT),
    ("Measures", "measures", P.MEASURES_READ),
    ("Audit", "audit", P.AUDIT_READ),
    ("Access", "access", P.ACCESS_MANAGE),
)


@lru_cache(maxsize=64)
def _address(name: str) -> str:
    return reverse(name)


def navigation(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The places this actor may go, the present one marked."""
    items = []
    for text, name, permission in PLACES:
        if actor.may(permission):
            href = _address(name)
            items.append({"text": text, "href": href, "current": path == href, "active": path.startswith(href)})
    return items
