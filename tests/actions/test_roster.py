"""The roster: on it, off it, back again, and what that does to who answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from lodestar.actions import duty
from lodestar.core.duty import facts
from lodestar.core.words import Refused
from lodestar.store.guard import writing
from lodestar.store.models import AuditRow, Post, Shift
from lodestar.store.queries import duty as queries
from tests.actions.conftest import HOUR, NOW, Force


def on_duty(force: Force, at: object) -> set[str]:
    names = {user.pk: name for name, user in force.users.items()}
    return {names[row.id] for row in queries.on_duty_now(at=at)}  # type: ignore[arg-type]


def test_whoever_is_called_off_is_not_on_duty_from_then_and_was_before(force: Force) -> None:
    assert "alder" in on_duty(force, NOW)
    called = duty.call_off(actor=force.actor("hazel"), user_id=force.users["alder"].pk, now=NOW)
    assert called >= 1
    assert "alder" not in on_duty(force, NOW)
    assert "alder" in on_duty(force, NOW - timedelta(seconds=1))
    assert AuditRow.objects.filter(verb="duty.called_off").count() == called


def test_the_rota_names_somebody_else_for_what_they_would_answer_for(force: Force) -> None:
    before = {fact.person for fact in queries.shift_facts(at=NOW)}
    duty.call_off(actor=force.actor("hazel"), user_id=force.users["alder"].pk, now=NOW)
    matter = force.report(at=NOW + timedelta(minutes=1))
    assert force.users["alder"].pk in before
    assert matter.holder_id != force.users["alder"].pk
    assert matter.holder_id is not None


def test_nobody_is_called_off_twice_or_without_a_shift(force: Force) -> None:
    duty.call_off(actor=force.actor("hazel"), user_id=force.users["alder"].pk, now=NOW)
    with pytest.raises(Refused) as refused:
        duty.call_off(actor=force.actor("hazel"), user_id=force.users["alder"].pk, now=NOW + HOUR)
    assert [one.code for one in refused.value.refusals] == ["duty.no_shift"]


def test_they_can_be_put_back_on_the_very_shift_that_was_called_off(force: Force) -> None:
    user = force.users["alder"].pk
    shift = Shift.objects.filter(user_id=user, until_at__gt=NOW).order_by("from_at").first()
    assert shift is not None
    duty.call_off(actor=force.actor("hazel"), user_id=user, now=NOW)
    again = duty.roster(
        actor=force.actor("hazel"),
        post_id=shift.post_id,
        user_id=user,
        from_at=shift.from_at,
        until_at=shift.until_at,
        lead=shift.lead,
        now=NOW + timedelta(minutes=5),
    )
    assert again == shift.pk
    assert "alder" in on_duty(force, NOW + timedelta(minutes=5))


def test_a_post_is_on_the_roster_form(force: Force) -> None:
    assert {code for code, _ in queries.post_choices()} == set(Post.objects.values_list("pk", flat=True))


def test_only_who_keeps_the_roster_may_call_off(force: Force) -> None:
    with pytest.raises(Refused):
        duty.call_off(actor=force.actor("rowan"), user_id=force.users["alder"].pk, now=NOW)


def test_what_has_changed_on_the_rota_is_in_the_next_look_whoever_changed_it(force: Force) -> None:
    """The text of the rota is parsed once for as long as it says the same; it is read each time."""
    until = NOW + timedelta(hours=24)
    before = queries.shift_facts(at=NOW, until=until)
    assert before == queries.shift_facts(at=NOW, until=until) == as_the_rows_say(NOW, until)
    shift = Shift.objects.on(NOW).order_by("pk")[0]
    for change in (
        {"called_off_at": NOW + timedelta(minutes=1, microseconds=5)},
        {"called_off_at": None, "lead": not shift.lead},
        {"until_at": NOW + timedelta(minutes=2)},
        {"called_off_at": NOW},
    ):
        with writing():
            Shift.objects.filter(pk=shift.pk).update(**change)
        assert before != queries.shift_facts(at=NOW, until=until) == as_the_rows_say(NOW, until)
    assert queries.shift_facts(at=NOW + timedelta(days=4000)) == ()


def as_the_rows_say(at: datetime, until: datetime) -> tuple[Any, ...]:
    rows = Shift.objects.filter(from_at__lte=until, from_at__gt=at - timedelta(hours=24), until_at__gt=at).order_by("from_at", "pk")
    ends = [(row, min(row.until_at, row.called_off_at or row.until_at)) for row in rows]
    return tuple(
        facts.Shift(post=row.post.code, person=row.user_id, from_at=row.from_at, until_at=end, lead=row.lead)
        for row, end in ends
        if end > max(row.from_at, at)
    )
