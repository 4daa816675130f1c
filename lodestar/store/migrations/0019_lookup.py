"""The words that reports are found by while a caller speaks."""

import django.db.models.deletion
from django.db import migrations, models

from lodestar.store.migrations._append_only import protect, unprotect

def guard(apps, schema_editor):
    protect(schema_editor, ["reportword"])


def unguard(apps, schema_editor):
    unprotect(schema_editor, ["reportword"])


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0018_engagements"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40)),
                (
                    "report",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="words", to="store.report"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["word", "report"], name="store_repor_word_70703b_idx"),
                    models.Index(fields=["report"], name="store_repor_report__6ff7b6_idx"),
                ],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
