"""What people answered when asked who a report is about, and the labels that models learn from. Written once."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly
from lodestar.store.models.people import LinkQuestion, Person
from lodestar.store.models.reports import Report


class ReviewAnswer(AppendOnly):
    """One person's answer to one identity question; nobody answers the same question twice."""

    question = models.ForeignKey(LinkQuestion, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveIntegerField()
    turn = models.CharField(max_length=10)  # first, second, third: the third decides
    blind = models.BooleanField()  # whoever answered saw no earlier answer
    word = models.CharField(max_length=20)  # same, not_same, cannot_tell, somebody_new
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")  # whom it names
    reason = models.TextField()
    would_tell = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(name="one_answer_a_number", fields=["question", "number"]),
            models.UniqueConstraint(name="one_answer_a_person", fields=["question", "by"]),
        ]


class Label(AppendOnly):
    """What somebody says of one pair, a report and a record: the same, or not. Models are fitted and judged on these.

    It is part of an answer, or the word of whoever undid a join: then there is no answer, and the turn is "undone".
    """

    answer = models.ForeignKey(ReviewAnswer, null=True, on_delete=models.PROTECT, related_name="labels")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="labels")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="labels")
    same = models.BooleanField()
    turn = models.CharField(max_length=10)
    blind = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_label_a_pair_and_answer", fields=["answer", "person"])]
        indexes: ClassVar = [models.Index(fields=["report", "person"])]
