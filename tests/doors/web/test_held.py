"""What the force already holds about a child, on a page of one desk: of another desk's record, only what the viewer may read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lodestar.actions import reports, tasks
from lodestar.actions.matters import deeds, news
from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.reports.draft import AlertSaid, RiskAnswer, Subject
from lodestar.store.models import AuditRow, Matter, Task
from tests.actions.conftest import HOUR, Force

PageOf = Callable[[str], Client]
CONCERN = {"concern": "A phone nobody bought her", "source": "Her school", "safe_now": "yes"}
MINA = Subject(
    given_name="Mina", family_name="Marsh", birth_date=date(2011, 5, 4), responsible_authority="shire", keys={"nhs_number": "9434765919"}
)
ASK = "More is held about this child than your role opens here"


def ago(hours: float) -> datetime:
    return timezone.now().replace(microsecond=0) - hours * HOUR


@pytest.fixture
def record(force: Force) -> Matter:
    """Mina's record on the exploitation desk, with a level, an alert, an answer about risk and news of its own."""
    at = ago(4)
    draft = force.draft(
        kind="exploitation", source="Lodestar, Exploitation", external_id="EXP-1", subject=MINA, reported_at=at, recorded_at=at,
        district="south", alerts=(AlertSaid("medical", "Carries an inhaler", "Ms Quill of the school", at),),
        risk_facts=(RiskAnswer("mental_health", "2020-1", "yes", "Told her teacher in confidence", "Ms Quill of the school", at),),
    )  # fmt: skip
    made = reports.receive(actor=force.actor("hazel", at), draft=draft, raw="raw", now=at, opening=CONCERN)
    matter = Matter.objects.get(pk=made.matter_id)
    told = dict.fromkeys(("narrative", "protective", "not_known", "with_whom", "child_view"), "Said")
    at = ago(3.8)
    deeds.record_deed(actor=force.actor("holly", at), matter_id=matter.pk, code="assessment_recorded", at=at, said=told, now=at)
    force.grade(matter, "significant", by="hazel", at=ago(3.5))
    news.add_news(
        actor=force.actor("hazel", ago(3)), matter_id=matter.pk, from_whom="An informant", contact="", text="The grey car again", now=ago(3)
    )
    later = timezone.now() + timedelta(days=60)
    said = {"actions": "Ring her aunt", "valid_until": later.isoformat(), "agreed_with": "Her mother"}
    deeds.record_deed(actor=force.actor("hazel", ago(3)), matter_id=matter.pk, code="trigger_plan_made", at=ago(3), said=said, now=ago(3))
    return matter


@pytest.fixture
def missing(force: Force, record: Matter) -> Matter:
    """Mina is missing, and PC Rowan has a task for her."""
    at = ago(2)
    row = force.report(at=at, subject=MINA, since_from=at, since_to=at)
    news.add_news(
        actor=force.actor("ivy", ago(1)), matter_id=row.pk, from_whom="A neighbour", contact="", text="Seen by the canal", now=ago(1)
    )
    with perform("tasks.issued", actor=force.actor("elm", ago(1)), now=ago(1), permission=P.TASKS_ISSUE) as act:
        tasks.issue(act, Task.objects.get(matter=row), people=[force.users["rowan"].pk], planned_start=None, because="They are nearest")
    return row


def held(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode().partition('id="held"')[2].partition("</aside>")[0]


@pytest.mark.parametrize("who", ["rowan", "ivy"])
def test_whoever_may_not_read_the_other_desks_record_sees_none_of_it(page_of: PageOf, record: Matter, missing: Matter, who: str) -> None:
    told = held(page_of(who), f"/matters/{missing.pk}/")
    for secret in (record.reference + ",", "significant", "grey car", "informant", "in confidence", "Quill", "xploited"):
        assert secret not in told, secret
    assert "Seen by the canal" in told, "the news of the matter itself stays"


def test_an_alert_about_life_reaches_whoever_looks_for_the_child_without_the_record_it_is_from(
    page_of: PageOf, record: Matter, missing: Matter
) -> None:
    told = held(page_of("rowan"), f"/matters/{missing.pk}/")
    assert "Carries an inhaler" in told and "another desk" in told
    assert ASK in told and "Ask the duty inspector" in told


def test_whoever_may_read_it_sees_it_and_that_they_looked_is_left_on_the_record(page_of: PageOf, record: Matter, missing: Matter) -> None:
    told = held(page_of("hazel"), f"/matters/{missing.pk}/")
    assert record.reference in told and "significant" in told and "grey car" in told and "in confidence" in told
    assert ASK not in told
    assert AuditRow.objects.get(verb="matter.held_seen").detail == {"ids": [record.pk]}


def test_nobody_is_said_to_have_looked_who_saw_nothing_of_it(page_of: PageOf, record: Matter, missing: Matter) -> None:
    held(page_of("rowan"), f"/matters/{missing.pk}/")
    assert not AuditRow.objects.filter(verb="matter.held_seen").exists()


def test_nothing_is_said_to_be_withheld_where_nothing_is(force: Force, page_of: PageOf) -> None:
    at = ago(2)
    row = force.report(at=at, since_from=at, since_to=at)
    assert ASK not in held(page_of("ivy"), f"/matters/{row.pk}/")


def test_the_page_to_grade_on_keeps_to_the_same_and_the_grade_can_still_be_given(
    force: Force, page_of: PageOf, record: Matter, missing: Matter
) -> None:
    """Sgt Alder answers for the north, where she is missing; her record is the south's."""
    told = held(page_of("alder"), f"/matters/{missing.pk}/grade/")
    assert "grey car" not in told and "in confidence" not in told and ASK in told
    assert force.grade(missing, "high", by="alder", at=ago(0.5))
