"""What somebody may be given is what they are accredited for on the day, as whoever manages access has said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lodestar.actions import staff, tasking, tasks
from lodestar.core.times import local_date
from lodestar.core.words import Refused
from lodestar.store.models import AuditRow, Proposal, Task
from lodestar.store.queries import tasking as queries
from tests.actions.conftest import HOUR, NOW, Force


def a_search(force: Force) -> Task:
    matter = force.report()
    force.grade(matter, "medium")
    wanted = {"kind": "premises_search", "detail": "", "earliest_at": NOW, "due_at": NOW + 4 * HOUR}
    return Task.objects.get(pk=tasks.ask_for_task(actor=force.actor("hazel"), matter_id=matter.pk, now=NOW, **wanted))


def proposed(force: Force, task: Task) -> tuple[int, ...]:
    made = tasking.propose(actor=force.actor("hazel"), now=NOW)
    return queries.planned(Proposal.objects.get(pk=made))[task.pk].people


def test_nobody_is_sent_whose_accreditation_ended_yesterday_and_they_are_on_its_last_day(force: Force) -> None:
    task, today = a_search(force), local_date(NOW)
    for name, user in force.users.items():
        last = today if name == "rowan" else today - timedelta(days=1)
        skills = {"search": last, "missing_enquiry": None}
        staff.describe(actor=force.actor("yew"), user_id=user.pk, rank=user.rank, skills=skills, now=NOW)
    assert proposed(force, task)[0] == force.users["rowan"].pk
    user = force.users["rowan"]
    staff.describe(actor=force.actor("yew"), user_id=user.pk, rank=user.rank, skills={"missing_enquiry": None}, now=NOW)
    assert proposed(force, task) == ()


def test_only_whoever_manages_access_says_it_and_it_is_on_record(force: Force) -> None:
    user = force.users["rowan"]
    with pytest.raises(Refused):
        staff.describe(actor=force.actor("hazel"), user_id=user.pk, rank="Constable", skills={}, now=NOW)
    staff.describe(actor=force.actor("yew"), user_id=user.pk, rank="Detective Constable", skills={"search": None}, now=NOW)
    row = AuditRow.objects.filter(verb="access.described", outcome="done").get()
    assert row.detail == {"rank": "Detective Constable", "skills": ["search"], "until": {}}
    user.refresh_from_db()
    assert (user.rank, user.skills) == ("Detective Constable", ["search"])
