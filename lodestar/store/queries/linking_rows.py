"""The rows that live linkage reads of everybody who shares a block, by plain SQL that SQLite and PostgreSQL both know.

A report meets hundreds of statements and keeps none, so no model is made of them: each is read straight into a statement, and whoever
no report states straight into what is compared of them, as it is kept ready.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date

from lodestar.core.identity.packed import FORM, unpack
from lodestar.core.identity.record import Record, Statement, prepare
from lodestar.core.people.identifiers import Key
from lodestar.core.people.identity import Holder, Identity
from lodestar.store.models import BlockingKey, Link, Person, PersonKey, Report
from lodestar.store.queries.identity import identity_of, subject_from
from lodestar.store.queries.journeys import Put, on_postgresql, put
from lodestar.store.queries.plain_sql import among, ask_planned, listed, put_planned
from lodestar.store.queries.wire import Rows

Sharing = tuple[Rows, list[int]]  # the number of a report or nothing, a person and what is said; and the blocks that were too full
LAST_LINK = f"NOT EXISTS (SELECT 1 FROM {Link._meta.db_table} n WHERE n.report_id = l.report_id AND n.number > l.number)"
_KEPT = f"FROM {BlockingKey._meta.db_table} WHERE key ="
_BLOCK = f"SELECT * FROM (SELECT key, report_id, person_id {_KEPT} %s LIMIT %s)"
_SAID = ("given_name", "family_name", "birth_date", "sex", "postcode", "phone")
_COLUMNS = ", ".join(f"p.{name}" for name in _SAID)
_HOLDERS = f"SELECT p.id, {_COLUMNS}, p.address FROM {Person._meta.db_table} p WHERE p.id {{}} ORDER BY p.id"
# What is held of a person: the list that is kept ready, or a document where the row has changed since or nothing was kept yet.
_DOCUMENT = ", ".join(f"'{name}', p.{name}" for name in _SAID)
_HELD = f"CASE WHEN p.ready_of = '{FORM}.' || p.version THEN p.ready ELSE CAST(%(document)s({_DOCUMENT}) AS text) END"
_KEYS = f"SELECT person_id, scheme, value, issuer FROM {PersonKey._meta.db_table} WHERE ended_at IS NULL AND person_id {{}}"
_AT_HOME = f"SELECT id, name_key FROM {Person._meta.db_table} WHERE postcode = %s LIMIT %s"
_REPORTS = f"""
    SELECT r.id, l.person_id, r.subject
    FROM {Link._meta.db_table} l JOIN {Report._meta.db_table} r ON r.id = l.report_id
    WHERE l.{{}} {{}} AND l.joined
    AND {LAST_LINK}
    ORDER BY r.id
"""
# A block that is too full is told by its number and nobody; whatever is in no other is never read.
_SHARING = f"""
    WITH found AS MATERIALIZED (%(blocks)s),
    crowded AS MATERIALIZED (SELECT key FROM found GROUP BY key HAVING count(*) > %%s),
    kept AS MATERIALIZED (SELECT DISTINCT report_id, person_id FROM found WHERE key %(in_none)s)
    SELECT CAST(NULL AS bigint), p.id, {_HELD} FROM kept JOIN {Person._meta.db_table} p ON p.id = kept.person_id
    UNION ALL
    SELECT r.id, l.person_id, CAST(r.subject AS text)
    FROM kept %(joined)s JOIN {Report._meta.db_table} r ON r.id = kept.report_id WHERE l.joined
    UNION ALL
    SELECT key, NULL, NULL FROM crowded
"""
# A number of the asked-for blocks at a time stops at the most: PostgreSQL goes through a list, SQLite is asked for each. The few that
# are crowded PostgreSQL reads once into a list, which a table of them to look in would take longer than there is to look up; and the
# last link of a report, which says whose it is now, it reads from the end of its index.
_LAST_OF_KEPT = f"""LATERAL (
        SELECT person_id, joined FROM {Link._meta.db_table} WHERE report_id = kept.report_id ORDER BY number DESC LIMIT 1
    ) l"""
_ON_POSTGRESQL = {
    "blocks": f"""
    SELECT asked.key, held.report_id, held.person_id FROM unnest(%s::bigint[]) AS asked(key)
    CROSS JOIN LATERAL (SELECT report_id, person_id {_KEPT} asked.key LIMIT %s) AS held
""",
    "in_none": "<> ALL (ARRAY(SELECT key FROM crowded))",
    "joined": f"CROSS JOIN {_LAST_OF_KEPT}",
    "document": "json_build_object",
}
_ON_SQLITE = {
    "in_none": "NOT IN (SELECT key FROM crowded)",
    "joined": f"JOIN {Link._meta.db_table} l ON l.report_id = kept.report_id AND {LAST_LINK}",
    "document": "json_object",
}
_SHARING_ANY = _SHARING % _ON_POSTGRESQL
# Mostly all blocks together hold fewer than one may: then none is too full, and one walk through the index finds everybody. Each row
# says how often it was met, so that whoever reads it knows whether the walk was stopped; a report that is joined to nobody says it too.
_SHARING_FEW = f"""
    WITH kept AS MATERIALIZED (
        SELECT report_id, person_id, count(*) AS times
        FROM (SELECT report_id, person_id FROM {BlockingKey._meta.db_table} WHERE key = ANY(%s) LIMIT %s) AS found
        GROUP BY report_id, person_id)
    SELECT CAST(NULL AS bigint), p.id, {_HELD % _ON_POSTGRESQL}, times
    FROM kept JOIN {Person._meta.db_table} p ON p.id = kept.person_id
    UNION ALL
    SELECT r.id, l.person_id, CAST(r.subject AS text), times
    FROM kept JOIN {Report._meta.db_table} r ON r.id = kept.report_id
    LEFT JOIN {_LAST_OF_KEPT} ON l.joined
"""


def put_sharing(numbers: Sequence[int], *, most: int) -> Callable[[], Sharing]:
    """Ask for each statement in these blocks, and for those that have more than ``most``: one question on blocks and people both.

    It is asked for with what is asked next. PostgreSQL is asked a second time only where all blocks together have more than one may.
    """
    if not numbers:
        return lambda: ([], [])
    if not on_postgresql():
        return _block_by_block(numbers, most)
    few = put_planned("sharing_few", _SHARING_FEW, [listed(numbers), most + 1])

    def answer() -> Sharing:
        rows = few.rows()
        if sum([times for *_, times in rows]) > most:
            return _block_by_block(numbers, most)()
        return [(report, person, said) for report, person, said, _ in rows if person is not None], []

    return answer


def _block_by_block(numbers: Sequence[int], most: int) -> Callable[[], Sharing]:
    if on_postgresql():
        asked = put_planned("sharing_a_block", _SHARING_ANY, [listed(numbers), most + 1, most])
    else:
        words = _SHARING % {**_ON_SQLITE, "blocks": " UNION ALL ".join([_BLOCK] * len(numbers))}
        asked = put(words, [*(value for number in numbers for value in (number, most + 1)), most])

    def answer() -> Sharing:
        rows = asked.rows()
        return [row for row in rows if row[1] is not None], [number for number, person, _ in rows if person is None]

    return answer


def records_of(rows: Rows, *, roots: Mapping[str, str], with_keys: bool) -> dict[str, tuple[int, Record]]:
    """Each statement that was found by its number, with its person.

    A report is named by "r" and its number, what is held of a person by "p" and theirs.
    """
    held = keys_of([person for report, person, _ in rows if report is None]) if with_keys else {}
    found: dict[str, tuple[int, Record]] = {}
    for report, person, said in rows:
        if report is None:
            found[f"p{person}"] = person, _held(person, said, held.get(person, ()), roots)
        else:
            found[f"r{report}"] = person, prepare(_stated_by(report, said), roots=roots)
    return found


def holders(people: Collection[int]) -> list[Holder]:
    """These people by number, with all that is held of who they are."""
    if not people:
        return []
    asked = put_planned("who_they_are", _HOLDERS.format(among()), [listed(people)])
    keys, found = keys_of(people), []
    for person, given, family, born, sex, place, phone, address in asked.rows():
        held = tuple(sorted(keys.get(person, ())))
        found.append(Holder(person, Identity(given, family, _day(born), sex, address, place, phone, held)))
    return found


def keys_of(people: Collection[int]) -> dict[int, list[Key]]:
    """The identifiers of each of these people that have not ended."""
    found: dict[int, list[Key]] = {}
    for person, *key in ask_planned("identifiers_held", _KEYS.format(among()), [listed(people)]) if people else []:
        found.setdefault(person, []).append(Key(*key))
    return found


def of_reports(reports: Collection[int]) -> Iterator[tuple[int, Statement]]:
    """Person and statement of those of these reports that are joined to somebody now."""
    return _stated("report_id", reports)


def joined_to(people: Collection[int]) -> Iterator[tuple[int, Statement]]:
    """Person and statement of every report that is joined to one of these people now; asked for with what is asked next."""
    return _stated("person_id", people)


def at_home(postcode: str, *, most: int) -> Put:
    """The number and the folded name of those who are held at a postcode, so many at most; asked for with what is asked next."""
    return put_planned("at_home", _AT_HOME, [postcode, most])


def _stated(column: str, numbers: Collection[int]) -> Iterator[tuple[int, Statement]]:
    asked = put_planned(f"joined_by_{column}", _REPORTS.format(column, among()), [listed(numbers)]) if numbers else None
    return _statements(asked) if asked else iter(())


def _statements(asked: Put) -> Iterator[tuple[int, Statement]]:
    for report, person, subject in asked.rows():
        yield person, _stated_by(report, subject)


def stated(said: Identity, *, number: str) -> Statement:
    """What an identity says, as a statement of this number."""
    home = (said.postcode,) if said.postcode else ()
    return Statement(number, said.given_name, said.family_name, said.birth_date, None, said.sex, home, said.phone, said.keys)


def _stated_by(report: int, subject: str) -> Statement:
    return stated(identity_of(subject_from(json.loads(subject)))[0], number=f"r{report}")


def _held(person: int, said: str, keys: Collection[Key], roots: Mapping[str, str]) -> Record:
    if said.startswith("["):
        return unpack(said, id=f"p{person}", roots=roots, keys=keys)
    held = json.loads(said)
    who = Identity(**{**held, "birth_date": _day(held["birth_date"])}, keys=tuple(keys))
    return prepare(stated(who, number=f"p{person}"), roots=roots)


def _day(born: date | str | None) -> date | None:
    return date.fromisoformat(born) if isinstance(born, str) else born  # SQLite has no dates of its own
