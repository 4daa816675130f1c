"""What a detector found missing: one row a hit, with its owner, until a person settles it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.core.detectors.hits import HIT, OPEN
from lodestar.store.models.access import User
from lodestar.store.models.base import Record
from lodestar.store.models.matters import Matter
from lodestar.store.models.people import Person


class Hit(Record):
    """Something that should be there and is not, as one rule saw it; kept when settled and when it expires."""

    detector = models.CharField(max_length=60)
    detector_hash = models.CharField(max_length=64)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="hits")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="hits")  # the child: in an online case not whom it is about
    key = models.CharField(max_length=120)  # what it is about, so that one absence is one hit
    sentence = models.CharField(max_length=240)
    wanted_from = models.DateTimeField()  # since when it should have been there
    found_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # when the rule itself runs out, as it stood when this was found
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="hits")
    because = models.CharField(max_length=240, blank=True)  # why this person
    state = models.CharField(max_length=20, default=OPEN)  # core/detectors/hits.py
    version = models.PositiveIntegerField(default=1)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    settled_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_open_hit_a_key", fields=["detector", "key"], condition=models.Q(state=OPEN)),
            models.CheckConstraint(name="a_hit_stands_in_its_table", condition=models.Q(state__in=HIT.states)),
        ]
        indexes: ClassVar = [models.Index(fields=["state"]), models.Index(fields=["detector", "found_at"])]
