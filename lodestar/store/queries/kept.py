"""Questions whose words are worked out once: asked again at another instant they cost the database's own time only.

Every open board asks the same two questions after each change, and putting a question into SQL took three times as long as
answering it. The words are kept by all that they depend on but the instant; answers are never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

# Stands where the instant goes while a question is put into words: no instant that anybody asks about.
STAND_IN = datetime(1900, 1, 1, 0, 0, 0, 123_456, tzinfo=UTC)
MOST = 1024
LARGEST = 2**63 - 1  # no database gives a larger number

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
        with connection.cursor() as cursor:
            cursor.execute(self.words, params)
            rows = cursor.fetchall()
        read = self.compiler.apply_converters(rows, self.converters) if self.converters else rows
        return [tuple(row) for row in read]


def ask(build: Build, *, by: Hashable, at: datetime) -> list[Any]:
    """The rows that ``build(at)``, a list of values, would give.

    ``by`` names everything else that the question depends on: two that differ in anything but the instant must differ in it.
    """
    return _kept(_By((build.__module__, build.__qualname__, connection.vendor, by), build)).ask(at)


class _By:
    """A question's key, with the way to build it, which is no part of the key."""

    __slots__ = ("build", "key")

    def __init__(self, key: Hashable, build: Build) -> None:
        self.key, self.build = key, build

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _By) and self.key == other.key


def row(model: type[Row], pk: int) -> Row | None:
    """The row of this number, or none: what a claim of any record asks first."""
    if not 0 <= pk <= LARGEST:
        return None
    found = _by_number(model, connection.vendor).rows([pk])
    return model.from_db(DEFAULT_DB_ALIAS, [one.attname for one in model._meta.concrete_fields], found[0]) if found else None


@lru_cache(maxsize=MOST)
def _by_number(model: type[Model], _vendor: str) -> _Kept:
    return _Kept(model._default_manager.filter(pk=1))


@lru_cache(maxsize=MOST)
def _kept(by: _By) -> _Kept:
    return _Kept(by.build(STAND_IN))
