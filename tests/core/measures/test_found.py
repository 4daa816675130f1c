"""M1: the share found within 24 hours, and every way in which it must not be flattered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.measures.clustered import clustered_inflation
from lodestar.core.measures.cohort import Cohort, cohort
from lodestar.core.measures.episodes import Episode
from lodestar.core.measures.found import lines, live_exact, mature_exact, share_found
from lodestar.core.measures.live import curve_of
from lodestar.core.measures.measure import Measure
from lodestar.core.measures.survival import band
from lodestar.core.words import Period
from tests.core.measures.making import CUT, HOUR, JUNE, M1, START, episode, histories, lasting

SOON = JUNE.from_at + timedelta(days=20)  # a cut in the middle of June, with fresh episodes still open


def group_of(episodes: list[Episode], as_of=CUT, period: Period = JUNE) -> Cohort:
    return cohort(episodes=episodes, period=period, as_of=as_of, age_under=18)


def figure(episodes: list[Episode], form="mature", as_of=CUT) -> Measure:
    return share_found(episodes=episodes, period=JUNE, as_of=as_of, definition=M1, form=form)


def codes(measure: Measure) -> set[str]:
    return {caveat.code for caveat in measure.caveats}


@given(histories())
def test_the_two_forms_are_one_fraction_when_nothing_is_censored_before_24_hours(episodes: list[Episode]) -> None:
    group = group_of(episodes)  # the cut is weeks after June: whoever is open has been open for longer than a day
    if group.observed:
        assert mature_exact(group, hours=24) == live_exact(group, hours=24)


@given(histories())
def test_closing_nothing_improves_the_figure(episodes: list[Episode]) -> None:
    closed = [replace(row, closed_at=row.reported_at + HOUR) for row in episodes if row.reported_at]
    never = [replace(row, closed_at=None) for row in episodes]
    for as_of in (SOON, CUT):
        for form in ("mature", "live"):
            assert figure(closed, form, as_of) == figure(never, form, as_of) == figure(episodes, form, as_of)


@given(histories(), st.integers(0, 39), st.sampled_from([SOON, CUT]))
def test_taking_back_a_finding_never_raises_the_share(episodes: list[Episode], which: int, as_of) -> None:
    less = list(episodes)
    less[which % len(less)] = replace(less[which % len(less)], located_at=None)
    for exact in (mature_exact, live_exact):
        before, after = exact(group_of(episodes, as_of), hours=24), exact(group_of(less, as_of), hours=24)
        assert before is None or after is None or after <= before


@given(histories(), st.integers(0, 43_000), st.sampled_from([SOON, CUT]))
def test_one_more_open_episode_never_raises_the_share(episodes: list[Episode], minutes: int, as_of) -> None:
    more = [*episodes, lasting(99, None, reported_at=JUNE.from_at + timedelta(minutes=minutes))]
    for exact in (mature_exact, live_exact):
        before, after = exact(group_of(episodes, as_of), hours=24), exact(group_of(more, as_of), hours=24)
        assert before is None or after is None or after <= before


@given(histories(), st.integers(0, 39), st.integers(0, 23))
def test_giving_an_open_episode_to_another_force_never_raises_the_settled_share(episodes: list[Episode], which: int, hours: int) -> None:
    chosen = episodes[which % len(episodes)]
    moved = [replace(row, transferred_at=row.reported_at + hours * HOUR) if row is chosen else row for row in episodes]
    before, after = mature_exact(group_of(episodes), hours=24), mature_exact(group_of(moved), hours=24)
    assert before is None or (after is not None and after <= before)


@given(histories())
def test_every_interval_holds_its_share_and_stays_between_nought_and_one(episodes: list[Episode]) -> None:
    for measure in lines(episodes=episodes, period=JUNE, as_of=SOON, definition=M1):
        if measure.lower is not None and measure.upper is not None and measure.value is not None:
            assert 0 <= measure.lower <= measure.value + 1e-12
            assert measure.value - 1e-12 <= measure.upper <= 1


def test_exactly_24_hours_counts_and_a_microsecond_more_does_not() -> None:
    late = episode(2, located_at=START + 24 * HOUR + timedelta(microseconds=1))
    assert mature_exact(group_of([lasting(1, 24), late]), hours=24) == Fraction(1, 2)
    assert live_exact(group_of([lasting(1, 24), late]), hours=24) == Fraction(1, 2)


def test_an_episode_begun_exactly_24_hours_before_the_cut_is_mature() -> None:
    group = group_of([lasting(1, None), lasting(2, 3)], as_of=START + 24 * HOUR)
    assert mature_exact(group, hours=24) == live_exact(group, hours=24) == Fraction(1, 2)


def test_below_ten_children_only_the_counts_are_given() -> None:
    measure = figure([lasting(number, 2, child=f"child {number % 9}") for number in range(30)])
    assert (measure.numerator, measure.denominator, measure.children) == (30, 30, 9)
    assert (measure.value, measure.lower, measure.interval_method) == (None, None, "none")
    assert "few_children" in codes(measure)


@pytest.mark.parametrize(
    ("found", "missing", "repeats", "method"),
    [
        (40, 20, False, "Wilson"),
        (40, 20, True, "logit, clustered by child"),
        (57, 3, False, "Clopper-Pearson"),
        (60, 0, True, "Clopper-Pearson"),
    ],
)
def test_which_interval_the_settled_share_carries(found: int, missing: int, repeats: bool, method: str) -> None:
    hours = [3] * found + [None] * missing
    rows = [lasting(n, length, child=f"child {n // 2 if repeats else n}") for n, length in enumerate(hours)]
    measure = figure(rows)
    assert measure.interval_method == method
    assert measure.value == found / (found + missing)
    assert ("not_clustered" in codes(measure)) == (repeats and method == "Clopper-Pearson")


@pytest.mark.parametrize(
    ("found", "missing", "repeats", "method"),
    [
        (40, 20, False, "log-log"),
        (40, 20, True, "log-log, clustered by child"),
        (57, 3, False, "Wilson on the effective number"),
        (30, 15, False, "Wilson on the effective number"),
        (60, 0, False, "Clopper-Pearson"),
        (0, 60, False, "Clopper-Pearson"),
    ],
)
def test_which_interval_the_live_share_carries(found: int, missing: int, repeats: bool, method: str) -> None:
    hours = [3 + n / 10 for n in range(found)] + [None] * missing
    rows = [lasting(n, length, child=f"child {n // 2 if repeats else n}") for n, length in enumerate(hours)]
    assert figure(rows, "live").interval_method == method


def test_with_nothing_censored_the_effective_number_is_the_number() -> None:
    rows = [lasting(n, 3 + n / 10 if n < 30 else None) for n in range(45)]
    live, settled = figure(rows, "live"), figure(rows)
    assert settled.interval_method == "Wilson"
    assert (live.lower, live.upper) == pytest.approx((settled.lower, settled.upper), abs=1e-12)


def test_few_children_with_many_episodes_count_by_t_on_their_number_less_one() -> None:
    rows = [lasting(n, None if n % 6 < n // 6 % 4 else 3 + n / 10, child=f"child {n // 6}") for n in range(60)]
    curve = curve_of(group_of(rows).observed)
    assert curve is not None
    marks, times = [row.ended for row in group_of(rows).observed], [row.duration for row in group_of(rows).observed]
    ratio = clustered_inflation(curve, times=times, events=marks, clusters=[row.child for row in rows])
    lower, upper = band(curve, inflate=ratio * (2.262157 / 1.959964) ** 2)
    live, there = figure(rows, "live"), curve.row(24 * 3_600_000_000)
    assert live.children == 10
    assert (live.lower, live.upper) == pytest.approx((1 - upper[there], 1 - lower[there]), abs=1e-6)


def test_nobody_followed_for_a_day_has_no_live_share() -> None:
    rows = [lasting(n, 3 if n % 2 else None) for n in range(30)]
    measure = figure(rows, "live", as_of=START + 10 * HOUR)
    assert (measure.value, measure.lower) == (None, None)
    assert "not_followed" in codes(measure)


def test_an_end_at_a_time_not_known_and_a_missing_start_give_bounds() -> None:
    rows = [lasting(n, 3) for n in range(16)] + [lasting(n, None) for n in range(16, 18)]
    vague = episode(18, end_bounds=(START + 2 * HOUR, START + 30 * HOUR))
    moved = episode(19, transferred_at=START + 5 * HOUR)
    measure = figure([*rows, vague, moved, episode(20, reported_at=None, recorded_at=START)])
    assert (measure.numerator, measure.denominator) == (16, 20)
    assert (measure.worst, measure.best) == pytest.approx((16 / 21, 19 / 21))
    assert {"end_not_known", "transferred", "no_start", "open"} <= codes(measure)


def test_a_death_counts_against_in_both_forms() -> None:
    rows = [lasting(n, 3) for n in range(9)] + [lasting(9, 6, died_at=START + HOUR)]
    assert mature_exact(group_of(rows), hours=24) == live_exact(group_of(rows), hours=24) == Fraction(9, 10)
    assert "died" in codes(figure(rows))


def test_the_lines_beside_the_headline_show_what_moves_it() -> None:
    rows = [lasting(n, 3, since_to=START - 22 * HOUR, since_from=START - 23 * HOUR) for n in range(12)]
    rows += [lasting(n, -1, since_to=START - 4 * HOUR, since_from=START - 5 * HOUR) for n in range(12, 16)]
    rows += [lasting(n, None, level_at_first="very_low", since_to=START) for n in range(16, 20)]
    found = {measure.line: measure for measure in lines(episodes=rows, period=JUNE, as_of=CUT, definition=M1)}
    shares = {line: (measure.numerator, measure.denominator) for line, measure in found.items()}
    assert shares == {
        "mature": (16, 20),
        "live": (16, 20),
        "without found before record": (12, 16),
        "without very_low": (16, 16),
        "short gaps joined": (16, 20),
        "child clock": (4, 20),
        "child_earliest clock": (4, 16),
    }
    assert found["child clock"].clock == "child"
    assert {caveat.code: caveat.count for caveat in found["mature"].caveats}["found_before_record"] == 4
    assert "no_start" in codes(found["child_earliest clock"])


def test_a_figure_of_the_last_month_is_provisional_and_a_settled_one_is_not() -> None:
    rows = [lasting(n, 3) for n in range(12)]
    assert "provisional" in codes(figure(rows, as_of=SOON))
    assert "provisional" not in codes(figure(rows))


def test_a_figure_names_its_clock_definition_population_and_cut() -> None:
    measure = figure([lasting(n, 3) for n in range(12)])
    assert (measure.code, measure.clock, measure.definition_version, measure.as_of) == ("M1", "police", M1.version, CUT)
    assert measure.definition_hash == M1.content_hash
    assert "under 18 at the start" in measure.population
    assert measure.caveats[0].code == "clock"


def test_closed_only_flatters_and_the_settled_and_live_forms_do_not() -> None:
    """A force whose true share is 78%: three days of it, many times over."""
    rng = np.random.default_rng(24)
    settled, live, closed = [], [], []
    period = Period(START - timedelta(days=3), START)
    for _ in range(60):
        rows = [lasting(n, float(rng.lognormal(1.97, 1.54)), reported_at=START - float(rng.uniform(0, 72)) * HOUR) for n in range(60)]
        group = group_of(rows, START, period)
        ended = [row for row in group.observed if row.ended]
        settled.append(mature_exact(group, hours=24) or 0)
        live.append(live_exact(group, hours=24) or 0)
        closed.append(sum(row.duration <= 24 * 3_600_000_000 for row in ended) / len(ended))
    assert np.mean([float(share) for share in settled]) == pytest.approx(0.783, abs=0.025)
    assert np.mean([float(share) for share in live]) == pytest.approx(0.783, abs=0.025)
    assert np.mean(closed) > 0.88


def test_an_adult_is_not_in_the_measure() -> None:
    assert figure([lasting(1, 2, birth_date=date(1990, 1, 1))]).denominator == 0
