"""What happens asks for another proposal: no event, no proposal; in words, and never about a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lodestar.core.tasking.events import LONGEST, SAYS, UNRESOURCED, Happened, because, reasons, unresourced
from lodestar.core.tasking.formula import RANKS, Tier

SINCE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = SINCE + timedelta(minutes=5)
INSTANTS = some.integers(-600, 900).map(lambda seconds: SINCE + timedelta(seconds=seconds))
EVENTS = some.builds(Happened, some.sampled_from(sorted(SAYS)), INSTANTS, some.integers(1, 99).map("M-{}".format))


def said(*happened: Happened) -> tuple[str, ...]:
    return reasons(happened=happened, since=SINCE, now=NOW)


@given(some.lists(EVENTS, max_size=12))
def test_no_event_no_proposal_and_any_event_is_a_reason(happened: list[Happened]) -> None:
    inside = {one.kind for one in happened if SINCE < one.at <= NOW}
    assert len(said(*happened)) == len(inside)
    assert bool(because(said=said(*happened))) == bool(inside)


@given(some.lists(EVENTS, max_size=12))
def test_what_was_looked_at_asks_for_nothing_again(happened: list[Happened]) -> None:
    assert reasons(happened=happened, since=NOW, now=NOW) == ()


@given(some.lists(EVENTS, max_size=30))
def test_every_reason_fits_what_a_proposal_keeps_and_is_whole(happened: list[Happened]) -> None:
    line = because(said=said(*happened))
    assert len(line) <= LONGEST
    kept = [part for part in line.split("; ") if part and not part.endswith(" more")]
    assert all(any(part == one for one in said(*happened)) for part in kept)


def test_the_words_say_what_happened_and_where_and_name_nobody() -> None:
    assert said(Happened("asked", NOW, "M-12")) == ("work of the first tier was asked for on M-12",)
    assert said(Happened("gone", NOW)) == ("somebody with work is not here",)
    many = tuple(Happened("late", NOW, f"M-{number}") for number in (4, 2, 3))
    assert said(*many) == ("work given out is late on M-2, M-3 and 1 more",)


def test_an_event_nobody_has_put_in_words_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody has said what eclipse is"):
        said(Happened("eclipse", NOW))


def test_work_that_only_a_rank_above_inspector_may_leave_climbs_further() -> None:
    tier = Tier("life", 0, "Life", "Articles 2 and 3", Decimal("0.9"), timedelta(hours=4), "Sergeant")
    events = {rank: unresourced(tier=replace(tier, risk_rank=rank)) for rank in RANKS}
    assert events["Inspector"] == events["Sergeant"] == "task_unresourced"
    assert events["Chief Inspector"] == events["Superintendent"] == "task_unresourced_command"
    assert set(events.values()) == set(UNRESOURCED)
