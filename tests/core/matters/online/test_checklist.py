"""The set checklist: every item of every case, done, set aside, open or overdue."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.matters.online.checklist import EACH, checklist, open_items
from lodestar.core.matters.online.deeds import DEEDS
from lodestar.core.matters.online.lifecycle import STAGES
from lodestar.store.playbooks import playbook
from tests.core.matters.online.examples import AT, ITEMS, told
from tests.core.matters.online.replay import CHECKER, SERGEANT, Case, at_cps, contacted, graded

HOUR = timedelta(hours=1)


def standings(case: Case) -> dict[str, str]:
    return {item.code: item.standing for item in checklist(case.story, case.now)}


def test_every_item_is_done_by_a_deed_there_is_at_a_stage_there_is_and_names_its_source() -> None:
    for item in ITEMS:
        assert item.deed in DEEDS or item.deed == "graded"
        assert item.stage in (*STAGES, "closed")
        assert item.source and item.title
        assert item.each == "" or item.each in EACH
    assert {item.stage for item in ITEMS} >= set(STAGES) - {"deconflicted"}


def test_every_value_that_no_source_gives_is_marked() -> None:
    assert all(not block.verified and block.note for block in playbook("CHECKLIST-ONLINE").blocks)


@given(st.integers(-1000, 5000))
def test_every_case_has_every_item_at_every_instant(hours: int) -> None:
    found = checklist(graded().story, AT + hours * HOUR)
    assert [item.code for item in found] == [item.code for item in ITEMS]
    assert {item.standing for item in found} <= {"done", "not_applicable", "open", "overdue"}


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_an_overdue_item_stays_overdue_until_it_is_done(one: int, other: int) -> None:
    story = contacted().story
    earlier, later = ({item.code: item.standing for item in checklist(story, AT + hours * HOUR)} for hours in sorted((one, other)))
    assert all(later[code] == "overdue" for code, standing in earlier.items() if standing == "overdue")


def test_an_item_says_by_whom_and_when_it_was_done_or_set_aside_and_why() -> None:
    case = Case()
    case.must("referral_received", after=timedelta(0))
    case.must("checklist_item_not_applicable", by=CHECKER, item="ip_events", reason="A school's report, nothing online")
    found = {item.code: item for item in checklist(case.story, case.now)}
    assert (found["referral_details"].standing, found["referral_details"].by, found["referral_details"].at) == ("done", 1, AT)
    aside = found["ip_events"]
    assert (aside.standing, aside.by, aside.at, aside.reason) == ("not_applicable", CHECKER, case.now, "A school's report, nothing online")


def test_an_item_is_due_its_hours_after_its_stage_was_reached_and_not_before() -> None:
    case = graded()
    found = {item.code: item for item in checklist(case.story, case.now)}
    assert (found["strategy_asked"].due_at, found["strategy_asked"].standing) == (case.now + 24 * HOUR, "open")
    assert {item.code: item.standing for item in checklist(case.story, case.now + 25 * HOUR)}["strategy_asked"] == "overdue"
    assert found["scene"].due_at is None


def test_what_is_owed_about_a_child_is_due_from_when_the_child_was_known_whatever_the_stage() -> None:
    case = Case()
    case.must("referral_received", after=timedelta(0))
    case.link()
    known = case.now
    case.must("deconfliction_recorded", after=2 * HOUR)
    found = {item.code: item for item in checklist(case.story, case.now)}
    assert (case.state, found["share_decided"].due_at, found["share_decided"].standing) == ("referred", known + HOUR, "overdue")
    assert (found["shared"].due_at, found["shared"].standing) == (known + 24 * HOUR, "open")


def test_a_stage_passed_over_in_a_hurry_is_due_from_then() -> None:
    case = Case()
    case.must("immediate_risk_raised")
    case.must("suicide_plan_made", contact_route="arrest_or_search")
    case.must("contact_made")
    found = {item.code: item for item in checklist(case.story, case.now)}
    assert found["strategy_asked"].due_at == case.now + 24 * HOUR


def test_one_device_not_examined_leaves_the_item_open_and_nothing_found_ends_a_device_s_way() -> None:
    case = contacted()
    for _ in range(2):
        case.must("device_seized")
    first, second = (str(done.id) for done in case.story.all("device_seized"))
    case.must("device_triaged", device=first)
    assert standings(case)["triaged"] == "open"
    case.must("device_triaged", device=second, result="nothing_found")
    assert (standings(case)["triaged"], standings(case)["examined"]) == ("done", "open")
    case.must("device_examined", device=first)
    assert standings(case)["examined"] == "done"


def test_one_child_without_a_decision_leaves_the_item_open() -> None:
    case = graded(children=2)
    first, second = (str(row.id) for row in case.story.involved)
    case.must("share_decided", child=first)
    assert (standings(case)["share_decided"], standings(case)["shared"]) == ("overdue", "open")
    case.must("share_decided", child=second, decision="not_shared_more_harmful")
    assert (standings(case)["share_decided"], standings(case)["shared"]) == ("done", "open")
    case.must("child_shared", child=first)
    assert standings(case)["shared"] == "done"


def test_a_result_that_the_supervisor_sent_back_is_not_checked() -> None:
    case = Case()
    case.must("kirat_recorded")
    case.must("kirat_checked", by=SERGEANT, agrees="no")
    assert standings(case)["kirat_checked"] == "open"
    case.must("kirat_checked", by=SERGEANT)
    assert standings(case)["kirat_checked"] == "done"
    case.must("kirat_recorded")
    assert standings(case)["kirat_checked"] == "open"


@pytest.mark.parametrize(
    ("item", "reason", "code"),
    [
        ("no_such_item", "It does not apply here", "online.no_such_item"),
        ("warrant", "n/a", "online.item_reason"),
        ("kirat_checked", "Nobody was free for it", "online.item_applies"),
        ("graded", "Nobody was free for it", "online.item_applies"),
    ],
)
def test_an_item_is_set_aside_only_by_its_code_with_a_reason_and_where_it_can_be(item: str, reason: str, code: str) -> None:
    refused = Case().record("checklist_item_not_applicable", item=item, reason=reason)
    assert [refusal.code for refusal in refused] == [code]


def test_a_story_without_its_checklist_is_a_fault_and_not_a_pass() -> None:
    with pytest.raises(ValueError, match="not to hand"):
        open_items(story=replace(at_cps().story, checklist=()), stages=frozenset({"file_at_cps"}))
    assert told().checklist
