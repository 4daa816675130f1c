"""The events of a place, phone, vehicle or handle are read from the index alone: a network asked for each of its sightings too."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("store", "0030_presence")]
    operations: ClassVar = [
        migrations.RemoveIndex(model_name="sighting", name="store_sight_thing_i_cd241e_idx"),
        migrations.AddIndex(
            model_name="sighting", index=models.Index(fields=["thing", "at", "engagement"], name="where_a_thing_was")
        ),
    ]
