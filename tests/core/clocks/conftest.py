"""The calendars in force, and rules made for a test from the same reader that reads the files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lodestar.core.clocks.calendars import Calendars
from lodestar.core.clocks.rules import ClockRule, clock_rule
from lodestar.core.playbook import read
from lodestar.store.playbooks import calendars as calendars_on

DAY = date(2026, 6, 4)
RuleMaker = Callable[..., ClockRule]


@pytest.fixture(scope="session")
def calendars() -> Calendars:
    return calendars_on(DAY)


@pytest.fixture(scope="session")
def make_rule() -> RuleMaker:
    def make(calendar: str = "elapsed", **values: Any) -> ClockRule:
        head = {key: values.pop(key) for key in ("ladder", "warn", "repeats", "applies") if key in values}
        table = {
            "code": "TEST",
            "title": "A rule for a test",
            "noun": "clock",
            "applies": {"matter": "missing", "event": "reported"},
            "owed_by": "holder",
            "satisfied_by": "graded",
            "calendar": calendar,
            "warn": [],
            "ladder": [],
            "in_force": [{"from": date(2019, 1, 1), "authority": "Test", "verified": True, **values}],
        }
        return clock_rule(read(table | head), on=DAY)

    return make
