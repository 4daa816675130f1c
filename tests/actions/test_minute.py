"""What the minute brings, and what stays right when it does not come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection

from lodestar.actions import clocks, sweeping
from lodestar.actions.audit import seal_rows, verify_chain
from lodestar.core.access.scope import system_actor
from lodestar.core.clocks.standing import Standing
from lodestar.store.guard import WriteOutsideAction
from lodestar.store.models import AuditRow, Breach, LadderTold, Matter, Notice, Obligation
from lodestar.store.queries import clocks as queries
from lodestar.store.queries import duty
from tests.actions.conftest import HOUR, NOW, Force

SYSTEM = system_actor("test")


def test_a_breach_is_dated_when_it_fell_due_not_when_it_was_noticed(force: Force) -> None:
    matter = force.report()
    due = Obligation.objects.get(matter=matter, rule="MIS-FIRST-GRADE").due_at
    sweeping.sweep(actor=SYSTEM, now=NOW + 20 * HOUR)
    breach = Breach.objects.get(obligation__rule="MIS-FIRST-GRADE")
    assert breach.fell_due_at == due
    assert breach.noticed_at == NOW + 20 * HOUR


def test_a_second_sweep_tells_nobody_again(force: Force) -> None:
    force.report()
    sweeping.sweep(actor=SYSTEM, now=NOW + 20 * HOUR)
    told, notices = LadderTold.objects.count(), Notice.objects.count()
    assert told > 0
    sweeping.sweep(actor=SYSTEM, now=NOW + 20 * HOUR)
    assert (LadderTold.objects.count(), Notice.objects.count()) == (told, notices)


def test_lateness_is_true_though_nothing_has_swept(force: Force) -> None:
    force.report()
    late = queries.owed_within(actor=force.actor("hazel", NOW + 20 * HOUR), view="late", mine=False, at=NOW + 20 * HOUR)
    assert "MIS-FIRST-GRADE" in {row.rule for row in late}
    assert all(row.standing is Standing.LATE for row in late)
    assert Breach.objects.count() == 0


def test_time_alone_raises_the_tier(force: Force) -> None:
    matter = force.report()
    force.grade(matter, "medium", review_at=NOW + 11 * HOUR)
    matter.refresh_from_db()
    before = matter.tier
    sweeping.sweep(actor=SYSTEM, now=NOW + 80 * HOUR)
    matter.refresh_from_db()
    assert (before, matter.tier) == (3, 1)


def test_more_than_seven_days_missing_starts_its_own_clock(force: Force) -> None:
    matter = force.report()
    force.grade(matter, "medium")
    assert not Obligation.objects.filter(rule="MIS-OVER-7-DAYS").exists()
    sweeping.sweep(actor=SYSTEM, now=NOW + timedelta(days=7, hours=2))
    assert Obligation.objects.filter(matter=matter, rule="MIS-OVER-7-DAYS").count() == 1


def test_reviews_are_made_ahead_each_by_one_named_person(force: Force) -> None:
    matter = force.report()
    force.grade(matter, "medium")
    sweeping.sweep(actor=SYSTEM, now=NOW + 26 * HOUR)
    ahead = Obligation.objects.filter(matter=matter, rule="MIS-SUPERVISOR-REVIEW", due_at__gt=NOW + 26 * HOUR)
    assert ahead.exists()
    assert {row.owed_by for row in ahead} == {force.users["alder"]}, "the lead, though another sergeant is on too"


def test_pausing_moves_the_due_time_and_never_the_age(force: Force) -> None:
    matter = force.report()
    row = Obligation.objects.get(matter=matter, rule="MIS-CIRCULATION")
    due = row.due_at
    clocks.pause_clock(actor=force.actor("alder"), obligation_id=row.pk, seen_version=row.version, reason="System is down", now=NOW)
    row.refresh_from_db()
    clocks.resume_clock(actor=force.actor("alder"), obligation_id=row.pk, seen_version=row.version, now=NOW + HOUR)
    row.refresh_from_db()
    assert (row.due_at, row.started_at) == (due + HOUR, NOW)


def test_the_third_report_in_ninety_days_calls_for_a_referral(force: Force) -> None:
    keys = {"force_person_id": "P-77"}
    for number in range(3):
        at = NOW + timedelta(days=3 * number)
        draft = force.draft()
        subject = type(draft.subject)(given_name="Mina", family_name="Marsh", birth_date=draft.subject.birth_date, keys=keys)
        matter = force.report(at=at, external_id=f"R-{number}", subject=subject, since_from=at - HOUR, since_to=at - HOUR)
        assert Obligation.objects.filter(rule="MIS-REPEAT-90").count() == (1 if number == 2 else 0)
        force.grade(matter, at=at)
        force.found(matter, at=at + HOUR)
        force.evidence(matter, at=at + 2 * HOUR)
        force.close(matter, at=at + 3 * HOUR)
    assert Matter.objects.values("person").distinct().count() == 1


def test_nine_and_forty_reviews_owed_sixteen_done_names_the_thirty_three(force: Force) -> None:
    """IOPC recommendations to Cambridgeshire, September 2021: as rows, through the real ledger."""
    matter = force.report()
    force.grade(matter, "medium")
    sweeping.sweep(actor=SYSTEM, now=NOW + timedelta(days=49))
    lines = duty.review_ledger(from_at=NOW, until=NOW + timedelta(days=49))
    assert len(lines) >= 48
    assert all(line.owed_by for line in lines)
    assert {line.outcome for line in lines} == {"missed"}


def test_history_refuses_to_be_changed_even_by_hand(force: Force) -> None:
    force.report()
    row = AuditRow.objects.order_by("pk").first()
    assert row is not None
    with pytest.raises(WriteOutsideAction):
        AuditRow.objects.update(verb="x")
    with pytest.raises(TypeError):
        row.delete()
    with pytest.raises(DatabaseError, match="never changed or deleted"), connection.cursor() as cursor:
        cursor.execute("UPDATE store_auditrow SET verb = 'x' WHERE id = %s", [row.pk])


def test_the_chain_is_whole_after_sealing_and_names_an_anchor_that_differs(force: Force) -> None:
    force.report()
    seal = seal_rows(actor=SYSTEM, now=NOW)
    assert seal is not None
    assert verify_chain(actor=SYSTEM, now=NOW)[2] is None
    broken = verify_chain(actor=SYSTEM, now=NOW, anchors={1: "0" * 64})[2]
    assert broken is not None
    assert "differs from its anchor" in broken.sentence
