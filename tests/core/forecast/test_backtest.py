"""The back-test sees at each origin only what was on record then, and a forecast that is no better says so."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from lodestar.core.forecast.backtest import HORIZONS, Record, foresee, month_starts, series_at
from lodestar.core.forecast.demand import Series, foretell, last_year
from lodestar.core.forecast.nowcast import LONGEST, History, month_share, nowcast, recorded_share

FIRST, TODAY = date(2020, 11, 1), date(2026, 11, 20)


def history(seed: int = 1, *, level: float = 26, wave: float = 0.15, drift: float = 0.03, months: int = 73, delay: float = 0.35) -> History:
    chance = np.random.Generator(np.random.Philox(seed))
    starts, now, received, recorded = month_starts(FIRST, months + 1), np.log(level), [], []
    for begin, end in itertools.pairwise(starts):
        now += drift * chance.standard_normal()
        mean = np.exp(now + wave * np.sin(2 * np.pi * begin.month / 12))
        n = chance.poisson(chance.gamma(mean, 1.0))
        days = chance.integers(begin.toordinal(), end.toordinal(), n)
        received.append(days)
        recorded.append(days + chance.geometric(delay, n) - 1)
    return History(np.concatenate(received), np.concatenate(recorded), np.ones(sum(map(len, received)), dtype=np.int64))


def test_the_forecast_of_a_line_that_it_understands_beats_last_year_and_its_intervals_hold() -> None:
    told = foresee(history(), first=FIRST, today=TODAY, seed=1)
    assert [one.horizon for one in told.records] == list(HORIZONS)
    assert [one.origins for one in told.records] == [48, 46, 43, 37]
    first = told.records[0]
    assert first.verdict == "model"
    assert first.skill > 0.1
    assert first.wis < first.naive_wis
    assert sum(first.pit) == 48
    assert [month.first for month in told.months] == month_starts(date(2026, 11, 1), 12)
    assert all(month.low <= month.median <= month.high for month in told.months)
    assert (told.past[0][0], told.first_origin) == (FIRST, date(2022, 11, 1))


def test_the_same_seed_gives_the_same_answer_and_what_is_recorded_later_changes_no_earlier_origin() -> None:
    whole = history()
    early = whole.known(date(2024, 1, 1).toordinal())
    origin = date(2024, 1, 1)
    one, two = (series_at(part, first=FIRST, origin=origin) for part in (whole, early))
    assert one.counts.tolist() == two.counts.tolist()
    assert one.exposure.tolist() == two.exposure.tolist()
    later = series_at(whole, first=FIRST, origin=date(2024, 3, 1))
    assert later.counts[: one.months].sum() > one.counts.sum()  # what was late to be recorded came in since
    short = history(months=30)
    assert foresee(short, first=FIRST, today=date(2023, 5, 2), seed=3) == foresee(short, first=FIRST, today=date(2023, 5, 2), seed=3)


def test_a_year_like_the_last_is_said_to_be_no_better_than_last_year() -> None:
    """Every year the same to the case, and every month another: last year's is right and nothing can beat it."""
    starts = month_starts(FIRST, 74)
    chance = np.random.Generator(np.random.Philox(5))
    months = chance.integers(5, 90, 12)
    counts = np.array([months[one.month - 1] for one in starts])
    days = np.array([one.toordinal() + 10 for one in starts])
    told = foresee(History(days, days, counts), first=FIRST, today=TODAY, seed=1)
    assert {one.verdict for one in told.records} == {"last_year"}
    assert all(one.skill <= 0 for one in told.records)
    assert {month.from_what for month in told.months} == {"last_year"}
    near = [abs(month.median - months[month.first.month - 1]) for month in told.months]
    assert max(near) <= 6  # a month of another length apart: last year's is scaled by days


def test_too_few_origins_are_no_back_test() -> None:
    told = foresee(history(months=30), first=FIRST, today=date(2023, 5, 2), seed=1)
    assert {one.verdict for one in told.records} == {"too_few"}
    with pytest.raises(ValueError, match="a year of months"):
        foresee(history(months=6), first=FIRST, today=date(2021, 4, 1), seed=1)


RECORD = Record(1, 24, 19, 0.57, 0.93, 3.0, 2.4, 4.0, 3.2, (5, 5, 5, 5, 4), 13, 16, 2.0)


@pytest.mark.parametrize(
    ("hits", "low", "high", "ours", "widened", "verdict"),
    [
        (19, 0.57, 0.93, 3.0, 13, "model"),
        (19, 0.57, 0.93, 4.0, 13, "last_year"),  # as good as last year's is not better
        (12, 0.29, 0.71, 3.0, 13, "widened"),
        (12, 0.29, 0.71, 3.0, 7, "last_year"),
        (24, 0.86, 1.0, 3.0, 16, "last_year"),  # too wide is not honest either, and widening mends nothing
    ],
)
def test_what_is_shown_follows_from_the_record(hits: int, low: float, high: float, ours: float, widened: int, verdict: str) -> None:
    assert replace(RECORD, hits=hits, low=low, high=high, crps=ours, widened_hits=widened).verdict == verdict


def test_delays_read_backwards_are_right_where_forwards_they_look_too_short() -> None:
    chance = np.random.Generator(np.random.Philox(6))
    received = chance.integers(1000, 1100, 20_000)
    recorded = received + chance.geometric(0.1, 20_000) - 1
    kept = History(received, recorded, np.ones(20_000, dtype=np.int64))
    shares = recorded_share(kept, at=1100)
    truth = 1 - 0.9 ** (np.arange(LONGEST + 1) + 1)
    assert np.abs(shares[:40] - truth[:40]).max() < 0.02
    assert month_share(shares, begin=1070, end=1100, at=1100) == pytest.approx(truth[:30].mean(), abs=0.02)
    seen = nowcast(kept, at=1100, seed=1)
    came = int(((received >= 1070) & (received < 1100)).sum())
    assert seen.recorded < 0.8 * came
    assert seen.low < came < seen.high
    assert seen.median == pytest.approx(came, rel=0.03)


def test_what_is_recorded_at_once_needs_no_nowcast() -> None:
    days = np.arange(900, 1100)
    seen = nowcast(History(days, days, np.ones(200, dtype=np.int64)), at=1100, seed=1)
    assert (seen.recorded, seen.median, seen.low, seen.high, seen.share) == (30, 30.0, 30.0, 30.0, 1.0)


def test_eighty_in_a_hundred_months_lie_inside_the_interval() -> None:
    """Small enough for every run of the tests; the whole one is in the bench."""
    inside, n = 0, 0
    for seed in range(25):
        chance = np.random.Generator(np.random.Philox(seed + 40))
        level = np.exp(np.log(30) + np.cumsum(0.05 * chance.standard_normal(54)))
        month = np.arange(54) % 12
        counts = chance.poisson(level * np.exp(0.15 * np.sin(2 * np.pi * month / 12)) * chance.gamma(15, 1 / 15, 54)).astype(float)
        series = Series(counts[:48], np.full(48, 30.4), month[:48])
        draws = foretell(series, ahead=6, exposure=np.full(6, 30.4), draws=1500, chance=chance)
        low, high = np.quantile(draws, [0.1, 0.9], axis=0, method="inverted_cdf")
        inside += int(((counts[48:] >= low) & (counts[48:] <= high)).sum())
        n += 6
        naive = last_year(series, ahead=6, exposure=np.full(6, 30.4), draws=200, chance=chance)
        assert (naive >= 0).all()
    assert 0.70 <= inside / n <= 0.90
