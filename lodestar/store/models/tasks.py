"""Work issued to a person, and what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, Record
from lodestar.store.models.duty import Place
from lodestar.store.models.matters import Deed, Matter
from lodestar.store.models.tasking import Proposal


class Task(Record):
    """A piece of work on a matter."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    detail = models.TextField(blank=True)
    state = models.CharField(max_length=20, default="open")
    version = models.PositiveIntegerField(default=1)
    minutes = models.PositiveIntegerField()
    skills = models.JSONField(default=list)
    crew = models.JSONField(default=list)  # a slot for each person who goes, with their skills; empty: one person with ``skills``
    after = models.JSONField(default=list)  # tasks of the same matter that must have ended before it starts
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")  # none: the district's base
    earliest_at = models.DateTimeField()
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    origin = models.ForeignKey(Deed, null=True, on_delete=models.PROTECT, related_name="work")  # the deed that asked for it, if one did
    origin_number = models.PositiveIntegerField(default=1)  # which piece of that deed's work it is
    assignee = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="tasks")
    planned_start = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.PROTECT, related_name="tasks")
    because = models.CharField(max_length=240, blank=True)
    asked_of = models.CharField(max_length=40, blank=True)  # the partner agency that is asked to do it: never ordered
    officer_sex = models.CharField(max_length=10, blank=True)  # female or male, where the child or family asked for one
    with_partner = models.CharField(max_length=160, blank=True)  # who there said yes
    blocked_by = models.CharField(max_length=160, blank=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=60, blank=True)
    evidence = models.JSONField(default=dict)
    is_open = models.BooleanField(default=True)  # index: not yet done, not done or cancelled

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                name="one_task_a_piece_of_work",
                fields=["matter", "origin", "origin_number"],
                condition=models.Q(origin__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="open_tasks", fields=["due_at"], condition=models.Q(is_open=True)),
            models.Index(name="my_tasks", fields=["assignee"], condition=models.Q(is_open=True)),
            models.Index(fields=["matter", "is_open"]),
        ]


class CrewMember(Record):
    """Somebody who goes with the one a task is with: told as they are, and owing an answer of their own."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="crew_members")
    slot = models.PositiveIntegerField()  # 1 and up: slot 0 is the one the task is with
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, related_name="crews")
    issued_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)  # given back, moved or done
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_person_a_slot", fields=["task", "slot"], condition=models.Q(released_at__isnull=True)),
        ]
        indexes: ClassVar = [
            models.Index(name="my_crews", fields=["assignee"], condition=models.Q(released_at__isnull=True)),
        ]


class TaskStep(AppendOnly):
    """One move in a task's life."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=40)
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_task_step_a_number", fields=["task", "number"])]
