"""Tiers of an online case, and the two limits for acting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.matters.desk import Done, Story
from lodestar.core.matters.online.limits import act_limits, soonest
from lodestar.core.matters.online.tiers import RULES
from lodestar.core.priority.tiers import assess, faults
from lodestar.store.playbooks import clock_rules, playbook
from tests.core.matters.online.examples import AT, link, told
from tests.core.matters.online.replay import Case, researched

BOOK = playbook("TIERS-ONLINE").in_force(AT).values["rules"]
CLOCKS = clock_rules(date(2026, 6, 4))
GRADED, RECEIVED = CLOCKS["ONL-ACT-GRADED"], CLOCKS["ONL-ACT-RECEIVED"]
RISING = ("low", "medium", "high", "very_high")
RULES_LATE = sorted(code for code in CLOCKS if code.startswith("ONL-"))


def tier(story: Story) -> int:
    return assess(facts=story, rules=BOOK, at=AT, tests=RULES).tier


def deed(number: int, code: str, hours: int = 0, **said: str) -> Done:
    at = AT + timedelta(hours=hours)
    return Done(number, code, at, at, 1, said)


@st.composite
def any_story(draw: st.DrawFn) -> Story:
    codes = draw(st.lists(st.sampled_from(("graded", "intelligence_received", "immediate_risk_raised", "contact_made")), max_size=5))
    late = draw(st.frozensets(st.sampled_from(RULES_LATE), max_size=4))
    children = draw(st.lists(st.integers(100, 103), max_size=3, unique=True))
    return told(
        level=draw(st.sampled_from(("", "cannot_be_assessed", *RISING))),
        done=tuple(deed(number, code, number) for number, code in enumerate(codes, start=1)),
        involved=tuple(link(number) for number in children),
        late=late,
        soon=draw(st.frozensets(st.sampled_from(RULES_LATE), max_size=3)),
        news_waiting=draw(st.integers(0, 2)),
    )


def test_the_playbook_and_the_rules_name_each_other() -> None:
    assert faults(BOOK, RULES) == ()


@given(any_story(), st.sampled_from(RULES_LATE), st.integers(0, 3))
def test_more_risk_never_lowers_a_tier(story: Story, rule: str, news: int) -> None:
    worse = (
        replace(story, late=story.late | {rule}),
        replace(story, soon=story.soon | {rule}),
        replace(story, news_waiting=story.news_waiting + news),
        replace(story, involved=(*story.involved, link(900))),
        replace(story, done=(*story.done, deed(900, "immediate_risk_raised", 90))),
        replace(story, done=(*story.done, deed(901, "intelligence_received", 91))),
    )
    assert all(tier(one) <= tier(story) for one in worse)


@given(any_story(), st.integers(0, 3), st.integers(0, 3))
def test_a_higher_level_never_lowers_the_tier_and_none_at_all_is_never_lower(story: Story, first: int, second: int) -> None:
    lower, higher = (tier(replace(story, level=RISING[place])) for place in sorted((first, second)))
    assert higher <= lower
    assert tier(replace(story, level="")) <= higher
    assert tier(replace(story, level="cannot_be_assessed")) == tier(replace(story, level="high"))


@pytest.mark.parametrize(
    ("story", "reason"),
    [
        (told(level="low", involved=(link(1),), late=frozenset({"ONL-SHARE"})), "share_late"),
        (told(level="low", late=frozenset({"ONL-TRIGGER-DATE"})), "suspect_care_late"),
        (told(level="low", late=frozenset({"ONL-DORMANT"})), "dormant"),
        (told(level="very_high"), "graded_very_high"),
    ],
)
def test_what_decides_the_tier_is_said_first(story: Story, reason: str) -> None:
    assert assess(facts=story, rules=BOOK, at=AT, tests=RULES).reasons[0].code == reason


@pytest.mark.parametrize("level", RISING)
def test_once_somebody_has_acted_the_level_alone_presses_no_more(level: str) -> None:
    waiting, acted = (told(level=level, done=done) for done in ((), (deed(1, "contact_made"),)))
    assert tier(acted) == 4
    assert tier(waiting) == {"very_high": 1, "high": 2, "medium": 3, "low": 4}[level]


@pytest.mark.parametrize("days", [1, 40, 200])
def test_a_case_graded_late_has_the_limit_from_receipt_long_behind_it(days: int) -> None:
    story = told(done=(deed(1, "graded", 24 * days, level="medium"),), level="medium")
    found = act_limits(story=story, rule=GRADED)
    assert [(limit.from_receipt, limit.from_grading) for limit in found] == [
        (AT + timedelta(days=14), AT + timedelta(days=days + 14)),
    ]
    assert found[0].passed(AT + timedelta(days=days)) is (days > 14)


grades = st.lists(st.tuples(st.sampled_from(("cannot_be_assessed", *RISING)), st.integers(0, 2000)), min_size=1, max_size=6)


@given(grades, st.sampled_from(("cannot_be_assessed", *RISING)), st.integers(2001, 4000))
def test_no_later_grade_and_no_child_learnt_of_ever_puts_a_limit_off(rows: list[tuple[str, int]], level: str, hour: int) -> None:
    rows = sorted(rows, key=lambda row: row[1])
    done = tuple(deed(number, "graded", at, level=name) for number, (name, at) in enumerate(rows))
    story = told(done=done, level=rows[-1][0])
    more = replace(story, done=(*done, deed(99, "graded", hour, level=level)), level=level, involved=(link(5),))
    before, after = (act_limits(story=one, rule=RECEIVED) for one in (story, more))
    assert after[: len(before)] == before
    first, second = soonest(before), soonest(after)
    assert first is not None and second is not None
    assert second[0] <= first[0] and second[1] <= first[1]


def test_before_any_grade_there_is_no_limit_to_show() -> None:
    assert soonest(act_limits(story=told(), rule=GRADED)) is None


def test_each_level_reached_starts_its_own_limit_from_receipt() -> None:
    case: Case = researched()
    case.must("kirat_recorded")
    for level in ("medium", "very_high"):
        assert case.grade(level) == ()
    starts = [(started.event, started.at) for code, started in case.started if code == "graded"]
    assert starts == [("received_medium", AT), ("received_very_high", AT)]
    assert {span.event for span in RECEIVED.by_level.values()} == {f"received_{level}" for level in RECEIVED.by_level}
    assert RECEIVED.by_level.keys() == GRADED.by_level.keys() == {"cannot_be_assessed", *RISING}
