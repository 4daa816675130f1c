"""A report as it was understood, before anything is decided about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from lodestar.core.words import Caution

# The schemes of core.people.identifiers: a local authority's number counts only beside the authority that gave it.
NATIONAL_KEYS = ("pnc_id", "nhs_number", "upn")
LOCAL_KEYS = ("force_person_id", "la_child_id")
ASKED_DECLINED = "asked, declined"

# The longest text that is kept of each field; longer is refused in words rather than cut or failed on.
LONGEST = {
    "source": 80, "external_id": 120, "reporter_name": 160, "reporter_relationship": 80, "reporter_contact": 160, "district": 20,
    "given_name": 80, "family_name": 80, "sex": 20, "ethnicity": 40, "address": 240, "postcode": 10, "phone": 30,
    "responsible_authority": 20, "key": 80, "said_by": 160,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a report says it is about."""

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    sex: str = ""
    ethnicity: str = ""  # ASKED_DECLINED is an answer; blank is not
    address: str = ""
    postcode: str = ""
    phone: str = ""
    looked_after: bool | None = None
    responsible_authority: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)  # scheme to value


@dataclass(frozen=True, slots=True)
class RiskAnswer:
    """One answer about risk: what was said, by whom and when. "unknown" is an answer."""

    code: str
    version: str
    answer: str  # yes, no, unknown
    detail: str
    said_by: str
    said_at: datetime | None


@dataclass(frozen=True, slots=True)
class AlertSaid:
    """A medical or threat fact, as it was said."""

    kind: str  # medical, threat
    what: str
    said_by: str
    said_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """One report, understood."""

    source: str
    external_id: str
    reported_at: datetime
    recorded_at: datetime
    subject: Subject
    kind: str = "missing"
    reporter_name: str = ""
    reporter_relationship: str = ""
    reporter_contact: str = ""
    district: str = ""
    since_from: datetime | None = None
    since_to: datetime | None = None
    circumstances: str = ""
    alerts: tuple[AlertSaid, ...] = ()
    risk_facts: tuple[RiskAnswer, ...] = ()
    precision: str = "minute"  # "date" where no time of day was given
    cautions: tuple[Caution, ...] = ()
    # Times of which only the day was given, by field: each is kept as the first instant of that London day, and shown as a day.
    date_only: frozenset[str] = frozenset()


def speaker(*, name: str, relationship: str) -> str:
    """Who said something, as it is kept beside what was said: their name, and what they are to the child where that is known."""
    return f"{name} ({relationship})" if name and relationship else name
