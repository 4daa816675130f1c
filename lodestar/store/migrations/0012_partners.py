"""The sex of officer that a child asked for, and of whom it is known."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0011_inspection"),
    ]

    operations = [
        migrations.AddField(model_name="task", name="officer_sex", field=models.CharField(blank=True, max_length=10)),
        migrations.AddField(model_name="user", name="sex", field=models.CharField(blank=True, max_length=10)),
    ]
