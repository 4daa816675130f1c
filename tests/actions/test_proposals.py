"""Proposals through the real actions: kept whole, run again to the same bytes, beside what is issued, and decided by two where owed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from lodestar.actions import duty, tasking, tasks
from lodestar.core.times import local_date
from lodestar.core.words import Conflict, Refused
from lodestar.doors.cli.tasking_again import tasking_again
from lodestar.store.guard import writing
from lodestar.store.models import ConflictOfInterest, CrewMember, Decision, Deed, District, Matter, Place, Proposal, Task
from lodestar.store.queries import tasking as queries
from tests.actions.conftest import HOUR, NOW, Force


def asked(force: Force, matter: Matter, kind: str = "premises_search", hours: int = 4) -> Task:
    wanted = {"kind": kind, "detail": "", "earliest_at": NOW, "due_at": NOW + hours * HOUR}
    return Task.objects.get(pk=tasks.ask_for_task(actor=force.actor("hazel"), matter_id=matter.pk, now=NOW, **wanted))


def graded(force: Force, level: str = "medium", number: str = "R-1") -> Matter:
    matter = force.report(external_id=number)
    force.grade(matter, level)
    matter.refresh_from_db()
    return matter


def proposed(force: Force, at: object = NOW) -> Proposal:
    return Proposal.objects.get(pk=tasking.propose(actor=force.actor("hazel"), now=at))  # type: ignore[arg-type]


def decided(force: Force, proposal: Proposal, wanted: dict[int, tuple[int, ...]], who: str = "elm", reason: str = "") -> str:
    return tasking.decide_proposal(
        actor=force.actor(who), proposal_id=proposal.pk, seen_version=proposal.version, wanted=wanted, reason=reason, refused=False, now=NOW
    )


def as_proposed(proposal: Proposal) -> dict[int, tuple[int, ...]]:
    return {task: line.people for task, line in queries.planned(proposal).items()}


def test_a_past_proposal_runs_again_to_the_same_bytes_whatever_the_tables_hold_now(force: Force) -> None:
    asked(force, graded(force))
    proposal = proposed(force)
    duty.call_off(actor=force.actor("hazel"), user_id=force.users["rowan"].pk, now=NOW + HOUR)
    with writing():
        Place.objects.create(code="new", name="New", district=District.objects.get(code="north"), x_km=1, y_km=2, is_base=True)
    assert tasking.run_again(actor=force.actor("hazel"), proposal_id=proposal.pk, now=NOW + HOUR)
    with writing():
        Proposal.objects.filter(pk=proposal.pk).update(seed=2, params={**proposal.params, "start": "2020-01-01T00:00:00+00:00"})
    assert not tasking.run_again(actor=force.actor("hazel"), proposal_id=proposal.pk, now=NOW + HOUR)


def test_a_whole_day_is_run_again_and_the_one_that_differs_is_named(force: Force) -> None:
    asked(force, graded(force))
    proposal = proposed(force)
    words = [f"{local_date(NOW)}", "--json"]
    (whole,) = json.loads(CliRunner().invoke(tasking_again, words).stdout)
    assert (whole["proposal"], whole["formula"], whole["same"]) == (proposal.pk, "the playbook's version 1", True)
    with writing():
        Proposal.objects.filter(pk=proposal.pk).update(body={**proposal.body, "gap": 9})
    found = CliRunner().invoke(tasking_again, words[:1])
    assert (found.exit_code, "ANOTHER" in found.stdout) == (1, True)
    assert "No proposal" in CliRunner().invoke(tasking_again, ["2001-01-01"]).stdout


def test_what_is_issued_stays_where_it_is_in_the_next_proposal(force: Force) -> None:
    matter = graded(force)
    task = asked(force, matter)
    first = proposed(force)
    decided(force, first, as_proposed(first))
    asked(force, matter, "records_check")
    task.refresh_from_db()
    again = queries.planned(proposed(force))
    people = (task.assignee_id, *CrewMember.objects.filter(task=task, released_at=None).values_list("assignee_id", flat=True))
    assert again[task.pk].people == people
    assert again[task.pk].moved == ""
    assert again[task.pk].start_at == task.planned_start


def test_work_of_somebody_who_is_not_here_is_proposed_to_somebody_else_and_says_why(force: Force) -> None:
    task = asked(force, graded(force), "records_check")
    first = proposed(force)
    decided(force, first, {task.pk: (force.users["rowan"].pk,)}, reason="He has the number")
    duty.call_off(actor=force.actor("hazel"), user_id=force.users["rowan"].pk, now=NOW + timedelta(minutes=5))
    second = proposed(force, NOW + timedelta(minutes=6))
    line = queries.planned(second)[task.pk]
    assert line.people and force.users["rowan"].pk not in line.people
    assert line.moved


def test_work_of_the_first_tier_waits_for_a_second_person_and_the_rest_goes_out(force: Force) -> None:
    danger, other = graded(force, "high"), asked(force, graded(force, "medium", "R-2"), "records_check")
    urgent = asked(force, danger)
    proposal = proposed(force)
    assert decided(force, proposal, as_proposed(proposal)) == "awaiting_second"
    urgent.refresh_from_db()
    other.refresh_from_db()
    assert (urgent.state, other.state) == ("open", "issued")
    proposal.refresh_from_db()
    with pytest.raises(Refused):
        tasking.second(actor=force.actor("elm"), proposal_id=proposal.pk, seen_version=proposal.version, verb="second", reason="", now=NOW)
    with pytest.raises(Conflict):
        tasking.second(actor=force.actor("hazel"), proposal_id=proposal.pk, seen_version=1, verb="second", reason="", now=NOW)
    tasking.second(actor=force.actor("hazel"), proposal_id=proposal.pk, seen_version=proposal.version, verb="second", reason="", now=NOW)
    urgent.refresh_from_db()
    assert urgent.state == "issued"
    assert len(Decision.objects.get(proposal=proposal).waiting) == 1


def test_withheld_work_stays_open_and_is_in_the_next_proposal(force: Force) -> None:
    urgent = asked(force, graded(force, "high"))
    proposal = proposed(force)
    decided(force, proposal, as_proposed(proposal))
    proposal.refresh_from_db()
    words = {"seen_version": proposal.version, "verb": "withhold", "reason": "She has just rung"}
    tasking.second(actor=force.actor("hazel"), proposal_id=proposal.pk, now=NOW, **words)
    urgent.refresh_from_db()
    proposal.refresh_from_db()
    assert (urgent.state, proposal.state) == ("open", "withheld")
    assert urgent.pk in queries.planned(proposed(force))


def test_whoever_has_a_conflict_of_interest_is_neither_proposed_nor_chosen(force: Force) -> None:
    matter = graded(force)
    with writing():
        for name in ("rowan", "alder", "cedar", "holly"):
            user, by = force.users[name], force.users["hazel"]
            ConflictOfInterest.objects.create(user=user, person_id=matter.person_id, declared_by=by, declared_at=NOW)
    task = asked(force, matter, "records_check")
    proposal = proposed(force)
    (person,) = queries.planned(proposal)[task.pk].people
    assert person not in {force.users[name].pk for name in ("rowan", "alder", "cedar", "holly")}
    with pytest.raises(Refused) as refused:
        decided(force, proposal, {task.pk: (force.users["rowan"].pk,)}, reason="He is near")
    assert [one.code for one in refused.value.refusals] == ["tasking.conflict"]


def test_work_somebody_took_since_the_proposal_is_a_conflict_and_nothing_goes_out(force: Force) -> None:
    task = asked(force, graded(force), "records_check")
    proposal = proposed(force)
    tasks.cancel_task(actor=force.actor("hazel"), task_id=task.pk, seen_version=task.version, reason="Found", now=NOW)
    with pytest.raises(Conflict):
        decided(force, proposal, as_proposed(proposal))


def test_a_proposal_of_an_empty_day_is_an_empty_plan(force: Force) -> None:
    proposal = proposed(force)
    assert proposal.body["assignments"] == [] == proposal.body["unplaced"]
    assert decided(force, proposal, {}) == "accepted"


def test_whoever_spoke_to_the_child_face_to_face_is_preferred_and_nobody_who_only_rang(force: Force) -> None:
    matter = graded(force)
    with writing():
        for who, said in (("holly", "yes"), ("rowan", "no")):
            row = {"matter": matter, "code": "prevention_interview_recorded", "at": NOW, "recorded_at": NOW}
            Deed.objects.create(**row, by=force.users[who], detail={"face_to_face": said})
    asked(force, matter)
    (row,) = proposed(force).problem["tasks"]
    assert f"P-{force.users['holly'].pk}" in row["prefer"]
    assert f"P-{force.users['rowan'].pk}" not in row["prefer"]
