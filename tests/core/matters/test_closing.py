"""What must be there before a missing child's matter is closed."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.matters.missing.closing import ClosingFacts, Seen, closing_gaps

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WHOLE = ClosingFacts(
    graded=True,
    located=Seen("PC Rowan Ashby", AT, "Bus station, Tern Street"),
    wellbeing=Seen("PC Rowan Ashby", AT, "Bus station, Tern Street"),
    returned_at=AT,
    interview_content="I went to see my brother",
    interview_by=1,
    referral_decision="made",
    referral_reason="Third time in a month",
    return_interview_requested=True,
    checked_by=2,
    closer=3,
)


def test_nothing_is_missing_when_everything_is_there() -> None:
    assert closing_gaps(facts=WHOLE) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"graded": False}, "closing.not_graded"),
        ({"located": Seen()}, "closing.located"),
        ({"wellbeing": Seen(by="PC Rowan Ashby")}, "closing.wellbeing"),
        ({"returned_at": None}, "closing.returned"),
        ({"interview_content": ""}, "closing.interview"),
        ({"referral_reason": " "}, "closing.referral"),
        ({"return_interview_requested": False}, "closing.return_interview"),
        ({"checked_by": None}, "closing.check"),
        ({"checked_by": 1}, "closing.check_same_person"),
        ({"unanswered_news": 2}, "closing.news"),
        ({"open_tasks": 1}, "closing.tasks"),
        ({"open_transfer": True}, "closing.transfer"),
        ({"unsure_identity": True}, "closing.identity"),
    ],
)
def test_each_missing_thing_is_named(change: dict[str, object], code: str) -> None:
    assert [gap.code for gap in closing_gaps(facts=replace(WHOLE, **change))] == [code]  # type: ignore[arg-type]


def test_what_is_missing_is_said_in_words() -> None:
    gap = closing_gaps(facts=replace(WHOLE, wellbeing=Seen(by="PC Rowan Ashby")))[0]
    assert gap.sentence.endswith("when, where is missing.")


def test_an_interview_that_was_not_held_cannot_be_checked_by_the_one_who_recorded_it() -> None:
    """IOPC Staffordshire December 2017."""
    assert closing_gaps(facts=replace(WHOLE, interview_by=2, checked_by=2))


def test_a_child_who_died_has_no_interview_to_hold() -> None:
    facts = replace(WHOLE, died=True, interview_content="", return_interview_requested=False, returned_at=None)
    assert closing_gaps(facts=facts) == ()


@given(st.sets(st.sampled_from([field.name for field in fields(ClosingFacts)]), min_size=1))
def test_taking_evidence_away_never_opens_the_gate(names: set[str]) -> None:
    empty = ClosingFacts(False, Seen(), Seen(), None, "", None, "", "", False, None, None, 1, 1, True, True)
    # Who closes is not evidence, and a death changes which evidence there is to ask for.
    taken = {name: getattr(empty, name) for name in names - {"closer", "died", "interview_by"}}
    if taken:
        assert closing_gaps(facts=replace(WHOLE, **taken))
