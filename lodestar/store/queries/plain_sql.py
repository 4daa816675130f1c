"""Asking in plain SQL that SQLite and PostgreSQL both know, where a model for each row would cost more than the rows."""

from __future__ import annotations

from collections.abc import Collection, Sized
from typing import Any

from django.db import connection


def ask(words: str, values: Collection[Any]) -> list[Any]:
    """What the words find; a value is bound in each place that is marked, never written into them."""
    with connection.cursor() as cursor:
        cursor.execute(words, list(values))
        return cursor.fetchall()


def marks(values: Sized) -> str:
    """A place for each value of a list."""
    return ", ".join(["%s"] * len(values))
