"""Let the board's counts be read from its index alone, whatever the reach."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0012_partners"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="matter", name="board"),
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                name="board",
                fields=["tier", "next_due_at", "id", "district", "holder", "kind"],
                condition=models.Q(("is_open", True)),
            ),
        ),
    ]
