"""What live linkage needs to answer in a moment, and which model of linkage is in force since when, by whose word."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.core.identity.governing import MODEL
from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, Record
from lodestar.store.models.matters import Matter
from lodestar.store.models.people import Link, Person
from lodestar.store.models.reports import Report


class BlockingKey(AppendOnly):
    """One thing by which a statement is found: the number of a block, and the report that is in it.

    A person who came from another system without a report is found by what is held of them instead.
    """

    key = models.BigIntegerField()  # core/identity/blocks.py: a number made of what the block's statements share
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "report", "person"], name="found_by_block")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_key_is_of_a_report_or_a_person",
                condition=models.Q(report__isnull=False, person__isnull=True) | models.Q(report__isnull=True, person__isnull=False),
            )
        ]


class CommonValues(AppendOnly):
    """How common names and places were on the index when they were last counted, how large it was, and how much people had answered."""

    counted_at = models.DateTimeField()
    size = models.PositiveIntegerField()
    labels = models.PositiveIntegerField()  # pairs of which a person here has said whether they are the same
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)


class IdentityModel(Record):
    """One model of linkage: what it is, what it was trained on, what it showed at the gate, and who agreed to it."""

    number = models.PositiveIntegerField(unique=True)
    reason = models.TextField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)  # of what it weighs: the same numbers and conditions give the same digest
    trained_on = models.PositiveIntegerField()  # statements
    snapshot = models.CharField(max_length=64)  # which data it was trained on
    labels = models.PositiveIntegerField()
    link_from = models.FloatField(null=True)  # bits from which it would join by itself
    report = models.JSONField()  # bands, name groups, calibration and the gate, as they were measured
    state = models.CharField(max_length=20, default=MODEL.initial)
    version = models.PositiveIntegerField(default=1)
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="an_identity_model_stands_in_its_table", condition=models.Q(state__in=MODEL.states))
        ]


class ModelApproval(AppendOnly):
    """One person's word that a model may be activated. Two are needed."""

    model = models.ForeignKey(IdentityModel, on_delete=models.PROTECT, related_name="approvals")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_word_a_person_on_a_model", fields=["model", "by"])]


class ModelInForce(AppendOnly):
    """From an instant on, this model weighs. Rolling back is another row; nothing that was decided is touched."""

    model = models.ForeignKey(IdentityModel, null=True, on_delete=models.PROTECT, related_name="in_force")  # none: the one it comes with
    from_at = models.DateTimeField()
    how = models.CharField(max_length=20)  # activated, rolled_back
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["from_at"])]


class PartingTold(AppendOnly):
    """Somebody was told that a report had been joined to the wrong person: what of theirs quotes it, and on which matter."""

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="told")  # the row that takes the report off
    new_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="partings")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # none: nobody holds it but whoever undid it
    what = models.CharField(max_length=20)  # matter, task, obligation, meeting, commitment
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["matter", "at"])]
