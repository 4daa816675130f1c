"""The page of routes: every registered address, the permission it needs, and which roles may open it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Role
from lodestar.doors.cli.reference.markdown import code, page, table

OPENAPI = "/api/v1/openapi.json"
SIGN_IN = "sign-in/"
ANYBODY, SIGNED_IN = "anybody", "anybody signed in"

# The addresses that name no permission, by name, each with who may open it and why that is safe.
OPEN: dict[str, tuple[str, str]] = {
    "home": (SIGNED_IN, "Sends each person to the first page of their role; shows nothing itself."),
    "account": (SIGNED_IN, "One's own roles, and nobody else's."),
    "events": (SIGNED_IN, "Says only that something changed, and how many of one's own notices wait."),
    "privacy": (ANYBODY, "What is recorded about those who use Lodestar; a text without data."),
    "healthz": (ANYBODY, "One word: the process is alive."),
    "readyz": (ANYBODY, "One word: the database answers."),
    "metrics": (ANYBODY, "Counts with no name or id. They are operational all the same: let only the monitor reach it, at the proxy."),
    "openapi-json": (ANYBODY, "The API's description; no data."),
    "api-root": (ANYBODY, "Says 404: there is no page of the API's description."),
}
SIGNING_IN = (ANYBODY, "Signing in and one's own account, kept by django-allauth, which asks for a sign-in where its page needs one.")


@dataclass(frozen=True, slots=True)
class Route:
    """One registered address."""

    path: str
    name: str
    permission: str  # empty where it names none
    method: str = ""


def routes() -> tuple[Route, ...]:
    """Every registered address, in the order they are tried."""
    described = _described()
    found = []
    for path, name, callback in _walk(get_resolver().url_patterns):
        if (operations := described.get(f"/{path}")) is not None:
            found += [Route(path, name, str(operation.get("x-permission", "")), method) for method, operation in operations.items()]
        else:
            found.append(Route(path, name, str(getattr(callback, "permission", ""))))
    return tuple(found)


def open_to(route: Route) -> tuple[str, str] | None:
    """Who may open an address that names no permission, and why; None where nobody has said."""
    if route.path.startswith(SIGN_IN):
        return SIGNING_IN
    return OPEN.get(route.name)


def routes_page(roles: dict[str, Role]) -> str:
    """The matrix of roles and routes, the open addresses, and the permissions no page asks for by itself."""
    found = routes()
    marked = [route for route in found if route.permission]
    intro = (
        "Every address that is registered, and which roles may open it. Somebody without the permission sees 404, the same as "
        "for a page that is not there; the API answers a report it may not take with 422 and the refusal. The permission here "
        "is the least that opens the page: the action behind it asks again, "
        "with the reach of the role and the state of the record, and may refuse."
    )
    legend = table(("Column", "Role", "Reach"), [(letter, role.title, role.reach.value) for letter, role in _lettered(roles)])
    rows = [(code(f"{route.method} /{route.path}".strip()), code(route.permission), *_marks(route.permission, roles)) for route in marked]
    matrix = table(("Address", "Permission", *(letter for letter, _ in _lettered(roles))), rows)
    ours = [route for route in found if not route.permission and not route.path.startswith(SIGN_IN)]
    unmarked = [(code(f"/{route.path}"), *(open_to(route) or ("not said", "not said"))) for route in ours]
    signing_in = [(code(f"/{route.path}"),) for route in found if route.path.startswith(SIGN_IN)]
    asked = {route.permission for route in marked}
    others = ", ".join(code(name) for name in sorted(str(item) for item in Permission) if name not in asked)
    inside = f"Asked for inside a page, by the action, the command or the job, rather than by an address: {others}."
    opened = f"## Addresses that name no permission\n\n{table(('Address', 'Open to', 'Why that is safe'), unmarked)}"
    opened += f"\n\n## Signing in\n\n{SIGNING_IN[1]}\n\n{table(('Address',), signing_in)}"
    return page("Routes", intro, f"## The columns\n\n{legend}", f"## The matrix\n\n{matrix}", inside, opened)


def _lettered(roles: dict[str, Role]) -> list[tuple[str, Role]]:
    return [("".join(word[0] for word in role.title.replace("-", " ").split()).upper(), role) for role in roles.values()]


def _marks(permission: str, roles: dict[str, Role]) -> list[str]:
    return ["yes" if permission in role.permissions else "" for role in roles.values()]


def _walk(patterns: list[URLPattern | URLResolver], above: str = "") -> Iterator[tuple[str, str, Any]]:
    for item in patterns:
        path = f"{above}{item.pattern}"
        if isinstance(item, URLResolver):
            yield from _walk(item.url_patterns, path)
        else:
            yield path, item.name or "", item.callback


def _described() -> dict[str, dict[str, Any]]:
    """The API's own description: what each of its addresses does, and the permission it names."""
    answer = resolve(OPENAPI).func(RequestFactory().get(OPENAPI))
    paths: dict[str, dict[str, Any]] = json.loads(answer.content)["paths"]
    return {path: {method.upper(): operation for method, operation in item.items()} for path, item in paths.items()}
