"""However many roles somebody holds, what they do can be written down."""

from django.db import migrations, models

from lodestar.store.migrations._append_only import remade


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0006_work'),
    ]

    operations = [
        *remade(
            ("auditrow",),
            migrations.AlterField(
                model_name='auditrow',
                name='roles',
                field=models.TextField(blank=True),
            ),
        ),
    ]
