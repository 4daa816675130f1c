"""Dormancy: alarms that only investigation ends, and a case of March 2016 whose detective leaves in April 2019."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.clocks.due import due_at
from lodestar.core.matters.desk import Done, Story
from lodestar.core.matters.online.deeds import DEEDS, PROGRESS
from lodestar.core.matters.online.dormancy import Alarm, Held, alarms, dormant
from lodestar.core.times import local_date
from lodestar.store.playbooks import calendars, clock_rules
from tests.core.matters.online.examples import items_on, told

RULE = clock_rules(date(2016, 3, 14))["ONL-DORMANT"]
DAY = timedelta(days=1)
OPENED = datetime(2016, 3, 14, 9, 30, tzinfo=UTC)
LEAVES = datetime(2019, 4, 12, 16, 0, tzinfo=UTC)
DETECTIVE, SUCCESSOR = 71, 72
MOVING = {"graded", "stage_finished", "contact_made", "cps_submitted", "cps_decided", "no_further_action", "online_case_closed"}
EDITS = sorted(DEEDS.keys() - PROGRESS - MOVING - {"online_case_reopened", "online_opened_in_error"})


def deed(number: int, code: str, at: datetime, **said: str) -> Done:
    return Done(number, code, at, at, DETECTIVE, said)


def case_of_2016() -> Story:
    """Researched in its first month, graded medium, looked at once more in 2018, and otherwise only written about."""
    worked = [
        deed(1, "referral_received", OPENED),
        deed(2, "ip_event_recorded", OPENED + DAY),
        deed(3, "deconfliction_recorded", OPENED + 2 * DAY),
        deed(4, "kirat_recorded", OPENED + 3 * DAY, band="medium"),
        deed(5, "graded", OPENED + 3 * DAY + timedelta(hours=1), level="medium"),
        deed(7, "corroboration_recorded", OPENED + 3 * DAY + timedelta(hours=2)),
        deed(8, "household_researched", datetime(2016, 4, 8, 11, 0, tzinfo=UTC)),
        deed(90, "suspect_researched", datetime(2018, 2, 1, 10, 0, tzinfo=UTC)),
    ]
    notes = [
        deed(100 + month, "intelligence_received", datetime(2016, 5, 1, 9, tzinfo=UTC) + month * 30 * DAY, what="Note updated")
        for month in range(30)
    ]
    done = tuple(sorted((*worked, *notes), key=lambda one: (one.at, one.id)))
    return told(state="referred", reported_at=OPENED, opened_at=OPENED, level="medium", done=done, checklist=items_on(date(2016, 3, 14)))


def raised(*, now: datetime) -> tuple[Alarm, ...]:
    holders = (Held(DETECTIVE, OPENED, LEAVES), Held(SUCCESSOR, datetime(2019, 9, 2, 8, tzinfo=UTC)))
    return alarms(story=case_of_2016(), rule=RULE, holders=holders, now=now)


def test_a_case_of_march_2016_raises_its_alarm_every_fortnight_to_whoever_held_it_and_to_nobody_once_the_detective_leaves() -> None:
    found = raised(now=datetime(2019, 12, 31, 12, tzinfo=UTC))
    days = [(local_date(alarm.due_at), alarm.number, alarm.held_by) for alarm in found]
    assert days[:2] == [(date(2016, 3, 31), 1, DETECTIVE), (date(2016, 4, 22), 1, DETECTIVE)]
    assert Counter(who for _, _, who in days) == {DETECTIVE: 79, None: 10, SUCCESSOR: 8}
    assert [day for day in days if day[2] is None] == [(date(2019, 4, 25) + number * 14 * DAY, 32 + number, None) for number in range(10)]
    assert days[-1] == (date(2019, 12, 19), 49, SUCCESSOR)


def test_the_one_piece_of_work_in_2018_ends_one_silence_and_begins_another() -> None:
    found = raised(now=datetime(2018, 3, 28, tzinfo=UTC))
    assert [(local_date(alarm.due_at), alarm.number) for alarm in found][-5:] == [
        (date(2018, 1, 12), 46), (date(2018, 1, 26), 47), (date(2018, 2, 15), 1), (date(2018, 3, 1), 2), (date(2018, 3, 15), 3),
    ]  # fmt: skip


def test_the_first_alarm_of_a_silence_is_when_the_clock_of_the_desk_is_due() -> None:
    found = raised(now=datetime(2019, 12, 31, tzinfo=UTC))
    for alarm in (alarm for alarm in found if alarm.number == 1):
        clock = due_at(rule=RULE, started_at=alarm.silent_since, level=alarm.level, calendars=calendars(date(2026, 6, 4)))
        assert clock.at == alarm.due_at


@given(st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 1300)), max_size=12), st.integers(30, 1300))
def test_no_edit_silences_moves_or_takes_away_an_alarm(edits: list[tuple[str, int]], days: int) -> None:
    story, now = case_of_2016(), OPENED + days * DAY
    more = tuple(deed(1000 + number, code, OPENED + day * DAY + timedelta(hours=3)) for number, (code, day) in enumerate(edits))
    edited = replace(story, done=tuple(sorted((*story.done, *more), key=lambda one: (one.at, one.id))))
    assert alarms(story=edited, rule=RULE, holders=(), now=now) == alarms(story=story, rule=RULE, holders=(), now=now)
    assert dormant(story=edited, rule=RULE, now=now) is dormant(story=story, rule=RULE, now=now)


@given(st.sampled_from(sorted(PROGRESS - MOVING)), st.integers(40, 1300))
def test_any_investigative_work_ends_the_silence(code: str, day: int) -> None:
    story, at = case_of_2016(), OPENED + day * DAY
    worked = replace(story, done=tuple(sorted((*story.done, deed(2000, code, at)), key=lambda one: (one.at, one.id))))
    assert not dormant(story=worked, rule=RULE, now=at + DAY)


@given(st.integers(0, 1300), st.integers(0, 400))
def test_what_was_raised_stays_raised_as_time_goes_on(day: int, further: int) -> None:
    story = case_of_2016()
    earlier = alarms(story=story, rule=RULE, holders=(), now=OPENED + day * DAY)
    later = alarms(story=story, rule=RULE, holders=(), now=OPENED + (day + further) * DAY)
    assert later[: len(earlier)] == earlier
    assert all(alarm.due_at <= OPENED + (day + further) * DAY for alarm in later)


def test_a_higher_level_in_the_middle_of_a_silence_brings_its_own_sooner_day() -> None:
    story = case_of_2016()
    higher = deed(3000, "graded", datetime(2016, 4, 12, 11, tzinfo=UTC), level="very_high")
    graded = replace(story, done=tuple(sorted((*story.done, higher), key=lambda one: (one.at, one.id))))
    found = alarms(story=graded, rule=RULE, holders=(), now=datetime(2016, 4, 20, tzinfo=UTC))
    assert [(local_date(alarm.due_at), alarm.level) for alarm in found[1:]] == [
        (date(2016, 4, 15), "very_high"),
        (date(2016, 4, 18), "very_high"),
    ]


def test_a_charged_case_is_not_dormant() -> None:
    story = case_of_2016()
    moved = [
        deed(4000, "immediate_risk_raised", datetime(2018, 2, 2, tzinfo=UTC)),
        deed(4001, "contact_made", datetime(2018, 2, 3, tzinfo=UTC)),
        deed(4002, "cps_submitted", datetime(2018, 2, 4, tzinfo=UTC), colour="red"),
        deed(4003, "cps_decided", datetime(2018, 2, 5, tzinfo=UTC), decision="charge"),
    ]
    charged = replace(story, done=tuple(sorted((*story.done, *moved), key=lambda one: (one.at, one.id))))
    assert not dormant(story=charged, rule=RULE, now=datetime(2019, 12, 31, tzinfo=UTC))
    assert dormant(story=story, rule=RULE, now=datetime(2019, 12, 31, tzinfo=UTC))
