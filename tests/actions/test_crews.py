"""Several people on one task: each told, each answering for themselves, and nobody left holding what is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lodestar.actions import tasks
from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.words import Refused
from lodestar.store.models import CrewMember, Matter, Notice, Obligation, Task
from lodestar.store.queries import access
from lodestar.store.queries import tasks as queries
from tests.actions.conftest import HOUR, NOW, Force

SOON = NOW + timedelta(minutes=5)


@pytest.fixture
def search(force: Force) -> Task:
    """A search that Rowan has and Holly goes along on."""
    matter = force.report()
    number = tasks.ask_for_task(
        actor=force.actor("hazel"),
        matter_id=matter.pk,
        kind="premises_search",
        detail="",
        earliest_at=NOW,
        due_at=NOW + 4 * HOUR,
        now=NOW,
    )
    task = Task.objects.get(pk=number)
    with perform("tasks.issued", actor=force.actor("hazel"), now=NOW, permission=P.TASKS_ISSUE) as act:
        people = [force.users["rowan"].pk, force.users["holly"].pk]
        tasks.issue(act, task, people=people, planned_start=NOW + HOUR, because="They are nearest")
    return task


def works(force: Force, who: str, task: Task, verb: str, reason: str = "") -> None:
    task.refresh_from_db()
    tasks.work_task(actor=force.actor(who, SOON), task_id=task.pk, seen_version=task.version, verb=verb, reason=reason, now=SOON)
    task.refresh_from_db()


def unanswered() -> int:
    return Obligation.objects.filter(rule="TASK-ACK", is_open=True).count()


def test_each_of_a_crew_is_told_and_owes_an_answer_of_their_own(force: Force, search: Task) -> None:
    owing = set(Obligation.objects.filter(rule="TASK-ACK", is_open=True).values_list("owed_by_id", flat=True))
    assert owing == {force.users["rowan"].pk, force.users["holly"].pk}
    assert Notice.objects.filter(kind="task", user_id=force.users["holly"].pk).count() == 1
    assert list(queries.mine(user_id=force.users["holly"].pk)) == [search]


def test_one_answer_does_not_stand_for_the_other(force: Force, search: Task) -> None:
    works(force, "rowan", search, "acknowledge")
    assert unanswered() == 1
    works(force, "holly", search, "acknowledge")
    assert unanswered() == 0
    assert CrewMember.objects.get(task=search).acknowledged_at == SOON
    with pytest.raises(Refused):
        works(force, "holly", search, "acknowledge")


def test_whoever_goes_along_may_say_they_cannot_and_the_whole_task_is_back(force: Force, search: Task) -> None:
    with pytest.raises(Refused):
        works(force, "holly", search, "start")
    works(force, "holly", search, "give_back", "Called to another child")
    assert (search.state, search.assignee_id) == ("open", None)
    assert unanswered() == 0
    assert not queries.mine(user_id=force.users["holly"].pk).exists()


def test_whoever_goes_along_sees_the_matter_while_they_do(force: Force, search: Task) -> None:
    matter = Matter.objects.get(pk=search.matter_id)
    assert force.users["holly"].pk in access.place_of(matter).people  # type: ignore[union-attr]
    works(force, "rowan", search, "give_back", "Shift over")
    matter.refresh_from_db()
    assert force.users["holly"].pk not in access.place_of(matter).people  # type: ignore[union-attr]


def test_work_taken_back_tells_everybody_why_and_ends_what_they_owed(force: Force, search: Task) -> None:
    with perform("tasking.decided", actor=force.actor("hazel", SOON), now=SOON, permission=P.TASKS_ISSUE) as act:
        tasks.take_back(act, search, why="A child in danger needs them.")
    search.refresh_from_db()
    assert (search.state, search.assignee_id, unanswered()) == ("open", None, 0)
    for name in ("rowan", "holly"):
        assert Notice.objects.filter(user_id=force.users[name].pk, text__contains="no longer yours").count() == 1
    assert search.steps.get(verb="take_back").reason == "A child in danger needs them."


def test_a_leaver_carries_the_tasks_they_go_along_on(force: Force, search: Task) -> None:
    assert access.carried(user_id=force.users["holly"].pk, at=SOON).tasks == (f"M-{search.matter_id}",)


def test_a_task_that_is_cancelled_lets_everybody_go(force: Force, search: Task) -> None:
    tasks.cancel_task(actor=force.actor("hazel", SOON), task_id=search.pk, seen_version=search.version, reason="Found", now=SOON)
    assert unanswered() == 0
    assert not CrewMember.objects.filter(released_at=None).exists()
