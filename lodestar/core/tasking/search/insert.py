"""Where one person's task fits best: every place between two nodes of the routes that can serve it."""

from __future__ import annotations

from typing import Any

import numpy as np

from lodestar.core.tasking.search.compiled import below, compiled, share
from lodestar.core.tasking.search.score import gap
from lodestar.core.tasking.search.world import (
    ASSET,
    BEFORE_AT,
    BEFORE_END,
    BEGIN,
    BEHIND_AT,
    BEHIND_END,
    BLINK,
    DUE,
    EARLIEST,
    EXTRA,
    FIRST,
    HI,
    KNOWN_AT,
    KNOWN_END,
    L_ROUTES,
    L_TOUCHED,
    LATE,
    LEN,
    LENGTH,
    LISTED,
    LO,
    LONGEST,
    N_CALLS,
    N_NODES,
    N_TIERS,
    N_TOUCHED,
    N_WORK,
    NXT,
    PRICE,
    RANK,
    RATE,
    ROOM,
    ROUTE,
    START,
    TASK,
    TIER,
    TRAVEL_COST,
    USED,
    VALUE,
)

NEVER = 1e300
HASTE = 0.3  # of the price of a tick, for each tick that something others wait for starts later
CHANGED, WIDE, ALL = range(3)  # where a task is looked at: routes changed in this step, those and neighbours and some drawn, all
FEW = 100  # routes that are all looked at where a task is looked at widely
DRAWN = 24  # or so many of them, drawn, beside its neighbours'
LOWER = 0.5  # how much a loss in a lower tier weighs where it may be taken: it only guides, the score decides


@compiled
def allowed(w: Any, n: int, r: int) -> bool:
    """Whether a slot may be served in a route, by skill, bar and time."""
    return (w.bits[n, r >> 3] >> (r & 7)) & 1 == 1


@compiled
def knows(w: Any, t: int, asset: int) -> bool:
    """Whether the child of a task knows somebody."""
    for i in range(w.tasks[t, KNOWN_AT], w.tasks[t, KNOWN_END]):  # noqa: SIM110 - compiled
        if w.links[i] == asset:
            return True
    return False


@compiled
def open_window(w: Any, t: int) -> bool:
    """Set the window of a task not placed by what it waits for; false where that is not placed or ends too late."""
    lo = w.tasks[t, EARLIEST]
    for i in range(w.tasks[t, BEFORE_AT], w.tasks[t, BEFORE_END]):
        p = w.links[i]
        if w.tasks[p, BEGIN] < 0:
            return False
        lo = max(lo, w.tasks[p, BEGIN] + w.tasks[p, LENGTH])
    w.tasks[t, LO] = lo
    w.tasks[t, HI] = w.tasks[t, DUE]
    return lo <= w.tasks[t, DUE]


@compiled
def pushed(w: Any, v: int, arrive: int, t: int) -> tuple[float, float]:
    """What is lost in the task's own tier, and in lower ones, by pushing a node and those behind it; never in a higher one."""
    same = 0.0
    lower = 0.0
    while w.nodes[v, TASK] >= 0 and arrive > w.nodes[v, START]:
        q = w.nodes[v, TASK]
        for i in range(w.tasks[t, BEFORE_AT], w.tasks[t, BEFORE_END]):
            if w.links[i] == q:  # what it waits for cannot come behind it
                return -1.0, 0.0
        if w.tasks[q, RATE] > 0:
            loss = w.tasks[q, RATE] * (arrive - w.nodes[v, START])
            if w.tasks[q, TIER] < w.tasks[t, RANK]:
                return -1.0, 0.0
            if w.tasks[q, TIER] == w.tasks[t, TIER]:
                same += loss
            else:
                lower += loss
        after = w.nodes[v, NXT]
        arrive += w.nodes[v, LEN] + gap(w, v, after)
        v = after
    return same, lower


@compiled
def list_route(w: Any, r: Any, held: int) -> int:
    """Put a route on the list to look at, once; how many are on it."""
    if w.routes[r, LISTED] == w.counts[N_CALLS]:
        return held
    w.routes[r, LISTED] = w.counts[N_CALLS]
    w.lists[L_ROUTES, held] = r
    return held + 1


@compiled
def look_at(w: Any, n: int, where: int) -> int:
    """List the routes to look at for a slot; how many. Those changed in this step; or with those of neighbours and some drawn; or all."""
    first = w.may_at[n]
    size = w.may_at[n + 1] - first
    turn = below(w.dice, size) if size > 0 else 0  # so that of places that cost the same each has its day
    if where == ALL or (where == WIDE and size <= FEW):
        for i in range(size):
            w.lists[L_ROUTES, i] = w.may[first + (turn + i) % size]
        return size
    held = 0
    w.counts[N_CALLS] += 1
    for i in range(w.counts[N_TOUCHED]):
        if allowed(w, n, w.lists[L_TOUCHED, i]):
            held = list_route(w, w.lists[L_TOUCHED, i], held)
    if where == CHANGED:
        return held
    t = w.nodes[n, TASK]
    for i in range(w.near.shape[1]):
        q = w.near[t, i]
        if q >= 0 and w.tasks[q, BEGIN] >= 0 and allowed(w, n, w.nodes[w.tasks[q, FIRST], ROUTE]):
            held = list_route(w, w.nodes[w.tasks[q, FIRST], ROUTE], held)
    for i in range(DRAWN):
        held = list_route(w, np.int64(w.may[first + (turn + i) % size]), held)
    return held


@compiled
def scan(w: Any, t: int, r: int, least: float) -> tuple[float, int, int]:
    """The cheapest place for a one-person task in a route, if any is cheaper than the least so far: cost, node before, start."""
    n = w.tasks[t, FIRST]
    asset = w.routes[r, ASSET]
    length = w.nodes[n, LEN]
    if w.routes[r, ROOM] < length or w.assets[asset, USED] + length > w.assets[asset, LONGEST]:
        return least, -1, 0
    lo, hi, rate, earliest_start = w.tasks[t, LO], w.tasks[t, HI], np.float64(w.tasks[t, RATE]), w.tasks[t, EARLIEST]
    kind = 0.0
    if w.tasks[t, KNOWN_END] > w.tasks[t, KNOWN_AT] and knows(w, t, asset):
        kind = w.tasks[t, EXTRA] + w.pace[PRICE]
    worth = np.float64(w.tasks[t, VALUE] + w.tasks[t, EXTRA])
    travel = np.float64(w.counts[TRAVEL_COST]) if w.tasks[t, TIER] == w.counts[N_TIERS] - 1 else 0.0
    price = w.pace[PRICE]
    haste = price * HASTE if w.tasks[t, BEHIND_END] > w.tasks[t, BEHIND_AT] else 0.0
    sure = w.tasks[t, BEHIND_END] > w.tasks[t, BEHIND_AT]  # what waits for it may be worth more than it costs
    at, when, looked = -1, 0, 0
    u = w.counts[N_NODES] + r
    while True:
        v = w.nodes[u, NXT]
        ready = w.nodes[u, START] + w.nodes[u, LEN]
        late = w.nodes[v, LATE] - length
        if ready > hi:
            break
        if late >= lo and late >= ready:
            looked += 1
            there = gap(w, u, n)
            s = max(lo, ready + there)
            own = rate * (s - earliest_start) - kind
            if s <= hi and s <= late and own < least:
                back = gap(w, n, v)
                detour = there + back - gap(w, u, v)
                real = own + travel * detour
                guide = price * detour + haste * (s - lo)
                if s + back <= late and real + guide < least and share(w.dice) >= w.pace[BLINK]:
                    same, lower = pushed(w, v, s + length + back, t)
                    real += same
                    cost = real + LOWER * lower + guide
                    if same >= 0 and cost < least and (sure or real < worth):
                        least, at, when = cost, u, s
        if w.nodes[v, TASK] < 0:
            break
        u = v
    w.counts[N_WORK] += looked
    return least, at, when


@compiled
def fit_one(w: Any, t: int, where: int) -> int:
    """When a one-person task starts where it costs least; -1 if nowhere. The node it comes behind is left in ``choice``."""
    least, at, when = NEVER, -1, 0
    for i in range(look_at(w, w.tasks[t, FIRST], where)):
        cost, u, s = scan(w, t, w.lists[L_ROUTES, i], least)
        if u >= 0:
            least, at, when = cost, u, s
    w.choice[0, 2] = at
    return when if at >= 0 else -1
