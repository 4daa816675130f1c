"""Asking in plain SQL that SQLite and PostgreSQL both know, where a model for each row would cost more than the rows."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sized
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from itertools import count, islice
from typing import Any, TypeVar

from django.db import connection

from lodestar.store.queries.journeys import Put, on_postgresql, our_line, put, put_by
from lodestar.store.queries.wire import Numbers, tell

AT_ONCE = 500
Thing = TypeVar("Thing")


def ask(words: str, values: Collection[Any]) -> list[Any]:
    """What the words find; a value is bound in each place that is marked, never written into them."""
    return put(words, list(values)).rows()


def ask_planned(name: str, words: str, values: Collection[Any]) -> list[Any]:
    """The same for a long question asked often: PostgreSQL plans it once a connection, which takes longer than answering it."""
    return put_planned(name, words, values).rows()


def put_planned(name: str, words: str, values: Collection[Any]) -> Put:
    """The same for what may wait for what is asked next."""
    return put_numbered(name, numbered(words), (), values) if on_postgresql() else put(words, values)


def put_numbered(name: str, words: str, fixed: Collection[Any], values: Collection[Any]) -> Put:
    """The same, for PostgreSQL alone, where places for values are numbered (``$1``); ``fixed`` are those that are the same each time."""
    line = our_line()
    if line.connection is None:
        line.ensure_connection()
    tell(line.connection, name, words, fixed)
    return put_by(line, Put(words, values, name))


@lru_cache(maxsize=1024)
def name_for(kind: str, words: str) -> str:
    """A name for a question that is told by its words alone, as long as PostgreSQL takes."""
    return f"{kind}_{sha256(words.encode()).hexdigest()[:32]}"


@lru_cache(maxsize=1024)
def numbered(words: str) -> str:
    """The words with a number at each place that is marked."""
    place = count(1)
    first, *rest = words.split("%s")
    return first + "".join(f"${next(place)}{part}" for part in rest)


def in_hundreds(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    """Some hundreds at a time: a database takes no list without end."""
    waiting = iter(things)
    while some := list(islice(waiting, AT_ONCE)):
        yield some


def marks(values: Sized) -> str:
    """A place for each value of a list."""
    return ", ".join(["%s"] * len(values))


def among() -> str:
    """The condition that a number is one of a list of any length, which is one value: so the words of a question stay the same."""
    return "= ANY(%s)" if on_postgresql() else "IN (SELECT value FROM json_each(%s))"


def listed(numbers: Collection[int]) -> Numbers:
    """The list for ``among``, in each database's own words: read there at once, where a list of ours is first written out item by item."""
    return Numbers(f"{{{','.join(map(str, map(int, numbers)))}}}" if on_postgresql() else json.dumps(list(numbers)))


def instant(at: datetime) -> Any:
    """An instant as the database compares it: SQLite holds text."""
    return at if on_postgresql() else connection.ops.adapt_datetimefield_value(at)


def read_instant(at: str | datetime) -> datetime:
    """An instant as the database gives it: SQLite gives text without a zone, which is UTC."""
    found = datetime.fromisoformat(at) if isinstance(at, str) else at
    return found if found.tzinfo else found.replace(tzinfo=UTC)
