"""What came in: kept as it came, for ever."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, Record


class ImportRun(Record):
    """One file brought in, with what became of its rows."""

    kind = models.CharField(max_length=40)  # missing_force, ssda903
    source = models.CharField(max_length=80)
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)


class Report(AppendOnly):
    """One report as it was made. Who it is about is a ``Link``; what is worked is a ``Matter``."""

    kind = models.CharField(max_length=20, default="missing")
    source = models.CharField(max_length=80)
    external_id = models.CharField(max_length=120)
    door = models.CharField(max_length=20)
    import_run = models.ForeignKey(ImportRun, null=True, on_delete=models.PROTECT)
    row_number = models.PositiveIntegerField(null=True)
    raw = models.TextField()  # the input itself, never changed
    raw_digest = models.CharField(max_length=64)
    reporter_name = models.CharField(max_length=160, blank=True)
    reporter_relationship = models.CharField(max_length=80, blank=True)
    reporter_contact = models.CharField(max_length=160, blank=True)
    subject = models.JSONField()  # who it is about, as stated
    district = models.CharField(max_length=20, blank=True)
    since_from = models.DateTimeField(null=True)
    since_to = models.DateTimeField(null=True)
    reported_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    circumstances = models.TextField(blank=True)
    cautions = models.JSONField(default=list)
    precision = models.CharField(max_length=10, default="minute")  # "date" where no time was given
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_report_an_id", fields=["source", "external_id"])]


class RiskFact(AppendOnly):
    """One answer about risk: what was said, by whom and when. The question's version stays with it."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="risk_facts")
    code = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    answer = models.CharField(max_length=10)  # yes, no, unknown
    detail = models.TextField(blank=True)
    said_by = models.CharField(max_length=160)
    said_at = models.DateTimeField()


class Alert(AppendOnly):
    """A medical or threat fact that travels to whoever grades (IOPC Met 2021, 2015)."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=20)  # medical, threat
    what = models.TextField()
    said_by = models.CharField(max_length=160)
    said_at = models.DateTimeField()


class BadRow(Record):
    """A row that could not be read: kept word for word in a worked queue until a person settles it."""

    import_run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="bad_rows")
    source = models.CharField(max_length=80)
    row_number = models.PositiveIntegerField()
    raw = models.JSONField()
    raw_digest = models.CharField(max_length=64)
    faults = models.JSONField()  # [{"column", "code", "reason"}]
    state = models.CharField(max_length=20, default="waiting")  # waiting, mended, set_aside
    version = models.PositiveIntegerField(default=1)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_reason = models.TextField(blank=True)
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_bad_row_a_text", fields=["source", "raw_digest"])]
        indexes: ClassVar = [models.Index(fields=["state"])]
