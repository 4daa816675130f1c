"""A child that another force passes to us: they answer until we accept."""

from __future__ import annotations

import pytest

from lodestar.actions.matters import transfers
from lodestar.core.words import Refused
from lodestar.store.models import Matter, Obligation, Transfer
from tests.actions.conftest import HOUR, NOW, Force


def offered(force: Force) -> Transfer:
    draft = force.draft(reported_at=NOW - 3 * HOUR, external_id="T-1")
    pk = transfers.note_incoming(
        actor=force.actor("elm"), draft=draft, raw="raw", other_force="Fenshire", offered_by="Insp Reed", reason="She is in North", now=NOW
    )
    return Transfer.objects.get(pk=pk)


def test_an_offer_keeps_the_report_and_opens_nothing(force: Force) -> None:
    offer = offered(force)
    assert Matter.objects.count() == 0
    assert Obligation.objects.get(subject_kind="transfer", subject_id=offer.pk).rule == "MIS-TRANSFER-ACK"


def test_accepting_opens_the_matter_on_the_first_force_s_clock(force: Force) -> None:
    offer = offered(force)
    made = transfers.answer_incoming(
        actor=force.actor("elm"), transfer_id=offer.pk, seen_version=offer.version, verb="accept", reason="", now=NOW + HOUR
    )
    matter = Matter.objects.get(pk=made)
    assert matter.reported_at == NOW - 3 * HOUR
    assert matter.holder == force.users["alder"]
    assert not Obligation.objects.filter(subject_kind="transfer", is_open=True).exists()


def test_disputing_needs_a_reason_and_starts_the_dispute_s_clock(force: Force) -> None:
    offer = offered(force)
    with pytest.raises(Refused):
        transfers.answer_incoming(
            actor=force.actor("elm"), transfer_id=offer.pk, seen_version=offer.version, verb="dispute", reason="", now=NOW
        )
    offer.refresh_from_db()
    transfers.answer_incoming(
        actor=force.actor("elm"), transfer_id=offer.pk, seen_version=offer.version, verb="dispute", reason="She lives in Fenshire", now=NOW
    )
    assert Obligation.objects.get(subject_kind="transfer", is_open=True).rule == "MIS-TRANSFER-DISPUTE"
    assert Matter.objects.count() == 0


def test_an_offer_that_does_not_say_who_offers_is_refused(force: Force) -> None:
    with pytest.raises(Refused) as refused:
        transfers.note_incoming(
            actor=force.actor("elm"), draft=force.draft(), raw="", other_force="Fenshire", offered_by="", reason="x", now=NOW
        )
    assert [item.code for item in refused.value.refusals] == ["transfer.no_giver"]
