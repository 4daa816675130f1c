"""The wrong door: addresses, ports and times before anybody relies on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.matters.online.identifiers import convert, is_checked
from tests.core.matters.online.replay import CHECKER, OFFICER, Case

EVENT = datetime(2026, 2, 11, 21, 14, 9, tzinfo=UTC)


def codes(refusals: object) -> set[str]:
    return {refusal.code for refusal in refusals}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"entered": "typed", "source_document": "none"}, "online.identifier_source"),
        ({"source_document": "the email"}, "online.identifier_source"),
        ({"ip": "81.2.69"}, "online.identifier_address"),
        ({"ip": "81.2.69.142:50122"}, "online.identifier_address"),
        ({"ip": "192.168.1.4"}, "online.identifier_private"),
        ({"ip": "100.72.1.9"}, "online.identifier_private"),
        ({"ip": "fe80::1"}, "online.identifier_private"),
        ({"port": "0"}, "online.identifier_port"),
        ({"port": "65536"}, "online.identifier_port"),
        ({"port": "50,122"}, "online.identifier_port"),
        ({"zone": "PST"}, "online.identifier_conversion"),
        ({"zone": "+01:00"}, "online.identifier_conversion"),
        ({"time_text": "2026-12-11 21:14:09", "converted_at": "2026-12-11T21:14:09+00:00"}, "online.identifier_future"),
    ],
)
def test_an_event_that_would_mislead_is_refused(said: dict[str, str], code: str) -> None:
    assert codes(Case().record("ip_event_recorded", **said)) == {code}


def test_a_typed_address_with_no_source_at_all_is_refused() -> None:
    refused = Case().record("ip_event_recorded", entered="typed", source_document="")
    assert {refusal.field for refusal in refused} == {"source_document"}


def test_an_event_without_a_port_says_who_was_asked_for_it() -> None:
    case = Case()
    refused = case.record("ip_event_recorded", port_given="no", port="", port_asked="")
    assert [refusal.field for refusal in refused] == ["port_asked"]
    case.must("ip_event_recorded", port_given="no", port="", port_asked="Provider's desk, 3 June")


def test_an_address_of_either_version_is_kept() -> None:
    for address in ("81.2.69.142", "2a00:23c4:1b2:4400::7", "203.0.113.9"):
        Case().must("ip_event_recorded", ip=address)


def test_the_second_person_is_another_person_and_reads_the_source_afresh() -> None:
    case = Case()
    case.must("ip_event_recorded", by=OFFICER)
    assert codes(case.record("time_zone_checked", by=OFFICER)) == {"online.identifier_same_person"}
    assert codes(case.record("time_zone_checked", by=CHECKER, read_from="as above")) == {"online.identifier_check_source"}
    assert not is_checked(story=case.story, event=case.story.done[0])
    case.must("time_zone_checked", by=CHECKER)
    assert is_checked(story=case.story, event=case.story.done[0])


def test_a_check_by_the_person_who_recorded_the_event_is_none_however_it_got_on_record() -> None:
    case = Case()
    case.must("ip_event_recorded")
    case.must("time_zone_checked", by=CHECKER)
    own = tuple(replace(done, by=OFFICER) for done in case.story.done)  # as a careless import would have it
    assert not is_checked(story=replace(case.story, done=own), event=own[0])


@pytest.mark.parametrize("said", [{"converted_at": "2026-02-11T20:14:09+00:00"}, {"address_agrees": "no"}])
def test_a_check_that_disagrees_leaves_the_event_unreliable(said: dict[str, str]) -> None:
    case = Case()
    case.must("ip_event_recorded")
    case.must("ip_event_recorded")
    case.must("time_zone_checked", by=CHECKER, event="1")
    case.must("time_zone_checked", by=CHECKER, event="2", **said)
    refused = case.record("ip_events_compared", first="1", second="2")
    assert [(refusal.code, refusal.field) for refusal in refused] == [("online.identifier_unchecked", "second")]


def test_one_event_is_not_compared_with_itself_nor_with_something_else() -> None:
    case = Case()
    case.must("ip_event_recorded")
    case.must("time_zone_checked", by=CHECKER)
    assert codes(case.record("ip_events_compared", first="1", second="1")) == {"online.identifier_two_events"}
    assert codes(case.record("ip_events_compared", first="1", second="2")) == {"online.identifier_two_events"}


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2026-02-11 21:14:09", "UTC", EVENT),
        ("2026-02-11T21:14:09Z", "as written", EVENT),
        ("2026-02-11 13:14:09", "PST", EVENT),
        ("2026-02-11 22:14:09", "UTC+1", EVENT),
        ("2026-02-12 02:44:09", "+05:30", EVENT),
        ("11/02/2026 21:14:09", "Europe/London", EVENT),
        ("2026-07-01 10:00:00", "Europe/London", datetime(2026, 7, 1, 9, tzinfo=UTC)),
        ("2026-10-25 01:30:00", "Europe/London", None),  # came twice
        ("2026-03-29 01:30:00", "Europe/London", None),  # never came
        ("the evening of the 11th", "UTC", None),
        ("2026-02-11 21:14:09", "their time", None),
    ],
)
def test_the_source_s_own_words_are_read_where_they_can_be_read_for_certain(text: str, zone: str, instant: datetime | None) -> None:
    assert convert(text=text, zone=zone) == instant


@given(st.datetimes(datetime(2016, 1, 1), datetime(2027, 12, 31)), st.integers(-12, 14))
def test_a_time_and_its_offset_always_mean_one_instant(wall: datetime, hours: int) -> None:
    wall = wall.replace(microsecond=0)
    found = convert(text=f"{wall:%Y-%m-%d %H:%M:%S}", zone=f"UTC{hours:+d}")
    assert found == (wall - timedelta(hours=hours)).replace(tzinfo=UTC)
