"""The spans of the scrutiny meetings are the force's own word: until the force says when each meets, they carry the mark."""

from __future__ import annotations

from datetime import date

import pytest

from lodestar.core.clocks.rules import clock_rule
from lodestar.store.playbooks import playbook

DAY = date(2026, 6, 4)


@pytest.mark.parametrize(
    ("code", "word"), [("CUS-DAILY-MEETING", "daily"), ("CUS-TACTICAL-MEETING", "fortnightly"), ("CUS-BOARD", "quarter")]
)
def test_a_meetings_span_that_no_law_gives_is_marked_unverified_and_says_why(code: str, word: str) -> None:
    block = playbook(code).in_force(DAY)
    assert (block.verified, clock_rule(playbook(code), on=DAY).verified) == (False, False)
    assert word in block.note and "local" in block.note
    assert "The force's reply to inspectors" in block.authority
