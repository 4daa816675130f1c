"""Who may not be given a piece of work: a conflict of interest said by name, and a child who asks for a woman or a man."""

from __future__ import annotations

from typing import Any

import pytest

from lodestar.actions import access, conflicts, replanning, tasking, tasks
from lodestar.core.access.scope import system_actor
from lodestar.core.tasks.outcomes import Wishes
from lodestar.core.words import NotVisible, Refused
from lodestar.store.models import ConflictOfInterest, Matter, Notice, Proposal, Task
from lodestar.store.queries import tasking as queries
from tests.actions.conftest import HOUR, NOW, Force


def a_matter(force: Force) -> Matter:
    matter = force.report()
    force.grade(matter, "medium")
    matter.refresh_from_db()
    return matter


def a_task(force: Force, matter: Matter, **wishes: Any) -> Task:
    wanted = {"kind": "records_check", "detail": "", "earliest_at": NOW, "due_at": NOW + 4 * HOUR, "wishes": Wishes(**wishes)}
    return Task.objects.get(pk=tasks.ask_for_task(actor=force.actor("hazel"), matter_id=matter.pk, now=NOW, **wanted))


def give(force: Force, task: Task, who: str) -> Proposal:
    proposal = Proposal.objects.get(pk=tasking.propose(actor=force.actor("hazel"), now=NOW))
    decide(force, proposal, task, who)
    return proposal


def decide(force: Force, proposal: Proposal, task: Task, who: str) -> None:
    words = {"wanted": {task.pk: (force.users[who].pk,)}, "reason": "Near", "refused": False, "now": NOW}
    tasking.decide_proposal(actor=force.actor("elm"), proposal_id=proposal.pk, seen_version=proposal.version, **words)


def test_work_not_begun_goes_back_and_another_proposal_gives_it_to_somebody_else(force: Force) -> None:
    matter = a_matter(force)
    task = a_task(force, matter)
    give(force, task, "rowan")
    conflicts.declare(actor=force.actor("rowan"), matter_id=matter.pk, user_id=force.users["rowan"].pk, now=NOW + HOUR)
    task.refresh_from_db()
    assert (task.state, task.assignee_id) == ("open", None)
    made = replanning.replan(actor=system_actor("jobs"), now=NOW + HOUR)
    assert made is not None
    assert force.users["rowan"].pk not in queries.planned(Proposal.objects.get(pk=made))[task.pk].people


def test_what_is_declared_after_a_proposal_was_made_is_refused_in_deciding_it(force: Force) -> None:
    matter = a_matter(force)
    task = a_task(force, matter)
    proposal = Proposal.objects.get(pk=tasking.propose(actor=force.actor("hazel"), now=NOW))
    conflicts.declare(actor=force.actor("hazel"), matter_id=matter.pk, user_id=force.users["rowan"].pk, now=NOW)
    with pytest.raises(Refused) as refused:
        decide(force, proposal, task, "rowan")
    assert [one.code for one in refused.value.refusals] == ["tasking.conflict"]


def test_one_says_it_of_oneself_and_only_whoever_decides_says_it_of_others(force: Force) -> None:
    matter = a_matter(force)
    with pytest.raises(Refused) as refused:
        conflicts.declare(actor=force.actor("alder"), matter_id=matter.pk, user_id=force.users["holly"].pk, now=NOW)
    assert [one.code for one in refused.value.refusals] == ["conflict.another"]
    conflicts.declare(actor=force.actor("elm"), matter_id=matter.pk, user_id=force.users["holly"].pk, now=NOW)
    with pytest.raises(Refused):
        conflicts.declare(actor=force.actor("holly"), matter_id=matter.pk, user_id=force.users["holly"].pk, now=NOW)


def test_whoever_answers_for_the_matter_is_told_to_offer_it(force: Force) -> None:
    matter = a_matter(force)
    holder = matter.holder.username
    conflicts.declare(actor=force.actor("elm"), matter_id=matter.pk, user_id=matter.holder_id, now=NOW)
    assert Notice.objects.filter(user__username=holder, kind="conflict").count() == 1


def test_it_ends_and_stays_on_record_and_nobody_else_ends_it(force: Force) -> None:
    matter = a_matter(force)
    row = conflicts.declare(actor=force.actor("holly"), matter_id=matter.pk, user_id=force.users["holly"].pk, now=NOW)
    with pytest.raises(NotVisible):
        conflicts.end(actor=force.actor("alder"), matter_id=matter.pk, conflict_id=row, now=NOW + HOUR)
    conflicts.end(actor=force.actor("holly"), matter_id=matter.pk, conflict_id=row, now=NOW + HOUR)
    assert ConflictOfInterest.objects.get(pk=row).ended_at == NOW + HOUR


def test_where_a_woman_is_asked_for_only_those_who_say_they_are_one_are_sent(force: Force) -> None:
    for name, sex in (("holly", "female"), ("rowan", "male")):
        access.say_sex(actor=force.actor(name), sex=sex, now=NOW)
    task = a_task(force, a_matter(force), officer_sex="female")
    proposal = Proposal.objects.get(pk=tasking.propose(actor=force.actor("hazel"), now=NOW))
    assert queries.planned(proposal)[task.pk].people == (force.users["holly"].pk,)
    for name in ("rowan", "alder"):  # a man, and somebody who has not said
        with pytest.raises(Refused):
            decide(force, proposal, task, name)


def test_nobody_is_sent_where_nobody_has_said_that_they_are_what_was_asked_for(force: Force) -> None:
    task = a_task(force, a_matter(force), officer_sex="male")
    proposal = Proposal.objects.get(pk=tasking.propose(actor=force.actor("hazel"), now=NOW))
    assert queries.planned(proposal)[task.pk].people == ()


def test_work_waits_for_open_work_of_its_own_matter_only(force: Force) -> None:
    matter = a_matter(force)
    first = a_task(force, matter)
    second = a_task(force, matter, after=(first.pk,))
    assert second.after == [first.pk]
    other = force.report(external_id="R-2")
    with pytest.raises(Refused) as refused:
        a_task(force, other, after=(first.pk,))
    assert [one.code for one in refused.value.refusals] == ["task.after"]
    with pytest.raises(Refused) as refused:
        a_task(force, matter, place=9_999)
    assert [one.code for one in refused.value.refusals] == ["task.place"]
