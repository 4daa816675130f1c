"""What happens makes one proposal by itself and issues nothing; what nobody can do is owed, climbs, is accepted by name and returns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from lodestar.actions import clocks, duty, replanning, sweeping, tasking, tasks
from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import system_actor
from lodestar.core.words import Refused
from lodestar.store.guard import writing
from lodestar.store.models import LadderTold, Matter, Notice, Obligation, Post, Proposal, Shift, Task
from lodestar.store.queries import formulas
from lodestar.store.queries import replanning as looks
from lodestar.store.queries import tasking as queries
from lodestar.store.queries.unresourced import unresourced, why_nobody
from tests.actions.conftest import HOUR, NOW, Force

SYSTEM = system_actor("test")
MINUTE = timedelta(minutes=1)
SOON = NOW + 10 * MINUTE


def asked(force: Force, matter: Matter, kind: str = "premises_search", at: datetime = NOW) -> Task:
    actor = force.actor("hazel", at)
    wanted = {"kind": kind, "detail": "", "earliest_at": at, "due_at": at + 4 * HOUR, "now": at}
    return Task.objects.get(pk=tasks.ask_for_task(actor=actor, matter_id=matter.pk, **wanted))


@pytest.fixture
def matter(force: Force) -> Matter:
    """A child at medium risk."""
    made = force.report()
    force.grade(made, "medium")
    return made


@pytest.fixture
def issued(force: Force, matter: Matter) -> Task:
    """Work that Rowan and Holly have, and a proposal that has looked at everything since."""
    task = asked(force, matter)
    with perform("tasks.issued", actor=force.actor("hazel"), now=NOW, permission=P.TASKS_ISSUE) as act:
        people = [force.users["rowan"].pk, force.users["holly"].pk]
        tasks.issue(act, task, people=people, planned_start=NOW + HOUR, because="They are nearest")
    tasking.propose(actor=force.actor("hazel"), now=NOW)
    return task


def replanned(at: datetime = SOON) -> Proposal | None:
    made = replanning.replan(actor=SYSTEM, now=at)
    return None if made is None else Proposal.objects.get(pk=made)


def called_off(force: Force, task: Task) -> None:
    duty.call_off(actor=force.actor("hazel"), user_id=force.users["rowan"].pk, now=NOW + MINUTE)


def given_back(force: Force, task: Task) -> None:
    at, seen = NOW + MINUTE, task.version
    actor = force.actor("holly", at)
    tasks.work_task(actor=actor, task_id=task.pk, seen_version=seen, verb="give_back", reason="Called to a crash", now=at)


def blocked(force: Force, task: Task) -> None:
    for verb in ("acknowledge", "start", "block"):
        task.refresh_from_db()
        actor = force.actor("rowan", NOW + MINUTE)
        tasks.work_task(actor=actor, task_id=task.pk, seen_version=task.version, verb=verb, reason="No key", now=NOW + MINUTE)


def raised(force: Force, task: Task) -> None:
    force.grade(task.matter, "high", at=NOW + MINUTE)


def shift_over(force: Force, task: Task) -> None:
    with writing():
        Shift.objects.on(NOW).filter(user=force.users["rowan"]).update(until_at=NOW + MINUTE)
        Task.objects.filter(pk=task.pk).update(planned_start=NOW)


def nobody_began(force: Force, task: Task) -> None:
    with writing():
        Task.objects.filter(pk=task.pk).update(planned_start=NOW - 5 * MINUTE)


def ran_over(force: Force, task: Task) -> None:
    for verb in ("acknowledge", "start"):
        task.refresh_from_db()
        tasks.work_task(actor=force.actor("rowan"), task_id=task.pk, seen_version=task.version, verb=verb, reason="", now=NOW)
    with writing():
        Task.objects.filter(pk=task.pk).update(minutes=0)  # and the grace of ten minutes


def fell_due(force: Force, task: Task) -> None:
    with writing():
        Task.objects.filter(pk=task.pk).update(due_at=NOW + MINUTE)


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (called_off, "somebody with work is not here"),
        (shift_over, "somebody with work is not here"),
        (given_back, "work was given back on M-"),
        (blocked, "work is blocked on M-"),
        (raised, "rose to the first tier"),
        (nobody_began, "work given out is late on M-"),
        (fell_due, "work given out is late on M-"),
        (ran_over, "work has run over its time on M-"),
    ],
)
def test_each_event_makes_one_proposal_that_says_why_and_the_same_state_makes_no_second(
    force: Force, issued: Task, happens: Callable[[Force, Task], None], says: str
) -> None:
    happens(force, issued)
    with_whom = Task.objects.get(pk=issued.pk).assignee_id
    proposal = replanned()
    assert proposal is not None
    assert says in proposal.because
    assert proposal.made_by is None
    assert proposal.state == "proposed"
    assert replanned(SOON + 2 * MINUTE) is None
    assert Task.objects.get(pk=issued.pk).assignee_id == with_whom, "a proposal issues nothing"
    told = Notice.objects.filter(kind="tasking", subject_kind="proposal", subject_id=proposal.pk)
    assert set(told.values_list("user__username", flat=True)) == {"hazel", "elm"}
    assert told.count() == 2
    assert not any(name in row.text for row in told for name in ("Mina", "Marsh", "Rowan"))


def test_nothing_that_matters_happened_and_nothing_is_proposed(force: Force, issued: Task) -> None:
    asked(force, issued.matter, "phone_enquiry", NOW + MINUTE)  # of a lower tier: it waits for whoever tasks
    assert replanned() is None
    assert Proposal.objects.count() == 1


def test_work_of_the_first_tier_is_proposed_as_soon_as_it_is_asked_for(force: Force, matter: Matter) -> None:
    force.grade(matter, "high")
    tasking.propose(actor=force.actor("hazel"), now=NOW)
    task = asked(force, matter, "area_search", NOW + MINUTE)
    proposal = replanned()
    assert proposal is not None
    assert proposal.because == f"work of the first tier was asked for on {matter.reference}"
    assert task.pk in queries.planned(proposal)


def test_events_of_one_minute_make_one_proposal_and_wait_for_the_next(force: Force, issued: Task) -> None:
    called_off(force, issued)
    assert replanned(NOW + MINUTE + timedelta(seconds=10)) is not None
    raised(force, issued)
    with writing():
        Proposal.objects.update(made_at=NOW + MINUTE - timedelta(seconds=1))
    assert replanned(NOW + MINUTE + timedelta(seconds=40)) is None
    assert replanned(NOW + 2 * MINUTE) is not None


def test_a_proposal_for_one_district_has_not_looked_at_what_happened_in_another(force: Force, issued: Task) -> None:
    called_off(force, issued)
    tasking.propose(actor=force.actor("birch", NOW + 2 * MINUTE), now=NOW + 2 * MINUTE)
    assert replanned() is not None


def test_the_work_of_somebody_called_off_is_proposed_to_somebody_else_and_the_move_says_why(force: Force, issued: Task) -> None:
    called_off(force, issued)
    proposal = replanned()
    assert proposal is not None
    line = queries.planned(proposal)[issued.pk]
    assert line.people
    assert force.users["rowan"].pk not in line.people
    assert line.moved
    waiting = looks.waiting()
    assert waiting is not None
    assert (waiting.pk, waiting.lines) == (proposal.pk, 1)


def test_a_proposal_that_waits_for_a_second_person_stays(force: Force, issued: Task) -> None:
    with writing():
        Proposal.objects.update(state="awaiting_second")
    called_off(force, issued)
    assert replanned() is not None
    assert Proposal.objects.filter(state="awaiting_second").count() == 1


def test_work_that_nobody_says_they_have_climbs_for_each_of_its_crew_until_they_say_so(force: Force, issued: Task) -> None:
    at = NOW + 20 * MINUTE
    seen = Task.objects.get(pk=issued.pk).version
    tasks.work_task(actor=force.actor("holly", at), task_id=issued.pk, seen_version=seen, verb="acknowledge", reason="", now=at)
    for minutes in (31, 61):
        sweeping.sweep(actor=SYSTEM, now=NOW + minutes * MINUTE)
    climbed = LadderTold.objects.filter(obligation__rule="TASK-ACK")
    assert set(climbed.values_list("obligation__owed_by__username", flat=True)) == {"rowan"}
    assert climbed.earliest("step").user_id == issued.matter.holder_id
    assert climbed.count() == 2


# What nobody can do.


def impossible(task: Task) -> Task:
    with writing():
        Task.objects.filter(pk=task.pk).update(crew=[["flying"]])
    task.refresh_from_db()
    return task


def owed(task: Task) -> list[Obligation]:
    return list(Obligation.objects.filter(subject_kind="task", subject_id=task.pk, satisfied_by="task_resourced").order_by("pk"))


@pytest.fixture
def nobodys(force: Force, matter: Matter) -> Task:
    """Work that no proposal can place."""
    task = impossible(asked(force, matter))
    tasking.propose(actor=force.actor("hazel"), now=NOW)
    return task


def test_what_a_proposal_can_place_with_nobody_is_owed_by_the_hub_once(force: Force, nobodys: Task) -> None:
    tasking.propose(actor=force.actor("hazel", SOON), now=SOON)
    (clock,) = owed(nobodys)
    assert (clock.rule, clock.owed_by, clock.started_at, clock.is_open) == ("TASK-UNRESOURCED", force.users["hazel"], NOW, True)
    (shown,) = unresourced(actor=force.actor("elm"), formula=formulas.in_force(at=NOW).formula, rank="Inspector")
    assert (shown.task, shown.since, shown.rank, shown.may) == (nobodys, NOW, "Inspector", True)
    assert shown.why
    assert shown.change
    said = why_nobody(nobodys.pk)
    assert said is not None
    assert (said.why, said.change) == (shown.why, shown.change)


def placed(force: Force, task: Task) -> None:
    with writing():
        Task.objects.filter(pk=task.pk).update(crew=[])
    tasking.propose(actor=force.actor("hazel", SOON), now=SOON)


def given(force: Force, task: Task) -> None:
    with perform("tasks.issued", actor=force.actor("hazel"), now=SOON, permission=P.TASKS_ISSUE) as act:
        tasks.issue(act, task, people=[force.users["rowan"].pk], planned_start=None, because="They can")


def cancelled(force: Force, task: Task) -> None:
    tasks.cancel_task(actor=force.actor("hazel"), task_id=task.pk, seen_version=task.version, reason="Found", now=SOON)


def accepted(force: Force, task: Task, by: str = "elm", until: datetime = NOW + 2 * HOUR) -> None:
    why = "The helicopter comes at eleven"
    tasking.accept_risk(actor=force.actor(by), task_id=task.pk, reason=why, expires_at=until, now=NOW)


@pytest.mark.parametrize("ends", [placed, given, cancelled, accepted])
def test_it_is_owed_until_somebody_does_it_or_accepts_by_name(force: Force, nobodys: Task, ends: Callable[[Force, Task], None]) -> None:
    ends(force, nobodys)
    assert [clock.is_open for clock in owed(nobodys)] == [False]
    assert not unresourced(actor=force.actor("elm"), formula=formulas.in_force(at=NOW).formula, rank="Inspector")


def test_undecided_it_climbs_to_the_inspector(force: Force, nobodys: Task) -> None:
    sweeping.sweep(actor=SYSTEM, now=NOW + HOUR + MINUTE)
    climbed = LadderTold.objects.filter(obligation=owed(nobodys)[0])
    assert set(climbed.values_list("user__username", flat=True)) == {"elm"}


def test_first_tier_work_climbs_to_the_superintendent_who_alone_may_accept_it(force: Force, matter: Matter) -> None:
    force.grade(matter, "high")
    task = impossible(asked(force, matter))
    tasking.propose(actor=force.actor("hazel"), now=NOW)
    assert [clock.rule for clock in owed(task)] == ["TASK-UNRESOURCED-COMMAND"]
    sweeping.sweep(actor=SYSTEM, now=NOW + 31 * MINUTE)
    climbed = LadderTold.objects.filter(obligation=owed(task)[0])
    assert set(climbed.values_list("user__username", flat=True)) == {"elm", "spruce"}
    with pytest.raises(Refused) as refused:
        accepted(force, task)
    assert [one.code for one in refused.value.refusals] == ["risk.rank"]
    accepted(force, task, by="spruce")
    assert not owed(task)[0].is_open


def test_there_is_no_risk_to_accept_in_work_that_somebody_has(force: Force, nobodys: Task) -> None:
    given(force, nobodys)
    with pytest.raises(Refused) as refused:
        accepted(force, nobodys)
    assert [one.code for one in refused.value.refusals] == ["risk.somebody"]


def test_work_that_reaches_a_higher_tier_is_owed_by_the_higher_ladder_instead(force: Force, nobodys: Task) -> None:
    force.grade(nobodys.matter, "high", at=SOON)
    tasking.propose(actor=force.actor("hazel", SOON), now=SOON)
    assert [(clock.rule, clock.is_open) for clock in owed(nobodys)] == [("TASK-UNRESOURCED", False), ("TASK-UNRESOURCED-COMMAND", True)]


def test_an_accepted_risk_comes_back_is_told_and_owed_afresh(force: Force, nobodys: Task) -> None:
    until = NOW + 2 * HOUR
    accepted(force, nobodys, until=until)
    assert replanned(until - MINUTE) is None
    proposal = replanned(until + MINUTE)
    assert proposal is not None
    assert proposal.because == f"an accepted risk came back on {nobodys.matter.reference}"
    assert [(clock.is_open, clock.started_at) for clock in owed(nobodys)] == [(False, NOW), (True, until + MINUTE)]
    assert replanned(until + 3 * MINUTE) is None
    told = Notice.objects.filter(text__contains="has come back")
    assert set(told.values_list("user__username", flat=True)) == {"elm", "hazel"}
    assert told.count() == 2


def test_the_superintendent_has_a_post_and_the_hub_s_work_never_falls_to_nobody(force: Force) -> None:
    post = Post.objects.get(kind="duty_superintendent")
    assert Shift.objects.on(NOW).get(post=post).user == force.users["spruce"]
    assert clocks.clock_rules(NOW.date())["TASK-UNRESOURCED-COMMAND"].ladder[-1].tell == "duty_superintendent"
