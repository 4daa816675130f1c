"""What the benchmark does with Django set up, each in a process of its own: fill, let people in, count queries, commit.

Run as ``python -m bench.inside WHAT JSON``; the last line printed is the answer as JSON.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lodestar.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.filling import fill_up, long_history, standing  # noqa: E402
from bench.reports import draft  # noqa: E402
from lodestar.actions import access, reports  # noqa: E402
from lodestar.core.access.scope import system_actor  # noqa: E402
from lodestar.doors.feeds.demo.commands import demo  # noqa: E402
from lodestar.store.models import RoleGrant, User  # noqa: E402
from lodestar.store.queries.access import actor_for  # noqa: E402

NARROW, WIDE = "response_sergeant", "hub_sergeant"
FORCE_SCALE = 0.03  # the demonstration force with few children: its people, districts and rota are whole


def prepare() -> dict[str, Any]:
    """Tables, the people of the demonstration force, and a machine's key."""
    call_command("migrate", verbosity=0)
    demo(["load", "--scale", str(FORCE_SCALE)], standalone_mode=False)
    wide, now = _holder(WIDE), timezone.now()
    access.give_role(actor=system_actor("bench"), user_id=wide.pk, role="duty_inspector", places=[], now=now)
    caller = _holder("call_handler")
    return {"key": access.add_api_client(actor=system_actor("bench"), name="bench", user_id=caller.pk, now=now)}


def fill(*, matters: int, still_open: int) -> dict[str, int]:
    """History up to ``matters`` matters in all, of which ``still_open`` are open."""
    begun = time.perf_counter()
    fill_up(matters=matters, still_open=still_open)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {**standing(), "seconds": round(time.perf_counter() - begun)}


def sessions(*, listeners: int = 0) -> dict[str, Any]:
    """Signed-in sessions: signing in is not what is measured."""
    found: dict[str, Any] = {"narrow": _session(_holder(NARROW)), "wide": _session(_holder(WIDE))}
    grants = RoleGrant.objects.filter(role=NARROW).select_related("user").order_by("pk")[:listeners]
    return {**found, "listeners": [_session(grant.user) for grant in grants]}


def count() -> dict[str, int]:
    """How many queries one board page makes, by role; whoever looked is written down among them."""
    return {name: _queries_of(_holder(role)) for name, role in (("narrow", NARROW), ("wide", WIDE))}


def child(*, entries: int) -> int:
    """A child with so long a history: one missing matter with this many deeds; returns the child's number."""
    return long_history(entries=entries, holder=_holder(WIDE).pk)


def commits(*, times: int) -> list[float]:
    """Take reports in, one at a time; returns the instant just before each commit, on the machine's own clock."""
    caller, chance, moments = _holder("call_handler"), random.Random(1), []
    for number in range(times):
        time.sleep(0.6 + chance.random() * 0.5)  # never in step with the watcher's own beat
        now = timezone.now()
        with transaction.atomic():
            said = draft(f"push-{os.getpid()}-{number}", now=now)
            reports.receive(actor=actor_for(user=caller, at=now, door="bench"), draft=said, raw="{}", now=now)
            moments.append(time.monotonic())
    time.sleep(1.5)
    return moments


def _holder(role: str) -> User:
    held: User = RoleGrant.objects.filter(role=role).select_related("user").order_by("pk")[0].user
    return held


def _session(user: User) -> str:
    kept = SessionStore()
    kept[SESSION_KEY] = str(user.pk)
    kept[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    kept[HASH_SESSION_KEY] = user.get_session_auth_hash()
    kept.set_expiry(timedelta(hours=6))
    kept.create()
    return f"{settings.SESSION_COOKIE_NAME}={kept.session_key}"


def _queries_of(user: User) -> int:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/board/")  # what is read once a process is not the page's
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/board/")
    if answer.status_code != 200:
        raise SystemExit(f"The board answered {answer.status_code} and not 200.")
    return len([query for query in asked if query["sql"].split()[0] not in ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")])


if __name__ == "__main__":
    what, given = sys.argv[1], json.loads(sys.argv[2])
    one_each = (prepare, fill, sessions, count, commits, child)
    parts: dict[str, Callable[..., Any]] = {one.__name__: one for one in one_each}
    print(json.dumps(parts[what](**given)))
