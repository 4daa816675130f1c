"""What was there, and what came in and went out, is what is there; and the quick walk says what the desk's own page says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lodestar.core.matters.desk import Done, Story
from lodestar.core.matters.online import backlog as desk
from lodestar.core.measures.backlog import balances, draw, littles_law, snapshots, track
from lodestar.core.measures.drawn import Ask
from lodestar.core.measures.facts import Case, Facts
from lodestar.core.words import Period
from tests.core.measures.making import definition

M6 = definition("M6")
START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
CODES = (
    "graded", "case_allocated", "stage_finished", "waiting_began", "waiting_ended", "contact_made", "cps_submitted", "cps_action_set",
    "cps_resubmitted", "cps_decided", "no_further_action", "online_case_closed", "online_case_reopened", "online_opened_in_error",
    "ip_event_recorded", "deconfliction_recorded",
)  # fmt: skip
DEED = st.tuples(st.sampled_from(CODES), st.integers(0, 60 * 24), st.integers(0, 40))


def story_of(opened: int, deeds: list[tuple[str, int, int]]) -> Story:
    done = []
    for number, (code, at, late) in enumerate(deeds, start=1):
        said: dict[str, str] = {"level": ("very_high", "high", "medium", "low")[number % 4]} if code == "graded" else {}
        said |= {"waiting_for": "lab"} if code == "waiting_began" else {"wait": str(max(1, number - 1))} if code == "waiting_ended" else {}
        when = START + at * HOUR
        done.append(Done(number, code, when, max(when + late * HOUR, START + opened * HOUR), 1, said))
    first = START + opened * HOUR
    return Story("online", "", first, first, done=tuple(sorted(done, key=lambda one: (one.at, one.id))))


STORIES = st.lists(st.tuples(st.integers(0, 30 * 24), st.lists(DEED, max_size=14)), min_size=1, max_size=6).map(
    lambda rows: [story_of(*row) for row in rows]
)


@settings(deadline=None, max_examples=60)
@given(STORIES, st.integers(0, 70 * 24))
def test_the_walk_says_what_the_desks_own_rule_says_at_any_instant(stories: list[Story], hour: int) -> None:
    at = START + hour * HOUR
    for number, story in enumerate(stories):
        stand = track(Case(str(number), "", "", story)).at(at)
        assert (stand.queue if stand else "") == desk.queue_of(story=story, at=at)
        if stand is not None and stand.queue:
            assert stand.level == desk.as_known(story=story, at=at).level


@settings(deadline=None, max_examples=60)
@given(STORIES, st.integers(0, 60), st.integers(1, 60))
def test_opening_and_what_came_in_less_what_went_out_is_what_is_there(stories: list[Story], first: int, days: int) -> None:
    facts = Facts(cases=tuple(Case(str(number), f"child {number}", "", story) for number, story in enumerate(stories)))
    period = Period(START + timedelta(days=first), START + timedelta(days=first + days))
    drawn = draw(facts, Ask(period, START + timedelta(days=200), M6))
    assert balances(drawn)
    found = {one.measure.line: one.measure.numerator for one in drawn}
    assert found["open"] == sum(found[f"queue {name}"] or 0 for name in desk.QUEUES)
    assert found["open"] == sum(found[f"open {name or 'not graded'}"] or 0 for name in (*M6.own["class_hours"], ""))


def test_the_snapshot_is_at_six_by_londons_clock_also_in_summer() -> None:
    ask = Ask(Period(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 31, 23, tzinfo=UTC)), datetime(2026, 6, 1, tzinfo=UTC), M6)
    assert snapshots(ask) == (datetime(2026, 3, 1, 6, tzinfo=UTC), datetime(2026, 4, 1, 5, tzinfo=UTC))


def test_littles_law_holds_over_a_steady_time() -> None:
    cases: list[Any] = []
    for number in range(200):  # one every half day, each for ten days
        at = number * 12
        deeds = [("graded", at, 0), ("no_further_action", at + 240, 0), ("online_case_closed", at + 240, 0)]
        cases.append(track(Case(str(number), "", "", story_of(at, deeds))))
    mean, expected = littles_law(cases, since=START + timedelta(days=20), until=START + timedelta(days=80))
    assert abs(mean - 20) < 0.5
    assert abs(mean - expected) / mean < 0.05


def test_where_as_much_is_open_at_the_end_littles_law_stands_beside_the_count() -> None:
    cases: list[Case] = []
    for number in range(400):
        at = number * 12
        deeds = [("graded", at, 0), ("no_further_action", at + 240, 0), ("online_case_closed", at + 240, 0)]
        cases.append(Case(str(number), f"child {number}", "", story_of(at, deeds)))
    steady = Period(START + timedelta(days=20), START + timedelta(days=80))
    (found,) = draw(Facts(cases=tuple(cases)), Ask(steady, START + timedelta(days=200), M6, "open"))
    (said,) = [str(note) for note in found.measure.caveats if note.code == "littles_law"]
    assert "were open on average" in said and "They part" not in said
    growing = Period(START, START + timedelta(days=15))
    (early,) = draw(Facts(cases=tuple(cases)), Ask(growing, START + timedelta(days=200), M6, "open"))
    assert not [note for note in early.measure.caveats if note.code == "littles_law"], "the line was still filling"
