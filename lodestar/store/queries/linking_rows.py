"""The rows that live linkage reads of everybody who shares a block, by plain SQL that SQLite and PostgreSQL both know.

A report meets hundreds of statements and keeps none, so no model is made of them: each is read straight into an identity.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from lodestar.core.people.identifiers import Key
from lodestar.core.people.identity import Identity
from lodestar.store.models import BlockingKey, Link, Person, PersonKey, Report
from lodestar.store.queries.identity import identity_of, subject_from
from lodestar.store.queries.plain_sql import ask, marks

LAST_LINK = f"NOT EXISTS (SELECT 1 FROM {Link._meta.db_table} n WHERE n.report_id = l.report_id AND n.number > l.number)"
_BLOCK = f"SELECT key, report_id, person_id FROM {BlockingKey._meta.db_table} WHERE key = %s LIMIT %s"
_PEOPLE = f"""
    SELECT p.id, p.given_name, p.family_name, p.birth_date, p.sex, p.postcode, p.phone, k.scheme, k.value, k.issuer
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
    asked = " UNION ALL ".join(f"SELECT * FROM ({_BLOCK}) AS block_{place}" for place in range(len(numbers)))
    return ask(asked, [value for number in numbers for value in (number, most + 1)])


def of_people(people: Collection[int]) -> Iterator[tuple[int, Identity]]:
    """What is held of each of these people, by number."""
    rows = ask(_PEOPLE % marks(people), people) if people else []
    for person, held in groupby(rows, key=lambda row: int(row[0])):
        said, *more = held
        keys = tuple(sorted(Key(*row[7:]) for row in (said, *more) if row[7] is not None))
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
