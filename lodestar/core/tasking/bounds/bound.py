"""A proven bound on the value of every plan: of each tier by itself, and of all tiers together.

What it means. For each tier ``by_tier`` holds a number that the tier's value in *no* plan exceeds, whatever the plan does in the other
tiers: so the highest tier's is a bound on the best plan's highest tier, and each lower one holds too, if not as tightly as it would
for plans that are already best above. ``total`` is the same of the sum over all tiers. How they were come by is in ``method``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from lodestar.core.tasking.bounds.alone import METHOD as ALONE
from lodestar.core.tasking.bounds.alone import on_the_way, soonest_starts, worth_alone
from lodestar.core.tasking.bounds.field import MOST_TICKS, field, most_ticks
from lodestar.core.tasking.bounds.prices import BLOCK, Prices
from lodestar.core.tasking.bounds.ways import least
from lodestar.core.tasking.plan import Bounds
from lodestar.core.tasking.problem import Problem, Stop

METHOD = "each stretch of each day by itself, at prices on what is scarce (Lagrangian); crews need not meet and nothing waits"
STEPS = 1000  # the most steps of time in the longest stretch
LEAST_ROUNDS = 10
STEP_WORK = 8000  # stretches by tasks by tasks that a round looks at while the search makes a step, from measurement
REACHED = Fraction(1, 10_000)  # a tier this near its plainest bound is left
ENOUGH = 1e-5  # a question that gains no more than this share is left


@dataclass(slots=True)
class Question:
    """One bound that is being improved: of a tier, or of all."""

    tiers: tuple[int, ...]
    prices: Prices
    done: bool = False


def rounds_for(*, problem: Problem, steps: int) -> int:
    """How many rounds take about a quarter as long as so many steps of the search: for a plan that must have the same bytes again."""
    parts = sum(len(asset.shifts) + len(asset.commitments) for asset in problem.assets)
    return steps // 4 // max(1, parts * len(problem.tasks) ** 2 // STEP_WORK)


def bound(*, problem: Problem, stop: Stop, reached: Mapping[int, Fraction] | None = None, block: int = BLOCK) -> Bounds:
    """The best bound proven before ``stop`` says so, highest tier first; each is true from the start and only gets better.

    ``stop`` is asked every few hundredths of a second with the rounds made so far. It is never worse than each task alone. What a
    plan has ``reached`` tells where there is nothing left to prove. Where there are more stretches than a ``block``, prices learn.
    """
    ways = least(travel=problem.travel, places=len(problem.places))
    starts = soonest_starts(problem=problem, ways=ways)
    plain = worth_alone(problem=problem, starts=starts, ways=ways)
    if not ways.known or not starts or most_ticks(problem) > MOST_TICKS or stop(0):
        return plain
    asked: list[tuple[int, ...]] = [(tier,) for tier in problem.tiers]
    if len(asked) > 1:
        asked.append(problem.tiers)
    shift = step_shift(problem)
    questions = [
        Question(tiers, Prices(field(problem=problem, tiers=tiers, soonest=starts, way=ways.table), shift, block)) for tiers in asked
    ]
    for question in questions:
        most = sum((plain.by_tier[tier] for tier in question.tiers), Fraction(0))
        question.done = reached is not None and most - sum(reached[tier] for tier in question.tiers) <= most * REACHED
    _improve(questions, stop)
    loss = on_the_way(problem=problem, ways=ways)
    by_tier = {tier: min(plain.by_tier[tier], _proven(questions[n], problem, loss)) for n, tier in enumerate(problem.tiers)}
    together = _proven(questions[-1], problem, loss)
    total = min(together, sum(by_tier.values(), Fraction(0)))
    better = total < plain.total or by_tier != plain.by_tier
    return Bounds(by_tier, total, METHOD if better else ALONE)


def _proven(question: Question, problem: Problem, loss: Fraction) -> Fraction:
    """In points; the lowest tier also loses what everybody travels at least."""
    return question.prices.bound - (loss if problem.tiers[-1] in question.tiers else 0)


def step_shift(problem: Problem) -> int:
    """The step of time, as a power of two, since instants are divided by it without end: half a minute, or longer in long stretches."""
    longest = max((shift.end - shift.start for asset in problem.assets for shift in asset.shifts), default=1)
    return (max(1, problem.scale // 2, -(-longest // STEPS)) - 1).bit_length()


def _improve(questions: list[Question], stop: Stop) -> None:
    """Each question in turn for a few rounds, twice as many at each turn, until told to stop or nothing more is to be had."""
    rounds, turn = 0, LEAST_ROUNDS
    while not all(question.done for question in questions):
        for question in questions:
            for _ in range(0 if question.done else turn):
                if not question.prices.round(stop, rounds):
                    return
                rounds += 1
            question.done = question.prices.reach < ENOUGH
        turn *= 2
