"""The rule by which a closed commitment opens again by itself, tested over every course a measure could take."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.inspection.closing import ClosingRule, Point, may_close, slipped
from lodestar.core.inspection.commitments import ABOVE, BELOW, Target
from lodestar.core.words import Allowed

FIRST = date(2024, 1, 1)
values = st.one_of(st.none(), st.floats(0, 100, allow_nan=False))
signals = st.sampled_from(["", "", "", "better", "worse", "neutral"])
courses = st.lists(st.tuples(values, signals), min_size=1, max_size=30)
rules = st.builds(ClosingRule, periods=st.integers(1, 8), short=st.integers(1, 4), unknown=st.integers(1, 4))
targets = st.builds(Target, side=st.sampled_from([ABOVE, BELOW]), value=st.floats(5, 95))


def points(course: list[tuple[float | None, str]]) -> list[Point]:
    return [Point(FIRST + timedelta(days=31 * place), value, signal) for place, (value, signal) in enumerate(course)]


def good(target: Target) -> float:
    return target.value + 1 if target.side == ABOVE else target.value - 1


def bad(target: Target) -> float:
    return target.value - 1 if target.side == ABOVE else target.value + 1


@given(courses, targets, rules)
def test_what_may_be_closed_has_not_slipped(course: list[tuple[float | None, str]], target: Target, rule: ClosingRule) -> None:
    rows = points(course)
    found = may_close(points=rows, target=target, rule=rule, since=None)
    if isinstance(found, Allowed):
        window = rows[-rule.periods :]
        assert found.step == rows[-1].first_day
        assert all(point.value is not None and target.met_by(point.value) and not point.signal for point in window)
        assert slipped(points=rows, target=target, rule=rule, closed_through=found.step) is None
    else:
        assert found


@given(targets, rules, st.integers(0, 20))
def test_while_every_period_keeps_beyond_the_target_it_stays_closed(target: Target, rule: ClosingRule, more: int) -> None:
    rows = points([(good(target), "")] * (rule.periods + more))
    assert slipped(points=rows, target=target, rule=rule, closed_through=rows[rule.periods - 1].first_day) is None


@given(targets, rules, st.integers(0, 6))
def test_as_many_short_periods_as_the_rule_says_open_it_again_at_the_last_of_them(target: Target, rule: ClosingRule, kept: int) -> None:
    course = [(good(target), "")] * (rule.periods + kept) + [(bad(target), "")] * rule.short
    rows = points(course)
    slip = slipped(points=rows, target=target, rule=rule, closed_through=rows[rule.periods - 1].first_day)
    assert slip is not None
    assert (slip.code, slip.first_day) == ("short", rows[-1].first_day)
    assert slipped(points=rows[:-1], target=target, rule=rule, closed_through=rows[rule.periods - 1].first_day) is None


@given(courses, targets, rules, courses)
def test_a_slip_is_not_undone_by_what_comes_after(
    course: list[tuple[float | None, str]], target: Target, rule: ClosingRule, after: list[tuple[float | None, str]]
) -> None:
    closed = FIRST - timedelta(days=1)
    slip = slipped(points=points(course), target=target, rule=rule, closed_through=closed)
    if slip is not None:
        assert slipped(points=points([*course, *after]), target=target, rule=rule, closed_through=closed) == slip


@given(courses, targets, rules, st.data())
def test_a_worse_period_never_keeps_closed_what_a_better_one_opens(
    course: list[tuple[float | None, str]], target: Target, rule: ClosingRule, data: st.DataObject
) -> None:
    closed = FIRST - timedelta(days=1)
    slip = slipped(points=points(course), target=target, rule=rule, closed_through=closed)
    known = [place for place, (value, _) in enumerate(course) if value is not None]
    if slip is None or not known:
        return
    place = data.draw(st.sampled_from(known))
    worse = [*course]
    worse[place] = (bad(target), course[place][1])
    again = slipped(points=points(worse), target=target, rule=rule, closed_through=closed)
    assert again is not None
    assert again.first_day <= slip.first_day


@given(courses, targets, rules)
def test_what_came_before_the_closing_never_opens_it(course: list[tuple[float | None, str]], target: Target, rule: ClosingRule) -> None:
    rows = points(course)
    assert slipped(points=rows, target=target, rule=rule, closed_through=rows[-1].first_day) is None


@given(courses, targets, rules)
def test_a_period_nobody_knows_is_never_beyond_the_target(
    course: list[tuple[float | None, str]], target: Target, rule: ClosingRule
) -> None:
    rows = points([*course, (None, "")])
    assert not isinstance(may_close(points=rows, target=target, rule=rule, since=None), Allowed)


@given(courses, targets, rules, st.integers(0, 29))
def test_after_a_reopening_only_the_periods_since_then_count(
    course: list[tuple[float | None, str]], target: Target, rule: ClosingRule, at: int
) -> None:
    rows = points(course)
    since = rows[min(at, len(rows) - 1)].first_day
    fresh = [point for point in rows if point.first_day > since]
    found = may_close(points=rows, target=target, rule=rule, since=since)
    assert found == may_close(points=fresh, target=target, rule=rule, since=None)
    if len(fresh) < rule.periods:
        assert not isinstance(found, Allowed)


def test_a_signal_for_the_worse_opens_it_at_once_and_one_for_the_better_does_not() -> None:
    rule, target = ClosingRule(2, 3, 3), Target(ABOVE, 0.9)
    rows = points([(0.95, ""), (0.95, ""), (0.99, "better"), (0.93, "worse")])
    slip = slipped(points=rows, target=target, rule=rule, closed_through=rows[1].first_day)
    assert slip is not None
    assert (slip.code, slip.first_day) == ("signal", rows[3].first_day)
    assert "for the worse" in slip.sentence


def test_a_period_without_a_figure_between_two_short_ones_does_not_save_it() -> None:
    rule, target = ClosingRule(1, 2, 3), Target(ABOVE, 0.9)
    rows = points([(0.95, ""), (0.8, ""), (None, ""), (0.8, "")])
    slip = slipped(points=rows, target=target, rule=rule, closed_through=rows[0].first_day)
    assert slip is not None
    assert slip.first_day == rows[3].first_day


def test_without_a_measure_nothing_closes() -> None:
    found = may_close(points=(), target=None, rule=ClosingRule(1, 1, 1), since=None)
    assert not isinstance(found, Allowed)
    assert found[0].code == "closing.no_measure"


def test_a_rule_of_no_periods_is_refused() -> None:
    with pytest.raises(ValueError, match="one period or more"):
        ClosingRule(0, 1, 1)
