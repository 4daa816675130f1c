"""Whatever is tried, in whatever order, the law's own conditions hold in every state that is passed through."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lodestar.core.matters.custody import reviews
from lodestar.core.matters.custody.certificates import CERTIFIED, REFUSED
from lodestar.core.matters.custody.charges import drug_sample_alone
from lodestar.core.matters.custody.desk import CUSTODY_DESK
from lodestar.core.matters.custody.lifecycle import BEFORE_CHARGE, HELD
from lodestar.core.matters.desk import Attempt, Done, Story
from lodestar.core.matters.owed import clocks_of
from lodestar.core.matters.replay import Lived
from lodestar.store.playbooks import calendars, clock_rules
from tests.core.matters.custody.lives import lived, prefixes

AGES = st.one_of(st.none(), st.integers(10, 17))
SEEDS = st.integers(0, 2**32)


def owed(life: Lived) -> dict[str, timedelta]:
    """What is owed, and how long after the last deed."""
    clocks = clocks_of(desk=CUSTODY_DESK, lived=life, rules_on=clock_rules, calendars_on=calendars)
    return {clock.rule.code: clock.due_at - clock.started_at for clock in clocks if clock.is_open}


@settings(max_examples=60, deadline=None)
@given(age=AGES, seed=SEEDS)
@example(age=None, seed=69116623)  # reviewed, moved and back in one instant: no review was owed
def test_nobody_is_held_after_charge_without_the_duty_to_move_a_review_and_a_court_owed(age: int | None, seed: int) -> None:
    for life in prefixes(lived(age=age, seed=seed, tries=60), age):
        if life.story.state in HELD:
            running = owed(life)
            assert running.keys() & {"CUS-TRANSFER", "CUS-TRANSFER-AGAIN"}, life.story.state
            assert running.keys() & {"CUS-REVIEW-FIRST-CHARGED", "CUS-REVIEW-CHARGED"}, "no certificate stands without its timer"
            assert all(span <= timedelta(hours=9) for code, span in running.items() if code.startswith("CUS-REVIEW"))
            assert "CUS-FIRST-COURT" in running


@settings(max_examples=60, deadline=None)
@given(age=AGES, seed=SEEDS)
def test_one_review_is_owed_by_the_inspector_before_charge_and_by_the_custody_officer_after_it(age: int | None, seed: int) -> None:
    for life in prefixes(lived(age=age, seed=seed, tries=40), age):
        if life.story.state not in (*BEFORE_CHARGE, "charged", *HELD):
            continue
        clocks = clocks_of(desk=CUSTODY_DESK, lived=life, rules_on=clock_rules, calendars_on=calendars)
        running = [clock for clock in clocks if clock.is_open and clock.rule.code in reviews.CLOCKS]
        owes = "duty_inspector" if life.story.state in BEFORE_CHARGE else "custody_officer"
        assert [clock.rule.owed_by for clock in running] == [owes], life.story.state
        assert running[0].due_at == reviews.due(story=life.story), "the charge does not move it"


@settings(max_examples=150, deadline=None)
@given(age=AGES, seed=SEEDS)
def test_bail_is_refused_only_on_the_grounds_of_the_act_with_facts_and_told_to_the_child(age: int | None, seed: int) -> None:
    story = lived(age=age, seed=seed, tries=60).story
    charged = story.last("child_charged")
    for kept in story.all("bail_refused", "bail_refused_afresh"):
        assert charged is not None
        grounds = set(kept.said["grounds"].split(", "))
        assert grounds and kept.said["facts"] and kept.said["told_at"]
        assert "murder" not in grounds or charged.said["murder"] == "yes"
        assert "section_25" not in grounds or charged.said["section_25"] == "yes"
        assert not {"prevent_offence", "prevent_injury_or_damage"} <= grounds
        assert not drug_sample_alone(kept.said) or kept.at - charged.at <= timedelta(hours=6)


@settings(max_examples=150, deadline=None)
@given(age=AGES, seed=SEEDS)
def test_certificate_b_stands_only_on_all_its_limbs(age: int | None, seed: int) -> None:
    story = lived(age=age, seed=seed, tries=60, lean=1).story
    for made in story.all("certified_serious_harm"):
        before = _before(story, made)
        assert age is not None and age >= 12
        refusals = [one for one in before if one.said.get("answer") == "refused" and _kind_asked(story, one) == "secure"]
        assert refusals, "no secure place: on record as refused, not merely unanswered"
        judged = [one for one in before if one.code == "adequacy_assessed" and (one.at, one.id) > (refusals[-1].at, refusals[-1].id)]
        assert judged and judged[-1].said["adequate"] == "no", "nothing less would do: judged after the refusal"
        assert made.said["serious_harm"] and made.said["not_adequate"]
    for made in story.all("certified_impracticable"):
        assert made.said["reason"] not in REFUSED


@settings(max_examples=150, deadline=None)
@given(age=AGES, seed=SEEDS)
def test_a_secure_place_is_asked_for_only_at_twelve_with_the_test_written_and_an_inspector(age: int | None, seed: int) -> None:
    story = lived(age=age, seed=seed, tries=40).story
    for made in story.all("place_requested"):
        if made.said["type"] == "secure":
            assert age is not None and age >= 12
            assert made.said["harm"] and made.said["not_enough"]
            assert [one for one in _before(story, made) if one.code == "secure_approved" and one.by != made.by]


@settings(max_examples=150, deadline=None)
@given(age=AGES, seed=SEEDS)
def test_no_child_leaves_the_law_s_sight_at_court(age: int | None, seed: int) -> None:
    """Neither brought there unasked for, nor without the certificate; and none closed so."""
    whole = lived(age=age, seed=seed, tries=60)
    for move in whole.moves:
        if move.verb != "bring_to_court":
            continue
        before = _before(whole.story, move.deed)
        certificates = [one for one in before if one.code in CERTIFIED]
        if certificates:
            assert move.deed.said["certificate_produced"] == "yes" and move.deed.said["produced_to"]
        if move.source in HELD:
            asked = any(one.code == "place_requested" for one in before)
            assert certificates or asked or move.deed.said["straight"] == "yes"
    if whole.story.state == "closed":
        done = {one.code for one in whole.story.done}
        assert "after_action_recorded" in done
        assert "bail_refused" not in done or "daily_meeting_scrutinised" in done


@settings(max_examples=100, deadline=None)
@given(age=AGES, seed=SEEDS)
def test_every_child_kept_has_its_scrutiny_created_in_advance(age: int | None, seed: int) -> None:
    life = lived(age=age, seed=seed, tries=40)
    clocks = clocks_of(desk=CUSTODY_DESK, lived=life, rules_on=clock_rules, calendars_on=calendars)
    kept = [move for move in life.moves if move.verb == "keep"]
    for code in ("CUS-DAILY-MEETING", "CUS-TACTICAL-MEETING", "CUS-BOARD"):
        assert sum(clock.rule.code == code for clock in clocks) == len(kept)


@settings(max_examples=100, deadline=None)
@given(age=AGES, seed=SEEDS)
def test_the_same_attempt_on_the_same_story_gets_the_same_verdict(age: int | None, seed: int) -> None:
    story = lived(age=age, seed=seed, tries=30).story
    for code in CUSTODY_DESK.deeds:
        attempt = Attempt(story, code, {}, story.done[-1].at, 2, story.done[-1].at)
        assert CUSTODY_DESK.refuse(attempt) == CUSTODY_DESK.refuse(attempt)


def test_the_lives_tried_pass_through_every_state_but_the_error() -> None:
    reached = {move.target for seed in range(120) for move in lived(age=16, seed=seed, tries=60).moves}
    assert reached >= set(CUSTODY_DESK.lifecycle.states) - {"detained", "opened_in_error"}


def test_every_state_can_be_reached_and_its_name_fits() -> None:
    assert CUSTODY_DESK.lifecycle.unreachable() == frozenset()
    assert all(len(state) <= 20 for state in CUSTODY_DESK.lifecycle.states)


def _before(story: Story, made: Done) -> list[Done]:
    return [one for one in story.done if (one.at, one.id) < (made.at, made.id)]


def _kind_asked(story: Story, answer: Done) -> str:
    request = story.one(answer.said.get("about", ""))
    return request.said.get("type", "") if request is not None else ""
