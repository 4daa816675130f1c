"""Deciding a proposal: by name, line by line, with reasons, never on one's own case, two people where the tier asks for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.access.permissions import Permission as P
from lodestar.core.tasking.decide import PROPOSAL, Decision, Line, decide, ranks_with, risk_gaps, second
from lodestar.core.tasking.formula import RANKS
from lodestar.core.words import Allowed, Refusal

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TASK, OTHER = 1, 2
ROWAN, HOLLY, HAZEL = 11, 12, 13
PEOPLE = frozenset({ROWAN, HOLLY, HAZEL})
LINES = {TASK: Line(proposed=(ROWAN,)), OTHER: Line(proposed=(ROWAN, HOLLY), size=2)}
AS_PROPOSED = {TASK: (ROWAN,), OTHER: (ROWAN, HOLLY)}


def decided(wanted: dict, *, lines: dict = LINES, reason: str = "", refused: bool = False, decider: int = HAZEL):
    return decide(lines=lines, wanted=wanted, people=PEOPLE, decider=decider, reason=reason, refused=refused)


def codes(verdict: object) -> list[str]:
    assert isinstance(verdict, tuple), verdict
    return [one.code for one in verdict if isinstance(one, Refusal)]


def made(verdict: object) -> Decision:
    assert isinstance(verdict, Allowed), verdict
    return verdict.step


def test_taking_the_lines_as_they_are_is_accepting() -> None:
    assert made(decided(AS_PROPOSED)) == Decision("accept", ((TASK, (ROWAN,)), (OTHER, (ROWAN, HOLLY))))


@pytest.mark.parametrize("wanted", [{TASK: (HOLLY,), OTHER: (ROWAN, HOLLY)}, {TASK: (ROWAN,)}, {TASK: (ROWAN,), OTHER: (HOLLY, ROWAN)}])
def test_any_other_line_is_amending_and_owes_a_reason(wanted: dict) -> None:
    assert codes(decided(wanted)) == ["tasking.reason_owed"]
    assert made(decided(wanted, reason="They know the farm")).kind == "amend"


def test_refusing_owes_a_reason_and_gives_out_nothing() -> None:
    assert codes(decided({}, refused=True)) == ["tasking.reason_owed"]
    assert made(decided(AS_PROPOSED, refused=True, reason="The river first")) == Decision("refuse")


def test_nobody_gives_themselves_work_on_a_matter_they_answer_for_alone_or_in_a_crew() -> None:
    own = {TASK: replace(LINES[TASK], own=True), OTHER: replace(LINES[OTHER], own=True)}
    assert codes(decided(AS_PROPOSED, lines=own, decider=ROWAN)) == ["tasking.own_case"]
    assert codes(decided(AS_PROPOSED, lines={**LINES, OTHER: own[OTHER]}, decider=HOLLY)) == ["tasking.own_case"]
    assert made(decided(AS_PROPOSED, lines=own, decider=HAZEL)).kind == "accept"


@pytest.mark.parametrize(
    ("wanted", "lines", "code"),
    [
        ({9: (ROWAN,)}, LINES, "tasking.not_in_proposal"),
        ({TASK: (99,), OTHER: (ROWAN, HOLLY)}, LINES, "tasking.not_on_duty"),
        ({TASK: (ROWAN,), OTHER: (HOLLY, HOLLY)}, LINES, "tasking.twice"),
        ({TASK: (ROWAN,), OTHER: (HOLLY,)}, LINES, "tasking.crew"),
        (AS_PROPOSED, {**LINES, TASK: Line((ROWAN,), barred=frozenset({ROWAN}))}, "tasking.conflict"),
    ],
)
def test_what_the_proposal_cannot_carry_is_refused_by_name(wanted: dict, lines: dict, code: str) -> None:
    assert codes(decided(wanted, lines=lines, reason="Why not")) == [code]


def test_work_that_is_with_the_very_same_people_is_not_given_out_again() -> None:
    lines = {TASK: Line((ROWAN,), issued=(ROWAN,)), OTHER: Line((), issued=(ROWAN, HOLLY), size=2)}
    assert made(decided({TASK: (ROWAN,), OTHER: ()}, lines=lines)) == Decision("accept", ((OTHER, ()),))


@pytest.mark.parametrize(
    ("free", "here", "owed"),
    [
        pytest.param(1, PEOPLE, True, id="more than the formula leaves free"),
        pytest.param(2, PEOPLE, False, id="no more than it leaves free"),
        pytest.param(1, frozenset({ROWAN, HAZEL}), False, id="from somebody who is not here, as they must"),
    ],
)
def test_taking_issued_work_back_from_people_who_are_here_owes_a_reason(free: int, here: frozenset, owed: bool) -> None:
    lines = {TASK: Line((HAZEL,), issued=(ROWAN,)), OTHER: Line((), issued=(HOLLY,)), 3: Line((ROWAN,))}
    asked = {"lines": lines, "wanted": {TASK: (HAZEL,), OTHER: (), 3: (ROWAN,)}, "people": here, "decider": 99, "free_moves": free}
    verdict = decide(**asked, reason="")
    assert codes(verdict) == ["tasking.reason_owed"] if owed else made(verdict).kind == "accept"
    assert made(decide(**asked, reason="A child is in the river")).kind == "accept"


def test_work_of_a_tier_that_needs_two_waits_and_the_rest_goes_out() -> None:
    lines = {TASK: replace(LINES[TASK], needs_second=True), OTHER: LINES[OTHER]}
    decision = made(decided(AS_PROPOSED, lines=lines))
    assert (decision.verb, decision.now, decision.waiting) == ("ask_second", ((OTHER, (ROWAN, HOLLY)),), ((TASK, (ROWAN,)),))


def test_taking_work_back_in_a_tier_of_two_needs_no_second() -> None:
    lines = {TASK: Line((), issued=(ROWAN,), needs_second=True)}
    assert made(decided({TASK: ()}, lines=lines)).waiting == ()


crews = st.lists(st.sampled_from(sorted(PEOPLE)), max_size=2).map(tuple)


@given(
    wanted=st.fixed_dictionaries({TASK: crews, OTHER: crews}),
    second_for=st.sets(st.sampled_from([TASK, OTHER])),
    decider=st.sampled_from(sorted(PEOPLE)),
)
def test_whatever_is_chosen_nothing_goes_out_that_breaks_a_rule(wanted: dict, second_for: set, decider: int) -> None:
    lines = {task: replace(line, own=True, needs_second=task in second_for) for task, line in LINES.items()}
    verdict = decided(wanted, lines=lines, reason="Because", decider=decider)
    if not isinstance(verdict, Allowed):
        return
    decision = verdict.step
    out = dict(decision.now)
    assert not any(decider in crew for crew in wanted.values())
    assert not any(task in second_for and crew for task, crew in out.items())
    assert all(len(set(crew)) == len(crew) in (0, lines[task].size) for task, crew in wanted.items())
    assert {*out, *dict(decision.waiting)} == {task for task in wanted if wanted[task] != lines[task].issued}


@pytest.mark.parametrize(
    ("seconder", "own", "verb", "reason", "expected"),
    [
        (HOLLY, False, "second", "", []),
        (HAZEL, False, "second", "", ["tasking.same_person"]),
        (HOLLY, True, "second", "", ["tasking.own_case"]),
        (HOLLY, False, "withhold", " ", ["tasking.reason_owed"]),
        (HOLLY, False, "withhold", "She is found", []),
    ],
)
def test_the_second_is_another_person_and_says_why_they_withhold(seconder: int, own: bool, verb: str, reason: str, expected: list) -> None:
    assert [one.code for one in second(decider=HAZEL, seconder=seconder, own=own, verb=verb, reason=reason)] == expected


verbs = st.lists(st.sampled_from(["accept", "amend", "refuse", "lapse", "ask_second", "second", "withhold"]), max_size=8)


@given(verbs)
def test_no_history_ends_twice(history: list[str]) -> None:
    state, ended = "proposed", False
    for verb in history:
        verdict = PROPOSAL.step(state=state, verb=verb, permissions=frozenset(P), reason="Because")
        if isinstance(verdict, Allowed):
            assert not ended
            state = verdict.step.target
            ended = state in PROPOSAL.final


def risk(**changes: object) -> list[str]:
    given_ = {
        "free": True,
        "reason": "Nobody is free",
        "expires_at": NOW + timedelta(hours=2),
        "longest": timedelta(hours=4),
        "rank": "Inspector",
        "owed": "Inspector",
    }
    return [gap.code for gap in risk_gaps(**{**given_, **changes}, now=NOW)]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"rank": "Superintendent"}, []),
        ({"rank": "Detective Inspector"}, []),
        ({"rank": "Sergeant"}, ["risk.rank"]),
        ({"rank": ""}, ["risk.rank"]),
        ({"free": False, "rank": ""}, ["risk.somebody"]),
        ({"reason": " "}, ["risk.reason"]),
        ({"expires_at": None}, ["risk.expiry"]),
        ({"expires_at": NOW}, ["risk.expiry"]),
        ({"expires_at": NOW + timedelta(hours=5)}, ["risk.too_long"]),
    ],
)
def test_a_risk_is_accepted_by_rank_with_a_reason_until_a_time(changes: dict, expected: list) -> None:
    assert risk(**changes) == expected


@given(st.sampled_from(RANKS), st.sampled_from(RANKS))
def test_a_higher_rank_may_do_what_a_lower_one_may(rank: str, owed: str) -> None:
    assert ranks_with(rank=rank, owed=owed) == (RANKS.index(rank) >= RANKS.index(owed))
