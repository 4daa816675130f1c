"""People are looked up by how a name begins: an index that serves just that question, in each database's own words.

Django asks ``UPPER(name) LIKE 'ADA%'`` of PostgreSQL and ``name LIKE 'ada%'`` of SQLite, and no index of a model serves both.
SQLite forgets these where a later migration remakes the table; the test of the plan (tests/actions/test_search.py) says so.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

COLUMNS = ("given_name", "family_name")
INDEXED = {"postgresql": "UPPER({0}) text_pattern_ops", "sqlite": "{0} COLLATE NOCASE"}


def make(apps: Any, schema_editor: Any) -> None:
    for column in COLUMNS:
        by = INDEXED[schema_editor.connection.vendor].format(column)
        schema_editor.execute(f"CREATE INDEX person_begins_{column} ON store_person ({by})")


def drop(apps: Any, schema_editor: Any) -> None:
    for column in COLUMNS:
        schema_editor.execute(f"DROP INDEX person_begins_{column}")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0026_labels")]
    operations: ClassVar = [migrations.RunPython(make, drop)]
