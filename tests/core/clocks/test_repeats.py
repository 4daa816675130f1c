"""The thresholds for going missing again, and for long, with every boundary decided."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.clocks.repeats import Triggered, repeat_triggers
from lodestar.store.playbooks import clock_rules

RULES = tuple(clock_rules(date(2026, 6, 4)).values())
NOW = datetime(2026, 6, 4, 12, 0, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def found(*days_ago: float, missing_since: datetime | None = None, now: datetime = NOW) -> dict[str, Triggered]:
    reports = [NOW - days * DAY for days in days_ago]
    judged = repeat_triggers(report_times=reports, missing_since=missing_since, now=now, rules=RULES)
    return {item.rule.event: item for item in judged}


def test_three_reports_in_ninety_days_are_reached_at_the_third() -> None:
    reached = found(0, 30, 90)["repeat_90"]
    assert reached.reached_at == reached.first_reached_at == NOW
    assert reached.counted == (NOW - 90 * DAY, NOW - 30 * DAY, NOW)


def test_a_report_ninety_one_days_before_does_not_count() -> None:
    assert "repeat_90" not in found(0, 30, 91)


def test_two_reports_never_reach_three() -> None:
    assert found(0, 1) == {}


def test_days_are_london_days_so_an_hour_never_loses_a_report() -> None:
    reports = [datetime(2026, 1, 1, 0, 10, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 4, 1, 22, tzinfo=UTC)]
    assert reports[-1] - reports[0] > 90 * DAY  # by the clock; by the calendar 1 April is ninety days after 1 January
    judged = repeat_triggers(report_times=reports, missing_since=None, now=reports[-1], rules=RULES)
    assert [item.rule.event for item in judged] == ["repeat_90"]


def test_more_than_three_in_twelve_months_means_the_fourth() -> None:
    assert "repeat_12m" not in found(0, 100, 200)
    reached = found(0, 100, 200, 365)["repeat_12m"]
    assert (reached.reached_at, len(reached.counted)) == (NOW, 4)


def test_twelve_months_are_counted_by_the_calendar_even_in_a_leap_year() -> None:
    last = datetime(2028, 3, 1, 9, 0, tzinfo=UTC)
    others = [last - 10 * DAY, last - 20 * DAY]
    a_year_before = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)  # 366 days before, and a year to the day
    for first, counts in ((a_year_before, True), (a_year_before - DAY, False)):
        judged = repeat_triggers(report_times=[first, *others, last], missing_since=None, now=last, rules=RULES)
        assert ("repeat_12m" in {item.rule.event for item in judged}) is counts


def test_seven_days_to_the_second_is_not_more_than_seven() -> None:
    assert "over_7_days" not in found(missing_since=NOW - 7 * DAY)
    reached = found(missing_since=NOW - 7 * DAY - SECOND)["over_7_days"]
    assert reached.reached_at == NOW - SECOND


def test_noticed_late_it_is_still_dated_when_it_was_reached() -> None:
    assert found(0, 30, 90, now=NOW + 40 * DAY)["repeat_90"].reached_at == NOW
    assert found(missing_since=NOW, now=NOW + 40 * DAY)["over_7_days"].reached_at == NOW + 7 * DAY


def test_reports_still_to_come_are_not_counted() -> None:
    assert found(-1, 0, 30) == {}


def test_each_further_report_reaches_it_afresh_and_says_since_when() -> None:
    reached = found(0, 10, 20, 30, 40)["repeat_90"]
    assert reached.reached_at == NOW
    assert reached.first_reached_at == NOW - 20 * DAY
    assert len(reached.counted) == 5


@given(st.lists(st.integers(0, 500), max_size=12), st.integers(0, 500))
def test_another_report_never_makes_a_threshold_harder_to_reach(days: list[int], extra: int) -> None:
    # Between the same newest report and the same now, one more report can only add to what is counted.
    before, after = found(0, *days), found(0, *days, extra)
    assert before.keys() <= after.keys()


@given(st.lists(st.integers(0, 500), max_size=12))
def test_the_order_in_which_reports_arrive_changes_nothing(days: list[int]) -> None:
    assert found(*days) == found(*reversed(days))
