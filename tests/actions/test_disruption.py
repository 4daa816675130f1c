"""Each action of a disruption plan is worked as a task, and its end is a deed on the record by the one gate."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lodestar.actions import tasks
from lodestar.actions.matters import deeds
from lodestar.core.matters.exploitation.disruption import plans
from lodestar.core.words import Refused
from lodestar.store.models import Deed, Matter, Obligation, Task
from lodestar.store.queries.plans import work_on
from lodestar.store.queries.stories import story_of
from tests.actions.conftest import HOUR, NOW, Force
from tests.actions.test_trigger_plans import a_record, given

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(days=9)
FOUND = {"visited": "12 Tern Street", "found": "Two men, no child"}


def record_on(force: Force, matter: Matter, code: str, **said: str) -> int:
    return deeds.record_deed(actor=force.actor("hazel"), matter_id=matter.pk, code=code, at=NOW, said=said, now=NOW)


def a_plan(force: Force, matter: Matter) -> int:
    review = (NOW + timedelta(days=28)).isoformat()
    return record_on(force, matter, "disruption_planned", aim="The flat", owner="Sgt Hazel", child_safe="With her aunt", review_at=review)


def an_action(force: Force, matter: Matter, plan: int, action: str = "visit") -> Task:
    said = {"about": str(plan), "action": action, "what": "Visit 12 Tern Street", "owner": "PC Holly", "due": DUE.isoformat()}
    return Task.objects.get(origin=record_on(force, matter, "disruption_action_set", **said))


def stands(matter: Matter) -> list[tuple[str, str]]:
    found = plans(story=story_of(matter, at=NOW), pieces=work_on([matter]))
    return [(action.standing, action.piece.with_whom if action.piece else "") for plan in found for action in plan.actions]


def finish(force: Force, task: Task, outcome: str, evidence: dict[str, str]) -> None:
    task.refresh_from_db()
    tasks.finish_task(
        actor=force.actor("holly"), task_id=task.pk, seen_version=task.version, outcome=outcome, evidence=evidence, done_at=NOW, now=NOW
    )
    task.refresh_from_db()


def owed(matter: Matter) -> set[str]:
    return set(Obligation.objects.filter(matter=matter, is_open=True).values_list("rule", flat=True))


def test_an_action_is_a_task_and_the_plan_says_how_it_stands_until_it_is_done(force: Force) -> None:
    matter = a_record(force)
    task = an_action(force, matter, a_plan(force, matter))
    assert (task.kind, task.due_at, task.matter) == ("disruption_visit", DUE, matter)
    assert stands(matter) == [("nobody", "")]
    given(force, task, "holly", NOW)
    assert stands(matter) == [("started", "PC Ada Holly")]
    tasks.work_task(
        actor=force.actor("holly"), task_id=task.pk, seen_version=task.version, verb="block", reason="The landlord has the keys", now=NOW
    )
    found = plans(story=story_of(matter, at=NOW), pieces=work_on([matter]))[0].actions[0]
    assert (found.standing, found.piece and found.piece.blocked_by) == ("blocked", "The landlord has the keys")


def test_done_it_is_the_deed_it_satisfies_and_the_end_of_its_action_and_the_clock_stops(force: Force) -> None:
    matter = a_record(force)
    task = an_action(force, matter, a_plan(force, matter))
    assert "EXP-DISRUPTION-ACTION" in owed(matter)
    given(force, task, "holly", NOW)
    finish(force, task, "visited", FOUND)
    assert Deed.objects.filter(matter=matter, code="adult_visited").count() == 1
    ended = Deed.objects.get(matter=matter, code="disruption_action_ended")
    assert ended.detail == {"about": str(task.origin_id), "done": "yes", "result": "12 Tern Street; Two men, no child"}
    assert "EXP-DISRUPTION-ACTION" not in owed(matter)
    assert stands(matter) == [("done", "PC Ada Holly")]


def test_not_done_the_action_is_still_wanted_and_can_be_asked_for_again(force: Force) -> None:
    matter = a_record(force)
    task = an_action(force, matter, a_plan(force, matter))
    given(force, task, "holly", NOW)
    finish(force, task, "nobody_in", {"tried": "Knocked at three and at five"})
    assert stands(matter) == [("still_wanted", "PC Ada Holly")]
    assert "EXP-DISRUPTION-ACTION" in owed(matter)
    again = record_on(force, matter, "disruption_action_again", about=str(task.origin_id), what="Go at night", due=DUE.isoformat())
    second = Task.objects.get(origin_id=again)
    assert (second.kind, second.detail.splitlines()[0], stands(matter)) == ("disruption_visit", "Go at night", [("nobody", "")])
    given(force, second, "holly", NOW)
    finish(force, second, "visited", FOUND)
    assert stands(matter) == [("done", "PC Ada Holly")]
    assert Deed.objects.get(matter=matter, code="disruption_action_ended").detail["about"] == str(task.origin_id)


def test_an_action_ended_by_hand_takes_its_work_off_the_list(force: Force) -> None:
    matter = a_record(force)
    task = an_action(force, matter, a_plan(force, matter), action="vehicle")
    said = {"about": str(task.origin_id), "done": "no", "result": "He has sold the car"}
    record_on(force, matter, "disruption_action_ended", **said)
    task.refresh_from_db()
    assert (task.state, task.steps.get(verb="cancel").reason) == ("cancelled", "Disruption action ended.")
    assert stands(matter) == [("given_up", "")]
    with pytest.raises(Refused):
        record_on(force, matter, "disruption_action_ended", **said)


def test_work_cancelled_leaves_the_action_wanted(force: Force) -> None:
    matter = a_record(force)
    task = an_action(force, matter, a_plan(force, matter), action="other")
    tasks.cancel_task(actor=force.actor("hazel"), task_id=task.pk, seen_version=1, reason="Not this week", now=NOW + HOUR)
    assert stands(matter) == [("still_wanted", "")]
