"""Passing a child to another force: we answer until they have accepted, and nothing ends before that."""

from __future__ import annotations

from datetime import datetime

import pytest

from lodestar.actions.matters import closing, deeds, transfers
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.store.models import AuditRow, Deed, Grade, Matter, MatterStep, Obligation, Transfer
from tests.actions.conftest import HOUR, NOW, Force

REASON = "She lives in Fenshire and was last seen there"


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [item.code for item in refused.value.refusals]


def offered(force: Force, matter: Matter, by: str = "hazel", at: datetime = NOW, **changes: str) -> Transfer:
    matter.refresh_from_db()
    said = {"other_force": "Fenshire", "receiver_named": "Insp Reed", "reason": REASON, **changes}
    number = transfers.offer_transfer(actor=force.actor(by, at), matter_id=matter.pk, seen_version=matter.version, now=at, **said)
    matter.refresh_from_db()
    return Transfer.objects.get(pk=number)


def answer(force: Force, offer: Transfer, verb: str, at: datetime = NOW + HOUR, by: str = "Insp Reed", reason: str = "We cannot") -> None:
    offer.refresh_from_db()
    transfers.answer_transfer(
        actor=force.actor("hazel", at), transfer_id=offer.pk, seen_version=offer.version, verb=verb, answered_by=by, reason=reason, now=at
    )
    offer.refresh_from_db()


def owed_on(offer: Transfer) -> dict[str, Obligation]:
    rows = Obligation.objects.filter(subject_kind="transfer", subject_id=offer.pk, is_open=True)
    return {row.rule: row for row in rows}


def graded(force: Force) -> Matter:
    matter = force.report()
    force.grade(matter, "high")
    return matter


def test_an_offer_carries_the_grade_and_its_reasons_and_what_was_done(force: Force) -> None:
    matter = graded(force)
    told = {"person_told": "Una Lime, duty worker", "what": "Missing since four", "power": "Children Act 2004 s.11"}
    deeds.record_deed(actor=force.actor("hazel"), matter_id=matter.pk, code="told_children_services", at=NOW, said=told, now=NOW)
    carried = offered(force, matter).bundle
    grade = Grade.objects.get(matter=matter)
    assert (carried["level"], carried["rationale"], carried["relied_on"]) == ("high", grade.rationale, grade.relied_on)
    assert carried["steps_agreed"] == grade.steps_agreed
    assert carried["reported_at"] == NOW.isoformat()
    assert ["told_children_services", NOW.isoformat()] in carried["deeds"]
    assert "Latest review time" in [title for title, _ in carried["owed"]]


def test_the_grade_that_travels_stays_as_it_was_offered_when_ours_changes(force: Force) -> None:
    matter = force.report()
    force.grade(matter, "medium")
    offer = offered(force, matter)
    force.grade(matter, "high", at=NOW + HOUR)
    offer.refresh_from_db()
    assert (offer.bundle["level"], matter.level) == ("medium", "high")


def test_an_offer_says_everything_it_lacks_at_once(force: Force) -> None:
    matter = force.report()
    with pytest.raises(Refused) as refused:
        offered(force, matter, other_force=" ", receiver_named="", reason="")
    assert set(codes(refused)) == {"transfer.no_force", "transfer.no_receiver", "transfer.not_graded", "transfer.no_reason"}
    assert not Transfer.objects.exists()


def test_we_answer_until_they_accept(force: Force) -> None:
    matter = graded(force)
    offered(force, matter)
    assert (matter.state, matter.is_open, matter.holder) == ("graded", True, force.users["alder"])
    assert Obligation.objects.filter(matter=matter, rule="MIS-LATEST-REVIEW", is_open=True).exists(), "our own clocks run on"


def test_an_unanswered_offer_is_chased_by_our_own_inspector(force: Force) -> None:
    clock = owed_on(offered(force, graded(force)))["MIS-TRANSFER-ACK"]
    assert (clock.due_at, clock.owed_by) == (NOW + 2 * HOUR, force.users["elm"])


def test_acceptance_ends_the_matter_here_in_the_name_of_who_accepted(force: Force) -> None:
    matter = graded(force)
    offer = offered(force, matter)
    answer(force, offer, "accept", reason="")
    matter.refresh_from_db()
    assert (matter.state, matter.is_open, matter.outcome, matter.closed_at) == ("transferred", False, "transferred", NOW + HOUR)
    assert (offer.state, offer.answered_by, offer.answered_at) == ("accepted", "Insp Reed", NOW + HOUR)
    assert not Obligation.objects.filter(matter=matter, is_open=True).exists(), "what we owed, they owe"
    answered = Deed.objects.get(matter=matter, code="transfer_answered")
    clock = Obligation.objects.get(subject_kind="transfer", subject_id=offer.pk, rule="MIS-TRANSFER-ACK")
    assert (clock.done_at, clock.deed_id) == (NOW + HOUR, answered.pk), "answered, not merely cancelled"
    assert MatterStep.objects.filter(matter=matter, verb="transfer").count() == 1
    assert AuditRow.objects.filter(verb="transfer.accepted", subject_id=str(offer.pk), outcome="done").count() == 1


def test_an_acceptance_names_the_person_who_gave_it(force: Force) -> None:
    matter = graded(force)
    offer = offered(force, matter)
    with pytest.raises(Refused) as refused:
        answer(force, offer, "accept", by=" ")
    assert codes(refused) == ["transfer.nobody_answered"]
    matter.refresh_from_db()
    assert (matter.is_open, Transfer.objects.get().state) == (True, "offered")


def test_a_dispute_needs_its_reason_and_goes_to_senior_managers_on_a_clock_while_we_go_on(force: Force) -> None:
    matter = graded(force)
    offer = offered(force, matter)
    with pytest.raises(Refused) as refused:
        answer(force, offer, "dispute", reason=" ")
    assert codes(refused) == ["transfer.reason_owed"]
    answer(force, offer, "dispute", reason="She was last seen in your force")
    matter.refresh_from_db()
    clocks = owed_on(offer)
    assert set(clocks) == {"MIS-TRANSFER-DISPUTE"}
    assert (clocks["MIS-TRANSFER-DISPUTE"].due_at, clocks["MIS-TRANSFER-DISPUTE"].owed_by) == (NOW + 2 * HOUR, force.users["elm"])
    assert (matter.is_open, matter.holder) == (True, force.users["alder"])


@pytest.mark.parametrize("verb", ["refuse", "withdraw"])
def test_a_dispute_that_is_settled_against_us_leaves_the_child_with_us(force: Force, verb: str) -> None:
    matter = graded(force)
    offer = offered(force, matter)
    answer(force, offer, "dispute")
    answer(force, offer, verb, at=NOW + 2 * HOUR, reason="Settled between the superintendents")
    matter.refresh_from_db()
    assert (matter.state, matter.is_open, matter.holder) == ("graded", True, force.users["alder"])
    assert not owed_on(offer)
    settled = Obligation.objects.get(subject_id=offer.pk, rule="MIS-TRANSFER-DISPUTE")
    assert (settled.done_at, settled.cancelled_at) == (NOW + 2 * HOUR, None)
    assert Obligation.objects.filter(matter=matter, rule="MIS-LATEST-REVIEW", is_open=True).exists()


def test_a_disputed_offer_may_still_be_accepted_and_then_it_is_theirs(force: Force) -> None:
    matter = graded(force)
    offer = offered(force, matter)
    answer(force, offer, "dispute")
    answer(force, offer, "accept", at=NOW + 2 * HOUR, reason="Agreed between the superintendents")
    matter.refresh_from_db()
    assert (offer.state, matter.state) == ("accepted", "transferred")


def test_another_force_does_not_refuse_without_a_dispute_first(force: Force) -> None:
    offer = offered(force, graded(force))
    with pytest.raises(Refused) as refused:
        answer(force, offer, "refuse")
    assert codes(refused) == ["transfer.no_such_move"]


def test_a_second_offer_waits_until_the_first_is_answered(force: Force) -> None:
    matter = graded(force)
    first = offered(force, matter)
    for state in ("offered", "disputed"):
        if state == "disputed":
            answer(force, first, "dispute")
        with pytest.raises(Refused) as refused:
            offered(force, matter, other_force="Marshire")
        assert codes(refused) == ["transfer.already_offered"]
    answer(force, first, "withdraw", reason="She has moved on")
    assert offered(force, matter, other_force="Marshire").state == "offered"


@pytest.mark.parametrize("disputed", [False, True])
def test_nothing_closes_while_a_transfer_is_unanswered(force: Force, disputed: bool) -> None:
    matter = graded(force)
    offer = offered(force, matter)
    if disputed:
        answer(force, offer, "dispute")
    force.found(matter)
    force.evidence(matter)
    with pytest.raises(Refused) as refused:
        force.close(matter)
    assert codes(refused) == ["closing.transfer"]
    answer(force, offer, "withdraw", at=NOW + 2 * HOUR, reason="She is back")
    force.close(matter)
    assert matter.state == "closed"


@pytest.mark.parametrize("ended", ["found", "in error"])
def test_a_child_who_is_no_longer_looked_for_is_not_offered(force: Force, ended: str) -> None:
    matter = graded(force)
    if ended == "found":
        force.found(matter)
    else:
        closing.void_matter(actor=force.actor("hazel"), matter_id=matter.pk, seen_version=matter.version, reason="Wrong child", now=NOW)
    with pytest.raises(Refused) as refused:
        offered(force, matter, at=NOW + HOUR)
    assert codes(refused) == ["transfer.too_late"]
    assert not Obligation.objects.filter(rule="MIS-TRANSFER-ACK").exists()


def test_of_two_answers_to_one_offer_the_first_counts(force: Force) -> None:
    matter = graded(force)
    offer = offered(force, matter)
    seen = offer.version
    answer(force, offer, "dispute")
    with pytest.raises(Conflict):
        transfers.answer_transfer(
            actor=force.actor("elm"), transfer_id=offer.pk, seen_version=seen, verb="accept", answered_by="Insp Reed", reason="", now=NOW
        )
    offer.refresh_from_db()
    matter.refresh_from_db()
    assert (offer.state, matter.is_open) == ("disputed", True)
    assert AuditRow.objects.filter(verb="transfer.accept", outcome="conflict").count() == 1


def test_a_sergeant_passes_no_child_to_another_force(force: Force) -> None:
    matter = graded(force)
    with pytest.raises(Refused) as refused:
        offered(force, matter, by="alder")
    assert codes(refused) == ["access.not_permitted"]
    with pytest.raises(NotVisible):
        transfers.answer_transfer(
            actor=force.actor("elm"), transfer_id=999, seen_version=1, verb="accept", answered_by="Insp Reed", reason="", now=NOW
        )
    assert not Transfer.objects.exists()
