"""Statements are found by what they share, and models of linkage are governed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lodestar.store.migrations._append_only import protect, unprotect

WRITTEN_ONCE = ("blockingkey", "commonvalues", "modelapproval", "modelinforce")


def put_on(apps, schema_editor):
    protect(schema_editor, WRITTEN_ONCE)


def take_off(apps, schema_editor):
    unprotect(schema_editor, WRITTEN_ONCE)


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0022_reviewing'),
    ]

    operations = [
        migrations.CreateModel(
            name='CommonValues',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('counted_at', models.DateTimeField()),
                ('size', models.PositiveIntegerField()),
                ('labels', models.PositiveIntegerField()),
                ('document', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IdentityModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('reason', models.TextField()),
                ('document', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('trained_on', models.PositiveIntegerField()),
                ('snapshot', models.CharField(max_length=64)),
                ('labels', models.PositiveIntegerField()),
                ('link_from', models.FloatField(null=True)),
                ('report', models.JSONField()),
                ('state', models.CharField(default='proposed', max_length=20)),
                ('version', models.PositiveIntegerField(default=1)),
                ('proposed_at', models.DateTimeField()),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ModelApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('reason', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='store.identitymodel')),
            ],
        ),
        migrations.CreateModel(
            name='ModelInForce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField()),
                ('how', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('reason', models.TextField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('model', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='in_force', to='store.identitymodel')),
            ],
        ),
        migrations.CreateModel(
            name='BlockingKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BigIntegerField()),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.person')),
                ('report', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.report')),
            ],
            options={
                'indexes': [models.Index(fields=['key', 'report', 'person'], name='found_by_block')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', True), ('report__isnull', False)), models.Q(('person__isnull', False), ('report__isnull', True)), _connector='OR'), name='a_key_is_of_a_report_or_a_person')],
            },
        ),
        migrations.AddConstraint(
            model_name='identitymodel',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('proposed', 'agreed_once', 'approved', 'dropped'))), name='an_identity_model_stands_in_its_table'),
        ),
        migrations.AddConstraint(
            model_name='modelapproval',
            constraint=models.UniqueConstraint(fields=('model', 'by'), name='one_word_a_person_on_a_model'),
        ),
        migrations.AddIndex(
            model_name='modelinforce',
            index=models.Index(fields=['from_at'], name='store_model_from_at_2f4e92_idx'),
        ),
        migrations.RunPython(put_on, take_off),
    ]
