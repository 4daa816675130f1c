"""Every value that a measure reads and an action overwrites is kept from now on, and what can be told of before.

Of matters already held, the steps and grades say since when what was known. A time, district, date of birth or person that was
corrected before this day was overwritten and cannot be told: figures as known before it use the value of this day.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from lodestar.core.matters.known import NOT_ENDED, versions
from lodestar.store.migrations._append_only import protect, unprotect

WRITTEN_ONCE = ("matterknown", "personknown", "obligationknown")
CHUNK = 500


def put_on(apps, schema_editor):
    protect(schema_editor, WRITTEN_ONCE)


def take_off(apps, schema_editor):
    unprotect(schema_editor, WRITTEN_ONCE)


def remember(apps, schema_editor):
    """Tell what is held, once. What is told of before now says when it was written: now."""
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
    for row in apps.get_model("store", "Person").objects.iterator(chunk_size=CHUNK):
        yield made(person_id=row.pk, known_from=min(row.created_at, now), written_at=now, birth_date=row.birth_date)


def _obligations(apps, now):
    made = apps.get_model("store", "ObligationKnown")
    for row in apps.get_model("store", "Obligation").objects.select_related("deed").iterator(chunk_size=CHUNK):
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
    for row in apps.get_model("store", "Matter").objects.iterator(chunk_size=CHUNK):
        moves = list(steps.filter(matter_id=row.pk).values_list("verb", "target", "at", "recorded_at"))
        final = {name: getattr(row, name) for name in (*NOT_ENDED, "state", "first_level")}
        for at, told in versions(recorded_at=row.recorded_at, moves=moves, first_graded=graded.get(row.pk), final=final):
            values = {name: getattr(row, name) for name in names} | told
            yield made(matter_id=row.pk, known_from=min(at, now), written_at=now, **values)


class Migration(migrations.Migration):

    dependencies = [
        ("store", "0013_board"),
    ]

    operations = [
        migrations.CreateModel(
            name='MatterKnown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('known_from', models.DateTimeField()),
                ('written_at', models.DateTimeField()),
                ('state', models.CharField(max_length=20)),
                ('district', models.CharField(max_length=20)),
                ('since_from', models.DateTimeField(null=True)),
                ('since_to', models.DateTimeField(null=True)),
                ('reported_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField()),
                ('looked_after', models.BooleanField(null=True)),
                ('located_at', models.DateTimeField(null=True)),
                ('located_from', models.DateTimeField(null=True)),
                ('located_to', models.DateTimeField(null=True)),
                ('returned_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, max_length=40)),
                ('first_level', models.CharField(blank=True, max_length=30)),
                ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='known', to='store.matter')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='store.person')),
            ],
            options={
                'indexes': [models.Index(fields=['matter', 'known_from'], name='store_matte_matter__eb09cb_idx'), models.Index(fields=['reported_at'], name='store_matte_reporte_a47afc_idx')],
            },
        ),
        migrations.CreateModel(
            name='ObligationKnown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('known_from', models.DateTimeField()),
                ('written_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('deed_id', models.BigIntegerField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('obligation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='known', to='store.obligation')),
            ],
            options={
                'indexes': [models.Index(fields=['obligation', 'known_from'], name='store_oblig_obligat_a5994c_idx'), models.Index(fields=['due_at'], name='store_oblig_due_at_0186be_idx')],
            },
        ),
        migrations.CreateModel(
            name='PersonKnown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('known_from', models.DateTimeField()),
                ('written_at', models.DateTimeField()),
                ('birth_date', models.DateField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='known', to='store.person')),
            ],
            options={
                'indexes': [models.Index(fields=['person', 'known_from'], name='store_perso_person__0f038b_idx')],
            },
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
        migrations.RunPython(put_on, take_off),
    ]
