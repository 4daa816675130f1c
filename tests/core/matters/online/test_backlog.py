"""The backlog: five queues, and a stock and flow that balance exactly for any two instants."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.matters.desk import Done, Story
from lodestar.core.matters.online.backlog import QUEUES, flow, lines, queue_of, stock
from lodestar.core.matters.online.follow import receipt
from tests.core.matters.online.examples import AT, link, told
from tests.core.matters.online.replay import SERGEANT, Case, at_cps, graded

MINUTE = timedelta(minutes=1)
CODES = (
    "graded", "case_allocated", "corroboration_recorded", "waiting_began", "waiting_ended", "contact_made", "cps_submitted",
    "cps_rejected", "cps_resubmitted", "cps_decided", "no_further_action", "online_case_closed", "online_case_reopened",
    "online_opened_in_error", "referral_received",
)  # fmt: skip


@st.composite
def any_story(draw: st.DrawFn) -> Story:
    """Deeds of any kind at any instants, whether or not the desk would have let them happen."""
    opened = AT + draw(st.integers(0, 200)) * MINUTE
    rows = draw(st.lists(st.tuples(st.sampled_from(CODES), st.integers(0, 400), st.integers(0, 60)), max_size=14))
    done = []
    for number, (code, minute, late) in enumerate(rows, start=1):
        at = opened + minute * MINUTE
        said = {"wait": str(draw(st.integers(1, 14))), "decision": draw(st.sampled_from(("charge", "no_further_action"))), "level": "low"}
        done.append(Done(number, code, at, at + late * MINUTE, 1, said))
    closed = draw(st.none() | st.integers(0, 500).map(lambda minute: opened + minute * MINUTE))
    return told(opened_at=opened, reported_at=opened, done=tuple(sorted(done, key=lambda one: (one.at, one.id))), closed_at=closed)


instants = st.integers(-60, 800).map(lambda minute: AT + minute * MINUTE)


@given(st.lists(any_story(), max_size=5), instants, instants)
def test_what_was_there_and_came_in_less_what_went_out_is_what_is_there(stories: list[Story], one: datetime, other: datetime) -> None:
    since, until = sorted((one, other))
    found = flow(stories=stories, since=since, until=until)
    opening, closing = (sum(1 for story in stories if queue_of(story=story, at=at)) for at in (since, until))
    assert sum(found.opening.values()) == opening
    assert sum(found.closing.values()) == closing
    assert opening + sum(found.came_in.values()) - sum(found.went_out.values()) == closing
    assert found.balances


@given(st.lists(any_story(), max_size=4), instants, instants, instants)
def test_two_stretches_end_to_end_say_what_the_whole_says(stories: list[Story], one: datetime, other: datetime, third: datetime) -> None:
    first, middle, last = sorted((one, other, third))
    parts = [flow(stories=stories, since=since, until=until) for since, until in ((first, middle), (middle, last))]
    whole = flow(stories=stories, since=first, until=last)
    for name in ("came_in", "went_out"):
        assert sum(sum(getattr(part, name).values()) for part in parts) == sum(getattr(whole, name).values())


@given(any_story(), instants)
def test_a_case_is_in_one_queue_or_in_none(story: Story, at: datetime) -> None:
    assert queue_of(story=story, at=at) in (*QUEUES, "")
    assert sum(stock(stories=[story], at=at).values()) <= 1


@given(any_story(), instants, st.integers(1, 300))
def test_what_is_recorded_later_changes_no_earlier_count(story: Story, at: datetime, minutes: int) -> None:
    late = Done(99, "graded", AT, at + minutes * MINUTE, 1, {"level": "high"})
    more = replace(story, done=tuple(sorted((*story.done, late), key=lambda one: (one.at, one.id))))
    assert queue_of(story=more, at=at) == queue_of(story=story, at=at)


def test_a_case_goes_through_the_queues_as_it_is_worked() -> None:
    case = Case()
    case.must("referral_received", after=timedelta(0))
    seen = [queue_of(story=case.story, at=case.now - MINUTE), queue_of(story=case.story, at=case.now)]
    case.must("kirat_recorded", band="high")
    assert case.grade("high") == ()
    seen.append(queue_of(story=case.story, at=case.now))
    case.must("case_allocated", by=SERGEANT)
    seen.append(queue_of(story=case.story, at=case.now))
    case.must("corroboration_recorded")
    seen.append(queue_of(story=case.story, at=case.now))
    case.must("waiting_began")
    seen.append(queue_of(story=case.story, at=case.now))
    case.must("waiting_ended")
    seen.append(queue_of(story=case.story, at=case.now))
    case.must("no_further_action", by=SERGEANT)
    case.story = replace(case.story, closed_at=case.now)
    seen.append(queue_of(story=case.story, at=case.now))
    assert seen == ["", "unassessed", "unallocated", "not_started", "in_progress", "waiting", "in_progress", ""]


def test_a_file_with_the_cps_is_waited_for_and_one_sent_back_is_not() -> None:
    case = at_cps()
    case.must("case_allocated", by=SERGEANT)
    assert queue_of(story=case.story, at=case.now) == "waiting"
    assert lines(stories=[case.story], at=case.now)[0].waits_for == "cps"
    case.must("cps_rejected")
    assert queue_of(story=case.story, at=case.now) != "waiting"


def test_the_highest_risk_to_a_child_comes_first_and_age_counts_from_receipt() -> None:
    def graded_story(level: str, days: int, **changes: object) -> Story:
        at = AT - timedelta(days=days)
        done = (Done(1, "graded", at, at, 1, {"level": level}),) if level else ()
        return told(reported_at=at, opened_at=at, done=done, **changes)

    alarm = replace(graded_story("low", 1), done=(*graded_story("low", 1).done, Done(2, "immediate_risk_raised", AT, AT, 1, {})))
    undecided = graded_story("low", 2, involved=(link(7, from_at=AT - timedelta(days=1)),))
    young, old, unknown = graded_story("high", 3), graded_story("high", 9), graded_story("", 1)
    found = lines(stories=[young, old, undecided, unknown, alarm], at=AT)
    assert [line.since_receipt.days for line in found] == [1, 2, 1, 9, 3]
    assert [(line.immediate_risk, line.child_undecided, line.level) for line in found][:3] == [
        (True, False, "low"),
        (False, True, "low"),
        (False, False, ""),
    ]


@pytest.mark.parametrize("earlier", [timedelta(hours=1), timedelta(days=40)])
def test_a_package_that_lay_unopened_is_as_old_as_its_receipt(earlier: timedelta) -> None:
    case = Case()
    case.must(
        "referral_received", received_at=(AT - earlier).isoformat(), disseminated_at=(AT - 2 * earlier).isoformat(), after=timedelta(0)
    )
    assert receipt(story=case.story) == AT - earlier
    assert lines(stories=[case.story], at=AT)[0].since_receipt == earlier
    assert [started.at for _, started in case.started if started.event == "received"] == [AT - earlier]


def test_a_graded_case_with_an_undecided_child_shows_so() -> None:
    line = lines(stories=[(case := graded()).story], at=case.now)[0]
    assert (line.child_linked, line.child_undecided, line.level) == (True, True, "medium")
