"""Questions whose words are worked out once: asked again at another instant they cost the database's own time only.

Every open board asks the same two questions after each change, and putting a question into SQL took three times as long as
answering it. The words are kept by all that they depend on but the instant; answers are never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

from lodestar.store.queries.journeys import on_postgresql, put
from lodestar.store.queries.plain_sql import ask as ask_plainly
from lodestar.store.queries.plain_sql import instant, name_for, put_numbered

# Stands where the instant goes while a question is put into words: no instant that anybody asks about.
STAND_IN = datetime(1900, 1, 1, 0, 0, 0, 123_456, tzinfo=UTC)
MOST = 1024
LARGEST = 2**63 - 1  # no database gives a larger number

Value = int | str | datetime
# The same for the values of a question that is asked by more than the instant: no two alike, and nothing that is on record.
_STANDS: Mapping[type, Callable[[int], Value]] = {
    int: lambda place: 2**62 + place,
    str: lambda place: f"\0{place}",
    datetime: lambda place: STAND_IN + timedelta(hours=1 + place),
}

Row = TypeVar("Row", bound=Model)

Build = Callable[[datetime], "QuerySet[Any, Any]"]


class _Kept:
    """One question in SQL: its words, its parameters, which of them are the instant, and how its answers are read."""

    def __init__(self, question: QuerySet[Any, Any]) -> None:
        compiler = question.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            self.words, self.params = compiler.as_sql()
        except EmptyResultSet:  # nothing at all can answer it, so the database is not asked
            self.words, self.params = "", ()
        instant = connection.ops.adapt_datetimefield_value(STAND_IN)
        self.instants = tuple(place for place, value in enumerate(self.params) if value in (STAND_IN, instant))
        self.converters = compiler.get_converters([column[0] for column in compiler.select or ()]) if self.words else {}
        self.compiler = compiler

    def ask(self, at: datetime) -> list[Any]:
        if not self.words:
            return []
        params, now = list(self.params), connection.ops.adapt_datetimefield_value(at)
        for place in self.instants:
            params[place] = now
        return self.rows(params)

    def rows(self, params: Sequence[Any]) -> list[Any]:
        return self.read(ask_plainly(self.words, params))

    def read(self, rows: list[Any]) -> list[Any]:
        read = self.compiler.apply_converters(rows, self.converters) if self.converters else rows
        return [tuple(row) for row in read]


def ask(build: Build, *, by: Hashable, at: datetime) -> list[Any]:
    """The rows that ``build(at)``, a list of values, would give.

    ``by`` names everything else that the question depends on: two that differ in anything but the instant must differ in it.
    """
    return _kept(_By((build.__module__, build.__qualname__, by), build)).ask(at)


class _By:
    """A question's key, with the way to build it, which is no part of the key."""

    __slots__ = ("build", "key")

    def __init__(self, key: Hashable, build: Build) -> None:
        self.key, self.build = key, build

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _By) and self.key == other.key


def found(build: Callable[..., QuerySet[Any, Any]], *values: Value) -> list[Any]:
    """The rows that ``build(*values)``, a list of values, would give: for a question that is asked all day in the same words.

    ``build`` depends on nothing but the values, each a number, a text or an instant. PostgreSQL plans it once a connection.
    """
    return soon(build, *values)()


def soon(build: Callable[..., QuerySet[Any, Any]], *values: Value) -> Callable[[], list[Any]]:
    """The same for what may go with the next thing asked: the rows are had by calling what this gives."""
    return _of(build, values).soon(values)


def rows_soon(build: Callable[..., QuerySet[Row, Row]], *values: Value) -> Callable[[], list[Row]]:
    """The same for a question that finds whole rows of one model, and nothing beside them."""
    return _of(build, values).rows_soon(values)


def _of(build: Callable[..., QuerySet[Any, Any]], values: Sequence[Value]) -> _Found:
    kinds = tuple(_kind(value) for value in values)
    return _found(_By((build.__module__, build.__qualname__, kinds), build))


class _Found:
    """One question in SQL, where each value is one of its parameters, at one place or at several."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], kinds: Sequence[type]) -> None:
        stands = [_STANDS[kind](place) for place, kind in enumerate(kinds)]
        question = build(*stands)
        self.kept, self.model = _Kept(question), question.model
        adapted = [_adapted(stand) for stand in stands]
        self.places = [adapted.index(value) if value in adapted else None for value in self.kept.params]
        if {place for place in self.places if place is not None} != set(range(len(kinds))):
            raise TypeError(f"{build.__qualname__} does not ask by each of its values")
        first, *rest = self.kept.words.split("%s")
        marks = ("%s" if place is None else f"${place + 1}" for place in self.places)
        self.planned = first + "".join(f"{mark}{part}" for mark, part in zip(marks, rest, strict=True))
        self.fixed = [value for place, value in zip(self.places, self.kept.params, strict=True) if place is None]
        self.name = name_for("kept", f"{self.planned}{self.fixed}")

    def soon(self, values: Sequence[Value]) -> Callable[[], list[Any]]:
        told = [_adapted(value) for value in values]
        if on_postgresql():
            asked = put_numbered(self.name, self.planned, self.fixed, told)
        else:
            places = zip(self.places, self.kept.params, strict=True)
            asked = put(self.kept.words, [value if place is None else told[place] for place, value in places])
        return lambda: self.kept.read(asked.rows())

    def rows_soon(self, values: Sequence[Value]) -> Callable[[], list[Any]]:
        asked, names = self.soon(values), _names(self.model)
        return lambda: [self.model.from_db(DEFAULT_DB_ALIAS, names, one) for one in asked()]


def _kind(value: Value) -> type:
    return type(value) if type(value) in _STANDS else next(kind for kind in _STANDS if isinstance(value, kind))


def _adapted(value: Value) -> Any:
    return instant(value) if isinstance(value, datetime) else value


def row(model: type[Row], pk: int) -> Row | None:
    """The row of this number, or none: what a claim of any record asks first."""
    return row_soon(model, pk)()


def row_soon(model: type[Row], pk: int) -> Callable[[], Row | None]:
    """The same for what may go with the next thing asked."""
    if not 0 <= pk <= LARGEST:
        return lambda: None
    asked = _by_number(model).rows_soon([pk])
    return lambda: next(iter(asked()), None)


def of_number(model: type[Row], pk: int) -> Row:
    """The row of a number that is known to be one's."""
    return of_number_soon(model, pk)()


def of_number_soon(model: type[Row], pk: int) -> Callable[[], Row]:
    """The same for what may go with the next thing asked."""
    asked = row_soon(model, pk)

    def found() -> Row:
        known = asked()
        if known is None:
            raise model.DoesNotExist  # type: ignore[attr-defined]
        return known

    return found


@lru_cache(maxsize=MOST)
def _names(model: type[Model]) -> list[str]:
    return [one.attname for one in model._meta.concrete_fields]


@lru_cache(maxsize=MOST)
def _by_number(model: type[Model]) -> _Found:
    return _Found(lambda pk: model._default_manager.filter(pk=pk), [int])


@lru_cache(maxsize=MOST)
def _found(by: _By) -> _Found:
    return _Found(by.build, by.key[-1])


@lru_cache(maxsize=MOST)
def _kept(by: _By) -> _Kept:
    return _Kept(by.build(STAND_IN))
