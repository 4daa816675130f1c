"""Who was in which engagement, kept beside the links by the database itself: whatever adds a link, or says whom one is of, keeps it."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

AFTER = ("store_link", "store_engagementperson")  # whichever of the two comes last makes the row
KEPT = """
    INSERT INTO store_presence (report_id, person_id, engagement_id, happened_at, role, nature, grading, how, rule)
    SELECT s.report_id, l.person_id, e.id, e.happened_at, s.role, s.nature, COALESCE(NULLIF(s.grading, ''), e.grading), l.how, l.rule
    FROM store_engagementperson s JOIN store_engagement e ON e.id = s.engagement_id JOIN store_link l ON l.report_id = s.report_id
    WHERE l.joined AND NOT EXISTS (SELECT 1 FROM store_link n WHERE n.report_id = l.report_id AND n.number > l.number)"""
KEEP = f"DELETE FROM store_presence WHERE report_id = NEW.report_id; {KEPT} AND s.report_id = NEW.report_id;"


def keep(apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    if postgres:
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION lodestar_presence() RETURNS trigger AS $$ BEGIN {KEEP} RETURN NULL; END; $$ LANGUAGE plpgsql"
        )
    for table in AFTER:
        deed = "EXECUTE FUNCTION lodestar_presence()" if postgres else f"BEGIN {KEEP} END"
        schema_editor.execute(f"CREATE TRIGGER {table}_presence AFTER INSERT ON {table} FOR EACH ROW {deed}")
    schema_editor.execute(KEPT)


def leave(apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    for table in AFTER:
        schema_editor.execute(f"DROP TRIGGER {table}_presence{f' ON {table}' if postgres else ''}")
    if postgres:
        schema_editor.execute("DROP FUNCTION lodestar_presence()")


def whole(to: str, **more: Any) -> models.Field[Any, Any]:
    return more.pop("kind", models.ForeignKey)(to=to, on_delete=django.db.models.deletion.PROTECT, db_constraint=False, related_name="+", **more)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0029_ready")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("report", whole("store.report", kind=models.OneToOneField, primary_key=True, serialize=False)),
                ("person", whole("store.person", db_index=False)),
                ("engagement", whole("store.engagement")),
                ("happened_at", models.DateTimeField()),
                ("role", models.CharField(max_length=20)),
                ("nature", models.CharField(max_length=10)),
                ("grading", models.CharField(blank=True, max_length=20)),
                ("how", models.CharField(max_length=20)),
                ("rule", models.CharField(blank=True, max_length=60)),
            ],
            options={"indexes": [models.Index(fields=["person", "happened_at", "engagement"], name="where_somebody_was")]},
        ),
        migrations.RunPython(keep, leave),
    ]
