"""What is taken out before a part of the plan is made again: strings of neighbours, whole shifts, the dear, the unlucky."""

from __future__ import annotations

from typing import Any

import numpy as np

from lodestar.core.tasking.search.compiled import below, compiled, share
from lodestar.core.tasking.search.insert import allowed
from lodestar.core.tasking.search.routes import forward, take_out
from lodestar.core.tasking.search.score import gap
from lodestar.core.tasking.search.world import (
    BEGIN,
    BEHIND_AT,
    BEHIND_END,
    CREW,
    EARLIEST,
    FIRST,
    FROZEN,
    L_OUT,
    L_QUEUE,
    L_TOUCHED,
    L_UNPLACED,
    MARK,
    N_LIST,
    N_NODES,
    N_OUT,
    N_ROUTES,
    N_STEP,
    N_TASKS,
    N_TOUCHED,
    N_UNPLACED,
    NXT,
    PRICE,
    PRV,
    RATE,
    ROUTE,
    RUINED,
    TASK,
)

STRINGS = 4  # most strings taken out at once
LONG = 6  # most stops in a string


@compiled
def pick(w: Any, t: int) -> None:
    """Put a placed task on the list of those to take out."""
    if w.tasks[t, BEGIN] >= 0 and w.tasks[t, FROZEN] == 0 and w.tasks[t, MARK] != w.counts[N_STEP]:
        w.tasks[t, MARK] = w.counts[N_STEP]
        w.lists[L_QUEUE, w.counts[N_LIST]] = t
        w.counts[N_LIST] += 1


@compiled
def string(w: Any, n: int, length: int) -> None:
    """Take out a string of so many stops of a route that holds a node, the node among them."""
    back = below(w.dice, length)
    u = n
    while back > 0 and w.nodes[w.nodes[u, PRV], TASK] >= 0:
        u = w.nodes[u, PRV]
        back -= 1
    while length > 0 and w.nodes[u, TASK] >= 0:
        pick(w, w.nodes[u, TASK])
        length -= 1
        u = w.nodes[u, NXT]


@compiled
def around(w: Any, seed: int, serving: bool) -> None:
    """Take a string out of each of a few routes near a task; where asked, only of routes that may serve it."""
    strings = 1 + below(w.dice, STRINGS)
    slot = w.tasks[seed, FIRST] + below(w.dice, w.tasks[seed, CREW])
    if w.tasks[seed, BEGIN] >= 0:
        w.routes[w.nodes[slot, ROUTE], RUINED] = w.counts[N_STEP]
        string(w, slot, 1 + below(w.dice, LONG))
        strings -= 1
    for i in range(w.near.shape[1]):
        if strings <= 0:
            break
        t = w.near[seed, i]
        if t < 0 or w.tasks[t, BEGIN] < 0 or w.tasks[t, MARK] == w.counts[N_STEP] or below(w.dice, 4) == 0:
            continue
        n = w.tasks[t, FIRST] + below(w.dice, w.tasks[t, CREW])
        r = w.nodes[n, ROUTE]
        if w.routes[r, RUINED] == w.counts[N_STEP] or (serving and not allowed(w, slot, r)):
            continue
        w.routes[r, RUINED] = w.counts[N_STEP]
        string(w, n, 1 + below(w.dice, LONG))
        strings -= 1


@compiled
def for_one(w: Any, t: int) -> None:
    """Make room for a task not placed: take a string, about its own time, out of a few routes that may serve it."""
    for j in range(w.tasks[t, CREW]):
        n = w.tasks[t, FIRST] + j
        size = w.may_at[n + 1] - w.may_at[n]
        if size == 0:
            return
        for _ in range(1 + below(w.dice, 2)):
            r = np.int64(w.may[w.may_at[n] + below(w.dice, size)])
            v = w.nodes[w.counts[N_NODES] + r, NXT]
            stops = 0
            while w.nodes[v, TASK] >= 0:
                stops += 1
                v = w.nodes[v, NXT]
            if stops == 0:
                continue
            v = w.nodes[w.counts[N_NODES] + r, NXT]
            for _ in range(below(w.dice, stops)):
                v = w.nodes[v, NXT]
            string(w, v, 1 + below(w.dice, LONG))


@compiled
def shift(w: Any) -> None:
    """Take out everything of one route."""
    r = below(w.dice, w.counts[N_ROUTES])
    v = w.nodes[w.counts[N_NODES] + r, NXT]
    if w.nodes[v, TASK] >= 0:
        string(w, v, 64)


@compiled
def scattered(w: Any, most: int) -> None:
    """Take out tasks from anywhere."""
    for _ in range(most):
        t = below(w.dice, w.counts[N_TASKS])
        if w.tasks[t, BEGIN] >= 0:
            pick(w, t)


@compiled
def dear(w: Any, most: int) -> None:
    """Take out, again and again, the one of a few tasks that costs most in decay and in the way there."""
    for _ in range(most):
        worst, worst_cost = -1, -1.0
        for _ in range(12):
            t = below(w.dice, w.counts[N_TASKS])
            if w.tasks[t, BEGIN] < 0:
                continue
            cost = np.float64(w.tasks[t, RATE]) * (w.tasks[t, BEGIN] - w.tasks[t, EARLIEST])
            for n in range(w.tasks[t, FIRST], w.tasks[t, FIRST] + w.tasks[t, CREW]):
                u = w.nodes[n, PRV]
                v = w.nodes[n, NXT]
                cost += w.pace[PRICE] * (gap(w, u, n) + gap(w, n, v) - gap(w, u, v))
            if cost > worst_cost:
                worst, worst_cost = t, cost
        if worst >= 0:
            pick(w, worst)


@compiled
def take(w: Any, t: int) -> None:
    """Take a placed task out, and first all that wait for it; nothing where one of them is held."""
    start = w.counts[N_OUT]
    last = start
    w.lists[L_OUT, last] = t
    last += 1
    i = start
    while i < last:
        q = w.lists[L_OUT, i]
        if w.tasks[q, FROZEN] > 0:
            return
        for x in range(w.tasks[q, BEHIND_AT], w.tasks[q, BEHIND_END]):
            p = w.links[x]
            if w.tasks[p, BEGIN] >= 0:
                seen = False
                for y in range(start, last):
                    seen = seen or w.lists[L_OUT, y] == p
                if not seen:
                    w.lists[L_OUT, last] = p
                    last += 1
        i += 1
    w.counts[N_OUT] = last
    for i in range(last - 1, start - 1, -1):
        take_out(w, w.lists[L_OUT, i])


@compiled
def choose(w: Any) -> None:
    """List a part of the plan to take out, in one of several ways."""
    way = share(w.dice)
    unplaced = w.counts[N_UNPLACED]
    if unplaced > 0 and way < 0.35:
        t = w.lists[L_UNPLACED, below(w.dice, unplaced)]
        if way < 0.15:
            for_one(w, t)
        else:
            around(w, t, True)
    elif way < 0.85:
        around(w, below(w.dice, w.counts[N_TASKS]), False)
    elif way < 0.9:
        shift(w)
    elif way < 0.95:
        scattered(w, 1 + below(w.dice, 10))
    else:
        dear(w, 1 + below(w.dice, 8))


@compiled
def ruin(w: Any) -> None:
    """Take a part of the plan out, and start earlier what can, but crews: they are held till the end of the step."""
    choose(w)
    for i in range(w.counts[N_LIST]):
        t = w.lists[L_QUEUE, i]
        w.tasks[t, MARK] = 0
        if w.tasks[t, BEGIN] >= 0:
            take(w, t)
    w.counts[N_LIST] = 0
    start_earlier(w)


@compiled
def start_earlier(w: Any) -> None:
    """Start everything earlier that can be in the routes just changed, but crews."""
    i = 0
    while i < w.counts[N_TOUCHED]:
        forward(w, w.lists[L_TOUCHED, i])
        i += 1
