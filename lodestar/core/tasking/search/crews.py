"""Where a crew fits: one start that a person for each slot can keep, no person twice."""

from __future__ import annotations

from typing import Any

import numpy as np

from lodestar.core.tasking.search.compiled import below, compiled, share
from lodestar.core.tasking.search.insert import CHANGED, FEW, HASTE, LOWER, NEVER, WIDE, knows, look_at, pushed
from lodestar.core.tasking.search.score import gap
from lodestar.core.tasking.search.world import (
    ASSET,
    BEHIND_AT,
    BEHIND_END,
    BLINK,
    CREW,
    EARLIEST,
    EXTRA,
    FIRST,
    HI,
    KNOWN_AT,
    KNOWN_END,
    L_ROUTES,
    LATE,
    LEN,
    LO,
    LONGEST,
    N_NODES,
    N_TIERS,
    N_WORK,
    NXT,
    PRICE,
    RATE,
    ROOM,
    START,
    TASK,
    TIER,
    TRAVEL_COST,
    USED,
    VALUE,
)

MOST = 300  # places kept for a slot
STARTS = 8  # common starts tried that suit somebody for every slot
LOOKS = 40  # common starts looked at
TRIALS = 4000  # crews tried at one start
AT, FIRST_START, LAST_START, WHO, DETOUR, ARRIVE = range(6)  # columns of ``options``


@compiled
def gather(w: Any, n: int, r: int, at: int) -> int:
    """Add every place for a slot in a route to its options, with the first and last start it allows; how many there are."""
    t = w.nodes[n, TASK]
    asset = w.routes[r, ASSET]
    length = w.nodes[n, LEN]
    if w.routes[r, ROOM] < length or w.assets[asset, USED] + length > w.assets[asset, LONGEST]:
        return at
    lo, hi = w.tasks[t, LO], w.tasks[t, HI]
    most = (n - w.tasks[t, FIRST] + 1) * MOST
    u = w.counts[N_NODES] + r
    while at < most:
        v = w.nodes[u, NXT]
        ready = w.nodes[u, START] + w.nodes[u, LEN]
        late = w.nodes[v, LATE] - length
        if ready > hi:
            break
        if late >= lo and late >= ready:
            w.counts[N_WORK] += 1
            there = gap(w, u, n)
            back = gap(w, n, v)
            first = max(lo, ready + there)
            last = min(hi, late - back)
            if first <= last and share(w.dice) >= w.pace[BLINK]:
                w.options[at, AT] = u
                w.options[at, FIRST_START] = first
                w.options[at, LAST_START] = last
                w.options[at, WHO] = asset
                w.options[at, DETOUR] = there + back - gap(w, u, v)
                w.options[at, ARRIVE] = length + back
                at += 1
        if w.nodes[v, TASK] < 0:
            break
        u = v
    return at


@compiled
def gather_all(w: Any, t: int, where: int) -> bool:
    """The options of every slot of a crew; false where a slot has none."""
    held = below(w.dice, w.tasks[t, CREW])  # where only routes changed in this step are asked, one slot at least is in one
    for j in range(w.tasks[t, CREW]):
        n = w.tasks[t, FIRST] + j
        at = j * MOST
        size = look_at(w, n, WIDE if where == CHANGED and j != held else where)
        turn = below(w.dice, size) if size > FEW else 0
        for i in range(size):
            at = gather(w, n, w.lists[L_ROUTES, (i + turn) % size], at)
        w.choice[0, j] = at
        if at == j * MOST:
            return False
    return True


@compiled
def cost_at(w: Any, t: int, o: int, s: int) -> float:
    """What it loses, in the task's own tier and guided by lower ones, that a place of a slot is taken at a start."""
    u = w.options[o, AT]
    same, lower = pushed(w, w.nodes[u, NXT], s + w.options[o, ARRIVE], t)
    return same + LOWER * lower if same >= 0 else NEVER


@compiled
def keep(w: Any, row: int, size: int, o: int) -> int:
    """Keep a place among the cheapest of its slot, one a person, cheapest first; how many are kept."""
    k = w.choice[0, w.choice.shape[1] - 1]
    cost = w.keys[o]
    i = size
    for x in range(size):
        if w.options[w.choice[row, x], WHO] == w.options[o, WHO]:  # a person kept already keeps the cheaper place
            if w.keys[w.choice[row, x]] <= cost:
                return size
            i = x
            break
    if i == size:
        if size < k:
            size += 1
        else:
            i = size - 1
    while i > 0 and w.keys[w.choice[row, i - 1]] > cost:
        w.choice[row, i] = w.choice[row, i - 1]
        i -= 1
    w.choice[row, i] = o
    return size


@compiled
def cheapest(w: Any, t: int, j: int, s: int) -> int:
    """The cheapest places of a slot at a start, one a person, as many as the crew has slots; how many there are."""
    k = w.tasks[t, CREW]
    row = 3 + j
    size = 0
    has_known = w.tasks[t, KNOWN_END] > w.tasks[t, KNOWN_AT]
    for o in range(j * MOST, w.choice[0, j]):
        if w.options[o, FIRST_START] > s or w.options[o, LAST_START] < s:
            continue
        cost = w.pace[PRICE] * (w.options[o, DETOUR] + 0.5 * (s - w.options[o, FIRST_START]))
        if has_known and knows(w, t, w.options[o, WHO]):
            cost -= np.float64(w.tasks[t, EXTRA]) + w.pace[PRICE]
        if size == k and cost >= w.keys[w.choice[row, size - 1]]:
            continue
        cost += cost_at(w, t, o, s)
        if cost >= NEVER or (size == k and cost >= w.keys[w.choice[row, size - 1]]):
            continue
        w.keys[o] = cost
        size = keep(w, row, size, o)
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
    """What the crew just matched loses in the task's own tier and is guided by in lower ones, the way there left out."""
    lost = np.float64(w.tasks[t, RATE]) * (s - w.tasks[t, EARLIEST])
    for j in range(w.tasks[t, CREW]):
        o = w.choice[1, j]
        lost += cost_at(w, t, o, s)
        if w.tasks[t, TIER] == w.counts[N_TIERS] - 1:
            lost += np.float64(w.counts[TRAVEL_COST]) * w.options[o, DETOUR]
    return lost


@compiled
def fit_crew(w: Any, t: int, where: int) -> int:
    """When a crew starts where it costs least, everybody at once; -1 if nowhere. The nodes they come behind are left in ``choice``."""
    if not gather_all(w, t, where):
        return -1
    k = w.tasks[t, CREW]
    w.choice[0, w.choice.shape[1] - 1] = k
    haste = w.pace[PRICE] * HASTE if w.tasks[t, BEHIND_END] > w.tasks[t, BEHIND_AT] else 0.0
    sure = w.tasks[t, BEHIND_END] > w.tasks[t, BEHIND_AT]  # what waits for it may be worth more than it costs
    least, when = NEVER, -1
    s = next_start(w, t, 0, True)
    tries, looks = 0, 0
    while s >= 0 and tries < STARTS and looks < LOOKS:
        looks += 1
        own = np.float64(w.tasks[t, RATE]) * (s - w.tasks[t, EARLIEST]) + haste * (s - w.tasks[t, LO])
        if own >= least:
            break
        full = True
        for j in range(k):
            w.choice[0, k + j] = cheapest(w, t, j, s)
            full = full and w.choice[0, k + j] > 0
        if full:
            cost = match(w, t, least - own)
            if cost < least - own and (sure or loss(w, t, s) < w.tasks[t, VALUE] + w.tasks[t, EXTRA]):
                least, when = own + cost, s
                for j in range(k):
                    w.choice[0, 2 * k + j] = w.options[w.choice[1, j], AT]
            tries += 1
        s = next_start(w, t, s, False)
    return when
