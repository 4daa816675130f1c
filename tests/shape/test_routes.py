"""Every address names a permission, or stands on the short list of those that need none, with the reason."""

from __future__ import annotations

import pytest
from django.test import Client

from lodestar.core.access.permissions import Permission
from lodestar.doors.cli.docs import latest_roles, pages
from lodestar.doors.cli.reference.routes import ANYBODY, OPEN, SIGN_IN, SIGNED_IN, Route, open_to, routes

ROUTES = routes()
PERMISSIONS = {str(permission) for permission in Permission}


def named(route: Route) -> str:
    return f"{route.method} /{route.path}".strip()


EACH = [pytest.param(route, id=named(route)) for route in ROUTES]


@pytest.mark.parametrize("route", EACH)
def test_a_route_names_a_permission_or_says_why_it_needs_none(route: Route) -> None:
    if route.permission:
        assert route.permission in PERMISSIONS
        assert open_to(route) is None or not route.path.startswith(SIGN_IN)
        return
    said = open_to(route)
    assert said is not None, f"{named(route)} is open to anybody. Mark its view with page(), or say in reference/routes.py why it is."
    assert said[0] in (ANYBODY, SIGNED_IN)
    assert said[1].endswith(".")


def test_no_address_is_excused_that_names_a_permission_or_is_not_there() -> None:
    assert {route.name for route in ROUTES if not route.permission and not route.path.startswith(SIGN_IN)} == OPEN.keys()


def test_the_list_of_those_that_need_no_permission_stays_short() -> None:
    assert len(OPEN) <= 9


@pytest.mark.django_db
@pytest.mark.parametrize(
    "route", [pytest.param(route, id=named(route)) for route in ROUTES if not route.method and not route.path.startswith(SIGN_IN)]
)
def test_a_stranger_is_sent_to_sign_in_by_every_page_that_is_not_open_to_anybody(route: Route) -> None:
    if open_to(route) is not None and open_to(route)[0] == ANYBODY:  # type: ignore[index]
        return
    path = "/" + route.path.replace("<int:", "<").replace("<str:", "<")
    while "<" in path:
        path = path[: path.index("<")] + "1" + path[path.index(">") + 1 :]
    answer = Client().get(path)
    refused = answer.status_code == 403 if route.name == "events" else answer.status_code == 302 and "/sign-in/login/" in answer["Location"]
    assert refused, (path, answer.status_code)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_api_without_a_key_is_closed(method: str) -> None:
    for route in (one for one in ROUTES if one.method.lower() == method):
        assert getattr(Client(), method)(f"/{route.path}").status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_what_machines_read_names_nobody(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 200
    for line in answer.content.decode().splitlines():
        assert line.startswith(("# HELP lodestar_", "# TYPE lodestar_", "lodestar_")) or line in ("alive", "ready")
        assert "{" not in line, "a label could carry a name"


def test_the_matrix_shows_every_route_and_every_role() -> None:
    page = pages()["routes.md"]
    for route in ROUTES:
        assert f"| `{named(route)}` |" in page
    for role in latest_roles().values():
        assert f"| {role.title} |" in page


def test_every_permission_is_held_by_some_role_or_is_the_system_s_own() -> None:
    held = frozenset().union(*(role.permissions for role in latest_roles().values()))
    assert PERMISSIONS - held == {Permission.HISTORY_LOAD}


def test_nobody_without_a_child_s_record_in_reach_may_open_one() -> None:
    children = {str(name) for name in Permission if name.split(".")[0] in ("matters", "people", "reports", "tasks", "sharing")}
    reachless = [role for role in latest_roles().values() if role.reach.value == "none"]
    assert len(reachless) == 5
    assert {role.code: sorted(role.permissions & children) for role in reachless if role.permissions & children} == {}
