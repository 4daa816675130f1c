"""What agencies hold about people: every engagement as its source stated it, and whom and what each statement is about.

An engagement is kept as it came. Each person it states is an ordinary ``Report``, so that the same links, questions and undoing
serve every source; each place, phone, vehicle or handle is a ``Thing`` that it saw.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from lodestar.store.models.access import User
from lodestar.store.models.base import AppendOnly, Record
from lodestar.store.models.involved import Thing
from lodestar.store.models.people import Person
from lodestar.store.models.reports import ImportRun, Report


class EngagementMapping(Record):
    """One version of how a source's rows are read: drafted, tried on a sample, approved by a second person, in force from a day."""

    number = models.PositiveIntegerField(unique=True)
    code = models.CharField(max_length=80)  # the source's; versions of one source share it
    title = models.CharField(max_length=160)
    reason = models.TextField()
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=20, default="drafted")  # drafted, tried, approved, dropped
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    tried = models.JSONField(null=True)  # what the last try found: the file's digest and counts, never a name
    tried_at = models.DateTimeField(null=True)
    tried_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approval_reason = models.TextField(blank=True)
    in_force_from = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["code", "state"])]


class Engagement(AppendOnly):
    """One contact that an agency had: a stop search, an attendance at hospital, a line of intelligence. Kept as it came."""

    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=80)  # the code of the mapping that read it
    mapping_version = models.CharField(max_length=80)
    external_id = models.CharField(max_length=120)  # the source's own number
    happened_at = models.DateTimeField()
    precision = models.CharField(max_length=10, default="minute")  # "date" where no time was given
    received_at = models.DateTimeField()
    district = models.CharField(max_length=20, blank=True)
    grading = models.CharField(max_length=20, blank=True)  # how far the source is to be believed, in the source's own scheme
    reason = models.CharField(max_length=40, blank=True)  # why, by the kind's own list: injury, overdose, in possession
    circumstances = models.TextField(blank=True)
    raw = models.TextField()  # the input itself, never changed
    raw_digest = models.CharField(max_length=64)
    door = models.CharField(max_length=20)
    import_run = models.ForeignKey(ImportRun, null=True, on_delete=models.PROTECT, related_name="engagements")
    row_number = models.PositiveIntegerField(null=True)
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_engagement_an_id", fields=["source", "external_id"])]
        indexes: ClassVar = [models.Index(fields=["kind", "happened_at"]), models.Index(fields=["received_at"])]


class EngagementPerson(AppendOnly):
    """One person whom an engagement states, in one role. Who they are is what the links of their report say."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="people")
    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="stated")
    number = models.PositiveIntegerField()  # in the order in which the source states them, from 1
    role = models.CharField(max_length=20)  # subject, victim, witness, suspect, with, driver, carer
    said = models.TextField(blank=True)  # what is said of this person, beside the circumstances of all
    nature = models.CharField(max_length=10)  # fact, opinion
    grading = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(name="one_engagement_person_a_number", fields=["engagement", "number"])]


class Presence(Record):
    """Who somebody whom an engagement states is now, by the last link of their report: that they were in it, in one row.

    The database keeps it beside the links (migration 0030), whoever adds one; nobody writes it, and a report that is joined to
    nobody has none. What it says stands on the rows that it is made of, which are never changed.
    """

    report = models.OneToOneField(Report, primary_key=True, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    happened_at = models.DateTimeField()
    role = models.CharField(max_length=20)
    nature = models.CharField(max_length=10)
    grading = models.CharField(max_length=20, blank=True)  # of this statement, or of the engagement
    how = models.CharField(max_length=20)  # of the link
    rule = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "happened_at", "engagement"], name="where_somebody_was")]


class Sighting(AppendOnly):
    """One place, phone, vehicle or handle that an engagement states, and what it says of it."""

    engagement = models.ForeignKey(Engagement, on_delete=models.PROTECT, related_name="sightings")
    thing = models.ForeignKey(Thing, on_delete=models.PROTECT, related_name="sightings")
    said = models.TextField(blank=True)
    nature = models.CharField(max_length=10)  # fact, opinion
    grading = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["thing", "at", "engagement"], name="where_a_thing_was")]  # a network reads no more


class EngagementLook(Record):
    """A look that is owed: an engagement of a kind that means high harm, about a child for whom no matter is open."""

    stated = models.OneToOneField(EngagementPerson, on_delete=models.PROTECT, related_name="look")
    district = models.CharField(max_length=20, blank=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=20, default="waiting")  # waiting, looked, lapsed
    version = models.PositiveIntegerField(default=1)
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=20, blank=True)  # matter_opened, passed_on, nothing_more
    finding = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "asked_at"])]
