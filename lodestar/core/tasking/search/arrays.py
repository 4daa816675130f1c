"""From a problem to the arrays that the kernels share, and from those back to the lines of a plan."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np

from lodestar.core.tasking.problem import Line, Params, Problem, Task
from lodestar.core.tasking.search import world as at
from lodestar.core.tasking.search.crews import MOST
from lodestar.core.tasking.search.eligible import eligible, neighbours
from lodestar.core.tasking.search.world import Ints, World

ROOM = 1 << 60  # scores stay below it
EVER = 1 << 60  # the most work of somebody who has no limit
NEAR = 40  # neighbours kept of each task
BLINK = 0.01  # share of places passed over, so that a step is not always the same


def stretches(problem: Problem) -> list[tuple[int, int, int, int, int]]:
    """Every part of a shift between two fixed stops: asset, from when and where, till when and where."""
    found = []
    for a, asset in enumerate(problem.assets):
        for shift in asset.shifts:
            since, origin = shift.start, shift.origin
            for held in asset.commitments:
                if held.start >= shift.start and held.end <= shift.end:
                    found.append((a, since, origin, held.start, held.place))
                    since, origin = held.end, held.place
            found.append((a, since, origin, shift.end, shift.target))
    return [one for one in found if one[1] + problem.travel.ticks(one[2], one[4]) <= one[3]]


def fineness(problem: Problem, params: Params) -> int:
    """How many parts to a point, so that every score is whole, or as near as a score has room for."""
    weight = (problem.travel_weight or Fraction(0)) * problem.worth / problem.scale
    on = sum(shift.end - shift.start for asset in problem.assets for shift in asset.shifts)
    fair = params.fairness * problem.worth / problem.scale
    total = sum(task.value for task in problem.tasks) * (1 + params.continuity) + on * (weight + fair) + 1
    room = int(ROOM / total)
    parts = math.lcm(weight.denominator, fair.denominator)
    for task in problem.tasks:
        wanted = math.lcm(parts, rate(task).denominator, (task.value * params.continuity).denominator)
        if wanted > room:
            return max(1, room // parts * parts) if parts <= room else max(1, room)
        parts = wanted
    return parts * max(1, min(room // parts, 1 << 10))


def rate(task: Task) -> Fraction:
    """Points lost with each tick that a task starts after its earliest."""
    if task.due == task.earliest or not task.decay:
        return Fraction(0)
    return Fraction(task.value * task.decay.numerator, task.decay.denominator * (task.due - task.earliest))


def ragged(rows: Iterable[Sequence[int]]) -> tuple[Ints, Ints]:
    """Lists of different lengths as one, and where each begins."""
    listed = [list(row) for row in rows]
    ends = np.zeros(len(listed) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in listed], out=ends[1:])
    return ends, np.array([x for row in listed for x in row], dtype=np.int64)


def ranks(problem: Problem) -> list[int]:
    """The tier each task is fitted in with: the highest of its own and of those that wait for it."""
    tier = {value: place for place, value in enumerate(problem.tiers)}
    found = [tier[task.tier] for task in problem.tasks]
    changed = True
    while changed:
        changed = False
        for t, task in enumerate(problem.tasks):
            for p in task.after:
                if found[p] > found[t]:
                    found[p], changed = found[t], True
    return found


def task_rows(problem: Problem, params: Params, fine: int) -> Ints:
    """The table of tasks, none placed."""
    tier = {value: place for place, value in enumerate(problem.tiers)}
    waited = {p for task in problem.tasks for p in task.after}
    rows = np.zeros((len(problem.tasks), at.TASK_FIELDS), dtype=np.int64)
    columns = (at.BEGIN, at.LO, at.HI, at.CREW, at.EARLIEST, at.DUE, at.LENGTH, at.TIER, at.RANK, at.VALUE, at.RATE, at.EXTRA, at.LINKED)
    rows[:, columns] = np.array(
        [
            (
                *(-1, task.earliest, task.due, len(task.crew), task.earliest, task.due, task.length),
                *(tier[task.tier], rank, task.value * fine, round(rate(task) * fine)),
                int(task.value * params.continuity * fine) if task.prefer else 0,
                bool(task.after) or t in waited,
            )
            for t, (task, rank) in enumerate(zip(problem.tasks, ranks(problem), strict=True))
        ],
        dtype=np.int64,
    ).reshape(-1, len(columns))
    rows[:, at.FIRST] = np.cumsum(rows[:, at.CREW]) - rows[:, at.CREW]
    rows[:, at.SPOT] = np.arange(len(rows))
    return rows


def node_rows(problem: Problem, parts: list[tuple[int, int, int, int, int]], slots: int) -> Ints:
    """The table of nodes: the slots of tasks, then the head of every route, then its tail."""
    count = len(parts)
    rows = np.full((slots + 2 * count, 8), -1, dtype=np.int64)
    wanted = [(task.length, t, task.place) for t, task in enumerate(problem.tasks) for _ in task.crew]
    rows[:slots, (at.LEN, at.TASK, at.PLACE)] = np.array(wanted, dtype=np.int64).reshape(-1, 3)
    ends = (at.ROUTE, at.START, at.LATE, at.LEN, at.PLACE)
    rows[slots : slots + count, (at.NXT, *ends)] = np.array(
        [(slots + count + r, r, since, since, 0, origin) for r, (_, since, origin, _, _) in enumerate(parts)], dtype=np.int64
    ).reshape(-1, 6)
    rows[slots + count :, (at.PRV, *ends)] = np.array(
        [(slots + r, r, till, till, 0, target) for r, (_, _, _, till, target) in enumerate(parts)], dtype=np.int64
    ).reshape(-1, 6)
    return rows


def waiting(problem: Problem) -> list[Sequence[int]]:
    """For each task, those that wait for it."""
    behind: list[list[int]] = [[] for _ in problem.tasks]
    for t, task in enumerate(problem.tasks):
        for p in task.after:
            behind[p].append(t)
    return list(behind)


def skilled(problem: Problem) -> tuple[Ints, np.ndarray]:
    """The kind of each slot, by the skills it asks, and which assets can serve each kind."""
    kinds: dict[frozenset[str], int] = {}
    of_slot = [kinds.setdefault(skills, len(kinds)) for task in problem.tasks for skills in task.crew]
    can = np.array([[skills <= asset.skills for asset in problem.assets] for skills in kinds], dtype=np.uint8)
    return np.array(of_slot, dtype=np.int64), can.reshape(len(kinds), len(problem.assets))


def build(problem: Problem, params: Params, seed: int) -> World:
    """Everything the kernels need, with nothing placed."""
    parts = stretches(problem)
    fine = fineness(problem, params)
    slots = sum(len(task.crew) for task in problem.tasks)
    tiers, people, many = len(problem.tiers), len(problem.assets), len(problem.tasks)
    widest = max((len(task.crew) for task in problem.tasks), default=1)
    tasks, nodes = task_rows(problem, params, fine), node_rows(problem, parts, slots)
    routes = np.zeros((len(parts), at.ROUTE_FIELDS), dtype=np.int64)
    routes[:, :3] = np.array([(a, since, till) for a, since, _, till, _ in parts], dtype=np.int64).reshape(-1, 3)
    routes[:, at.ROOM] = routes[:, at.TILL] - routes[:, at.FROM]
    assets = np.zeros((people, 4), dtype=np.int64)
    assets[:, at.LONGEST] = [EVER if asset.longest is None else asset.longest for asset in problem.assets]
    (of_slot, can), behind = skilled(problem), waiting(problem)
    links: list[Ints] = []
    after: list[Sequence[int]] = [task.after for task in problem.tasks]
    prefer: list[Sequence[int]] = [task.prefer for task in problem.tasks]
    for column, rows in zip((at.BEFORE_AT, at.BEHIND_AT, at.KNOWN_AT), (after, behind, prefer), strict=True):
        begins, listed = ragged(rows)
        tasks[:, column], tasks[:, column + 1] = begins[:-1] + sum(map(len, links)), begins[1:] + sum(map(len, links))
        links.append(listed)
    barred_at, barred = ragged(task.barred for task in problem.tasks)
    asked = problem.travel.matrix
    matrix = np.ascontiguousarray(asked, dtype=np.int64).reshape(asked.shape if asked.size else (0, 0))
    xy = np.ascontiguousarray(np.column_stack([problem.travel.x, problem.travel.y]), dtype=np.float64).reshape(-1, 2)
    price = float(tasks[:, at.VALUE].sum()) / max(1, int((nodes[:slots, at.LEN]).sum()))
    weight = (problem.travel_weight or Fraction(0)) * problem.worth / problem.scale * fine
    counts = np.zeros(at.COUNTS, dtype=np.int64)
    counts[at.N_NODES], counts[at.N_ROUTES], counts[at.N_TASKS], counts[at.N_TIERS] = slots, len(parts), many, tiers
    counts[at.N_UNPLACED], counts[at.TRAVEL_COST], counts[at.UNIT] = many, round(weight), problem.scale
    counts[at.FAIR_COST] = round(params.fairness * problem.worth / problem.scale * fine)
    longest = 2 * len(parts) + slots + many + 64
    pace = np.array([problem.travel.ticks_per_km, price, BLINK, price] + [0.0] * tiers, dtype=np.float64)
    may_at, may, bits = eligible((nodes, tasks, routes, assets), (of_slot, can, barred_at, barred), (matrix, xy, pace))
    lists = np.zeros((at.LISTS, longest), dtype=np.int64)
    lists[at.L_UNPLACED, :many] = np.arange(many)
    return World(
        nodes=nodes,
        tasks=tasks,
        routes=routes,
        assets=assets,
        may_at=may_at,
        may=may,
        bits=bits,
        links=np.concatenate(links),
        near=neighbours(nodes, tasks, (matrix, xy, pace), min(NEAR, max(1, many - 1))),
        matrix=matrix,
        xy=xy,
        pace=pace,
        dice=np.array([seed & 0xFFFFFFFFFFFFFFFF], dtype=np.uint64),
        counts=counts,
        log=np.zeros((longest + slots, 10), dtype=np.int64),
        lists=lists,
        keys=np.zeros(longest + MOST * widest, dtype=np.float64),
        options=np.zeros((MOST * widest, 6), dtype=np.int64),
        choice=np.zeros((3 + widest, 3 * widest + 2), dtype=np.int64),
        score=np.zeros((4, tiers + 3), dtype=np.int64),
        best_nodes=nodes.copy(),
        best_tasks=tasks.copy(),
    )


def lines(w: World) -> tuple[Line, ...]:
    """The best plan found, in the order of the problem's tasks."""
    found = []
    for t, row in enumerate(w.best_tasks.tolist()):
        if row[at.BEGIN] >= 0:
            crew = w.best_nodes[row[at.FIRST] : row[at.FIRST] + row[at.CREW], at.ROUTE]
            found.append(Line(t, tuple(int(a) for a in w.routes[crew, at.ASSET]), row[at.BEGIN]))
    return tuple(found)
