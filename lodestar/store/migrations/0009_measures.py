"""A kept figure says what was known when it was computed, and carries a hash of its content."""

from django.db import migrations, models

from lodestar.store.migrations._append_only import protect, unprotect

REMADE = ("figure",)  # SQLite makes a changed table anew, without its triggers


def put_on(apps, schema_editor):
    protect(schema_editor, REMADE)


def take_off(apps, schema_editor):
    unprotect(schema_editor, REMADE)


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0008_tasking_live"),
    ]

    operations = [
        migrations.RunPython(take_off, put_on),
        migrations.AddField(model_name="figure", name="known_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="figure", name="content_hash", field=models.CharField(blank=True, max_length=64)),
        migrations.RunPython(put_on, take_off),
    ]
