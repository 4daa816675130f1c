"""What a route is worth: the value of what starts in it, tier by tier, those known who go, and the way they travel."""

from __future__ import annotations

from typing import Any

import numpy as np

from lodestar.core.tasking.search.compiled import compiled
from lodestar.core.tasking.search.world import (
    ASSET,
    CREW,
    EARLIEST,
    EXTRA,
    FIRST,
    KM,
    KNOWN_AT,
    KNOWN_END,
    N_NODES,
    N_TIERS,
    NXT,
    PLACE,
    RATE,
    ROUTE,
    START,
    TASK,
    TIER,
    TRAVEL_COST,
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
def somebody_known(w: Any, t: int) -> bool:
    """Whether one of a placed task's crew is somebody the child knows."""
    for n in range(w.tasks[t, FIRST], w.tasks[t, FIRST] + w.tasks[t, CREW]):
        asset = w.routes[w.nodes[n, ROUTE], ASSET]
        for i in range(w.tasks[t, KNOWN_AT], w.tasks[t, KNOWN_END]):
            if w.links[i] == asset:
                return True
    return False


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
