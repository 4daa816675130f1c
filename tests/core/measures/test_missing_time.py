"""M2: the median missing time, its tail, and the claim about all ages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.measures.cohort import cohort
from lodestar.core.measures.drawn import Ask
from lodestar.core.measures.episodes import Episode
from lodestar.core.measures.facts import Facts
from lodestar.core.measures.live import curve_of
from lodestar.core.measures.missing_time import MissingTime, MissingTimes, draw, missing_times
from lodestar.core.measures.survival import quantile
from tests.core.measures.making import CUT, HOUR, JUNE, M2, START, episode, histories, lasting

BIRTHS = {  # one in each band at the start
    "0-11": date(2020, 1, 1),
    "12-14": date(2013, 1, 1),
    "15-17": date(2010, 1, 1),
    "18-39": date(1996, 1, 1),
    "40-64": date(1976, 1, 1),
    "65+": date(1950, 1, 1),
}
SOON = JUNE.from_at + timedelta(days=20)


def figures(episodes: list[Episode], as_of=CUT) -> MissingTimes:
    return missing_times(episodes=episodes, period=JUNE, as_of=as_of, definition=M2)


def groups(rows: tuple[MissingTime, ...]) -> dict[str, MissingTime]:
    return {row.group: row for row in rows}


def everybody(hours_of: dict[str, float], size: int = 60) -> list[Episode]:
    """Every band with times spread a little, and evenly, around its own."""
    spread = [0.8 + 0.4 * n / (size - 1) for n in range(size)]
    return [
        lasting(f"{band} {n}", hours * times, birth_date=BIRTHS[band]) for band, hours in hours_of.items() for n, times in enumerate(spread)
    ]


def exact_median(episodes: list[Episode], as_of) -> float:
    curve = curve_of(cohort(episodes=episodes, period=JUNE, as_of=as_of, death_ends=True).observed)
    value = quantile(curve).value if curve else None
    return float("inf") if value is None else value


@given(histories(), st.integers(0, 39), st.sampled_from([SOON, CUT]))
def test_taking_back_a_finding_never_shortens_the_median(episodes: list[Episode], which: int, as_of) -> None:
    less = list(episodes)
    less[which % len(less)] = replace(less[which % len(less)], located_at=None)
    assert exact_median(less, as_of) >= exact_median(episodes, as_of)


@given(histories())
def test_closing_nothing_changes_any_figure(episodes: list[Episode]) -> None:
    never = [replace(row, closed_at=None) for row in episodes]
    assert figures(never, SOON) == figures(episodes, SOON)


@given(histories())
def test_every_episode_is_in_one_band_one_level_and_one_kind_of_care(episodes: list[Episode]) -> None:
    found = figures(episodes, SOON)
    for rows in (found.bands, found.levels, found.care):
        assert sum(row.ended + row.censored for row in rows) == found.pooled.ended + found.pooled.censored


def test_the_median_is_in_hours_and_bands_go_by_age_at_the_start() -> None:
    found = groups(figures(everybody({"0-11": 2, "15-17": 10}, 61)).bands)
    assert found["0-11"].median.value == pytest.approx(2)
    assert found["15-17"].median.value == pytest.approx(10)
    assert found["65+"].median.denominator == 0
    assert found["65+"].median.value is None


def test_a_person_of_unknown_age_is_in_a_band_of_their_own_and_in_the_pool() -> None:
    found = figures([lasting(n, 3, birth_date=None) for n in range(12)])
    assert groups(found.bands)["age not known"].ended == 12
    assert found.pooled.median.value == 3


def test_the_tail_stands_beside_the_median() -> None:
    rows = [lasting(n, 2) for n in range(80)] + [lasting(n, 60) for n in range(80, 95)]
    rows += [lasting(n, None) for n in range(95, 100)]
    pooled = figures(rows, START + 100 * HOUR).pooled
    assert pooled.median.value == 2
    assert pooled.late.value == 60
    assert pooled.open_longer == ((24, 5), (48, 5), (168, 0))
    assert pooled.restricted_mean == pytest.approx((80 * 2 + 15 * 60 + 5 * 72) / 100)
    assert (pooled.ended, pooled.censored) == (95, 5)


def test_those_still_missing_lengthen_the_median() -> None:
    closed = [lasting(n, 1 + n / 10) for n in range(40)]
    still = [lasting(n, None) for n in range(40, 60)]
    assert figures([*closed, *still]).pooled.median.value > figures(closed).pooled.median.value


def test_children_missing_again_and_again_widen_the_interval() -> None:
    rng = np.random.default_rng(7)
    own = rng.lognormal(1.5, 1.0, 40)  # each child has a way of going missing
    rows = [lasting(n, float(own[n // 6] * rng.lognormal(0, 0.2)), child=f"child {n // 6}") for n in range(240)]
    pooled = figures(rows).pooled
    assert pooled.median.interval_method.endswith("clustered by child")
    assert pooled.median.lower < pooled.alone.lower
    assert pooled.median.upper > pooled.alone.upper
    assert pooled.median.value == pooled.alone.value


def test_by_child_the_interval_holds_the_true_median_and_by_episode_it_does_not() -> None:
    rng = np.random.default_rng(11)
    by_child, alone, trials = 0, 0, 120
    for _ in range(trials):
        own = rng.normal(1.3, 0.9, 60)
        rows = [lasting(n, float(np.exp(own[n // 4] + rng.normal(0, 0.6))), child=f"child {n // 4}") for n in range(240)]
        curve_interval = figures(rows).pooled
        truth = float(np.exp(1.3))
        by_child += curve_interval.median.lower <= truth <= curve_interval.median.upper
        alone += curve_interval.alone.lower <= truth <= curve_interval.alone.upper
    assert by_child / trials >= 0.9
    assert alone / trials < 0.85


def test_an_end_at_a_time_not_known_gives_a_best_median_and_the_figure_is_the_worst() -> None:
    rows = [lasting(n, 1 + n) for n in range(10)]
    rows += [episode(n, end_bounds=(START, START + 20 * HOUR)) for n in range(10, 15)]
    median = figures(rows).pooled.median
    assert median.value == median.worst == 8
    assert median.best == 3


def test_few_children_show_counts_alone() -> None:
    pooled = figures([lasting(n, 2, child=f"child {n % 9}") for n in range(30)]).pooled
    assert pooled.median.value is None
    assert pooled.late.value is None
    assert pooled.restricted_mean is None
    assert (pooled.ended, pooled.median.children) == (30, 9)


def test_for_all_ages_is_supported_only_when_every_band_is_below() -> None:
    claim = figures(everybody(dict.fromkeys(BIRTHS, 2.0))).claim
    assert claim.verdict == "supported"
    assert len(claim.limits) == 6


def test_one_band_above_contradicts_it_though_the_pool_is_below() -> None:
    found = figures(everybody(dict.fromkeys(BIRTHS, 2.0) | {"15-17": 6.0}))
    assert found.pooled.median.value < 4
    assert found.claim.verdict == "contradicted"
    assert "15 to 17" in found.claim.sentence


def test_a_band_near_the_line_an_empty_one_or_one_of_few_children_establishes_nothing() -> None:
    near = figures(everybody(dict.fromkeys(BIRTHS, 2.0) | {"12-14": 4.0})).claim
    assert (near.verdict, "12 to 14" in near.sentence) == ("not established", True)
    short = {band: 2.0 for band in BIRTHS if band != "65+"}
    assert figures(everybody(short)).claim.sentence == "Not established for 65 and over."
    few = [*everybody(short), *(lasting(f"old {n}", 2, birth_date=BIRTHS["65+"]) for n in range(9))]
    assert figures(few).claim.verdict == "not established"


def test_the_level_is_shared_among_the_bands() -> None:
    """The limits are one-sided at 0.05 / 6, so they are wider than an interval of 95 in a hundred."""
    rng = np.random.default_rng(3)
    rows = [lasting(f"{band} {n}", float(rng.lognormal(0.7, 0.8)), birth_date=born) for band, born in BIRTHS.items() for n in range(80)]
    found = figures(rows)
    for (_, limits), group in zip(found.claim.limits, found.bands, strict=True):
        assert limits.lower <= group.median.lower
        assert limits.upper >= group.median.upper


def test_everybody_alone_is_the_same_figure_as_among_the_groups() -> None:
    rows = [lasting(n, hours, level_at_first="high") for n, hours in enumerate([*range(1, 15), None])]
    facts = Facts(episodes=tuple(rows))
    alone, *others = draw(facts, Ask(JUNE, CUT, M2, "all"))
    assert others == []
    assert alone == draw(facts, Ask(JUNE, CUT, M2))[0]
