"""Every acceptance vector, put to the rules themselves."""

from __future__ import annotations

from datetime import datetime

import pytest

from lodestar.core.matters.custody.casefile import read
from lodestar.core.matters.custody.check import check
from lodestar.store.playbooks import calendars, clock_rules
from tests.core.matters.custody.vectors import VECTORS, Vector


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_the_rules_say_of_the_case_what_the_law_does(vector: Vector) -> None:
    found = check(case=read(vector.case), rules_on=clock_rules, calendars_on=calendars)
    assert found.state == vector.state
    assert {one.refusal.code for one in found.refused} == set(vector.refused)
    assert set(found.outcomes) == set(vector.outcomes)
    due = {clock.rule.code: clock.due_at for clock in found.owed}
    assert {code: due.get(code) for code in vector.due} == {code: datetime.fromisoformat(at) for code, at in vector.due.items()}
    for one in found.refused:
        assert one.refusal.sentence.endswith(".") and one.refusal.authority


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_no_allowed_step_is_also_blocked_and_asking_twice_gives_the_same(vector: Vector) -> None:
    found = check(case=read(vector.case), rules_on=clock_rules, calendars_on=calendars)
    assert not {step.code for step in found.allowed} & {step.code for step in found.blocked}
    assert found == check(case=read(vector.case), rules_on=clock_rules, calendars_on=calendars)
