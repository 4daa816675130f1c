"""Who may serve what, and what lies near what: worked out once, before the search."""

from __future__ import annotations

from typing import Any

import numpy as np

from lodestar.core.tasking.search.compiled import compiled, entry
from lodestar.core.tasking.search.world import ASSET, DUE, EARLIEST, FIRST, FROM, KM, LENGTH, LONGEST, PLACE, TASK, TILL

NEVER = 1 << 62


@compiled
def ticks(travel: Any, a: int, b: int) -> int:
    """Ticks between two places: the same sum as ``Travel.ticks``, bit for bit."""
    matrix, xy, pace = travel
    if matrix.shape[0] > 0:
        return matrix[a, b]
    dx = xy[a, 0] - xy[b, 0]
    dy = xy[a, 1] - xy[b, 1]
    return int(np.ceil(np.sqrt(dx * dx + dy * dy) * pace[KM] - 1e-9))


@entry
def mark(tables: Any, who: Any, travel: Any, bits: Any) -> Any:
    """Set the bit of every route that may serve a slot by skill, bar and time; how many each slot has.

    With coordinates the straight way there and back must fit; a matrix may be quicker by way of somewhere else, so there
    only the time on and the window must meet.
    """
    nodes, tasks, routes, assets = tables
    of_slot, can, barred_at, barred = who
    matrix = travel[0]
    many = routes.shape[0]
    found = np.zeros(bits.shape[0], dtype=np.int64)
    off = np.zeros(assets.shape[0], dtype=np.uint8)
    for n in range(bits.shape[0]):
        t = nodes[n, TASK]
        for i in range(barred_at[t], barred_at[t + 1]):
            off[barred[i]] = 1
        for r in range(many):
            a = routes[r, ASSET]
            if can[of_slot[n], a] == 0 or off[a] == 1 or tasks[t, LENGTH] > assets[a, LONGEST]:
                continue
            there, back = 0, 0
            start = max(tasks[t, EARLIEST], routes[r, FROM])
            if start > tasks[t, DUE] or start + tasks[t, LENGTH] > routes[r, TILL]:
                continue
            if matrix.shape[0] == 0:
                there = ticks(travel, nodes[bits.shape[0] + r, PLACE], nodes[n, PLACE])
                back = ticks(travel, nodes[n, PLACE], nodes[bits.shape[0] + many + r, PLACE])
                start = max(tasks[t, EARLIEST], routes[r, FROM] + there)
            if start <= tasks[t, DUE] and start + tasks[t, LENGTH] + back <= routes[r, TILL]:
                bits[n, r >> 3] |= np.uint8(1 << (r & 7))
                found[n] += 1
        for i in range(barred_at[t], barred_at[t + 1]):
            off[barred[i]] = 0
    return found


@entry
def spread(bits: Any, many: int, may_at: Any, may: Any) -> None:
    """The routes of every slot, as a list."""
    for n in range(bits.shape[0]):
        at = may_at[n]
        for r in range(many):
            if (bits[n, r >> 3] >> (r & 7)) & 1 == 1:
                may[at] = r
                at += 1


def eligible(tables: Any, who: Any, travel: Any) -> tuple[Any, Any, Any]:
    """Where each slot's routes begin, the routes, and the same as bits."""
    routes = tables[2]
    bits = np.zeros((who[0].shape[0], routes.shape[0] // 8 + 1), dtype=np.uint8)
    found = mark(tables, who, travel, bits)
    may_at = np.zeros(bits.shape[0] + 1, dtype=np.int64)
    np.cumsum(found, out=may_at[1:])
    may = np.zeros(int(may_at[-1]), dtype=np.int32)
    spread(bits, routes.shape[0], may_at, may)
    return may_at, may, bits


@compiled
def apart(tasks: Any, t: int, q: int) -> int:
    """The time between the windows of two tasks; nought where they meet."""
    idle = max(tasks[q, EARLIEST] - tasks[t, DUE] - tasks[t, LENGTH], tasks[t, EARLIEST] - tasks[q, DUE] - tasks[q, LENGTH])
    return max(0, idle)


@entry
def neighbours(nodes: Any, tasks: Any, travel: Any, size: int) -> Any:
    """The tasks nearest to each in place and time, nearest first, and of two as near the first of the problem."""
    many = tasks.shape[0]
    near = np.full((many, size), -1, dtype=np.int32)
    far = np.zeros(size, dtype=np.int64)
    order = np.argsort(tasks[:, EARLIEST], kind="mergesort")
    for place in range(many):
        t = order[place]
        held, below, above = 0, place - 1, place + 1
        while below >= 0 or above < many:  # outwards in time, until what is left begins too far off
            earlier = tasks[t, EARLIEST] - tasks[order[below], EARLIEST] if below >= 0 else NEVER
            later = tasks[order[above], EARLIEST] - tasks[t, EARLIEST] if above < many else NEVER
            idle = min(earlier, later) // 8
            if held == size and idle > far[size - 1]:
                break
            if earlier <= later:
                q = order[below]
                below -= 1
            else:
                q = order[above]
                above += 1
            distance = idle + apart(tasks, t, q)
            if held == size and distance > far[size - 1]:
                continue
            distance += ticks(travel, nodes[tasks[t, FIRST], PLACE], nodes[tasks[q, FIRST], PLACE])
            if held < size:
                held += 1
            elif distance > far[size - 1] or (distance == far[size - 1] and q > near[t, size - 1]):
                continue
            i = held - 1
            while i > 0 and (far[i - 1] > distance or (far[i - 1] == distance and near[t, i - 1] > q)):
                far[i] = far[i - 1]
                near[t, i] = near[t, i - 1]
                i -= 1
            far[i] = distance
            near[t, i] = q
    return near
