"""The suspect: no contact without a suicide-risk plan, then 48 hours and every trigger date."""

from __future__ import annotations

from datetime import timedelta

from lodestar.core.matters.online.contact import standing_risks, unmet_triggers
from tests.core.matters.online.examples import AT
from tests.core.matters.online.replay import OFFICER, SERGEANT, Case, contacted, safeguarded


def codes(refusals: object) -> set[str]:
    return {refusal.code for refusal in refusals}  # type: ignore[attr-defined]


def test_an_invitation_to_an_interview_is_contact_and_needs_a_plan_for_an_invitation() -> None:
    case = safeguarded()
    assert codes(case.record("interview_invited")) == {"online.suicide_plan"}
    case.must("suicide_plan_made", contact_route="arrest_or_search")
    assert codes(case.record("interview_invited")) == {"online.invitation_plan"}
    case.must("suicide_plan_made", contact_route="invitation")
    case.must("interview_invited")
    assert case.state == "enforcement_planned"
    assert ("interview_invited", "contacted") in [(code, started.event) for code, started in case.started]


def test_each_contact_needs_a_plan_made_since_the_one_before() -> None:
    case = contacted()
    assert codes(case.record("contact_made")) == {"online.suicide_plan"}
    case.must("suicide_plan_made")
    case.must("contact_made")
    assert case.state == "enforced"


def test_a_plan_made_afterwards_does_not_cover_a_contact_dated_before_it() -> None:
    case = safeguarded()
    case.must("suicide_plan_made")
    assert "online.suicide_plan" in codes(case.record("contact_made", after=-timedelta(hours=5)))


def test_a_plan_is_approved_by_somebody_other_than_its_author() -> None:
    case = safeguarded()
    case.must("enforcement_planned_out", by=OFFICER)
    assert codes(case.record("enforcement_approved", by=OFFICER)) == {"online.plan_same_person"}
    case.must("enforcement_approved", by=SERGEANT)


def test_a_trigger_date_starts_a_clock_for_that_date_and_stays_unmet_until_somebody_is_in_touch() -> None:
    case = contacted()
    when = AT + timedelta(days=60)
    case.must("trigger_date_set", kind="first_court", when=when.isoformat())
    assert (case.started[-1][1].event, case.started[-1][1].chosen, case.started[-1][1].about) == ("trigger_date", when, "deed")
    assert len(unmet_triggers(story=case.story)) == 1
    case.must("trigger_checked")
    assert unmet_triggers(story=case.story) == ()
    assert codes(case.record("trigger_date_set", when=(AT + timedelta(days=3000)).isoformat())) == {"online.trigger_far"}


def test_an_alarm_for_a_child_pages_until_a_supervisor_has_answered_that_alarm() -> None:
    case = Case()
    case.must("immediate_risk_raised")
    assert (case.started[-1][1].event, case.started[-1][1].about) == ("immediate_risk", "deed")
    case.must("immediate_risk_raised")
    case.must("immediate_risk_answered", by=SERGEANT, raised="1")
    assert [done.id for done in standing_risks(story=case.story)] == [2]
    assert "online.immediate_risk" in codes(case.record("no_further_action", by=SERGEANT))
