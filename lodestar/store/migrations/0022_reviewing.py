"""What people answered when asked who a report is about, and the labels that models learn from."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lodestar.store.migrations._append_only import protect, unprotect

WRITTEN_ONCE = ("reviewanswer", "label")


def put_on(apps, schema_editor):
    protect(schema_editor, WRITTEN_ONCE)


def take_off(apps, schema_editor):
    unprotect(schema_editor, WRITTEN_ONCE)


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0021_known_of_whom'),
    ]

    operations = [
        migrations.AddField(
            model_name='linkquestion',
            name='double',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='linkquestion',
            name='truth',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.person'),
        ),
        migrations.AddField(
            model_name='linkquestion',
            name='turn',
            field=models.CharField(default='first', max_length=10),
        ),
        migrations.CreateModel(
            name='ReviewAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('turn', models.CharField(max_length=10)),
                ('blind', models.BooleanField()),
                ('word', models.CharField(max_length=20)),
                ('reason', models.TextField()),
                ('would_tell', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.person')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='store.linkquestion')),
            ],
        ),
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('same', models.BooleanField()),
                ('turn', models.CharField(max_length=10)),
                ('blind', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='labels', to='store.person')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='labels', to='store.report')),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='labels', to='store.reviewanswer')),
            ],
        ),
        migrations.AddConstraint(
            model_name='reviewanswer',
            constraint=models.UniqueConstraint(fields=('question', 'number'), name='one_answer_a_number'),
        ),
        migrations.AddConstraint(
            model_name='reviewanswer',
            constraint=models.UniqueConstraint(fields=('question', 'by'), name='one_answer_a_person'),
        ),
        migrations.AddIndex(
            model_name='label',
            index=models.Index(fields=['report', 'person'], name='store_label_report__4e6480_idx'),
        ),
        migrations.AddConstraint(
            model_name='label',
            constraint=models.UniqueConstraint(fields=('answer', 'person'), name='one_label_a_pair_and_answer'),
        ),
        migrations.RunPython(put_on, take_off),
    ]
