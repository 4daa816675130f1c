"""An online case on the machinery that every desk shares: one intake, deeds as its moves, clocks, tiers and access."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from lodestar.actions import reports
from lodestar.actions.matters import closing, deeds
from lodestar.core.reports.draft import Subject
from lodestar.core.words import NotVisible, Refused
from lodestar.store.models import AuditRow, Deed, Matter, Obligation, Report
from lodestar.store.queries.access import place_of
from tests.actions.conftest import NOW, Force

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
REFERRAL = {
    "source": "nca_package",
    "source_reference": "NCA-2026-0417",
    "received_at": NOW.isoformat(),
    "disseminated_at": (NOW - 30 * HOUR).isoformat(),
    "offence_times": "2026-02-11 21:14:09 UTC",
    "source_document": "DOC-88121",
}


def referral(force: Force, **said: str) -> Matter:
    draft = replace(
        force.draft(kind="online", source="Lodestar, Online abuse", external_id="NCA-2026-0417"),
        subject=Subject(family_name="user of account 5521"),
        since_from=None,
        since_to=None,
    )
    made = reports.receive(actor=force.actor("ash"), draft=draft, raw="raw", now=NOW, opening={**REFERRAL, **said})
    return Matter.objects.get(pk=made.matter_id)


def record(force: Force, matter: Matter, code: str, at: datetime = NOW, by: str = "ash", **said: Any) -> int:
    return deeds.record_deed(actor=force.actor(by), matter_id=matter.pk, code=code, at=at, said=said, now=NOW)


def test_a_referral_opens_a_case_with_its_first_deed_its_clocks_and_one_person(force: Force) -> None:
    matter = referral(force)
    assert (matter.kind, matter.state, matter.is_child) == ("online", "referred", False)
    assert matter.holder_id is not None
    assert Deed.objects.get(matter=matter).code == "referral_received"
    rules = set(Obligation.objects.filter(matter=matter, is_open=True).values_list("rule", flat=True))
    assert {"ONL-TRIAGE", "ONL-FIRST-GRADE", "ONL-DORMANT"} <= rules
    assert matter.tier_reason


def test_what_the_opening_lacks_is_refused_and_nothing_is_left_behind(force: Force) -> None:
    with pytest.raises(Refused) as refused:
        referral(force, source_document="")
    assert {refusal.field for refusal in refused.value.refusals} == {"source_document"}
    assert not Report.objects.filter(kind="online").exists()
    assert not Matter.objects.filter(kind="online").exists()


def test_a_call_handler_opens_no_case_and_sees_none(force: Force) -> None:
    matter = referral(force)
    with pytest.raises(Refused):
        reports.receive(actor=force.actor("ivy"), draft=force.draft(kind="online", external_id="X-2"), raw="raw", now=NOW, opening=REFERRAL)
    assert not force.actor("ivy").may("matters.read", place_of(matter))
    with pytest.raises(NotVisible):
        deeds.record_deed(actor=force.actor("rowan"), matter_id=matter.pk, code="told_children_services", at=NOW, said={}, now=NOW)


def test_a_typed_address_without_its_source_is_refused_and_the_refusal_is_on_record(force: Force) -> None:
    matter = referral(force)
    said = {
        "ip": "81.2.69.142", "port_given": "yes", "port": "50122", "time_text": "2026-02-11 21:14:09", "zone": "UTC",
        "converted_at": "2026-02-11T21:14:09+00:00", "entered": "typed", "source_document": "",
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        record(force, matter, "ip_event_recorded", **said)
    assert "source_document" in {refusal.field for refusal in refused.value.refusals}
    assert AuditRow.objects.filter(verb="deed.ip_event_recorded", outcome="refused").exists()


def test_a_stage_is_not_left_while_its_checklist_is_open(force: Force) -> None:
    matter = referral(force)
    with pytest.raises(Refused):
        record(force, matter, "stage_finished", note="On to research")
    matter.refresh_from_db()
    assert matter.state == "referred"


def test_the_missing_desk_s_own_steps_do_not_move_an_online_case(force: Force) -> None:
    matter = referral(force)
    with pytest.raises((Refused, NotVisible)):
        closing.close_matter(actor=force.actor("hazel"), matter_id=matter.pk, seen_version=matter.version, now=NOW)
    matter.refresh_from_db()
    assert matter.state == "referred"


def test_investigative_work_answers_the_dormancy_clock_and_starts_it_afresh(force: Force) -> None:
    matter = referral(force)
    record(force, matter, "deconfliction_recorded", at=NOW + HOUR * 0, searched="All our systems", found="Nothing")
    clocks = Obligation.objects.filter(matter=matter, rule="ONL-DORMANT")
    assert clocks.filter(is_open=True).count() == 1
    before = clocks.get(is_open=True).started_at
    deeds.record_deed(
        actor=force.actor("ash", NOW + HOUR), matter_id=matter.pk, code="evidence_obtained", at=NOW + HOUR,
        said={"what": "Statement S/1", "shows": "Who held the account"}, now=NOW + HOUR,
    )  # fmt: skip
    assert clocks.filter(is_open=True).count() == 1
    assert clocks.get(is_open=True).started_at > before
