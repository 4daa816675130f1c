"""Leads, the people each rests on, and what somebody said that an object is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lodestar.store.migrations._append_only import protect, unprotect

WRITTEN_ONCE = ("leadperson", "thingkind")


def put_on(apps, schema_editor):
    protect(schema_editor, WRITTEN_ONCE)


def take_off(apps, schema_editor):
    unprotect(schema_editor, WRITTEN_ONCE)


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0023_linking'),
    ]

    operations = [
        migrations.CreateModel(
            name='Lead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('key', models.CharField(max_length=240)),
                ('reason', models.TextField()),
                ('facts', models.JSONField()),
                ('missing', models.PositiveIntegerField()),
                ('sources', models.PositiveIntegerField()),
                ('last_at', models.DateTimeField()),
                ('rules_hash', models.CharField(max_length=64)),
                ('raised_at', models.DateTimeField()),
                ('because', models.CharField(blank=True, max_length=240)),
                ('state', models.CharField(default='raised', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('attention', models.CharField(blank=True, max_length=240)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_reason', models.TextField(blank=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('matter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='store.matter')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leads', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.person')),
                ('task', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='store.task')),
                ('thing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.thing')),
            ],
        ),
        migrations.CreateModel(
            name='LeadPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='store.lead')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.person')),
            ],
        ),
        migrations.CreateModel(
            name='ThingKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='said_to_be', to='store.thing')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(fields=['state', '-missing'], name='store_lead_state_a2427a_idx'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(fields=['raised_at'], name='store_lead_raised__b1b4ae_idx'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(fields=['key'], name='store_lead_key_a30f1d_idx'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'raised')), fields=('key',), name='one_lead_waiting_a_key'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('raised', 'accepted', 'dismissed', 'lapsed'))), name='a_lead_stands_in_its_table'),
        ),
        migrations.AddIndex(
            model_name='leadperson',
            index=models.Index(fields=['person'], name='store_leadp_person__1b1249_idx'),
        ),
        migrations.AddConstraint(
            model_name='leadperson',
            constraint=models.UniqueConstraint(fields=('lead', 'person'), name='one_person_a_lead'),
        ),
        migrations.RunPython(put_on, take_off),
    ]
