"""Routes: taking a task out, putting one in, and keeping every start and latest start true. All of it can be undone."""

from __future__ import annotations

from typing import Any

import numpy as np

from lodestar.core.tasking.search.compiled import compiled
from lodestar.core.tasking.search.world import (
    ASSET,
    BEFORE,
    BEFORE_AT,
    BEFORE_END,
    BEGIN,
    BEHIND_AT,
    BEHIND_END,
    CREW,
    DUE,
    EARLIEST,
    EXTRA,
    FIRST,
    FROZEN,
    HI,
    KM,
    KNOWN_AT,
    KNOWN_END,
    L_QUEUE,
    L_TOUCHED,
    LATE,
    LEN,
    LENGTH,
    LINKED,
    LO,
    N_LOG,
    N_NODES,
    N_ROUTES,
    N_STEP,
    N_TIERS,
    N_TOUCHED,
    NXT,
    PLACE,
    PRV,
    QUEUED,
    RATE,
    ROOM,
    ROUTE,
    SEEN,
    START,
    TASK,
    TIER,
    TILL,
    TOUCHED,
    TRAVEL_COST,
    USED,
    VALUE,
)


@compiled
def gap(w: Any, u: int, v: int) -> int:
    """Ticks from one node's place to another's: the same sum as ``Travel.ticks``, bit for bit."""
    a = w.nodes[u, PLACE]
    b = w.nodes[v, PLACE]
    if w.matrix.shape[0] > 0:
        return w.matrix[a, b]
    dx = w.xy[a, 0] - w.xy[b, 0]
    dy = w.xy[a, 1] - w.xy[b, 1]
    return int(np.ceil(np.sqrt(dx * dx + dy * dy) * w.pace[KM] - 1e-9))


@compiled
def account(w: Any, r: int, row: int) -> None:
    """Add to a score what the tasks and the journeys of a route are worth; a crew is counted where its first slot is."""
    tiers = w.counts[N_TIERS]
    asset = w.routes[r, ASSET]
    u = w.counts[N_NODES] + r
    v = w.nodes[u, NXT]
    travelled = 0
    while True:
        travelled += gap(w, u, v)
        t = w.nodes[v, TASK]
        if t < 0:
            break
        first = w.tasks[t, FIRST]
        if v == first:
            w.score[row, w.tasks[t, TIER]] += w.tasks[t, VALUE] - w.tasks[t, RATE] * (w.nodes[v, START] - w.tasks[t, EARLIEST])
        if w.tasks[t, KNOWN_END] > w.tasks[t, KNOWN_AT]:
            for i in range(w.tasks[t, KNOWN_AT], w.tasks[t, KNOWN_END]):
                if w.links[i] == asset:
                    w.score[row, tiers] += 1
            if v == first and w.tasks[t, EXTRA] > 0 and somebody_known(w, t):
                w.score[row, w.tasks[t, TIER]] += w.tasks[t, EXTRA]
        u = v
        v = w.nodes[u, NXT]
    w.score[row, tiers + 2] -= travelled
    w.score[row, tiers - 1] -= travelled * w.counts[TRAVEL_COST]


@compiled
def somebody_known(w: Any, t: int) -> bool:
    """Whether one of a placed task's crew is somebody the child knows."""
    for n in range(w.tasks[t, FIRST], w.tasks[t, FIRST] + w.tasks[t, CREW]):
        asset = w.routes[w.nodes[n, ROUTE], ASSET]
        for i in range(w.tasks[t, KNOWN_AT], w.tasks[t, KNOWN_END]):
            if w.links[i] == asset:
                return True
    return False


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


@compiled
def backward(w: Any, r: int) -> None:
    """The latest start of every node of a route, from its end."""
    v = w.counts[N_NODES] + w.counts[N_ROUTES] + r
    w.nodes[v, LATE] = w.routes[r, TILL]
    u = w.nodes[v, PRV]
    room = w.nodes[v, LATE] - w.nodes[u, START] - w.nodes[u, LEN]
    while w.nodes[u, TASK] >= 0:
        t = w.nodes[u, TASK]
        late = w.nodes[v, LATE] - gap(w, u, v) - w.nodes[u, LEN]
        hold = w.tasks[t, BEGIN] if w.tasks[t, CREW] > 1 or w.tasks[t, FROZEN] > 0 else w.tasks[t, HI]
        w.nodes[u, LATE] = min(hold, late)
        v = u
        u = w.nodes[v, PRV]
        room = max(room, w.nodes[v, LATE] - w.nodes[u, START] - w.nodes[u, LEN])
    w.routes[r, ROOM] = room


@compiled
def touch_task(w: Any, t: int) -> None:
    """Write down every route that a placed task is in."""
    for n in range(w.tasks[t, FIRST], w.tasks[t, FIRST] + w.tasks[t, CREW]):
        touch(w, w.nodes[n, ROUTE])


@compiled
def rewindow(w: Any, t: int) -> None:
    """The window of a placed task as the tasks it waits for, and those that wait for it, leave it."""
    touch_task(w, t)
    lo = w.tasks[t, EARLIEST]
    for i in range(w.tasks[t, BEFORE_AT], w.tasks[t, BEFORE_END]):
        p = w.links[i]
        lo = max(lo, w.tasks[p, BEGIN] + w.tasks[p, LENGTH])
    hi = w.tasks[t, DUE]
    for i in range(w.tasks[t, BEHIND_AT], w.tasks[t, BEHIND_END]):
        q = w.links[i]
        if w.tasks[q, BEGIN] >= 0:
            hi = min(hi, w.tasks[q, BEGIN] - w.tasks[t, LENGTH])
    w.tasks[t, LO] = lo
    w.tasks[t, HI] = hi


@compiled
def tell_neighbours(w: Any, t: int, here: int) -> None:
    """A linked task has a new start, or none: say so to the placed tasks before and behind it, in routes other than this one."""
    for i in range(w.tasks[t, BEFORE_AT], w.tasks[t, BEFORE_END]):
        p = w.links[i]
        if w.tasks[p, BEGIN] >= 0:
            rewindow(w, p)
            for n in range(w.tasks[p, FIRST], w.tasks[p, FIRST] + w.tasks[p, CREW]):
                if w.nodes[n, ROUTE] != here:
                    backward(w, w.nodes[n, ROUTE])
    for i in range(w.tasks[t, BEHIND_AT], w.tasks[t, BEHIND_END]):
        q = w.links[i]
        if w.tasks[q, BEGIN] >= 0:
            rewindow(w, q)


@compiled
def forward(w: Any, r: int) -> None:
    """Start everything in a route as early as it can, but a crew when it is held; then its latest starts."""
    u = w.counts[N_NODES] + r
    v = w.nodes[u, NXT]
    while w.nodes[v, TASK] >= 0:
        t = w.nodes[v, TASK]
        if w.tasks[t, CREW] == 1 and w.tasks[t, FROZEN] == 0:
            s = max(w.tasks[t, LO], w.nodes[u, START] + w.nodes[u, LEN] + gap(w, u, v))
            if s != w.nodes[v, START] or s != w.tasks[t, BEGIN]:
                w.nodes[v, START] = s
                w.tasks[t, BEGIN] = s
                if w.tasks[t, LINKED] > 0:
                    tell_neighbours(w, t, r)
        u = v
        v = w.nodes[u, NXT]
    backward(w, r)


@compiled
def earliest(w: Any, t: int) -> int:
    """The earliest a placed task can start, all of its crew being there."""
    s = w.tasks[t, LO]
    for n in range(w.tasks[t, FIRST], w.tasks[t, FIRST] + w.tasks[t, CREW]):
        u = w.nodes[n, PRV]
        s = max(s, w.nodes[u, START] + w.nodes[u, LEN] + gap(w, u, n))
    return s


@compiled
def enqueue(w: Any, t: int, last: int) -> int:
    """Put every route of a placed task on the list of routes to settle; the list's new length."""
    for n in range(w.tasks[t, FIRST], w.tasks[t, FIRST] + w.tasks[t, CREW]):
        r = w.nodes[n, ROUTE]
        if w.routes[r, QUEUED] == 0:
            w.routes[r, QUEUED] = 1
            w.lists[L_QUEUE, last] = r
            last += 1
    return last


@compiled
def settle(w: Any) -> None:
    """Pull every start, crews too, as early as the orders of the routes let it go, through crews and precedence."""
    last = 0
    for i in range(w.counts[N_TOUCHED]):
        w.lists[L_QUEUE, last] = w.lists[L_TOUCHED, i]
        w.routes[w.lists[L_TOUCHED, i], QUEUED] = 1
        last += 1
    while last > 0:
        last -= 1
        r = w.lists[L_QUEUE, last]
        w.routes[r, QUEUED] = 0
        v = w.nodes[w.counts[N_NODES] + r, NXT]
        while w.nodes[v, TASK] >= 0:
            t = w.nodes[v, TASK]
            if w.tasks[t, FROZEN] == 0:
                s = earliest(w, t)
                if s < w.tasks[t, BEGIN]:
                    last = restart(w, t, s, last)
            v = w.nodes[v, NXT]
        backward(w, r)


@compiled
def restart(w: Any, t: int, s: int, last: int) -> int:
    """Start a placed task earlier, and have everything that may follow it looked at; the new length of the list."""
    touch_task(w, t)
    w.tasks[t, BEGIN] = s
    for n in range(w.tasks[t, FIRST], w.tasks[t, FIRST] + w.tasks[t, CREW]):
        w.nodes[n, START] = s
    if w.tasks[t, CREW] > 1:
        last = enqueue(w, t, last)
    if w.tasks[t, LINKED] > 0:
        tell_neighbours(w, t, -1)
        for i in range(w.tasks[t, BEHIND_AT], w.tasks[t, BEHIND_END]):
            q = w.links[i]
            if w.tasks[q, BEGIN] >= 0:
                last = enqueue(w, q, last)
    return last


@compiled
def take_out(w: Any, t: int) -> None:
    """Take a task, whose followers are out already, out of its routes; the routes are not looked at again here."""
    touch_task(w, t)
    for n in range(w.tasks[t, FIRST], w.tasks[t, FIRST] + w.tasks[t, CREW]):
        r = w.nodes[n, ROUTE]
        w.nodes[w.nodes[n, PRV], NXT] = w.nodes[n, NXT]
        w.nodes[w.nodes[n, NXT], PRV] = w.nodes[n, PRV]
        w.nodes[n, ROUTE] = -1
        w.assets[w.routes[r, ASSET], USED] -= w.nodes[n, LEN]
    clear(w, t)
    if w.tasks[t, LINKED] > 0:
        tell_neighbours(w, t, -1)


@compiled
def put_in(w: Any, n: int, u: int, s: int) -> None:
    """Put one node behind another in a route already written down, to start then."""
    v = w.nodes[u, NXT]
    r = w.nodes[u, ROUTE]
    w.nodes[n, PRV] = u
    w.nodes[n, NXT] = v
    w.nodes[u, NXT] = n
    w.nodes[v, PRV] = n
    w.nodes[n, ROUTE] = r
    w.nodes[n, START] = s
    w.assets[w.routes[r, ASSET], USED] += w.nodes[n, LEN]


