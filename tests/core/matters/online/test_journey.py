"""An online case from referral to its end, and what stands in the way at each stage."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lodestar.core.matters.online.deeds import DEEDS
from lodestar.core.matters.online.lifecycle import NEXT, ONLINE, STAGES
from lodestar.core.matters.online.moves import reached, walk
from tests.core.matters.online.replay import CHECKER, OFFICER, SERGEANT, Case, at_cps, contacted, graded, researched, safeguarded


def codes(refusals: object) -> set[str]:
    return {refusal.code for refusal in refusals}  # type: ignore[attr-defined]


def test_a_case_is_lived_from_referral_to_closing() -> None:
    case = at_cps()
    case.must("cps_action_set")
    assert codes(case.record("cps_decided")) == {"online.item_actions"}
    case.must("cps_action_done")
    case.must("cps_decided")
    for code in ("prevention_order_considered", "online_victims_told", "victim_support_referred", "stage_finished"):
        case.must(code)
    for code in ("court_result_recorded", "stage_finished", "offender_manager_told", "trigger_checked"):
        case.must(code)
    assert case.state == "offender_handover"
    case.must("online_case_closed")
    assert case.state == "closed"
    assert [state for state, _ in walk(story=case.story)] == [*STAGES, "closed"]


def test_every_state_can_be_reached_and_its_name_fits() -> None:
    assert ONLINE.unreachable() == frozenset()
    assert max(len(state) for state in ONLINE.states) <= 20


def test_every_deed_that_moves_a_case_needs_the_permission_that_its_row_names() -> None:
    moving = {
        "stage_finished": "advance", "contact_made": "contact", "cps_submitted": "submit", "no_further_action": "end",
        "online_case_closed": "close", "online_case_reopened": "reopen", "online_opened_in_error": "void",
    }  # fmt: skip
    for code, verb in moving.items():
        assert {row.who for row in ONLINE.rows if row.verb == verb} == {DEEDS[code].permission}
    assert {row.who for row in ONLINE.rows if row.verb in ("charge", "resolve")} == {DEEDS["cps_decided"].permission}


def test_leaving_a_stage_is_refused_with_every_open_item_at_once() -> None:
    case = Case()
    case.must("referral_received", after=timedelta(0))
    assert codes(case.record("stage_finished")) == {"online.item_ip_events", "online.item_already_held"}
    case.must("checklist_item_not_applicable", item="ip_events", reason="A school's report, nothing online")
    assert codes(case.record("stage_finished")) == {"online.item_already_held"}


@pytest.mark.parametrize("stage", sorted(set(NEXT) - {"deconflicted"}))
def test_no_stage_is_left_with_its_whole_list_open(stage: str) -> None:
    case = Case()
    case.story = case.story.__class__(**{name: getattr(case.story, name) for name in case.story.__slots__} | {"state": stage})
    refused = case.record("stage_finished")
    wanted = {f"online.item_{item.code}" for item in case.story.checklist if item.stage == stage}
    assert wanted <= codes(refused)
    assert case.state == stage


def test_nothing_goes_past_research_without_the_tool_s_result_and_a_grade() -> None:
    case = researched()
    assert codes(case.record("stage_finished")) == {"online.kirat_first"}
    case.must("kirat_recorded")
    assert codes(case.record("stage_finished")) == {"online.not_graded"}
    assert case.grade("medium") == ()
    case.must("stage_finished")
    assert case.state == "risk_graded"


def test_a_grade_other_than_the_tool_s_band_needs_an_override_with_a_reason_by_somebody_else() -> None:
    case = researched()
    case.must("kirat_recorded", band="medium")
    case.must("kirat_checked", by=SERGEANT)
    assert case.grade("high") == ()
    case.must("stage_finished")
    assert codes(case.record("stage_finished")) == {"online.item_graded"}
    assert codes(case.record("kirat_overridden", by=OFFICER)) == {"online.kirat_same_person"}
    assert codes(case.record("kirat_overridden", by=SERGEANT, reason="Because")) == {"online.kirat_override_reason"}
    case.must("kirat_overridden", by=SERGEANT)
    assert codes(case.record("stage_finished")) == {"online.regrade", "online.item_graded"}
    assert case.grade("high") == ()
    case.must("stage_finished")
    assert case.state == "safeguarding_decided"


def test_contact_comes_after_the_plan_unless_a_child_is_at_immediate_risk() -> None:
    case = researched()
    case.must("kirat_recorded")
    assert case.grade("medium") == ()
    case.must("suicide_plan_made", contact_route="arrest_or_search")
    assert "online.contact_early" in codes(case.record("contact_made"))
    case.must("immediate_risk_raised")
    case.must("contact_made")
    assert case.state == "enforced"
    assert set(STAGES[: STAGES.index("enforced") + 1]) == set(reached(story=case.story))


def test_a_child_at_immediate_risk_does_not_make_the_suicide_risk_plan_unnecessary() -> None:
    case = researched()
    case.must("immediate_risk_raised")
    assert codes(case.record("contact_made")) == {"online.suicide_plan"}


def test_what_was_passed_over_in_the_hurry_is_still_owed_when_the_case_is_to_close() -> None:
    case = researched()
    case.must("immediate_risk_raised")
    case.must("immediate_risk_answered", by=SERGEANT)
    case.must("suicide_plan_made", contact_route="arrest_or_search")
    case.must("contact_made")
    case.must("no_further_action", by=SERGEANT)
    owed = codes(case.record("online_case_closed"))
    assert {"online.item_strategy_held", "online.item_kirat_checked", "online.item_plan_approved"} <= owed


def test_only_a_red_file_goes_to_the_cps_before_the_devices_are_examined() -> None:
    case = contacted()
    assert codes(case.record("cps_submitted", colour="green")) == {"online.file_early"}
    case.must("cps_submitted", colour="red")
    assert case.state == "file_at_cps"


def test_a_charge_needs_the_director_s_consent_on_file() -> None:
    case = at_cps()
    case.must("checklist_item_not_applicable", item="actions", reason="The prosecutor set no action")
    assert codes(case.record("cps_decided", consent="no")) == {"online.consent"}
    case.must("cps_decided", consent="yes")
    assert case.state == "charged"


def test_a_decision_not_to_charge_ends_nothing_until_the_force_decides() -> None:
    case = at_cps()
    case.must("cps_decided", decision="no_further_action")
    assert case.state == "file_at_cps"
    case.must("no_further_action", by=SERGEANT, basis="cps")
    assert case.state == "nfa"


def test_a_closed_case_opens_again_with_a_reason_and_goes_back_to_research() -> None:
    case = safeguarded()
    case.must("no_further_action", by=SERGEANT)
    for item in case.story.checklist:
        if item.stage == "enforcement_planned":
            assert f"online.item_{item.code}" in codes(case.record("online_case_closed"))
            case.must("checklist_item_not_applicable", item=item.code, reason="The suspect was never reached")
    case.must("online_case_closed")
    case.must("online_case_reopened", by=CHECKER)
    assert case.state == "researched"
    assert case.started[-1][1].event == "progress_owed"


def test_a_case_opened_in_error_is_not_one_while_a_child_has_no_outcome() -> None:
    case = Case()
    case.must("referral_received", after=timedelta(0))
    case.link("victim")
    assert codes(case.record("online_opened_in_error", by=SERGEANT)) == {"online.child_outcome"}
    case.must("child_link_mistaken", by=SERGEANT)
    case.must("online_opened_in_error", by=SERGEANT)
    assert case.state == "opened_in_error"


def test_grading_moves_nothing_and_is_never_held_up_by_a_checklist() -> None:
    case = Case()
    case.must("referral_received", after=timedelta(0))
    assert codes(case.grade("high")) == {"online.kirat_first"}
    case.must("kirat_recorded", band="high")
    assert case.grade("high") == ()
    assert case.state == "referred"
    assert graded().state == "safeguarding_decided"
