"""Where a crew fits: one start that a person for each slot can keep, no person twice."""

from __future__ import annotations

from typing import Any

import numpy as np

from lodestar.core.tasking.search.compiled import compiled, share
from lodestar.core.tasking.search.insert import NEVER, allowed, knows, weigh
from lodestar.core.tasking.search.routes import gap
from lodestar.core.tasking.search.world import (
    ASSET,
    BLINK,
    CREW,
    EARLIEST,
    EXTRA,
    FIRST,
    HI,
    KNOWN_AT,
    KNOWN_END,
    L_TOUCHED,
    LATE,
    LEN,
    LO,
    LONGEST,
    N_NODES,
    N_TOUCHED,
    N_WORK,
    NXT,
    PRICE,
    RANK,
    RATE,
    START,
    TASK,
    TIER,
    USED,
    VALUE,
)

MOST = 400  # places kept for a slot
STARTS = 16  # common starts tried that suit somebody for every slot
LOOKS = 60  # common starts looked at
TRIALS = 4000  # crews tried at one start
AT, FIRST_START, LAST_START, WHO, COST = range(5)  # columns of ``options``


@compiled
def gather(w: Any, n: int, r: int, at: int, most: int) -> int:
    """Add every place for a slot in a route to its options, with the first and last start it allows; how many there are."""
    t = w.nodes[n, TASK]
    asset = w.routes[r, ASSET]
    length = w.nodes[n, LEN]
    if w.assets[asset, USED] + length > w.assets[asset, LONGEST]:
        return at
    lo = w.tasks[t, LO]
    hi = w.tasks[t, HI]
    u = w.counts[N_NODES] + r
    while at < most:
        v = w.nodes[u, NXT]
        ready = w.nodes[u, START] + w.nodes[u, LEN]
        if ready > hi:
            break
        if w.nodes[v, LATE] >= lo + length:
            w.counts[N_WORK] += 1
            first = max(lo, ready + gap(w, u, n))
            last = min(hi, w.nodes[v, LATE] - gap(w, n, v) - length)
            if first <= last and share(w.dice) >= w.pace[BLINK]:
                w.options[at, AT] = u
                w.options[at, FIRST_START] = first
                w.options[at, LAST_START] = last
                w.options[at, WHO] = asset
                at += 1
        if w.nodes[v, TASK] < 0:
            break
        u = v
    return at


@compiled
def gather_all(w: Any, t: int, everywhere: bool) -> bool:
    """The options of every slot of a crew; false where a slot has none."""
    for j in range(w.tasks[t, CREW]):
        n = w.tasks[t, FIRST] + j
        at = j * MOST
        if everywhere:
            size = w.may_at[n + 1] - w.may_at[n]
            turn = np.int64(share(w.dice) * size) if size > MOST // 8 else 0
            for i in range(size):
                r = w.may[w.may_at[n] + (i + turn) % size]
                at = gather(w, n, r, at, (j + 1) * MOST)
        else:
            for i in range(w.counts[N_TOUCHED]):
                if allowed(w, n, w.lists[L_TOUCHED, i]):
                    at = gather(w, n, w.lists[L_TOUCHED, i], at, (j + 1) * MOST)
        w.choice[0, j] = at
        if at == j * MOST:
            return False
    return True


@compiled
def cheapest(w: Any, t: int, j: int, s: int) -> int:  # noqa: C901 - one pass over what is the hottest loop of a crew
    """The cheapest places of a slot at a start, one a person, as many as the crew has slots; how many there are."""
    k = w.tasks[t, CREW]
    row = 3 + j
    size = 0
    for o in range(j * MOST, w.choice[0, j]):
        if w.options[o, FIRST_START] > s or w.options[o, LAST_START] < s:
            continue
        u = w.options[o, AT]
        who = w.options[o, WHO]
        cost = weigh(w, t, u, w.nodes[u, NXT], s) + 0.5 * w.pace[PRICE] * (s - w.options[o, FIRST_START])
        if cost >= NEVER:
            continue
        if w.tasks[t, KNOWN_END] > w.tasks[t, KNOWN_AT] and knows(w, t, who):
            cost -= np.float64(w.tasks[t, EXTRA]) + w.pace[PRICE]
        w.keys[o] = cost
        i = size  # where it goes among those kept, cheapest first; a person kept already keeps the cheaper place
        for x in range(size):
            if w.options[w.choice[row, x], WHO] == who:
                i = -1 if w.keys[w.choice[row, x]] <= cost else x
                break
        if i < 0:
            continue
        if i == size:
            if size < k:
                size += 1
            elif w.keys[w.choice[row, size - 1]] <= cost:
                continue
            else:
                i = size - 1
        while i > 0 and w.keys[w.choice[row, i - 1]] > cost:
            w.choice[row, i] = w.choice[row, i - 1]
            i -= 1
        w.choice[row, i] = o
    return size


@compiled
def match(w: Any, t: int, least: float) -> float:
    """The cheapest crew of different people from the places kept for each slot, by trial; its places are left in row 1."""
    k = w.tasks[t, CREW]
    for j in range(k):
        w.choice[2, j] = -1
    cost = 0.0
    j = 0
    trials = 0
    while j >= 0 and trials < TRIALS:
        trials += 1
        if w.choice[2, j] >= 0:
            cost -= w.keys[w.choice[3 + j, w.choice[2, j]]]
        w.choice[2, j] += 1
        if w.choice[2, j] >= w.choice[0, k + j]:
            w.choice[2, j] = -1
            j -= 1
            continue
        o = w.choice[3 + j, w.choice[2, j]]
        cost += w.keys[o]
        clash = False
        for i in range(j):
            clash = clash or w.options[w.choice[3 + i, w.choice[2, i]], WHO] == w.options[o, WHO]
        if clash:
            continue
        if j < k - 1:
            j += 1
        elif cost < least:
            least = cost
            for i in range(k):
                w.choice[1, i] = w.choice[3 + i, w.choice[2, i]]
    return least


@compiled
def next_start(w: Any, t: int, s: int, first: bool) -> int:
    """The first start that could suit every slot, or the next after one tried; -1 where there is none."""
    k = w.tasks[t, CREW]
    if first:
        latest = -1
        for j in range(k):
            soonest = w.options[j * MOST, FIRST_START]
            for o in range(j * MOST, w.choice[0, j]):
                soonest = min(soonest, w.options[o, FIRST_START])
            latest = max(latest, soonest)
        return latest
    following = -1
    for j in range(k):
        for o in range(j * MOST, w.choice[0, j]):
            a = w.options[o, FIRST_START]
            if a > s and (following < 0 or a < following):
                following = a
    return following


@compiled
def loss(w: Any, t: int, s: int) -> float:
    """What the crew chosen loses in the task's own tier, its own decay and others pushed, guidance left out."""
    k = w.tasks[t, CREW]
    lost = np.float64(w.tasks[t, RATE]) * (s - w.tasks[t, EARLIEST])
    for j in range(k):
        n = w.tasks[t, FIRST] + j
        u = w.choice[0, 2 * k + j]
        v = w.nodes[u, NXT]
        lost += weigh(w, t, u, v, s) - w.pace[PRICE] * (gap(w, u, n) + gap(w, n, v) - gap(w, u, v))
    return lost


@compiled
def fit_crew(w: Any, t: int, everywhere: bool) -> int:
    """When a crew starts where it costs least, everybody at once; -1 if nowhere. The nodes they come behind are left in ``choice``."""
    if not gather_all(w, t, everywhere):
        return -1
    k = w.tasks[t, CREW]
    least, when = NEVER, -1
    s = next_start(w, t, 0, True)
    tries, looks = 0, 0
    while s >= 0 and tries < STARTS and looks < LOOKS:
        looks += 1
        own = np.float64(w.tasks[t, RATE]) * (s - w.tasks[t, EARLIEST])
        if own >= least:
            break
        full = True
        for j in range(k):
            w.choice[0, k + j] = cheapest(w, t, j, s)
            full = full and w.choice[0, k + j] > 0
        if full:
            cost = own + match(w, t, least - own)
            if cost < least:
                least, when = cost, s
                for j in range(k):
                    w.choice[0, 2 * k + j] = w.options[w.choice[1, j], AT]
            tries += 1
        s = next_start(w, t, s, False)
    if when < 0 or (w.tasks[t, RANK] == w.tasks[t, TIER] and loss(w, t, when) >= w.tasks[t, VALUE]):
        return -1
    return when
