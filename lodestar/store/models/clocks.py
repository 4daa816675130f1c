"""What is owed by when. A stored due time is only an index: the clock engine derives it again whenever it is read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, Record
from lodestar.store.models.matters import Deed, Matter


class Obligation(Record):
    """One thing owed, by exactly one named person, made before it is due."""

    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="obligations")
    subject_kind = models.CharField(max_length=30)  # matter, bad_row, link_question, transfer, handover, task, news
    subject_id = models.BigIntegerField()
    rule = models.CharField(max_length=60)
    rule_from = models.DateField()
    rule_hash = models.CharField(max_length=64)
    key = models.CharField(max_length=120)  # tells the periods of a repeating rule apart
    title = models.CharField(max_length=120)
    satisfied_by = models.CharField(max_length=60)
    level = models.CharField(max_length=30, blank=True)
    started_at = models.DateTimeField()
    chosen_at = models.DateTimeField(null=True)  # a review time that the grader chose
    due_at = models.DateTimeField()  # index
    warn_at = models.DateTimeField(null=True)  # index
    owed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="obligations")
    owed_post = models.CharField(max_length=40)
    because = models.CharField(max_length=240, blank=True)  # why this person
    version = models.PositiveIntegerField(default=1)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    deed = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="obligations")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_reason = models.CharField(max_length=240, blank=True)
    is_open = models.BooleanField(default=True)  # index: neither done nor cancelled

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_obligation_a_key", fields=["subject_kind", "subject_id", "rule", "key"]),
        ]
        indexes: ClassVar = [
            models.Index(name="sweep", fields=["due_at"], condition=models.Q(is_open=True)),
            models.Index(name="owed", fields=["owed_by", "due_at"], condition=models.Q(is_open=True)),
            models.Index(fields=["matter", "is_open"]),
            models.Index(fields=["rule", "due_at"]),
        ]


class Pause(Record):
    """A clock held, with a reason. Age goes on."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="pauses")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")


class Breach(AppendOnly):
    """An obligation that fell due undone: dated when it fell due, not when it was noticed."""

    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="breach")
    fell_due_at = models.DateTimeField()
    noticed_at = models.DateTimeField()
    owed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")


class LadderTold(AppendOnly):
    """A step of the ladder reached: who was told that something is late."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="told")
    step = models.PositiveSmallIntegerField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    post_kind = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="each_step_once", fields=["obligation", "step"])]


class Heartbeat(Record):
    """When each job last ran to its end."""

    job = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=240, blank=True)
