"""Loading the demonstration force: everything that was generated arrives, and today stands as the rules say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import pytest
from click.testing import CliRunner
from django.db import transaction
from django.utils import timezone

from lodestar.actions import detectors
from lodestar.core.access.scope import system_actor
from lodestar.doors.feeds.demo import commands
from lodestar.doors.feeds.demo.demo import Demo
from lodestar.doors.feeds.demo.generate import generate
from lodestar.doors.feeds.demo.inspecting import kept_for_a_while
from lodestar.doors.feeds.demo.loading import PASSWORD, load
from lodestar.store.models import (
    AuditRow,
    Breach,
    CaseAudit,
    CommitmentStep,
    Deed,
    Finding,
    Grade,
    Hit,
    Holding,
    Link,
    LinkQuestion,
    Matter,
    MatterStep,
    Obligation,
    Report,
    User,
)
from lodestar.store.playbooks import clock_rules
from lodestar.store.queries import access, inspection, labels
from lodestar.store.queries.clocks import derive

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SCALE = 0.05


@pytest.fixture(scope="module")
def small(as_of: datetime) -> Demo:
    return generate(20261123, as_of, scale=SCALE)


@pytest.fixture(scope="module")
def loaded(small: Demo, as_of: datetime, django_db_setup: None, django_db_blocker: pytest.DjangoDbBlocker) -> Iterator[Demo]:
    """The small force in the database, for all of these tests; taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(demo=small, actor=system_actor("demo"), now=as_of, say=lambda _: None)
        yield small
        transaction.set_rollback(True)


def test_every_episode_arrives_as_one_matter_with_its_reports(loaded: Demo) -> None:
    assert Matter.objects.filter(kind="missing").count() == len(loaded.episodes)
    assert Report.objects.filter(kind="missing").count() == sum(len(episode.reports) for episode in loaded.episodes)


def test_open_matters_are_the_live_ones(loaded: Demo) -> None:
    assert Matter.objects.filter(kind="missing", is_open=True).count() == len(loaded.live) > 0


def test_steps_number_on_without_a_gap_and_lead_to_the_state_the_matter_is_in(loaded: Demo) -> None:
    for matter in Matter.objects.prefetch_related("steps"):
        steps = sorted(matter.steps.all(), key=lambda step: step.number)
        assert [step.number for step in steps] == list(range(1, len(steps) + 1))
        assert steps[-1].target == matter.state
        assert all(before.target == after.source for before, after in pairwise(steps))


def test_the_day_begins_with_what_the_detectors_find_and_a_look_more_finds_nothing(loaded: Demo, as_of: datetime) -> None:
    found = Hit.objects.filter(state="open")
    assert "DET-HIGH-RISK-PHOTOGRAPH" in {hit.detector for hit in found}
    assert AuditRow.objects.filter(verb="hit.found").count() == found.count() < 30
    assert detectors.look(actor=system_actor("demo"), now=as_of) == 0


def test_nearly_every_child_missing_again_and_again_was_referred(loaded: Demo) -> None:
    referred = Deed.objects.filter(code="multi_agency_referral_made")
    missed = Hit.objects.filter(detector="DET-REPEAT-STRATEGY")
    assert referred.count() > 4 * missed.count()
    assert all(deed.recorded_at > deed.matter.reported_at for deed in referred.select_related("matter"))


def test_the_grade_on_the_board_is_the_last_one_given(loaded: Demo) -> None:
    for matter in Matter.objects.exclude(level=""):
        grades = Grade.objects.filter(matter=matter).order_by("number")
        assert (grades[0].level, grades.last().level) == (matter.first_level, matter.level)


def test_the_holder_is_the_end_of_the_chain(loaded: Demo) -> None:
    for matter in Matter.objects.all():
        assert Holding.objects.filter(matter=matter).latest("number").user_id == matter.holder_id


def test_nothing_that_was_done_lies_after_today(loaded: Demo, as_of: datetime) -> None:
    assert not Deed.objects.filter(at__gt=as_of).exists()
    assert not MatterStep.objects.filter(at__gt=as_of).exists()
    assert not Obligation.objects.filter(done_at__gt=as_of).exists()


def test_every_due_time_is_what_the_clock_rules_derive(loaded: Demo) -> None:
    rows = Obligation.objects.exclude(rule="MIS-SUPERVISOR-REVIEW")
    assert rows.count() > 100
    assert [row.pk for row in rows if derive(row).at != row.due_at] == []
    assert {row.rule for row in rows} <= set(clock_rules(loaded.as_of.date()))


def test_a_breach_stands_for_each_obligation_that_fell_late_before_today_and_no_other(loaded: Demo, as_of: datetime) -> None:
    history = Obligation.objects.filter(started_at__lt=as_of, matter__is_open=False)
    late = {row.pk for row in history if row.due_at < min(at for at in (row.done_at, row.cancelled_at, as_of) if at is not None)}
    assert late
    assert set(Breach.objects.filter(obligation__matter__is_open=False).values_list("obligation_id", flat=True)) == late


def test_each_live_matter_has_a_tier_with_reasons_and_something_owed_next(loaded: Demo) -> None:
    for matter in Matter.objects.filter(is_open=True):
        assert matter.assessments.latest("number").tier == matter.tier
        assert matter.tier_reason and matter.next_owed and matter.next_due_at


def test_a_supervisor_review_is_owed_ahead_on_each_missing_child(loaded: Demo, as_of: datetime) -> None:
    missing = Matter.objects.filter(kind="missing", is_open=True, returned_at=None).exclude(level="")
    assert missing
    for matter in missing:
        assert Obligation.objects.filter(matter=matter, rule="MIS-SUPERVISOR-REVIEW", is_open=True).exists()


def test_each_question_of_identity_shows_candidates_with_what_agrees_and_is_owed_an_answer(loaded: Demo) -> None:
    asked = LinkQuestion.objects.filter(state="waiting")
    assert len(asked) > sum(episode.unsure is not None for episode in loaded.live) > 0
    for question in asked:
        assert question.candidates["because"]
        assert all(person["person"] and person["fields"] for person in question.candidates["people"])
        assert Obligation.objects.filter(subject_kind="link_question", subject_id=question.pk, is_open=True).exists()


def test_each_batch_is_on_record_without_a_name_of_a_child(loaded: Demo) -> None:
    rows = AuditRow.objects.filter(verb="history.loaded")
    assert rows.count() > 15
    names = {child.family_name for child in loaded.children}
    assert not any(name in str(row.detail) for row in rows for name in names)


def test_everybody_signs_in_with_the_printed_password(loaded: Demo) -> None:
    hashes = set(User.objects.values_list("password", flat=True))
    assert len(hashes) == 1 and User.objects.count() == len(loaded.staff)
    assert User.objects.all()[0].check_password(PASSWORD)


def test_there_is_an_account_for_every_role_in_force(loaded: Demo, as_of: datetime) -> None:
    titles = {role.title for role in access.roles(as_of).values()}
    assert {title for title, _, _ in access.one_account_a_role(at=as_of)} == titles


def test_accounts_are_listed_with_the_password(loaded: Demo) -> None:
    said = CliRunner().invoke(commands.demo, ["accounts"])
    assert said.exit_code == 0 and PASSWORD in said.output
    assert all(username in said.output for _, username, _ in access.one_account_a_role(at=timezone.now()))


def test_a_database_with_people_in_it_is_left_alone(loaded: Demo) -> None:
    said = CliRunner().invoke(commands.demo, ["load"])
    assert said.exit_code != 0 and "Load the demonstration into an empty one" in said.output


def test_the_story_of_the_inspections_is_what_the_data_and_the_rules_make_of_it(loaded: Demo, as_of: datetime) -> None:
    home = inspection.home(at=as_of)
    standing = {line.row.reference: line.standing for _, findings in home.reports for _, lines in findings for line in lines}
    assert (standing["RV-1.3"], standing["RV-2.2"]) == ("claimed", "overdue")
    assert standing["RV-1.2"] in ("claimed", "contradicted"), "never under four hours for all ages"
    assert {"REVISIT", "WATCHDOG-17", "CORONER-4"} <= {report.reference for report, _ in home.reports}
    # So small a force may have kept nothing for six months; where it did, the board closed it and the night opened it again.
    kept = kept_for_a_while(now=as_of)
    became = list(CommitmentStep.objects.filter(commitment__reference="FV-1.1").order_by("number").values_list("verb", flat=True))
    assert became == ([] if kept is None else ["promised", "close", "reopen"])
    assert Obligation.objects.filter(rule="INS-REOPENED").count() == (kept is not None)
    words = {found.inspection.reference: found.their_status for found in Finding.objects.select_related("inspection")}
    assert words["WATCHDOG-17"] == "closed"
    assert CaseAudit.objects.get().cases.count() == 12


def test_the_queue_holds_a_question_of_every_kind_and_those_who_answered_agree_more_than_by_chance(loaded: Demo, as_of: datetime) -> None:
    waiting = LinkQuestion.objects.filter(state="waiting")
    assert {"first", "second", "third"} <= set(waiting.values_list("turn", flat=True))
    assert {True, False} == set(waiting.values_list("double", flat=True))
    found = labels.agreed(at=as_of)
    assert found.whole.pairs is not None and found.whole.kappa is not None
    assert 0.2 < found.whole.kappa < 1
    for question in LinkQuestion.objects.filter(state="settled"):
        joined = Link.objects.filter(report=question.report).order_by("-number")[0]
        assert (joined.joined, joined.how) == (True, "person")
        assert all(row.matter.person_id == joined.person_id for row in question.report.in_matters.select_related("matter"))
