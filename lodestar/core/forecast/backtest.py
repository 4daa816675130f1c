"""How the forecast would have done: told again from the past, with only what was on record then.

At each origin the series is the vintage of that day, so what was recorded late cannot leak in; the truth is what is on record
now. The forecast is shown only where its intervals held the truth about as often as they said and it beat "the same as last
year"; otherwise the page says so in words and shows last year's.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from lodestar.core.forecast.demand import Floats, Series, foretell, last_year
from lodestar.core.forecast.nowcast import History, month_share, recorded_share
from lodestar.core.forecast.scores import crps, interval, pit, pit_bins, widening, wis
from lodestar.core.measures.intervals import clopper_pearson

HORIZONS = (1, 3, 6, 12)
FEWEST_ORIGINS = 24
LEAST_MONTHS = 24  # before the first origin
DRAWS = 1500
LEVEL = 0.8
Row = tuple[Floats, Floats, int, float]  # the model's draws, the naive forecast's, what came, a chance number for the PIT
FIRST_WIDENED = 8  # past errors, from which intervals are widened


@dataclass(frozen=True, slots=True)
class Record:
    """How one horizon did over all origins."""

    horizon: int
    origins: int
    hits: int
    low: float  # of the share of hits, Clopper-Pearson 95%
    high: float
    crps: float
    wis: float
    naive_crps: float
    naive_wis: float
    pit: tuple[int, ...]
    widened_hits: int
    widened_origins: int
    widen_by: float  # counts to add on both sides from here on

    @property
    def skill(self) -> float:
        """The share of last year's error that it saves; nought or less: no better than last year."""
        return 1 - self.crps / self.naive_crps if self.naive_crps > 0 else 0.0

    @property
    def honest(self) -> bool:
        """Whether the hits are compatible with 80%."""
        return self.low <= LEVEL <= self.high

    @property
    def honest_widened(self) -> bool:
        """Whether they are once the intervals are widened by earlier errors, as judged on later ones."""
        if self.widened_origins < FEWEST_ORIGINS - FIRST_WIDENED or self.hits / max(1, self.origins) > LEVEL:
            return False
        found = clopper_pearson(hits=self.widened_hits, n=self.widened_origins)
        return found.lower <= LEVEL <= found.upper

    @property
    def verdict(self) -> str:
        """``too_few`` origins to judge, ``last_year`` is no worse, or the ``model`` or the ``widened`` model may be shown."""
        if self.origins < FEWEST_ORIGINS:
            return "too_few"
        if self.skill <= 0:
            return "last_year"
        return "model" if self.honest else ("widened" if self.honest_widened else "last_year")


@dataclass(frozen=True, slots=True)
class Month:
    """One month to come."""

    first: date
    median: float
    low: float
    high: float
    from_what: str  # model, widened, last_year or too_few, as its horizon's record says


@dataclass(frozen=True, slots=True)
class Demanded:
    """The months to come, how past forecasts did, and what has been: everything the page says of demand."""

    months: tuple[Month, ...]
    records: tuple[Record, ...]
    past: tuple[tuple[date, int], ...]
    first_origin: date | None


def month_starts(first: date, count: int) -> list[date]:
    """The first days of so many months in a row."""
    begin = first.year * 12 + first.month - 1
    return [date((begin + step) // 12, (begin + step) % 12 + 1, 1) for step in range(count)]


def series_at(history: History, *, first: date, origin: date) -> Series:
    """The months from ``first`` up to the origin, as they stood on record at the origin."""
    starts = month_starts(first, (origin.year - first.year) * 12 + origin.month - first.month + 1)
    at = origin.toordinal()
    seen, shares = history.known(at), recorded_share(history, at=at)
    edges = [one.toordinal() for one in starts]
    pairs = list(itertools.pairwise(edges))
    counts = [seen.between(*pair) for pair in pairs]
    exposure = [(end - begin) * max(0.05, month_share(shares, begin=begin, end=end, at=at)) for begin, end in pairs]
    return Series(np.array(counts, float), np.array(exposure, float), np.array([one.month - 1 for one in starts[:-1]]))


def foresee(history: History, *, first: date, today: date, seed: int, horizons: Sequence[int] = HORIZONS) -> Demanded:
    """Back-test every origin there can be, then foretell the twelve months from this one. Refuses less than a year."""
    this = today.replace(day=1)
    starts = month_starts(first, (this.year - first.year) * 12 + this.month - first.month + 1)
    whole = len(starts) - 1
    truth = [history.between(a.toordinal(), b.toordinal()) for a, b in itertools.pairwise(starts)]
    origins = range(LEAST_MONTHS, whole)
    told = {place: _told(history, starts, place, seed) for place in origins}
    records = tuple(_record(told, truth, horizon) for horizon in horizons)
    model, naive, _ = _told(history, starts, whole, seed)
    months = tuple(_month(starts[-1], step, model[:, step], naive[:, step], records) for step in range(12))
    past = tuple(zip(starts[:-1], truth, strict=True))
    return Demanded(months, records, past, starts[LEAST_MONTHS] if origins else None)


def _told(history: History, starts: list[date], place: int, seed: int) -> tuple[Floats, Floats, float]:
    """What would have been foretold at one origin: the model's draws, last year's, and a chance number for the PIT."""
    coming = month_starts(starts[place], 13)
    days = np.diff([one.toordinal() for one in coming]).astype(float)
    series = series_at(history, first=starts[0], origin=starts[place])
    chances = [np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=(place, what)))) for what in range(3)]
    model = foretell(series, ahead=12, exposure=days, draws=DRAWS, chance=chances[0])
    naive = last_year(series, ahead=12, exposure=days, draws=DRAWS, chance=chances[1])
    return model, naive, float(chances[2].random())


def _record(told: dict[int, tuple[Floats, Floats, float]], truth: list[int], horizon: int) -> Record:
    rows = [(model[:, horizon - 1], naive[:, horizon - 1], truth[place + horizon - 1], at)
            for place, (model, naive, at) in told.items() if place + horizon <= len(truth)]  # fmt: skip
    return scored(rows, horizon=horizon)


def scored(rows: Sequence[Row], *, horizon: int) -> Record:
    """How one horizon did: for each origin a month apart, oldest first, both forecasts' draws, what came, and a chance number."""
    spans = [interval(model, level=LEVEL) for model, _, _, _ in rows]
    misses = [max(low - came, came - high) for (low, high), (_, _, came, _) in zip(spans, rows, strict=True)]
    hits = sum(miss <= 0 for miss in misses)
    # Each is widened by the errors that were known at its origin: those whose month had come by then.
    widened = [
        miss <= widening(misses[: place - horizon + 1], level=LEVEL)
        for place, miss in enumerate(misses)
        if place - horizon + 1 >= FIRST_WIDENED
    ]
    share = clopper_pearson(hits=hits, n=len(rows)) if rows else None
    mean = [float(np.mean(values)) if values else 0.0 for values in _scores(rows)]
    return Record(
        horizon=horizon, origins=len(rows), hits=hits, low=share.lower if share else 0.0, high=share.upper if share else 1.0,
        crps=mean[0], wis=mean[1], naive_crps=mean[2], naive_wis=mean[3],
        pit=pit_bins([pit(model, came, at=at) for model, _, came, at in rows]),
        widened_hits=sum(widened), widened_origins=len(widened), widen_by=widening(misses, level=LEVEL),
    )  # fmt: skip


def _scores(rows: Sequence[Row]) -> list[list[float]]:
    """CRPS and WIS of the model, then of last year's."""
    return [[score(row[0], row[2]) for row in rows] for score in (crps, wis)] + [
        [score(row[1], row[2]) for row in rows] for score in (crps, wis)
    ]


def _month(first: date, step: int, model: Floats, naive: Floats, records: tuple[Record, ...]) -> Month:
    """One month to come, by the record of the nearest horizon that is not shorter."""
    record = next((one for one in records if one.horizon > step), records[-1])
    verdict = record.verdict
    draws = model if verdict in ("model", "widened") else naive
    low, high = interval(draws, level=LEVEL)
    more = record.widen_by if verdict == "widened" else 0.0
    return Month(month_starts(first, step + 1)[-1], float(np.quantile(draws, 0.5)), max(0.0, low - more), high + more, verdict)
