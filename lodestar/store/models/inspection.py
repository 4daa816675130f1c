"""What inspectors found, what was promised, what shows it, and the force's own audit of cases. History here is append-only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, Record
from lodestar.store.models.matters import Matter
from lodestar.store.models.measures import Figure


class Inspection(Record):
    """One report by a body that inspects: by whom, of which day, and where its reply under section 55 stands."""

    reference = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=240)
    kind = models.CharField(max_length=20)  # core.inspection.findings.REPORT_KINDS
    body = models.CharField(max_length=30)  # the role of the body that published it
    published_on = models.DateField()
    document = models.CharField(max_length=240, blank=True)
    overall = models.TextField(blank=True)  # what it found on the whole, in the force's words
    reply = models.CharField(max_length=20, default="none")  # section_55, none
    state = models.CharField(max_length=20, default="announced")  # of the reply
    answer_by = models.DateField(null=True)  # the day set for the chief officer's comments
    accountable = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    kept_at = models.DateTimeField()


class InspectionStep(AppendOnly):
    """One step of a reply, as it was taken."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    verb = models.CharField(max_length=30)
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    on_day = models.DateField()
    document = models.CharField(max_length=240)
    detail = models.JSONField(default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_inspection_step_a_number", fields=["inspection", "number"])]


class ReplyPaper(AppendOnly):
    """A reply that was made: everything it said and the hash of that, so that it can be set again to the same bytes."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="papers")
    made_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    body = models.JSONField()


class Finding(Record):
    """One thing found, in the force's own words, with where it stands as the force sees it and as its finder does."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    reference = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)
    theme = models.CharField(max_length=80, blank=True)
    words = models.TextField()
    addressed_to = models.CharField(max_length=30)
    due_on = models.DateField(null=True)
    status = models.CharField(max_length=20, default="not_started")
    response = models.TextField(blank=True)
    their_status = models.CharField(max_length=20, default="open")  # mirror of the newest word
    accountable = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_finding_a_reference", fields=["inspection", "reference"])]


class FindingWord(AppendOnly):
    """The word of the body that published the finding: the only thing that changes where it stands for that body."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="their_words")
    status = models.CharField(max_length=20)
    body = models.CharField(max_length=30)
    said_on = models.DateField()
    document = models.CharField(max_length=240)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class FindingChange(AppendOnly):
    """What the force said of a finding, each time it said something else."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="changes")
    status = models.CharField(max_length=20)
    response = models.TextField(blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Commitment(Record):
    """A promise or a claim made in answer to a finding, with its owner, its day and its measure."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="commitments")
    reference = models.CharField(max_length=40)
    sort = models.CharField(max_length=10)  # promise, fact
    words = models.TextField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="commitments")
    owner_role = models.CharField(max_length=120)
    due_on = models.DateField(null=True)
    measure = models.CharField(max_length=20, blank=True)
    line = models.CharField(max_length=40, blank=True)  # of the measure
    side = models.CharField(max_length=10, blank=True)
    baseline = models.FloatField(null=True)
    target = models.FloatField(null=True)
    state = models.CharField(max_length=20, default="open")
    closed_through = models.DateField(null=True)  # the last period that the closing relied on
    reopened_after = models.DateField(null=True)  # periods up to this one count no more towards closing
    theme_of = models.ForeignKey("store.CaseAudit", null=True, on_delete=models.PROTECT, related_name="commitments")
    version = models.PositiveIntegerField(default=1)
    kept_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_commitment_a_reference", fields=["finding", "reference"])]
        indexes: ClassVar = [models.Index(fields=["state"])]


class CommitmentStep(AppendOnly):
    """What became of a commitment, step by step, with the chart as it stood then."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    verb = models.CharField(max_length=20)
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_commitment_step_a_number", fields=["commitment", "number"])]


class Evidence(AppendOnly):
    """A measure frozen for a commitment: the figure, what it made of the statement, and the hash of both."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="evidence")
    figure = models.ForeignKey(Figure, null=True, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=20)
    why = models.TextField()
    body = models.JSONField()
    content_hash = models.CharField(max_length=64)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class CaseAudit(AppendOnly):
    """A sample of cases drawn for the force's own audit: the list, the seed and the rubric, fixed before anybody looks."""

    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=20)
    method = models.CharField(max_length=20)
    seed = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    from_day = models.DateField()
    until_day = models.DateField()
    listed = models.JSONField()  # every case that could be drawn: number, area, level
    rubric = models.CharField(max_length=60)
    rubric_from = models.DateField()
    rubric_hash = models.CharField(max_length=64)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class SampledCase(AppendOnly):
    """One case that was drawn."""

    audit = models.ForeignKey(CaseAudit, on_delete=models.PROTECT, related_name="cases")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    area = models.CharField(max_length=40)
    level = models.CharField(max_length=30, blank=True)
    key = models.FloatField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_place_in_a_draw", fields=["audit", "place"])]


class CaseGrade(AppendOnly):
    """One person's grade of one case: given blind, by the rubric, and never changed."""

    case = models.ForeignKey(SampledCase, on_delete=models.PROTECT, related_name="grades")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answers = models.JSONField()
    grade = models.CharField(max_length=30)
    reasons = models.TextField()
    settles = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_grade_a_person_a_case", fields=["case", "by"])]
