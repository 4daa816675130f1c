"""The published years as case files: invented children, and not one step that the desk's rules refuse."""

from __future__ import annotations

import pytest

from lodestar.core.matters.custody.casefile import read
from lodestar.core.matters.custody.check import check
from lodestar.store.playbooks import calendars, clock_rules
from tests.core.matters.custody.years import YEARS, Year, cases


@pytest.mark.parametrize("year", YEARS, ids=lambda year: year.name)
def test_every_step_of_every_case_is_one_that_the_rules_allow(year: Year) -> None:
    found = {case["id"]: check(case=read(case), rules_on=clock_rules, calendars_on=calendars) for case in cases(year)}
    assert len(found) == year.total
    assert {row: checked.refused for row, checked in found.items() if checked.refused} == {}
