"""History cannot be rewritten, even by hand: the database itself refuses update and delete."""

from __future__ import annotations

from django.db import migrations

from lodestar.store.migrations._append_only import protect, unprotect

APPEND_ONLY = (
    "alert",
    "acceptedrisk",
    "assessment",
    "auditrow",
    "auditseal",
    "breach",
    "change",
    "decision",
    "deed",
    "disclosure",
    "figure",
    "grade",
    "holding",
    "laddertold",
    "link",
    "matterreport",
    "matterstep",
    "receipt",
    "report",
    "riskfact",
    "sealedrow",
    "taskstep",
)


def put_on(apps, schema_editor):
    protect(schema_editor, APPEND_ONLY)


def take_off(apps, schema_editor):
    unprotect(schema_editor, APPEND_ONLY)


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]  # noqa: RUF012
    operations = [migrations.RunPython(put_on, take_off)]  # noqa: RUF012
