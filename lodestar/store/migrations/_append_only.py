"""Triggers by which the database itself refuses to change or delete history, in SQLite's words and in PostgreSQL's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.migrations import RunPython
from django.db.migrations.operations.base import Operation

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION lodestar_append_only() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME;
END;
$$ LANGUAGE plpgsql
"""


def protect(schema_editor, names: Iterable[str]) -> None:
    """Put the triggers on: SQLite and PostgreSQL say the same thing in their own words."""
    postgres = schema_editor.connection.vendor == "postgresql"
    if postgres:
        schema_editor.execute(POSTGRES_FUNCTION, params=None)  # its % is PL/pgSQL's, not a place for a value
    for name in names:
        table = f"store_{name}"
        if postgres:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION lodestar_append_only()"
            )
            continue
        for deed in ("UPDATE", "DELETE"):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or deleted'); END"
            )


def unprotect(schema_editor, names: Iterable[str]) -> None:
    """Take the triggers off, for a migration backwards."""
    for name in names:
        table = f"store_{name}"
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
        else:
            for deed in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{deed}")


def remade(names: Sequence[str], *operations: Operation) -> list[Operation]:
    """Operations on tables that are append-only: SQLite makes a changed table anew, without its triggers."""

    def put_on(apps, schema_editor):
        protect(schema_editor, names)

    def take_off(apps, schema_editor):
        unprotect(schema_editor, names)

    return [RunPython(take_off, put_on), *operations, RunPython(put_on, take_off)]
