"""Nobody's account closes with work on it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lodestar.actions import access, duty
from lodestar.core.words import Refused
from lodestar.store.models import AuditRow, RoleGrant, Shift, User
from lodestar.store.queries import access as queries
from tests.actions.conftest import HOUR, NOW, Force

pytestmark = pytest.mark.django_db


def codes(error: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {refusal.code for refusal in error.value.refusals}


def test_an_account_with_nothing_on_it_closes_and_opens_nothing_from_then_on(force: Force) -> None:
    key = access.add_api_client(actor=force.actor("yew"), name="a machine", user_id=force.users["pine"].pk, now=NOW)
    access.close_account(actor=force.actor("yew"), user_id=force.users["pine"].pk, now=NOW)
    user = User.objects.get(username="pine")
    assert not user.is_active
    assert not RoleGrant.objects.filter(user=user, until_at=None).exists()
    assert queries.actor_for_api_key(key=key, at=NOW + HOUR, door="api") is None
    assert not queries.actor_for(user=user, at=NOW + HOUR, door="web").grants
    assert AuditRow.objects.filter(verb="access.account_closed", subject_id=str(user.pk)).exists()


def test_a_leaver_with_work_on_their_name_is_refused_with_the_whole_list(force: Force) -> None:
    matter = force.report()
    matter.refresh_from_db()
    holder = User.objects.get(pk=matter.holder_id)
    with pytest.raises(Refused) as refused:
        access.close_account(actor=force.actor("yew"), user_id=holder.pk, now=NOW)
    assert codes(refused) >= {"leaving.matters", "leaving.shifts"}
    assert matter.reference in str(next(item for item in refused.value.refusals if item.code == "leaving.matters"))
    holder.refresh_from_db()
    assert holder.is_active
    assert AuditRow.objects.filter(verb="access.account_closed", outcome="refused").exists()


def test_handing_over_is_not_enough_until_it_is_accepted(force: Force) -> None:
    matter = force.report()
    note = {"open_lines": "None", "family_promises": "None", "next_actions": "None"}
    giver = next(name for name, user in force.users.items() if user.pk == matter.holder_id)
    taker = "cedar" if giver != "cedar" else "alder"
    offer = duty.offer_handover(
        actor=force.actor(giver), matter_id=matter.pk, seen_version=matter.version, receiver_id=force.users[taker].pk, note=note, now=NOW
    )
    with pytest.raises(Refused) as refused:
        access.close_account(actor=force.actor("yew"), user_id=force.users[giver].pk, now=NOW)
    assert codes(refused) >= {"leaving.matters", "leaving.offers"}
    duty.answer_handover(actor=force.actor(taker), handover_id=offer, seen_version=1, verb="accept", reason="", now=NOW)
    left = queries.carried(user_id=force.users[giver].pk, at=NOW)
    assert (left.matters, left.offers) == ((), ())


def test_shifts_to_come_and_one_s_own_account_speak_against_closing(force: Force) -> None:
    until = Shift.objects.filter(user=force.users["holly"]).latest("until_at").until_at
    with pytest.raises(Refused) as refused:
        access.close_account(actor=force.actor("yew"), user_id=force.users["holly"].pk, now=NOW)
    assert codes(refused) == {"leaving.shifts"}
    access.close_account(actor=force.actor("yew"), user_id=force.users["holly"].pk, now=until + timedelta(minutes=1))
    with pytest.raises(Refused) as refused:
        access.close_account(actor=force.actor("yew"), user_id=force.users["yew"].pk, now=NOW)
    assert "leaving.own" in codes(refused)
    with pytest.raises(Refused) as refused:
        access.close_account(actor=force.actor("yew"), user_id=force.users["holly"].pk, now=until + HOUR)
    assert codes(refused) == {"leaving.closed"}
