"""Which held lines a task could take the place of: runs of a few stops of strictly lower tiers without which it has room."""

from __future__ import annotations

from typing import Any

from lodestar.core.tasking.search.compiled import compiled, entry
from lodestar.core.tasking.search.score import gap
from lodestar.core.tasking.search.world import (
    BEGIN,
    BEHIND_AT,
    BEHIND_END,
    DUE,
    EARLIEST,
    FROZEN,
    LATE,
    LEN,
    N_NODES,
    NXT,
    START,
    TASK,
    TIER,
)

TOGETHER = 3  # most stops in a row that one task may displace


@compiled
def may_yield(w: Any, q: int, t: int) -> bool:
    """Whether a held line may make way: its tier is strictly lower, and nothing held waits for it."""
    if q < 0 or w.tasks[q, FROZEN] == 0 or w.tasks[q, TIER] <= w.tasks[t, TIER]:
        return False
    for i in range(w.tasks[q, BEHIND_AT], w.tasks[q, BEHIND_END]):  # noqa: SIM110 - compiled
        if w.tasks[w.links[i], FROZEN] > 0:
            return False
    return True


@compiled
def has_room(w: Any, n: int, u: int, v: int) -> bool:
    """Whether a slot fits between two nodes, sooner than it is placed if it is."""
    t = w.nodes[n, TASK]
    start = max(w.tasks[t, EARLIEST], w.nodes[u, START] + w.nodes[u, LEN] + gap(w, u, n))
    if start > w.tasks[t, DUE] or (w.tasks[t, BEGIN] >= 0 and start >= w.tasks[t, BEGIN]):
        return False
    return start + w.nodes[n, LEN] + gap(w, n, v) <= w.nodes[v, LATE]


@entry
def ways(w: Any, n: int, found: Any) -> int:
    """Write the runs of held stops that could make way for a slot, a row each, -1 where a run is shorter; how many there are."""
    t = w.nodes[n, TASK]
    many = 0
    for i in range(w.may_at[n], w.may_at[n + 1]):
        u = w.counts[N_NODES] + w.may[i]
        while w.nodes[u, TASK] >= 0 or u == w.counts[N_NODES] + w.may[i]:
            v = w.nodes[u, NXT]
            size = 0
            while size < TOGETHER and may_yield(w, w.nodes[v, TASK], t) and many < found.shape[0]:
                found[many, size] = w.nodes[v, TASK]
                size += 1
                v = w.nodes[v, NXT]
                if has_room(w, n, u, v):
                    for x in range(size, TOGETHER):
                        found[many, x] = -1
                    many += 1
                    break
            u = w.nodes[u, NXT]
    return many
