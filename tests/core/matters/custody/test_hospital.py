"""A child in hospital: what is left out of the 24 hours, which questioning counts, and when the court is owed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestar.core.matters.custody import hospital
from lodestar.core.matters.custody.desk import CUSTODY_DESK
from lodestar.core.matters.desk import Attempt, Done, Story
from lodestar.core.matters.owed import Clock, clocks_of
from lodestar.core.matters.replay import live
from lodestar.store.playbooks import calendars, clock_rules
from tests.core.matters.custody.asking import DAY, NEXT, asked, at, codes, due, owed

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
STARTS = st.one_of(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)).map(lambda t: t.replace(second=0, microsecond=0)),
    # Around the nights on which the clocks change in London.
    st.integers(0, 48 * 60).map(lambda m: datetime(2026, 10, 24, tzinfo=UTC) + m * MINUTE),
    st.integers(0, 48 * 60).map(lambda m: datetime(2026, 3, 28, tzinfo=UTC) + m * MINUTE),
)
# A stay: minutes until it, its length, and what of it was questioning, as shares of it.
STAYS = st.lists(st.tuples(st.integers(1, 200), st.integers(1, 300), st.lists(st.integers(0, 100), max_size=4).map(sorted)), max_size=4)


def told(start: datetime, stays: list[tuple[int, int, list[int]]], *, purpose: str = "treatment", fit: str = "no") -> list[Done]:
    """A detention and its stays, one after the other."""
    done = [Done(1, "detention_authorised", start, start, 2, {"authorised_at": start.isoformat(), "relevant_time": start.isoformat()})]

    def add(code: str, when: datetime, **said: str) -> None:
        done.append(Done(len(done) + 1, code, when, when, 2, said))

    now = start
    for wait, length, shares in stays:
        gone, now = now + wait * MINUTE, now + (wait + length) * MINUTE
        add(hospital.GONE, gone, purpose=purpose, well_enough=fit)
        for since, until in _pairs(gone, length, shares):
            add(hospital.QUESTIONED, until, from_at=since.isoformat(), until_at=until.isoformat())
        add(hospital.BACK, now)
    return done


def _pairs(gone: datetime, length: int, shares: list[int]) -> list[tuple[datetime, datetime]]:
    minutes = [gone + (share * length // 100) * MINUTE for share in shares]
    return [(since, until) for since, until in zip(minutes[::2], minutes[1::2], strict=False) if since < until]


def story(start: datetime) -> Story:
    return Story("custody", "detained", start, start)


def clock(start: datetime, done: list[Done], code: str) -> Clock:
    lived = live(desk=CUSTODY_DESK, story=story(start), done=done)
    found = clocks_of(desk=CUSTODY_DESK, lived=lived, rules_on=clock_rules, calendars_on=calendars)
    return [one for one in found if one.rule.code == code][-1]


def held_minutes(done: list[Done]) -> set[datetime]:
    """Every minute in hospital in which nobody was questioned, by counting."""
    found: set[datetime] = set()
    gone = done[0].at
    for one in done:
        if one.code == hospital.GONE:
            gone = one.at
        if one.code == hospital.BACK:
            found |= {gone + number * MINUTE for number in range((one.at - gone) // MINUTE)}
    for one in done:
        if one.code == hospital.QUESTIONED:
            since, until = (datetime.fromisoformat(one.said[name]) for name in ("from_at", "until_at"))
            found -= {since + number * MINUTE for number in range((until - since) // MINUTE)}
    return found


@settings(deadline=None)
@given(STARTS, STAYS)
def test_the_24_hours_are_made_up_of_every_minute_that_counts_and_no_other(start: datetime, stays: list[Any]) -> None:
    done = told(start, stays)
    held, now, counted = held_minutes(done), start, 0
    while counted < 24 * 60:
        counted += now not in held
        now += MINUTE
    assert clock(start, done, "CUS-24-HOURS").due_at == now


@settings(deadline=None)
@given(STARTS, STAYS)
def test_a_stay_never_brings_the_limit_forward_and_questioning_never_puts_it_off(start: datetime, stays: list[Any]) -> None:
    quiet = [(wait, length, []) for wait, length, _ in stays]
    times = [clock(start, told(start, quiet[:number]), "CUS-24-HOURS").due_at for number in range(len(quiet) + 1)]
    assert times == sorted(times) and times[0] == start + 24 * HOUR
    assert times[0] <= clock(start, told(start, stays), "CUS-24-HOURS").due_at <= times[-1]


@settings(deadline=None)
@given(STARTS, STAYS)
def test_going_so_that_evidence_can_be_got_holds_nothing(start: datetime, stays: list[Any]) -> None:
    assert clock(start, told(start, stays, purpose="evidence"), "CUS-24-HOURS").due_at == start + 24 * HOUR


@settings(deadline=None)
@given(STARTS, STAYS, st.integers(-400, 4000), st.integers(0, 400))
def test_of_two_stays_that_overlap_the_second_is_refused(start: datetime, stays: list[Any], since: int, length: int) -> None:
    done = told(start, stays)
    now = live(desk=CUSTODY_DESK, story=story(start), done=done).story
    gone, back = start + since * MINUTE, start + (since + length) * MINUTE
    going = Attempt(now, hospital.GONE, {"purpose": "treatment"}, gone, 2, start + 9999 * MINUTE)
    stood = [stay.period for stay in hospital.spells(story=now)]
    if any(gone < (one.until_at or back) and one.from_at < back for one in stood):
        assert CUSTODY_DESK.refuse(going)
    elif all((one.until_at or back) <= gone for one in stood):
        assert not CUSTODY_DESK.refuse(going)


@settings(deadline=None)
@given(STARTS, STAYS, st.integers(-50, 2200), st.integers(-50, 300))
def test_questioning_is_taken_only_within_one_stay_and_no_minute_twice(start: datetime, stays: list[Any], since: int, length: int) -> None:
    now = live(desk=CUSTODY_DESK, story=story(start), done=told(start, stays)).story
    begins, ends = start + since * MINUTE, start + (since + length) * MINUTE
    said = {"from_at": begins.isoformat(), "until_at": ends.isoformat()}
    refused = CUSTODY_DESK.refuse(Attempt(now, hospital.QUESTIONED, said, ends, 2, start + 9999 * MINUTE))
    within = any(one.period.from_at <= begins and ends <= (one.period.until_at or ends) for one in hospital.spells(story=now))
    twice = any(begins < (one.until_at or ends) and one.from_at < ends for one in hospital.questioned(story=now))
    assert bool(refused) is not (begins < ends and within and not twice)


STAY = {"left_at": f"{DAY}18:00:00+01:00", "back_at": f"{DAY}21:00:00+01:00"}
ASKED = {"from": f"{DAY}19:00:00+01:00", "until": f"{DAY}19:30:00+01:00"}


def detained(**parts: Any) -> Any:
    times = {"detention_authorised_at": f"{DAY}09:00:00+01:00"}
    return asked(**{"charges": None, "bail": None, "times": times, **parts})


def test_three_hours_in_hospital_with_half_an_hour_of_questions_put_the_24_hours_off_by_two_and_a_half() -> None:
    found = detained(hospital=[{**STAY, "questioned": [ASKED]}])
    assert not found.refused
    assert due(found, "CUS-24-HOURS") == at(f"{NEXT}11:30:00+01:00")
    assert due(found, "CUS-REVIEW-NEXT") == at(f"{DAY}23:30:00+01:00"), "reviews stand"


def test_while_the_child_is_there_the_24_hours_are_held_however_long_it_takes() -> None:
    found = detained(hospital=[{"left_at": STAY["left_at"]}], now="2026-06-06T12:00:00+01:00")
    (limit,) = (one for one in found.owed if one.rule.code == "CUS-24-HOURS")
    assert limit.held and limit.due_at == at(f"{NEXT}09:00:00+01:00")


def test_over_the_night_the_clocks_go_back_three_hours_in_hospital_are_three_elapsed_hours() -> None:
    times = {"detention_authorised_at": "2026-10-24T20:00:00+01:00"}
    stay = {"left_at": "2026-10-25T00:30:00+01:00", "back_at": "2026-10-25T02:30:00+00:00"}
    found = detained(times=times, reviews=None, hospital=[stay], now="2026-10-25T03:00:00+00:00")
    assert due(found, "CUS-24-HOURS") == at("2026-10-25T22:00:00+00:00")


@pytest.mark.parametrize(("stays", "refused"), [
    ([{**STAY, "back_at": f"{DAY}17:00:00+01:00"}], "custody.not_in_hospital"),
    ([STAY, {"left_at": f"{DAY}20:00:00+01:00"}], "custody.in_hospital"),
    ([{**STAY, "questioned": [{"from": f"{DAY}17:30:00+01:00", "until": f"{DAY}18:30:00+01:00"}]}], "custody.questioned_outside"),
    ([{**STAY, "questioned": [{"from": f"{DAY}20:30:00+01:00", "until": f"{DAY}21:30:00+01:00"}]}], "custody.questioned_outside"),
    ([{**STAY, "questioned": [ASKED, ASKED]}], "custody.questioned_twice"),
    ([{**STAY, "questioned": [{"from": ASKED["until"], "until": ASKED["from"]}]}], "custody.questioned_backwards"),
])  # fmt: skip
def test_what_cannot_be_true_of_a_stay_is_refused(stays: list[Any], refused: str) -> None:
    assert refused in codes(detained(hospital=stays))


def test_late_records_are_refused_where_they_contradict_each_other() -> None:
    start = datetime(2026, 6, 4, 8, tzinfo=UTC)
    done = told(start, [(60, 120, [25, 75])])
    now = live(desk=CUSTODY_DESK, story=story(start), done=done[:-1]).story

    def code(what: str, when: datetime, **said: str) -> set[str]:
        return {gap.code for gap in CUSTODY_DESK.refuse(Attempt(now, what, said, when, 2, start + 4 * HOUR))}

    assert code(hospital.BACK, start) == {"custody.back_before_going"}
    assert code(hospital.BACK, start + 2 * HOUR) == {"custody.back_before_questioned"}
    later = {"from_at": (start + 4 * HOUR - MINUTE).isoformat(), "until_at": (start + 5 * HOUR).isoformat()}
    assert code(hospital.QUESTIONED, start + 4 * HOUR, **later) == {"custody.questioned_future"}
    assert code(hospital.QUESTIONED, start + 4 * HOUR) == {"custody.questioned_times"}


SITTING = [f"{NEXT}10:00:00+01:00"]
UNWELL = {"left_at": f"{DAY}20:00:00+01:00", "well_enough": False}


def test_no_court_is_owed_a_child_who_is_in_hospital_and_not_well_enough() -> None:
    found = asked(courts=SITTING, hospital=[UNWELL], now=f"{NEXT}15:00:00+01:00")
    (court,) = (one for one in found.owed if one.rule.code == "CUS-FIRST-COURT")
    assert court.held
    well = asked(courts=SITTING, hospital=[{**UNWELL, "well_enough": True}], now=f"{NEXT}15:00:00+01:00")
    assert not next(one for one in well.owed if one.rule.code == "CUS-FIRST-COURT").held, "well enough: owed all the same"


def test_back_in_time_the_sitting_stands() -> None:
    found = asked(courts=SITTING, hospital=[{**UNWELL, "back_at": f"{NEXT}06:00:00+01:00"}])
    assert due(found, "CUS-FIRST-COURT") == at(SITTING[0])


def test_where_the_court_passed_meanwhile_one_is_owed_anew_from_the_return() -> None:
    stay = {**UNWELL, "back_at": f"{NEXT}12:00:00+01:00"}
    found = asked(courts=SITTING, hospital=[{**stay, "sitting": "2026-06-06T10:00:00+01:00"}])
    assert due(found, "CUS-FIRST-COURT") == at("2026-06-06T10:00:00+01:00")
    unsaid = asked(courts=SITTING, hospital=[stay])
    assert due(unsaid, "CUS-FIRST-COURT") == at("2026-06-06T23:59:00+01:00") == hospital.court_due(story=unsaid.story)


def test_a_court_missed_before_the_child_fell_ill_stays_missed() -> None:
    stay = {**UNWELL, "left_at": f"{NEXT}11:00:00+01:00", "back_at": f"{NEXT}15:00:00+01:00"}
    assert due(asked(courts=SITTING, hospital=[stay]), "CUS-FIRST-COURT") == at(SITTING[0])


def test_the_page_says_since_when_the_child_is_in_hospital() -> None:
    found = asked(hospital=[UNWELL])
    assert ("In hospital", "since 4 June 2026 at 8pm") in CUSTODY_DESK.summary(found.story, at(f"{DAY}21:00:00+01:00"))


def test_every_hold_that_a_clock_names_is_one_that_the_desk_gives() -> None:
    named = {rule.held_by for rule in clock_rules(at(f"{DAY}09:00:00+01:00").date()).values() if rule.matter == "custody"} - {""}
    assert named == {one.name for one in hospital.holds(story(at(f"{DAY}09:00:00+01:00")))}
    assert "CUS-24-HOURS" in owed(detained())
