"""Questions asked of the forecast are kept with their answers; and what a line received before the service began."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lodestar.store.migrations._append_only import protect, unprotect

WRITTEN_ONCE = ("earliercount", "forecastrun")


def put_on(apps, schema_editor):
    protect(schema_editor, WRITTEN_ONCE)


def take_off(apps, schema_editor):
    unprotect(schema_editor, WRITTEN_ONCE)



class Migration(migrations.Migration):

    dependencies = [
        ('store', '0014_known'),
    ]

    operations = [
        migrations.CreateModel(
            name='EarlierCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.CharField(max_length=40)),
                ('received_on', models.DateField()),
                ('recorded_on', models.DateField()),
                ('level', models.CharField(blank=True, max_length=30)),
                ('count', models.PositiveIntegerField()),
                ('source', models.CharField(max_length=160)),
                ('taken_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['line', 'received_on'], name='store_earli_line_934ee9_idx')],
            },
        ),
        migrations.CreateModel(
            name='ForecastRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.CharField(max_length=40)),
                ('about', models.CharField(max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('question', models.JSONField()),
                ('document', models.JSONField()),
                ('document_sha256', models.CharField(max_length=64)),
                ('playbook_hash', models.CharField(max_length=64)),
                ('seed', models.BigIntegerField()),
                ('runs', models.PositiveIntegerField()),
                ('engine', models.CharField(max_length=60)),
                ('answer', models.JSONField()),
                ('answer_sha256', models.CharField(max_length=64)),
                ('took_ms', models.PositiveIntegerField()),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['line', 'about', 'asked_at'], name='store_forec_line_60d47d_idx')],
            },
        ),
        migrations.RunPython(put_on, take_off),
    ]
