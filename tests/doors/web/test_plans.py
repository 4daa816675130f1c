"""Plans for an exploited child in the browser: what was agreed beforehand, disruption, return interviews and the register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lodestar.actions import reports, tasks
from lodestar.actions.matters import deeds, involving
from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.matters.involved import Statement
from lodestar.core.reports.draft import Subject
from lodestar.store.models import AuditRow, Deed, Matter, Task
from tests.actions.conftest import HOUR, Force

PageOf = Callable[[str], Client]
DAY = timedelta(days=1)
CONCERN = {"concern": "A phone nobody bought her", "source": "Her school", "safe_now": "yes"}
MINA = Subject(
    given_name="Mina", family_name="Marsh", birth_date=date(2011, 5, 4), responsible_authority="shire", keys={"nhs_number": "9434765919"}
)


def ago(hours: float) -> datetime:
    return timezone.now().replace(microsecond=0) - hours * HOUR


def record_on(force: Force, matter: Matter, code: str, hours: float = 1, who: str = "hazel", **said: str) -> int:
    at = ago(hours)
    return deeds.record_deed(actor=force.actor(who, at), matter_id=matter.pk, code=code, at=at, said=said, now=at)


@pytest.fixture
def record(force: Force) -> Matter:
    """Mina's record on the exploitation desk, opened four hours ago."""
    at = ago(4)
    draft = force.draft(
        kind="exploitation", source="Lodestar, Exploitation", external_id="EXP-1", subject=MINA, reported_at=at, recorded_at=at
    )
    made = reports.receive(actor=force.actor("hazel", at), draft=draft, raw="raw", now=at, opening=CONCERN)
    return Matter.objects.get(pk=made.matter_id)


@pytest.fixture
def missing(force: Force, record: Matter) -> Matter:
    """Mina is missing, and there was a plan for it."""
    later = timezone.now() + 60 * DAY
    record_on(
        force, record, "trigger_plan_made", 3, actions="Ring her aunt\nCheck 12 Tern Street", valid_until=later.isoformat(),
        agreed_with="Una Lime of the council",
    )  # fmt: skip
    at = ago(2)
    return force.report(at=at, subject=MINA, since_from=at, since_to=at)


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def given(force: Force, task: Task, who: str, *verbs: str) -> None:
    with perform("tasks.issued", actor=force.actor("elm", ago(1)), now=ago(1), permission=P.TASKS_ISSUE) as act:
        tasks.issue(act, task, people=[force.users[who].pk], planned_start=None, because="They are nearest")
    for verb in verbs:
        task.refresh_from_db()
        reason = "Nobody answers the door" if verb == "block" else ""
        tasks.work_task(actor=force.actor(who, ago(1)), task_id=task.pk, seen_version=task.version, verb=verb, reason=reason, now=ago(1))


def test_whoever_may_read_the_record_sees_the_plan_at_the_top_with_where_it_is_from(
    page_of: PageOf, record: Matter, missing: Matter
) -> None:
    told = words(page_of("hazel"), f"/matters/{missing.pk}/")
    assert told.index("Agreed beforehand: 0 of 2 finished") < told.index("Last known safe")
    assert f'Trigger plan of <a class="govuk-link" href="/matters/{record.pk}/">{record.reference}</a>' in told
    assert "Una Lime of the council" in told
    assert AuditRow.objects.get(verb="matter.trigger_plan_seen").detail == {"ids": [record.pk]}


def test_whoever_may_not_sees_what_is_to_be_done_and_nothing_of_the_record(page_of: PageOf, record: Matter, missing: Matter) -> None:
    told = words(page_of("ivy"), f"/matters/{missing.pk}/")
    assert "Ring her aunt" in told and "Check 12 Tern Street" in told
    assert "Nobody has it yet" in told
    section = told.partition("lodestar-agreed")[2].partition("</section>")[0]
    assert record.reference not in section and f'/matters/{record.pk}/"' not in told
    assert "Una Lime of the council" not in told
    assert "/tasks/" not in section
    assert not AuditRow.objects.filter(verb="matter.trigger_plan_seen").exists()


def test_the_task_says_where_it_comes_from_to_each_as_far_as_they_may_know(
    force: Force, page_of: PageOf, record: Matter, missing: Matter
) -> None:
    task = Task.objects.get(matter=missing, origin_number=2)
    assert f"{record.reference}</a>, action 2" in words(page_of("hazel"), f"/tasks/{task.pk}/")
    given(force, task, "rowan", "acknowledge", "start")
    told = words(page_of("rowan"), f"/tasks/{task.pk}/")
    assert "A plan agreed beforehand for when this child is missing, action 2" in told
    assert record.reference not in told
    assert "Started by PC Sam Rowan" in words(page_of("ivy"), f"/matters/{missing.pk}/")


def test_a_plan_made_after_the_report_is_shown_as_not_on_the_list(force: Force, page_of: PageOf, record: Matter) -> None:
    at = ago(2)
    missing = force.report(at=at, subject=MINA, since_from=at, since_to=at)
    later = (timezone.now() + DAY).isoformat()
    record_on(force, record, "trigger_plan_made", 1, actions="Ring her aunt", valid_until=later, agreed_with="Her mother")
    assert "Not on the list: the plan was made after" in words(page_of("hazel"), f"/matters/{missing.pk}/")
    assert "Ring her aunt" not in words(page_of("ivy"), f"/matters/{missing.pk}/")


def assess(force: Force, record: Matter, hours: float) -> int:
    said = {
        "narrative": "She is drawn in",
        "protective": "Her aunt",
        "not_known": "Who he is",
        "with_whom": "School",
        "child_view": "I like it",
    }
    return record_on(force, record, "assessment_recorded", hours, who="holly", **said)


def test_what_a_return_interview_told_is_outstanding_until_an_assessment_used_it(
    force: Force, page_of: PageOf, record: Matter, missing: Matter
) -> None:
    force.grade(missing, at=ago(2))
    force.found(missing, at=ago(1.9))
    record_on(force, missing, "rhi_held", 1.5, held_by="Barnaby Vane, return service", learnt="A man in a grey car")
    hazel, page = page_of("hazel"), f"/matters/{record.pk}/"
    told = words(hazel, page)
    assert "Not weighed yet, " in told and "A man in a grey car" in told and "Barnaby Vane" in told
    assert "Nobody has weighed it" in words(hazel, "/desks/exploitation/")
    interview = str(Deed.objects.get(code="return_intelligence_received").pk)
    record_on(force, record, "return_intelligence_answered", 1, about=interview, used="yes", reason="The car is the fact to find")
    told = words(hazel, page)
    assert "Weighed, and not yet in an assessment" in told and "by Sgt Tom Hazel: The car is the fact to find" in told
    assert "the next assessment is to use it" in words(hazel, "/desks/exploitation/")
    assess(force, record, 0.5)
    told = words(hazel, page)
    assert "Used in the assessment of" in told and "by PC Ada Holly</strong>" in told
    assert "Barnaby Vane" not in words(hazel, "/desks/exploitation/").partition("suggest")[0]


def test_one_that_nobody_weighs_in_time_is_late_on_the_record(force: Force, page_of: PageOf) -> None:
    at = ago(24 * 20)
    draft = force.draft(
        kind="exploitation", source="Lodestar, Exploitation", external_id="EXP-2", reported_at=at, recorded_at=at,
        since_from=at, since_to=at,
        subject=Subject(given_name="Nina", family_name="Reed", birth_date=date(2012, 1, 9)),
    )  # fmt: skip
    old = Matter.objects.get(pk=reports.receive(actor=force.actor("hazel", at), draft=draft, raw="raw", now=at, opening=CONCERN).matter_id)
    record_on(force, old, "return_intelligence_received", 24 * 19, missing_reference="M-1", held_by="Barnaby Vane", learnt="A grey car")
    told = words(page_of("hazel"), f"/matters/{old.pk}/").partition('id="interviews"')[2].partition("</li>")[0]
    assert "lodestar-late" in told and "late" in told.partition("Not weighed yet")[2]


def an_action(force: Force, record: Matter, plan: int, what: str, action: str = "visit") -> Task:
    due = (timezone.now() + 9 * DAY).isoformat()
    said = {"about": str(plan), "action": action, "what": what, "owner": "PC Holly", "due": due}
    return Task.objects.get(origin=record_on(force, record, "disruption_action_set", 2, **said))


def a_plan(force: Force, record: Matter) -> int:
    review = (timezone.now() + 28 * DAY).isoformat()
    return record_on(
        force,
        record,
        "disruption_planned",
        3,
        aim="The flat on Tern Street",
        owner="Sgt Hazel",
        child_safe="With her aunt",
        review_at=review,
    )


def test_a_disruption_plan_says_its_owner_and_how_each_action_stands(force: Force, page_of: PageOf, record: Matter) -> None:
    plan = a_plan(force, record)
    an_action(force, record, plan, "Write to the landlord", "other")
    given(force, an_action(force, record, plan, "Look at the register of taxis", "licensing"), "holly")
    given(force, an_action(force, record, plan, "Visit the flat"), "holly", "acknowledge", "start")
    given(force, an_action(force, record, plan, "Stop the grey car", "vehicle"), "holly", "acknowledge", "start", "block")
    for path in (f"/matters/{record.pk}/", "/desks/exploitation/"):
        told = " ".join(words(page_of("hazel"), path).partition('id="disruption"')[2].split())
        assert "The flat on Tern Street" in told and "Sgt Hazel" in told
        for state in ("nobody has it", "not looked at yet", "started", "blocked"):
            assert state in told.lower(), (path, state)
        assert "Nobody answers the door" in told


def test_an_action_not_done_can_be_asked_for_again_from_the_plan(force: Force, page_of: PageOf, record: Matter) -> None:
    task = an_action(force, record, a_plan(force, record), "Visit the flat")
    given(force, task, "holly", "acknowledge", "start")
    task.refresh_from_db()
    tasks.finish_task(
        actor=force.actor("holly", ago(0.5)), task_id=task.pk, seen_version=task.version, outcome="nobody_in",
        evidence={"tried": "Knocked at three"}, done_at=ago(0.5), now=ago(0.5),
    )  # fmt: skip
    hazel = page_of("hazel")
    told = words(hazel, f"/matters/{record.pk}/")
    link = f"/matters/{record.pk}/done/disruption_action_again/?about={task.origin_id}"
    assert "Not done, still wanted" in told and "Knocked at three" in told and link in told
    assert f'value="{task.origin_id}" selected' in words(hazel, link) or f'value="{task.origin_id}"' in words(hazel, link)


@pytest.fixture
def notices(force: Force, record: Matter) -> Matter:
    """Three: one about to end, one that ends with the birthday, and an order."""
    at = ago(3)
    adult = involving.involve_person(
        actor=force.actor("hazel", at), matter_id=record.pk, subject=Subject(family_name="Sorrel", birth_date=date(1991, 3, 2)),
        role="adult_of_concern", statement=Statement("opinion", "Her aunt", "2C"), from_at=at, now=at,
    )  # fmt: skip
    said = {"adult": str(adult), "statement": "Her mother: no leave", "authorised_by": "Insp Hale"}
    record_on(force, record, "cawn_served", 2, basis="in_care_under_18", reference="N-18", **said)
    soon = (timezone.now() + 9 * DAY).isoformat()
    record_on(force, record, "cawn_served", 2, basis="in_care_under_18", reference="N-SOON", ends=soon, **said)
    until = (timezone.now() + 90 * DAY).isoformat()
    record_on(
        force,
        record,
        "order_recorded",
        2,
        order="sexual_risk",
        stage="made",
        against="A man of 35",
        terms="Not within 100 metres",
        until=until,
    )
    return record


def test_the_register_shows_the_soonest_first_with_marks_and_against_whom(page_of: PageOf, notices: Matter) -> None:
    told = words(page_of("hazel"), "/desks/exploitation/notices/")
    assert told.index("N-SOON") < told.index("Sexual risk order") < told.index("N-18")
    assert told.count("Ends soon") == 1
    assert "Sorrel" in told and "A man of 35" in told and "The child is 18" in told and "Rests on care or protection" in told
    row = AuditRow.objects.get(verb="register.seen")
    assert row.detail == {"ids": [notices.pk]}


def test_a_notice_that_rested_on_care_is_marked_ended_when_care_ends(force: Force, page_of: PageOf, notices: Matter) -> None:
    record_on(force, notices, "care_status_ended", 1, what="The care order", ended_at=ago(1.5).isoformat(), source="Una Lime")
    told = words(page_of("hazel"), "/desks/exploitation/notices/")
    assert told.count(">Ended<") == 2
    assert "Care or protection ended" in told and "Say what protects the child now" in told


@pytest.mark.parametrize(("who", "status"), [("ivy", 404), ("yew", 404), ("oak", 404), ("rowan", 200)])
def test_the_register_opens_only_for_those_whose_role_is_about_exploitation(
    page_of: PageOf, notices: Matter, who: str, status: int
) -> None:
    answer = page_of(who).get("/desks/exploitation/notices/")
    assert answer.status_code == status
    assert "Marsh" not in answer.content.decode(), "nobody here may read this child's record"
