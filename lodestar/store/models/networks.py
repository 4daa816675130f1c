"""Leads: what the networks put before somebody, whom and what each rests on, and what a person said that an object is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.core.networks.leads import LEAD, RAISED
from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, Record
from lodestar.store.models.involved import Thing
from lodestar.store.models.matters import Matter
from lodestar.store.models.people import Person
from lodestar.store.models.tasks import Task


class Lead(Record):
    """One lead with its owner, its facts as they were last seen, and how it ended; kept when decided."""

    kind = models.CharField(max_length=10)  # adult, object, group
    key = models.CharField(max_length=240)  # the same subject has the same key
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    thing = models.ForeignKey(Thing, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()  # in words; never a name
    facts = models.JSONField()  # children, events, sources, types, and what a group hangs on, as numbers
    missing = models.PositiveIntegerField()  # the list's order, with the two beneath
    sources = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    rules_hash = models.CharField(max_length=64)
    raised_at = models.DateTimeField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="leads")
    because = models.CharField(max_length=240, blank=True)  # why this person
    state = models.CharField(max_length=20, default=RAISED)  # core/networks/leads.py
    version = models.PositiveIntegerField(default=1)
    attention = models.CharField(max_length=240, blank=True)  # a record that it rests on has been parted
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_reason = models.TextField(blank=True)
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="leads")  # what it became
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="leads")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_lead_waiting_a_key", fields=["key"], condition=models.Q(state=RAISED)),
            models.CheckConstraint(name="a_lead_stands_in_its_table", condition=models.Q(state__in=LEAD.states)),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "-missing"]), models.Index(fields=["raised_at"]), models.Index(fields=["key"])]


class LeadPerson(AppendOnly):
    """Somebody whose record a lead rests on: its owner is told when that record is parted."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_person_a_lead", fields=["lead", "person"])]
        indexes: ClassVar = [models.Index(fields=["person"])]


class ThingKind(AppendOnly):
    """What an object is, as somebody said by name: the last one counts, and outranks what its words say."""

    thing = models.ForeignKey(Thing, on_delete=models.PROTECT, related_name="said_to_be")
    kind = models.CharField(max_length=20)  # core/networks/facts.py: OBJECTS
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
