"""Fewer journeys to the database: what nobody waits for goes with the next thing that is asked, in the order it was put.

A journey costs more than most answers. Inside ``together`` PostgreSQL is sent what was ``put`` in one journey with whatever is asked
next, by whomever: nothing is ever read as if it had not been written. Elsewhere, and on SQLite, which makes no journeys, it is done at
once. What the database refuses is raised where the journey is made, inside the same transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections

from lodestar.store.queries.wire import NotKept, Rows, carried

Deed = Callable[[], object]


@cache
def on_postgresql() -> bool:
    """Which of the two databases it is, for as long as we run: asked of the connection each time it took a twentieth of an intake."""
    return connection.vendor == "postgresql"


class _Here(threading.local):
    """The connection of a thread, which Django keeps for as long as the thread: to look it up there takes as long as to send."""

    def __init__(self) -> None:
        self.line = connections[DEFAULT_DB_ALIAS]


_here = _Here()


def our_line() -> Any:
    """The connection of this thread."""
    return _here.line


@dataclass(slots=True, eq=False)
class Put:
    """One statement: its words, what stands in each place that is marked, and what it found once it was sent.

    ``name`` is what PostgreSQL knows the words by, where it was told them.
    """

    words: str
    values: Collection[Any]
    name: str = ""
    found: Rows | None = None

    @property
    def whole(self) -> str:
        """The statement in words, whatever it was told."""
        places = ", ".join(["%s"] * len(self.values))
        return f"EXECUTE {self.name}{f' ({places})' if places else ''}" if self.name else self.words

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
        found = execute("; ".join([*(one.whole for one in gone), last]), [*_values(gone), *(values or ())], many, context)
        _read(gone, cursor)
        return found

    def send(self, *, ends: bool = False, meanwhile: Deed | None = None) -> None:
        """Send what waits by itself."""
        gone, self.waiting = self.waiting, []
        if gone:
            _carry(our_line(), gone, with_leave_of=self, ends=ends, meanwhile=meanwhile)


@contextmanager
def together() -> Iterator[None]:
    """Let statements wait in this block; whoever leaves it whole has sent them, and what still waits when it fails is never sent."""
    send()  # what waits in a block around this one is before it
    with our_line().execute_wrapper(_Journey()):
        yield
        send()


def put(words: str, values: Collection[Any]) -> Put:
    """A statement that is sent with the next; at once where none waits."""
    return put_by(our_line(), Put(words, values))


def put_by(line: Any, made: Put) -> Put:
    """The same by the connection of this thread, where it is at hand."""
    journey = _journey(line)
    if journey is not None:
        journey.waiting.append(made)
    else:
        _carry(line, [made])
    return made


def send() -> None:
    """Send what waits now: whoever answers for its being refused sends it themselves."""
    journey = _journey(our_line())
    if journey is not None:
        journey.send()


def waiting() -> tuple[Put, ...]:
    """What is to go with the last of the action. Where it would go in words none could say what of it was refused: it is sent now."""
    line = our_line()
    journey = _journey(line)
    if journey is None:
        return ()
    if _in_words(line, journey.waiting, journey):
        journey.send()
    return tuple(journey.waiting)


def finish(meanwhile: Deed | None = None) -> DatabaseError | None:
    """Send what waits as the last of the action: its transaction, where no other is around it, is kept in the same journey.

    While PostgreSQL does that, something that asks nothing of it may be done ``meanwhile``; elsewhere it is not.
    What the database would not keep is given back: whoever answers for what was last does not answer for that.
    """
    line = our_line()
    journey = _journey(line)
    if journey is None:
        return None
    try:
        journey.send(ends=line.in_atomic_block and not line.savepoint_ids, meanwhile=meanwhile)
    except NotKept as refused:
        return _as_django_says(line, refused.__cause__)
    return None


def _as_django_says(line: Any, refused: BaseException | None) -> DatabaseError | None:
    try:
        with line.wrap_database_errors:
            raise refused or NotKept
    except DatabaseError as told:
        return told


def _journey(line: Any) -> _Journey | None:
    return next((one for one in reversed(line.execute_wrappers) if isinstance(one, _Journey)), None) if on_postgresql() else None


def _carry(line: Any, gone: list[Put], with_leave_of: _Journey | None = None, *, ends: bool = False, meanwhile: Deed | None = None) -> None:
    """Ask all of these; each that was answered before one is refused has its answer."""
    if _in_words(line, gone, with_leave_of):
        with line.cursor() as cursor:
            cursor.execute("; ".join(one.whole for one in gone), _values(gone))
            _read(gone, cursor)
        return
    line.validate_no_broken_transaction()
    asked = [(one.name, one.values) for one in gone]
    with line.wrap_database_errors:
        answers = carried(line.connection, asked, ends=ends, meanwhile=partial(_aside, line, meanwhile) if meanwhile else None)
        for one, found in zip(gone, answers, strict=True):
            one.found = found


def _aside(line: Any, deed: Deed) -> None:
    """Do it with the line closed to it. Where it fails it was not done: whoever needs it does it, and fails where they stand."""
    with suppress(Exception), line.execute_wrapper(_busy):
        deed()


def _busy(*_: Any) -> Any:
    raise AssertionError("The database is keeping an action: nothing can be asked of it meanwhile.")


def _in_words(line: Any, gone: list[Put], with_leave_of: _Journey | None) -> bool:
    """Whether they go as words: where one is not known to PostgreSQL by a name, or somebody else listens to what is asked."""
    listening = line.execute_wrappers
    alone = not listening or (len(listening) == 1 and listening[0] is with_leave_of)
    return not alone or line.queries_logged or not all([one.name for one in gone])


def _values(put: list[Put]) -> list[Any]:
    return [value for one in put for value in one.values]


def _read(gone: list[Put], cursor: Any) -> None:
    """What each of them found; the cursor then stands at what comes after them."""
    for one in gone:
        if on_postgresql():
            one.found = cursor.fetchall() if cursor.pgresult.nfields else []  # what it says of its columns takes as long as to read them
            cursor.nextset()
        else:
            one.found = cursor.fetchall() if cursor.description else []
