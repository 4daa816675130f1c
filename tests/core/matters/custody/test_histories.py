"""Whatever is tried, in whatever order, the law's own conditions hold in every state that is reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from lodestar.core.matters.custody.certificates import REFUSED, certified
from lodestar.core.matters.custody.desk import CUSTODY_DESK, straight_to_court
from lodestar.core.matters.custody.lifecycle import HELD
from lodestar.core.matters.custody.requests import requests, said_no
from lodestar.core.matters.desk import Attempt, Done, Story
from lodestar.core.matters.owed import clocks_of
from lodestar.core.matters.replay import live
from lodestar.store.playbooks import calendars, clock_rules

NOW = datetime(2026, 6, 4, 8, tzinfo=UTC)
ENDS = ("custody_opened_in_error", "detention_authorised")
WORDS = "Four words at the least"

said = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["secure", "non_secure"]),
        "answer": st.sampled_from(["offered", "refused", "no_reply", "asks"]),
        "adequate": st.sampled_from(["yes", "no", "not_known"]),
        "reason": st.sampled_from(["extreme_weather", "hospital", "other", *REFUSED]),
        "certificate_produced": st.sampled_from(["yes", "no", "none_made"]),
        "straight": st.sampled_from(["yes", "no"]),
        "grounds": st.sampled_from(["will_not_answer_bail", "drug_sample", "prevent_injury_or_damage"]),
        "about": st.integers(1, 12).map(str),
        "imprisonable": st.just("yes"),
        "postponed": st.sampled_from(["yes", "no"]),
    }
)
FIXED = dict.fromkeys(
    ("facts", "harm", "not_enough", "test", "circumstances", "serious_harm", "why", "inspector", "postponed_why", "transfer_why"), WORDS
)
FIXED["sitting"] = (NOW + timedelta(hours=26)).isoformat()
tries = st.lists(st.tuples(st.integers(0, 999), said, st.integers(1, 3), st.integers(0, 180)), max_size=40)


def lived(age: int, attempts: list[tuple[int, dict[str, str], int, int]]) -> Story:
    story = Story(kind="custody", state="detained", reported_at=NOW, opened_at=NOW, born=date(2026 - age, 1, 1), is_child=True)
    opening = Done(1, "detention_authorised", NOW, NOW, 2, {"authorised_at": NOW.isoformat()})
    done, now, at = [opening], story, NOW
    for pick, words, by, minutes in attempts:
        at += timedelta(minutes=minutes)
        now = live(desk=CUSTODY_DESK, story=story, done=done).story
        open_now = [kind.code for kind in CUSTODY_DESK.deeds.values() if now.state in kind.states and kind.code not in ENDS]
        if not open_now:
            break
        code = open_now[pick % len(open_now)]
        asked = now.all("place_requested")
        about = {"about": str(asked[int(words["about"]) % len(asked)].id)} if asked else {}
        given_words = {**FIXED, **words, **about}
        if CUSTODY_DESK.refuse(Attempt(now, code, given_words, at, by, at)):
            continue
        done.append(Done(len(done) + 1, code, at, at, by, given_words))
    return live(desk=CUSTODY_DESK, story=story, done=done).story


@settings(max_examples=150, deadline=None)
@given(age=st.integers(10, 17), attempts=tries)
def test_no_history_reaches_what_the_law_forbids(age: int, attempts: list[tuple[int, dict[str, str], int, int]]) -> None:
    story = lived(age, attempts)
    initial = Story(kind="custody", state="detained", reported_at=NOW, opened_at=NOW, born=story.born, is_child=True)
    replayed = live(desk=CUSTODY_DESK, story=initial, done=story.done)
    clocks = clocks_of(desk=CUSTODY_DESK, lived=replayed, rules_on=clock_rules, calendars_on=calendars)
    owed = {clock.rule.code for clock in clocks if clock.is_open}
    if story.state in HELD:
        assert owed & {"CUS-TRANSFER", "CUS-TRANSFER-AGAIN"}, "held after charge: the duty to move is open"
        assert owed & {"CUS-REVIEW-FIRST", "CUS-REVIEW-NEXT"}, "held after charge: a review is owed"
    for made in story.all("certified_serious_harm"):
        assert age >= 12
        assert [one for one in said_no(story=story, kind="secure") if one.at <= made.at] or story.all("child_came_back")
    for made in story.all("certified_impracticable"):
        assert made.said["reason"] not in REFUSED
    if story.state in ("at_court", "audited", "closed") and story.last("brought_to_court") is not None:
        produced = story.last("brought_to_court")
        assert not certified(story=story) or (produced is not None and produced.said["certificate_produced"] == "yes")
        if story.last("child_moved") is None:
            assert certified(story=story) or requests(story=story) or straight_to_court(story=story)
    for made in story.all("place_requested"):
        assert made.said["type"] == "non_secure" or age >= 12
        if made.said["type"] == "secure":
            assert [one for one in story.all("secure_approved") if one.by != made.by and one.at <= made.at]


def test_the_histories_tried_do_come_to_the_states_that_matter() -> None:
    dice = Random(5)
    choices = {"type": ["secure", "non_secure"], "answer": ["offered", "refused"], "adequate": ["no"], "reason": ["extreme_weather"],
               "certificate_produced": ["yes", "none_made"], "straight": ["no"],
               "grounds": ["will_not_answer_bail"], "postponed": ["yes"]}  # fmt: skip
    reached = set()
    for _ in range(150):
        tried = []
        for _ in range(30):
            words = {name: dice.choice(values) for name, values in choices.items()}
            words |= {"about": str(dice.randint(2, 9)), "imprisonable": "yes"}
            tried.append((dice.randint(0, 999), words, dice.randint(1, 3), dice.randint(0, 60)))
        story = lived(16, tried)
        whole = live(desk=CUSTODY_DESK, story=replace(story, state="detained", done=()), done=story.done)
        reached |= {move.target for move in whole.moves}
    assert reached >= {"kept", "requested", "answered", "certified_a", "moved", "at_court", "released"}


def test_every_state_can_be_reached() -> None:
    assert CUSTODY_DESK.lifecycle.unreachable() == frozenset()
