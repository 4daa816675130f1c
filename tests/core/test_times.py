"""What people write as a time, what is kept, and what they read back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.times import (
    ReadDate,
    ReadTime,
    age_on,
    at_wall,
    local_date,
    local_day_bounds,
    months_before,
    read_local,
    read_on_import,
    say,
    say_clock,
    say_date,
    say_left,
    say_span,
    to_local,
    to_utc,
)
from lodestar.core.words import Refusal

INSTANTS = st.datetimes(datetime(1972, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))
NINE_32 = datetime(2026, 6, 4, 8, 32, tzinfo=UTC)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-04 09:32",
        "2026-06-04T09:32",
        "2026-06-04 09:32:00",
        "04/06/2026 09:32",
        "4/6/2026 9:32",
        "2026-06-04T08:32Z",
        "2026-06-04T08:32:00.000Z",
        "2026-06-04T09:32+01:00",
        "2026-06-04 09:32 +0100",
        "  2026-06-04 09:32 ",
    ],
)
def test_the_same_minute_is_read_however_it_is_written(text: str) -> None:
    assert read_local(text) == NINE_32
    assert read_on_import(text) == ReadTime(NINE_32)


def test_a_spreadsheet_cell_without_a_zone_is_london_time_and_one_with_a_zone_keeps_it() -> None:
    assert read_local(datetime(2026, 6, 4, 9, 32)) == NINE_32
    assert read_local(NINE_32) == NINE_32


@pytest.mark.parametrize("text", ["2026-06-04", "04/06/2026", date(2026, 6, 4)])
def test_a_date_alone_stays_a_date_and_is_never_midnight(text: str | date) -> None:
    assert read_local(text) == ReadDate(date(2026, 6, 4))
    assert read_on_import(text) == ReadDate(date(2026, 6, 4))


@pytest.mark.parametrize(
    "text",
    ["soon", "2026-13-01 09:00", "31/02/2026 09:00", "2026-06-04 24:00", "2026-06-04 9am", "04/06/26 09:32",
     "0026-06-04 09:32", "9999-12-31T23:59-14:00", "2026-06-04T09:32+99:00"],
)  # fmt: skip
def test_what_is_not_a_real_time_is_refused_with_an_example(text: str) -> None:
    for refused in (read_local(text, field="since"), read_on_import(text, field="since")):
        assert isinstance(refused, Refusal)
        assert (refused.code, refused.field) == ("time.unreadable", "since")
        assert "04/06/2026 09:32" in refused.sentence


def test_nothing_written_is_asked_for() -> None:
    refused = read_local("  ")
    assert isinstance(refused, Refusal) and refused.code == "time.blank"


def test_a_time_skipped_in_march_is_refused_naming_the_two_nearest_real_times() -> None:
    refused = read_local("29/03/2026 01:30")
    assert isinstance(refused, Refusal) and refused.code == "time.nonexistent"
    assert "12:59am and 2am" in refused.sentence
    assert "1:30am on 29 March 2026 did not happen" in refused.sentence


@pytest.mark.parametrize("offset", ["BST", "GMT", "+01:00"])
def test_no_offset_makes_a_skipped_time_happen(offset: str) -> None:
    assert isinstance(read_local("2026-03-29 01:00", offset=offset), Refusal)


def test_the_minutes_either_side_of_the_skipped_hour_are_real() -> None:
    assert read_local("2026-03-29 00:59") == utc(2026, 3, 29, 0, 59)
    assert read_local("2026-03-29 02:00") == utc(2026, 3, 29, 1, 0)


def test_a_time_that_happened_twice_needs_bst_or_gmt() -> None:
    refused = read_local("2026-10-25 01:30")
    assert isinstance(refused, Refusal) and refused.code == "time.ambiguous"
    assert "BST" in refused.sentence and "GMT" in refused.sentence
    assert read_local("2026-10-25 01:30", offset="BST") == utc(2026, 10, 25, 0, 30)
    assert read_local("2026-10-25 01:30", offset="gmt") == utc(2026, 10, 25, 1, 30)
    assert read_local("2026-10-25 01:30", offset="+00:00") == utc(2026, 10, 25, 1, 30)


def test_an_offset_that_clocks_were_not_on_is_refused() -> None:
    refused = read_local("2026-12-01 09:00", offset="BST")
    assert isinstance(refused, Refusal) and refused.code == "time.offset_wrong" and "GMT" in refused.sentence
    unknown = read_local("2026-12-01 09:00", offset="CET")
    assert isinstance(unknown, Refusal) and unknown.code == "time.offset_unknown"


def test_an_import_keeps_a_skipped_time_an_hour_on_and_flags_it() -> None:
    read = read_on_import("2025-03-30 01:30")
    assert isinstance(read, ReadTime)
    assert read.at == utc(2025, 3, 30, 1, 30)
    assert [flag.code for flag in read.cautions] == ["time.nonexistent"]
    assert "kept as 30 March 2025 at 2:30am" in read.cautions[0].sentence


def test_an_import_keeps_the_first_of_two_and_gives_the_other() -> None:
    read = read_on_import("2025-10-26 01:30")
    assert isinstance(read, ReadTime)
    assert (read.at, read.other) == (utc(2025, 10, 26, 0, 30), utc(2025, 10, 26, 1, 30))
    assert [flag.code for flag in read.cautions] == ["time.ambiguous"]


@given(st.datetimes(datetime(1972, 1, 1), datetime(2037, 12, 31)))
def test_import_reads_every_real_time_as_the_form_does_and_flags_every_other(wall: datetime) -> None:
    wall = wall.replace(microsecond=0)
    strict, lax = read_local(wall.isoformat(sep=" ")), read_on_import(wall.isoformat(sep=" "))
    assert isinstance(lax, ReadTime)
    if isinstance(strict, Refusal):
        assert [flag.code for flag in lax.cautions] == [strict.code]
    else:
        assert (lax.at, lax.cautions) == (strict, ())


@given(st.text(max_size=30))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    assert isinstance(read_local(text), datetime | ReadDate | Refusal)


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (NINE_32, "4 June 2026 at 9:32am"),
        (utc(2026, 1, 4, 0, 5), "4 January 2026 at 12:05am"),
        (utc(2026, 1, 4, 12, 0), "4 January 2026 at midday"),
        (utc(2026, 1, 4, 12, 30), "4 January 2026 at 12:30pm"),
        (utc(2026, 6, 3, 23, 0), "4 June 2026 at midnight"),
        (utc(2026, 1, 4, 17, 0), "4 January 2026 at 5pm"),
        (utc(2026, 10, 25, 0, 30), "25 October 2026 at 1:30am (BST)"),
        (utc(2026, 10, 25, 1, 30), "25 October 2026 at 1:30am (GMT)"),
    ],
)
def test_an_instant_is_said_as_london_saw_it(instant: datetime, words: str) -> None:
    assert say(instant) == words


def test_where_only_the_date_is_known_no_time_is_said() -> None:
    assert say(utc(2026, 6, 3, 23, 30), known="date") == "4 June 2026"


@given(INSTANTS, INSTANTS)
def test_two_different_minutes_are_never_said_alike(one: datetime, other: datetime) -> None:
    same_minute = one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)
    assert (say(one) == say(other)) == same_minute


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_minute_of_the_day_has_its_own_words(hour: int, minute: int) -> None:
    clock = time(hour, minute)
    later = time((hour + 12) % 24, minute)
    assert say_clock(clock) != say_clock(later)


@pytest.mark.parametrize(
    ("delta", "words"),
    [
        (timedelta(hours=2, minutes=5), "2 hours 5 minutes left"),
        (timedelta(minutes=-40), "40 minutes late"),
        (timedelta(hours=1), "1 hour left"),
        (timedelta(days=3, hours=4, minutes=59), "3 days 4 hours left"),
        (timedelta(days=-1, minutes=-5), "1 day late"),
        (timedelta(seconds=59), "less than a minute left"),
        (timedelta(seconds=-1), "less than a minute late"),
        (timedelta(0), "due now"),
    ],
)
def test_time_left_is_said_in_words(delta: timedelta, words: str) -> None:
    assert say_left(delta) == words


def test_a_span_under_a_minute_is_no_minutes() -> None:
    assert say_span(timedelta(seconds=30)) == "0 minutes"


@pytest.mark.parametrize(
    ("on", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 4), 24), (date(2026, 12, 25), 24)]
)
def test_a_day_in_london_has_23_24_or_25_hours(on: date, hours: int) -> None:
    day = local_day_bounds(on)
    assert day.until_at is not None
    assert day.until_at - day.from_at == timedelta(hours=hours)


@given(INSTANTS)
def test_every_instant_lies_in_the_bounds_of_its_own_day_and_of_no_other(instant: datetime) -> None:
    on = local_date(instant)
    assert local_day_bounds(on).holds(instant)
    assert not local_day_bounds(on + timedelta(days=1)).holds(instant)


@given(INSTANTS)
def test_reading_what_a_london_clock_shows_gives_the_instant_back(instant: datetime) -> None:
    instant = instant.replace(microsecond=0)
    wall = to_local(instant).strftime("%Y-%m-%d %H:%M:%S")
    read = read_local(wall)
    if isinstance(read, Refusal):
        assert read.code == "time.ambiguous"
        assert instant in {read_local(wall, offset="BST"), read_local(wall, offset="GMT")}
    else:
        assert read == instant


def test_a_time_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_utc(datetime(2026, 6, 4, 9, 32))


@pytest.mark.parametrize(
    ("born", "instant", "age"),
    [
        (date(2010, 6, 4), utc(2026, 6, 3, 22, 59), 15),
        (date(2010, 6, 4), utc(2026, 6, 3, 23, 0), 16),  # already 4 June in London
        (date(2008, 2, 29), utc(2026, 2, 28, 23, 59), 17),
        (date(2008, 2, 29), utc(2026, 3, 1, 0, 0), 18),
        (date(2008, 2, 29), utc(2028, 2, 29, 0, 0), 20),
        (date(2026, 6, 4), utc(2026, 6, 4, 9, 0), 0),
    ],
)
def test_age_is_counted_by_the_london_date(born: date, instant: datetime, age: int) -> None:
    assert age_on(born, instant) == age


def test_nobody_is_born_after_the_instant_asked_about() -> None:
    with pytest.raises(ValueError, match="after"):
        age_on(date(2026, 6, 5), utc(2026, 6, 4, 9, 0))


@pytest.mark.parametrize(
    ("on", "months", "earlier"),
    [
        (date(2026, 6, 4), 12, date(2025, 6, 4)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 1, date(2025, 12, 31)),
        (date(2026, 12, 5), 12, date(2025, 12, 5)),
        (date(2027, 1, 5), 1, date(2026, 12, 5)),
    ],
)
def test_months_back_keep_the_day_or_take_the_last_of_the_month(on: date, months: int, earlier: date) -> None:
    assert months_before(on, months) == earlier


def test_the_wall_clock_goes_an_hour_on_in_the_skipped_hour_and_takes_the_first_of_two() -> None:
    assert at_wall(on=date(2026, 3, 29), clock=time(1, 30)) == utc(2026, 3, 29, 1, 30)
    assert at_wall(on=date(2026, 10, 25), clock=time(1, 30)) == utc(2026, 10, 25, 0, 30)
    assert say_date(date(2026, 10, 25)) == "25 October 2026"
