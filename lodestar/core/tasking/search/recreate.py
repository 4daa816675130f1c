"""Fitting in again: what was taken out, and what was not placed and lies near, in an order drawn for each step."""

from __future__ import annotations

from typing import Any

import numpy as np

from lodestar.core.tasking.search.compiled import below, compiled, share
from lodestar.core.tasking.search.crews import fit_crew
from lodestar.core.tasking.search.insert import ALL, CHANGED, WIDE, fit_one, open_window
from lodestar.core.tasking.search.journal import clear, touch
from lodestar.core.tasking.search.routes import forward, put_in, tell_neighbours
from lodestar.core.tasking.search.world import (
    BEGIN,
    BEHIND_AT,
    BEHIND_END,
    CALLED,
    CREW,
    DUE,
    EARLIEST,
    FIRST,
    L_OUT,
    L_QUEUE,
    L_UNPLACED,
    LENGTH,
    LINKED,
    MARK,
    N_LIST,
    N_OUT,
    N_STEP,
    N_UNPLACED,
    RANK,
    ROUTE,
    VALUE,
)

NEARBY = 30  # most tasks not placed that are called in beside those taken out
HIGHEST_FIRST = 0.9  # share of steps that fit higher tiers in before lower ones


@compiled
def call(w: Any, t: int, anywhere: int) -> None:
    """Put a task on the list to be fitted in, once a step."""
    if w.tasks[t, MARK] == w.counts[N_STEP]:
        return
    w.tasks[t, MARK] = w.counts[N_STEP]
    w.tasks[t, CALLED] = anywhere
    w.lists[L_QUEUE, w.counts[N_LIST]] = t
    w.counts[N_LIST] += 1


@compiled
def call_up(w: Any) -> None:
    """List what was taken out, what lies near it, and a few others not placed."""
    w.counts[N_LIST] = 0
    for i in range(w.counts[N_OUT]):
        call(w, w.lists[L_OUT, i], WIDE)
    most = w.counts[N_OUT] + NEARBY
    if w.counts[N_UNPLACED] > 0:
        for _ in range(6):
            call(w, w.lists[L_UNPLACED, below(w.dice, w.counts[N_UNPLACED])], CHANGED if w.counts[N_OUT] > 0 else WIDE)
    for i in range(w.counts[N_OUT]):
        t = w.lists[L_OUT, i]
        for x in range(w.near.shape[1]):
            if w.counts[N_LIST] >= most:
                return
            q = w.near[t, x]
            if q >= 0 and w.tasks[q, BEGIN] < 0:
                call(w, q, CHANGED)


@compiled
def order(w: Any) -> None:
    """Sort the list by tier, and within it by a way drawn for this step: worth of time, value, what falls due, chance."""
    way = below(w.dice, 5)
    tiered = share(w.dice) < HIGHEST_FIRST
    for i in range(w.counts[N_LIST]):
        t = w.lists[L_QUEUE, i]
        noise = 0.7 + 0.6 * share(w.dice)
        if way == 0:
            key = -np.float64(w.tasks[t, VALUE]) / (w.tasks[t, LENGTH] * w.tasks[t, CREW] + 1) * noise
        elif way == 1:
            key = -np.float64(w.tasks[t, VALUE]) * noise
        elif way == 2:
            key = np.float64(w.tasks[t, DUE])
        elif way == 3:
            key = np.float64(w.tasks[t, DUE] - w.tasks[t, EARLIEST]) * noise
        else:
            key = noise
        rank = w.tasks[t, RANK] if tiered else 0
        x = i
        while x > 0:
            ahead = w.tasks[w.lists[L_QUEUE, x - 1], RANK] if tiered else 0
            if rank > ahead or (rank == ahead and key >= w.keys[x - 1]):
                break
            w.lists[L_QUEUE, x] = w.lists[L_QUEUE, x - 1]
            w.keys[x] = w.keys[x - 1]
            x -= 1
        w.lists[L_QUEUE, x] = t
        w.keys[x] = key


@compiled
def fit(w: Any, t: int, anywhere: int) -> bool:
    """Put one task in where it costs least, crew and precedence kept; false where it goes nowhere."""
    when = -1
    if open_window(w, t):
        when = fit_one(w, t, anywhere) if w.tasks[t, CREW] == 1 else fit_crew(w, t, anywhere)
    if when < 0:
        clear(w, t)
        return False
    at = 2 * w.tasks[t, CREW]
    for j in range(w.tasks[t, CREW]):
        touch(w, w.nodes[w.choice[0, at + j], ROUTE])
    for j in range(w.tasks[t, CREW]):
        put_in(w, w.tasks[t, FIRST] + j, w.choice[0, at + j], when)
    w.tasks[t, BEGIN] = when
    if w.tasks[t, LINKED] > 0:
        tell_neighbours(w, t, -1)
    for n in range(w.tasks[t, FIRST], w.tasks[t, FIRST] + w.tasks[t, CREW]):
        forward(w, w.nodes[n, ROUTE])
    return True


@compiled
def fit_all(w: Any) -> None:
    """Fit in everything on the list; what waited for a task just placed is then tried again."""
    i = 0
    while i < w.counts[N_LIST]:
        t = w.lists[L_QUEUE, i]
        i += 1
        if w.tasks[t, BEGIN] >= 0 or not fit(w, t, w.tasks[t, CALLED]) or w.tasks[t, LINKED] == 0:
            continue
        for x in range(w.tasks[t, BEHIND_AT], w.tasks[t, BEHIND_END]):
            q = w.links[x]
            if w.tasks[q, BEGIN] < 0 and w.counts[N_LIST] < w.lists.shape[1] - 1:
                w.tasks[q, MARK] = w.counts[N_STEP]
                w.tasks[q, CALLED] = ALL
                w.lists[L_QUEUE, w.counts[N_LIST]] = q
                w.counts[N_LIST] += 1
