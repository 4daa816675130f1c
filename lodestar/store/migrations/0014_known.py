"""Every value that a measure reads and an action overwrites is kept from now on."""

import django.db.models.deletion
from django.db import migrations, models

from lodestar.store.migrations._append_only import protect, unprotect

WRITTEN_ONCE = ("matterknown", "personknown", "obligationknown")


def put_on(apps, schema_editor):
    protect(schema_editor, WRITTEN_ONCE)


def take_off(apps, schema_editor):
    unprotect(schema_editor, WRITTEN_ONCE)


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0013_board"),
    ]

    operations = [
        migrations.CreateModel(
            name='MatterKnown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('known_from', models.DateTimeField()),
                ('written_at', models.DateTimeField()),
                ('state', models.CharField(max_length=20)),
                ('district', models.CharField(max_length=20)),
                ('since_from', models.DateTimeField(null=True)),
                ('since_to', models.DateTimeField(null=True)),
                ('reported_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField()),
                ('looked_after', models.BooleanField(null=True)),
                ('located_at', models.DateTimeField(null=True)),
                ('located_from', models.DateTimeField(null=True)),
                ('located_to', models.DateTimeField(null=True)),
                ('returned_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=40)),
                ('first_level', models.CharField(blank=True, max_length=30)),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='known', to='store.matter')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.person')),
            ],
            options={
                'indexes': [models.Index(fields=['matter', 'known_from'], name='store_matte_matter__eb09cb_idx'), models.Index(fields=['reported_at'], name='store_matte_reporte_a47afc_idx')],
            },
        ),
        migrations.CreateModel(
            name='ObligationKnown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('known_from', models.DateTimeField()),
                ('written_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('deed_id', models.BigIntegerField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('obligation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='known', to='store.obligation')),
            ],
            options={
                'indexes': [models.Index(fields=['obligation', 'known_from'], name='store_oblig_obligat_a5994c_idx'), models.Index(fields=['due_at'], name='store_oblig_due_at_0186be_idx')],
            },
        ),
        migrations.CreateModel(
            name='PersonKnown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('known_from', models.DateTimeField()),
                ('written_at', models.DateTimeField()),
                ('birth_date', models.DateField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='known', to='store.person')),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'known_from'], name='store_perso_person__0f038b_idx')],
            },
        ),
        migrations.RunPython(put_on, take_off),
    ]
