"""The life of a version of the formula: no way into force but through a shadow run and another person's approval."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.access.permissions import Permission as P
from lodestar.core.tasking.versions import FORMULA, approve_gaps, differences, draft_gaps, standings
from lodestar.core.words import Allowed

TODAY = date(2026, 3, 2)
EVERYBODY = frozenset(P)


def codes(gaps: tuple) -> list[str]:
    return [gap.code for gap in gaps]


@given(st.lists(st.sampled_from(["ask_shadow", "shadow", "approve", "drop"]), max_size=12))
def test_no_history_brings_a_version_into_force_without_a_shadow_run(verbs: list[str]) -> None:
    state, shadowed = "drafted", False
    for verb in verbs:
        verdict = FORMULA.step(state=state, verb=verb, permissions=EVERYBODY, reason="Because")
        if not isinstance(verdict, Allowed):
            continue
        state = verdict.step.target
        shadowed = shadowed or verb == "shadow"
        assert state != "approved" or shadowed


def test_a_draft_says_why_can_be_followed_and_changes_something() -> None:
    assert draft_gaps(reason="Fewer journeys", faults=(), same_as=None) == ()
    assert codes(draft_gaps(reason=" ", faults=("it lacks tiers",), same_as=2)) == ["formula.fault", "formula.reason", "formula.same"]


@pytest.mark.parametrize(
    ("approver", "day", "expected"),
    [
        (2, TODAY + timedelta(days=1), []),
        (1, TODAY + timedelta(days=1), ["formula.same_person"]),
        (2, TODAY, ["formula.from"]),
        (2, None, ["formula.from"]),
        (2, TODAY + timedelta(days=7), ["formula.taken"]),
    ],
)
def test_it_is_approved_by_somebody_else_from_a_day_to_come_that_is_free(approver: int, day: date | None, expected: list[str]) -> None:
    gaps = approve_gaps(drafted_by=1, approver=approver, in_force_from=day, today=TODAY, taken={TODAY + timedelta(days=7)})
    assert codes(gaps) == expected


def test_a_version_is_to_come_in_force_or_superseded_by_the_next_or_by_a_later_playbook() -> None:
    begins = {1: date(2026, 1, 5), 2: date(2026, 2, 1), 3: date(2026, 4, 1)}
    first = "superseded on 1 February 2026"
    assert standings(begins=begins, others={date(2020, 1, 1)}, today=TODAY) == {
        1: first,
        2: "in force",
        3: "approved, in force from 1 April 2026",
    }
    assert standings(begins=begins, others={date(2026, 3, 1)}, today=TODAY)[2] == "superseded on 1 March 2026"
    assert standings(begins=begins, others=(), today=date(2026, 4, 1))[2] == "superseded on 1 April 2026"


def test_what_a_version_changes_is_said_place_by_place() -> None:
    old = {"tiers": {"life": {"decay": 0.9}}, "crews": {"search": [["a"], []]}}
    new = {"tiers": {"life": {"decay": 0.8}}, "crews": {"search": [["a"], ["a", "b"]]}, "note": "new"}
    assert differences(old=old, new=new) == (
        ("crews.search", "a, anybody", "a, a and b"),
        ("note", "", "new"),
        ("tiers.life.decay", "0.9", "0.8"),
    )
    assert differences(old=old, new=old) == ()
