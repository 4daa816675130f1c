"""How soon everybody could do one piece of work, everything else in the plan staying where it is.

Asked for every piece of work and everybody, so it is compiled: at a thousand people and ten thousand pieces of work it is some
two hundred million places looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from lodestar.core.tasking.problem import Line, Problem

NO_LIMIT = np.iinfo(np.int64).max
NEVER = np.iinfo(np.int64).max  # the start of whoever could not
COMMITMENT = -1
NONE = -2  # no task at all
MOST_STARTS = 200  # starts tried for a crew: each is one at which somebody becomes free
START, END, PLACE, TASK = range(4)
OPENS, CLOSES, ORIGIN, TARGET, ASSET = range(5)

_compiled: Callable[..., Any] = numba.njit(cache=True, error_model="numpy")
Crews = NDArray[np.bool_]  # (slots, assets): who may fill each slot


@dataclass(frozen=True, slots=True)
class Routes:
    """Every shift with its fixed stops and tasks in order of time, as tables of whole numbers."""

    shifts: NDArray[np.int64]  # (n, 5): opens, closes, origin, target, asset
    begins: NDArray[np.int64]  # (n + 1,): where each shift's stops begin
    stops: NDArray[np.int64]  # (m, 4): start, end, place, task or COMMITMENT
    room: NDArray[np.int64]  # (assets,): ticks of tasks that each may still be given
    holders: Mapping[int, tuple[int, ...]]  # of each placed task
    travel: tuple[Any, ...]  # matrix, x, y, ticks a kilometre

    def tables(self, room: NDArray[np.int64]) -> tuple[Any, ...]:
        """What the compiled code looks at, where so much room is left to each."""
        return self.shifts, self.begins, self.stops, self.travel, room


@_compiled
def _way(travel: Any, origin: int, target: int) -> int:
    matrix, x, y, per_km = travel
    if matrix.shape[0] > 0:
        return int(matrix[origin, target])
    dx, dy = x[origin] - x[target], y[origin] - y[target]
    return int(np.ceil(np.sqrt(dx * dx + dy * dy) * per_km - 1e-9))


@_compiled
def _in_shift(plan: Any, r: int, work: Any, window: Any) -> int:
    """The soonest start in one shift, or NEVER. What is ``left``, as the work itself, is taken to be gone."""
    shifts, begins, stops, travel, _ = plan
    place, length, itself, left = work
    earliest, due, later = window
    at, free = shifts[r, 2], shifts[r, 0]
    if max(free, earliest) > due or max(free, earliest) + length > shifts[r, 1] + later:
        return NEVER
    for i in range(begins[r], begins[r + 1] + 1):
        last = i == begins[r + 1]
        if not last and (stops[i, 3] == itself or stops[i, 3] == left):
            continue
        before = shifts[r, 1] + later if last else stops[i, 0]
        if max(free, earliest) + length <= before:
            start = max(free + _way(travel, at, place), earliest)
            onward = shifts[r, 3] if last else stops[i, 2]
            if start <= due and start + length + _way(travel, place, onward) <= before:
                return int(start)
        if not last:
            at, free = stops[i, 2], stops[i, 1]
            if free > due:
                return NEVER
    return NEVER


@_compiled
def _look(plan: Any, may: Any, work: Any, window: Any) -> Any:
    """For each asset that may fill any slot the soonest start, or NEVER; ``later`` ticks are added to the end of every shift."""
    shifts, room = plan[0], plan[4]
    found = np.full(may.shape[1], NEVER, np.int64)
    for r in range(shifts.shape[0]):
        asset = shifts[r, 4]
        if work[1] <= room[asset] and may[:, asset].any():
            found[asset] = min(found[asset], _in_shift(plan, r, work, window))
    return found


@_compiled
def _different(may: Any, free: Any) -> Any:
    """Different people for all slots among those who are free, by trying: empty where there are none. Crews are small."""
    slots, people = may.shape
    crew = np.full(slots, -1, np.int64)
    slot = 0
    while 0 <= slot < slots:
        asset = crew[slot] + 1
        while asset < people and not (may[slot, asset] and free[asset] and not (crew[:slot] == asset).any()):
            asset += 1
        if asset < people:
            crew[slot] = asset
            slot += 1
        else:
            crew[slot] = -1
            slot -= 1
    return crew if slot == slots else crew[:0]


@_compiled
def _first(plan: Any, may: Any, work: Any, window: Any, unit: int) -> Any:
    """The soonest start at which different people could fill every slot, and who; each start at which somebody becomes free is tried."""
    earliest, due, later = window
    slots = may.shape[0]
    for _ in range(MOST_STARTS):
        free = _look(plan, may, work, (earliest, due, later))
        start = 0
        for slot in range(slots):
            soonest = NEVER
            for asset in range(free.shape[0]):
                if may[slot, asset]:
                    soonest = min(soonest, free[asset])
            start = max(start, soonest)
        if start == NEVER:
            break
        then = free == start if slots == 1 else _look(plan, may, work, (start, start, later)) < NEVER
        crew = _different(may, then)
        if crew.shape[0] > 0:
            return start, crew
        onward = NEVER
        for asset in range(free.shape[0]):
            if free[asset] > start:
                onward = min(onward, free[asset])
        earliest = start + unit if onward == NEVER else onward
        if earliest > due:
            break
    return NEVER, np.empty(0, np.int64)


@_compiled
def _alone(plan: Any, may: Any, work: Any, window: Any) -> Any:
    """The soonest that every slot has somebody who could, where there are as many people as slots; they need not be free together."""
    free = _look(plan, may, work, window)
    start, people = 0, 0
    for slot in range(may.shape[0]):
        soonest = NEVER
        for asset in range(free.shape[0]):
            if may[slot, asset]:
                soonest = min(soonest, free[asset])
        start = max(start, soonest)
    for asset in range(free.shape[0]):
        people += free[asset] < NEVER
    return start if people >= may.shape[0] else NEVER


@_compiled
def _rivals(plan: Any, may: Any, work: Any, window: Any, line: Any) -> Any:
    """How many besides a line's crew could fill a slot within the window, and how many of them sooner than the line starts."""
    shifts, room = plan[0], plan[4]
    crew, start = line
    could, sooner, r = 0, 0, 0
    while r < shifts.shape[0]:
        asset, soonest = shifts[r, 4], NEVER
        asked = may[asset] and work[1] <= room[asset] and not (crew == asset).any()
        while r < shifts.shape[0] and shifts[r, 4] == asset:
            if asked:
                soonest = min(soonest, _in_shift(plan, r, work, window))
            r += 1
        could += soonest < NEVER
        sooner += soonest < start
    return could, sooner


def routes(*, problem: Problem, lines: Sequence[Line]) -> Routes:
    """The tables of a plan; of nobody's plan, with no lines: what is fixed alone."""
    shifts, begins, rows = [], [0], []
    held: dict[int, list[tuple[int, int, int, int]]] = {}
    room = [NO_LIMIT if asset.longest is None else asset.longest for asset in problem.assets]
    for line in lines:
        task = problem.tasks[line.task]
        for one in line.assets:
            held.setdefault(one, []).append((line.start, line.start + task.length, task.place, line.task))
            room[one] -= task.length
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
        room=np.array(room, np.int64),
        holders={line.task: line.assets for line in lines},
        travel=(
            np.ascontiguousarray(way.matrix, np.int64).reshape(way.matrix.shape if way.matrix.size else (0, 0)),
            way.x,
            way.y,
            way.ticks_per_km,
        ),
    )


def soonest(
    *,
    plan: Routes,
    problem: Problem,
    task: int,
    may: Crews,
    window: tuple[int, int],
    later: int = 0,
    left: int | None = None,
) -> tuple[int, tuple[int, ...]] | None:
    """The soonest start within the window at which different people could do a task besides what they have, and who; or nothing.

    Everybody may stay on ``later`` ticks; the task ``left`` is taken to be given up. The longest work of each asset is kept to.
    """
    room = plan.room
    for gone in (task, left):
        if gone is not None and gone in plan.holders:
            room = room.copy()
            room[list(plan.holders[gone])] += problem.tasks[gone].length
    work = problem.tasks[task]
    found = (work.place, work.length, task, NONE if left is None else left)
    start, crew = _first(plan.tables(room), may, found, (*window, later), problem.scale)
    return (int(start), tuple(crew.tolist())) if start < NEVER else None


def each_alone(*, plan: Routes, problem: Problem, task: int, may: Crews, window: tuple[int, int]) -> int | None:
    """No crew could start sooner than this besides what the plan holds; nothing where none could at all."""
    work = problem.tasks[task]
    start = int(_alone(plan.tables(plan.room), may, (work.place, work.length, task, NONE), (*window, 0)))
    return start if start < NEVER else None


def rivals(*, plan: Routes, problem: Problem, line: Line, may: NDArray[np.bool_], window: tuple[int, int]) -> tuple[int, int]:
    """How many besides its crew could fill one slot of a line within the window, and how many of them sooner than it starts."""
    work = problem.tasks[line.task]
    found = (work.place, work.length, line.task, NONE)
    could, sooner = _rivals(plan.tables(plan.room), may, found, (*window, 0), (np.array(line.assets, np.int64), line.start))
    return int(could), int(sooner)


def holding(*, problem: Problem) -> Callable[[int], Crews]:
    """Who may fill each slot of a task: who holds what it asks for and is not barred. Each crew is asked for once."""
    known: dict[tuple[frozenset[str], ...], Crews] = {}

    def who(task: int) -> Crews:
        work = problem.tasks[task]
        if work.crew not in known:
            known[work.crew] = np.array([[needs <= asset.skills for asset in problem.assets] for needs in work.crew], dtype=np.bool_)
        if not work.barred:
            return known[work.crew]
        found = known[work.crew].copy()
        found[:, list(work.barred)] = False
        return found

    return who
