"""A named person decides; a risk that nobody can take away is accepted by name and comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lodestar.core.access.permissions import Permission as P
from lodestar.core.tasking.decide import PROPOSAL, Decision, Reach, decide, risk_gaps
from lodestar.core.words import Allowed, Refusals

NOW = datetime(2026, 6, 4, 8, 0, tzinfo=UTC)
DAY = timedelta(hours=24)
DECIDER = 7
PROPOSED = {1: 10, 2: 11}
REACH = Reach(tasks=frozenset({1, 2, 3}), people=frozenset({10, 11, 12, DECIDER}))


def decided(
    wanted: dict[int, int], *, reason: str = "", own: frozenset[int] = frozenset(), refused: bool = False
) -> Allowed[Decision] | Refusals:
    return decide(proposed=PROPOSED, wanted=wanted, reach=REACH, decider=DECIDER, holds_matter_of=own, reason=reason, refused=refused)


def codes(verdict: object) -> list[str]:
    assert isinstance(verdict, tuple)
    return [refusal.code for refusal in verdict]


def test_taking_the_lines_as_they_are_is_accepting_and_owes_no_reason() -> None:
    assert decided(PROPOSED) == Allowed(Decision("accept", ((1, 10), (2, 11))))


@pytest.mark.parametrize("wanted", [{1: 12, 2: 11}, {1: 10}, {1: 10, 2: 11, 3: 12}, {}])
def test_any_other_line_is_amending_and_owes_a_reason(wanted: dict[int, int]) -> None:
    assert codes(decided(wanted)) == ["tasking.reason_owed"]
    assert codes(decided(wanted, reason="  ")) == ["tasking.reason_owed"]
    verdict = decided(wanted, reason="PC 10 is on the way to court")
    assert isinstance(verdict, Allowed) and verdict.step.verb == "amend"


def test_refusing_the_whole_owes_a_reason() -> None:
    assert codes(decided({}, refused=True)) == ["tasking.reason_owed"]
    assert decided({}, refused=True, reason="The high-risk child has just been found") == Allowed(Decision("refuse", ()))


def test_nobody_gives_themselves_work_on_their_own_case_whatever_the_reason() -> None:
    verdict = decided({1: DECIDER, 2: 11}, own=frozenset({1}), reason="I know the child")
    assert codes(verdict) == ["tasking.own_case"]
    assert isinstance(decided({1: DECIDER, 2: 11}, own=frozenset({2}), reason="They are free"), Allowed)


def test_a_decision_speaks_only_of_the_tasks_and_people_of_its_proposal() -> None:
    assert codes(decided({**PROPOSED, 99: 10}, reason="why not")) == ["tasking.not_in_proposal"]
    assert codes(decided({1: 10, 2: 99}, reason="why not")) == ["tasking.not_on_duty"]


def test_every_refusal_is_given_at_once() -> None:
    assert codes(decided({99: 98, 1: DECIDER}, own=frozenset({1}))) == [
        "tasking.not_in_proposal", "tasking.not_on_duty", "tasking.own_case", "tasking.reason_owed",
    ]  # fmt: skip


def test_a_proposal_is_decided_once_and_only_by_those_who_may() -> None:
    assert PROPOSAL.unreachable() == frozenset()
    for state in PROPOSAL.final:
        assert PROPOSAL.verbs(state=state) == ()
    verdict = PROPOSAL.step(state="proposed", verb="accept", permissions={P.TASKING_PROPOSE})
    assert codes(verdict) == ["proposal.not_permitted"]
    assert isinstance(PROPOSAL.step(state="proposed", verb="accept", permissions={P.TASKING_DECIDE}), Allowed)


def test_each_way_a_proposal_ends_has_its_own_word_in_the_audit() -> None:
    assert {row.verb: row.audit for row in PROPOSAL.rows} == {
        "accept": "tasking.accepted", "amend": "tasking.amended", "refuse": "tasking.refused", "lapse": "tasking.lapsed",
    }  # fmt: skip
    assert {row.verb for row in PROPOSAL.rows if row.reason_owed} == {"amend", "refuse"}


@pytest.mark.parametrize(
    ("reason", "expires_at", "wanted"),
    [
        ("The dog unit comes on at two", NOW + DAY, []),
        (" ", NOW + DAY, ["risk.reason"]),
        ("why", None, ["risk.expiry"]),
        ("why", NOW, ["risk.expiry"]),
        ("why", NOW + DAY + timedelta(minutes=1), ["risk.too_long"]),
        ("", NOW - DAY, ["risk.reason", "risk.expiry"]),
    ],
)
def test_a_risk_is_accepted_with_a_reason_and_a_time_to_come_back(reason: str, expires_at: datetime | None, wanted: list[str]) -> None:
    assert codes(risk_gaps(reason=reason, expires_at=expires_at, longest=DAY, now=NOW)) == wanted


def test_the_longest_a_risk_may_stand_is_said_in_words() -> None:
    (refusal,) = risk_gaps(reason="why", expires_at=NOW + DAY, longest=timedelta(hours=8), now=NOW)
    assert refusal.sentence == "A risk is accepted for 8 hours at most. Set an earlier time."
