"""An online case on the machinery that every desk shares: one intake, deeds as its moves, clocks, tiers and access."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lodestar.actions import reports
from lodestar.actions.matters import closing, deeds, involving, transfers
from lodestar.core.matters.involved import Statement
from lodestar.core.reports.draft import Subject
from lodestar.core.words import NotVisible, Refused
from lodestar.store.models import AuditRow, Deed, Involvement, Matter, Mention, Obligation, Report, Thing
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


FACT = Statement(nature="fact", source="School records")
CHILD = Subject(
    given_name="Orla", family_name="Fenlock", birth_date=date(2015, 3, 9), responsible_authority="shire", keys={"la_child_id": "LA-77"}
)


def link(force: Force, matter: Matter, role: str = "child_in_household", **changes: Any) -> int:
    given: dict[str, Any] = {"subject": CHILD, "statement": FACT, "from_at": NOW, **changes}
    return involving.involve_person(actor=force.actor("ash"), matter_id=matter.pk, role=role, now=NOW, **given)


def test_a_case_is_not_passed_to_another_force_while_a_linked_child_has_no_outcome(force: Force) -> None:
    matter = referral(force)
    said = {"other_force": "Fenshire", "receiver_named": "Insp Reed", "reason": "The address is theirs"}

    def refused() -> set[str]:
        matter.refresh_from_db()
        with pytest.raises(Refused) as told:
            transfers.offer_transfer(actor=force.actor("hazel"), matter_id=matter.pk, seen_version=matter.version, now=NOW, **said)
        return {item.code for item in told.value.refusals}

    assert refused() == {"transfer.not_graded"}
    link(force, matter)
    (more,) = refused() - {"transfer.not_graded"}
    assert more == "online.child_outcome"


def test_a_child_linked_to_a_case_is_owed_a_decision_on_sharing_at_once_about_that_child(force: Force) -> None:
    matter = referral(force)
    row = link(force, matter)
    owed = Obligation.objects.get(matter=matter, rule="ONL-SHARE", is_open=True)
    assert (owed.subject_kind, owed.subject_id) == ("involvement", row)
    matter.refresh_from_db()
    assert matter.tier <= 2


def test_the_decision_answers_the_clock_of_that_child_and_of_no_other(force: Force) -> None:
    matter = referral(force)
    first = link(force, matter)
    second = link(force, matter, subject=replace(CHILD, given_name="Finn", birth_date=date(2018, 1, 2), keys={"la_child_id": "LA-78"}))
    record(
        force, matter, "share_decided", child=str(first), decision="share", reason="Lives there", gateway="Children Act 2004 s.11",
        recipient="Shire children's services", next_review=(NOW + 48 * HOUR).isoformat(),
    )  # fmt: skip
    still = Obligation.objects.filter(matter=matter, rule="ONL-SHARE", is_open=True).values_list("subject_id", flat=True)
    assert list(still) == [second]


def test_a_decision_about_a_child_of_another_case_is_refused(force: Force) -> None:
    matter = referral(force)
    other = Involvement.objects.get(pk=link(force, matter))
    made = reports.receive(
        actor=force.actor("ash"), raw="raw", now=NOW, opening={**REFERRAL, "source_reference": "NCA-9"},
        draft=replace(force.draft(kind="online", source="x", external_id="NCA-9"), subject=Subject(family_name="user of account 77")),
    )  # fmt: skip
    with pytest.raises(Refused):
        deeds.record_deed(
            actor=force.actor("ash"), matter_id=made.matter_id or 0, code="child_risk_known", at=NOW, now=NOW,
            said={"child": str(other.pk), "known_from": "x", "what": "y"},
        )  # fmt: skip


def test_the_same_person_is_in_a_role_once_at_a_time_and_its_end_stays_on_record(force: Force) -> None:
    matter = referral(force)
    row = Involvement.objects.get(pk=link(force, matter))
    with pytest.raises(Refused) as refused:
        link(force, matter)
    assert [refusal.code for refusal in refused.value.refusals] == ["involved.already"]
    involving.end_involvement(actor=force.actor("ash"), involvement_id=row.pk, seen_version=row.version, reason="Moved out", now=NOW + HOUR)
    row.refresh_from_db()
    assert (row.until_at, row.ended_reason) == (NOW + HOUR, "Moved out")
    assert link(force, matter) != row.pk


def test_a_phone_written_two_ways_is_one_thing_with_two_statements(force: Force) -> None:
    matter = referral(force)
    for value, nature in (("07700 900123", "fact"), ("+44 7700 900123", "opinion")):
        involving.mention_thing(
            actor=force.actor("ash"), matter_id=matter.pk, kind="phone", value=value, said="The account's recovery number",
            statement=Statement(nature=nature, source="Provider"), at=NOW, now=NOW,
        )  # fmt: skip
    assert Thing.objects.count() == 1
    assert sorted(Mention.objects.values_list("nature", flat=True)) == ["fact", "opinion"]


def test_whoever_may_not_see_the_case_adds_nobody_to_it(force: Force) -> None:
    matter = referral(force)
    with pytest.raises(NotVisible):
        involving.involve_person(
            actor=force.actor("holly"), matter_id=matter.pk, subject=CHILD, role="victim", statement=FACT, from_at=NOW, now=NOW
        )
