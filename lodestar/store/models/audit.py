"""What was done, seen and refused. Rows are sealed by the minute into a chain."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.base import AppendOnly


class AuditRow(AppendOnly):
    """One deed, look, refusal or conflict. No names of children, no contents: ids and codes only."""

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    roles = models.TextField(blank=True)  # however many somebody holds: a deed never fails for the length of its row
    door = models.CharField(max_length=20)
    request_id = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=60)
    outcome = models.CharField(max_length=20, default="done")  # done, seen, refused, conflict
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id"]),
            models.Index(fields=["actor_id", "at"]),
        ]


class AuditSeal(AppendOnly):
    """A numbered seal, chained to the seal before it."""

    number = models.PositiveIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()


class SealedRow(AppendOnly):
    """Which seal an audit row is under, and the hash it had then."""

    row_id = models.BigIntegerField(unique=True)
    seal = models.ForeignKey(AuditSeal, on_delete=models.PROTECT, related_name="sealed")
    position = models.PositiveIntegerField()
    row_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_position_a_seal", fields=["seal", "position"])]
