"""Which matters another force can take, and until when."""

from __future__ import annotations

from lodestar.core.matters.custody.lifecycle import CUSTODY
from lodestar.core.matters.exploitation.lifecycle import EXPLOITATION, LIVE
from lodestar.core.matters.kinds import DESKS, is_open
from lodestar.core.matters.online.lifecycle import BEFORE_CONTACT, ONLINE


def test_an_online_case_can_be_passed_until_the_suspect_is_met() -> None:
    assert tuple(state for state in ONLINE.states if ONLINE.row(state=state, verb="transfer")) == BEFORE_CONTACT


def test_an_exploitation_record_can_be_passed_while_it_is_open() -> None:
    assert {state for state in EXPLOITATION.states if EXPLOITATION.row(state=state, verb="transfer")} == set(LIVE)


def test_a_child_in_a_cell_is_never_passed_on_by_paper() -> None:
    assert all(row.verb != "transfer" for row in CUSTODY.rows)


def test_what_was_passed_on_is_open_no_more_and_nothing_leads_out_of_it() -> None:
    assert not is_open(state="transferred")
    for desk in DESKS.values():
        assert desk.lifecycle.verbs(state="transferred") == ()
