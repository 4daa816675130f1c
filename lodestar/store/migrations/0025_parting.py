"""Who was told that a report had been joined to the wrong person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from lodestar.store.migrations._append_only import protect, unprotect


def put_on(apps, schema_editor):
    protect(schema_editor, ("partingtold",))


def take_off(apps, schema_editor):
    unprotect(schema_editor, ("partingtold",))


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0024_networks'),
    ]

    operations = [
        migrations.CreateModel(
            name='PartingTold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told', to='store.link')),
                ('matter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='partings', to='store.matter')),
                ('new_person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.person')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['matter', 'at'], name='store_parti_matter__bb38e1_idx')],
            },
        ),
        migrations.RunPython(put_on, take_off),
    ]
