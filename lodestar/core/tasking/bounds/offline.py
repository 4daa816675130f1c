"""The best bound that minutes can prove: prices from a linear programme over days that were seen, re-evaluated in whole numbers.

Two questions. Without ``reached``: the most that any plan can be worth in all. With what a plan has ``reached`` in each tier: the most
that any plan can be worth in all that has no less than that in any tier but the lowest. The second is what a plan can be compared
with that is lexicographic: the plan of the greatest sum lets much in a low tier displace a little in a high one, which ours never may.

For the second, whatever a tier that is kept has more than it must is paid a price too (its *weight*): a plan ``z`` that keeps them has
``sum(z) <= sum((1 + weight) * z) - sum(weight * reached)``, and the right side is bounded as any problem is whose values are weighted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_FLOOR
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lodestar.core.tasking.bounds.alone import METHOD as ALONE
from lodestar.core.tasking.bounds.alone import on_the_way, soonest_starts, worth_alone
from lodestar.core.tasking.bounds.bound import step_shift
from lodestar.core.tasking.bounds.columns import Columns, Shared
from lodestar.core.tasking.bounds.field import FINE, MOST_TICKS, Field, most_ticks
from lodestar.core.tasking.bounds.field import field as tables
from lodestar.core.tasking.bounds.prices import BLOCK, Prices
from lodestar.core.tasking.bounds.scarce import SCARCE, parts
from lodestar.core.tasking.bounds.ways import least
from lodestar.core.tasking.plan import gap, number
from lodestar.core.tasking.problem import Line, Params, Problem, Stop
from lodestar.core.tasking.solve import search

METHOD = (
    "column generation: each stretch of each day by itself, at prices from a linear programme over days, re-evaluated in whole numbers;"
    " crews need not meet and nothing waits"
)
SKILLS_METHOD = (
    "each task alone, but what asks for a scarce skill ({skills}) together, with only those who hold it: by column generation over their"
    " days, re-evaluated in whole numbers; crews need not meet and nothing waits"
)
LARGE = 2_000_000  # people by tasks, beyond which the whole comes to nothing in minutes: what asks for scarce skills is proven first
LEARNT = 1  # rounds that learn before the programme has its first columns: from measurement more plans are worth more
PLANS = 16  # plans whose days are the first columns
STEPS = 10  # of the search for each, for each task
STEADY = 0.5  # how much of the best prices so far is in those that are tried next: the programme's own leap about
COARSER = 2  # how many times the step of time is doubled to begin with
CLOSE = 3e-3  # share of the value between programme and bound at which finer steps are worth their time
ENOUGH = 1e-5  # the same at which the finest have nothing more to find
GAIN = 2e-4  # share of the value that a round must gain
PATIENCE = 5  # rounds that gain less, before the steps are finer
PARTS = 1024  # parts to a whole of a weight
HEAVIEST = 16.0  # the greatest weight


@dataclass(frozen=True, slots=True)
class Proof:
    """What no plan that was asked about exceeds, in points; how it was proven, and in how many rounds."""

    total: Fraction
    method: str
    rounds: int


def prove(
    *,
    problem: Problem,
    stop: Stop,
    reached: Mapping[int, Fraction] | None = None,
    lines: Sequence[Line] = (),
    block: int = BLOCK,
    large: int = LARGE,
) -> Proof:
    """The best bound on the sum of all tiers before ``stop`` says so; true from the start, and only gets better.

    With ``reached``, in points, it holds for the plans that have no less in any tier but the lowest. The ``lines`` of a plan that is
    one of those make it quicker. ``stop`` is asked every few tenths of a second with the rounds made so far.
    """
    ways = least(travel=problem.travel, places=len(problem.places))
    starts = soonest_starts(problem=problem, ways=ways)
    plain = worth_alone(problem=problem, starts=starts, ways=ways).total
    if not ways.known or not starts or most_ticks(problem) > MOST_TICKS or stop(0):
        return Proof(plain, ALONE, 0)
    known = Proof(plain, ALONE, 0)
    if len(problem.assets) * len(problem.tasks) > large:
        known = by_skill(problem=problem, known=known, starts=starts, way=ways.table, stop=stop)
    keep = {tier: reached[tier] for tier in problem.tiers[:-1]} if reached else {}
    one = Proving(problem, starts, ways.table, keep, block, known.rounds)
    one.prove(stop, lines)
    found = one.best - on_the_way(problem=problem, ways=ways)
    return Proof(found, METHOD, one.rounds) if found < known.total else replace(known, rounds=one.rounds)


def by_skill(
    *, problem: Problem, known: Proof, starts: Mapping[int, int], way: NDArray[np.int64], stop: Stop, scarce: Fraction = SCARCE
) -> Proof:
    """What is ``known``, less what those who hold a scarce skill have no time for: ``bounds.scarce`` says why that is a bound."""
    total, rounds, skills = known.total, known.rounds, []
    for part in parts(problem=problem, starts=starts, scarce=scarce):
        one = Proving(part.problem, part.starts, way, {}, BLOCK, rounds)
        one.prove(stop, ())
        rounds = one.rounds
        if one.best < part.alone:
            total -= part.alone - one.best
            skills.append(part.skill)
    method = SKILLS_METHOD.format(skills=", ".join(skills).replace("_", " "))
    return Proof(total, method, rounds) if skills else replace(known, rounds=rounds)


def proof_document(*, problem: Problem, proof: Proof, reached: Mapping[int, Fraction] | None = None) -> dict[str, Any]:
    """A proof as its document; with what a plan has ``reached``, also what that is in all and how far below the proof it stays."""
    said: dict[str, Any] = {
        "of": "every plan" if reached is None else "every plan that has no less in any tier but the lowest",
        "bound_total": number(proof.total / problem.worth, ROUND_CEILING),
        "bound_method": proof.method,
        "rounds": proof.rounds,
        "problem_sha256": problem.sha256,
    }
    if reached is not None:
        value = sum(reached.values(), Fraction(0))
        said |= {"value": number(value / problem.worth, ROUND_FLOOR), "gap": gap(reached=value, most=proof.total)}
    return said


@dataclass(slots=True)
class Guess:
    """Prices in points: of each slot, of each person's ticks, and the weight of each tier that is kept."""

    slot: NDArray[np.float64]
    minute: NDArray[np.float64]
    weight: NDArray[np.float64]

    def towards(self, other: Guess) -> Guess:
        """A step from here to there."""
        pairs = ((self.slot, other.slot), (self.minute, other.minute), (self.weight, other.weight))
        return Guess(*(STEADY * here + (1 - STEADY) * there for here, there in pairs))


@dataclass(slots=True)
class Proving:
    """A proof that is being made: of plans that ``keep`` so much in some tiers, in points; ``attempt`` is true at any prices at all."""

    problem: Problem
    starts: Mapping[int, int]
    way: NDArray[np.int64]
    keep: Mapping[int, Fraction]
    block: int
    rounds: int = 0
    coarser: int = COARSER
    stale: int = 0
    asked: Field = field(init=False)
    prices: Prices = field(init=False)
    columns: Columns = field(init=False)
    best: Fraction = field(init=False)
    least: float = float("inf")  # the lowest that this coarseness has proven, in points
    centre: Guess = field(init=False)
    weights: dict[int, Fraction] = field(init=False)  # of the prices in hand

    def __post_init__(self) -> None:
        self.asked, self.weights = self._tables({}), dict.fromkeys(self.keep, Fraction(0))
        self.prices = Prices(self.asked, step_shift(self.problem), self.block)
        self.best = self.prices.bound
        self.coarser = COARSER if self.prices.learns else 0
        units = self.asked.units
        keep = {tier: float(points * units) for tier, points in self.keep.items()}
        self.columns = Columns(self.asked, [self.problem.tasks[number].tier for number in self.asked.numbers], keep)

    def prove(self, stop: Stop, lines: Sequence[Line]) -> None:
        """Prove until nothing more is to be had, or until told to stop. The ``lines`` of a plan make it quicker."""
        if self.asked.numbers and self.begin(stop, lines):
            while self.round(stop):
                pass

    def begin(self, stop: Stop, lines: Sequence[Line]) -> bool:
        """Learn a little and plan a little, for the first columns and the first prices; false where told to stop."""
        self.columns.take_plan(lines)
        for _ in range(LEARNT):
            if not self.prices.round(stop, self.rounds):
                return False
            self.columns.take(self.prices.went[0], self.prices.went[1])
        one = self.problem if self.keep else replace(self.problem, tasks=tuple(replace(task, tier=0) for task in self.problem.tasks))
        steps = STEPS * len(self.problem.tasks)
        for seed in range(PLANS):
            found = search(problem=one, params=Params(), seed=seed, stop=lambda done: done >= steps or stop(self.rounds))
            self.columns.take_plan(found.lines)
        slot, minute = self.prices.mean if self.prices.learns else self.prices.held
        self.centre = self._points(slot.astype(np.float64), minute.astype(np.float64), np.zeros(len(self.keep)), float(self.asked.units))
        return self.attempt(self.centre, stop)

    def round(self, stop: Stop) -> bool:
        """Share the work among the days that are known, try those prices, and learn from where every day then goes."""
        self.rounds += 1
        shared = self.columns.share()
        before = self.least
        if not self.attempt(self.centre.towards(self._of(shared)), stop):
            return False
        value = shared.value / float(self.asked.units)
        self.stale = 0 if self.least < before * (1 - GAIN) else self.stale + 1
        apart = self.least - value
        if self.coarser and (apart <= value * CLOSE or self.stale >= PATIENCE):
            self.coarser, self.stale = self.coarser - 1, 0
            self.least = float("inf")
            return self.attempt(self.centre, stop)
        return apart > value * ENOUGH and self.stale < 2 * PATIENCE

    def attempt(self, at: Guess, stop: Stop) -> bool:
        """Reckon what some prices prove, and keep them where it is the best; false where told to stop."""
        weights = {tier: Fraction(round(min(HEAVIEST, weight) * PARTS), PARTS) for tier, weight in zip(self.keep, at.weight, strict=True)}
        if weights != self.weights:
            went, self.weights = self.prices.went, weights
            asked = self._tables({tier: 1 + weight for tier, weight in weights.items()}) if any(weights.values()) else self.asked
            self.prices = Prices(asked, self.prices.shift, self.block)
            self.prices.went = went
        units = self.prices.asked.units
        self.prices.set(at.slot * float(units), at.minute * float(units) * (1 << FINE))
        total = self.prices.reckon(stop, self.rounds, self.coarser)
        if total is None:
            return False
        self.columns.take(self.prices.went[0], self.prices.went[1])
        proven = total / units - sum(weight * self.keep[tier] for tier, weight in weights.items())
        self.best = min(self.best, proven)
        if float(proven) < self.least:
            self.least, self.centre = float(proven), at
        return True

    def _tables(self, weights: Mapping[int, Fraction]) -> Field:
        return tables(problem=self.problem, tiers=self.problem.tiers, soonest=self.starts, way=self.way, weights=weights)

    def _of(self, shared: Shared) -> Guess:
        return self._points(shared.slot, shared.minute * (1 << FINE), shared.tier, float(self.asked.units))

    def _points(self, slot: NDArray[np.float64], minute: NDArray[np.float64], weight: NDArray[np.float64], units: float) -> Guess:
        return Guess(slot / units, minute / units / (1 << FINE), np.minimum(HEAVIEST, weight))
