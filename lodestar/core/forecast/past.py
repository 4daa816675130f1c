"""The engine told again from the past: from each month's first day, from what was on record then, under the posts that were held.

No outcome of a plan that was never tried can be known, so what is tested is the engine: the line as it stood on record, the
lengths of work fitted to what had ended by then, arrivals drawn from what had come by then, and the posts that were in truth
held afterwards. What it says of how many would wait is held against how many did. Beside it stands the least that is to be
beaten: the count of a year before, or where there is none the count as it stood. Told a second time with what then came, it
shows how much of an error is the demand's and how much the queue's own. Source: measures.md 4.4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from lodestar.core.forecast.answer import AS_NOW, Told, simulate
from lodestar.core.forecast.backtest import HORIZONS, LEVEL, Record, month_starts, scored
from lodestar.core.forecast.demand import Floats
from lodestar.core.forecast.document import read_scenario
from lodestar.core.forecast.pose import Asked, LineCase, dispersion, pose, standing
from lodestar.core.forecast.rules import LineRules
from lodestar.core.forecast.scenario import MONTH_DAYS, BadScenario, Demand, Scenario
from lodestar.core.forecast.scores import interval
from lodestar.core.forecast.tally import A_MONTH
from lodestar.core.times import at_wall, local_date

DAY = timedelta(days=1)
LEAST_DAYS = 91  # of record before the first origin
MOST_ORIGINS = 36
RUNS = 300
FEWEST_ERRORS = 3  # of the naive forecast, from which it has a spread of its own
Stamped = tuple[datetime, datetime]  # when it was so, and when that was recorded


@dataclass(frozen=True, slots=True)
class PastCase:
    """One case with when each fact of it was on record, so that any day's view of it can be had again. No name, no number."""

    received_at: datetime
    recorded_at: datetime
    grades: tuple[tuple[datetime, str], ...] = ()  # oldest first
    begun: Stamped | None = None
    ended: Stamped | None = None
    left: Stamped | None = None

    def known(self, at: datetime) -> LineCase | None:
        """The case as it stood on record at an instant; None where it was not."""
        if self.recorded_at > at:
            return None
        begun, ended, left = (_by(one, at) for one in (self.begun, self.ended, self.left))
        return LineCase(self.received_at, self.level(at), begun, ended, left)

    def level(self, at: datetime) -> str:
        """The grade in force at an instant."""
        return next((level for when, level in reversed(self.grades) if when <= at), "")

    def waits(self, at: datetime) -> bool:
        """Whether it waited for a post at an instant, as known now."""
        over = [one[0] for one in (self.begun, self.left) if one is not None]
        return self.received_at <= at and all(at < end for end in over)


@dataclass(frozen=True, slots=True)
class Held:
    """One post held by somebody, from when until when."""

    from_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Everything that the line's past is told again from."""

    cases: tuple[PastCase, ...]
    posts: tuple[Held, ...]

    @property
    def begins(self) -> datetime | None:
        """From when the line is on record: its first case, or its first post where some case is older than anybody's work on it."""
        first, held = min((one.received_at for one in self.cases), default=None), min((one.from_at for one in self.posts), default=None)
        return None if first is None or held is None else max(first, held)

    def waited(self, at: datetime) -> int:
        """How many waited at an instant, as known now."""
        return sum(one.waits(at) for one in self.cases)


@dataclass(frozen=True, slots=True)
class Foretold:
    """One origin and horizon: what was foretold, what came, and what the naive forecast and the engine told what came would have said."""

    origin: date
    posts: int
    horizon: int
    draws: Floats
    given: Floats  # told the arrivals that then came
    naive: Floats
    came: int
    chance: float

    def span(self, draws: Floats) -> tuple[float, float, float]:
        """The middle, and the interval of four in five."""
        low, high = interval(draws, level=LEVEL)
        return float(np.quantile(draws, 0.5, method="inverted_cdf")), low, high


@dataclass(frozen=True, slots=True)
class Retold:
    """How the engine did: each origin and horizon, each horizon's record and its record when told what came, and what was left out."""

    foretold: tuple[Foretold, ...]
    records: tuple[Record, ...]
    given: tuple[Record, ...]
    skipped: Mapping[str, int]  # why an origin could not be told from, and how many


def retell(*, history: History, rules: LineRules, today: date, seed: int, runs: int = RUNS, told: Told | None = None) -> Retold:
    """Tell every month's first day again that there is record enough before and a month after. ``told(done, all)`` hears how far."""
    first = local_date(history.begins) if history.begins is not None else today
    teller = _Teller(history, rules, first)
    origins = _origins(first, today)[-MOST_ORIGINS:]
    found: list[Foretold] = []
    skipped: Counter[str] = Counter()
    for number, origin in enumerate(origins, start=1):
        ahead = tuple(one for one in HORIZONS if local_date(_later(origin, one)) <= today)
        why, scenario = teller.posed(origin, max(ahead)) if ahead else ("Nothing came after it yet", None)
        if scenario is None:
            skipped[why] += 1
        else:
            found += teller.foretell(scenario, origin, ahead, drawing=(seed + number, runs), before=tuple(found))
        if told is not None:
            told(number, len(origins))
    by_horizon = [(horizon, [one for one in found if one.horizon == horizon]) for horizon in HORIZONS]
    return Retold(
        foretold=tuple(found),
        records=tuple(_record(rows, horizon, given=False) for horizon, rows in by_horizon),
        given=tuple(_record(rows, horizon, given=True) for horizon, rows in by_horizon),
        skipped=dict(sorted(skipped.items())),
    )


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells one line's past again."""

    history: History
    rules: LineRules
    first: date

    def posed(self, origin: date, months: int) -> tuple[str, Scenario | None]:
        """The question that could have been asked on that day, under the posts that were held from then on; or why it could not."""
        at, rules = _at(origin), self.rules
        held = list(_postings(self.history.posts, at, months))
        known = [one for case in self.history.cases if (one := case.known(at)) is not None]
        count = sum(row["count"] for row in held if not row.get("from_day"))
        found = standing(cases=known, rules=rules, posts=count, at=at)
        if found.can_be_asked:
            return "Nobody held a post, or too little was on record", None
        document = pose(found, Asked(1, origin, rules.training[0].code, rules.growth[0].code, "priority", months))
        days = min(rules.history_days, (origin - self.first).days)
        received = [one.received_at for one in known if one.received_at > at - days * DAY]
        document["arrivals"] |= {"days": days, "dispersion": round(dispersion(received, at=at, days=days), 3)}
        try:
            return "", read_scenario(document | {"posts": held, "plans": []}).scenario
        except BadScenario:
            return "What was on record makes no question", None

    def foretell(
        self, scenario: Scenario, origin: date, ahead: Sequence[int], *, drawing: tuple[int, int], before: Sequence[Foretold]
    ) -> Iterator[Foretold]:
        """What would have been said on that day for each of so many months ahead; ``drawing`` is the seed and the runs."""
        seed, runs = drawing
        came = replace(scenario, demand=self._came(scenario, origin))
        model, given = (simulate(one, plans=(AS_NOW,), seed=seed, runs=runs)[0] for one in (scenario, came))
        chance = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=(9,))))
        for horizon in ahead:
            draws, told = (np.asarray(one.waiting[:, :, horizon * A_MONTH].sum(axis=0), dtype=np.float64) for one in (model, given))
            yield Foretold(
                origin=origin,
                posts=sum(one.count for one in scenario.posts if not one.from_day),
                horizon=horizon,
                draws=draws,
                given=told,
                naive=_naive(self.history, origin, horizon, before),
                came=self.history.waited(_later(origin, horizon)),
                chance=float(chance.random()),
            )

    def _came(self, scenario: Scenario, origin: date) -> Demand:
        """The arrivals that then came, class by class, as rates that are known: only when each came is left to chance."""
        begin = _at(origin)
        end = begin + timedelta(days=scenario.horizon_days)
        came = Counter(self.rules.class_of(one.level(end)) for one in self.history.cases if begin < one.received_at <= end)
        return Demand(scenario.horizon_days, tuple(float(came[one.code]) for one in scenario.classes), exact=True)


def _origins(first: date, today: date) -> list[date]:
    begin = first + timedelta(days=LEAST_DAYS)
    count = (today.year - begin.year) * 12 + today.month - begin.month + 1
    return [one for one in month_starts(begin, max(count, 0)) if begin <= one < today]


def _later(origin: date, months: int) -> datetime:
    return _at(origin) + timedelta(days=months * MONTH_DAYS)


def _at(day: date) -> datetime:
    return at_wall(on=day, clock=time())


def _by(one: Stamped | None, at: datetime) -> datetime | None:
    return one[0] if one is not None and one[0] <= at and one[1] <= at else None


def _postings(posts: Sequence[Held], at: datetime, months: int) -> Iterator[dict[str, Any]]:
    """The posts that were held from an instant on, alike ones together; whoever came later came trained, for all that is on record."""
    horizon = months * MONTH_DAYS
    spans: Counter[tuple[float, float | None]] = Counter()
    for one in posts:
        begin = max(0.0, round((one.from_at - at) / DAY, 3))
        until = None if one.until_at is None else round((one.until_at - at) / DAY, 3)
        if begin < horizon and (until is None or until > begin):
            spans[begin, until if until is not None and until < horizon else None] += 1
    for (begin, until), count in sorted(spans.items(), key=str):
        yield {"count": count} | ({"from_day": begin} if begin else {}) | ({"until_day": until} if until is not None else {})


def _naive(history: History, origin: date, horizon: int, before: Sequence[Foretold]) -> Floats:
    """The count of a year before, or as it stood, with its own past errors around it as soon as there are some."""
    at = _at(origin)
    point = _naive_point(history, origin, horizon)
    past = [one for one in before if one.horizon == horizon and _later(one.origin, horizon) <= at]
    errors = [one.came - _naive_point(history, one.origin, horizon) for one in past]
    spread = np.asarray(errors if len(errors) >= FEWEST_ERRORS else [0.0], dtype=np.float64)
    return np.maximum(0.0, point + spread)


def _naive_point(history: History, origin: date, horizon: int) -> int:
    first = history.begins or _at(origin)
    a_year_before = _later(origin, horizon - 12)
    return history.waited(a_year_before if a_year_before >= first + LEAST_DAYS * DAY else _at(origin))


def _record(rows: Sequence[Foretold], horizon: int, *, given: bool) -> Record:
    return scored([(one.given if given else one.draws, one.naive, one.came, one.chance) for one in rows], horizon=horizon)
