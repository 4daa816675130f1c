"""What was agreed beforehand for the next time a child is missing is work on the list the moment they are, and each action once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from lodestar.actions import people, reports, tasks
from lodestar.actions.matters import deeds
from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.matters.exploitation.triggers import WORK
from lodestar.core.reports.draft import Subject
from lodestar.store.models import AuditRow, LinkQuestion, Matter, Notice, Report, Task
from tests.actions.conftest import HOUR, NOW, Force

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ACTIONS = "Ring her aunt\n- Check 12 Tern Street\nAsk the bus station for its cameras"
TEXTS = ["Ring her aunt", "Check 12 Tern Street", "Ask the bus station for its cameras"]
CONCERN = {"concern": "A phone nobody bought her", "source": "Her school", "safe_now": "yes"}
MINA = Subject(given_name="Mina", family_name="Marsh", birth_date=date(2011, 5, 4), keys={"nhs_number": "9434765919"})
NINA = Subject(given_name="Nina", family_name="Reed", birth_date=date(2012, 1, 9), responsible_authority="shire")


def a_record(force: Force, subject: Subject = MINA, number: str = "EXP-1") -> Matter:
    draft = force.draft(kind="exploitation", source="Lodestar, Exploitation", external_id=number, subject=subject)
    return Matter.objects.get(pk=reports.receive(actor=force.actor("hazel"), draft=draft, raw="raw", now=NOW, opening=CONCERN).matter_id)


def a_plan(force: Force, record: Matter, actions: str = ACTIONS, until: datetime = NOW + 90 * DAY) -> int:
    said = {"actions": actions, "valid_until": until.isoformat(), "agreed_with": "Una Lime, Shire Council"}
    return deeds.record_deed(actor=force.actor("hazel"), matter_id=record.pk, code="trigger_plan_made", at=NOW, said=said, now=NOW)


def missing(force: Force, days: int = 3, number: str = "R-1", subject: Subject = MINA) -> Matter:
    at = NOW + days * DAY
    return force.report(at, external_id=number, subject=subject, since_from=at - HOUR, since_to=at - HOUR)


def agreed(matter: Matter) -> list[str]:
    """The open work on a matter that a plan asked for."""
    return list(
        Task.objects.filter(matter=matter, kind=WORK, is_open=True).order_by("origin", "origin_number").values_list("detail", flat=True)
    )


def test_a_report_of_a_child_with_a_plan_puts_each_action_on_the_list_with_where_it_is_from(force: Force) -> None:
    record = a_record(force)
    plan = a_plan(force, record)
    matter = missing(force)
    assert agreed(matter) == TEXTS
    task = Task.objects.filter(matter=matter).order_by("origin_number")[1]
    assert (task.origin_id, task.origin_number, task.origin and task.origin.matter) == (plan, 2, record)
    assert (task.state, task.assignee_id, task.title, task.due_at) == ("open", None, "Trigger plan", NOW + 3 * DAY + HOUR)
    row = AuditRow.objects.get(verb="tasks.asked", subject_id=str(task.pk))
    assert row.detail == {"matter": matter.pk, "kind": WORK, "deed": plan, "number": 2}
    assert AuditRow.objects.filter(verb="matter.trigger_plan_used", subject_id=str(record.pk)).count() == 1


def test_whoever_answers_for_the_search_and_for_the_record_is_told_without_a_name(force: Force) -> None:
    record = a_record(force)
    a_plan(force, record)
    matter = missing(force)
    found = Notice.objects.filter(key__contains="trigger:")
    assert {notice.user_id for notice in found} == {matter.holder_id, Matter.objects.get(pk=record.pk).holder_id}
    assert not any("Mina" in notice.text or "aunt" in notice.text for notice in found)


def test_the_same_report_and_a_second_one_of_the_same_absence_make_nothing_twice(force: Force) -> None:
    a_plan(force, a_record(force))
    matter = missing(force)
    assert missing(force) == matter
    assert missing(force, number="R-2") == matter
    assert len(agreed(matter)) == 3
    assert Notice.objects.filter(key__contains=f"trigger:{matter.pk}:").count() == 1


def test_the_next_time_the_child_is_missing_the_plan_is_used_again(force: Force) -> None:
    a_plan(force, a_record(force))
    first = missing(force)
    for number in Task.objects.filter(matter=first).values_list("pk", flat=True):
        tasks.cancel_task(
            actor=force.actor("hazel", NOW + 3 * DAY), task_id=number, seen_version=1, reason="She is home", now=NOW + 3 * DAY
        )
    force.grade(first, at=NOW + 3 * DAY)
    force.found(first, at=NOW + 3 * DAY + HOUR)
    second = missing(force, days=9, number="R-2")
    assert second != first
    assert agreed(second) == TEXTS


def test_a_plan_made_while_the_child_is_missing_is_used_from_the_next_report_of_that_absence(force: Force) -> None:
    record = a_record(force)
    matter = missing(force, days=0)
    at = NOW + HOUR
    said = {"actions": "Ring her aunt", "valid_until": (NOW + DAY).isoformat(), "agreed_with": "Her mother"}
    deeds.record_deed(actor=force.actor("hazel", at), matter_id=record.pk, code="trigger_plan_made", at=at, said=said, now=at)
    assert agreed(matter) == []
    assert missing(force, days=2, number="R-9") == matter, "the plan has run out by then"
    assert agreed(matter) == []
    soon = force.report(at + HOUR, external_id="R-3", subject=MINA)
    assert (soon, agreed(soon)) == (matter, ["Ring her aunt"])


@pytest.mark.parametrize("how", ["ended", "run out", "record closed as an error"])
def test_a_plan_that_no_longer_holds_makes_nothing(force: Force, how: str) -> None:
    record = a_record(force)
    plan = a_plan(force, record, until=NOW + 2 * DAY if how == "run out" else NOW + 90 * DAY)
    said, code = {"about": str(plan), "reason": "Another takes its place"}, "trigger_plan_ended"
    if how == "record closed as an error":
        said, code = {"reason": "Wrong child"}, "exploitation_opened_in_error"
    if how != "run out":
        at = NOW + HOUR
        deeds.record_deed(actor=force.actor("hazel", at), matter_id=record.pk, code=code, at=at, said=said, now=at)
    assert agreed(missing(force)) == []


def test_a_report_recognised_as_this_child_later_makes_them_then(force: Force) -> None:
    record = a_record(force)
    a_plan(force, record)
    at = NOW + 3 * DAY
    matter = force.report(at, external_id="R-9", subject=Subject(given_name="Mina", family_name="Marsh"))
    assert agreed(matter) == [], "it is not known yet who this is"
    question = LinkQuestion.objects.get(report__external_id="R-9")
    force.answer(question, "same", record.person_id, at=at + HOUR)
    matter.refresh_from_db()
    assert (matter.person_id, agreed(matter)) == (record.person_id, TEXTS)


def test_a_record_recognised_as_of_a_child_who_is_missing_makes_them_then(force: Force) -> None:
    matter = missing(force)
    record = a_record(force, Subject(given_name="Mina", family_name="Marsh"))
    a_plan(force, record)
    question = LinkQuestion.objects.get(provisional=record.person)
    at = NOW + 3 * DAY + HOUR
    force.answer(question, "same", matter.person_id, at=at)
    assert agreed(matter) == TEXTS


def test_a_report_taken_off_the_child_takes_the_plan_s_work_with_it_and_the_history_stays(force: Force) -> None:
    a_plan(force, a_record(force))
    matter = missing(force)
    at = NOW + 3 * DAY + HOUR
    people.undo_link(
        actor=force.actor("holly", at), report_id=Report.objects.get(external_id="R-1").pk, reason="Another girl of that name", now=at
    )
    assert agreed(matter) == []
    ended = Task.objects.filter(matter=matter, state="cancelled")
    assert ended.count() == 3
    step = ended[0].steps.get(verb="cancel")
    assert "another child" in step.reason
    assert step.by_id == force.users["holly"].pk


def test_another_child_s_report_makes_nothing(force: Force) -> None:
    a_plan(force, a_record(force))
    assert agreed(missing(force, subject=NINA)) == []


def test_an_action_worked_to_its_end_holds_what_was_found(force: Force) -> None:
    a_plan(force, a_record(force))
    matter = missing(force)
    at = NOW + 3 * DAY
    task = Task.objects.filter(matter=matter).order_by("origin_number")[0]
    given(force, task, "hazel", at)
    evidence = {"by_whom": "PC Holly", "how": "By telephone at ten", "result": "She is not there"}
    tasks.finish_task(
        actor=force.actor("hazel", at), task_id=task.pk, seen_version=task.version, outcome="done", evidence=evidence, done_at=at, now=at
    )
    task.refresh_from_db()
    assert (task.state, task.evidence, len(agreed(matter))) == ("done", evidence, 2)


def given(force: Force, task: Task, who: str, at: datetime) -> None:
    """A task given to somebody who starts it."""
    with perform("tasks.issued", actor=force.actor("elm", at), now=at, permission=P.TASKS_ISSUE) as act:
        tasks.issue(act, task, people=[force.users[who].pk], planned_start=at, because="They are nearest")
    for verb in ("acknowledge", "start"):
        task.refresh_from_db()
        tasks.work_task(actor=force.actor(who, at), task_id=task.pk, seen_version=task.version, verb=verb, reason="", now=at)
    task.refresh_from_db()
