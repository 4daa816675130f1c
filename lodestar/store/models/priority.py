"""The tier of a matter and its reasons: appended, never edited."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.base import AppendOnly
from lodestar.store.models.matters import Matter


class Assessment(AppendOnly):
    """A tier reached by named rules, with the playbook it was reached under."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="assessments")
    number = models.PositiveIntegerField()
    tier = models.PositiveSmallIntegerField()
    reasons = models.JSONField()
    playbook = models.CharField(max_length=60)
    playbook_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_assessment_a_number", fields=["matter", "number"])]
