"""Meetings: planned, prepared, held and frozen; what each decided, what it asked of whom, and the packs it left."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.core.packs.lifecycle import ACTION, MEETING
from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, Record
from lodestar.store.models.matters import Deed, Matter


class Meeting(Record):
    """One meeting, made before it is due."""

    template = models.CharField(max_length=40)  # code of its playbook
    template_from = models.DateField()
    template_hash = models.CharField(max_length=64)
    due_at = models.DateTimeField()  # when it is set for
    state = models.CharField(max_length=20, default=MEETING.initial)
    version = models.PositiveIntegerField(default=1)
    planned_at = models.DateTimeField()
    prepared_at = models.DateTimeField(null=True)
    prepared_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    agenda = models.JSONField(default=list)  # core/packs/agenda.py
    held_at = models.DateTimeField(null=True)
    chair = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="chaired")
    attended = models.TextField(blank=True)
    left_reason = models.TextField(blank=True)  # why something that was due here was not discussed
    not_held_at = models.DateTimeField(null=True)
    not_held_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    not_held_reason = models.TextField(blank=True)
    published_version = models.PositiveIntegerField(default=0)  # readers see the packs up to this version
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_meeting_a_time", fields=["template", "due_at"]),
            models.CheckConstraint(name="a_meeting_stands_in_its_table", condition=models.Q(state__in=MEETING.states)),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"]), models.Index(fields=["template", "due_at"])]


class MeetingDecision(AppendOnly):
    """What a meeting decided about one item of its agenda, by whom, why."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=120)  # the item of the agenda
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="meeting_decisions")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decision = models.TextField()
    reason = models.TextField()
    narrative = models.TextField(blank=True)  # for readers who may not know the child
    deed = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="+")  # what it is on the child's own record

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_meeting_decision_a_number", fields=["meeting", "number"])]
        indexes: ClassVar = [models.Index(fields=["matter"])]


class MeetingAction(Record):
    """What a meeting asked of one named person, by when; followed until it is done."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="actions")
    decision = models.ForeignKey(MeetingDecision, on_delete=models.PROTECT, related_name="actions")
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="meeting_actions")
    words = models.TextField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="meeting_actions")
    due_at = models.DateTimeField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=20, default=ACTION.initial)
    version = models.PositiveIntegerField(default=1)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="a_meeting_action_stands_in_its_table", condition=models.Q(state__in=ACTION.states))
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"])]


class Pack(AppendOnly):
    """What was frozen of a meeting: the whole of it as one text, its digest, and the digest of each form. Never changed."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="packs")
    version = models.PositiveIntegerField()
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    content = models.TextField()  # canonical JSON: core/packs/content.py
    sha256 = models.CharField(max_length=64)
    forms = models.JSONField()  # the digest of each form of each rendering
    reason = models.TextField(blank=True)  # of a correction

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_pack_a_version", fields=["meeting", "version"])]
