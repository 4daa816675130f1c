"""Tiers of a child in police custody: named rules, and more risk never lowers one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.matters.custody.desk import RULES
from lodestar.core.matters.custody.lifecycle import HELD
from lodestar.core.matters.desk import Done, Story
from lodestar.core.priority.tiers import assess, faults
from lodestar.store.playbooks import clock_rules, playbook
from tests.core.matters.custody.lives import NOW, lived

BOOK = playbook("TIERS-CUSTODY").in_force(NOW).values["rules"]
CLOCKS = sorted(code for code in clock_rules(NOW.date()) if code.startswith("CUS-"))


def tier(story: Story) -> int:
    return assess(facts=story, rules=BOOK, at=NOW, tests=RULES).tier


def reason(story: Story) -> str:
    return assess(facts=story, rules=BOOK, at=NOW, tests=RULES).reasons[0].code


@st.composite
def any_story(draw: st.DrawFn) -> Story:
    life = lived(age=draw(st.integers(10, 17)), seed=draw(st.integers(0, 2**20)), tries=20)
    late = draw(st.frozensets(st.sampled_from(CLOCKS), max_size=3))
    soon = draw(st.frozensets(st.sampled_from(CLOCKS), max_size=3))
    return replace(life.story, late=late, soon=soon, news_waiting=draw(st.integers(0, 2)))


def test_the_playbook_and_the_rules_name_each_other() -> None:
    assert faults(BOOK, RULES) == ()


@given(any_story(), st.sampled_from(CLOCKS), st.integers(0, 3))
def test_more_risk_never_lowers_a_tier(story: Story, rule: str, news: int) -> None:
    exploited = replace(story.done[0], said={**story.done[0].said, "exploitation": "yes"})
    worse = (
        replace(story, late=story.late | {rule}),
        replace(story, soon=story.soon | {rule}),
        replace(story, news_waiting=story.news_waiting + news),
        replace(story, done=(exploited, *story.done[1:])),
    )
    assert all(tier(one) <= tier(story) for one in worse)


@given(st.integers(0, 2**20))
def test_a_child_in_a_cell_after_charge_is_never_below_a_duty_in_law_at_risk(seed: int) -> None:
    story = lived(age=15, seed=seed, tries=25).story
    assert story.state not in HELD or tier(story) <= 2


@pytest.mark.parametrize(("late", "first"), [
    ("CUS-REVIEW-NEXT", "review_late"),
    ("CUS-REVIEW-CHARGED", "review_late"),
    ("CUS-REVIEW-FIRST-CHARGED", "review_late"),
    ("CUS-FIRST-COURT", "court_late"),
    ("CUS-DRUG-SAMPLE", "drug_sample_expired"),
])  # fmt: skip
def test_a_limit_of_the_act_gone_by_is_life_and_immediate_safety(late: str, first: str) -> None:
    story = replace(_kept(asked=True), late=frozenset({late}))
    assert (tier(story), reason(story)) == (1, first)


def test_nobody_asked_outranks_asked_and_waiting() -> None:
    assert (tier(_kept(asked=False)), reason(_kept(asked=False))) == (1, "transfer_owed_unasked")
    assert (tier(_kept(asked=True)), reason(_kept(asked=True))) == (2, "kept_after_charge")


def _kept(*, asked: bool) -> Story:
    kept = Done(1, "bail_refused", NOW, NOW, 2, {})
    request = Done(2, "place_requested", NOW + timedelta(minutes=5), NOW, 2, {"type": "non_secure"})
    return Story("custody", "requested" if asked else "kept", NOW, NOW, done=(kept, request) if asked else (kept,))
