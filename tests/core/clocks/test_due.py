"""When a clock is due, whatever happens to it on the way."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.clocks.calendars import Calendars
from lodestar.core.clocks.due import Due, Pause, choose, due_at, held_for
from lodestar.core.clocks.rules import ClockRule
from lodestar.core.times import to_local
from lodestar.core.words import Allowed
from tests.core.clocks.conftest import RuleMaker

HOUR = timedelta(hours=1)
STARTS = st.datetimes(datetime(2020, 1, 2), datetime(2027, 11, 1), timezones=st.just(UTC))
AMOUNTS = st.integers(1, 40 * 60)
CALENDAR = st.sampled_from(["elapsed", "working_hours_england", "working_days_england", "early_shift", "night_shift"])


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime, most: int = 4) -> list[Pause]:
    found = []
    for _ in range(draw(st.integers(0, most))):
        since = start + timedelta(minutes=draw(st.integers(-600, 6000)))
        until = draw(st.one_of(st.none(), st.integers(0, 3000)))
        found.append(Pause(since, None if until is None else since + timedelta(minutes=until), "waiting"))
    return found


def rule_by(make_rule: RuleMaker, calendar: str, minutes: int) -> ClockRule:
    values = {"working_days": minutes // 480 + 1} if calendar == "working_days_england" else {"minutes": minutes}
    return make_rule(calendar, **({} if calendar.endswith("shift") else values))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


@given(data=st.data(), start=STARTS, calendar=CALENDAR, minutes=AMOUNTS)
def test_nothing_is_due_before_it_starts(
    make_rule: RuleMaker, calendars: Calendars, data: st.DataObject, start: datetime, calendar: str, minutes: int
) -> None:
    rule = rule_by(make_rule, calendar, minutes)
    pauses = data.draw(pauses_after(start))
    assert due_at(rule=rule, started_at=start, pauses=pauses, calendars=calendars).at >= start


@given(data=st.data(), start=STARTS, calendar=CALENDAR, minutes=AMOUNTS)
def test_one_more_pause_never_makes_anything_due_earlier(
    make_rule: RuleMaker, calendars: Calendars, data: st.DataObject, start: datetime, calendar: str, minutes: int
) -> None:
    rule = rule_by(make_rule, calendar, minutes)
    pauses = data.draw(pauses_after(start))
    more = [*pauses, *data.draw(pauses_after(start, most=1))]
    before = due_at(rule=rule, started_at=start, pauses=pauses, calendars=calendars)
    after = due_at(rule=rule, started_at=start, pauses=more, calendars=calendars)
    # A pause still running hides how late it will be; what it says is only "not before".
    assert after.at >= before.at or after.running
    assert after.running or not before.running


@given(data=st.data(), start=STARTS, minutes=AMOUNTS)
def test_an_elapsed_clock_counts_exactly_the_time_that_was_not_paused(
    make_rule: RuleMaker, calendars: Calendars, data: st.DataObject, start: datetime, minutes: int
) -> None:
    start = start.replace(second=0, microsecond=0)
    pauses = [pause for pause in data.draw(pauses_after(start)) if pause.until_at is not None]
    due = due_at(rule=make_rule(minutes=minutes), started_at=start, pauses=pauses, calendars=calendars).at
    ran, at = 0, start
    while at < due:  # the oracle: walk minute by minute, and count the minutes nobody held
        ran += not any(pause.from_at <= at < (pause.until_at or at) for pause in pauses)
        at += timedelta(minutes=1)
    assert ran == minutes


@given(start=STARTS, minutes=AMOUNTS, zone=st.sampled_from(["Europe/London", "Asia/Kolkata", "America/New_York", "UTC"]))
def test_an_elapsed_clock_does_not_care_where_the_start_was_read(
    make_rule: RuleMaker, calendars: Calendars, start: datetime, minutes: int, zone: str
) -> None:
    rule = make_rule(minutes=minutes)
    elsewhere = due_at(rule=rule, started_at=start.astimezone(ZoneInfo(zone)), calendars=calendars)
    assert elsewhere == due_at(rule=rule, started_at=start, calendars=calendars)
    assert elsewhere.at - start == timedelta(minutes=minutes)


@given(start=STARTS, minutes=AMOUNTS)
def test_a_working_hours_clock_falls_due_inside_working_hours(
    make_rule: RuleMaker, calendars: Calendars, start: datetime, minutes: int
) -> None:
    due = to_local(due_at(rule=make_rule("working_hours_england", minutes=minutes), started_at=start, calendars=calendars).at)
    assert calendars.working.is_working(due.date())
    assert time(9) < due.time() <= time(17)


@given(start=STARTS, minutes=AMOUNTS)
def test_as_much_working_time_lies_before_due_as_the_rule_gives(
    make_rule: RuleMaker, calendars: Calendars, start: datetime, minutes: int
) -> None:
    due = due_at(rule=make_rule("working_hours_england", minutes=minutes), started_at=start, calendars=calendars).at
    assert calendars.working.between(start, due) == timedelta(minutes=minutes)


@given(start=STARTS, days=st.integers(1, 15))
def test_a_working_days_clock_falls_due_at_the_close_of_the_nth_working_day_after(
    make_rule: RuleMaker, calendars: Calendars, start: datetime, days: int
) -> None:
    rule = make_rule("working_days_england", working_days=days)
    due = to_local(due_at(rule=rule, started_at=start, calendars=calendars).at)
    first = to_local(start).date()
    passed = [first + timedelta(days=n) for n in range(1, (due.date() - first).days + 1)]
    assert due.time() == time(17)
    assert sum(calendars.working.is_working(day) for day in passed) == days


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (utc(2026, 3, 28, 12, 0), utc(2026, 3, 29, 12, 0)),  # midday to 1pm by the wall
        (utc(2026, 10, 24, 11, 0), utc(2026, 10, 25, 11, 0)),  # midday to 11am by the wall
    ],
)
def test_twenty_four_hours_are_twenty_four_hours_on_both_clock_change_weekends(
    make_rule: RuleMaker, calendars: Calendars, start: datetime, due: datetime
) -> None:
    assert due_at(rule=make_rule(hours=24), started_at=start, calendars=calendars) == Due(due)


def test_working_hours_keep_to_the_wall_clock_on_both_sides_of_a_change(make_rule: RuleMaker, calendars: Calendars) -> None:
    rule = make_rule("working_hours_england", hours=8)
    friday = utc(2026, 10, 23, 15, 0)  # 4pm BST, an hour before closing
    assert due_at(rule=rule, started_at=friday, calendars=calendars).at == utc(2026, 10, 26, 16, 0)  # 4pm GMT Monday


def test_overlapping_and_touching_pauses_count_once(make_rule: RuleMaker, calendars: Calendars) -> None:
    start = utc(2026, 6, 4, 9, 0)
    pauses = [
        Pause(start + HOUR, start + 3 * HOUR, "system down"),
        Pause(start + 2 * HOUR, start + 3 * HOUR, "waiting for the home"),
        Pause(start + 3 * HOUR, start + 4 * HOUR, "still down"),
    ]
    assert due_at(rule=make_rule(hours=4), started_at=start, pauses=pauses, calendars=calendars) == Due(start + 7 * HOUR)
    assert held_for(pauses=pauses, started_at=start, now=start + 9 * HOUR) == 3 * HOUR
    assert held_for(pauses=pauses, started_at=start, now=start + 2 * HOUR) == HOUR


def test_a_running_pause_says_only_that_it_is_not_due_before(make_rule: RuleMaker, calendars: Calendars) -> None:
    start = utc(2026, 6, 4, 9, 0)
    held = [Pause(start + HOUR, None, "waiting for the home")]
    due = due_at(rule=make_rule(hours=4), started_at=start, pauses=held, calendars=calendars)
    assert due == Due(start + 4 * HOUR, running=True)


def test_a_pause_begun_after_it_fell_due_changes_nothing(make_rule: RuleMaker, calendars: Calendars) -> None:
    start = utc(2026, 6, 4, 9, 0)
    for begun in (start + 4 * HOUR, start + 5 * HOUR):
        late = [Pause(begun, None, "too late to hold it")]
        due = due_at(rule=make_rule(hours=4), started_at=start, pauses=late, calendars=calendars)
        assert due == Due(start + 4 * HOUR)


def test_a_pause_that_ended_before_it_started_changes_nothing(make_rule: RuleMaker, calendars: Calendars) -> None:
    start = utc(2026, 6, 4, 9, 0)
    earlier = [Pause(start - 2 * HOUR, start - HOUR, "another matter")]
    assert due_at(rule=make_rule(hours=4), started_at=start, pauses=earlier, calendars=calendars) == Due(start + 4 * HOUR)


def test_holding_a_clock_over_a_weekend_loses_no_working_time(make_rule: RuleMaker, calendars: Calendars) -> None:
    rule = make_rule("working_hours_england", hours=4)
    start = utc(2026, 6, 5, 14, 0)  # Friday 3pm
    weekend = [Pause(utc(2026, 6, 5, 16, 0), utc(2026, 6, 8, 8, 0), "weekend")]
    plain = due_at(rule=rule, started_at=start, calendars=calendars)
    assert due_at(rule=rule, started_at=start, pauses=weekend, calendars=calendars) == plain == Due(utc(2026, 6, 8, 10, 0))


def test_a_shift_is_not_put_off_by_holding_the_clock(make_rule: RuleMaker, calendars: Calendars) -> None:
    start = utc(2026, 6, 4, 6, 0)  # 7am, as the early shift starts
    held = [Pause(start, None, "nobody free")]
    due = due_at(rule=make_rule("early_shift"), started_at=start, pauses=held, calendars=calendars)
    assert due == Due(utc(2026, 6, 4, 14, 0))


def test_started_a_minute_into_the_early_shift_the_next_one_owes_it(make_rule: RuleMaker, calendars: Calendars) -> None:
    due = due_at(rule=make_rule("early_shift"), started_at=utc(2026, 6, 4, 6, 1), calendars=calendars)
    assert due == Due(utc(2026, 6, 5, 14, 0))


def test_a_level_may_bring_a_sooner_clock(make_rule: RuleMaker, calendars: Calendars) -> None:
    rule = make_rule(hours=72, by_level={"high": {"hours": 4}})
    start = utc(2026, 6, 4, 9, 0)
    assert due_at(rule=rule, started_at=start, calendars=calendars, level="high").at == start + 4 * HOUR
    assert due_at(rule=rule, started_at=start, calendars=calendars, level="low").at == start + 72 * HOUR


def test_asking_when_nothing_is_owed_is_a_fault(make_rule: RuleMaker, calendars: Calendars) -> None:
    rule = make_rule("by_level", by_level={"high": {"calendar": "elapsed", "hours": 2}})
    with pytest.raises(ValueError, match="owes nothing at level low"):
        due_at(rule=rule, started_at=utc(2026, 6, 4, 9, 0), calendars=calendars, level="low")


def test_a_start_without_a_zone_is_a_fault(make_rule: RuleMaker, calendars: Calendars) -> None:
    with pytest.raises(ValueError, match="time zone"):
        due_at(rule=make_rule(hours=1), started_at=datetime(2026, 6, 4, 9, 0), calendars=calendars)


def test_a_chosen_time_is_due_when_it_was_chosen_for(make_rule: RuleMaker, calendars: Calendars) -> None:
    rule, start = make_rule("chosen", ceiling_hours=24), utc(2026, 6, 4, 9, 0)
    assert due_at(rule=rule, started_at=start, calendars=calendars, chosen=start + HOUR) == Due(start + HOUR)
    with pytest.raises(ValueError, match="chose"):
        due_at(rule=rule, started_at=start, calendars=calendars)


def test_a_chosen_time_confirmed_after_it_passed_is_owed_at_once(make_rule: RuleMaker, calendars: Calendars) -> None:
    rule, start = make_rule("chosen", ceiling_hours=24), utc(2026, 6, 4, 9, 0)
    assert due_at(rule=rule, started_at=start, calendars=calendars, chosen=start - HOUR) == Due(start)


@pytest.mark.parametrize(
    ("hours_on", "code"),
    [
        (None, "clock.chosen_blank"),
        (-1.0, "clock.chosen_past"),
        (0.0, "clock.chosen_past"),
        (24.001, "clock.chosen_beyond_ceiling"),
    ],
)
def test_a_review_time_may_not_be_blank_past_or_beyond_the_ceiling(make_rule: RuleMaker, hours_on: float | None, code: str) -> None:
    rule, now = make_rule("chosen", ceiling_hours=24), utc(2026, 6, 4, 9, 0)
    chosen = None if hours_on is None else now + timedelta(hours=hours_on)
    refused = choose(rule=rule, level="medium", chosen=chosen, started_at=now, now=now)
    assert not isinstance(refused, Allowed)
    assert [refusal.code for refusal in refused] == [code]


def test_a_review_time_exactly_at_the_ceiling_is_allowed(make_rule: RuleMaker) -> None:
    rule, now = make_rule("chosen", ceiling_hours=24), utc(2026, 6, 4, 9, 0)
    verdict = choose(rule=rule, level="medium", chosen=now + 24 * HOUR, started_at=now, now=now)
    assert verdict == Allowed(now + 24 * HOUR)


def test_before_a_level_is_chosen_no_review_time_can_be(make_rule: RuleMaker) -> None:
    rule, now = make_rule("by_level", by_level={"low": {"calendar": "chosen", "ceiling_hours": 2}}), utc(2026, 6, 4, 9, 0)
    refused = choose(rule=rule, level=None, chosen=now + HOUR, started_at=now, now=now)
    assert not isinstance(refused, Allowed) and refused[0].code == "clock.chosen_no_level"


def test_a_pause_needs_a_reason_and_cannot_end_before_it_starts() -> None:
    now = utc(2026, 6, 4, 9, 0)
    with pytest.raises(ValueError, match="reason"):
        Pause(now, None, " ")
    with pytest.raises(ValueError, match="end before"):
        Pause(now, now - HOUR, "waiting")


def test_a_calendar_nobody_knows_is_a_fault(make_rule: RuleMaker, calendars: Calendars) -> None:
    with pytest.raises(ValueError, match="calendar lunar"):
        due_at(rule=make_rule("lunar", hours=1), started_at=utc(2026, 6, 4, 9, 0), calendars=calendars)
