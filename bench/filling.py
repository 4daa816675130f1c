"""Very many matters: children and matters only, no reports or deeds; the board reads nothing else, and intake looks for the child.

The first come through the same bulk action as any history. The rest are copies of the closed ones, made inside the
database: what is measured is how much there is, and a million rows by way of the action take most of the benchmark's time.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from lodestar.actions.history import take_over
from lodestar.core.access.scope import system_actor
from lodestar.core.people.reading import name_key
from lodestar.doors.feeds.demo.columns import Row, rows
from lodestar.store.models import District, Matter, Person, RoleGrant

CHUNK = 20_000
GENUINE = 20_000  # matters that come through the action; copies after that
OWED = ("Supervisor review", "Grade the risk", "Tell children's services", "Return interview offered")
STATES = ("reported", "graded", "active", "located")


def standing() -> dict[str, int]:
    """How many matters there are, and how many of them are open."""
    return {"matters": Matter.objects.count(), "open": Matter.objects.filter(is_open=True).count()}


def fill_up(*, matters: int, still_open: int) -> None:
    """Add closed and open matters until there are as many as asked for."""
    have, now = standing(), timezone.now()
    opening = max(0, still_open - have["open"])
    missing = max(0, min(matters, GENUINE) - have["matters"], opening)
    chance, holders = random.Random(matters), _holders()
    for place, chunk in enumerate(_chunks(rows(missing, matters, as_of=now) if missing else iter(()))):
        first = place * CHUNK
        people = _children(chunk, now=now)
        made = [
            _open(row, people[row.child], chance, holders, now=now) if first + at < opening else _closed(row, people[row.child], holders)
            for at, row in enumerate(chunk)
        ]
        take_over(actor=system_actor("bench"), noun="matter", rows=made, now=now)
    copy_up(matters=matters)


def long_history(*, entries: int, holder: int) -> int:
    """One child with an open matter on which this many things were done; returns the child's number."""
    now, actor = timezone.now(), system_actor("bench")
    child = {
        "given_name": "Ada", "family_name": "Longhistory", "name_key": name_key(given_name="Ada", family_name="Longhistory"),
        "district": District.objects.values_list("code", flat=True)[0], "created_at": now,
    }  # fmt: skip
    (person,) = take_over(actor=actor, noun="person", rows=[child], now=now)
    since = now - timedelta(days=300)
    row = {
        "kind": "missing", "person_id": person, "state": "active", "district": child["district"], "since_to": since, "reported_at": since,
        "recorded_at": since, "opened_at": since, "level": "medium", "first_level": "medium", "holder_id": holder, "next_due_at": now,
    }  # fmt: skip
    (matter,) = take_over(actor=actor, noun="matter", rows=[row], now=now)
    said = {
        "found": "Phone still off; family has heard nothing; two places visited",
        "plan": "Ring the school at nine; look at the bus station",
    }
    deeds = [
        {
            "matter_id": matter, "code": "review_recorded", "at": since + timedelta(hours=17 * number),
            "recorded_at": since + timedelta(hours=17 * number), "by_id": holder, "detail": said,
        }
        for number in range(entries)
    ]  # fmt: skip
    take_over(actor=actor, noun="deed", rows=deeds, now=now)
    return person


def copy_up(*, matters: int) -> None:
    """Copy closed matters and their children until there are as many as asked for; a copied child has another birthday."""
    with transaction.atomic(), connection.cursor() as cursor:
        children, rows = (Person.objects.latest("pk").pk, Matter.objects.latest("pk").pk)
        missing, turn = matters - Matter.objects.count(), 0
        while missing > 0:
            turn += 1
            born = f"date(birth_date, '+{turn} days')" if connection.vendor == "sqlite" else f"birth_date + {turn}"
            _copy(cursor, Person, {"id": f"id + {turn * children}", "birth_date": born}, f"id <= {children}")
            moved = {"id": f"id + {turn * rows}", "person_id": f"person_id + {turn * children}"}
            missing -= _copy(cursor, Matter, moved, f"id <= {rows} AND NOT is_open ORDER BY id LIMIT {missing}")
        for statement in connection.ops.sequence_reset_sql(no_style(), [Person, Matter]):
            cursor.execute(statement)


def _copy(cursor: Any, model: type[Model], changes: dict[str, str], which: str) -> int:
    names = [field.column or field.attname for field in model._meta.concrete_fields]
    values = ", ".join(changes.get(name, name) for name in names)
    table = model._meta.db_table
    cursor.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE {which}")
    return int(cursor.rowcount)


def _chunks(made: Iterator[Row]) -> Iterator[list[Row]]:
    while chunk := list(islice(made, CHUNK)):
        yield chunk


def _holders() -> list[int]:
    return list(RoleGrant.objects.filter(role="response_sergeant").order_by("pk").values_list("user_id", flat=True))


def _children(chunk: Sequence[Row], *, now: datetime) -> dict[int, int]:
    """Make the children of this chunk; returns their numbers. A child in two chunks is two records here."""
    first = {row.child: row for row in reversed(chunk)}
    values = [
        {
            "given_name": row.given_name,
            "family_name": row.family_name,
            "birth_date": row.birth_date,
            "looked_after": row.looked_after,
            "authority": row.authority,
            "district": row.district,
            "name_key": name_key(given_name=row.given_name, family_name=row.family_name),
            "created_at": row.recorded_at,
        }
        for row in first.values()
    ]
    return dict(zip(first, take_over(actor=system_actor("bench"), noun="person", rows=values, now=now), strict=True))


def _closed(row: Row, person: int, holders: Sequence[int]) -> dict[str, Any]:
    return {
        **_shared(row, person),
        "state": "closed",
        "outcome": "found",
        "located_at": row.located_at,
        "wellbeing_at": row.wellbeing_at,
        "returned_at": row.returned_at,
        "closed_at": row.closed_at,
        "is_open": False,
        "tier": 4,
        "holder_id": holders[row.number % len(holders)],
    }


def _open(row: Row, person: int, chance: random.Random, holders: Sequence[int], *, now: datetime) -> dict[str, Any]:
    begun = now - timedelta(minutes=chance.randrange(30, 6000))
    times = dict.fromkeys(("since_from", "since_to", "reported_at", "recorded_at", "opened_at"), begun)
    return {
        **_shared(row, person),
        **times,
        "state": chance.choice(STATES),
        "is_open": True,
        "tier": chance.choice((1, 2, 2, 3, 3, 3, 4, 4, 4, 4)),
        "tier_reason": "The grade is high",
        "holder_id": chance.choice(holders),
        "next_owed": chance.choice(OWED),
        "next_owed_by_id": chance.choice(holders),
        "next_due_at": now + timedelta(minutes=chance.randrange(-600, 6000)),
    }


def _shared(row: Row, person: int) -> dict[str, Any]:
    return {
        "person_id": person,
        "district": row.district,
        "authority": row.authority,
        "since_from": row.since_from,
        "since_to": row.since_to,
        "reported_at": row.reported_at,
        "recorded_at": row.recorded_at,
        "opened_at": row.recorded_at,
        "looked_after": row.looked_after,
        "level": row.level,
        "first_level": row.level,
    }
