"""What can be told of what was known before it was kept, told once.

Of matters already held, the steps and grades say since when what was known. A time, district, date of birth or person that was
corrected before this day was overwritten and cannot be told: figures as known before it use the value of this day.
"""

from django.db import migrations
from django.utils import timezone

from lodestar.core.matters.known import NOT_ENDED, versions

CHUNK = 500


def remember(apps, schema_editor):
    """Tell what is held and has no history yet. What is told of before now says when it was written: now."""
    now = timezone.now()
    for write in (_people, _obligations, _matters):
        rows = []
        for row in write(apps, now):
            rows.append(row)
            if len(rows) >= CHUNK:
                type(row)._default_manager.bulk_create(rows)
                rows = []
        if rows:
            type(rows[0])._default_manager.bulk_create(rows)


def _people(apps, now):
    made = apps.get_model("store", "PersonKnown")
    for row in apps.get_model("store", "Person").objects.filter(known=None).iterator(chunk_size=CHUNK):
        yield made(person_id=row.pk, known_from=min(row.created_at, now), written_at=now, birth_date=row.birth_date)


def _obligations(apps, now):
    made = apps.get_model("store", "ObligationKnown")
    for row in apps.get_model("store", "Obligation").objects.filter(known=None).select_related("deed").iterator(chunk_size=CHUNK):
        begun = min(row.started_at, now)
        yield made(obligation_id=row.pk, known_from=begun, written_at=now, due_at=row.due_at)
        ended = row.deed.recorded_at if row.deed_id else row.done_at or row.cancelled_at
        if ended is not None:
            at = max(begun, min(ended, now))
            told = {"done_at": row.done_at, "deed_id": row.deed_id, "cancelled_at": row.cancelled_at}
            yield made(obligation_id=row.pk, known_from=at, written_at=now, due_at=row.due_at, **told)


def _matters(apps, now):
    made = apps.get_model("store", "MatterKnown")
    names = [field.attname for field in made._meta.concrete_fields if field.attname not in ("id", "matter_id", "known_from", "written_at")]
    steps = apps.get_model("store", "MatterStep").objects.order_by("number")
    graded = dict(apps.get_model("store", "Grade").objects.filter(number=1).values_list("matter_id", "at"))
    for row in apps.get_model("store", "Matter").objects.filter(known=None).iterator(chunk_size=CHUNK):
        moves = list(steps.filter(matter_id=row.pk).values_list("verb", "target", "at", "recorded_at"))
        final = {name: getattr(row, name) for name in (*NOT_ENDED, "state", "first_level")}
        for at, told in versions(recorded_at=row.recorded_at, moves=moves, first_graded=graded.get(row.pk), final=final):
            values = {name: getattr(row, name) for name in names} | told
            yield made(matter_id=row.pk, known_from=min(at, now), written_at=now, **values)


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0016_skills"),
    ]

    operations = [
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
