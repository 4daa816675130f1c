"""Each linked child: shared at once, an outcome of their own, and a grade that has them in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lodestar.core.matters.online.checklist import checklist
from lodestar.core.matters.online.kirat import regrade_since
from lodestar.core.matters.online.sharing import children, undecided, unsettled
from tests.core.matters.online.examples import AT
from tests.core.matters.online.replay import SERGEANT, Case, graded, safeguarded

ENDINGS = (("no_further_action", "safeguarding_decided"), ("online_case_closed", "nfa"))


def codes(refusals: object) -> set[str]:
    return {refusal.code for refusal in refusals}  # type: ignore[attr-defined]


@pytest.mark.parametrize(("code", "state"), ENDINGS)
def test_no_case_ends_while_one_of_its_children_has_no_outcome(code: str, state: str) -> None:
    case = graded(children=2)
    case.story = replace(case.story, state=state)
    refused = [refusal for refusal in case.record(code, by=SERGEANT) if refusal.code == "online.child_outcome"]
    assert len(refused) == 2
    case.must("share_decided")
    case.must("child_shared")
    refused = [refusal for refusal in case.record(code, by=SERGEANT) if refusal.code == "online.child_outcome"]
    assert [f"link {case.story.involved[0].id}" in refusal.sentence for refusal in refused] == [True]


def test_deciding_to_share_is_no_outcome_until_somebody_has_received_it() -> None:
    case = graded()
    case.must("share_decided")
    assert undecided(story=case.story) == ()
    assert len(unsettled(story=case.story)) == 1
    case.must("child_shared")
    assert unsettled(story=case.story) == ()


def test_a_reasoned_no_is_an_outcome_and_says_what_harm_sharing_would_do() -> None:
    case = graded()
    refused = case.record("share_decided", decision="not_shared_more_harmful", harm="")
    assert [refusal.field for refusal in refused] == ["harm"]
    case.must("share_decided", decision="not_shared_more_harmful")
    assert unsettled(story=case.story) == ()
    assert codes(case.record("child_shared")) == {"online.share_first"}


def test_a_no_that_becomes_a_yes_needs_a_receipt_of_its_own() -> None:
    case = graded()
    case.must("share_decided")
    case.must("child_shared")
    case.must("share_decided", decision="not_shared_more_harmful")
    case.must("share_decided", decision="share")
    assert len(unsettled(story=case.story)) == 1


def test_a_decision_is_looked_at_again_at_a_time_still_to_come() -> None:
    case = graded()
    assert codes(case.record("share_decided", next_review=AT.isoformat())) == {"online.share_review"}


def test_ending_a_link_settles_nothing_and_a_second_role_is_the_same_child() -> None:
    case = graded()
    first = case.story.involved[0]
    case.link("victim", person=first.person)
    assert len(children(story=case.story)) == 1
    case.story = replace(case.story, involved=tuple(replace(row, until_at=case.now) for row in case.story.involved))
    assert len(unsettled(story=case.story)) == 1


def test_sharing_is_owed_from_the_link_and_not_from_when_somebody_writes_about_it() -> None:
    case = graded()
    starts = [started for _, started in case.started if started.event == "child_risk_known"]
    assert [(started.at, started.about) for started in starts] == [(case.story.involved[0].from_at, "involved")]


def test_a_link_dated_before_the_referral_starts_when_the_force_had_the_case() -> None:
    case = Case()
    case.must("referral_received", after=timedelta(0))
    case.now = AT - timedelta(days=400)
    case.link()
    assert case.started[-1][1].at == AT


def test_a_child_becoming_known_makes_the_grade_owed_again_and_every_verdict_says_so() -> None:
    case = safeguarded()
    case.link("child_in_household")
    assert case.started[-1][1].event == "regrade_owed"
    assert regrade_since(story=case.story) is not None
    assert "online.child_unsaid" in codes(case.grade("medium"))
    case.must("child_risk_known")
    for code in ("enforcement_planned_out", "suicide_plan_made"):
        case.must(code)
    assert "online.regrade" in codes(case.record("contact_made"))
    assert "online.regrade" in codes(case.record("no_further_action", by=SERGEANT))
    assert case.grade("medium") == ()
    assert regrade_since(story=case.story) is None
    assert "online.regrade" not in codes(case.record("contact_made"))


def test_a_child_becoming_known_opens_the_item_again_that_was_set_aside_for_want_of_children() -> None:
    case = graded(children=0)
    case.must("checklist_item_not_applicable", item="share_decided", reason="No child is linked to any address")
    assert {item.code: item.standing for item in checklist(case.story, case.now)}["share_decided"] == "not_applicable"
    case.link()
    assert {item.code: item.standing for item in checklist(case.story, case.now)}["share_decided"] in ("open", "overdue")
    assert codes(case.record("checklist_item_not_applicable", item="share_decided", reason="We do not want to")) == {"online.item_applies"}


def test_a_link_made_by_mistake_is_taken_out_by_a_supervisor_with_a_reason() -> None:
    case = graded()
    assert [refusal.field for refusal in case.record("child_link_mistaken", by=SERGEANT, reason="")] == ["reason"]
    case.must("child_link_mistaken", by=SERGEANT)
    assert unsettled(story=case.story) == ()
