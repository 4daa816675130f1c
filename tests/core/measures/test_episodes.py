"""How long an episode lasted: each edge case of the catalogue, decided once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lodestar.core.measures.cohort import cohort, merged
from lodestar.core.measures.episodes import HOUR, age_at_start, backdated, local_period, observe, on_the_hour
from lodestar.core.measures.found import mature_exact
from lodestar.core.times import LONDON
from tests.core.measures.making import CUT, JUNE, START, episode, lasting
from tests.core.measures.making import HOUR as AN_HOUR


def test_elapsed_time_is_what_counts_when_the_clocks_go_back() -> None:
    start = datetime(2025, 10, 25, 12, 0, tzinfo=LONDON)
    end = datetime(2025, 10, 26, 11, 30, tzinfo=LONDON)
    row = observe(episode(reported_at=start, located_at=end), clock="police", as_of=CUT)
    assert row.duration == 24.5 * HOUR


def test_elapsed_time_is_what_counts_when_the_clocks_go_forward() -> None:
    start = datetime(2026, 3, 28, 12, 0, tzinfo=LONDON)
    end = datetime(2026, 3, 29, 12, 0, tzinfo=LONDON)
    row = observe(episode(reported_at=start, located_at=end), clock="police", as_of=CUT)
    assert row.duration == 23 * HOUR


def test_maturity_is_elapsed_time_too() -> None:
    # Half past eleven on the day the clocks went back is 24 hours and a half after noon the day before.
    row = episode(reported_at=datetime(2025, 10, 25, 12, 0, tzinfo=LONDON), birth_date=date(2012, 2, 1))
    cut = datetime(2025, 10, 26, 11, 30, tzinfo=LONDON)
    period = local_period(first=date(2025, 10, 1), until=date(2025, 11, 1))
    assert mature_exact(cohort(episodes=[row], period=period, as_of=cut), hours=24) == 0
    earlier = cut - timedelta(minutes=31)
    assert mature_exact(cohort(episodes=[row], period=period, as_of=earlier), hours=24) is None


def test_a_time_without_a_zone_and_bounds_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        episode(reported_at=START.replace(tzinfo=None))
    with pytest.raises(ValueError, match="earlier to the later"):
        episode(end_bounds=(START + AN_HOUR, START))


def test_found_before_the_report_lasted_nought_and_counts_as_an_end() -> None:
    row = observe(lasting(0, -2), clock="police", as_of=CUT)
    assert (row.duration, row.ended, row.before_record) == (0, True, True)


def test_still_missing_is_censored_at_the_cut() -> None:
    row = observe(lasting(0, None), clock="police", as_of=START + 30 * AN_HOUR)
    assert (row.duration, row.ended, row.ending) == (30 * HOUR, False, "open")


def test_what_was_found_after_the_cut_was_still_missing_at_it() -> None:
    row = observe(lasting(0, 50), clock="police", as_of=START + 30 * AN_HOUR)
    assert (row.duration, row.ending) == (30 * HOUR, "open")


def test_closing_is_paperwork_and_the_return_stands_in_for_the_finding() -> None:
    row = observe(episode(closed_at=START + AN_HOUR), clock="police", as_of=CUT)
    assert row.ending == "open"
    back = episode(closed_at=START + AN_HOUR, returned_at=START + 5 * AN_HOUR)
    assert observe(back, clock="police", as_of=CUT).duration == 5 * HOUR


def test_a_transfer_to_another_force_censors_there() -> None:
    moved = lasting(0, 40, transferred_at=START + 10 * AN_HOUR)
    row = observe(moved, clock="police", as_of=CUT)
    assert (row.duration, row.ended, row.ending) == (10 * HOUR, False, "transferred")


def test_a_transfer_after_the_finding_or_after_the_cut_changes_nothing() -> None:
    late = lasting(0, 4, transferred_at=START + 10 * AN_HOUR)
    assert observe(late, clock="police", as_of=CUT).ending == "found"
    assert observe(late, clock="police", as_of=START + 3 * AN_HOUR).ending == "open"


def test_a_death_is_never_a_finding_and_stays_at_risk_to_the_cut() -> None:
    died = lasting(0, 6, died_at=START + 2 * AN_HOUR)
    row = observe(died, clock="police", as_of=START + 100 * AN_HOUR)
    assert (row.duration, row.ended, row.ending) == (100 * HOUR, False, "died")


def test_a_death_ends_the_missing_time_when_the_child_was_located() -> None:
    died = lasting(0, 6, died_at=START + 2 * AN_HOUR)
    row = observe(died, clock="police", as_of=CUT, death_ends=True)
    assert (row.duration, row.ended) == (6 * HOUR, True)
    nowhere = episode(died_at=START + 2 * AN_HOUR)
    assert observe(nowhere, clock="police", as_of=CUT, death_ends=True).duration == 2 * HOUR


def test_a_death_after_the_finding_is_not_a_death_while_missing() -> None:
    assert observe(lasting(0, 6, died_at=START + 20 * AN_HOUR), clock="police", as_of=CUT).ending == "found"


def test_a_death_before_the_transfer_stays_a_death() -> None:
    died = episode(died_at=START + 2 * AN_HOUR, transferred_at=START + 5 * AN_HOUR)
    assert observe(died, clock="police", as_of=CUT).ending == "died"


def test_an_end_at_a_time_not_known_counts_at_its_latest_and_keeps_its_earliest() -> None:
    vague = episode(end_bounds=(START + 3 * AN_HOUR, START + 30 * AN_HOUR))
    row = observe(vague, clock="police", as_of=CUT)
    assert (row.duration, row.shortest, row.ended) == (30 * HOUR, 3 * HOUR, True)
    assert observe(vague, clock="police", as_of=START + 20 * AN_HOUR).duration == 20 * HOUR


def test_the_childs_clock_starts_when_last_known_safe() -> None:
    row = lasting(0, 5, since_from=START - 6 * AN_HOUR, since_to=START - 3 * AN_HOUR)
    lengths = [observe(row, clock=clock, as_of=CUT).duration for clock in ("police", "child", "child_earliest")]
    assert lengths == [5 * HOUR, 8 * HOUR, 11 * HOUR]
    with pytest.raises(ValueError, match="no such clock"):
        row.start("closing")


def test_an_episode_without_a_start_cannot_be_observed() -> None:
    with pytest.raises(ValueError, match="needs a start"):
        observe(episode(reported_at=None), clock="police", as_of=CUT)


def test_a_29_february_birthday_counts_on_1_march() -> None:
    born = date(2008, 2, 29)
    last_child = episode(birth_date=born, reported_at=datetime(2026, 2, 28, 23, 59, tzinfo=UTC))
    grown = episode(birth_date=born, reported_at=datetime(2026, 3, 1, 0, 0, tzinfo=UTC))
    assert (age_at_start(last_child, clock="police"), age_at_start(grown, clock="police")) == (17, 18)


def test_age_goes_by_the_london_date_and_a_birth_after_the_start_is_not_known() -> None:
    # Five to midnight in UTC on 3 June is already 4 June in London.
    birthday = episode(birth_date=date(2008, 6, 4), reported_at=datetime(2026, 6, 3, 23, 55, tzinfo=UTC))
    assert age_at_start(birthday, clock="police") == 18
    assert age_at_start(episode(birth_date=date(2027, 1, 1)), clock="police") is None


def test_a_child_who_turns_eighteen_while_missing_stays_a_child_episode() -> None:
    turning = lasting(0, 48, birth_date=date(2008, 6, 5))
    group = cohort(episodes=[turning], period=JUNE, as_of=CUT, age_under=18)
    assert len(group.observed) == 1


def test_a_period_is_half_open_at_london_midnights_and_an_episode_belongs_to_its_start() -> None:
    june = local_period(first=date(2026, 6, 1), until=date(2026, 7, 1))
    assert june == JUNE
    rows = [
        lasting(1, 2, reported_at=JUNE.from_at),
        lasting(2, 50, reported_at=JUNE.until_at - timedelta(microseconds=1)),
        lasting(3, 2, reported_at=JUNE.until_at),
    ]
    group = cohort(episodes=rows, period=june, as_of=CUT)
    assert [row.episode.id for row in group.observed] == ["1", "2"]


def test_what_is_left_out_is_counted() -> None:
    rows = [
        episode(1, opened_in_error=True),
        episode(2, reported_at=None, recorded_at=START),
        episode(3, reported_at=None),
        episode(4, reported_at=None, recorded_at=START - timedelta(days=90)),
        episode(5, birth_date=None),
        lasting(6, 2),
        lasting(7, 2, birth_date=date(1990, 1, 1)),
    ]
    group = cohort(episodes=rows, period=JUNE, as_of=CUT, age_under=18)
    assert (len(group.observed), group.opened_in_error, group.no_start, group.age_not_known) == (1, 1, 2, 1)


def test_an_episode_after_the_cut_is_not_known_yet() -> None:
    assert cohort(episodes=[lasting(0, 2)], period=JUNE, as_of=START - AN_HOUR).observed == ()


def test_missing_again_within_the_hour_is_joined_only_in_the_sensitivity_line() -> None:
    rows = [
        lasting(1, 2, child="a"),
        lasting(2, 30, child="a", reported_at=START + 2.5 * AN_HOUR),
        lasting(3, 1, child="a", reported_at=START + 60 * AN_HOUR),
        lasting(4, 1, child="b", reported_at=START + 2.5 * AN_HOUR),
    ]
    joined = {row.id: row for row in merged(rows, gap=AN_HOUR)}
    assert joined.keys() == {"1", "3", "4"}
    assert joined["1"].located_at == rows[1].located_at
    assert len(merged(rows, gap=0.5 * AN_HOUR)) == 4


def test_backdated_and_written_up_ends_are_seen() -> None:
    assert backdated(episode(recorded_at=START + timedelta(minutes=61)), minutes=60)
    assert not backdated(episode(recorded_at=START + timedelta(minutes=60)), minutes=60)
    assert on_the_hour(lasting(0, 2.5))
    assert not on_the_hour(lasting(0, 2.1))
