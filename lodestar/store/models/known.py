"""What was known from when: of each fact that a measure reads and an action overwrites, every value it has had.

``known_from`` is since when the record said so; ``written_at`` when Lodestar itself was told, which for what another system
held before is later. A figure of the past reads what was known then and had been written by then.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.base import AppendOnly
from lodestar.store.models.clocks import Obligation
from lodestar.store.models.matters import Matter
from lodestar.store.models.people import Person


class MatterKnown(AppendOnly):
    """A matter's facts as the record held them from an instant on. The columns are those of the matter, by the same names.

    The authority is null in what was written before it was kept.
    """

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="known")
    known_from = models.DateTimeField()
    written_at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20)
    district = models.CharField(max_length=20)
    since_from = models.DateTimeField(null=True)
    since_to = models.DateTimeField(null=True)
    reported_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    looked_after = models.BooleanField(null=True)
    located_at = models.DateTimeField(null=True)
    located_from = models.DateTimeField(null=True)
    located_to = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    first_level = models.CharField(max_length=30, blank=True)
    authority = models.CharField(max_length=20, null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["matter", "known_from"]), models.Index(fields=["reported_at"])]


class PersonKnown(AppendOnly):
    """What a measure reads of a person, as the record held it from an instant on. Null is what was not yet kept when it was written."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="known")
    known_from = models.DateTimeField()
    written_at = models.DateTimeField()
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=20, null=True)
    ethnicity = models.CharField(max_length=40, null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "known_from"])]


class ObligationKnown(AppendOnly):
    """What was owed, by when, and how it had ended, as the record held it from an instant on."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="known")
    known_from = models.DateTimeField()
    written_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    deed_id = models.BigIntegerField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["obligation", "known_from"]), models.Index(fields=["due_at"])]
