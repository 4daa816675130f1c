"""Engagements for the journeys: one hurt child about whom nothing is open, and a mapping that was drafted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lodestar.actions.engagements import mappings, receiving
from lodestar.core.engagements.draft import EngagementDraft, PersonSaid, ThingSaid, canonical
from lodestar.core.reports.draft import Subject
from lodestar.store.models import EngagementLook
from lodestar.store.queries.mappings import document_of
from tests.actions.conftest import Force


def engaged(force: Force, *, now: datetime, given: str = "Orla", family: str = "Quill") -> dict[str, int]:
    """A child hurt and looked for by nobody, and a drafted mapping; their numbers by kind."""
    child = Subject(given_name=given, family_name=family, birth_date=date(2011, 8, 9), postcode="CB1 7ZZ", responsible_authority="shire")
    adult = Subject(given_name="Vic", family_name="Thorne", birth_date=date(1990, 1, 2))
    draft = EngagementDraft(
        kind="hospital",
        source="ENG-HOSPITAL",
        source_title="The hospital's emergency department",
        mapping_version="2026.1",
        external_id=f"ED-{given}-{family}",
        happened_at=now - timedelta(hours=5),
        people=(PersonSaid("subject", child), PersonSaid("with", adult, said="Said he was an uncle", nature="opinion")),
        things=(ThingSaid("phone", "07700 900555", "The companion's"), ThingSaid("vehicle", "EN60 GED", "Came in it")),
        district="north",
        reason="injury",
        circumstances="Presenting complaint: Cut to the arm\nOutcome: Left before treatment",
    )
    raw = canonical({"Attendance ID": draft.external_id})
    made = receiving.receive(actor=force.actor("holly", now), draft=draft, raw=raw, now=now)
    table = document_of(code="ENG-HOSPITAL", at=now) or {}
    document = {**table, "title": f"The infirmary in {given} Street"}
    number = mappings.draft(actor=force.actor("pine", now), document=document, reason="The hospital changed its name", now=now)
    look = EngagementLook.objects.get(stated__engagement_id=made.engagement_id)
    return {"engagement": made.engagement_id, "look": int(look.pk), "mapping": number}
