"""The same queue as machine code, one run after another: every case at the very tick at which queue.py starts and ends it.

Kept because it is about twice as quick (docs/reference/benchmarks-measures.md); where numba is missing, queue.py does
without. Whose turn it is, when a post goes home and how training slows a post are said there and in the plain engine of the
tests, which hold all three together. Nothing is done in another order than there, and fast maths is never allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numba
import numpy as np

NEVER = 1 << 53
_compiled: Callable[..., Any] = numba.njit(cache=True, nogil=True, error_model="numpy")


class Line(NamedTuple):
    """The cases as queue.py has them, and where their starts and ends go: both hold NEVER before."""

    arrivals: Any
    work: Any
    first: Any  # [class, run]
    due: Any  # each class's ticks after arrival
    starts: Any
    ends: Any


class Staff(NamedTuple):
    """Each post's first and last instant, and its training; ``over`` is the instant from which everybody works whole."""

    opens: Any
    closes: Any
    edges: Any  # [post, step + 1]
    shares: Any  # [post, step]
    over: int


@_compiled
def ends_in_training(at: int, work: int, edges: Any, shares: Any) -> int:
    """When a post in training that begins at an instant has done so much work: as ``_Ramps.ends``."""
    left = float(work)
    for step in range(shares.size):
        begin = max(float(at), edges[step])
        room = max(0.0, edges[step + 1] - begin) * shares[step]
        if left <= room and shares[step] > 0:
            return min(int(np.rint(begin + left / shares[step])), NEVER)
        left = left - room
    return NEVER


@_compiled
def meet(free: Any, closes: Any, coming: int) -> Any:
    """The post that is free first and when it meets the first case; a post past its last day is sent home."""
    while True:
        who = 0
        for other in range(1, free.size):
            if free[other] < free[who]:
                who = other
        now = max(free[who], coming)
        if free[who] >= NEVER or now < closes[who]:
            return who, now
        free[who] = NEVER


@_compiled
def turn(heads: Any, due: Any, now: int, by_deadline: bool) -> int:
    """The class that is served: of those that have come the first, or the one whose case falls due first."""
    chosen = -1
    for number in range(heads.size):
        if heads[number] > now:
            continue
        if chosen < 0 or (by_deadline and heads[number] + due[number] < heads[chosen] + due[chosen]):
            chosen = number
    return chosen


@_compiled
def serve_runs(line: Line, staff: Staff, by_deadline: bool, until: int) -> None:
    """Start every case of every run that can be started up to ``until``."""
    for run in range(line.first.shape[1]):
        free = np.where(staff.opens >= staff.closes, NEVER, staff.opens)
        ahead = line.first[:, run].copy()
        heads = line.arrivals[ahead]
        while True:
            who, now = meet(free, staff.closes, heads.min())
            if now > until:
                break
            chosen = turn(heads, line.due, now, by_deadline)
            case = ahead[chosen]
            work = line.work[case]
            end = ends_in_training(now, work, staff.edges[who], staff.shares[who]) if now < staff.over else now + work
            line.starts[case], line.ends[case], free[who] = now, end, end
            ahead[chosen] += 1
            heads[chosen] = line.arrivals[ahead[chosen]]
