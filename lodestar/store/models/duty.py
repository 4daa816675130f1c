"""Who answers: places, posts, shifts, the chain of holders, and offers to hand over."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, GuardedQuerySet, Record


class Authority(Record):
    """A local authority, responsible for children."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    out_of_hours_contact = models.CharField(max_length=80, blank=True)


class District(Record):
    """A policing district."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT)


class Place(Record):
    """A place that people start from or go to: where it lies on a flat map in kilometres is enough to reckon travel."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="places")
    x_km = models.DecimalField(max_digits=8, decimal_places=3)
    y_km = models.DecimalField(max_digits=8, decimal_places=3)
    is_base = models.BooleanField(default=False)  # the district's own station: where its people start, unless their post says another

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_base_a_district", fields=["district"], condition=models.Q(is_base=True)),
        ]


class Post(Record):
    """A post that answers for something: its kind is one of the playbook's post kinds."""

    code = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    district = models.ForeignKey(District, null=True, on_delete=models.PROTECT)
    desk = models.CharField(max_length=40, blank=True)
    base = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")


class ShiftQuerySet(GuardedQuerySet):
    """Who is on duty, and who will be."""

    def standing(self, at: datetime) -> ShiftQuerySet:
        """Shifts that nobody had called off by then."""
        return self.filter(models.Q(called_off_at=None) | models.Q(called_off_at__gt=at))

    def on(self, at: datetime) -> ShiftQuerySet:
        """Shifts whose person is on duty at the instant."""
        return self.standing(at).filter(from_at__lte=at, until_at__gt=at)


class Shift(Record):
    """One person in one post for one span of time."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    lead = models.BooleanField(default=False)
    called_off_at = models.DateTimeField(null=True, blank=True)  # from then on they are not there; why is nobody's business here

    objects = ShiftQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="shift_ends_after_start", condition=models.Q(until_at__gt=models.F("from_at"))),
            models.UniqueConstraint(name="one_shift_start_a_person", fields=["user", "from_at", "post"]),
        ]
        indexes: ClassVar = [models.Index(fields=["until_at", "from_at"]), models.Index(fields=["post", "from_at"])]


class Holding(AppendOnly):
    """From this instant this person answers for the matter: the chain has no gaps because it has no ends."""

    matter = models.ForeignKey("store.Matter", on_delete=models.PROTECT, related_name="holdings")
    number = models.PositiveIntegerField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT)
    from_at = models.DateTimeField()
    how = models.CharField(max_length=40)  # opened, handed_over, climbed, transferred_in
    because = models.CharField(max_length=240, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_holding_a_number", fields=["matter", "number"])]


class Handover(Record):
    """An offer to pass a matter on. The giver stays liable until it is accepted."""

    matter = models.ForeignKey("store.Matter", on_delete=models.PROTECT, related_name="handovers")
    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    note = models.JSONField(default=dict)  # open lines, family promises, next actions
    state = models.CharField(max_length=20, default="offered")
    version = models.PositiveIntegerField(default=1)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_open_handover_a_matter", fields=["matter"], condition=models.Q(state="offered")),
        ]
        indexes: ClassVar = [models.Index(fields=["receiver", "state"])]
