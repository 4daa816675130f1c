"""Work from the list to its outcome, and the tier and the hand-over that go with it, through the real actions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from lodestar.actions import duty, priority, sweeping, tasking, tasks
from lodestar.actions.matters import closing, finding
from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import system_actor
from lodestar.core.reports.draft import RiskAnswer, Subject
from lodestar.core.words import Refused
from lodestar.store.guard import writing
from lodestar.store.models import AuditRow, Deed, Disclosure, Handover, Holding, Matter, Obligation, Proposal, Task
from lodestar.store.playbooks import playbook
from lodestar.store.queries import priority as board
from lodestar.store.queries import tasking as queries
from tests.actions.conftest import HOUR, NOW, Force

NOTE = {"open_lines": "The friend's phone", "family_promises": "A call at six", "next_actions": "Visit the friend"}
TOLD = {"person_told": "Una Lime, duty worker", "what": "Missing since four", "power": "Children Act 2004 s.11"}


def asked(force: Force, matter: Matter, kind: str, at: datetime = NOW) -> Task:
    number = tasks.ask_for_task(
        actor=force.actor("hazel", at), matter_id=matter.pk, kind=kind, detail="", earliest_at=at, due_at=at + 4 * HOUR, now=at
    )
    return Task.objects.get(pk=number)


def proposed(force: Force, at: datetime = NOW) -> tuple[Proposal, dict[int, tuple[int, ...]]]:
    proposal = Proposal.objects.get(pk=tasking.propose(actor=force.actor("hazel", at), now=at))
    return proposal, {task: line.people for task, line in queries.planned(proposal).items() if line.people}


def given_to(force: Force, task: Task, who: str, at: datetime = NOW) -> None:
    proposal, lines = proposed(force, at)
    first, *others = (force.users[who].pk, *(pk for pk in lines[task.pk] if pk != force.users[who].pk))
    wanted = {**lines, task.pk: (first, *others[: len(lines[task.pk]) - 1])}
    elm = force.actor("elm", at)
    tasking.decide_proposal(
        actor=elm, proposal_id=proposal.pk, seen_version=1, wanted=wanted, reason="They are nearest", refused=False, now=at
    )
    proposal.refresh_from_db()
    if proposal.state == "awaiting_second":
        seen, hazel = proposal.version, force.actor("hazel", at)
        tasking.second(actor=hazel, proposal_id=proposal.pk, seen_version=seen, verb="second", reason="", now=at)
    for verb in ("acknowledge", "start"):
        task.refresh_from_db()
        tasks.work_task(actor=force.actor(who, at), task_id=task.pk, seen_version=task.version, verb=verb, reason="", now=at)
    task.refresh_from_db()


def finished(force: Force, task: Task, who: str, outcome: str, evidence: dict[str, str], at: datetime = NOW + HOUR) -> None:
    tasks.finish_task(
        actor=force.actor(who, at), task_id=task.pk, seen_version=task.version, outcome=outcome, evidence=evidence, done_at=at, now=at
    )
    task.refresh_from_db()


def is_owed(matter: Matter, rule: str) -> bool:
    return Obligation.objects.filter(matter=matter, rule=rule, is_open=True).exists()


def test_work_is_proposed_decided_issued_and_done_and_the_clock_it_satisfies_stops(force: Force) -> None:
    matter = force.report()
    task = asked(force, matter, "tell_children_services")
    given_to(force, task, "rowan")
    assert is_owed(matter, "MIS-CHILDRENS-SERVICES")
    finished(force, task, "rowan", "told", TOLD)
    assert (task.state, task.is_open, task.evidence) == ("done", False, TOLD)
    assert not is_owed(matter, "MIS-CHILDRENS-SERVICES")
    assert Disclosure.objects.get(matter=matter).person_told == TOLD["person_told"], "a task's telling is on record like any other"
    assert AuditRow.objects.filter(verb="deed.told_children_services", subject_kind="deed").count() == 1


def test_work_that_ended_without_being_done_stops_no_clock(force: Force) -> None:
    matter = force.report()
    task = asked(force, matter, "tell_children_services")
    given_to(force, task, "rowan")
    finished(force, task, "rowan", "not_reached", {"tried": "Both numbers, at nine and ten"})
    assert (task.state, task.is_open) == ("not_done", False)
    assert is_owed(matter, "MIS-CHILDRENS-SERVICES")
    assert not Deed.objects.filter(matter=matter, code="told_children_services").exists()


def test_a_task_cannot_record_a_deed_that_comes_too_early_in_the_matter_s_life(force: Force) -> None:
    matter = force.report()
    force.grade(matter)
    task = asked(force, matter, "prevention_interview")
    with writing():
        Task.objects.filter(pk=task.pk).update(skills=[])
    given_to(force, task, "rowan")
    held = {"where": "At home", "face_to_face": "yes", "child_said": "Nothing", "harm": "None"}
    with pytest.raises(Refused) as refused:
        finished(force, task, "rowan", "held", held)
    assert [item.code for item in refused.value.refusals] == ["deed.too_early"]
    task.refresh_from_db()
    assert task.state == "started"


def test_work_somebody_cannot_go_on_with_goes_back_on_the_list_and_is_proposed_again(force: Force) -> None:
    matter = force.report()
    task = asked(force, matter, "premises_search")
    given_to(force, task, "rowan")
    tasks.work_task(
        actor=force.actor("rowan"), task_id=task.pk, seen_version=task.version, verb="give_back", reason="Called to a crash", now=NOW
    )
    task.refresh_from_db()
    assert (task.state, task.assignee, task.is_open) == ("open", None, True)
    assert task.pk in proposed(force)[1]


def test_a_proposal_keeps_the_hash_of_the_formula_it_was_made_by(force: Force) -> None:
    asked(force, force.report(), "premises_search")
    assert proposed(force)[0].playbook_hash == playbook("FORMULA-HUB").content_hash


@pytest.mark.parametrize("beyond", ["task", "person"])
def test_a_decision_cannot_reach_beyond_its_proposal(force: Force, beyond: str) -> None:
    asked(force, force.report(), "premises_search")
    proposal, lines = proposed(force)
    late = asked(force, Matter.objects.get(), "area_search")
    outside = {task: (force.users["oak"].pk, *people[1:]) for task, people in lines.items()}
    wanted = {late.pk: (force.users["rowan"].pk,)} if beyond == "task" else outside
    with pytest.raises(Refused) as refused:
        tasking.decide_proposal(
            actor=force.actor("elm"), proposal_id=proposal.pk, seen_version=1, wanted=wanted, reason="Better", refused=False, now=NOW
        )
    assert [item.code for item in refused.value.refusals] == ["tasking.not_in_proposal" if beyond == "task" else "tasking.not_on_duty"]
    assert not Task.objects.exclude(state="open").exists()


def test_a_risk_accepted_by_name_is_off_the_list_until_it_comes_back(force: Force) -> None:
    matter = force.report()
    force.grade(matter, "medium")
    task = asked(force, matter, "premises_search")
    until = NOW + 2 * HOUR
    tasking.accept_risk(actor=force.actor("elm"), task_id=task.pk, reason="The dog unit comes on at eleven", expires_at=until, now=NOW)
    assert task.pk not in proposed(force)[1]
    assert task.pk in proposed(force, until)[1]
    with pytest.raises(Refused):
        tasking.accept_risk(actor=force.actor("elm"), task_id=task.pk, reason="Later", expires_at=NOW + 25 * HOUR, now=NOW)


def test_the_giver_answers_until_the_offer_is_accepted(force: Force) -> None:
    matter = force.report()
    offer = offered(force, matter)
    matter.refresh_from_db()
    assert matter.holder == force.users["alder"]
    duty.answer_handover(actor=force.actor("cedar"), handover_id=offer.pk, seen_version=1, verb="accept", reason="", now=NOW + HOUR)
    matter.refresh_from_db()
    assert matter.holder == force.users["cedar"]
    assert list(Holding.objects.filter(matter=matter).order_by("number").values_list("from_at", flat=True)) == [NOW, NOW + HOUR]


def test_an_offer_lapses_when_the_matter_was_opened_in_error(force: Force) -> None:
    matter = force.report()
    offer = offered(force, matter)
    matter.refresh_from_db()
    closing.void_matter(actor=force.actor("hazel"), matter_id=matter.pk, seen_version=matter.version, reason="The wrong child", now=NOW)
    offer.refresh_from_db()
    assert offer.state == "lapsed"
    assert AuditRow.objects.filter(verb="duty.lapsed", subject_id=str(offer.pk)).count() == 1
    with pytest.raises(Refused):
        duty.answer_handover(
            actor=force.actor("cedar"), handover_id=offer.pk, seen_version=offer.version, verb="accept", reason="", now=NOW
        )


def offered(force: Force, matter: Matter) -> Handover:
    matter.refresh_from_db()
    number = duty.offer_handover(
        actor=force.actor("alder"), matter_id=matter.pk, seen_version=matter.version,
        receiver_id=force.users["cedar"].pk, note=NOTE, now=NOW,
    )  # fmt: skip
    return Handover.objects.get(pk=number)


def test_exploitation_known_from_an_earlier_report_reaches_the_tier_of_a_new_one(force: Force) -> None:
    version = playbook("RISK-QUESTIONS").in_force(NOW).values["version"]
    known = RiskAnswer(code="criminal_exploitation", version=version, answer="yes", detail="", said_by="Her school", said_at=NOW)
    mina = Subject("Mina", "Marsh", date(2011, 5, 4), responsible_authority="shire", keys={"nhs_number": "9434765919"})
    first = force.report(subject=mina, risk_facts=(known,))
    force.grade(first)
    force.found(first)
    force.evidence(first)
    force.close(first)
    later = NOW + 9 * 24 * HOUR
    second = force.report(later, subject=mina, external_id="R-2", since_from=later - HOUR, since_to=later - HOUR)
    assert second.pk != first.pk and second.person_id == first.person_id
    assert board.matter_facts(second, at=later).exploitation


def test_time_alone_raises_a_tier_even_where_nobody_knows_since_when(force: Force) -> None:
    matter = force.report(since_from=None, since_to=None)
    force.grade(matter, "medium")
    with writing():
        Obligation.objects.filter(matter=matter).update(is_open=False, cancelled_at=NOW)
        Matter.objects.filter(pk=matter.pk).update(next_due_at=None)
    with perform("priority.reached", actor=system_actor("jobs"), now=NOW, permission=P.JOBS_RUN) as act:
        matter.refresh_from_db()
        priority.assess(act, matter)
        act.record(matter)
    tiers = []
    for hours in (23, 25, 73):
        sweeping.sweep(actor=system_actor("jobs"), now=NOW + timedelta(hours=hours))
        tiers.append(Matter.objects.get(pk=matter.pk).tier)
    assert tiers == [3, 2, 1]


def test_a_child_located_and_not_seen_is_no_higher_than_before(force: Force) -> None:
    matter = force.report()
    force.grade(matter)
    before = matter.tier
    finding.locate(
        actor=force.actor("alder"), matter_id=matter.pk, seen_version=matter.version, at=NOW, by="PC Rowan", where="Bus", now=NOW
    )
    matter.refresh_from_db()
    assert matter.tier == before
