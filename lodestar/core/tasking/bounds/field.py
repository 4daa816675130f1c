"""The tables a bound is reckoned on: the stretches between fixed stops, the tasks of some tiers, and their values as whole units."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lodestar.core.tasking.problem import Problem, Shift

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
ASSET, SINCE, ORIGIN, TILL, TARGET = range(5)  # columns of stretches
PLACE, LENGTH, SOONEST, DUE, FIRST, CREW, VALUE, FALL = range(8)  # columns of tasks
ROOM = 1 << 44  # units to all the value there is
FINE = 16  # bits after the point of FALL
MOST_TICKS = 1 << 44  # lengths beyond leave a problem to the plainest bound


NO_WEIGHTS: Mapping[int, Fraction] = {}


class Field(NamedTuple):
    """One question: the most that these tasks can be worth."""

    numbers: tuple[int, ...]  # of the tasks, in the problem
    stretches: Ints
    tasks: Ints
    of_slot: Ints  # the kind of each slot
    can: Flags  # (kinds, assets)
    barred_at: Ints
    barred: Ints
    longest: Ints  # of each asset; -1 where there is no limit
    way: Ints
    units: Fraction  # units to a point


def stretches(problem: Problem) -> list[tuple[int, int, int, int, int]]:
    """Every part of a shift between two fixed stops: whose, from when and where, till when and where."""
    found = []
    for number, asset in enumerate(problem.assets):
        for shift in asset.shifts:
            since, origin = shift.start, shift.origin
            for held in fixed(shift, problem, number):
                found.append((number, since, origin, held[0], held[2]))
                since, origin = held[1], held[2]
            found.append((number, since, origin, shift.end, shift.target))
    return found


def fixed(shift: Shift, problem: Problem, asset: int) -> list[tuple[int, int, int]]:
    """The commitments within a shift: start, end and place."""
    held = ((one.start, one.end, one.place) for one in problem.assets[asset].commitments)
    return sorted(one for one in held if shift.start <= one[0] and one[1] <= shift.end)


def field(
    *, problem: Problem, tiers: Collection[int], soonest: Mapping[int, int], way: Ints, weights: Mapping[int, Fraction] = NO_WEIGHTS
) -> Field:
    """The tables for the tasks of some tiers. Values are rounded up and what is lost with time down, so that nothing is lost.

    ``weights`` is how many times over a point of some tiers counts, the others once.
    """
    numbers = tuple(number for number in sorted(soonest) if problem.tasks[number].tier in tiers and problem.tasks[number].value > 0)
    tasks = [problem.tasks[number] for number in numbers]
    weigh = [weights.get(task.tier, Fraction(1)) for task in tasks]
    total = sum(math.ceil(task.value * times) for task, times in zip(tasks, weigh, strict=True))
    units = Fraction(ROOM // total) if 0 < total <= ROOM else Fraction(ROOM, max(1, total))
    rows, first = [], 0
    kinds: dict[frozenset[str], int] = {}
    of_slot = [kinds.setdefault(skills, len(kinds)) for task in tasks for skills in task.crew]
    for number, task, times in zip(numbers, tasks, weigh, strict=True):
        worth = task.worth(soonest[number]) * times * units
        loss = task.value * task.decay / (task.due - task.earliest) if task.due > task.earliest else Fraction(0)
        fall = int(loss * times * units * (1 << FINE)) // len(task.crew)
        rows.append((task.place, task.length, soonest[number], task.due, first, len(task.crew), -int(-worth // 1), fall))
        first += len(task.crew)
    barred = [task.barred for task in tasks]
    can = [[skills <= asset.skills for asset in problem.assets] for skills in kinds]
    return Field(
        numbers=numbers,
        stretches=np.array(stretches(problem), np.int64).reshape(-1, 5),
        tasks=np.array(rows, np.int64).reshape(-1, 8),
        of_slot=np.array(of_slot, np.int64),
        can=np.array(can, np.bool_).reshape(len(kinds), len(problem.assets)),
        barred_at=np.cumsum([0, *(len(one) for one in barred)]).astype(np.int64),
        barred=np.array([asset for one in barred for asset in one], np.int64),
        longest=np.array([-1 if asset.longest is None else asset.longest for asset in problem.assets], np.int64),
        way=way,
        units=units,
    )


def most_ticks(problem: Problem) -> int:
    """The longest length or instant of a problem."""
    ends = [shift.end for asset in problem.assets for shift in asset.shifts]
    return max([0, *ends, *(task.due for task in problem.tasks), *(task.length for task in problem.tasks)])
