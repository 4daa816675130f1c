"""Random histories: whatever is tried, in whatever order, a case never reaches a state that the law forbids.

Forbidden: an end while a linked child has no outcome or an alarm has no answer; contact without a suicide-risk plan made
before it; anything past the grading without the tool's result and a level; a stage left with its checklist open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lodestar.core.matters.desk import Attempt
from lodestar.core.matters.online.checklist import open_items
from lodestar.core.matters.online.contact import standing_risks
from lodestar.core.matters.online.deeds import DEEDS
from lodestar.core.matters.online.desk import ONLINE_DESK
from lodestar.core.matters.online.lifecycle import BEFORE_CONTACT, ONLINE, STAGES
from lodestar.core.matters.online.moves import walk
from lodestar.core.matters.online.sharing import CHILD_ROLES, unsettled
from tests.core.matters.online.examples import AT, ITEMS
from tests.core.matters.online.replay import Case, at_cps, contacted, graded, researched, safeguarded

STARTS = {"new": Case, "researched": researched, "graded": graded, "safeguarded": safeguarded, "contacted": contacted, "at_cps": at_cps}
READY = {name: make() for name, make in STARTS.items()}
DONE_BY = {item.code: item.deed for item in ITEMS}
PEOPLE = (1, 2, 3)
BANDS = ("very_high", "high", "medium", "low", "cannot_be_assessed")
ENDINGS = ("no_further_action", "online_case_closed", "online_opened_in_error", "cps_submitted", "cps_decided", "contact_made")
step = st.tuples(
    st.one_of(st.sampled_from(sorted(DEEDS)), st.sampled_from(ENDINGS), st.sampled_from(("grade", "link", "next"))),
    st.sampled_from(PEOPLE),
    st.sampled_from(BANDS),
)
histories = st.tuples(st.sampled_from(sorted(STARTS)), st.lists(step, min_size=12, max_size=40))
Steps = Sequence[tuple[str, int, str]]


def apart(case: Case) -> Case:
    """The case as it is now; what happens to the other from here on does not reach it."""
    return replace(case, started=list(case.started))


def take(case: Case, what: str, by: int, band: str) -> None:
    """One step of a history; a refused one leaves the case as it was."""
    if what == "grade":
        case.grade(band, by=by)
    elif what == "link":
        case.link(CHILD_ROLES[by % 3])
    elif what == "next":
        _do_what_is_open(case, by)
    else:
        given_band = {"band": band} if what in ("kirat_recorded", "kirat_overridden") else {}
        case.record(what, by=by, **given_band)


def _do_what_is_open(case: Case, by: int) -> None:
    """Set aside or do whatever the present stage still needs, then try to leave it: so that histories get far."""
    for item in open_items(story=case.story, stages=frozenset({case.state})):
        case.record("checklist_item_not_applicable", by=by, item=item.code, reason="It does not apply here")
        if (deed := DONE_BY[item.code]) in DEEDS:
            case.record(deed, by=by)
    if case.record("stage_finished", by=by):
        case.record("contact_made", by=by)


def lived(start: str, steps: Steps) -> list[Case]:
    """The case after every step."""
    case = apart(READY[start])
    seen = []
    for what, by, band in steps:
        take(case, what, by, band)
        seen.append(apart(case))
    return seen


@settings(max_examples=150, deadline=None)
@given(histories)
def test_no_history_reaches_a_state_that_the_law_forbids(history: tuple[str, Steps]) -> None:
    before = apart(READY[history[0]])
    for case in lived(*history):
        story, entered = case.story, case.state != before.state
        if entered and case.state in ("nfa", "closed", "opened_in_error"):
            assert unsettled(story=story) == ()
        if entered and case.state in ("nfa", "closed"):
            assert standing_risks(story=story) == ()
        if entered and case.state in STAGES[3:] and before.state == "researched" and case.state not in ("enforced",):
            assert story.level and story.all("kirat_recorded")
        for contact in story.all("contact_made", "interview_invited"):
            assert any(plan.at <= contact.at for plan in story.all("suicide_plan_made"))
        if entered and before.state in STAGES and case.state in STAGES and case.state != "enforced":
            left = open_items(story=story, stages=frozenset({before.state}), but=story.done[-1].code)
            assert left == () or story.done[-1].said.get("colour") == "red"
        before = case


@settings(max_examples=80, deadline=None)
@given(histories)
def test_the_deeds_alone_say_where_a_case_is_and_every_state_is_in_the_table(history: tuple[str, Steps]) -> None:
    for case in lived(*history)[-1:]:
        assert walk(story=case.story)[-1][0] == case.state
        assert case.state in ONLINE.states


@settings(max_examples=80, deadline=None)
@given(histories, st.sampled_from(sorted(DEEDS)), st.sampled_from(PEOPLE))
def test_a_verdict_is_the_same_however_often_it_is_asked(history: tuple[str, Steps], code: str, by: int) -> None:
    for case in lived(*history)[-1:]:
        attempt = Attempt(case.story, code, {"colour": "red", "reason": "It is so"}, case.now, by, case.now)
        assert ONLINE_DESK.refuse(attempt) == ONLINE_DESK.refuse(attempt)
        assert all(refusal.sentence.endswith(".") for refusal in ONLINE_DESK.refuse(attempt))


@settings(max_examples=80, deadline=None)
@given(histories)
def test_linking_a_child_never_lets_a_case_end_that_could_not_before(history: tuple[str, Steps]) -> None:
    for case in lived(*history)[-1:]:
        before = {refusal.code for refusal in ONLINE_DESK.missing(case.story, case.now)}
        case.link()
        after = {refusal.code for refusal in ONLINE_DESK.missing(case.story, case.now)}
        assert before - after == set()
        assert "online.child_outcome" in after


def test_contact_is_made_only_from_a_stage_before_it_or_again_after_it() -> None:
    assert {row.source for row in ONLINE.rows if row.verb == "contact"} == set(BEFORE_CONTACT)


def test_the_desk_never_looks_at_a_clock_of_its_own() -> None:
    case = graded()
    later = replace(case.story, opened_at=AT + timedelta(days=4000))
    attempts = [Attempt(story, "stage_finished", {"note": "On"}, case.now, 1, case.now) for story in (case.story, later)]
    assert ONLINE_DESK.refuse(attempts[0]) == ONLINE_DESK.refuse(attempts[1])
