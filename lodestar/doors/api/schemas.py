"""What the API takes and gives: the same words as the pages."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from lodestar.core.reports.draft import AlertSaid, ReportDraft, RiskAnswer, Subject

LONGEST_CELL, LONGEST_HEADING = 10_000, 120


class SubjectIn(Schema):
    """Who the report says it is about."""

    given_name: str = Field("", max_length=80)
    family_name: str = Field("", max_length=80)
    birth_date: date | None = None
    sex: str = Field("", max_length=20)
    ethnicity: str = Field("", max_length=40, description='"declined" where asked and not given; empty where not asked')
    address: str = Field("", max_length=240)
    postcode: str = Field("", max_length=10)
    phone: str = Field("", max_length=30)
    looked_after: bool | None = None
    responsible_authority: str = Field("", max_length=20)
    pnc_id: str = Field("", max_length=30)
    nhs_number: str = Field("", max_length=30)
    upn: str = Field("", max_length=30)
    force_person_id: str = Field("", max_length=60)
    la_child_id: str = Field("", max_length=60)


class RiskFactIn(Schema):
    """One answer about risk, with who said it and when."""

    code: str = Field(max_length=60)
    version: str = Field(max_length=20)
    answer: str = Field(pattern="^(yes|no|unknown)$")
    detail: str = Field("", max_length=2000)
    said_by: str = Field(max_length=160)
    said_at: datetime


class AlertIn(Schema):
    """A medical or threat fact, with who said it and when."""

    kind: str = Field(pattern="^(medical|threat)$")
    what: str = Field(max_length=2000)
    said_by: str = Field(max_length=160)
    said_at: datetime


class ReportIn(Schema):
    """A report of a missing child. Times carry their offset; the same source and number twice is one report."""

    source: str = Field(min_length=1, max_length=80)
    external_id: str = Field(min_length=1, max_length=120)
    reported_at: datetime
    reporter_name: str = Field(min_length=1, max_length=160)
    reporter_relationship: str = Field("", max_length=80)
    reporter_contact: str = Field("", max_length=160)
    district: str = Field("", max_length=20)
    since_from: datetime | None = None
    since_to: datetime | None = None
    circumstances: str = Field("", max_length=10_000)
    subject: SubjectIn
    risk_facts: list[RiskFactIn] = Field(default_factory=list, max_length=100)
    alerts: list[AlertIn] = Field(default_factory=list, max_length=50)

    def draft(self, *, now: datetime) -> ReportDraft:
        """The report as the rules read it."""
        said = self.subject
        keys = {name: getattr(said, name) for name in ("pnc_id", "nhs_number", "upn", "force_person_id", "la_child_id")}
        return ReportDraft(
            source=self.source,
            external_id=self.external_id,
            reported_at=self.reported_at,
            recorded_at=now,
            subject=Subject(
                given_name=said.given_name,
                family_name=said.family_name,
                birth_date=said.birth_date,
                sex=said.sex,
                ethnicity=said.ethnicity,
                address=said.address,
                postcode=said.postcode,
                phone=said.phone,
                looked_after=said.looked_after,
                responsible_authority=said.responsible_authority,
                keys={scheme: value for scheme, value in keys.items() if value},
            ),
            reporter_name=self.reporter_name,
            reporter_relationship=self.reporter_relationship,
            reporter_contact=self.reporter_contact,
            district=self.district,
            since_from=self.since_from,
            since_to=self.since_to,
            circumstances=self.circumstances,
            risk_facts=tuple(RiskAnswer(**fact.dict()) for fact in self.risk_facts),
            alerts=tuple(AlertSaid(**alert.dict()) for alert in self.alerts),
        )

    def naive_times(self) -> list[str]:
        """The names of times without an offset: nobody could say later when those were."""
        times = {"reported_at": self.reported_at, "since_from": self.since_from, "since_to": self.since_to}
        times |= {f"risk_facts[{at}].said_at": fact.said_at for at, fact in enumerate(self.risk_facts)}
        times |= {f"alerts[{at}].said_at": alert.said_at for at, alert in enumerate(self.alerts)}
        return [name for name, value in times.items() if value is not None and value.tzinfo is None]


class EngagementIn(Schema):
    """One row of a source, under the source's own headings, as the mapping of that source reads it."""

    source: str = Field(min_length=1, max_length=80, description="The code of the source's mapping, such as ENG-HOSPITAL")
    row: dict[str, str] = Field(min_length=1, max_length=200)

    def too_long(self) -> list[str]:
        """The headings whose cell holds more than a cell may."""
        return [heading for heading, cell in self.row.items() if len(cell) > LONGEST_CELL or len(heading) > LONGEST_HEADING]


class SentenceOut(Schema):
    """A refusal or a caution: a stable code, a sentence that says what to do, and the field it is about."""

    code: str
    sentence: str
    authority: str = ""
    field: str = ""


class ReceivedOut(Schema):
    """What became of a report."""

    report: int
    matter: int | None
    repeated: bool
    identity_unsure: bool
    cautions: list[SentenceOut]


class EngagementOut(Schema):
    """What became of an engagement."""

    engagement: int
    repeated: bool
    people: int
    identity_unsure: int
    news_on: list[int]
    looks: int
    matter: int | None
    cautions: list[SentenceOut]


class RefusedOut(Schema):
    """Why nothing was done."""

    refusals: list[SentenceOut]


class MatterOut(Schema):
    """One open matter, as the board shows it."""

    matter: int
    tier: int
    tier_reason: str
    given_name: str
    family_name: str
    state: str
    level: str
    district: str
    next_owed: str
    next_owed_by: str | None
    next_due_at: datetime | None
    answers: str | None
    reported_at: datetime


class BoardOut(Schema):
    """One page of the board, with the counts of the whole."""

    total: int
    late: int
    page: int
    pages: int
    matters: list[MatterOut]
