"""The words of every report that is held already."""

from django.db import migrations

from lodestar.core.people.lookup import words_of

CHUNK = 500


def fill(apps, schema_editor):
    """The words of every report that is held."""
    made = apps.get_model("store", "ReportWord")
    rows = []
    for pk, subject in apps.get_model("store", "Report").objects.values_list("pk", "subject").iterator(chunk_size=CHUNK):
        rows += [made(word=word, report_id=pk) for word in words_of(subject)]
        if len(rows) >= CHUNK:
            made.objects.bulk_create(rows)
            rows = []
    made.objects.bulk_create(rows)


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0019_lookup"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
