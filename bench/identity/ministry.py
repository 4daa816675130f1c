"""The Ministry of Justice's way to find candidates: its published blocking rules, in SQL over one table, each with its index.

Source: ministryofjustice/hmpps-person-match (MIT), ``blocking_rules.py``, ``block.py`` and the migration that adds the indexes, as read in
November 2026. Left out are the rules that ask for what nobody here has: PNC and CRO numbers, dates of sentence, a second given
name, a court's own number, a marker set by hand. A statement has one postcode here, so their lists of postcodes are one column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from lodestar.core.identity.record import Record, Value

TABLE = "bench_ministry"
NAMES = ("forename", "forename_root", "forename_sound", "surname", "surname_sound", "names")
BIRTHS = ("dob", "dob_swapped", "dob_either", "dob_weak", "birthday", "year")
COLUMNS = (*NAMES, *BIRTHS, "sex", "postcode", "sector", "area", "postcodes", "phone", "keys", "schemes")
KINDS = {"year": "integer", "postcodes": "text[]", "keys": "text[]", "schemes": "text[]"}
RULES: tuple[tuple[str, ...], ...] = (
    ("dob", "postcode"),
    ("dob", "area", "left(forename, 2)"),
    ("dob", "area", "left(surname, 2)"),
    ("forename", "surname", "postcode"),
    ("forename", "surname", "dob"),
    ("left(forename, 2)", "left(surname, 2)", "dob"),
    ("left(forename, 2)", "left(surname, 2)", "postcode"),
)
SWAPPED = {"forename": "surname", "surname": "forename", "dob": "dob"}  # its last rule: the names changed about


def hold(records: Iterable[tuple[int, Record]]) -> None:
    """A table of everybody, copied in, with an index for each rule."""
    kinds = ", ".join(f"{column} {KINDS.get(column, 'text')}" for column in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (id bigint PRIMARY KEY, {kinds})")
        with cursor.copy(f"COPY {TABLE} (id, {', '.join(COLUMNS)}) FROM STDIN") as copy:
            for number, record in records:
                copy.write_row((number, *(_given(value) for value in record.values)))
        for rule in RULES:
            cursor.execute(f"CREATE INDEX ON {TABLE} ({', '.join(rule)})")
        cursor.execute(f"ANALYZE {TABLE}")


def candidates(record: Record) -> list[Record]:
    """Everybody whom one of the rules finds for a statement, each once."""
    asked = list(_asked(record))
    if not asked:
        return []
    chosen = f"SELECT id, {', '.join(COLUMNS)} FROM {TABLE} WHERE"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ".join(f"{chosen} {words}" for words, _ in asked), [value for _, values in asked for value in values])
        return [Record(f"p{number}", tuple(map(_taken, said))) for number, *said in cursor.fetchall()]


def _asked(record: Record) -> Iterator[tuple[str, list[Any]]]:
    for rule in RULES:
        values = [_of(record, part) for part in rule]
        if all(values):
            yield " AND ".join(f"{part} = %s" for part in rule), values
    values = [record.text(column) for column in SWAPPED.values()]
    if all(values):
        yield " AND ".join(f"{column} = %s" for column in SWAPPED), values


def _of(record: Record, part: str) -> str:
    if part.startswith("left("):
        return record.text(part.removeprefix("left(").split(",")[0])[:2]
    return record.text(part)


def _given(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _taken(value: Any) -> Value:
    return tuple(value) if isinstance(value, list) else value
