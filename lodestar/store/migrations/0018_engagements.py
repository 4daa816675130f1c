"""Engagements: what agencies hold about people, as their sources stated it, and how each source is read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lodestar.store.migrations._append_only import protect, unprotect

WRITTEN_ONCE = ("engagement", "engagementperson", "sighting")


def put_on(apps, schema_editor):
    protect(schema_editor, WRITTEN_ONCE)


def take_off(apps, schema_editor):
    unprotect(schema_editor, WRITTEN_ONCE)


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0017_known_before'),
    ]

    operations = [
        migrations.CreateModel(
            name='Engagement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('source', models.CharField(max_length=80)),
                ('mapping_version', models.CharField(max_length=80)),
                ('external_id', models.CharField(max_length=120)),
                ('happened_at', models.DateTimeField()),
                ('precision', models.CharField(default='minute', max_length=10)),
                ('received_at', models.DateTimeField()),
                ('district', models.CharField(blank=True, max_length=20)),
                ('grading', models.CharField(blank=True, max_length=20)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('circumstances', models.TextField(blank=True)),
                ('raw', models.TextField()),
                ('raw_digest', models.CharField(max_length=64)),
                ('door', models.CharField(max_length=20)),
                ('row_number', models.PositiveIntegerField(null=True)),
                ('import_run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='engagements', to='store.importrun')),
                ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='EngagementMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('code', models.CharField(max_length=80)),
                ('title', models.CharField(max_length=160)),
                ('reason', models.TextField()),
                ('document', models.JSONField()),
                ('content_hash', models.CharField(max_length=64)),
                ('state', models.CharField(default='drafted', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('drafted_at', models.DateTimeField()),
                ('tried', models.JSONField(null=True)),
                ('tried_at', models.DateTimeField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('approval_reason', models.TextField(blank=True)),
                ('in_force_from', models.DateField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tried_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='EngagementPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('role', models.CharField(max_length=20)),
                ('said', models.TextField(blank=True)),
                ('nature', models.CharField(max_length=10)),
                ('grading', models.CharField(blank=True, max_length=20)),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='store.engagement')),
                ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='stated', to='store.report')),
            ],
        ),
        migrations.CreateModel(
            name='EngagementLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('district', models.CharField(blank=True, max_length=20)),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(default='waiting', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('looked_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=20)),
                ('finding', models.TextField(blank=True)),
                ('looked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stated', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='look', to='store.engagementperson')),
            ],
        ),
        migrations.CreateModel(
            name='Sighting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said', models.TextField(blank=True)),
                ('nature', models.CharField(max_length=10)),
                ('grading', models.CharField(blank=True, max_length=20)),
                ('at', models.DateTimeField()),
                ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sightings', to='store.engagement')),
                ('thing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sightings', to='store.thing')),
            ],
        ),
        migrations.AddIndex(
            model_name='engagement',
            index=models.Index(fields=['kind', 'happened_at'], name='store_engag_kind_da98f3_idx'),
        ),
        migrations.AddIndex(
            model_name='engagement',
            index=models.Index(fields=['received_at'], name='store_engag_receive_336d4a_idx'),
        ),
        migrations.AddConstraint(
            model_name='engagement',
            constraint=models.UniqueConstraint(fields=('source', 'external_id'), name='one_engagement_an_id'),
        ),
        migrations.AddIndex(
            model_name='engagementmapping',
            index=models.Index(fields=['code', 'state'], name='store_engag_code_a2f442_idx'),
        ),
        migrations.AddConstraint(
            model_name='engagementperson',
            constraint=models.UniqueConstraint(fields=('engagement', 'number'), name='one_engagement_person_a_number'),
        ),
        migrations.AddIndex(
            model_name='engagementlook',
            index=models.Index(fields=['state', 'asked_at'], name='store_engag_state_b4bd71_idx'),
        ),
        migrations.AddIndex(
            model_name='sighting',
            index=models.Index(fields=['thing', 'at'], name='store_sight_thing_i_cd241e_idx'),
        ),
        migrations.AddField(
            model_name='news',
            name='engagement',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='news', to='store.engagement'),
        ),
        migrations.RunPython(put_on, take_off),
    ]
