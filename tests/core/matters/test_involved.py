"""Who and what a matter concerns: what must be said, how one thing stays one, and a child shown first as a child."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.matters.exploitation.desk import ROLES
from lodestar.core.matters.involved import (
    GRADINGS,
    Statement,
    child_first_gaps,
    end_gaps,
    key_of,
    role_gaps,
    shown_as,
    thing_gaps,
)

AT = datetime(2026, 6, 4, 9, tzinfo=UTC)
SAID = Statement("fact", "PC Ashby, who saw it", "1A")
NONE: frozenset[str] = frozenset()


def gaps(role: str = "witness", *, statement: Statement = SAID, already: frozenset[str] = NONE, from_at: datetime = AT) -> list[str]:
    found = role_gaps(role=role, roles=ROLES, statement=statement, from_at=from_at, already=already, now=AT)
    return [one.code for one in found]


def test_a_role_needs_its_nature_its_source_and_a_grading_from_the_list() -> None:
    assert gaps() == []
    assert gaps(statement=Statement("rumour", " ", "9Z")) == ["involved.nature", "involved.source", "involved.grading"]
    assert len(GRADINGS) == 15


def test_a_role_is_one_of_the_desks_held_once_and_not_from_a_time_ahead() -> None:
    assert gaps("wizard") == ["involved.role"]
    assert gaps(already=frozenset({"witness"})) == ["involved.already"]
    assert gaps(from_at=AT + timedelta(hours=1)) == ["involved.future"]


def test_a_role_ends_once_with_a_reason() -> None:
    assert end_gaps(ended=False, reason="Mistaken for his brother") == ()
    assert [one.code for one in end_gaps(ended=False, reason="")] == ["involved.reason"]
    assert [one.code for one in end_gaps(ended=True, reason="Again")] == ["involved.ended"]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("phone", "07700 900123", "+44 7700 900123"),
        ("vehicle", "ab12 cde", "AB12-CDE"),
        ("handle", "@Tern_Street ", "tern_street"),
        ("place", "12, Tern Street, CB1 1AA", "12 tern street cb11aa"),
    ],
)
def test_one_thing_written_two_ways_is_one_thing(kind: str, one: str, other: str) -> None:
    assert key_of(kind=kind, value=one) == key_of(kind=kind, value=other) != ""


def test_two_houses_in_one_postcode_are_two_places() -> None:
    assert key_of(kind="place", value="12 Tern Street CB1 1AA") != key_of(kind="place", value="14 Tern Street CB1 1AA")


def test_a_thing_needs_a_kind_a_value_and_what_is_said_of_it() -> None:
    assert thing_gaps(kind="vehicle", value="AB12 CDE", said="Seen outside the home", statement=SAID) == ()
    found = thing_gaps(kind="vehicle", value=" - ", said=" ", statement=SAID)
    assert [one.code for one in found] == ["thing.value", "thing.said"]
    assert [one.code for one in thing_gaps(kind="boat", value="x", said="y", statement=SAID)] == ["thing.kind"]


def test_a_child_is_never_recorded_only_as_a_suspect() -> None:
    (refusal,) = child_first_gaps(role="suspect", roles=ROLES, is_child=True, already=NONE)
    assert refusal.code == "involved.child_first" and "child exploited, or thought to be" in refusal.sentence
    assert child_first_gaps(role="suspect", roles=ROLES, is_child=True, already=frozenset({"exploited_child"})) == ()
    assert child_first_gaps(role="suspect", roles=ROLES, is_child=False, already=NONE) == ()


@given(roles=st.sets(st.sampled_from(sorted(ROLES))))
def test_a_child_is_shown_first_as_a_child_and_any_suspicion_last(roles: set[str]) -> None:
    shown = shown_as(roles=roles, words=ROLES, is_child=True)
    assert shown[0] == "Child" and len(shown) == len(roles) + 1
    if "suspect" in roles:
        assert shown[-1] == "Suspect"
    if "exploited_child" in roles:
        assert shown[1] == ROLES["exploited_child"]
