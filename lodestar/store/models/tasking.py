"""What was proposed, what a named person decided, and the risks somebody accepted by name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, Record
from lodestar.store.models.matters import Matter
from lodestar.store.models.people import Person


class Proposal(Record):
    """One run of the tasking formula: the problem, the answer and the hashes that let it be replayed."""

    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, default="proposed")
    version = models.PositiveIntegerField(default=1)
    problem = models.JSONField()
    problem_sha256 = models.CharField(max_length=64)
    playbook_hash = models.CharField(max_length=64, blank=True)
    seed = models.BigIntegerField()
    iterations = models.PositiveIntegerField()
    params = models.JSONField(default=dict)  # what the formula gave the search besides the problem
    judged = models.JSONField(default=dict)  # each task's tier, by which rule
    issued = models.JSONField(default=list)  # who had which work when it was asked: it moves only for a higher tier
    body = models.JSONField()
    because = models.CharField(max_length=160, blank=True)  # what happened that asked for it, where it was not a person
    warm_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    formula = models.ForeignKey("store.Formula", null=True, on_delete=models.PROTECT, related_name="proposals")  # none: the playbook's
    seconded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    seconded_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "made_at"])]


class Formula(Record):
    """One version of the tasking formula: drafted, shadow-run, approved by the governance role, in force from a day."""

    number = models.PositiveIntegerField(unique=True)
    reason = models.TextField()
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=20, default="drafted")
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    shadow = models.JSONField(null=True)  # what the shadow run over the last quarter found
    shadowed_at = models.DateTimeField(null=True)
    shadowed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approval_reason = models.TextField(blank=True)
    in_force_from = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "in_force_from"])]
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_formula_a_day", fields=["in_force_from"], condition=models.Q(state="approved")),
        ]


class ConflictOfInterest(Record):
    """Somebody who may not be given work about a person: they know them, or another reason they need not give."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="conflicts")
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="a_conflict_once_at_a_time", fields=["user", "person"], condition=models.Q(ended_at__isnull=True)),
        ]


class Decision(AppendOnly):
    """What a named person decided about a proposal."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="decision")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)  # accepted, amended, refused
    reason = models.TextField(blank=True)
    lines = models.JSONField(default=list)  # what went out at once: task and people
    waiting = models.JSONField(default=list)  # what went out only when a second person had agreed


class AcceptedRisk(AppendOnly):
    """What nobody could do, accepted by name until it comes back."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="accepted_risks")
    task = models.ForeignKey("store.Task", on_delete=models.PROTECT, related_name="accepted_risks")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()
    tier = models.CharField(max_length=40, blank=True)  # the formula's tier of the work that nobody can do
    rank = models.CharField(max_length=60, blank=True)  # of the one who accepts, then
    expires_at = models.DateTimeField()
