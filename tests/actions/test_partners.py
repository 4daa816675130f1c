"""Partner agencies through the real actions: asked, told under a power, free to decline, and theirs once they say yes."""

from __future__ import annotations

from typing import Any

import pytest

from lodestar.actions import partners, replanning, tasking, tasks
from lodestar.core.access.scope import system_actor
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.store.models import Disclosure, Matter, Notice, Obligation, Proposal, Receipt, Task
from lodestar.store.queries import partners as queries
from tests.actions.conftest import HOUR, NOW, Force


def a_task(force: Force, kind: str = "family_contact") -> Task:
    matter = force.report()
    force.grade(matter, "medium")
    wanted = {"kind": kind, "detail": "Ring her mother", "earliest_at": NOW, "due_at": NOW + 4 * HOUR}
    return Task.objects.get(pk=tasks.ask_for_task(actor=force.actor("hazel"), matter_id=matter.pk, now=NOW, **wanted))


def ask(force: Force, task: Task, who: str = "hazel", **changes: Any) -> Task:
    said = {
        "agency": "youth_justice", "needed": "Her worker knows her", "power": "Children Act 2004 s.11", "reply_by": NOW + 2 * HOUR,
        "seen_version": task.version, "now": NOW, **changes,
    }  # fmt: skip
    partners.ask_partner(actor=force.actor(who), task_id=task.pk, **said)
    task.refresh_from_db()
    return task


def answer(force: Force, task: Task, verb: str, who: str = "briar", **changes: Any) -> Task:
    said = {"who": "Bo Briar", "reason": "", "seen_version": task.version, "now": NOW + HOUR, **changes}
    partners.answer_request(actor=force.actor(who, NOW + HOUR), task_id=task.pk, verb=verb, **said)
    task.refresh_from_db()
    return task


def owed(task: Task) -> list[str]:
    rows = Obligation.objects.filter(subject_kind="task", subject_id=task.pk, is_open=True)
    return list(rows.values_list("rule", flat=True))


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.refusals]


def test_what_is_asked_is_nobodys_and_an_answer_is_owed(force: Force) -> None:
    task = ask(force, a_task(force))
    assert (task.state, task.assignee_id, task.asked_of) == ("asked", None, "youth_justice")
    assert owed(task) == ["TASK-PARTNER-REPLY"]
    told = Disclosure.objects.get(matter=task.matter)
    assert (told.recipient, told.what, told.power) == (
        "The youth justice service, Shire Council", "Her worker knows her", "Children Act 2004 s.11",
    )  # fmt: skip
    assert Notice.objects.filter(user=force.users["briar"], kind="request").count() == 1


def test_a_yes_makes_it_theirs_and_no_plan_of_ours_takes_it(force: Force) -> None:
    task = answer(force, ask(force, a_task(force)), "accept")
    assert (task.state, task.assignee_id, task.with_partner) == ("acknowledged", force.users["briar"].pk, "Bo Briar")
    assert owed(task) == []
    assert Receipt.objects.get().received_by == "Bo Briar"
    assert Notice.objects.filter(user=force.users["hazel"], text__contains="said yes").exists()
    proposal = Proposal.objects.get(pk=tasking.propose(actor=force.actor("hazel"), now=NOW + HOUR))
    assert proposal.problem["tasks"] == []


def test_whoever_said_yes_works_it_to_its_end_with_evidence(force: Force) -> None:
    task = answer(force, ask(force, a_task(force)), "accept")
    actor = force.actor("briar", NOW + HOUR)
    tasks.work_task(actor=actor, task_id=task.pk, seen_version=task.version, verb="start", reason="", now=NOW + HOUR)
    task.refresh_from_db()
    outcome = queries_kind(task)
    evidence = {name: "Spoke to her mother at home" for name, _ in outcome.evidence}
    tasks.finish_task(
        actor=actor, task_id=task.pk, seen_version=task.version, outcome=outcome.code, evidence=evidence, done_at=NOW + HOUR, now=NOW + HOUR
    )
    task.refresh_from_db()
    assert task.state == "done"


def queries_kind(task: Task) -> Any:
    from lodestar.store.queries.tasks import kinds  # noqa: PLC0415

    return next(outcome for outcome in kinds(kind=task.matter.kind, at=NOW)[task.kind].outcomes if outcome.done)


def test_a_no_owes_a_reason_puts_it_back_and_asks_for_another_proposal(force: Force) -> None:
    task = ask(force, a_task(force))
    with pytest.raises(Refused):
        answer(force, task, "decline")
    tasking.propose(actor=system_actor("jobs"), now=NOW)
    task.refresh_from_db()
    task = answer(force, task, "decline", reason="Her worker is away")
    assert (task.state, task.asked_of, owed(task)) == ("open", "", [])
    made = replanning.replan(actor=system_actor("jobs"), now=NOW + HOUR)
    assert made is not None
    assert "declined" in Proposal.objects.get(pk=made).because


def test_given_back_later_it_is_anybodys_again(force: Force) -> None:
    task = answer(force, ask(force, a_task(force)), "accept")
    actor = force.actor("briar", NOW + HOUR)
    tasks.work_task(actor=actor, task_id=task.pk, seen_version=task.version, verb="give_back", reason="Ill", now=NOW + HOUR)
    task.refresh_from_db()
    assert (task.state, task.asked_of, task.with_partner) == ("open", "", "")


def test_it_can_be_taken_back_before_an_answer_and_those_asked_are_told(force: Force) -> None:
    task = ask(force, a_task(force))
    words = {"task_id": task.pk, "seen_version": task.version, "now": NOW + HOUR}
    partners.withdraw_request(actor=force.actor("hazel"), reason="She is home", **words)
    task.refresh_from_db()
    assert (task.state, owed(task)) == ("open", [])
    assert Notice.objects.filter(user=force.users["briar"], text__contains="no longer").exists()
    with pytest.raises((NotVisible, Conflict)):
        answer(force, task, "accept")


def test_another_agency_and_the_police_do_not_answer_for_it(force: Force) -> None:
    task = ask(force, a_task(force))
    for who in ("lime", "hazel", "elm"):
        with pytest.raises((NotVisible, Refused)):
            answer(force, task, "accept", who=who)
    task.refresh_from_db()
    assert task.state == "asked"


def test_a_stale_answer_is_a_conflict(force: Force) -> None:
    task = ask(force, a_task(force))
    with pytest.raises(Conflict):
        answer(force, task, "accept", seen_version=task.version - 1)


def test_an_agency_that_the_formula_does_not_name_for_this_work_is_not_asked(force: Force) -> None:
    with pytest.raises(Refused) as refused:
        ask(force, a_task(force, "premises_search"))
    assert codes(refused) == ["task.agency"]


def test_an_agency_where_nobody_would_read_it_is_not_asked(force: Force) -> None:
    with pytest.raises(Refused) as refused:
        ask(force, a_task(force), agency="health")
    assert codes(refused) == ["task.nobody_answers"]


def test_an_agency_of_another_area_neither_sees_it_nor_answers(force: Force) -> None:
    task = ask(force, a_task(force))
    Matter.objects.get(pk=task.matter_id)
    assert [one.task.pk for one in queries.asked(actor=force.actor("briar"), at=NOW)] == [task.pk]
    assert queries.asked(actor=force.actor("bramble"), at=NOW) == ()
    with pytest.raises((NotVisible, Refused)):
        answer(force, task, "accept", who="bramble")
