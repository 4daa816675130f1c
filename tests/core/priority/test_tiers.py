"""A tier is reached by named rules with reasons; more risk never lowers it, and unknown is not low."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.priority.tiers import LAST, RULES, TIER_NAMES, Assessment, MatterFacts, assess, faults
from lodestar.store.playbooks import playbook

NOW = datetime(2026, 6, 4, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOOK = playbook("TIERS-MISSING").blocks[-1].values["rules"]
MEDIUM = MatterFacts(
    state="active", level="medium", is_child=True, age=15, missing_since=NOW - HOUR,
    located=False, wellbeing_confirmed=False, returned=False,
)  # fmt: skip
SAFE = replace(MEDIUM, state="returned", located=True, wellbeing_confirmed=True, returned=True)
RISKS = (
    "medical_alert", "threat_alert", "exploitation", "repeat_reached", "news_waiting", "interview_owed", "review_missed",
    "statutory_late", "statutory_due_soon", "anything_late", "anything_due_soon",
)  # fmt: skip
RISING = ("very_low", "low", "medium", "high")


def reached(facts: MatterFacts, at: datetime = NOW) -> Assessment:
    return assess(facts=facts, rules=BOOK, at=at, tests=RULES)


def codes(facts: MatterFacts, at: datetime = NOW) -> set[str]:
    return {reason.code for reason in reached(facts, at).reasons}


def any_facts() -> st.SearchStrategy[MatterFacts]:
    switches: dict[str, Any] = {name: st.booleans() for name in (*RISKS, "located", "wellbeing_confirmed", "returned")}
    return st.builds(
        MatterFacts,
        state=st.just("active"),
        level=st.sampled_from((*RISING, "cannot_be_assessed", "")),
        is_child=st.just(True),
        age=st.none() | st.integers(0, 17),
        missing_since=st.integers(0, 400).map(lambda hours: NOW - hours * HOUR),
        **switches,
    )


@given(any_facts(), st.sets(st.sampled_from(RISKS)))
def test_adding_risks_never_lowers_the_tier_and_takes_no_reason_away(facts: MatterFacts, added: set[str]) -> None:
    more = replace(facts, **dict.fromkeys(added, True))  # type: ignore[arg-type]
    assert reached(more).tier <= reached(facts).tier
    assert codes(more) >= codes(facts) - {"routine"}


@given(any_facts(), st.integers(0, 3), st.integers(0, 3))
def test_a_higher_level_never_lowers_the_tier_and_not_knowing_the_level_is_never_lower_than_knowing(
    facts: MatterFacts, first: int, second: int
) -> None:
    lower, higher = (reached(replace(facts, level=RISING[step])).tier for step in sorted((first, second)))
    assert higher <= lower
    assert reached(replace(facts, level="")).tier <= lower


@given(any_facts().filter(lambda facts: not (facts.located and facts.wellbeing_confirmed)), st.sampled_from(RISING))
def test_a_level_that_cannot_be_assessed_is_as_pressing_as_high_while_missing(facts: MatterFacts, known: str) -> None:
    assert reached(replace(facts, level="cannot_be_assessed")).tier <= reached(replace(facts, level=known)).tier


@given(any_facts())
def test_knowing_less_about_where_or_how_the_child_is_never_lowers_the_tier(facts: MatterFacts) -> None:
    safe, located, nowhere = (
        reached(replace(facts, located=where, wellbeing_confirmed=how)).tier for where, how in ((True, True), (True, False), (False, False))
    )
    assert nowhere <= located <= safe


@given(any_facts(), st.integers(0, 200))
def test_being_younger_or_missing_longer_never_lowers_the_tier(facts: MatterFacts, hours: int) -> None:
    assert reached(facts, NOW + hours * HOUR).tier <= reached(facts).tier
    if facts.age is not None:
        assert reached(replace(facts, age=facts.age // 2)).tier <= reached(facts).tier


@given(any_facts())
def test_there_is_always_a_tier_with_a_reason_and_the_first_reason_is_what_decided_it(facts: MatterFacts) -> None:
    found = reached(facts)
    assert found.tier in TIER_NAMES and found.reasons
    assert found.reasons[0].tier == found.tier == min(reason.tier for reason in found.reasons)
    assert all(reason.sentence.endswith(".") and reason.authority for reason in found.reasons)


@pytest.mark.parametrize(
    ("change", "tier", "code"),
    [
        ({"level": "high"}, 1, "graded_high"),
        ({"level": ""}, 1, "not_graded"),
        ({"level": "cannot_be_assessed"}, 1, "cannot_be_assessed"),
        ({"threat_alert": True}, 1, "threat_alert"),
        ({"medical_alert": True}, 1, "medical_alert"),
        ({"age": 12}, 1, "under_13"),
        ({"missing_since": NOW - 73 * HOUR}, 1, "missing_72_hours"),
        ({"missing_since": NOW - 169 * HOUR}, 1, "missing_72_hours"),
        ({"statutory_late": True}, 2, "statutory_late"),
        ({"statutory_due_soon": True}, 2, "statutory_due_soon"),
        ({"missing_since": NOW - 25 * HOUR}, 2, "missing_24_hours"),
        ({"age": None}, 2, "age_not_known"),
        ({"exploitation": True}, 2, "exploitation"),
        ({"news_waiting": True}, 2, "news_waiting"),
        ({"located": True}, 3, "wellbeing_not_confirmed"),
        ({"review_missed": True}, 3, "review_missed"),
        ({"anything_late": True}, 3, "something_late"),
        ({"repeat_reached": True}, 3, "repeat_reached"),
        ({}, 3, "graded_medium"),
        ({"level": "low"}, 3, "still_missing"),
    ],
)
def test_each_rule_leads_to_its_tier_for_a_child_still_missing(change: dict[str, Any], tier: int, code: str) -> None:
    found = reached(replace(MEDIUM, **change))
    assert (found.tier, found.reasons[0].code) == (tier, code)


def test_a_child_located_and_not_yet_seen_is_still_missing_at_every_level() -> None:
    assert codes(replace(MEDIUM, level="high", located=True)) >= {"graded_high", "still_missing", "wellbeing_not_confirmed"}


@pytest.mark.parametrize(
    ("change", "tier", "code"),
    [
        ({}, 4, "routine"),
        ({"interview_owed": True}, 4, "interview_owed"),
        ({"anything_due_soon": True}, 4, "something_due_soon"),
        ({"anything_late": True}, 3, "something_late"),
        ({"statutory_late": True}, 2, "statutory_late"),
        ({"news_waiting": True}, 2, "news_waiting"),
        ({"level": "high"}, 4, "routine"),
        ({"age": 9}, 4, "routine"),
        ({"missing_since": NOW - 200 * HOUR}, 4, "routine"),
    ],
)
def test_each_rule_leads_to_its_tier_for_a_child_safely_back(change: dict[str, Any], tier: int, code: str) -> None:
    found = reached(replace(SAFE, **change))
    assert (found.tier, found.reasons[0].code) == (tier, code)


def test_every_reason_is_kept_not_only_the_one_that_decided() -> None:
    found = reached(replace(MEDIUM, level="high", exploitation=True, missing_since=NOW - 200 * HOUR))
    assert [reason.code for reason in found.reasons] == [
        "graded_high", "missing_72_hours", "missing_7_days", "missing_24_hours", "exploitation", "still_missing",
    ]  # fmt: skip


@pytest.mark.parametrize(("hours", "code"), [(24, "missing_24_hours"), (72, "missing_72_hours"), (168, "missing_7_days")])
def test_more_than_so_many_hours_means_more(hours: int, code: str) -> None:
    facts = replace(MEDIUM, missing_since=NOW - hours * HOUR)
    assert code not in codes(facts)
    assert code in codes(facts, NOW + timedelta(seconds=1))


def test_nothing_on_record_is_the_last_tier_and_says_so() -> None:
    assert reached(SAFE).tier == LAST
    assert reached(SAFE).reasons[0].sentence == "Nothing pressing is on record."


def test_the_playbook_speaks_of_every_rule_and_of_no_other() -> None:
    for block in playbook("TIERS-MISSING").blocks:
        assert faults(block.values["rules"]) == ()
    row = {"tier": 1, "sentence": "Why.", "authority": "Whose."}
    whole = dict.fromkeys(RULES, row)
    assert faults(whole | {"score_over_9": row}) == ("there is no rule score_over_9",)
    assert faults({code: row for code in RULES if code != "under_13"}) == ("the rule under_13 is left out: give it a tier",)
    assert faults(whole | {"under_13": row | {"tier": 9}}) == ("the rule under_13 leads to no tier there is",)


def test_the_order_of_the_playbook_does_not_decide_the_tier() -> None:
    turned = dict(reversed(BOOK.items()))
    found = assess(facts=replace(MEDIUM, exploitation=True, level="high"), rules=turned, at=NOW, tests=RULES)
    assert [reason.tier for reason in found.reasons] == [1, 2, 3]


def test_a_rule_nobody_wrote_stops_the_run() -> None:
    with pytest.raises(KeyError):
        assess(facts=MEDIUM, rules={"score_over_9": {"tier": 1, "sentence": "Why.", "authority": "Whose."}}, at=NOW, tests=RULES)
