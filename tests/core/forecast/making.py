"""Lines of cases and scenarios for the tests of the engine, and a second engine that is plain to read and slow."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence

import numpy as np

from lodestar.core.forecast.laws import Law
from lodestar.core.forecast.queue import NEVER, ROW_END, TICKS, Cases, Ints, Post
from lodestar.core.forecast.scenario import CaseClass, Demand, Plan, Posting, Scenario

DAYS = (1, 7, 14, 30)
CODES = ("very_high", "high", "medium", "low")
CLASSES = tuple(CaseClass(code, code.replace("_", " "), days) for code, days in zip(CODES, DAYS, strict=True))
MIX = (0.05, 0.25, 0.40, 0.30)


def line_of(rows: Sequence[Sequence[Sequence[tuple[int, int]]]]) -> Cases:
    """Cases from (arrival, work) pairs by class, then by run, each in order of arrival."""
    arrivals, work, first, size = [], [], [], []
    for runs in rows:
        first.append([])
        size.append([])
        for cases in runs:
            first[-1].append(len(arrivals))
            size[-1].append(len(cases))
            arrivals += [at for at, _ in cases] + [NEVER] * ROW_END
            work += [length for _, length in cases] + [1] * ROW_END
    return Cases(*(np.array(one, dtype=np.int64) for one in (arrivals, work, first, size)))


def plainly(cases: Cases, run: int, posts: Sequence[Post], deadlines: Sequence[int], discipline: str) -> dict[int, tuple[int, int]]:
    """When each case of one run starts and ends, event by event: the posts that are free take whoever's turn it is."""
    coming = sorted(
        (int(cases.arrivals[place]), number, place)
        for number in range(cases.first.shape[0])
        for place in range(int(cases.first[number, run]), int(cases.first[number, run] + cases.size[number, run]))
    )
    free = [(post.from_tick, number) for number, post in enumerate(posts)]
    heapq.heapify(free)
    waiting: list[tuple[int, int, int, int]] = []
    done: dict[int, tuple[int, int]] = {}
    clock = -NEVER
    while free and (coming or waiting):
        at, who = free[0]
        clock = max(at, clock) if waiting else max(at, coming[0][0])
        now = clock
        if now >= posts[who].until_tick:
            heapq.heappop(free)
            continue
        while coming and coming[0][0] <= now:
            came, number, place = coming.pop(0)
            turn = came + deadlines[number] if discipline == "deadline" else number
            heapq.heappush(waiting, (turn, number, came, place))
        heapq.heappop(free)
        place = heapq.heappop(waiting)[3]
        ends = finished(posts[who], now, int(cases.work[place]))
        done[place] = (now, ends)
        heapq.heappush(free, (ends, who))
    return done


def finished(post: Post, now: int, work: int) -> int:
    """When a post that begins now has done so much work, step by step of its training."""
    if not post.ramp:
        return now + work
    left, at = float(work), now
    steps = [*post.ramp, (NEVER, 0.0)]
    for (begin, share), (end, _) in itertools.pairwise(steps):
        at = max(at, begin)
        if at < end and share > 0:
            if left <= (end - at) * share:
                return round(at + left / share)
            left -= (end - at) * share
            at = end
    return NEVER


def steady(*, days: int, runs_months: int = 0, family: str = "gamma") -> Scenario:
    """The line of Cobham's table: 1.25 cases a day, five days each, exponential, seven posts, rates known."""
    counts = tuple(share * 1.25 * days for share in MIX)
    law = Law.of_mean(mean=5.0, cv=1.0, family="gamma")
    return Scenario(CLASSES, Demand(days, counts, exact=True), (law,), (Posting(7),), (), ((),) * 4, months=runs_months or days // 30)


def polit(*, months: int = 24, plans: tuple[Plan, ...] = (), exact: bool = True, posts: int = 6) -> Scenario:
    """The invented backlog of measures.md 4.1: 0.9 a day, 7.5 days each with CV 1.2, 122 waiting, most of them low."""
    chance = np.random.Generator(np.random.Philox(7))
    waiting = tuple(tuple(float(age) for age in chance.uniform(0, top, n)) for n, top in ((0, 1), (4, 6), (16, 16), (102, 150)))
    counts = tuple(540 * 0.9 * share for share in MIX)
    law = Law.of_mean(mean=7.5, cv=1.2)
    return Scenario(CLASSES, Demand(540, counts, exact=exact), (law,), (Posting(posts),), plans, waiting, months=months)


def in_days(ticks: Ints) -> np.ndarray:
    """Ticks as days."""
    return ticks / TICKS
