"""Until when somebody is accredited for what."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0015_forecast"),
    ]

    operations = [
        migrations.AddField(model_name="user", name="skills_until", field=models.JSONField(blank=True, default=dict)),
    ]
