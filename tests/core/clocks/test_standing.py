"""How a clock stands: late is late, whether or not anything was running to notice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.clocks.due import Due
from lodestar.core.clocks.standing import Standing, breach, is_stale, ladder_due, standing, warn_at
from tests.core.clocks.conftest import RuleMaker

AT = datetime(2026, 6, 4, 9, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
OFFSETS = st.integers(-10_000, 10_000).map(lambda seconds: AT + timedelta(seconds=seconds))
MAYBE = st.none() | OFFSETS


@pytest.mark.parametrize(
    ("done", "now", "expected"),
    [
        (None, AT - 2 * HOUR, Standing.NOT_DUE),
        (None, AT - HOUR, Standing.DUE_SOON),
        (None, AT, Standing.DUE_SOON),
        (None, AT + SECOND, Standing.LATE),
        (AT, AT + HOUR, Standing.DONE_IN_TIME),
        (AT + SECOND, AT + HOUR, Standing.DONE_LATE),
    ],
)
def test_done_at_the_very_instant_is_in_time_and_a_second_after_is_late(done: datetime | None, now: datetime, expected: Standing) -> None:
    assert standing(due=Due(AT), done_at=done, cancelled_at=None, now=now, warn=[HOUR, 10 * MINUTE]) is expected


def test_without_a_warning_nothing_is_due_soon() -> None:
    assert standing(due=Due(AT), done_at=None, cancelled_at=None, now=AT - SECOND) is Standing.NOT_DUE
    assert warn_at(due=Due(AT), warn=()) is None
    assert warn_at(due=Due(AT), warn=(10 * MINUTE, HOUR)) == AT - HOUR
    assert warn_at(due=Due(AT, running=True), warn=(HOUR,)) is None


def test_a_held_clock_is_paused_and_never_late_until_it_runs_again() -> None:
    held = Due(AT, running=True)
    assert standing(due=held, done_at=None, cancelled_at=None, now=AT + HOUR) is Standing.PAUSED
    assert standing(due=held, done_at=AT + HOUR, cancelled_at=None, now=AT + HOUR) is Standing.DONE_IN_TIME
    assert breach(due=held, done_at=None, now=AT + HOUR) is None


def test_what_is_no_longer_owed_says_so_and_keeps_the_breach_it_had() -> None:
    assert standing(due=Due(AT), done_at=None, cancelled_at=AT + HOUR, now=AT + HOUR) is Standing.CANCELLED
    assert breach(due=Due(AT), done_at=None, cancelled_at=AT + HOUR, now=AT + 2 * HOUR) == AT
    assert breach(due=Due(AT), done_at=None, cancelled_at=AT - HOUR, now=AT + 2 * HOUR) is None


@given(done=MAYBE, now=OFFSETS)
def test_a_breach_is_dated_when_it_fell_due_however_late_it_is_noticed(done: datetime | None, now: datetime) -> None:
    assert breach(due=Due(AT), done_at=done, now=now) in (None, AT)


@given(done=MAYBE, cancelled=MAYBE, now=OFFSETS, hours=st.integers(-12, 14))
def test_standing_depends_on_instants_and_not_on_how_they_are_written(
    done: datetime | None, cancelled: datetime | None, now: datetime, hours: int
) -> None:
    zone = timezone(timedelta(hours=hours))
    moved = standing(
        due=Due(AT.astimezone(zone)),
        done_at=done.astimezone(zone) if done else None,
        cancelled_at=cancelled.astimezone(zone) if cancelled else None,
        now=now.astimezone(zone),
        warn=[HOUR],
    )
    assert moved is standing(due=Due(AT), done_at=done, cancelled_at=cancelled, now=now, warn=[HOUR])


@given(now=OFFSETS, later=st.integers(0, 10_000))
def test_late_stays_late_until_it_is_done(now: datetime, later: int) -> None:
    if standing(due=Due(AT), done_at=None, cancelled_at=None, now=now) is Standing.LATE:
        after = now + timedelta(seconds=later)
        assert standing(due=Due(AT), done_at=None, cancelled_at=None, now=after) is Standing.LATE
        assert breach(due=Due(AT), done_at=None, now=after) == AT


def test_every_standing_has_words_of_its_own() -> None:
    assert len({item.text for item in Standing}) == len(Standing)


LADDER = [{"minutes_after": 0, "tell": "duty_sergeant"}, {"minutes_after": 30, "tell": "duty_inspector"}]


@pytest.mark.parametrize(
    ("late", "told"),
    [
        (timedelta(0), []),
        (SECOND, ["duty_sergeant"]),
        (30 * MINUTE - SECOND, ["duty_sergeant"]),
        (30 * MINUTE, ["duty_sergeant", "duty_inspector"]),
    ],
)
def test_the_ladder_is_climbed_by_how_late_it_is(make_rule: RuleMaker, late: timedelta, told: list[str]) -> None:
    rule = make_rule(hours=1, ladder=LADDER)
    assert [step.tell for step in ladder_due(rule=rule, due=Due(AT), now=AT + late)] == told


def test_a_rung_reached_before_it_was_done_was_reached_and_later_ones_are_not(make_rule: RuleMaker) -> None:
    rule = make_rule(hours=1, ladder=LADDER)
    reached = ladder_due(rule=rule, due=Due(AT), now=AT + 5 * HOUR, done_at=AT + 10 * MINUTE)
    assert [(step.number, step.tell) for step in reached] == [(1, "duty_sergeant")]
    assert ladder_due(rule=rule, due=Due(AT), now=AT + 5 * HOUR, done_at=AT) == ()
    assert ladder_due(rule=rule, due=Due(AT, running=True), now=AT + 5 * HOUR) == ()


def test_a_sweeper_that_never_ran_or_missed_two_runs_raises_the_banner() -> None:
    assert is_stale(heartbeat_at=None, now=AT, every=MINUTE)
    assert not is_stale(heartbeat_at=AT - 2 * MINUTE, now=AT, every=MINUTE)
    assert is_stale(heartbeat_at=AT - 2 * MINUTE - SECOND, now=AT, every=MINUTE)
