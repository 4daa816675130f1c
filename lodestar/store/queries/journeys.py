"""Fewer journeys to the database: what nobody waits for goes with the next thing that is asked, in the order it was put.

A journey costs more than most answers. Inside ``together`` PostgreSQL is sent what was ``put`` in one journey with whatever is asked
next, by whomever: nothing is ever read as if it had not been written. Elsewhere, and on SQLite, which makes no journeys, it is done at
once. What the database refuses is raised where the journey is made, inside the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

Rows = list[Any]


@dataclass(slots=True, eq=False)
class Put:
    """One statement: its words, what stands in each place that is marked, and what it found once it was sent."""

    words: str
    values: Collection[Any]
    found: Rows | None = None

    def rows(self) -> Rows:
        """What it finds; it is sent by now, or is sent with all that waits."""
        if self.found is None:
            send()
        assert self.found is not None  # noqa: S101 - sent just above
        return self.found


class _Journey:
    """What waits in one action; as a wrapper of its connection it is asked to carry every statement that anybody makes."""

    def __init__(self) -> None:
        self.waiting: list[Put] = []

    def __call__(self, execute: Callable[..., Any], words: str, values: Any, many: bool, context: dict[str, Any]) -> Any:
        if words.startswith("ROLLBACK TO"):
            self.waiting = []  # put since the savepoint, which took all that waited before it
        if not self.waiting:
            return execute(words, values, many, context)
        cursor = context["cursor"]
        if many or isinstance(values, dict) or getattr(cursor, "name", None):  # a cursor of a name tells the database more than the words
            self.send()
            return execute(words, values, many, context)
        gone, self.waiting = self.waiting, []
        last = words if values is not None else words.replace("%", "%%")
        found = execute("; ".join([*(one.words for one in gone), last]), [*_values(gone), *(values or ())], many, context)
        _read(gone, cursor)
        return found

    def send(self) -> None:
        """Send what waits by itself."""
        gone, self.waiting = self.waiting, []
        if gone:
            _read(gone, _asked("; ".join(one.words for one in gone), _values(gone), carried_by=self))


@contextmanager
def together() -> Iterator[None]:
    """Let statements wait in this block; whoever leaves it whole has sent them, and what still waits when it fails is never sent."""
    send()  # what waits in a block around this one is before it
    with connections[DEFAULT_DB_ALIAS].execute_wrapper(_Journey()):
        yield
        send()


def put(words: str, values: Collection[Any]) -> Put:
    """A statement that is sent with the next; at once where none waits."""
    made, journey = Put(words, values), _journey()
    if journey is not None:
        journey.waiting.append(made)
        return made
    cursor = _asked(words, list(values))
    made.found = cursor.fetchall() if cursor.description else []
    return made


def send() -> None:
    """Send what waits now: whoever answers for its being refused sends it themselves."""
    journey = _journey()
    if journey is not None:
        journey.send()


def _journey() -> _Journey | None:
    line = connections[DEFAULT_DB_ALIAS]
    if line.vendor != "postgresql":
        return None
    return next((one for one in reversed(line.execute_wrappers) if isinstance(one, _Journey)), None)


def _asked(words: str, values: list[Any], carried_by: _Journey | None = None) -> Any:
    """A cursor that has asked: the driver's own, which takes a third less; Django's where something else listens to its questions."""
    line = connections[DEFAULT_DB_ALIAS]
    listening = line.queries_logged or any(one is not carried_by for one in line.execute_wrappers)
    if line.vendor != "postgresql" or listening:
        cursor = line.cursor()
        cursor.execute(words, values)
        return cursor
    line.validate_no_broken_transaction()
    with line.wrap_database_errors:
        return line.connection.execute(words, values)


def _values(put: list[Put]) -> list[Any]:
    return [value for one in put for value in one.values]


def _read(gone: list[Put], cursor: Any) -> None:
    """What each of them found; the cursor then stands at what comes after them."""
    for one in gone:
        one.found = cursor.fetchall() if cursor.pgresult.nfields else []
        cursor.nextset()
