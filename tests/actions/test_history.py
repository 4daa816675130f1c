"""Taking history over: whole, on record, only by leave; and what was owed in it, by the rules of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lodestar.actions import history
from lodestar.actions.history import Happened, Past, Reviewed
from lodestar.core.access.scope import system_actor
from lodestar.core.words import Refused
from lodestar.store.models import AuditRow, Breach, Matter, Obligation, Person, User
from lodestar.store.playbooks import clock_rules
from tests.actions.conftest import HOUR, NOW, Force

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("test")
BEGAN = datetime(2026, 1, 12, 10, 0, tzinfo=UTC)


def child(name: str = "Mina") -> dict[str, Any]:
    return {"given_name": name, "family_name": "Marsh", "name_key": f"marsh {name.lower()}", "created_at": BEGAN}


def matter(force: Force, **changes: Any) -> Matter:
    (person,) = history.take_over(actor=SYSTEM, noun="person", rows=[child()], now=NOW)
    times = dict.fromkeys(("reported_at", "recorded_at", "opened_at", "since_to"), BEGAN)
    row = {"person_id": person, "state": "active", "district": "north", "holder_id": force.users["alder"].pk, **times, **changes}
    (made,) = history.take_over(actor=SYSTEM, noun="matter", rows=[row], now=NOW)
    return Matter.objects.get(pk=made)


def past(force: Force, row: Matter, **changes: Any) -> Past:
    whole: dict[str, Any] = {
        "matter": row.pk,
        "is_child": True,
        "opened_at": BEGAN,
        "ended_at": None,
        "happened": (Happened("reported", BEGAN),),
        "deeds": (),
        "reviews": (),
        "holders": ((BEGAN, force.users["alder"].pk),),
        "answers": {},
    }
    return Past(**{**whole, **changes})


def owed(row: Matter, code: str) -> Obligation:
    return Obligation.objects.get(matter=row, rule=code)


def satisfied_by(code: str) -> str:
    return clock_rules(BEGAN.date())[code].satisfied_by


def test_rows_keep_the_times_they_had_and_come_back_in_order(force: Force) -> None:
    made = history.take_over(actor=SYSTEM, noun="person", rows=[child("Ada"), child("Bea")], now=NOW)
    assert [Person.objects.get(pk=pk).given_name for pk in made] == ["Ada", "Bea"]
    assert Person.objects.get(pk=made[0]).created_at == BEGAN


def test_a_batch_leaves_one_audit_row_with_its_count_and_no_name(force: Force) -> None:
    before = AuditRow.objects.count()
    history.take_over(actor=SYSTEM, noun="person", rows=[child("Ada"), child("Bea")], now=NOW)
    row = AuditRow.objects.latest("pk")
    assert AuditRow.objects.count() == before + 1
    assert (row.verb, row.subject_kind, row.detail["rows"]) == ("history.loaded", "person", 2)
    assert "Ada" not in str(row.detail) and "Marsh" not in str(row.detail)


def test_different_batches_have_different_digests(force: Force) -> None:
    digests = set()
    for name in ("Ada", "Bea"):
        history.take_over(actor=SYSTEM, noun="person", rows=[child(name)], now=NOW)
        digests.add(AuditRow.objects.latest("pk").detail["sha256"])
    assert len(digests) == 2


@pytest.mark.parametrize("name", ["alder", "elm", "hazel", "yew", "oak"])
def test_nobody_with_a_role_of_the_force_may_load_history(force: Force, name: str) -> None:
    with pytest.raises(Refused):
        history.take_over(actor=force.actor(name), noun="person", rows=[child()], now=NOW)
    assert not Person.objects.exists()
    assert AuditRow.objects.latest("pk").outcome == "refused"


def test_a_noun_that_is_not_taken_over_is_refused(force: Force) -> None:
    with pytest.raises(KeyError):
        history.take_over(actor=SYSTEM, noun="audit_row", rows=[{}], now=NOW)


def test_what_a_report_started_is_owed_by_its_rule_and_by_whoever_answered_then(force: Force) -> None:
    row = matter(force)
    history.owe(actor=SYSTEM, pasts=[past(force, row)], now=NOW)
    grading = owed(row, "MIS-FIRST-GRADE")
    assert grading.started_at == BEGAN < grading.due_at
    assert grading.owed_by == force.users["alder"]
    assert grading.rule_hash == clock_rules(BEGAN.date())["MIS-FIRST-GRADE"].content_hash


def test_after_a_hand_over_what_begins_is_owed_by_the_receiver_and_what_had_begun_is_not(force: Force) -> None:
    row = matter(force)
    giver, receiver = force.users["alder"].pk, force.users["cedar"].pk
    chain = ((BEGAN, giver), (BEGAN + HOUR, receiver))
    happened = (Happened("reported", BEGAN), Happened("located", BEGAN + 2 * HOUR, "medium", "medium"))
    history.owe(actor=SYSTEM, pasts=[past(force, row, happened=happened, holders=chain)], now=NOW)
    by_start = {(owed.started_at, owed.owed_by_id) for owed in Obligation.objects.filter(matter=row, owed_post="holder")}
    assert by_start == {(BEGAN, giver), (BEGAN + 2 * HOUR, receiver)}


def test_past_and_live_clocks_fall_due_at_the_same_instant(force: Force) -> None:
    live = force.report(at=BEGAN, since_from=BEGAN, since_to=BEGAN)
    row = matter(force)
    history.owe(actor=SYSTEM, pasts=[past(force, row)], now=NOW)
    taken = dict(Obligation.objects.filter(matter=row).values_list("rule", "due_at"))
    started = Obligation.objects.filter(matter=live, started_at=BEGAN)
    assert taken and taken == dict(started.values_list("rule", "due_at"))


@pytest.mark.parametrize("late", [False, True])
def test_the_deed_that_satisfies_a_clock_stops_it_and_lateness_is_a_breach(force: Force, late: bool) -> None:
    row = matter(force)
    due = _due(force, "MIS-FIRST-GRADE")
    at = due + (HOUR if late else -timedelta(seconds=1))
    done = past(force, row, deeds=((satisfied_by("MIS-FIRST-GRADE"), at, None, force.users["alder"].pk),))
    history.owe(actor=SYSTEM, pasts=[done], now=NOW)
    grading = owed(row, "MIS-FIRST-GRADE")
    assert (grading.done_at, grading.is_open) == (at, False)
    breaches = list(Breach.objects.filter(obligation=grading).values_list("fell_due_at", "owed_by_id"))
    assert breaches == ([(due, force.users["alder"].pk)] if late else [])


def _due(force: Force, code: str) -> datetime:
    other = matter(force)
    history.owe(actor=SYSTEM, pasts=[past(force, other)], now=BEGAN)
    return owed(other, code).due_at


def test_a_deed_before_the_clock_began_does_not_stop_it(force: Force) -> None:
    row = matter(force)
    early = past(force, row, deeds=((satisfied_by("MIS-FIRST-GRADE"), BEGAN - HOUR, None, None),))
    history.owe(actor=SYSTEM, pasts=[early], now=BEGAN + HOUR)
    assert owed(row, "MIS-FIRST-GRADE").is_open


def test_what_nobody_did_on_a_matter_that_ended_is_cancelled_and_never_done(force: Force) -> None:
    row = matter(force, is_open=False, state="closed")
    history.owe(actor=SYSTEM, pasts=[past(force, row, ended_at=BEGAN + 5 * HOUR)], now=NOW)
    assert not Obligation.objects.filter(matter=row, is_open=True).exists()
    assert not Obligation.objects.filter(matter=row, done_at__isnull=False).exists()


@pytest.mark.parametrize("done", [False, True])
def test_a_past_review_is_done_or_missed_as_it_was(force: Force, done: bool) -> None:
    row = matter(force, is_open=False, state="closed")
    sergeant = force.users["alder"].pk
    at = BEGAN + 3 * HOUR if done else None
    review = Reviewed(BEGAN, BEGAN + 4 * HOUR, "medium", sergeant, None, at, sergeant if done else None)
    history.owe(actor=SYSTEM, pasts=[past(force, row, reviews=(review,), ended_at=BEGAN + 9 * HOUR)], now=NOW)
    kept = owed(row, "MIS-SUPERVISOR-REVIEW")
    assert (kept.done_at, kept.due_at, kept.is_open) == (at, BEGAN + 4 * HOUR, False)
    assert Breach.objects.filter(obligation=kept).exists() is not done


def test_an_open_matter_goes_on_with_a_tier_and_what_is_owed_next(force: Force) -> None:
    row = matter(force, level="medium", first_level="medium")
    graded = Happened("graded", BEGAN + HOUR, "medium", "", BEGAN + 5 * HOUR)
    history.owe(actor=SYSTEM, pasts=[past(force, row, happened=(Happened("reported", BEGAN), graded))], now=NOW)
    went_on: list[int] = []
    history.bring_to_life(actor=SYSTEM, matter_ids=[row.pk], now=NOW, each=went_on.append)
    row.refresh_from_db()
    soonest = Obligation.objects.filter(matter=row, is_open=True).earliest("due_at")
    assert went_on == [row.pk]
    assert (row.next_due_at, row.next_owed) == (soonest.due_at, soonest.title)
    assert row.assessments.get().tier == row.tier and row.tier_reason


def test_loading_writes_nobody_a_password_they_did_not_have(force: Force) -> None:
    (pk,) = history.take_over(actor=SYSTEM, noun="user", rows=[{"username": "new", "name": "New Person", "password": "!"}], now=NOW)
    assert not User.objects.get(pk=pk).check_password("")
