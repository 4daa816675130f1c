"""Who and what else a matter concerns: people in roles, and places, vehicles, phones and handles that are spoken of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, Record
from lodestar.store.models.matters import Matter
from lodestar.store.models.people import Person
from lodestar.store.models.reports import Report


class Involvement(Record):
    """One person in one role in one matter, from an instant; it ends, and is never taken away."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="involvements")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="involvements")
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="+")  # how they became known
    role = models.CharField(max_length=40)
    nature = models.CharField(max_length=10)  # fact, opinion
    source = models.CharField(max_length=160)
    grading = models.CharField(max_length=20, blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="a_role_once_at_a_time", fields=["matter", "person", "role"], condition=models.Q(until_at__isnull=True)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "until_at"])]


class Thing(Record):
    """A place, vehicle, phone or handle that matters speak of: one row however it was written."""

    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=240)  # as it was first written
    key = models.CharField(max_length=240)  # as it is compared
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_thing_a_key", fields=["kind", "key"])]


class Mention(AppendOnly):
    """One statement about a thing in a matter: what is said, by whom, and whether it is fact or opinion."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="mentions")
    thing = models.ForeignKey(Thing, on_delete=models.PROTECT, related_name="mentions")
    said = models.TextField()
    nature = models.CharField(max_length=10)  # fact, opinion
    source = models.CharField(max_length=160)
    grading = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["thing", "at"])]
