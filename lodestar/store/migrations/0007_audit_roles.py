"""However many roles somebody holds, what they do can be written down."""

from django.db import migrations, models

from lodestar.store.migrations._append_only import protect, unprotect

REMADE = ("auditrow",)  # SQLite makes a changed table anew, without its triggers


def put_on(apps, schema_editor):
    protect(schema_editor, REMADE)


def take_off(apps, schema_editor):
    unprotect(schema_editor, REMADE)


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0006_work'),
    ]

    operations = [
        migrations.RunPython(take_off, put_on),
        migrations.AlterField(
            model_name='auditrow',
            name='roles',
            field=models.TextField(blank=True),
        ),
        migrations.RunPython(put_on, take_off),
    ]
