"""When a charged child must be before a court: local days, and the days that the Act passes over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.matters.custody.court import allowed_day, first_court, good_friday
from lodestar.core.times import LONDON, local_date

TIMES = st.datetimes(datetime(2015, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize("day", [
    "1943-04-23", "2015-04-03", "2016-03-25", "2017-04-14", "2018-03-30", "2019-04-19", "2020-04-10", "2021-04-02", "2022-04-15",
    "2023-04-07", "2024-03-29", "2025-04-18", "2026-04-03", "2027-03-26", "2028-04-14", "2029-03-30", "2030-04-19", "2038-04-23",
])  # fmt: skip
def test_good_friday_falls_on_its_published_day(day: str) -> None:
    assert good_friday(int(day[:4])) == date.fromisoformat(day)


@given(st.integers(1900, 2199))
def test_good_friday_is_a_friday_between_20_march_and_23_april(year: int) -> None:
    found = good_friday(year)
    assert found.weekday() == 4 and date(year, 3, 20) <= found <= date(year, 4, 23)


@pytest.mark.parametrize(("charged", "last", "why"), [
    ("2026-06-06T14:00", "2026-06-08T23:59", "Saturday: Sunday is passed over"),
    ("2026-06-07T10:00", "2026-06-08T23:59", "Sunday: Monday"),
    ("2026-06-04T16:00", "2026-06-05T23:59", "Thursday: Friday"),
    ("2026-06-05T16:00", "2026-06-06T23:59", "Friday: a Saturday is a day like another"),
    ("2026-04-02T16:00", "2026-04-04T23:59", "the day before Good Friday"),
    ("2026-04-04T16:00", "2026-04-06T23:59", "Easter Saturday: Easter Monday is not one of the named days"),
    ("2026-12-24T09:00", "2026-12-26T23:59", "Christmas Eve: Boxing Day is not one of the named days"),
    ("2027-12-24T09:00", "2027-12-27T23:59", "Christmas Eve, and Boxing Day is a Sunday"),
    ("2022-12-24T09:00", "2022-12-26T23:59", "Christmas Day is a Sunday"),
    ("2026-03-28T23:30", "2026-03-30T23:59", "over the night the clocks go forward"),
    ("2026-10-24T23:30", "2026-10-26T23:59", "over the night the clocks go back"),
])  # fmt: skip
def test_with_no_sitting_the_last_day_passes_over_sundays_christmas_day_and_good_friday(charged: str, last: str, why: str) -> None:
    found = first_court(charged_at=london(charged), sittings=())
    assert found.due_at == london(last), why
    assert found.tell_designated_officer and not found.sitting_known


def test_days_are_london_s_days_and_not_those_of_utc() -> None:
    half_past_midnight = datetime(2026, 6, 5, 23, 30, tzinfo=UTC)  # Saturday 0:30am in London
    assert first_court(charged_at=half_past_midnight, sittings=()).due_at == london("2026-06-08T23:59")


def test_the_first_sitting_on_the_day_of_charge_or_the_next_is_owed_and_earlier_or_later_ones_are_not() -> None:
    charged = london("2026-06-04T12:00")
    sittings = [london(f"2026-06-{day}") for day in ("04T10:00", "05T14:00", "05T10:00", "06T10:00")]
    found = first_court(charged_at=charged, sittings=sittings)
    assert (found.due_at, found.sitting_known, found.tell_designated_officer) == (london("2026-06-05T10:00"), True, False)
    assert first_court(charged_at=charged, sittings=sittings[-1:]).tell_designated_officer


def test_where_nobody_said_when_courts_sit_nobody_need_be_told() -> None:
    assert not first_court(charged_at=london("2026-06-06T14:00"), sittings=None).tell_designated_officer


@given(TIMES)
def test_the_last_day_is_never_a_day_passed_over_nor_more_than_four_days_off(charged: datetime) -> None:
    due = first_court(charged_at=charged, sittings=()).due_at
    day = local_date(due)
    assert day == allowed_day(day) and day.weekday() != 6
    assert timedelta(days=1) <= day - local_date(charged) <= timedelta(days=4)


@given(TIMES, st.lists(st.integers(-48, 96), max_size=5))
def test_knowing_of_a_sitting_never_puts_the_court_off(charged: datetime, hours: list[int]) -> None:
    sittings = [charged + timedelta(hours=hour) for hour in hours]
    found = first_court(charged_at=charged, sittings=sittings)
    assert found.due_at > charged
    if found.sitting_known:
        assert found.due_at in sittings


def test_a_good_friday_that_is_also_the_next_day_goes_to_saturday() -> None:
    assert allowed_day(date(2026, 4, 3)) == date(2026, 4, 4)
