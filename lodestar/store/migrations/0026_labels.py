"""Whoever undoes a join has said "not the same": a label without an answer."""

import django.db.models.deletion
from django.db import migrations, models

from lodestar.store.migrations._append_only import remade


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0025_parting'),
    ]

    operations = [
        *remade(
            ("label",),
            migrations.AlterField(
                model_name='label',
                name='answer',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='labels', to='store.reviewanswer'),
            ),
        ),
    ]
