"""Putting rows into a table, and changing one, in words that are worked out once: finding Django's costs more than carrying them out.

One row's words depend on its table alone, and so do those of many on PostgreSQL, which takes each column as one list. Each value
is prepared by its field as ever. Where the words depend on more than that, Django finds them each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    Model,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    TextField,
)
from django.db.models.sql import InsertQuery

from lodestar.store.guard import insist_permitted
from lodestar.store.queries.journeys import Put, on_postgresql, our_line
from lodestar.store.queries.plain_sql import name_for, put_planned

Columns = Sequence["Field[Any, Any]"]
Told = Sequence[tuple[str, frozenset[type], "Field[Any, Any]"]]  # a column's name, the types that it hands on as they are, its field
# What Django's own field of a kind hands on unchanged: to ask it of every value of every row took longer than to write them.
_AS_IT_IS: Mapping[type, type] = {
    **dict.fromkeys((CharField, TextField), str),
    **dict.fromkeys((BigAutoField, BigIntegerField, PositiveIntegerField, PositiveSmallIntegerField), int),
    BooleanField: bool,
    DateTimeField: datetime,  # with a zone
}
_words: dict[tuple[Any, ...], tuple[str, str]] = {}  # a name for the words, and the words themselves


def insert(model: type[Model], rows: Sequence[Model], columns: Columns, returning: Columns) -> list[Any] | None:
    """What the database gives back for each row, in order; None where Django must find the words, and nothing was written."""
    asked = _put(model, rows, columns, returning)
    return asked.rows() if asked else None


def insert_soon(rows: Sequence[Model]) -> Callable[[], None]:
    """Write rows of one kind; on PostgreSQL they go with the next thing asked, and have their numbers once this gives them."""
    model = type(rows[0])
    insist_permitted(model.__name__)
    returning = model._meta.db_returning_fields
    asked = _put(model, rows, _columns(model), returning)
    if asked is None:
        model._default_manager.bulk_create(rows)
        return lambda: None

    def number() -> None:
        for row, given in zip(rows, asked.rows(), strict=True):
            for column, value in zip(returning, given, strict=True):
                setattr(row, column.attname, value)
            row._state.adding = False

    return number


def insert_together(rows: Iterable[Model]) -> None:
    """Write rows whose numbers nobody asks for, of each kind in the order given; on PostgreSQL they go with the next thing asked."""
    kinds: dict[type[Model], list[Model]] = {}
    for row in rows:
        kinds.setdefault(type(row), []).append(row)
    for model, some in kinds.items():
        insist_permitted(model.__name__)
        if _put(model, some, _columns(model), model._meta.db_returning_fields) is None:
            model._default_manager.bulk_create(some)


def insert_values(model: type[Model], values: Sequence[Mapping[str, Any]]) -> None:
    """The same for rows that are told by plain values alone, which the fields hand on as they are: no model is made of each."""
    if not values:
        return
    insist_permitted(model.__name__)
    names = tuple(values[0])
    key = (model, True, names)
    if key not in _words and on_postgresql():
        columns = [column for *_, column in _told(model, names)]
        _words[key] = _worked_out(model, [model(**values[0])] * 2, columns, model._meta.db_returning_fields)
    name, words = _words.get(key, ("", ""))
    if words:
        put_planned(name, words, [[one[name] for one in values] for name in names])
    else:
        model._default_manager.bulk_create([model(**one) for one in values])


def mirror(row: Model, values: Mapping[str, Any]) -> None:
    """Write what a row mirrors of others, whatever its version is; on PostgreSQL it goes with the next thing asked."""
    for name, value in values.items():
        setattr(row, name, value)
    words, told = _said(row, values, "id = %s")
    put_planned(name_for("mirror", words), words, [*told, row.pk])


def change(row: Model, values: Mapping[str, Any], *, version: int) -> bool:
    """Change a row where it has this version still, which is one more from now on; whether it was changed."""
    words, told = _said(row, values, "id = %s AND version = %s", "version = version + 1")
    if on_postgresql():
        return bool(put_planned(name_for("change", words), f"{words} RETURNING 1", [*told, row.pk, version]).rows())
    with our_line().cursor() as cursor:
        cursor.execute(words, [*told, row.pk, version])
        return bool(cursor.rowcount)


def _said(row: Model, values: Mapping[str, Any], where: str, *more: str) -> tuple[str, list[Any]]:
    """A row's new values in words, each in its place, and the values as the database takes them."""
    model, line = type(row), our_line()
    insist_permitted(model.__name__)
    columns: list[Field[Any, Any]] = [model._meta.get_field(name) for name in values]  # type: ignore[misc]
    given = [value.pk if isinstance(value, Model) else value for value in values.values()]
    places = ", ".join([*(f'"{one.column}" = %s' for one in columns), *more])
    told = [one.get_db_prep_save(value, line) for one, value in zip(columns, given, strict=True)]
    return f"UPDATE {model._meta.db_table} SET {places} WHERE {where}", told


@cache
def _columns(model: type[Model]) -> Columns:
    """All but the number, which the database gives."""
    return [column for column in model._meta.concrete_fields if column is not model._meta.auto_field]


def _put(model: type[Model], rows: Sequence[Model], columns: Columns, returning: Columns) -> Put | None:
    """The rows on their way; None where Django must find the words."""
    several = len(rows) > 1
    if not returning or (several and not on_postgresql()):
        return None
    names = tuple(column.attname for column in columns)
    told = _told(model, names)
    prepared = [_prepared(row, told) for row in rows]
    if None in prepared:
        return None
    key = (model, several, names)
    if key not in _words:
        _words[key] = _worked_out(model, rows, columns, returning)
    name, words = _words[key]
    if not words:
        return None
    values = [list(column) for column in zip(*prepared, strict=True)] if several else prepared[0]  # type: ignore[arg-type]
    return put_planned(name, words, values)  # type: ignore[arg-type]


@cache
def _told(model: type[Model], names: tuple[str, ...]) -> Told:
    columns = {column.attname: column for column in model._meta.concrete_fields}
    return tuple((name, _as_it_is(columns[name]), columns[name]) for name in names)


def _prepared(row: Model, told: Told) -> list[Any] | None:
    """What a row's fields make of its values; None where the database is to work one out. What stays as it is is not asked about."""
    found: list[Any] = []
    values, line = row.__dict__, None
    for name, as_it_is, column in told:
        value = values[name] if name in values else getattr(row, name)
        kind = type(value)
        if kind not in as_it_is or (kind is datetime and value.tzinfo is None):
            line = line or our_line()
            value = column.pre_save(row, add=True)
            if hasattr(value, "resolve_expression"):
                return None
            value = column.get_db_prep_save(value, line)
        found.append(value)
    return found


def _as_it_is(column: Field[Any, Any]) -> frozenset[type]:
    """The types of which a field hands on a value as it was given."""
    told = column.target_field if column.is_relation else column
    sets_itself = getattr(column, "auto_now", False) or getattr(column, "auto_now_add", False)
    if sets_itself or (type(told) is DateTimeField and not on_postgresql()):
        return frozenset()
    return frozenset({_AS_IT_IS[type(told)], type(None)} if type(told) in _AS_IT_IS else ())


def _worked_out(model: type[Model], rows: Sequence[Model], columns: Columns, returning: Columns) -> tuple[str, str]:
    """The words, or none where they are not the same for any row."""
    query = InsertQuery(model)
    query.insert_values(columns, rows)
    compiler = query.get_compiler(DEFAULT_DB_ALIAS)
    compiler.returning_fields = returning
    words, values = compiler.as_sql()[0]
    same = len(values) == len(columns) and not any(hasattr(column, "get_placeholder") for column in columns)
    return (name_for("insert", words), words) if same else ("", "")
