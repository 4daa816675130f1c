"""Grading risk: what a grade needs before it counts, and lowering one with a second person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from lodestar.actions.matters import closing, grading, news
from lodestar.core.words import Conflict, NotVisible, Refused
from lodestar.store.models import AuditRow, Downgrade, Grade, Matter, Obligation
from lodestar.store.playbooks import playbook
from lodestar.store.queries import matters
from tests.actions.conftest import HOUR, NOW, Force

CHANGED = "Her aunt saw her on a bus, well and with a friend"


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [item.code for item in refused.value.refusals]


def asked(force: Force, level: str = "medium", by: str = "alder") -> tuple[Matter, Downgrade]:
    """A child at high, for whom somebody asks a lower grade."""
    matter = force.report()
    force.grade(matter, "high")
    assert force.grade(matter, level, by=by, reason=CHANGED, at=NOW + HOUR) is False
    return matter, Downgrade.objects.get(matter=matter)


def confirm(force: Force, waiting: Downgrade, by: str = "hazel", at: datetime = NOW + 2 * HOUR) -> None:
    grading.confirm_downgrade(actor=force.actor(by, at), downgrade_id=waiting.pk, seen_version=waiting.version, now=at)
    waiting.refresh_from_db()


def refuse(force: Force, waiting: Downgrade, reason: str, by: str = "hazel", at: datetime = NOW + 2 * HOUR) -> None:
    grading.refuse_downgrade(actor=force.actor(by, at), downgrade_id=waiting.pk, seen_version=waiting.version, reason=reason, now=at)
    waiting.refresh_from_db()


def tell(force: Force, matter: Matter, at: datetime) -> None:
    news.add_news(actor=force.actor("ivy", at), matter_id=matter.pk, from_whom="Her aunt", contact="", text="She took pills", now=at)


LACKING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("grade.no_rationale", {"rationale": "medium risk"}),
    ("grade.no_rationale", {"rationale": "  "}),
    ("grade.nothing_relied_on", {"relied_on": ()}),
    ("grade.nothing_relied_on", {"relied_on": (" ", "")}),
    ("grade.no_steps", {"steps_agreed": "  "}),
    ("grade.no_review", {"review_at": None}),
    ("grade.review_past", {"review_at": NOW}),
    ("grade.not_seen", {"saw": ""}),
    ("grade.unknown_level", {"level": "amber"}),
)


@pytest.mark.parametrize(("code", "lacks"), LACKING)
def test_a_grade_that_lacks_one_thing_is_refused_for_it_and_nothing_is_graded(force: Force, code: str, lacks: dict[str, Any]) -> None:
    matter = force.report()
    with pytest.raises(Refused) as refused:
        force.grade(matter, **lacks)
    assert codes(refused) == [code]
    matter.refresh_from_db()
    assert (matter.state, matter.level) == ("reported", "")
    assert not Grade.objects.exists()
    assert AuditRow.objects.get(verb="matter.graded").detail == {"codes": [code]}


@pytest.mark.parametrize("level", ["very_low", "low", "medium", "cannot_be_assessed", "high"])
def test_no_level_stands_without_steps_and_a_review_time(force: Force, level: str) -> None:
    matter = force.report()
    with pytest.raises(Refused) as refused:
        force.grade(matter, level, steps_agreed="", review_at=None)
    assert codes(refused) == ["grade.no_steps", "grade.no_review"]


def test_a_grade_keeps_its_author_what_was_relied_on_what_was_seen_and_the_list_it_was_chosen_from(force: Force) -> None:
    matter = force.report()
    held = matters.held(matter, at=NOW).digest
    force.grade(matter, "medium")
    grade = Grade.objects.get(matter=matter)
    assert (grade.by, grade.number, grade.level, grade.relied_on) == (force.users["alder"], 1, "medium", ["Mother, by phone"])
    assert (grade.saw, grade.list_code, grade.list_hash) == (held, "LEVELS-MISSING", playbook("LEVELS-MISSING").content_hash)
    assert (grade.review_at, grade.second_person) == (NOW + 2 * HOUR, None)
    assert (matter.state, matter.level, matter.first_level) == ("graded", "medium", "medium")


def test_what_comes_in_after_the_grader_read_must_be_read_before_the_grade_counts(force: Force) -> None:
    matter = force.report()
    read = matters.held(matter, at=NOW).digest
    tell(force, matter, NOW)
    with pytest.raises(Refused) as refused:
        force.grade(matter, saw=read)
    assert codes(refused) == ["grade.not_seen"]
    assert force.grade(matter), "read again, it counts"


def test_a_review_time_beyond_what_the_level_allows_is_refused(force: Force) -> None:
    matter = force.report()
    with pytest.raises(Refused) as refused:
        force.grade(matter, "high", review_at=NOW + 5 * HOUR)
    assert codes(refused) == ["clock.chosen_beyond_ceiling"]
    assert not Grade.objects.exists()


def test_raising_a_grade_is_in_force_at_once(force: Force) -> None:
    matter = force.report()
    force.grade(matter, "low")
    assert force.grade(matter, "high", at=NOW + HOUR) is True
    assert (matter.level, matter.first_level) == ("high", "low")
    assert not Downgrade.objects.exists()


@pytest.mark.parametrize(("first", "then"), [("medium", "cannot_be_assessed"), ("cannot_be_assessed", "medium")])
def test_levels_that_are_equally_serious_need_no_second_person(force: Force, first: str, then: str) -> None:
    matter = force.report()
    force.grade(matter, first)
    assert force.grade(matter, then, at=NOW + HOUR) is True
    assert matter.level == then


def test_lowering_needs_what_has_changed(force: Force) -> None:
    matter = force.report()
    force.grade(matter, "high")
    with pytest.raises(Refused) as refused:
        force.grade(matter, "medium", at=NOW + HOUR, reason=" ")
    assert codes(refused) == ["grade.reason_owed"]
    assert not Downgrade.objects.exists()


def test_until_a_second_person_confirms_the_higher_grade_and_its_clocks_stand(force: Force) -> None:
    matter, waiting = asked(force)
    assert (waiting.state, waiting.from_level, waiting.asked_by) == ("waiting", "high", force.users["alder"])
    assert (matter.level, Grade.objects.filter(matter=matter).count()) == ("high", 1)
    review = Obligation.objects.get(matter=matter, rule="MIS-LATEST-REVIEW", is_open=True)
    assert (review.level, review.due_at) == ("high", NOW + 2 * HOUR)
    assert AuditRow.objects.filter(verb="matter.downgrade_asked", subject_id=str(waiting.pk)).count() == 1


def test_the_one_who_asked_is_not_the_second_person(force: Force) -> None:
    matter, waiting = asked(force)
    with pytest.raises(Refused) as refused:
        confirm(force, waiting, by="alder")
    assert codes(refused) == ["grade.same_person"]
    with pytest.raises(Refused):
        refuse(force, waiting, "I changed my mind", by="alder")
    matter.refresh_from_db()
    waiting.refresh_from_db()
    assert (matter.level, waiting.state) == ("high", "waiting")


def test_a_second_person_puts_the_lower_grade_in_force_under_both_names(force: Force) -> None:
    matter, waiting = asked(force)
    confirm(force, waiting)
    matter.refresh_from_db()
    grade = Grade.objects.get(matter=matter, number=2)
    assert (matter.level, matter.first_level, grade.level) == ("medium", "high", "medium")
    assert (grade.by, grade.second_person, grade.reason) == (force.users["alder"], force.users["hazel"], CHANGED)
    assert (waiting.state, waiting.answered_by, waiting.answered_at) == ("confirmed", force.users["hazel"], NOW + 2 * HOUR)
    review = Obligation.objects.get(matter=matter, rule="MIS-LATEST-REVIEW", is_open=True)
    assert (review.level, review.due_at) == ("medium", NOW + 3 * HOUR), "the time that the first person set"


def test_a_lower_grade_confirmed_after_its_own_review_time_is_owed_a_review_at_once(force: Force) -> None:
    matter, waiting = asked(force)
    confirm(force, waiting, at=NOW + 4 * HOUR)
    review = Obligation.objects.get(matter=matter, rule="MIS-LATEST-REVIEW", is_open=True)
    assert (review.due_at, Grade.objects.get(matter=matter, number=2).review_at) == (NOW + 4 * HOUR, NOW + 4 * HOUR)


def test_a_second_person_who_refuses_says_why_and_the_grade_stays(force: Force) -> None:
    matter, waiting = asked(force)
    with pytest.raises(Refused) as refused:
        refuse(force, waiting, "  ")
    assert codes(refused) == ["grade.refusal_reason"]
    refuse(force, waiting, "Nobody has spoken to the aunt")
    matter.refresh_from_db()
    assert (waiting.state, waiting.answer_reason, waiting.answered_by) == ("refused", "Nobody has spoken to the aunt", force.users["hazel"])
    assert (matter.level, Grade.objects.filter(matter=matter).count()) == ("high", 1)
    assert force.grade(matter, "medium", reason=CHANGED, at=NOW + 3 * HOUR) is False, "it may be asked again"


def test_what_has_been_answered_is_not_answered_again(force: Force) -> None:
    matter, waiting = asked(force)
    stale = waiting.version
    refuse(force, waiting, "Nobody has spoken to the aunt")
    with pytest.raises(Refused) as refused:
        confirm(force, waiting, by="elm")
    assert codes(refused) == ["grade.overtaken"]
    waiting.version = stale
    with pytest.raises(Conflict):
        confirm(force, waiting, by="elm")
    matter.refresh_from_db()
    assert matter.level == "high"


def test_a_grade_that_has_moved_since_is_not_lowered_by_the_old_question(force: Force) -> None:
    matter = force.report()
    force.grade(matter, "medium")
    force.grade(matter, "low", reason=CHANGED, at=NOW + HOUR)
    force.grade(matter, "high", at=NOW + HOUR)
    with pytest.raises(Refused) as refused:
        confirm(force, Downgrade.objects.get(matter=matter))
    assert "grade.overtaken" in codes(refused)
    matter.refresh_from_db()
    assert matter.level == "high"


def test_a_second_question_waits_until_the_first_is_answered(force: Force) -> None:
    matter, waiting = asked(force)
    with pytest.raises(Refused) as refused:
        force.grade(matter, "low", by="elm", reason=CHANGED, at=NOW + HOUR)
    assert codes(refused) == ["grade.already_asked"]
    assert Downgrade.objects.get() == waiting


def test_news_that_neither_person_read_is_not_waved_through_by_the_second(force: Force) -> None:
    matter, waiting = asked(force)
    tell(force, matter, NOW + HOUR)
    with pytest.raises(Refused) as refused:
        confirm(force, waiting)
    assert codes(refused) == ["grade.not_seen"]
    matter.refresh_from_db()
    assert matter.level == "high"
    refuse(force, waiting, "Read what her aunt says now")
    assert waiting.state == "refused"


def test_no_grade_comes_into_force_on_a_matter_that_has_ended(force: Force) -> None:
    matter, waiting = asked(force)
    closing.void_matter(actor=force.actor("hazel"), matter_id=matter.pk, seen_version=matter.version, reason="Wrong child", now=NOW + HOUR)
    with pytest.raises(Refused) as refused:
        confirm(force, waiting)
    assert "grade.overtaken" in codes(refused)
    assert Grade.objects.filter(matter=matter).count() == 1
    assert not Obligation.objects.filter(matter=matter, is_open=True).exists(), "no clock starts on it"


def test_no_lower_grade_is_asked_for_on_a_matter_that_has_ended(force: Force) -> None:
    matter = force.report()
    force.grade(matter, "high")
    closing.void_matter(actor=force.actor("hazel"), matter_id=matter.pk, seen_version=matter.version, reason="Wrong child", now=NOW)
    with pytest.raises(Refused) as refused:
        force.grade(matter, "medium", by="hazel", reason=CHANGED)
    assert codes(refused) == ["missing.no_such_move"]
    assert not Downgrade.objects.exists()


@pytest.mark.parametrize(("who", "code"), [("ivy", "access.not_permitted"), ("holly", "access.not_permitted"), ("birch", "not_visible")])
def test_a_lower_grade_is_confirmed_only_by_somebody_whose_step_it_is_here(force: Force, who: str, code: str) -> None:
    matter, waiting = asked(force)
    with pytest.raises((NotVisible, Refused)):
        confirm(force, waiting, by=who)
    assert AuditRow.objects.get(verb="matter.downgrade_confirmed", outcome="refused").detail == {"codes": [code]}
    matter.refresh_from_db()
    assert matter.level == "high"
