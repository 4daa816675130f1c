"""Supervisor reviews are owed in advance: the 49 early shifts, and how levels, closing and clock changes shape them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.clocks.calendars import Calendars
from lodestar.core.clocks.reviews import ExpectedReview, LevelFrom, expected_reviews, review_answered
from lodestar.core.clocks.rules import ClockRule
from lodestar.core.times import to_local
from lodestar.store.playbooks import clock_rules
from tests.core.clocks.conftest import RuleMaker

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPENED = datetime(2021, 9, 14, 18, 30, tzinfo=UTC)
CLOSED = datetime(2021, 11, 2, 18, 0, tzinfo=UTC)
LONG_AFTER = datetime(2022, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def rule() -> ClockRule:
    return clock_rules(date(2021, 9, 14))["MIS-SUPERVISOR-REVIEW"]


def at(level: str, when: datetime) -> LevelFrom:
    return LevelFrom(level, when)


def test_forty_nine_early_shifts_at_medium_are_forty_nine_reviews(rule: ClockRule, calendars: Calendars) -> None:
    expected = expected_reviews(
        open_from=OPENED,
        open_until=CLOSED,
        level_history=[at("medium", OPENED + HOUR)],
        rule=rule,
        calendars=calendars,
        now=LONG_AFTER,
    )
    assert len(expected) == 49
    assert all(review.ended_at is None for review in expected)
    assert [to_local(review.period_start).date() for review in expected] == [date(2021, 9, 15) + n * DAY for n in range(49)]
    assert {to_local(review.period_start).hour for review in expected} == {7}
    assert {to_local(review.due_at).hour for review in expected} == {15}
    # By UTC the shift starts at six until the clocks go back on 31 October, and at seven from that morning.
    assert [review.period_start.hour for review in expected].count(7) == 3
    assert len({review.key for review in expected}) == 49


def test_sixteen_done_leave_thirty_three_that_can_be_named(rule: ClockRule, calendars: Calendars) -> None:
    expected = expected_reviews(
        open_from=OPENED,
        open_until=CLOSED,
        level_history=[at("medium", OPENED)],
        rule=rule,
        calendars=calendars,
        now=LONG_AFTER,
    )
    deeds = [review.period_start + 2 * HOUR for review in expected[::3][:16]]
    answered = {found.key for deed in deeds if (found := review_answered(expected=expected, at=deed)) is not None}
    missed = [review for review in expected if review.key not in answered]
    assert (len(answered), len(missed)) == (16, 33)


def test_a_shift_that_starts_as_it_opens_counts_and_one_that_starts_as_it_closes_does_not(rule: ClockRule, calendars: Calendars) -> None:
    seven = datetime(2026, 6, 4, 6, 0, tzinfo=UTC)
    expected = expected_reviews(
        open_from=seven,
        open_until=seven + DAY,
        level_history=[at("medium", seven)],
        rule=rule,
        calendars=calendars,
        now=LONG_AFTER,
    )
    assert [review.period_start for review in expected] == [seven]


def test_a_review_that_stops_being_owed_before_it_is_due_says_when(rule: ClockRule, calendars: Calendars) -> None:
    seven = datetime(2026, 6, 4, 6, 0, tzinfo=UTC)
    expected = expected_reviews(
        open_from=seven,
        open_until=seven + 3 * HOUR,
        level_history=[at("medium", seven)],
        rule=rule,
        calendars=calendars,
        now=seven + DAY,
    )
    assert [review.ended_at for review in expected] == [seven + 3 * HOUR]


def test_each_level_brings_its_own_round(rule: ClockRule, calendars: Calendars) -> None:
    opened = datetime(2026, 6, 3, 20, 0, tzinfo=UTC)
    history = [at("high", opened), at("medium", opened + 5 * HOUR), at("very_low", opened + 30 * HOUR)]
    expected = expected_reviews(
        open_from=opened,
        open_until=opened + 72 * HOUR,
        level_history=history,
        rule=rule,
        calendars=calendars,
        now=LONG_AFTER + 3650 * DAY,
    )
    assert [(review.level, review.ended_at is None) for review in expected] == [
        ("high", True), ("high", True), ("high", False), ("medium", True),
    ]  # fmt: skip


def test_confirming_the_same_level_does_not_put_the_round_off(rule: ClockRule, calendars: Calendars) -> None:
    opened = datetime(2026, 6, 3, 20, 0, tzinfo=UTC)

    def due(history: list[LevelFrom]) -> list[datetime]:
        found = expected_reviews(open_from=opened, open_until=None, level_history=history, rule=rule, calendars=calendars, now=opened)
        return [review.due_at for review in found]

    assert due([at("high", opened), at("high", opened + HOUR)]) == due([at("high", opened)])


def test_before_any_level_nothing_is_owed(rule: ClockRule, calendars: Calendars) -> None:
    nothing = expected_reviews(open_from=OPENED, open_until=None, level_history=[], rule=rule, calendars=calendars, now=LONG_AFTER)
    assert nothing == ()


@given(
    opened=st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    open_for=st.integers(0, 60 * 24 * 20),
    seen=st.integers(0, 60 * 24 * 20),
    level=st.sampled_from(["high", "medium", "low"]),
)
def test_of_an_open_matter_every_period_begun_and_the_next_are_there_and_seeing_more_takes_none_away(
    rule: ClockRule, calendars: Calendars, opened: datetime, open_for: int, seen: int, level: str
) -> None:
    def made(now: datetime) -> tuple[ExpectedReview, ...]:
        return expected_reviews(
            open_from=opened,
            open_until=None,
            level_history=[at(level, opened)],
            rule=rule,
            calendars=calendars,
            now=now,
            ahead=timedelta(0),
        )

    now = opened + timedelta(minutes=open_for)
    expected = made(now)
    later = made(now + timedelta(minutes=seen))
    assert expected[-1].period_start > now
    assert later[: len(expected)] == expected
    starts = [review.period_start for review in later]
    assert starts == sorted(set(starts))
    assert all(review.due_at > review.period_start >= opened for review in later)


def test_a_review_answers_the_newest_period_begun_and_not_one_missed_before(rule: ClockRule, calendars: Calendars) -> None:
    expected = expected_reviews(
        open_from=OPENED,
        open_until=CLOSED,
        level_history=[at("medium", OPENED)],
        rule=rule,
        calendars=calendars,
        now=LONG_AFTER,
    )
    assert review_answered(expected=expected, at=expected[4].due_at + HOUR) is expected[4]
    assert review_answered(expected=expected, at=OPENED) is None


def test_a_round_needs_a_calendar_that_comes_round(make_rule: RuleMaker, calendars: Calendars) -> None:
    with pytest.raises(ValueError, match="cannot repeat"):
        expected_reviews(
            open_from=OPENED,
            open_until=CLOSED,
            level_history=[at("medium", OPENED)],
            rule=make_rule("working_days_england", working_days=1),
            calendars=calendars,
            now=LONG_AFTER,
        )
