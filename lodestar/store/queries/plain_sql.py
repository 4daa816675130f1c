"""Asking in plain SQL that SQLite and PostgreSQL both know, where a model for each row would cost more than the rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence, Sized
from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()  # a connection to the questions that it has been told


def ask(words: str, values: Collection[Any]) -> list[Any]:
    """What the words find; a value is bound in each place that is marked, never written into them."""
    with connection.cursor() as cursor:
        cursor.execute(words, list(values))
        return cursor.fetchall()


def ask_planned(name: str, words: str, values: Collection[Any]) -> list[Any]:
    """The same for a long question asked often: PostgreSQL plans it once a connection, which takes longer than answering it."""
    if connection.vendor != "postgresql":
        return ask(words, values)
    return execute_planned(name, numbered(words), (), values)


def execute_planned(name: str, words: str, fixed: Collection[Any], values: Collection[Any]) -> list[Any]:
    """What a question finds whose places for values are numbered (``$1``); ``fixed`` are those that are the same each time."""
    line = _told(((name, words, fixed),))
    if all(_is_plain(value) for value in values):
        places, bound = ", ".join(map(_written, values)), None
    else:
        places, bound = marks(values), list(values)
    found: list[Any] = _asked(line, f"EXECUTE {name} ({places})" if values else f"EXECUTE {name}", bound).fetchall()
    return found


def execute_together(asked: Sequence[tuple[str, str, Collection[Any]]]) -> None:
    """Do several things of which nobody waits for an answer in one journey to PostgreSQL: name, words and values of each."""
    if asked:
        line = _told([(name, numbered(words), ()) for name, words, _ in asked])
        together = "; ".join(f"EXECUTE {name} ({marks(values)})" for name, _, values in asked)
        _asked(line, together, [value for _, _, values in asked for value in values])


def _told(asked: Iterable[tuple[str, str, Collection[Any]]]) -> BaseDatabaseWrapper:
    """The connection, sound and told these questions."""
    line = connections[DEFAULT_DB_ALIAS]
    line.close_if_health_check_failed()
    line.ensure_connection()
    told = _prepared.setdefault(line.connection, set())
    for name, words, fixed in asked:
        if name not in told:
            line.connection.execute(f"PREPARE {name} AS {words}", list(fixed) or None)  # told, not asked: Django's log has none of it
            told.add(name)
    return line


def _asked(line: BaseDatabaseWrapper, words: str, values: Collection[Any] | None) -> Any:
    """A cursor that has asked: the driver's own, which takes a third less; Django's where something listens to its questions."""
    if line.queries_logged or line.execute_wrappers:
        cursor = line.cursor()
        cursor.execute(words, values)
        return cursor
    line.validate_no_broken_transaction()
    with line.wrap_database_errors:
        return line.connection.execute(words, values)


@lru_cache(maxsize=1024)
def numbered(words: str) -> str:
    """The words with a number at each place that is marked."""
    place = count(1)
    first, *rest = words.split("%s")
    return first + "".join(f"${next(place)}{part}" for part in rest)


def _is_plain(value: Any) -> bool:
    kind = type(value)
    return kind is int or kind is Numbers or (kind is datetime and value.tzinfo is not None)


def _written(value: Any) -> str:
    """A whole number, a list of them or an instant with its zone, as it stands in SQL: to bind it takes a tenth of the answer's time."""
    return str(value) if type(value) is int else f"'{value}'"


def marks(values: Sized) -> str:
    """A place for each value of a list."""
    return ", ".join(["%s"] * len(values))


def among() -> str:
    """The condition that a number is one of a list of any length, which is one value: so the words of a question stay the same."""
    return "= ANY(%s)" if connection.vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"


class Numbers(str):
    """A list of whole numbers in a database's own words, which holds nothing else."""

    __slots__ = ()


def listed(numbers: Collection[int]) -> Numbers:
    """The list for ``among``, in each database's own words: read there at once, where a list of ours is first written out item by item."""
    return Numbers(f"{{{','.join(map(str, map(int, numbers)))}}}" if connection.vendor == "postgresql" else json.dumps(list(numbers)))


def instant(at: datetime) -> Any:
    """An instant as the database compares it: SQLite holds text."""
    return connection.ops.adapt_datetimefield_value(at)


def read_instant(at: str | datetime) -> datetime:
    """An instant as the database gives it: SQLite gives text without a zone, which is UTC."""
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return found if found.tzinfo else found.replace(tzinfo=UTC)
