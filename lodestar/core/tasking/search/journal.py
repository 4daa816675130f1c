"""What a step changes is written down before, so that it can be put back."""

from __future__ import annotations

from typing import Any

from lodestar.core.tasking.search.compiled import compiled
from lodestar.core.tasking.search.score import account
from lodestar.core.tasking.search.world import (
    ASSET,
    BEFORE,
    BEGIN,
    CREW,
    DUE,
    EARLIEST,
    FIRST,
    HI,
    L_TOUCHED,
    LO,
    N_LOG,
    N_NODES,
    N_STEP,
    N_TOUCHED,
    NXT,
    ROOM,
    ROUTE,
    SEEN,
    TASK,
    TOUCHED,
    USED,
)


@compiled
def touch(w: Any, r: int) -> None:
    """Write down what a route was before this step first changes it."""
    if w.routes[r, TOUCHED] == w.counts[N_STEP]:
        return
    w.routes[r, TOUCHED] = w.counts[N_STEP]
    w.lists[L_TOUCHED, w.counts[N_TOUCHED]] = r
    w.counts[N_TOUCHED] += 1
    asset = w.routes[r, ASSET]
    if w.assets[asset, SEEN] != w.counts[N_STEP]:
        w.assets[asset, SEEN] = w.counts[N_STEP]
        w.assets[asset, BEFORE] = w.assets[asset, USED]
    account(w, r, 1)
    at = w.counts[N_LOG]
    u = w.counts[N_NODES] + r
    w.log[at, 6] = w.routes[r, ROOM]
    while True:
        w.log[at, 0] = u
        for field in range(5):
            w.log[at, 1 + field] = w.nodes[u, field]
        t = w.nodes[u, TASK]
        if t >= 0:
            w.log[at, 6] = w.tasks[t, BEGIN]
            w.log[at, 7] = w.tasks[t, LO]
            w.log[at, 8] = w.tasks[t, HI]
        at += 1
        u = w.nodes[u, NXT]
        if u < 0:
            break
    w.counts[N_LOG] = at


@compiled
def touch_task(w: Any, t: int) -> None:
    """Write down every route that a placed task is in."""
    for n in range(w.tasks[t, FIRST], w.tasks[t, FIRST] + w.tasks[t, CREW]):
        touch(w, w.nodes[n, ROUTE])


@compiled
def undo(w: Any, nodes: Any, tasks: Any) -> None:
    """Put nodes and tasks (the plan's own, or a copy of them) back as they were before this step."""
    for i in range(w.counts[N_TOUCHED]):
        v = w.nodes[w.counts[N_NODES] + w.lists[L_TOUCHED, i], NXT]
        while w.nodes[v, TASK] >= 0:
            t = w.nodes[v, TASK]
            tasks[t, BEGIN] = -1
            tasks[t, LO] = tasks[t, EARLIEST]
            tasks[t, HI] = tasks[t, DUE]
            nodes[v, ROUTE] = -1
            v = w.nodes[v, NXT]
    for i in range(w.counts[N_LOG] - 1, -1, -1):
        u = w.log[i, 0]
        for field in range(5):
            nodes[u, field] = w.log[i, 1 + field]
        t = nodes[u, TASK]
        if t >= 0:
            tasks[t, BEGIN] = w.log[i, 6]
            tasks[t, LO] = w.log[i, 7]
            tasks[t, HI] = w.log[i, 8]


@compiled
def undo_loads(w: Any) -> None:
    """Give everybody the load, and every route the room, they had before this step."""
    for i in range(w.counts[N_TOUCHED]):
        asset = w.routes[w.lists[L_TOUCHED, i], ASSET]
        w.assets[asset, USED] = w.assets[asset, BEFORE]
    for i in range(w.counts[N_LOG]):
        if w.log[i, 0] >= w.counts[N_NODES] and w.log[i, 1] < 0:
            w.routes[w.log[i, 0] - w.counts[N_NODES], ROOM] = w.log[i, 6]


@compiled
def clear(w: Any, t: int) -> None:
    """A task that is not placed has its own window again."""
    w.tasks[t, BEGIN] = -1
    w.tasks[t, LO] = w.tasks[t, EARLIEST]
    w.tasks[t, HI] = w.tasks[t, DUE]
