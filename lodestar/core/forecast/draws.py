"""Chance, counted: one draw of everything that is not known for each run, the same for every plan.

Each run draws its own rates, growth, availability and lengths of work, then one history under them, so that the spread of
the answers holds both kinds of not knowing. Plans share the draws: what differs between two plans is the posts, not the luck.
Part of the runs is drawn at a time, each part from its own counted stream, so that a seed gives the same bytes however many
are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lodestar.core.forecast.laws import SURE, Floats, Law, drawn, fresh, left
from lodestar.core.forecast.queue import NEVER, ROW_END, TICKS, Cases, Ints
from lodestar.core.forecast.scenario import MONTH_DAYS, Scenario, Stage

LONGEST = 20_000 * TICKS  # a drawn length beyond fifty years is this long
HALF = 0.5  # Jeffreys: what is believed of a rate before anything is counted


@dataclass(frozen=True, slots=True, eq=False)
class Delays:
    """A stage's part in one draw: how long each case is there (below nought: it passes by), and what is left for those there now."""

    after_work: Floats  # in the line of the cases
    waiting: Floats  # [run, case there now]


@dataclass(frozen=True, eq=False)
class Drawn:
    """Everything the plans share. Class 0 is the work in hand; the scenario's classes follow."""

    cases: Cases
    delays: tuple[Delays, ...]

    @cached_property
    def rows(self) -> Ints:
        """The row, class x runs + run, of each case in the line."""
        return np.repeat(np.arange(self.cases.size.size), self.cases.size.ravel() + ROW_END)


def draw(scenario: Scenario, *, seed: int, part: int, runs: int) -> Drawn:
    """Draw one part of the runs. The same scenario, seed, part and number of runs give the same bytes."""
    chances = [np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=(part, what)))) for what in range(3)]
    steps = _intensity(scenario, runs=runs, chance=chances[0])
    there = np.array([len(scenario.begun), *(len(ages) for ages in scenario.waiting)])
    size = there[:, None] + chances[0].poisson(steps[:, :, -1])
    first = np.concatenate(([0], np.cumsum(size.ravel() + ROW_END)[:-1])).reshape(size.shape)
    arrivals = _instants(steps, (first + there[:, None]).ravel(), (first + size).ravel(), chances[1])
    for number, ages in enumerate((scenario.begun, *scenario.waiting)):
        places = first[number][:, None] + np.arange(len(ages))
        arrivals[places] = np.rint(-np.sort(np.asarray(ages))[::-1] * TICKS).astype(np.int64)
    arrivals[(first + size).ravel()[:, None] + np.arange(ROW_END)] = NEVER
    work = _work(scenario, first, size, chances[2])
    delays = tuple(_delays(stage, work.size, runs, chances[2]) for stage in scenario.stages)
    return Drawn(Cases(arrivals, work, first, size), delays)


def _intensity(scenario: Scenario, *, runs: int, chance: np.random.Generator) -> Floats:
    """Cases expected up to the end of each month [class, run, month + 1], from nought; of class 0, the work in hand, none come."""
    demand, months = scenario.demand, scenario.months
    counts = np.asarray(demand.counts)
    if demand.exact:
        rates = np.tile(counts / demand.days, (runs, 1))
        uneven = np.ones((runs, months))
    else:
        loose = max(1.0, demand.dispersion)
        total = chance.gamma((counts.sum() + HALF) / loose, loose / demand.days, runs)
        rates = total[:, None] * chance.dirichlet(counts + HALF, runs)
        uneven = _uneven(demand.a_day * MONTH_DAYS, loose, (runs, months), chance)
    low, high = demand.growth
    growth = low + (high - low) * chance.random(runs)
    middles = (np.arange(months) + 0.5) / 12
    a_month = uneven * growth[:, None] ** middles * MONTH_DAYS
    steps = np.zeros((counts.size + 1, runs, months + 1))
    steps[1:, :, 1:] = np.cumsum(rates.T[:, :, None] * a_month, axis=2)
    return steps


def _uneven(a_month: float, loose: float, shape: tuple[int, int], chance: np.random.Generator) -> Floats:
    """A factor for each month, of mean 1, that makes counts as much more uneven than chance as they were."""
    if loose <= 1.0 or a_month <= 0:
        return np.ones(shape)
    even = a_month / (loose - 1)
    return chance.gamma(even, 1 / even, shape)


def _instants(steps: Floats, begin: Ints, end: Ints, chance: np.random.Generator) -> Ints:
    """When the cases of each row come, in order, from ``begin`` to ``end`` of it; what stands elsewhere in the line is no instant.

    Sums of exponentials over their total are uniform numbers in order, so nothing is sorted: uniform in expected cases, and
    then turned into days month by month. The place after a row's last case holds the total.
    """
    months = steps.shape[2] - 1
    edges = steps.reshape(-1, months + 1)
    lengths = np.diff(end + ROW_END, prepend=0)
    line = chance.standard_exponential(int(lengths.sum()))
    np.cumsum(line, out=line)
    base = np.where(begin > 0, line[begin - 1], 0.0)
    whole = line[end] - base
    line -= np.repeat(base, lengths)
    if np.allclose(np.diff(edges, axis=1), edges[:, 1:2], rtol=1e-12):  # every month alike: no month need be looked for
        horizon = months * MONTH_DAYS * TICKS
        line *= np.repeat(horizon / whole, lengths)
        return np.rint(np.clip(line, 0.0, horizon, out=line), out=line).astype(np.int64)
    rows = np.repeat(np.arange(lengths.size), lengths)
    line /= whole[rows]
    share = np.clip(line, 0.0, 1.0 - 1e-12, out=line)
    month = _month_of(share, edges, rows, months)
    expected = share * edges[rows, -1]
    inner = (expected - edges[rows, month]) / np.maximum(edges[rows, month + 1] - edges[rows, month], 1e-300)
    days = (month + np.clip(inner, 0.0, 1.0)) * MONTH_DAYS
    return np.rint(days * TICKS).astype(np.int64)


def _month_of(share: Floats, edges: Floats, row: Ints, months: int) -> Ints:
    """The month each case falls in: the few edges are looked up among the many cases, not the other way about."""
    whole = np.maximum(edges[:, -1], 1e-300)
    marks = (np.arange(edges.shape[0])[:, None] + edges[:, 1:-1] / whole[:, None]).ravel()
    passed = np.cumsum(np.bincount(np.searchsorted(row + share, marks), minlength=share.size + 1))[: share.size]
    return np.clip(passed - row * (months - 1), 0, months - 1)


def _work(scenario: Scenario, first: Ints, size: Ints, chance: np.random.Generator) -> Ints:
    """Ticks of a trained post that each case takes; for what is in hand, what is left of it."""
    runs = size.shape[1]
    low, high = scenario.availability
    available: Floats = low + (high - low) * np.asarray(chance.random(runs))
    laws = {law: drawn(law, runs=runs, chance=chance) for law in dict.fromkeys(scenario.work)}
    lengths = size + ROW_END
    days = np.zeros(int(lengths.sum()))
    for number in range(len(scenario.classes)):
        law = scenario.law(number)
        begin, end = int(first[number + 1, 0]), int(first[number + 2, 0]) if number + 2 < first.shape[0] else days.size
        if law.spread == SURE:
            days[begin:end] = fresh(law.family, laws[law][:1], chance, size=end - begin)
        else:
            days[begin:end] = fresh(law.family, np.repeat(laws[law], lengths[number + 1], axis=0), chance)
    if scenario.begun:
        law = scenario.work[0]
        gone = np.sort(np.asarray(scenario.begun))[::-1]
        at = np.repeat(laws[law], gone.size, axis=0)
        places = first[0][:, None] + np.arange(gone.size)
        days[places] = left(law.family, at, np.tile(gone, runs), chance).reshape(runs, gone.size)
    days *= TICKS / low if low == high else np.repeat(np.tile(TICKS / available, size.shape[0]), lengths.ravel())
    np.clip(days, 1.0, LONGEST, out=days)
    return np.rint(days, out=days).astype(np.int64)


def _delays(stage: Stage, cases: int, runs: int, chance: np.random.Generator) -> Delays:
    law: Law = stage.law
    at = drawn(law, runs=runs, chance=chance)
    days = np.minimum(fresh(law.family, np.array([law.at]), chance, size=cases), 20_000.0)
    days[chance.random(cases) >= stage.share] = -1.0
    gone = np.asarray(stage.waiting)
    rest = left(law.family, np.repeat(at, gone.size, axis=0), np.tile(gone, runs), chance).reshape(runs, gone.size)
    return Delays(days, rest)
