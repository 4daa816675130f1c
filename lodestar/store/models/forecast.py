"""Questions asked of the forecast, kept with their answers, and what was received before the service began."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly


class ForecastRun(AppendOnly):
    """One question and its answer, with all that is needed to ask it again and get the same bytes."""

    line = models.CharField(max_length=40)  # the playbook's code
    about = models.CharField(max_length=10)  # plans: what more posts would do; demand: what is coming
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # none: the night's own
    question = models.JSONField()  # what somebody chose, or the day of the forecast
    document = models.JSONField()  # the scenario, or the days of receiving and recording: counts only, nobody's case
    document_sha256 = models.CharField(max_length=64)
    playbook_hash = models.CharField(max_length=64)
    seed = models.BigIntegerField()
    runs = models.PositiveIntegerField()
    engine = models.CharField(max_length=60)
    answer = models.JSONField()
    answer_sha256 = models.CharField(max_length=64)
    took_ms = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["line", "about", "asked_at"])]


class EarlierCount(AppendOnly):
    """How many a line received on a day before the service began, and when that was on record: counts only, nobody's case."""

    line = models.CharField(max_length=40)
    received_on = models.DateField()
    recorded_on = models.DateField()
    level = models.CharField(max_length=30, blank=True)
    count = models.PositiveIntegerField()
    source = models.CharField(max_length=160)
    taken_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["line", "received_on"])]
