"""Whether four in five truths lie inside the engine's interval: a world is made, a history seen, and the year after told.

Each trial makes a true rate, length of work and backlog, sees 540 days of them, fits, and foretells twelve months with three
more posts after six; the truth is one future of the true world. The same is told with the fitted numbers taken as known.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lodestar.core.forecast.answer import simulate
from lodestar.core.forecast.fitting import Lengths, fit
from lodestar.core.forecast.laws import Law
from lodestar.core.forecast.scenario import CaseClass, Demand, Plan, Posting, Scenario
from lodestar.core.forecast.tally import A_MONTH

CLASSES = tuple(CaseClass(code, code, days) for code, days in (("very_high", 1), ("high", 7), ("medium", 14), ("low", 30)))
MIX = np.array([0.05, 0.25, 0.40, 0.30])
SEEN_DAYS, MONTHS = 540, 12
PLAN = Plan("+3 from day 180", (Posting(3, 180),))


def covered(*, trials: int, runs: int, seed: int) -> dict[str, float]:
    """The share of truths inside the 80% interval, with parameters drawn and with them taken as known; and mean widths."""
    inside = {"drawn": 0, "plug_in": 0}
    width = {"drawn": 0.0, "plug_in": 0.0}
    for trial in range(trials):
        chance = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=(trial,))))
        truth, told = _world(chance)
        came = _waiting(truth, runs=1, seed=int(chance.integers(2**40)))[0]
        for name, scenario in (("drawn", told), ("plug_in", _known(told))):
            low, high = np.quantile(_waiting(scenario, runs=runs, seed=trial), [0.1, 0.9], method="inverted_cdf")
            inside[name] += int(low <= came <= high)
            width[name] += float(high - low) / trials
    return {name: hits / trials for name, hits in inside.items()} | {f"{name}_width": found for name, found in width.items()}


def _waiting(scenario: Scenario, *, runs: int, seed: int) -> np.ndarray:
    waiting: np.ndarray = simulate(scenario, plans=(PLAN,), seed=seed, runs=runs)[0].waiting[:, :, MONTHS * A_MONTH].sum(axis=0)
    return waiting


def _world(chance: np.random.Generator) -> tuple[Scenario, Scenario]:
    """The true line, and the line as it is known from 540 days of it."""
    mean, a_day = 7.5 * np.exp(0.1 * chance.standard_normal()), 0.9 * np.exp(0.1 * chance.standard_normal())
    law = Law.of_mean(mean=float(mean), cv=1.2)
    waiting = tuple(tuple(chance.uniform(0, top, n).tolist()) for n, top in ((0, 1), (4, 6), (16, 16), (102, 150)))
    counts = chance.poisson(a_day * SEEN_DAYS * MIX).astype(float)
    # Six posts at work for 540 days: the last few cases have not ended.
    whole = np.exp(law.at[0] + np.exp(law.at[1]) * chance.standard_normal(int(6 * SEEN_DAYS / mean)))
    until = np.where(chance.random(whole.size) < 0.04, whole * chance.random(whole.size), whole)
    fitted = fit(Lengths.of(until.tolist(), (until == whole).tolist())).law
    base = Scenario(CLASSES, Demand(SEEN_DAYS, tuple(counts.tolist())), (fitted,), (Posting(6),), (), waiting, months=MONTHS)
    rates = tuple((a_day * MIX * SEEN_DAYS).tolist())
    return replace(base, demand=Demand(SEEN_DAYS, rates, exact=True), work=(law,)), base


def _known(told: Scenario) -> Scenario:
    law = told.work[0]
    return replace(told, demand=replace(told.demand, exact=True), work=(Law(law.family, law.at),))
