"""The one typed table every lifecycle is, and the tables there are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.duty.handover import HANDOVER
from lodestar.core.lifecycle import Lifecycle, Row
from lodestar.core.matters.kinds import DESKS
from lodestar.core.matters.missing.lifecycle import MISSING
from lodestar.core.matters.transfer import TRANSFER
from lodestar.core.tasking.decide import PROPOSAL
from lodestar.core.tasks.lifecycle import TASK
from lodestar.core.words import Allowed

TABLES = [*(desk.lifecycle for desk in DESKS.values()), TRANSFER, HANDOVER, PROPOSAL, TASK]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_state_can_be_reached(table: Lifecycle) -> None:
    assert table.unreachable() == frozenset()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_final_state_has_no_way_out(table: Lifecycle) -> None:
    assert [state for state in table.final if table.verbs(state=state)] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_other_state_has_a_way_on(table: Lifecycle) -> None:
    assert [state for state in table.states if state not in table.final and not table.verbs(state=state)] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@given(data=st.data())
def test_a_random_walk_never_leaves_the_table(table: Lifecycle, data: st.DataObject) -> None:
    state = table.initial
    everything = {row.who for row in table.rows}
    for _ in range(12):
        verbs = table.verbs(state=state)
        if not verbs:
            assert state in table.final
            return
        verb = data.draw(st.sampled_from(verbs))
        verdict = table.step(state=state, verb=verb, permissions=everything, reason="because")
        assert isinstance(verdict, Allowed)
        state = verdict.step.target
        assert state in table.states


@given(state=st.sampled_from(MISSING.states), verb=st.text(max_size=12))
def test_an_unknown_verb_is_refused_with_what_can_be_done_instead(state: str, verb: str) -> None:
    table = MISSING
    verdict = table.step(state=state, verb=verb, permissions={row.who for row in table.rows}, reason="x")
    if verb not in table.verbs(state=state):
        assert not isinstance(verdict, Allowed)
        assert verdict[0].code == "missing.no_such_move"


def test_a_move_without_its_permission_is_refused() -> None:
    verdict = MISSING.step(state="returned", verb="close", permissions={"matters.read"})
    assert not isinstance(verdict, Allowed)
    assert [refusal.code for refusal in verdict] == ["missing.not_permitted"]


def test_a_move_that_owes_a_reason_is_refused_without_one() -> None:
    verdict = MISSING.step(state="closed", verb="reopen", permissions={"matters.close"}, reason="  ")
    assert not isinstance(verdict, Allowed)
    assert [refusal.code for refusal in verdict] == ["missing.reason_owed"]


def test_the_same_move_cannot_stand_twice() -> None:
    row = Row("a", "go", "b", "matters.read", "matter.gone")
    with pytest.raises(ValueError, match="stands twice"):
        Lifecycle("double", "a", frozenset({"b"}), (row, row))


def test_a_missing_child_has_no_state_that_means_nothing_is_done() -> None:
    """IOPC West Yorkshire 2020: a "no action" category let a child go unlooked for."""
    assert {"absent", "no_action"}.isdisjoint(MISSING.states)


def test_a_matter_is_closed_only_from_returned() -> None:
    sources = {row.source for row in MISSING.rows if row.target == "closed"}
    assert sources == {"returned"}
