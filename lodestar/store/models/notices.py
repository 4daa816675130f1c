"""Telling people: the outbox, and the cursor that wakes every open board."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, Record


class Notice(Record):
    """Something a person must be told off-screen. No child's name is ever in it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    text = models.CharField(max_length=240)
    key = models.CharField(max_length=120, unique=True)  # the same news is told once
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_failure = models.CharField(max_length=160, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(name="outbox", fields=["next_try_at"], condition=models.Q(delivered_at__isnull=True)),
            models.Index(name="unseen", fields=["user"], condition=models.Q(seen_at__isnull=True)),
        ]


class Change(AppendOnly):
    """One row for each change that a board must show. Its number is the cursor that pages listen to."""

    matter_id = models.BigIntegerField(null=True)
    what = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"])]
