"""Many groups in one pass, two ways of counting, a horizon, and episodes that came under observation late."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from lodestar.core.measures.curves import kaplan_meier_groups
from lodestar.core.measures.survival import Curve, at, band, kaplan_meier, quantile, restricted_mean, survival_exact
from lodestar.core.measures.tally import TABLE_FROM, Lives, by_sorting, by_table, tally

ROWS = st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.integers(0, 4)), min_size=1, max_size=80)
LATE = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20), st.booleans()), min_size=1, max_size=40)
FIELDS = ("times", "at_risk", "events", "censored", "survival", "greenwood")


def columns(rows: list[tuple[int, bool, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    times, marks, groups = zip(*rows, strict=True)
    return np.array(times, dtype=np.int32), np.array(marks), np.array(groups, dtype=np.uint8)


def same(one: Curve, other: Curve) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in FIELDS) and one.later == other.later


@given(ROWS, st.one_of(st.none(), st.integers(0, 30)), st.booleans())
def test_each_group_is_what_it_is_alone_to_the_last_bit(rows: list[tuple[int, bool, int]], until: int | None, whole: bool) -> None:
    times, marks, groups = columns(rows)
    given_times = times if whole else times / 7
    horizon = until if whole or until is None else until / 7
    found = kaplan_meier_groups(times=given_times, events=marks, groups=groups, count=5, until=horizon)
    assert len(found) == 5
    lower, upper = band(found)
    for group in range(5):
        mine = groups == group
        if not mine.any():
            with pytest.raises(ValueError, match="nobody"):
                found.of(group)
            continue
        alone = kaplan_meier(times=given_times[mine], events=marks[mine], until=horizon)
        assert same(found.of(group), alone)
        for all_of_them, own in zip((lower, upper), band(alone), strict=True):
            assert np.array_equal(all_of_them[found.rows(group)], own, equal_nan=True)


@given(ROWS, st.integers(0, 30))
def test_counting_into_a_table_is_sorting(rows: list[tuple[int, bool, int]], until: int) -> None:
    times, marks, groups = columns(rows)
    lives = Lives(times, marks, groups, 5)
    low = int(times.min())
    if until < low:
        return
    table, sort = by_table(lives, low=low, high=until), by_sorting(lives, until=until)
    for name in ("times", "exits", "events", "starts", "later"):
        assert np.array_equal(getattr(table, name), getattr(sort, name)), name


def test_a_large_column_of_minutes_is_counted_and_comes_out_as_sorted() -> None:
    rng = np.random.default_rng(8)
    size = TABLE_FROM + 70_000  # more than one piece
    lives = Lives(rng.integers(-20, 900, size), rng.random(size) < 0.9, rng.integers(0, 7, size), 7)
    counted, sorted_ones = tally(lives, until=700), by_sorting(lives, until=700)
    for name in ("times", "exits", "events", "starts", "later"):
        assert np.array_equal(getattr(counted, name), getattr(sorted_ones, name)), name


@given(ROWS, st.integers(0, 30))
def test_up_to_its_horizon_a_curve_is_the_whole_one(rows: list[tuple[int, bool, int]], until: int) -> None:
    times, marks, _ = columns(rows)
    whole, cut = kaplan_meier(times=times, events=marks), kaplan_meier(times=times, events=marks, until=until)
    assert cut.n == whole.n
    for time in range(until + 1):
        assert at(cut, time) == at(whole, time)
        assert survival_exact(cut, time) == survival_exact(whole, time)
    assert restricted_mean(cut, until=until) == restricted_mean(whole, until=until)
    for asked in (lambda: at(cut, until + 0.5), lambda: restricted_mean(cut, until=until + 0.5)):
        with pytest.raises(ValueError, match="only as far as"):
            asked()


def test_a_flat_half_that_goes_on_beyond_the_horizon_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="goes on beyond"):
        quantile(kaplan_meier(times=[1, 2, 9, 9], events=[1, 1, 1, 1], until=5))


@pytest.mark.parametrize(
    ("groups", "count", "sentence"),
    [([0, 2], 2, "from 0 to 1"), ([-1, 0], 2, "from 0 to 1"), ([0.0, 1.0], 2, "whole number"), ([0], 1, "one group for each")],
)
def test_groups_that_are_not_numbers_of_groups_are_refused(groups: list[float], count: int, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        kaplan_meier_groups(times=[1, 2], events=[1, 1], groups=groups, count=count)


def late_by_definition(lives: list[tuple[int, int, bool]], time: int) -> Fraction:
    """S with each n counted afresh: those who came in before an end and had not gone before it."""
    found = Fraction(1)
    for end in sorted({entry + length for entry, length, mark in lives if mark and entry + length <= time}):
        at_risk = sum(entry < end <= entry + length for entry, length, _ in lives)
        found *= 1 - Fraction(sum(mark and entry + length == end for entry, length, mark in lives), at_risk)
    return found


@given(LATE)
def test_who_came_in_late_is_at_risk_only_from_then_on(lives: list[tuple[int, int, bool]]) -> None:
    times = [entry + length for entry, length, _ in lives]
    curve = kaplan_meier(times=times, events=[mark for *_, mark in lives], entries=[entry for entry, *_ in lives])
    assert curve.n == len(lives)
    for time in range(42):
        exact = late_by_definition(lives, time)
        assert survival_exact(curve, time) == exact
        found = at(curve, time)
        assert found.survival == pytest.approx(float(exact), abs=1e-12)
        assert found.at_risk == sum(entry < time <= entry + length for entry, length, _ in lives)
    assert int(curve.entered.sum()) == len(lives)


@given(ROWS)
def test_when_all_were_there_from_before_the_start_nothing_changes(rows: list[tuple[int, bool, int]]) -> None:
    times, marks, _ = columns(rows)
    late = kaplan_meier(times=times, events=marks, entries=np.full(times.size, -1))
    assert same(late, kaplan_meier(times=times, events=marks))


@pytest.mark.parametrize("seed", range(4))
def test_lifelines_agrees_on_late_entries(seed: int) -> None:
    rng = np.random.default_rng(seed)
    entries = rng.integers(0, 15, 300).astype(float)
    times, marks = entries + rng.integers(1, 40, 300), rng.random(300) < 0.7
    entries[:40] = -1.0  # so that the number at risk does not fall to nobody at the start
    oracle = KaplanMeierFitter().fit(times, marks, entry=entries + 0.5)  # lifelines counts an entry at a time as at risk then
    curve = kaplan_meier(times=times, events=marks, entries=entries)
    assert curve.survival == pytest.approx(oracle.predict(curve.times).to_numpy(), abs=1e-12)
    lower, upper = band(curve)
    inside = (curve.survival > 0) & (curve.survival < 1)
    expected = oracle.confidence_interval_.loc[curve.times[inside]].to_numpy()
    assert np.column_stack((lower, upper))[inside] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("entries", [[1, 1], [0], [0, 5]])
def test_an_entry_comes_before_its_time(entries: list[int]) -> None:
    with pytest.raises(ValueError, match="before its time"):
        kaplan_meier(times=[1, 3], events=[1, 1], entries=entries)
