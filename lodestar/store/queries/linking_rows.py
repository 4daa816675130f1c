"""The rows that live linkage reads of everybody who shares a block, by plain SQL that SQLite and PostgreSQL both know.

A report meets hundreds of statements and keeps none, so no model is made of them: each is read straight into an identity.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from lodestar.core.people.identifiers import Key
from lodestar.core.people.identity import Identity
from lodestar.store.models import BlockingKey, Link, Person, PersonKey, Report
from lodestar.store.queries.identity import identity_of, subject_from
from lodestar.store.queries.plain_sql import ask, marks

LAST_LINK = f"NOT EXISTS (SELECT 1 FROM {Link._meta.db_table} n WHERE n.report_id = l.report_id AND n.number > l.number)"
_KEPT = f"FROM {BlockingKey._meta.db_table} WHERE key ="
# A number of the asked-for blocks at a time stops at the most: PostgreSQL goes through a list, SQLite is asked for each.
_BLOCKS = f"""
    SELECT asked.key, held.report_id, held.person_id FROM unnest(%s::bigint[]) AS asked(key)
    CROSS JOIN LATERAL (SELECT report_id, person_id {_KEPT} asked.key LIMIT %s) AS held
"""
_BLOCK = f"SELECT * FROM (SELECT key, report_id, person_id {_KEPT} %s LIMIT %s)"
_PERSON = "p.id, p.given_name, p.family_name, p.birth_date, p.sex, p.postcode, p.phone"
_PEOPLE = f"SELECT {_PERSON} FROM {Person._meta.db_table} p WHERE p.id IN (%s)"
_PEOPLE_AND_KEYS = f"""
    SELECT {_PERSON}, k.scheme, k.value, k.issuer
    FROM {Person._meta.db_table} p
    LEFT JOIN {PersonKey._meta.db_table} k ON k.person_id = p.id AND k.ended_at IS NULL
    WHERE p.id IN (%s) ORDER BY p.id
"""
_REPORTS = f"""
    SELECT r.id, l.person_id, r.subject
    FROM {Link._meta.db_table} l JOIN {Report._meta.db_table} r ON r.id = l.report_id
    WHERE l.%s IN (%s) AND l.joined
    AND {LAST_LINK}
    ORDER BY r.id
"""


def in_blocks(numbers: Sequence[int], *, most: int) -> list[Any]:
    """Block, report and person of each row of these blocks; of a block with more than ``most`` rows, one row more than that."""
    if connection.vendor == "postgresql":
        return ask(_BLOCKS, [list(numbers), most + 1])
    return ask(" UNION ALL ".join([_BLOCK] * len(numbers)), [value for number in numbers for value in (number, most + 1)])


def of_people(people: Collection[int], *, with_keys: bool) -> Iterator[tuple[int, Identity]]:
    """What is held of each of these people, by number; their identifiers only where they are asked for."""
    rows = ask((_PEOPLE_AND_KEYS if with_keys else _PEOPLE) % marks(people), people) if people else []
    for person, held in groupby(rows, key=itemgetter(0)):
        said, *more = held
        keys = tuple(sorted(Key(*row[7:]) for row in (said, *more) if row[7] is not None)) if with_keys else ()
        given, family, born, sex, place, phone = said[1:7]
        birth = date.fromisoformat(born) if isinstance(born, str) else born  # SQLite has no dates of its own
        yield person, Identity(given, family, birth, sex, "", place, phone, keys)


def of_reports(reports: Collection[int]) -> Iterator[tuple[int, int, Identity]]:
    """Number, person and statement of those of these reports that are joined to somebody now."""
    return _stated("report_id", reports)


def joined_to(people: Collection[int]) -> Iterator[tuple[int, int, Identity]]:
    """Number, person and statement of every report that is joined to one of these people now."""
    return _stated("person_id", people)


def _stated(column: str, numbers: Collection[int]) -> Iterator[tuple[int, int, Identity]]:
    rows = ask(_REPORTS % (column, marks(numbers)), numbers) if numbers else []
    for report, person, subject in rows:
        yield report, person, identity_of(subject_from(json.loads(subject)))[0]
