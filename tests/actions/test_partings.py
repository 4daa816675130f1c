"""A wrong join undone: nothing of it stays, everybody who relied on it is told, and every number that was quoted is answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from lodestar.actions import people, tasks
from lodestar.core.reports.draft import AlertSaid, Subject
from lodestar.store.guard import writing
from lodestar.store.models import Change, Link, Matter, Notice, PartingTold, Person, PersonKey, Report, Task
from lodestar.store.queries.matter_page import _circumstances
from lodestar.store.queries.priority import matter_facts
from lodestar.store.queries.timeline import timeline
from lodestar.store.queries.whereabouts import whereabouts
from tests.actions.conftest import HOUR, NOW, Force

KNOWN = Subject(given_name="Mina", family_name="Marsh", birth_date=date(2011, 5, 4), keys={"nhs_number": "9434765919"})
WRONG = replace(KNOWN, postcode="ZZ1 2AB", phone="07700 900123", keys={"nhs_number": "9434765919", "upn": "H801200001001"})
LATER = NOW + 10 * HOUR


def state_of(person: Person) -> tuple[Any, ...]:
    """Everything that is held of a person and that a report can change, but for how often it was written."""
    person.refresh_from_db()
    row = {field.attname: getattr(person, field.attname) for field in Person._meta.concrete_fields if field.name != "version"}
    keys = sorted(PersonKey.objects.filter(person=person, ended_at=None).values_list("scheme", "value"))
    return row, keys, sorted(whereabouts(person_id=person.pk).here)


def undo(force: Force, number: str, by: str = "holly") -> Person:
    report = Report.objects.get(external_id=number)
    made = people.undo_link(actor=force.actor(by, LATER), report_id=report.pk, reason="The mother says a cousin", now=LATER)
    return Person.objects.get(pk=made)


def test_undone_a_join_leaves_the_record_as_if_it_had_never_been_made(force: Force) -> None:
    known = force.report(external_id="R-1", subject=KNOWN).person
    before = state_of(known)
    force.report(NOW + HOUR, external_id="R-2", subject=WRONG)
    assert state_of(known) != before, "it filled the telephone number and the postcode, and gave another identifier"
    undo(force, "R-2")
    assert state_of(known) == before


def test_what_another_report_states_too_stays(force: Force) -> None:
    known = force.report(external_id="R-1", subject=KNOWN).person
    force.report(NOW + HOUR, external_id="R-2", subject=WRONG)
    force.report(NOW + 2 * HOUR, external_id="R-3", subject=replace(WRONG, keys=KNOWN.keys))
    undo(force, "R-2")
    known.refresh_from_db()
    assert (known.postcode, known.phone) == ("ZZ1 2AB", "07700900123")


def test_whoever_answers_or_has_work_on_it_is_told_once_the_timeline_says_it_and_the_boards_wake(force: Force) -> None:
    matter = force.report(external_id="R-1", subject=KNOWN)
    force.report(NOW + HOUR, external_id="R-2", subject=WRONG)
    task = tasked(force, matter, "rowan")
    made = undo(force, "R-2")
    told = {notice.user_id: notice for notice in Notice.objects.filter(kind="parted")}
    assert set(told) >= {matter.holder_id, task.assignee_id}
    for notice in told.values():
        assert f"is person {made.pk}'s now" in notice.text
        assert "Mina" not in notice.text and "Marsh" not in notice.text
    assert "your task on" in told[task.assignee_id].text
    (line,) = [line for line in timeline([matter]) if line.title == "A wrong join was undone"]
    assert ("Reason", "The mother says a cousin") in line.detail
    assert "PC Sam Rowan" in dict(line.detail)["Told"]
    assert Change.objects.filter(matter_id=matter.pk, what="people.parting_told").exists()
    assert PartingTold.objects.filter(user=task.assignee, what="task", matter=matter).exists()


def test_what_a_report_said_of_a_threat_leaves_with_it_and_the_tier_is_reached_afresh(force: Force) -> None:
    matter = force.report(external_id="R-1", subject=KNOWN)
    threat = AlertSaid("threat", "Somebody is looking for her", "Joan Marsh", NOW)
    force.report(NOW + HOUR, external_id="R-2", subject=WRONG, alerts=(threat,))
    assert matter_facts(matter, at=LATER).threat_alert
    undo(force, "R-2")
    assert not matter_facts(matter, at=LATER).threat_alert
    assert len(_circumstances(matter)) == 1, "nor does the page of the child show what was said of another"


def tasked(force: Force, matter: Matter, who: str) -> Task:
    """Work that somebody has in hand; how it came to them has tests of its own."""
    number = tasks.ask_for_task(
        actor=force.actor("hazel"),
        matter_id=matter.pk,
        kind="tell_children_services",
        detail="",
        earliest_at=NOW,
        due_at=NOW + 20 * HOUR,
        now=NOW,
    )
    with writing():
        Task.objects.filter(pk=number).update(assignee=force.users[who], state="accepted")
    return Task.objects.get(pk=number)


def test_a_number_that_was_split_off_or_emptied_still_says_where_everything_went(force: Force) -> None:
    known = force.report(external_id="R-1", subject=KNOWN).person
    force.report(NOW + HOUR, external_id="R-2", subject=WRONG)
    made = undo(force, "R-2")
    report = Report.objects.get(external_id="R-2")
    gone, came = whereabouts(person_id=known.pk), whereabouts(person_id=made.pk)
    assert [(one.report, one.person) for one in gone.gone] == [(report.pk, made.pk)]
    assert [(one.report, one.person) for one in came.came] == [(report.pk, known.pk)]
    assert not gone.is_empty
    people.undo_link(actor=force.actor("holly", LATER), report_id=Report.objects.get(external_id="R-1").pk, reason="Hers too", now=LATER)
    assert whereabouts(person_id=known.pk).is_empty
    assert Link.objects.filter(person=known).exists()
