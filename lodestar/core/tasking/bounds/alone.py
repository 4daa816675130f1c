"""The plainest bound: each piece of work as if it were the only one.

No plan starts a task sooner than the soonest that its people could be there with nothing else given out, after the soonest that
what it waits for could have ended; and value never grows with time. So the sum over a tier is never less than any plan's. Ways are
the least there are by whatever stops, so that somebody who is sooner there by way of other work is not forgotten.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from graphlib import TopologicalSorter
from itertools import pairwise

import numpy as np

from lodestar.core.tasking.bounds.field import fixed
from lodestar.core.tasking.bounds.ways import Ways, least
from lodestar.core.tasking.explain.soonest import each_alone, holding, routes
from lodestar.core.tasking.plan import Bounds
from lodestar.core.tasking.problem import Problem, Travel

METHOD = "each task alone"


def alone(*, problem: Problem) -> Bounds:
    """The bound of each tier and of all: what each task would be worth alone, and nothing for what nobody could do."""
    ways = least(travel=problem.travel, places=len(problem.places))
    return worth_alone(problem=problem, starts=soonest_starts(problem=problem, ways=ways), ways=ways)


def worth_alone(*, problem: Problem, starts: dict[int, int], ways: Ways) -> Bounds:
    """The same, where the soonest starts are known."""
    found = dict.fromkeys(problem.tiers, Fraction(0))
    for number, start in starts.items():
        task = problem.tasks[number]
        found[task.tier] += task.worth(start)
    if found:
        found[problem.tiers[-1]] -= on_the_way(problem=problem, ways=ways)
    return Bounds(found, sum(found.values(), Fraction(0)), METHOD)


def on_the_way(*, problem: Problem, ways: Ways) -> Fraction:
    """What the lowest tier loses in any plan, in points: everybody goes at least from their start by their fixed stops to their end."""
    if not problem.travel_weight:
        return Fraction(0)
    ticks = 0
    for number, asset in enumerate(problem.assets):
        for shift in asset.shifts:
            stops = [shift.origin, *(place for _, _, place in fixed(shift, problem, number)), shift.target]
            ticks += sum(ways.ticks(a, b) for a, b in pairwise(stops))
    return problem.travel_weight * problem.worth * Fraction(ticks, problem.scale)


def soonest_starts(*, problem: Problem, ways: Ways) -> dict[int, int]:
    """The soonest that each task could start in any plan; a task that no plan can hold is left out."""
    if not ways.known:
        return {number: task.earliest for number, task in enumerate(problem.tasks)}
    eased = replace(problem, travel=Travel(ways.table, np.zeros(0), np.zeros(0)))
    still, who = routes(problem=eased, lines=()), holding(problem=problem)
    order = TopologicalSorter({number: task.after for number, task in enumerate(problem.tasks)}).static_order()
    found: dict[int, int] = {}
    for number in order:
        task = problem.tasks[number]
        if any(before not in found for before in task.after):
            continue
        ended = (found[before] + problem.tasks[before].length for before in task.after)
        window = (max((task.earliest, *ended)), task.due)
        start = each_alone(plan=still, problem=eased, task=number, may=who(number), window=window)
        if start is not None:
            found[number] = start
    return found
