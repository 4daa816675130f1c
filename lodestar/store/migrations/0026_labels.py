"""Whoever undoes a join has said "not the same": a label without an answer."""

import django.db.models.deletion
from django.db import migrations, models

from lodestar.store.migrations._append_only import protect, unprotect

REMADE = ("label",)  # SQLite makes a changed table anew, without its triggers


def put_on(apps, schema_editor):
    protect(schema_editor, REMADE)


def take_off(apps, schema_editor):
    unprotect(schema_editor, REMADE)


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0025_parting'),
    ]

    operations = [
        migrations.RunPython(take_off, put_on),
        migrations.AlterField(
            model_name='label',
            name='answer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='labels', to='store.reviewanswer'),
        ),
        migrations.RunPython(put_on, take_off),
    ]
