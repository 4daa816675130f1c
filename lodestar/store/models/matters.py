"""The problem being worked: the matter, its history, its grades, what was done, and news that arrives."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, Record
from lodestar.store.models.people import Person
from lodestar.store.models.reports import Report


class Matter(Record):
    """One matter. Columns under "index" only mirror history rows, so that the board is one quick query."""

    kind = models.CharField(max_length=20, default="missing")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="matters")
    state = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    district = models.CharField(max_length=20)
    authority = models.CharField(max_length=20, blank=True)
    since_from = models.DateTimeField(null=True)
    since_to = models.DateTimeField(null=True)
    reported_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    looked_after = models.BooleanField(null=True)
    is_child = models.BooleanField(default=True)
    located_at = models.DateTimeField(null=True)
    located_by = models.CharField(max_length=160, blank=True)
    located_where = models.CharField(max_length=240, blank=True)
    located_from = models.DateTimeField(null=True)  # bounds, where the exact time is not known
    located_to = models.DateTimeField(null=True)
    wellbeing_at = models.DateTimeField(null=True)
    wellbeing_by = models.CharField(max_length=160, blank=True)
    wellbeing_where = models.CharField(max_length=240, blank=True)
    returned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    # index: mirrors of the last history row
    is_open = models.BooleanField(default=True)
    level = models.CharField(max_length=30, blank=True)
    first_level = models.CharField(max_length=30, blank=True)
    holder = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="held")
    tier = models.PositiveSmallIntegerField(default=1)
    tier_reason = models.CharField(max_length=240, blank=True)
    next_due_at = models.DateTimeField(null=True)
    next_owed = models.CharField(max_length=120, blank=True)
    next_owed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [
            # The board's order first; then all that says whose reach a matter is in, so that its counts are read from here alone.
            models.Index(
                name="board",
                fields=["tier", "next_due_at", "id", "district", "holder", "kind"],
                condition=models.Q(is_open=True),
            ),
            models.Index(name="board_district", fields=["district", "tier"], condition=models.Q(is_open=True)),
            models.Index(name="board_holder", fields=["holder"], condition=models.Q(is_open=True)),
            models.Index(fields=["person", "reported_at"]),
            models.Index(fields=["reported_at"]),
        ]

    @property
    def reference(self) -> str:
        """How people say it on the radio; nothing personal in it."""
        return f"M-{self.pk}"


class MatterStep(AppendOnly):
    """One move in a matter's life. Unique on (matter, number), so two winners are impossible."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_step_a_number", fields=["matter", "number"])]


class MatterReport(AppendOnly):
    """A report that belongs to a matter."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="matter_reports")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="in_matters")
    at = models.DateTimeField()
    how = models.CharField(max_length=40)  # opened, joined, moved (who it is about was settled)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="a_report_once_a_matter", fields=["matter", "report"])]


class Grade(AppendOnly):
    """A grade of risk with its author, rationale and what it relied on."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="grades")
    number = models.PositiveIntegerField()
    level = models.CharField(max_length=30)
    list_code = models.CharField(max_length=60)
    list_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    rationale = models.TextField()
    relied_on = models.JSONField(default=list)
    saw = models.CharField(max_length=64, blank=True)
    steps_agreed = models.TextField()
    review_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    second_person = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_grade_a_number", fields=["matter", "number"])]


class Downgrade(Record):
    """A lower grade asked for, waiting for a second person. Until then the grade in force stands."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="downgrades")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    from_level = models.CharField(max_length=30)
    wanted = models.JSONField()
    state = models.CharField(max_length=20, default="waiting")  # waiting, confirmed, refused
    version = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_downgrade_waiting", fields=["matter"], condition=models.Q(state="waiting")),
        ]


class Deed(AppendOnly):
    """Something that was done: who, when, with what evidence. Deeds stop clocks."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="deeds")
    code = models.CharField(max_length=60)
    at = models.DateTimeField()  # when it was done, as stated
    recorded_at = models.DateTimeField()  # when it was written down
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["matter", "code"])]


class News(Record):
    """Information that came in about a matter; on a closed one it is a worked item with a clock (IOPC Met 2021)."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="news")
    received_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    from_whom = models.CharField(max_length=160)
    contact = models.CharField(max_length=160, blank=True)
    text = models.TextField()
    engagement = models.ForeignKey("store.Engagement", null=True, on_delete=models.PROTECT, related_name="news")  # where it is one
    matter_state = models.CharField(max_length=20)  # the state when it came in
    state = models.CharField(max_length=20, default="waiting")  # waiting, assessed, withdrawn
    version = models.PositiveIntegerField(default=1)
    assessed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField(null=True, blank=True)
    assessment = models.TextField(blank=True)
    reply_given = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state"])]


class Transfer(Record):
    """An offer to pass a matter to, or take one from, another force."""

    matter = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="transfers")
    direction = models.CharField(max_length=3)  # out, in
    other_force = models.CharField(max_length=80)
    receiver_named = models.CharField(max_length=160)
    state = models.CharField(max_length=20, default="offered")
    version = models.PositiveIntegerField(default=1)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    bundle = models.JSONField(default=dict)  # what travels: grade, reasons, actions done
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=160, blank=True)
    answer_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_open_transfer", fields=["matter"], condition=models.Q(state__in=["offered", "disputed"])),
        ]
