"""What a grade of risk needs before it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.matters import grading
from lodestar.core.matters.grading import GradeFacts, GradeWanted, Level
from lodestar.core.words import Allowed

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LEVELS = (
    Level("very_low", "Very low", 0, allowed_for_child=False),
    Level("low", "Low", 1),
    Level("medium", "Medium", 2),
    Level("high", "High", 3),
)
FACTS = GradeFacts(current="", holds="digest", levels=LEVELS)
WHOLE = GradeWanted(
    level="medium",
    rationale="Fourteen, first time out overnight, phone off",
    relied_on=("Carer, 08:40 call",),
    saw="digest",
    steps_agreed="Check friends and the bus station",
    review_at=NOW + timedelta(hours=4),
)


def codes(verdict: object) -> list[str]:
    assert not isinstance(verdict, Allowed)
    return [refusal.code for refusal in verdict]  # type: ignore[attr-defined]


def test_a_whole_grade_is_allowed() -> None:
    verdict = grading.grade(facts=FACTS, wanted=WHOLE, now=NOW)
    assert isinstance(verdict, Allowed)
    assert not verdict.step.needs_second_person


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"level": "absent"}, "grade.unknown_level"),
        ({"rationale": "low"}, "grade.no_rationale"),
        ({"relied_on": ("",)}, "grade.nothing_relied_on"),
        ({"steps_agreed": " "}, "grade.no_steps"),
        ({"saw": "older digest"}, "grade.not_seen"),
        ({"review_at": None}, "grade.no_review"),
        ({"review_at": NOW}, "grade.review_past"),
        ({"level": "very_low"}, "grade.barred_for_child"),
    ],
)
def test_a_grade_is_refused_when_something_it_needs_is_missing(change: dict[str, object], code: str) -> None:
    wanted = replace(WHOLE, **change)  # type: ignore[arg-type]
    assert codes(grading.grade(facts=FACTS, wanted=wanted, now=NOW)) == [code]


def test_the_whole_list_of_what_is_missing_comes_at_once() -> None:
    wanted = GradeWanted("medium", "", (), "", "", None)
    assert len(codes(grading.grade(facts=FACTS, wanted=wanted, now=NOW))) == 5


def test_lowering_needs_a_reason() -> None:
    facts = replace(FACTS, current="high")
    assert codes(grading.grade(facts=facts, wanted=WHOLE, now=NOW)) == ["grade.reason_owed"]


def test_lowering_waits_for_a_second_person() -> None:
    facts = replace(FACTS, current="high")
    verdict = grading.grade(facts=facts, wanted=replace(WHOLE, reason="Seen by her aunt"), now=NOW)
    assert isinstance(verdict, Allowed)
    assert verdict.step.needs_second_person


@given(before=st.sampled_from(LEVELS), after=st.sampled_from(LEVELS))
def test_only_lowering_waits_for_a_second_person(before: Level, after: Level) -> None:
    facts = replace(FACTS, current=before.code, is_child=False)
    verdict = grading.grade(facts=facts, wanted=replace(WHOLE, level=after.code, reason="x"), now=NOW)
    assert isinstance(verdict, Allowed)
    assert verdict.step.needs_second_person == (after.order < before.order)


def test_nobody_confirms_their_own_lower_grade() -> None:
    gaps = grading.confirm_gaps(proposer=7, confirmer=7, still_current=True)
    assert [gap.code for gap in gaps] == ["grade.same_person"]


def test_a_lower_grade_asked_before_the_grade_moved_is_not_confirmed() -> None:
    gaps = grading.confirm_gaps(proposer=7, confirmer=8, still_current=False)
    assert [gap.code for gap in gaps] == ["grade.overtaken"]
