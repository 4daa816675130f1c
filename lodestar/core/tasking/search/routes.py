"""Routes: taking a task out, putting one in, and keeping every start and latest start true."""

from __future__ import annotations

from typing import Any

from lodestar.core.tasking.search.compiled import compiled
from lodestar.core.tasking.search.journal import clear, touch_task
from lodestar.core.tasking.search.score import gap
from lodestar.core.tasking.search.world import (
    ASSET,
    BEFORE_AT,
    BEFORE_END,
    BEGIN,
    BEHIND_AT,
    BEHIND_END,
    CREW,
    DUE,
    EARLIEST,
    FIRST,
    FROZEN,
    HI,
    L_QUEUE,
    L_TOUCHED,
    LATE,
    LEN,
    LENGTH,
    LINKED,
    LO,
    N_NODES,
    N_ROUTES,
    N_TOUCHED,
    NXT,
    PRV,
    QUEUED,
    ROOM,
    ROUTE,
    START,
    TASK,
    TILL,
    USED,
)


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
def in_its_time(w: Any, t: int) -> bool:
    """Whether a placed task starts inside its window, after all it waits for, and before all that waits for it."""
    begin = w.tasks[t, BEGIN]
    if begin < w.tasks[t, EARLIEST] or begin > w.tasks[t, DUE]:
        return False
    for i in range(w.tasks[t, BEFORE_AT], w.tasks[t, BEFORE_END]):
        p = w.links[i]
        if w.tasks[p, BEGIN] < 0 or w.tasks[p, BEGIN] + w.tasks[p, LENGTH] > begin:
            return False
    for i in range(w.tasks[t, BEHIND_AT], w.tasks[t, BEHIND_END]):
        q = w.links[i]
        if w.tasks[q, BEGIN] >= 0 and begin + w.tasks[t, LENGTH] > w.tasks[q, BEGIN]:
            return False
    return True


@compiled
def stands(w: Any) -> bool:
    """Whether everybody can be where the changed routes say in time, and everything there is in its own.

    Taking a task out shortens a route only where the direct way is not the longer one; in a matrix of real journeys it may be. What is
    behind it then starts later, and a crew, an issued line or what waits for it does not move by itself.
    """
    for i in range(w.counts[N_TOUCHED]):
        r = w.lists[L_TOUCHED, i]
        u = w.counts[N_NODES] + r
        v = w.nodes[u, NXT]
        while w.nodes[u, TASK] >= 0 or w.nodes[v, TASK] >= 0:
            last = w.nodes[v, TASK] < 0
            if w.nodes[u, START] + w.nodes[u, LEN] + gap(w, u, v) > (w.routes[r, TILL] if last else w.nodes[v, START]):
                return False
            if last:
                break
            if not in_its_time(w, w.nodes[v, TASK]):
                return False
            u = v
            v = w.nodes[u, NXT]
    return True


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
