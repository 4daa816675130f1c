"""Which model weighs: activations in their order, and steps back that bring nothing back by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.identity.governing import Turn, activate_gaps, approve_gaps, propose_gaps, roll_back_gaps, weighing
from lodestar.core.identity.judging import Judged, calibration

AT = datetime(2026, 6, 4, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
PASSED = {"demands": [{"demand": "precision", "met": True, "measured": "0.9991"}]}
FAILED = {"demands": [{"demand": "twins joined", "met": False, "measured": "2"}]}


def on(model: int, hours: int = 0) -> Turn:
    return Turn(model, AT + hours * HOUR, "activated")


def back(hours: int = 0) -> Turn:
    return Turn(0, AT + hours * HOUR, "rolled_back")


def models(*turns: Turn, hours: int = 9) -> list[int]:
    return [turn.model for turn in weighing(turns, at=AT + hours * HOUR)]


def test_the_last_activation_whose_time_has_come_weighs_and_each_step_back_is_one_step() -> None:
    assert models() == []
    assert models(on(1), on(2, 1)) == [1, 2]
    assert models(on(1), on(2, 20)) == [1]
    assert models(on(1), on(2, 1), back(2)) == [1]
    assert models(on(1), on(2, 1), back(2), back(3)) == []
    assert models(on(1), on(2, 1), back(2), on(3, 4)) == [1, 3]


def test_going_back_takes_away_what_was_set_for_later_and_says_nothing_of_the_past() -> None:
    turns = (on(1), on(2, 8), back(3))
    assert models(*turns) == []
    assert models(*turns, hours=1) == [1]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=12))
def test_no_model_that_was_gone_back_from_comes_again_by_itself(steps: list[tuple[bool, int]]) -> None:
    turns = [on(number, hours) if forward else back(hours) for number, (forward, hours) in enumerate(steps, start=1)]
    held = models(*turns, back(6))
    assert held == models(*turns, hours=6)[:-1]
    assert models(*turns, back(6), hours=99) == held


def test_a_model_is_put_forward_with_a_reason_a_passed_gate_and_something_new() -> None:
    assert propose_gaps(reason="Better", faults=(), gate=PASSED, same_as=None) == ()
    refused = propose_gaps(reason=" ", faults=("no prior",), gate=FAILED, same_as=3)
    assert [one.code for one in refused] == ["identity.fault", "identity.reason", "identity.same", "identity.gate"]
    assert "twins joined (2)" in refused[-1].sentence


def test_two_other_people_agree_and_each_once() -> None:
    assert approve_gaps(proposed_by=1, approved_by=(), approver=2) == ()
    assert [one.code for one in approve_gaps(proposed_by=1, approved_by=(), approver=1)] == ["identity.same_person"]
    assert [one.code for one in approve_gaps(proposed_by=1, approved_by=(2,), approver=2)] == ["identity.agreed_already"]


def test_it_is_activated_once_approved_from_now_or_later_and_gone_back_from_with_a_reason() -> None:
    assert activate_gaps(state="approved", from_at=AT, now=AT, reason="Agreed") == ()
    refused = activate_gaps(state="agreed_once", from_at=AT - HOUR, now=AT, reason="")
    assert [one.code for one in refused] == ["identity.not_approved", "identity.from", "identity.reason"]
    assert [one.code for one in roll_back_gaps(before=False, reason="")] == ["identity.nothing_before", "identity.reason"]


def test_calibration_counts_every_pair_in_the_band_of_its_chance() -> None:
    rows = calibration([Judged(20.0, True), Judged(20.0, False, stopped=True), Judged(1.0, True), Judged(-3.0, False)])
    assert [(row.from_chance, row.pairs, row.right) for row in rows] == [(0.5, 1, 1), (0.9, 0, 0), (0.99, 0, 0), (0.999, 2, 1)]
