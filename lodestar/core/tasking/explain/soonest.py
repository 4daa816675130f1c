"""How soon everybody could do one piece of work, everything else in the plan staying where it is.

Asked for every piece of work and everybody, so it is compiled: at a thousand people and ten thousand pieces of work it is some
two hundred million places looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from lodestar.core.tasking.problem import Line, Problem

NO_LIMIT = np.iinfo(np.int64).max
NEVER = np.iinfo(np.int64).max  # the start of whoever could not
COMMITMENT = -1
START, END, PLACE, TASK = range(4)
OPENS, CLOSES, ORIGIN, TARGET, ASSET = range(5)

_compiled: Callable[..., Any] = numba.njit(cache=True, error_model="numpy")


@dataclass(frozen=True, slots=True)
class Routes:
    """Every shift with its fixed stops and tasks in order of time, as tables of whole numbers."""

    shifts: NDArray[np.int64]  # (n, 5): opens, closes, origin, target, asset
    begins: NDArray[np.int64]  # (n + 1,): where each shift's stops begin
    stops: NDArray[np.int64]  # (m, 4): start, end, place, task or COMMITMENT
    given: NDArray[np.int64]  # (assets,): ticks of tasks each has been given
    longest: NDArray[np.int64]  # (assets,): the most ticks of tasks each may be given
    holders: Mapping[int, tuple[int, ...]]  # of each placed task
    travel: tuple[Any, ...]  # matrix, x, y, ticks a kilometre


@_compiled
def _way(travel: Any, origin: int, target: int) -> int:
    matrix, x, y, per_km = travel
    if matrix.shape[0] > 0:
        return int(matrix[origin, target])
    dx, dy = x[origin] - x[target], y[origin] - y[target]
    return int(np.ceil(np.sqrt(dx * dx + dy * dy) * per_km - 1e-9))


@_compiled
def _look(plan: Any, may: Any, work: Any, later: int, found: Any) -> None:
    """For each asset the soonest start, or NEVER; ``later`` ticks are added to the end of every shift (somebody who stays on)."""
    shifts, begins, stops, travel = plan
    place, length, earliest, due, itself = work
    found[:] = NEVER
    for r in range(shifts.shape[0]):
        if not may[shifts[r, 4]]:
            continue
        at, free = shifts[r, 2], shifts[r, 0]
        for i in range(begins[r], begins[r + 1] + 1):
            last = i == begins[r + 1]
            if not last and stops[i, 3] == itself:
                continue
            start = max(free + _way(travel, at, place), earliest)
            onward = shifts[r, 3] if last else stops[i, 2]
            before = shifts[r, 1] + later if last else stops[i, 0]
            if start <= due and start + length + _way(travel, place, onward) <= before:
                found[shifts[r, 4]] = min(found[shifts[r, 4]], start)
                break
            if not last:
                at, free = stops[i, 2], stops[i, 1]


def routes(*, problem: Problem, lines: Sequence[Line]) -> Routes:
    """The tables of a plan; of nobody's plan, with no lines: what is fixed alone."""
    shifts, begins, rows = [], [0], []
    held: dict[int, list[tuple[int, int, int, int]]] = {}
    given = np.zeros(len(problem.assets), np.int64)
    longest = [NO_LIMIT if asset.longest is None else asset.longest for asset in problem.assets]
    for line in lines:
        task = problem.tasks[line.task]
        for one in line.assets:
            held.setdefault(one, []).append((line.start, line.start + task.length, task.place, line.task))
            given[one] += task.length
    for number, asset in enumerate(problem.assets):
        stops = [*held.get(number, ()), *((one.start, one.end, one.place, COMMITMENT) for one in asset.commitments)]
        for shift in asset.shifts:
            inside = sorted(stop for stop in stops if shift.start <= stop[START] and stop[END] <= shift.end)
            rows += inside
            begins.append(len(rows))
            shifts.append((shift.start, shift.end, shift.origin, shift.target, number))
    way = problem.travel
    return Routes(
        shifts=np.array(shifts, np.int64).reshape(-1, 5),
        begins=np.array(begins, np.int64),
        stops=np.array(rows, np.int64).reshape(-1, 4),
        given=given,
        longest=np.array(longest, np.int64),
        holders={line.task: line.assets for line in lines},
        travel=(
            np.ascontiguousarray(way.matrix, np.int64).reshape(way.matrix.shape if way.matrix.size else (0, 0)),
            way.x,
            way.y,
            way.ticks_per_km,
        ),
    )


def without(plan: Routes, *, task: int, length: int) -> Routes:
    """The same plan with one of its tasks left: what ``routes`` would make of the other lines, without making it all again."""
    stays = plan.stops[:, TASK] != task
    given = plan.given.copy()
    given[list(plan.holders.get(task, ()))] -= length
    before = np.concatenate((np.zeros(1, np.int64), np.cumsum(stays)))
    others = dict(plan.holders)
    others.pop(task, None)
    return replace(plan, begins=before[plan.begins], stops=plan.stops[stays], given=given, holders=others)


def soonest(
    *, plan: Routes, problem: Problem, task: int, may: NDArray[np.bool_], window: tuple[int, int] | None = None, later: int = 0
) -> NDArray[np.int64]:
    """The soonest start of each asset that could do the task, besides what it has; NEVER for those that could not.

    ``window`` narrows or widens when it may start. The longest work of each asset is kept to.
    """
    work = problem.tasks[task]
    earliest, due = window or (work.earliest, work.due)
    room = plan.longest - plan.given
    fits = may & (work.length <= room)
    for holder in plan.holders.get(task, ()):
        fits[holder] = may[holder] and room[holder] >= 0
    found = np.empty(len(fits), np.int64)
    _look((plan.shifts, plan.begins, plan.stops, plan.travel), fits, (work.place, work.length, earliest, due, task), later, found)
    return found


def holding(*, problem: Problem) -> Callable[[int, int], NDArray[np.bool_]]:
    """Who may do a slot of a task, by task and slot: who holds what it asks for and is not barred. Each set of skills is asked once."""
    known: dict[frozenset[str], NDArray[np.bool_]] = {}

    def who(task: int, slot: int) -> NDArray[np.bool_]:
        work = problem.tasks[task]
        needs = work.crew[slot]
        if needs not in known:
            known[needs] = np.array([needs <= asset.skills for asset in problem.assets], dtype=np.bool_)
        if not work.barred:
            return known[needs]
        found = known[needs].copy()
        found[list(work.barred)] = False
        return found

    return who
