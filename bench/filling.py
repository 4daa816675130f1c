"""Very many matters, through the same bulk action as any history: children and matters only, no reports or deeds.

The board reads matters, children and people, so what is left out here is not in its way; intake looks for the child.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.utils import timezone

from lodestar.actions.history import take_over
from lodestar.core.access.scope import system_actor
from lodestar.core.people.reading import name_key
from lodestar.doors.feeds.demo.columns import Row, rows
from lodestar.store.models import Matter, RoleGrant

CHUNK = 20_000
OWED = ("Supervisor review", "Grade the risk", "Tell children's services", "Return interview offered")
STATES = ("reported", "graded", "active", "located")


def standing() -> dict[str, int]:
    """How many matters there are, and how many of them are open."""
    return {"matters": Matter.objects.count(), "open": Matter.objects.filter(is_open=True).count()}


def fill_up(*, matters: int, still_open: int) -> None:
    """Add closed and open matters until there are as many as asked for."""
    have, now = standing(), timezone.now()
    opening = max(0, still_open - have["open"])
    missing = max(0, matters - have["matters"])
    chance, holders = random.Random(matters), _holders()
    for place, chunk in enumerate(_chunks(rows(missing, matters, as_of=now) if missing else iter(()))):
        first = place * CHUNK
        people = _children(chunk, now=now)
        made = [
            _open(row, people[row.child], chance, holders, now=now) if first + at < opening else _closed(row, people[row.child], holders)
            for at, row in enumerate(chunk)
        ]
        take_over(actor=system_actor("bench"), noun="matter", rows=made, now=now)


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
