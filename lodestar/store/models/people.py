"""Who reports are about. A person is what the links say; every link can be undone with its history intact."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, Record
from lodestar.store.models.reports import Report


class Person(Record):
    """A child (or adult) known to the force."""

    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=20, blank=True)
    ethnicity = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=240, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    looked_after = models.BooleanField(null=True)
    authority = models.CharField(max_length=20, blank=True)  # responsible authority's code
    district = models.CharField(max_length=20, blank=True)
    name_key = models.CharField(max_length=160)  # normalised, for finding candidates
    ready = models.TextField(blank=True)  # what is compared of them (core/identity/packed.py), of whoever no report states
    ready_of = models.CharField(max_length=20, blank=True)  # of which form and version; what is not of this version is not read
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["name_key"]),
            # What one slip makes of a birth date, with the family name: without the name in it, a thousand children are read for one.
            models.Index(fields=["birth_date", "name_key"], name="born_and_named", opclasses=["date_ops", "varchar_pattern_ops"]),
            models.Index(fields=["postcode"]),
        ]


class PersonKey(Record):
    """An exact identifier of a person: national or local."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="keys")
    scheme = models.CharField(max_length=40)
    value = models.CharField(max_length=80)
    issuer = models.CharField(max_length=40, blank=True)  # who gave a local number
    from_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_person_a_key", fields=["scheme", "value", "issuer"], condition=models.Q(ended_at__isnull=True)
            ),
        ]


class Link(AppendOnly):
    """A report joined to, or taken off, a person: who or which rule said so. The last number counts."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="links")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links")
    number = models.PositiveIntegerField()
    joined = models.BooleanField()  # False undoes
    how = models.CharField(max_length=20)  # rule, person
    rule = models.CharField(max_length=60, blank=True)
    rule_version = models.CharField(max_length=80, blank=True)
    evidence = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_link_a_number", fields=["report", "number"])]


class LinkQuestion(Record):
    """Not sure who a report is about: candidates side by side, for a person to answer."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="question")
    provisional = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    candidates = models.JSONField()
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=20, default="waiting")  # waiting, settled; known: its truth is known and it moves nothing
    double = models.BooleanField(default=False)  # drawn to be asked of two
    turn = models.CharField(max_length=10, default="first")  # whose it is: first, second, third
    truth = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")  # of a known pair: who it is
    version = models.PositiveIntegerField(default=1)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state"])]
