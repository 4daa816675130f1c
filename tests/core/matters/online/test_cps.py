"""The time to a decision by the CPS is one clock over every resubmission."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.matters.desk import Done
from lodestar.core.matters.online.cps import CODES, actions_open, runs, with_whom
from tests.core.matters.online.examples import AT, told
from tests.core.matters.online.replay import SERGEANT, at_cps

HOUR = timedelta(hours=1)


def test_sending_a_file_back_and_again_does_not_start_the_clock_again() -> None:
    case = at_cps()
    first = case.now
    case.must("cps_rejected", after=10 * HOUR)
    case.must("cps_resubmitted", after=30 * HOUR)
    case.must("cps_decided", decision="no_further_action", after=5 * HOUR)
    found = runs(story=case.story, now=case.now + 100 * HOUR)
    assert [(run.submitted_at, run.took, run.with_cps, run.with_police, run.rounds) for run in found] == [
        (first, 45 * HOUR, 15 * HOUR, 30 * HOUR, 2)
    ]
    assert [started.at for _, started in case.started if started.event == "cps_first_submitted"] == [first]


def test_a_submission_after_a_decision_is_a_new_run_with_its_own_clock() -> None:
    case = at_cps()
    case.must("cps_decided", decision="no_further_action")
    case.must("cps_resubmitted")
    assert len(runs(story=case.story, now=case.now)) == 2
    assert len([1 for _, started in case.started if started.event == "cps_first_submitted"]) == 2


@given(st.lists(st.tuples(st.sampled_from(CODES), st.integers(0, 500)), max_size=12), st.integers(0, 600))
def test_the_time_with_the_cps_and_with_the_police_is_all_the_time_there_is(rows: list[tuple[str, int]], until: int) -> None:
    done = sorted((Done(number, code, AT + hour * HOUR, AT + hour * HOUR, 1) for number, (code, hour) in enumerate(rows)), key=_order)
    now = AT + until * HOUR
    found = runs(story=told(done=tuple(done)), now=now)
    for run in found:
        assert run.took == (run.decided_at or now) - run.submitted_at >= timedelta(0)
        assert run.rounds >= 1
    assert all(earlier.decided_at is not None for earlier in found[:-1])


@given(st.lists(st.sampled_from(("cps_rejected", "cps_resubmitted", "cps_action_set")), max_size=8), st.integers(1, 90))
def test_however_often_it_is_sent_back_the_run_begins_at_the_first_submission(codes: list[str], days: int) -> None:
    rows = [Done(number, code, AT + number * HOUR, AT + number * HOUR, 1) for number, code in enumerate(("cps_submitted", *codes))]
    run = runs(story=told(done=tuple(rows)), now=AT + days * 24 * HOUR)
    assert [(one.submitted_at, one.took) for one in run] == [(AT, days * 24 * HOUR)]


def test_each_action_has_its_own_date_and_stays_open_until_it_is_done() -> None:
    case = at_cps()
    case.must("cps_action_set", action="Statement from the sister")
    case.must("cps_action_set", action="Download of the tablet")
    assert (case.started[-1][1].event, case.started[-1][1].about) == ("cps_action", "deed")
    assert with_whom(story=case.story) == "police"
    case.must("cps_action_done", by=SERGEANT)
    assert [done.said["action"] for done in actions_open(story=case.story)] == ["Statement from the sister"]


def _order(done: Done) -> tuple[object, int]:
    return done.at, done.id
