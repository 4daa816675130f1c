"""What was proposed, what a named person decided, and the risks somebody accepted by name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, Record
from lodestar.store.models.matters import Matter


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
    body = models.JSONField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "made_at"])]


class Decision(AppendOnly):
    """What a named person decided about a proposal."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="decision")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)  # accepted, amended, refused
    reason = models.TextField(blank=True)
    lines = models.JSONField(default=list)


class AcceptedRisk(AppendOnly):
    """What nobody could do, accepted by name until it comes back."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="accepted_risks")
    task = models.ForeignKey("store.Task", on_delete=models.PROTECT, related_name="accepted_risks")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()
    expires_at = models.DateTimeField()
