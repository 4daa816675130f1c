"""Who was told what about a child, when, and under which power."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly
from lodestar.store.models.matters import Deed, Matter


class Disclosure(AppendOnly):
    """Something told to another body."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="disclosures")
    deed = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="disclosures")
    recipient = models.CharField(max_length=120)  # the body
    person_told = models.CharField(max_length=160)
    power = models.CharField(max_length=160)
    what = models.TextField()
    told_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["matter", "told_at"])]


class Receipt(AppendOnly):
    """The other body's word that it has it."""

    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="receipt")
    received_by = models.CharField(max_length=160)
    received_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
