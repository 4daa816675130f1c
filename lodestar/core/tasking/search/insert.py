"""Where one person's task fits best: every place between two nodes of the routes that can serve it."""

from __future__ import annotations

from typing import Any

import numpy as np

from lodestar.core.tasking.search.compiled import compiled, share
from lodestar.core.tasking.search.routes import gap
from lodestar.core.tasking.search.world import (
    ASSET,
    BEFORE_AT,
    BEFORE_END,
    BEGIN,
    BLINK,
    DUE,
    EARLIEST,
    EXTRA,
    FIRST,
    HI,
    KNOWN_AT,
    KNOWN_END,
    L_TOUCHED,
    LATE,
    LEN,
    LENGTH,
    LO,
    LONGEST,
    N_NODES,
    N_TIERS,
    N_TOUCHED,
    N_WORK,
    NXT,
    PRICE,
    RANK,
    RATE,
    START,
    TASK,
    TIER,
    TRAVEL_COST,
    USED,
    VALUE,
)

NEVER = 1e300
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
def weigh(w: Any, t: int, u: int, v: int, s: int) -> float:
    """The cost of starting a slot of a task between two nodes then, its own decay left out; ``NEVER`` where it gains nothing."""
    n = w.tasks[t, FIRST]
    back = gap(w, n, v)
    detour = gap(w, u, n) + back - gap(w, u, v)
    same, lower = pushed(w, v, s + w.nodes[n, LEN] + back, t)
    if same < 0:
        return NEVER
    if w.tasks[t, TIER] == w.counts[N_TIERS] - 1:
        same += w.counts[TRAVEL_COST] * detour
    return same + LOWER * lower + w.pace[PRICE] * detour


@compiled
def scan(w: Any, t: int, r: int, least: float) -> tuple[float, int, int]:
    """The cheapest place for a one-person task in a route, if any is cheaper than the least so far: cost, node before, start."""
    n = w.tasks[t, FIRST]
    asset = w.routes[r, ASSET]
    length = w.nodes[n, LEN]
    if w.assets[asset, USED] + length > w.assets[asset, LONGEST]:
        return NEVER, -1, 0
    lo = w.tasks[t, LO]
    hi = w.tasks[t, HI]
    kind = 0.0
    if w.tasks[t, KNOWN_END] > w.tasks[t, KNOWN_AT] and knows(w, t, asset):
        kind = w.tasks[t, EXTRA] + w.pace[PRICE]
    worth = np.float64(w.tasks[t, VALUE]) + kind
    sure = w.tasks[t, RANK] < w.tasks[t, TIER]
    at, when = -1, 0
    u = w.counts[N_NODES] + r
    while True:
        v = w.nodes[u, NXT]
        ready = w.nodes[u, START] + w.nodes[u, LEN]
        if ready > hi:
            break
        if w.nodes[v, LATE] >= lo + length:
            w.counts[N_WORK] += 1
            s = max(lo, ready + gap(w, u, n))
            own = np.float64(w.tasks[t, RATE]) * (s - w.tasks[t, EARLIEST]) - kind
            if own >= least:
                break
            if s <= hi and s + length + gap(w, n, v) <= w.nodes[v, LATE] and share(w.dice) >= w.pace[BLINK]:
                cost = own + weigh(w, t, u, v, s)
                if cost < least and (sure or worth > cost - w.pace[PRICE] * (gap(w, u, n) + gap(w, n, v) - gap(w, u, v))):
                    least, at, when = cost, u, s
        if w.nodes[v, TASK] < 0:
            break
        u = v
    return least, at, when


@compiled
def fit_one(w: Any, t: int, everywhere: bool) -> int:
    """When a one-person task starts where it costs least, in any route or only in those changed in this step; -1 if nowhere.

    The node it comes behind is left in ``choice``.
    """
    n = w.tasks[t, FIRST]
    least, at, when = NEVER, -1, 0
    if everywhere:
        for i in range(w.may_at[n], w.may_at[n + 1]):
            cost, u, s = scan(w, t, w.may[i], least)
            if u >= 0:
                least, at, when = cost, u, s
    else:
        for i in range(w.counts[N_TOUCHED]):
            if allowed(w, n, w.lists[L_TOUCHED, i]):
                cost, u, s = scan(w, t, w.lists[L_TOUCHED, i], least)
                if u >= 0:
                    least, at, when = cost, u, s
    w.choice[0, 2] = at
    return when if at >= 0 else -1
