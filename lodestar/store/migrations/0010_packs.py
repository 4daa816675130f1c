"""Meetings and their packs; what a meeting decided and what was frozen of it are never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lodestar.store.migrations._append_only import protect, unprotect

WRITTEN_ONCE = ("meetingdecision", "pack")


def put_on(apps, schema_editor):
    protect(schema_editor, WRITTEN_ONCE)


def take_off(apps, schema_editor):
    unprotect(schema_editor, WRITTEN_ONCE)


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0009_measures'),
    ]

    operations = [
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('template', models.CharField(max_length=40)),
                ('template_from', models.DateField()),
                ('template_hash', models.CharField(max_length=64)),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(default='planned', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('planned_at', models.DateTimeField()),
                ('prepared_at', models.DateTimeField(null=True)),
                ('agenda', models.JSONField(default=list)),
                ('held_at', models.DateTimeField(null=True)),
                ('attended', models.TextField(blank=True)),
                ('left_reason', models.TextField(blank=True)),
                ('not_held_at', models.DateTimeField(null=True)),
                ('not_held_reason', models.TextField(blank=True)),
                ('published_version', models.PositiveIntegerField(default=0)),
                ('chair', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='chaired', to=settings.AUTH_USER_MODEL)),
                ('not_held_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('prepared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='MeetingDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('key', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('decision', models.TextField()),
                ('reason', models.TextField()),
                ('narrative', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deed', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.deed')),
                ('matter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='meeting_decisions', to='store.matter')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='store.meeting')),
            ],
        ),
        migrations.CreateModel(
            name='MeetingAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField()),
                ('due_at', models.DateTimeField()),
                ('made_at', models.DateTimeField()),
                ('state', models.CharField(default='open', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.TextField(blank=True)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('matter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='meeting_actions', to='store.matter')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='store.meeting')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meeting_actions', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='store.meetingdecision')),
            ],
        ),
        migrations.CreateModel(
            name='Pack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('frozen_at', models.DateTimeField()),
                ('content', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('forms', models.JSONField()),
                ('reason', models.TextField(blank=True)),
                ('frozen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='store.meeting')),
            ],
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(fields=['state', 'due_at'], name='store_meeti_state_6e1729_idx'),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(fields=['template', 'due_at'], name='store_meeti_templat_70d79f_idx'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.UniqueConstraint(fields=('template', 'due_at'), name='one_meeting_a_time'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('planned', 'prepared', 'held', 'frozen', 'published', 'not_held'))), name='a_meeting_stands_in_its_table'),
        ),
        migrations.AddIndex(
            model_name='meetingdecision',
            index=models.Index(fields=['matter'], name='store_meeti_matter__abe4c1_idx'),
        ),
        migrations.AddConstraint(
            model_name='meetingdecision',
            constraint=models.UniqueConstraint(fields=('meeting', 'number'), name='one_meeting_decision_a_number'),
        ),
        migrations.AddIndex(
            model_name='meetingaction',
            index=models.Index(fields=['state', 'due_at'], name='store_meeti_state_af13fa_idx'),
        ),
        migrations.AddConstraint(
            model_name='meetingaction',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('open', 'done', 'dropped'))), name='a_meeting_action_stands_in_its_table'),
        ),
        migrations.AddConstraint(
            model_name='pack',
            constraint=models.UniqueConstraint(fields=('meeting', 'version'), name='one_pack_a_version'),
        ),
        migrations.RunPython(put_on, take_off),
    ]
