"""The plainest bound: each piece of work as if it were the only one.

No plan starts a task sooner than the soonest that its people could be there with nothing else given out, after the soonest that
what it waits for could have ended; and value never grows with time. So the sum over a tier is never less than any plan's.
"""

from __future__ import annotations

from fractions import Fraction
from graphlib import TopologicalSorter

from lodestar.core.tasking.explain.soonest import holding, routes, soonest
from lodestar.core.tasking.plan import Bounds
from lodestar.core.tasking.problem import Problem

METHOD = "each task alone"


def alone(*, problem: Problem) -> Bounds:
    """The bound of each tier and of all: what each task would be worth alone, and nothing for what nobody could do."""
    starts = soonest_starts(problem=problem)
    found = dict.fromkeys(problem.tiers, Fraction(0))
    for number, start in starts.items():
        task = problem.tasks[number]
        found[task.tier] += task.worth(start)
    return Bounds(found, sum(found.values(), Fraction(0)), METHOD)


def soonest_starts(*, problem: Problem) -> dict[int, int]:
    """The soonest that each task could start in any plan; a task that no plan can hold is left out."""
    fixed, who = routes(problem=problem, lines=()), holding(problem=problem)
    order = TopologicalSorter({number: task.after for number, task in enumerate(problem.tasks)}).static_order()
    found: dict[int, int] = {}
    for number in order:
        task = problem.tasks[number]
        if any(before not in found for before in task.after):
            continue
        ended = (found[before] + problem.tasks[before].length for before in task.after)
        window = (max((task.earliest, *ended)), task.due)
        slots = [soonest(plan=fixed, problem=problem, task=number, may=who(number, slot), window=window) for slot in range(len(task.crew))]
        if all(slots) and len(set().union(*slots)) >= len(slots):
            found[number] = max(min(one.values()) for one in slots)
    return found
