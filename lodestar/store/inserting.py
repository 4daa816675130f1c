"""Putting rows into a table in words that are worked out once: finding Django's words costs more than carrying them out.

One row's words depend on its table alone, and so do those of many on PostgreSQL, which takes each column as one list. Each value
is prepared by its field as ever. Where the words depend on more than that, Django finds them each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field, Model
from django.db.models.sql import InsertQuery

from lodestar.store.guard import insist_permitted
from lodestar.store.queries.plain_sql import ask_planned, execute_together

Columns = Sequence["Field[Any, Any]"]
_words: dict[tuple[Any, ...], tuple[str, str]] = {}  # a name for the words, and the words themselves


def insert(model: type[Model], rows: Sequence[Model], columns: Columns, returning: Columns) -> list[Any] | None:
    """What the database gives back for each row, in order; None where Django must find the words, and nothing was written."""
    asked = _asked(model, rows, columns, returning)
    return ask_planned(*asked) if asked else None


def insert_together(rows: Iterable[Model]) -> None:
    """Write rows whose numbers nobody asks for, of each kind in the order given: on PostgreSQL all kinds in one journey."""
    kinds: dict[type[Model], list[Model]] = {}
    for row in rows:
        kinds.setdefault(type(row), []).append(row)
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        asked = [_asked(model, some, _columns(model), model._meta.db_returning_fields) for model, some in kinds.items()]
        if all(asked):
            for model in kinds:
                insist_permitted(model.__name__)
            execute_together([one for one in asked if one])
            return
    for model, some in kinds.items():
        model._default_manager.bulk_create(some)


@cache
def _columns(model: type[Model]) -> Columns:
    """All but the number, which the database gives."""
    return [column for column in model._meta.concrete_fields if column is not model._meta.auto_field]


def _asked(model: type[Model], rows: Sequence[Model], columns: Columns, returning: Columns) -> tuple[str, str, list[Any]] | None:
    """A name for the words, the words and their values."""
    line, several = connections[DEFAULT_DB_ALIAS], len(rows) > 1
    if not returning or (several and line.vendor != "postgresql"):
        return None
    values = [[column.pre_save(row, add=True) for column in columns] for row in rows]
    if any(hasattr(value, "resolve_expression") for row in values for value in row):
        return None
    key = (model, several, tuple(column.attname for column in columns), line.vendor)
    if key not in _words:
        _words[key] = _worked_out(model, rows, columns, returning)
    name, words = _words[key]
    if not words:
        return None
    prepared = [[column.get_db_prep_save(value, line) for column, value in zip(columns, row, strict=True)] for row in values]
    return name, words, [list(column) for column in zip(*prepared, strict=True)] if several else prepared[0]


def _worked_out(model: type[Model], rows: Sequence[Model], columns: Columns, returning: Columns) -> tuple[str, str]:
    """The words, or none where they are not the same for any row."""
    query = InsertQuery(model)
    query.insert_values(columns, rows)
    compiler = query.get_compiler(DEFAULT_DB_ALIAS)
    compiler.returning_fields = returning
    words, values = compiler.as_sql()[0]
    same = len(values) == len(columns) and not any(hasattr(column, "get_placeholder") for column in columns)
    return (f"insert_{sha256(words.encode()).hexdigest()[:32]}", words) if same else ("", "")
