"""A kept figure says what was known when it was computed, and carries a hash of its content."""

from django.db import migrations, models

from lodestar.store.migrations._append_only import remade


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0008_tasking_live"),
    ]

    operations = [
        *remade(
            ("figure",),
            migrations.AddField(model_name="figure", name="known_at", field=models.DateTimeField(null=True)),
            migrations.AddField(model_name="figure", name="content_hash", field=models.CharField(blank=True, max_length=64)),
        ),
    ]
