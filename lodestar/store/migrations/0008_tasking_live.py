"""What a live plan keeps besides: who had which work, what waits for a second person, and which partner is asked."""

from django.db import migrations, models

from lodestar.store.migrations._append_only import remade


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0007_audit_roles"),
    ]

    operations = [
        *remade(
            ("decision",),
            migrations.AddField(model_name="decision", name="waiting", field=models.JSONField(default=list)),
        ),
        migrations.AddField(model_name="proposal", name="issued", field=models.JSONField(default=list)),
        migrations.AddField(model_name="task", name="asked_of", field=models.CharField(blank=True, max_length=40)),
        migrations.AddField(model_name="task", name="with_partner", field=models.CharField(blank=True, max_length=160)),
    ]
