"""The way about: what stands in the navigation, by what one may do."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template import engines
from django.urls import reverse

from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor

PLACES = (
    ("Board", "board", P.MATTERS_READ),
    ("Desks", "desks", P.MATTERS_READ),
    ("Requests", "requests", P.TASKS_ANSWER),
    ("Owed", "owed", P.CLOCKS_READ),
    ("Tasks", "tasks", P.TASKS_READ),
    ("Tasking", "tasking", P.TASKING_PROPOSE),
    ("Formula", "formulas", P.FORMULAS_APPROVE),
    ("Duty", "duty", P.DUTY_READ),
    ("Between forces", "transfers", P.MATTERS_TRANSFER),
    ("Find a child", "lookup", P.PEOPLE_LOOK_UP),
    ("Who is this?", "questions", P.PEOPLE_LINK),
    ("Leads", "leads", P.NETWORKS_READ),
    ("Engagements", "engagements", P.ENGAGEMENTS_RECEIVE),
    ("Linkage", "identity_models", P.IDENTITY_READ),
    ("Files", "imports", P.REPORTS_IMPORT),
    ("Measures", "measures", P.MEASURES_READ),
    ("Forecast", "forecast", P.MEASURES_READ),
    ("Meetings", "packs", P.PACKS_READ),
    ("Inspection", "inspection", P.INSPECTION_READ),
    ("Audit", "audit", P.AUDIT_READ),
    ("Access", "access", P.ACCESS_MANAGE),
)


@lru_cache(maxsize=64)
def _address(name: str) -> str:
    return reverse(name)


def navigation(actor: Actor, path: str) -> str:
    """The places this actor may go, the present one marked.

    Drawn once for each way it can look: what may be opened, read afresh for every page, and which place it is in.
    """
    open_to = _open_to(actor.permissions)
    inside = next((name for name in open_to if path.startswith(_address(name))), "")
    return _drawn(open_to, inside, inside != "" and path == _address(inside))


@lru_cache(maxsize=64)
def _open_to(permissions: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for _, name, permission in PLACES if permission in permissions)


@lru_cache(maxsize=512)
def _drawn(open_to: tuple[str, ...], inside: str, exactly: bool) -> str:
    items: list[dict[str, Any]] = [
        {"text": text, "href": _address(name), "current": name == inside and exactly, "active": name == inside}
        for text, name, _ in PLACES
        if name in open_to
    ]
    macro = engines["jinja2"].env.get_template("govuk_frontend_jinja/components/service-navigation/macro.html").module
    drawn: str = macro.govukServiceNavigation({"navigationLabel": "Main", "navigation": items})
    return drawn
