"""Working time and shifts, by the clock on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.clocks.calendars import CalendarEnds, Calendars
from lodestar.core.times import local_day_bounds

INSTANTS = st.datetimes(datetime(2019, 1, 2), datetime(2028, 11, 1), timezones=st.just(UTC))
NO_TIME = timedelta(0)


@pytest.mark.parametrize(
    ("on", "working"),
    [
        (date(2026, 6, 4), True),
        (date(2026, 6, 6), False),  # Saturday
        (date(2026, 5, 25), False),  # spring bank holiday
        (date(2022, 9, 19), False),  # State Funeral
        (date(2023, 5, 8), False),  # coronation
        (date(2020, 5, 4), True),  # the holiday moved to VE Day
        (date(2020, 5, 8), False),
        (date(2027, 12, 28), False),  # Boxing Day's substitute
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(calendars: Calendars, on: date, working: bool) -> None:
    assert calendars.working.is_working(on) is working


@pytest.mark.parametrize("year", range(2016, 2029))
def test_every_year_known_has_its_eight_bank_holidays_and_the_ones_proclaimed(calendars: Calendars, year: int) -> None:
    extra = {2022: 2, 2023: 1}  # jubilee and funeral; coronation
    held = [on for on in calendars.working.holidays if on.year == year]
    assert len(held) == 8 + extra.get(year, 0)
    assert all(on.weekday() < 5 for on in held)


@pytest.mark.parametrize("on", [date(2015, 12, 31), date(2029, 1, 1)])
def test_a_year_whose_holidays_are_not_known_is_refused_not_guessed(calendars: Calendars, on: date) -> None:
    with pytest.raises(CalendarEnds, match="not known"):
        calendars.working.is_working(on)
    with pytest.raises(CalendarEnds):
        calendars.working.add(datetime(2028, 12, 29, 9, 0, tzinfo=UTC), timedelta(hours=80))


@given(start=INSTANTS, minutes=st.integers(1, 3000), more=st.integers(0, 3000))
def test_adding_working_time_in_two_steps_or_one_is_the_same(calendars: Calendars, start: datetime, minutes: int, more: int) -> None:
    work = calendars.working
    one, two = timedelta(minutes=minutes), timedelta(minutes=more)
    assert work.add(work.add(start, one), two) == work.add(start, one + two)


@given(start=INSTANTS, gap=st.integers(0, 20_000), rest=st.integers(0, 20_000))
def test_working_time_between_adds_up_and_never_exceeds_the_time_that_passed(
    calendars: Calendars, start: datetime, gap: int, rest: int
) -> None:
    work = calendars.working
    middle = start + timedelta(minutes=gap)
    end = middle + timedelta(minutes=rest)
    assert work.between(start, middle) + work.between(middle, end) == work.between(start, end)
    assert NO_TIME <= work.between(start, end) <= end - start


@given(instant=INSTANTS)
def test_at_every_instant_exactly_one_shift_is_on(calendars: Calendars, instant: datetime) -> None:
    day = instant.date()
    on = [
        shift.code
        for shift in calendars.shifts
        for turn in (shift.on(day - timedelta(days=1)), shift.on(day), shift.on(day + timedelta(days=1)))
        if turn.holds(instant)
    ]
    assert len(on) == 1


def test_the_shifts_of_a_day_fill_it_whatever_the_clocks_do(calendars: Calendars) -> None:
    for on, hours in ((date(2026, 3, 28), 23), (date(2026, 10, 24), 25), (date(2026, 6, 4), 24)):
        turns = [shift.on(on) for shift in calendars.shifts]
        lengths = [turn.until_at - turn.from_at for turn in turns if turn.until_at is not None]
        assert sum(lengths, NO_TIME) == timedelta(hours=hours)
    assert local_day_bounds(date(2026, 3, 29)).holds(calendars.shift("early").on(date(2026, 3, 29)).from_at)


def test_a_shift_nobody_works_is_a_fault(calendars: Calendars) -> None:
    with pytest.raises(KeyError):
        calendars.shift("twilight")
