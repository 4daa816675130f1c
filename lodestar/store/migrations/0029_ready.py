"""What is compared of whoever no report states is kept ready; `lodestar identity index` fills it, and until then it is made at each look.

SQLite remakes the table for a column that is never null, and forgets the indexes by which a name begins (0027): they are made again.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


def make_again(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for column in ("given_name", "family_name"):
            schema_editor.execute(f"CREATE INDEX IF NOT EXISTS person_begins_{column} ON store_person ({column} COLLATE NOCASE)")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0028_people")]
    operations: ClassVar = [
        migrations.RunPython(migrations.RunPython.noop, make_again),  # on the way back this is last
        migrations.AddField("person", "ready", models.TextField(blank=True)),
        migrations.AddField("person", "ready_of", models.CharField(blank=True, max_length=20)),
        migrations.RunPython(make_again, migrations.RunPython.noop),
    ]
