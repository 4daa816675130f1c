"""What the kernels work on: a few flat arrays. Every name here is a column, an array or a list; nothing decides.

Each slot of each task is a *node*. Each stretch of a shift between two fixed stops (its start, a commitment, its end) is a
*route*, a linked list of nodes between a head and a tail of its own: so a commitment never needs to be looked at again.
A route keeps for each node the earliest start (START) and the latest that still lets everything behind it be in time (LATE).
A crew's start is the same in all its routes and held where it is while others are fitted round it; ``settle`` then pulls
everything as early as it will go.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

# Columns of ``nodes``: one cache line each.
PRV, NXT, ROUTE, START, LATE, LEN, TASK, PLACE = range(8)

# Columns of ``tasks``. BEGIN is -1 while unplaced; LO and HI are the window as its neighbours in precedence leave it.
BEGIN, LO, HI, FIRST, CREW, EARLIEST, DUE, LENGTH, TIER, VALUE, RATE, RANK, EXTRA, FROZEN, LINKED, SPOT, MARK, CALLED = range(18)
BEFORE_AT, BEFORE_END, BEHIND_AT, BEHIND_END, KNOWN_AT, KNOWN_END = range(18, 24)  # in ``links``
TASK_FIELDS = 24

# Columns of ``routes``. FROM and TILL are its ends in time, ROOM the longest work that could still go anywhere in
# it; the others are marks of the step in hand.
ASSET, FROM, TILL, TOUCHED, QUEUED, RUINED, ROOM, LISTED = range(8)
ROUTE_FIELDS = 8

# Columns of ``assets``.
USED, LONGEST, SEEN, BEFORE = range(4)

# Places in ``count``.
N_TOUCHED, N_LOG, N_OUT, N_UNPLACED, N_STEP, N_WORK, N_NODES, N_ROUTES, N_TASKS, N_TIERS = range(10)
TRAVEL_COST, N_LIST, UNSAVED, FAIR_COST, FAIR_NOW, UNIT, N_CALLS, TRIAL = range(10, 18)
COUNTS = 18

# Rows of ``lists``: routes changed in this step, tasks taken out in it, tasks to fit in or routes to settle, tasks not placed,
# routes to look at for a slot.
L_TOUCHED, L_OUT, L_QUEUE, L_UNPLACED, L_ROUTES = range(5)
LISTS = 5

# Places in ``pace``: how fast, what a tick's detour costs in this step and at most, the share of places passed over, and from
# HEAT on how hot each tier is.
KM, PRICE, BLINK, BASE, HEAT = range(5)


class World(NamedTuple):
    """Everything, in the few arrays that the kernels share."""

    nodes: Ints  # (slots + 2 routes, 8)
    tasks: Ints  # (tasks, 24)
    routes: Ints  # (routes, 8)
    assets: Ints  # (assets, 4)
    may_at: Ints  # where each slot's routes begin in ``may``
    may: NDArray[np.int32]  # routes that can serve a slot, by skill, bar and time
    bits: NDArray[np.uint8]  # (slots, routes / 8): the same, to be asked of one route
    links: Ints  # the tasks each waits for, those that wait for it, and the people its child knows
    near: NDArray[np.int32]  # (tasks, some): tasks near in place and time, nearest first
    matrix: Ints  # travel; empty where coordinates are given
    xy: NDArray[np.float64]
    pace: NDArray[np.float64]
    dice: NDArray[np.uint64]
    counts: Ints
    log: Ints  # (rows, 10) what the routes changed in this step were before
    lists: Ints  # (5, most): the rows named above
    keys: NDArray[np.float64]
    options: Ints  # (slots of a crew x most, 5)
    choice: Ints
    score: Ints  # (4, tiers + 3): now, before, after, best
    best_nodes: Ints
    best_tasks: Ints
