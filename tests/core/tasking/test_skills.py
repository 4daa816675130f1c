"""A skill is held on a day: an accreditation counts to the end of its last day, and only what work asks for can be held."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lodestar.core.tasking.skills import described_gaps, held

LAST = date(2027, 3, 31)


@pytest.mark.parametrize(("days", "expected"), [(-1, ("search", "cctv")), (0, ("search", "cctv")), (1, ("cctv",))])
def test_an_accreditation_counts_to_the_end_of_its_last_day(days: int, expected: tuple[str, ...]) -> None:
    assert held(skills=["search", "cctv"], until={"search": LAST.isoformat()}, on=LAST + timedelta(days=days)) == expected


@pytest.mark.parametrize("rank", ["", "Constable", "Detective Sergeant", "Temporary Detective Chief Inspector", "Police staff"])
def test_a_rank_there_is_is_taken(rank: str) -> None:
    assert described_gaps(rank=rank, skills=(), known=()) == ()


def test_a_rank_or_skill_there_is_not_is_refused_by_name() -> None:
    gaps = described_gaps(rank="Boss", skills=("search", "juggling"), known=("search",))
    assert [gap.code for gap in gaps] == ["staff.rank", "staff.skill"]
    assert "juggling" in gaps[1].sentence
