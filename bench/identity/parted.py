"""What the benchmark of undoing does with Django set up: fill with people of two reports each, take in reports of missing children,
undo joins of both, weigh everybody again.

Run as ``python -m bench.identity.parted WHAT JSON``; the last line printed is the answer as JSON.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lodestar.config.settings")
django.setup()

from django.db import connection  # noqa: E402 - Django must be set up first
from django.utils import timezone  # noqa: E402

from bench.identity.engagements import Known, population, stated  # noqa: E402
from bench.reports import draft  # noqa: E402
from lodestar.actions import linking as keys  # noqa: E402
from lodestar.actions import people as actions  # noqa: E402
from lodestar.actions import reports  # noqa: E402
from lodestar.actions.history import take_over  # noqa: E402
from lodestar.core.access.scope import Actor, system_actor  # noqa: E402
from lodestar.core.identity.record import Statement  # noqa: E402
from lodestar.core.people.reading import name_key  # noqa: E402
from lodestar.doors.feeds.demo.dice import Dice  # noqa: E402
from lodestar.doors.feeds.linking.keeping import everybody_again  # noqa: E402
from lodestar.store.models import District, Matter, Report, RoleGrant  # noqa: E402
from lodestar.store.queries.access import actor_for  # noqa: E402
from lodestar.store.queries.identity_models import document_of, weigher_at  # noqa: E402

SEED, REPORTS = 5, 2
BENCH = system_actor("bench")


def fill(*, people: int) -> dict[str, int]:
    """So many people, each with two reports joined by rule, and the blocks of each."""
    now, place = timezone.now(), District.objects.values_list("code", flat=True)[0]
    known = list(population(people=people, seed=SEED))
    held = take_over(actor=BENCH, noun="person", rows=[_person(one.statement, place, now) for one in known], now=now)
    dice = Dice(SEED, "undoing")
    said = [(person, one, stated(one, dice)) for person, one in zip(held, known, strict=True) for _ in range(REPORTS)]
    rows = [_report(f"parted-{number}", one, statement, now) for number, (_, one, statement) in enumerate(said)]
    made = take_over(actor=BENCH, noun="report", rows=rows, now=now)
    links = [
        {"report_id": report, "person_id": person, "number": 1, "joined": True, "how": "rule", "rule": "LINK-NATIONAL-ID", "at": now}
        for report, (person, _, _) in zip(made, said, strict=True)
    ]
    take_over(actor=BENCH, noun="link", rows=links, now=now)
    indexed = keys.index(actor=BENCH, now=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"people": people, "statements": indexed}


def receive(*, times: int) -> dict[str, int]:
    """So many reports of missing children, taken in as any is: on the join of each hangs a search, with all that is owed on it."""
    for number in range(times):
        now = timezone.now()
        reports.receive(actor=_somebody("call_handler"), draft=draft(f"missing-{number}", now=now), raw="{}", now=now)
    return {"open": Matter.objects.filter(is_open=True, matter_reports__report__source="bench").count()}


def undo(*, times: int, kind: str) -> dict[str, list[float]]:
    """Undo so many joins of one kind of report, one after another, each committed, as somebody does who may: milliseconds, whole and
    of this process's processor."""
    known = list(Report.objects.filter(source="bench", kind=kind).order_by("pk").values_list("pk", flat=True))
    found, used, actor = list[float](), list[float](), _somebody("hub_sergeant")
    for report in random.Random(SEED).sample(known, times):
        begun, worked = time.perf_counter(), time.process_time()
        actions.undo_link(actor=actor, report_id=report, reason="Measured", now=timezone.now())
        found.append((time.perf_counter() - begun) * 1000)
        used.append((time.process_time() - worked) * 1000)
    return {"ms": found, "processor": used}


def recluster() -> dict[str, float]:
    """Read everybody, weigh them again and group them, as ``lodestar identity relink`` does: milliseconds, and the most memory in MB."""
    begun, at = time.perf_counter(), timezone.now()
    weigher, model = weigher_at(at=at)
    found, statements = everybody_again(weigher, document_of(model), at=at)
    whole = (time.perf_counter() - begun) * 1000
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"whole": whole, "pairs": found.weighed, "statements": statements, "most": most}


def _somebody(role: str) -> Actor:
    user = RoleGrant.objects.filter(role=role).select_related("user").order_by("pk")[0].user
    return actor_for(user=user, at=timezone.now(), door="bench")


def _person(said: Statement, district: str, now: Any) -> dict[str, Any]:
    return {
        "given_name": said.given_name,
        "family_name": said.family_name,
        "birth_date": said.birth_date,
        "postcode": said.postcodes[0] if said.postcodes else "",
        "phone": said.phone,
        "district": district,
        "name_key": name_key(given_name=said.given_name, family_name=said.family_name),
        "created_at": now,
    }


def _report(number: str, known: Known, said: Statement, now: Any) -> dict[str, Any]:
    subject: dict[str, Any] = {
        "given_name": said.given_name,
        "family_name": said.family_name or known.statement.family_name,
        "birth_date": said.birth_date.isoformat() if said.birth_date else None,
        "sex": said.sex,
        "postcode": said.postcodes[0] if said.postcodes else "",
        "phone": said.phone,
        "keys": {},
    }
    times = {"reported_at": now, "recorded_at": now}
    return {
        "kind": "stop_search",
        "source": "bench",
        "external_id": number,
        "door": "bench",
        "raw": "",
        "raw_digest": "",
        "subject": subject,
        **times,
    }


PARTS = {part.__name__: part for part in (fill, receive, undo, recluster)}


if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](**json.loads(sys.argv[2]))))
