"""The one way anything is written: whole or not at all, never without its audit row, and a refusal or lost race is evidence too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import models

from lodestar.actions.matters import finding, grading, opening
from lodestar.actions.perform import Act, AuditUnavailable, Unaudited, perform, subject_kind
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor, system_actor
from lodestar.core.words import Conflict, NotVisible, Refusal, Refused, require
from lodestar.store.guard import WriteOutsideAction
from lodestar.store.models import (
    AuditRow,
    Change,
    Heartbeat,
    LinkQuestion,
    Matter,
    MatterStep,
    Notice,
    Obligation,
    ObligationKnown,
    Person,
    Report,
)
from lodestar.store.queries import kept
from tests.actions.conftest import HOUR, NOW, Force

WRITTEN: tuple[type[models.Model], ...] = (Report, Person, Matter, MatterStep, Obligation, Notice, Change, AuditRow)


def counted() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in WRITTEN}


def last_row() -> AuditRow:
    return AuditRow.objects.latest("pk")


def start(force: Force, matter: Matter, by: str = "alder", version: int | None = None) -> None:
    seen = matter.version if version is None else version
    finding.start_enquiries(actor=force.actor(by), matter_id=matter.pk, seen_version=seen, now=NOW)


def performed(force: Force, step: Callable[[Act], object], permission: str | None = None, actor: Actor | None = None) -> None:
    """Take a step of the test's own, as the hub's sergeant unless somebody else is named."""
    with perform("test.step", actor=actor or force.actor("hazel"), now=NOW, permission=permission) as act:
        step(act)


def test_a_block_that_ends_without_an_audit_row_is_our_fault_and_leaves_nothing_written(force: Force) -> None:
    before = counted()

    def step(act: Act) -> None:
        act.changed(None)
        assert Change.objects.count() == before["Change"] + 1

    with pytest.raises(Unaudited, match=r"test\.step"):
        performed(force, step)
    assert counted() == before


def test_a_block_that_only_looks_owes_its_audit_row_too(force: Force) -> None:
    with pytest.raises(Unaudited):
        performed(force, lambda _: Matter.objects.count(), P.MATTERS_READ)


@pytest.mark.parametrize("step", ["report", "grade", "look"])
def test_where_the_audit_cannot_be_written_nothing_happens_and_nothing_is_shown(
    force: Force, broken_audit: Callable[[], Any], step: str
) -> None:
    matter = force.report()
    wanted = force.wanted(matter)
    steps: dict[str, Callable[[], object]] = {
        "report": lambda: force.report(external_id="R-2"),
        "grade": lambda: grading.grade_matter(
            actor=force.actor("alder"), matter_id=matter.pk, seen_version=matter.version, wanted=wanted, now=NOW
        ),
        "look": lambda: opening.open_matter_page(actor=force.actor("alder"), matter_id=matter.pk, now=NOW),
    }
    before = counted()
    with broken_audit(), pytest.raises(AuditUnavailable):
        steps[step]()
    assert counted() == before
    matter.refresh_from_db()
    assert (matter.state, matter.level) == ("reported", "")
    steps[step]()
    assert AuditRow.objects.count() > before["AuditRow"], "and with the audit back, the same step goes through"


def test_a_refusal_that_cannot_be_put_on_record_is_not_passed_off_as_a_refusal(force: Force, broken_audit: Callable[[], Any]) -> None:
    matter = force.report()
    with broken_audit(), pytest.raises(AuditUnavailable):
        start(force, matter)


def test_rows_of_one_look_are_written_in_their_order(force: Force) -> None:
    def step(act: Act) -> None:
        act.record(verb="test.opened", outcome="seen", detail={"ids": [1]})
        act.subject = ("person", "list")
        act.record(verb="test.named", outcome="seen", detail={"ids": [1, 2]})
        assert act.audited == 2

    performed(force, step, P.MATTERS_NEWS, force.actor("hazel"))
    opened, named = AuditRow.objects.order_by("-pk")[:2][::-1]
    assert (opened.verb, opened.subject_kind, opened.detail) == ("test.opened", "", {"ids": [1]})
    assert (named.verb, named.subject_kind, named.subject_id, named.detail) == ("test.named", "person", "list", {"ids": [1, 2]})


def test_what_is_refused_is_undone_whole_and_leaves_one_row_that_says_who_was_refused_what_and_why(force: Force) -> None:
    before = counted()
    actor = replace(force.actor("hazel"), request_id="req-7")

    def step(act: Act) -> None:
        act.subject = ("matter", "12")
        act.changed(12)
        act.record()
        require(Refusal("test.first", "Do this first."), Refusal("test.second", "And this."))

    with pytest.raises(Refused):
        performed(force, step, P.MATTERS_NEWS, actor)
    assert counted() == {**before, "AuditRow": before["AuditRow"] + 1}
    row = last_row()
    assert (row.verb, row.outcome, row.detail) == ("test.step", "refused", {"codes": ["test.first", "test.second"]})
    assert (row.actor_id, row.actor_name, row.roles) == (force.users["hazel"].pk, "Sgt Tom Hazel", "hub_sergeant")
    assert (row.subject_kind, row.subject_id, row.door, row.request_id, row.at) == ("matter", "12", "test", "req-7", NOW)


def test_who_lacks_the_permission_never_reaches_the_step(force: Force) -> None:
    matter = force.report()
    with pytest.raises(Refused) as refused:
        start(force, matter, by="ivy")
    assert [item.code for item in refused.value.refusals] == ["access.not_permitted"]
    matter.refresh_from_db()
    assert matter.state == "reported"
    assert (last_row().actor_name, last_row().verb, last_row().outcome) == ("Ivy Call", "matter.started", "refused")


def test_what_is_out_of_reach_and_what_is_not_there_are_told_alike_and_recorded_apart_only_by_number(force: Force) -> None:
    matter = force.report()
    rows = []
    for pk in (matter.pk, 999_999):
        with pytest.raises(NotVisible) as raised:
            finding.start_enquiries(actor=force.actor("birch"), matter_id=pk, seen_version=1, now=NOW)
        assert str(raised.value) == ""
        rows.append((last_row().subject_id, last_row().outcome, last_row().detail))
    assert rows == [(str(pk), "refused", {"codes": ["not_visible"]}) for pk in (matter.pk, 999_999)]


def test_who_may_look_and_not_act_is_told_to_ask_whoever_answers(force: Force) -> None:
    matter = force.report()
    actor = replace(force.actor("birch"), grants=(*force.actor("birch").grants, *force.actor("ivy").grants))
    with pytest.raises(Refused) as refused:
        finding.start_enquiries(actor=actor, matter_id=matter.pk, seen_version=matter.version, now=NOW)
    assert [item.code for item in refused.value.refusals] == ["access.not_permitted_here"]


def test_a_page_read_before_the_last_change_is_a_conflict_and_the_lost_race_is_on_record(force: Force) -> None:
    matter = force.report()
    force.grade(matter)
    steps = MatterStep.objects.count()
    with pytest.raises(Conflict):
        start(force, matter, version=matter.version - 1)
    row = last_row()
    assert (row.verb, row.outcome, row.subject_kind, row.subject_id) == ("matter.started", "conflict", "matter", str(matter.pk))
    matter.refresh_from_db()
    assert (matter.state, MatterStep.objects.count()) == ("graded", steps)
    start(force, matter)
    matter.refresh_from_db()
    assert matter.state == "active"


def test_of_two_who_read_the_same_version_the_second_to_write_loses_though_nobody_had_written_when_they_read(force: Force) -> None:
    matter = force.report()
    force.grade(matter)

    def slow(act: Act) -> None:
        mine = act.claim(Matter, matter.pk, seen_version=matter.version)
        start(force, matter)
        act.record(mine)
        act.move(mine, outcome="overwritten")

    with pytest.raises(Conflict):
        performed(force, slow, P.MATTERS_PROGRESS)
    assert (last_row().verb, last_row().outcome, last_row().subject_id) == ("test.step", "conflict", str(matter.pk))
    assert not AuditRow.objects.filter(verb="test.step", outcome="done").exists()


def test_a_change_moves_the_version_that_others_must_have_read(force: Force) -> None:
    matter = force.report()
    force.grade(matter)
    seen = matter.version
    start(force, matter)
    matter.refresh_from_db()
    assert matter.version == seen + 1


def test_a_fault_in_a_step_undoes_all_of_it(force: Force) -> None:
    before = counted()

    def step(act: Act) -> None:
        act.changed(None)
        act.record()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        performed(force, step)
    assert counted() == before


def test_nothing_is_written_outside_a_step_nor_once_it_is_over(force: Force) -> None:
    matter = force.report()
    for write in (
        lambda: Heartbeat(job="x", at=NOW, took_ms=1).save(),
        lambda: Matter.objects.filter(pk=matter.pk).update(tier=1),
        lambda: Heartbeat.objects.bulk_create([Heartbeat(job="y", at=NOW, took_ms=1)]),
        matter.save,
    ):
        with pytest.raises(WriteOutsideAction):
            write()
    with pytest.raises(Refused):
        start(force, matter)
    with pytest.raises(WriteOutsideAction):
        matter.save()


@pytest.mark.parametrize("ends", ["done", "refused"])
def test_what_waits_for_the_commit_is_done_only_when_the_step_is(force: Force, django_capture_on_commit_callbacks: Any, ends: str) -> None:
    told: list[str] = []

    def step(act: Act) -> None:
        act.afterwards(lambda: told.append("told"))
        act.record()
        require(Refusal("test.no", "No.") if ends == "refused" else None)

    with django_capture_on_commit_callbacks(execute=True):
        try:
            performed(force, step)
            assert not told, "the outer transaction is still open"
        except Refused:
            assert ends == "refused"
    assert told == (["told"] if ends == "done" else [])


def test_a_row_that_is_claimed_is_the_row_that_the_database_holds(force: Force) -> None:
    force.report()
    for model in WRITTEN:
        held = model._default_manager.order_by("pk").first()
        if held is None:
            continue
        found = kept.row(model, held.pk)
        assert found is not None, model
        assert not found._state.adding
        assert [getattr(found, one.attname) for one in model._meta.concrete_fields] == [
            getattr(held, one.attname) for one in model._meta.concrete_fields
        ]
    assert kept.row(Matter, 999_999) is None
    assert kept.row(Matter, 2**80) is None, "no database holds so large a number, and none is asked for it"


def test_the_system_itself_does_nothing_that_takes_a_person_by_name(force: Force) -> None:
    matter = force.report()
    force.grade(matter, "high")
    wanted = force.wanted(matter, "medium", reason="Seen on a bus", at=NOW + HOUR)
    with pytest.raises(Refused) as refused:
        grading.grade_matter(actor=system_actor("jobs"), matter_id=matter.pk, seen_version=matter.version, wanted=wanted, now=NOW + HOUR)
    assert [item.code for item in refused.value.refusals] == ["access.no_person"]
    assert (last_row().actor_id, last_row().actor_name, last_row().outcome) == (None, "Lodestar", "refused")


def test_a_row_goes_by_plain_words_in_the_audit() -> None:
    assert [subject_kind(model) for model in (Matter, LinkQuestion, MatterStep)] == ["matter", "link_question", "matter_step"]


def test_what_is_asked_ahead_is_asked_once_and_what_is_not_is_asked_when_it_is_needed(force: Force) -> None:
    asked: list[int] = []

    def question(number: int) -> Callable[[], int]:
        asked.append(number)
        return lambda: number * 10

    def step(act: Act) -> None:
        act.ask_ahead(question, 1)
        assert [act.answer(question, number) for number in (2, 1, 1)] == [20, 10, 10]
        act.record()

    performed(force, step)
    assert asked == [1, 2, 1], "an answer that was had is not had again: something may have been written since"


def test_an_action_knows_what_it_made_itself(force: Force) -> None:
    before = force.report(external_id="R-1")

    def step(act: Act) -> None:
        assert not act.made(before.person)
        made = act.add(Person(given_name="Mina", family_name="Marsh", name_key="marsh|mina", created_at=NOW))
        assert act.made(made)
        assert (act.made_any(Person), act.made_any(Matter)) == (True, False)
        act.record(made)

    performed(force, step)


def test_rows_added_soon_have_their_numbers_and_what_is_known_of_them_when_the_action_has_ended(force: Force) -> None:
    made: list[Obligation] = []

    def step(act: Act) -> None:
        made.extend(copies(force.report(external_id="R-1")))
        act.add_soon(made)
        act.add_soon([])
        act.record()

    performed(force, step)
    assert [Obligation.objects.get(pk=row.pk).key for row in made] == ["copy 0", "copy 1"]
    assert set(ObligationKnown.objects.filter(obligation__in=made).values_list("obligation_id", "known_from")) == {
        (row.pk, NOW) for row in made
    }


def copies(matter: Matter) -> list[Obligation]:
    """Two more clocks like one of a matter's own."""
    held = Obligation.objects.filter(matter=matter).first()
    assert held is not None
    values = {field.attname: getattr(held, field.attname) for field in Obligation._meta.concrete_fields if field.attname != "id"}
    return [Obligation(**values | {"key": f"copy {number}"}) for number in range(2)]
