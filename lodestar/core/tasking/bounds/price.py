"""The most that one stretch of somebody's day can be worth at given prices: the compiled part of a bound.

A day is walked in steps of time, forward. Every task knows the best that can have been earned by the start of it, and the best by
another way in, so that nobody goes from one task to another and straight back. A task may otherwise be met again: that, and every
rounding of an instant down to a step, can only make a day look better than it is, which is what a bound may do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from lodestar.core.tasking.bounds.field import ASSET, CREW, DUE, FALL, FINE, FIRST, LENGTH, ORIGIN, PLACE, SINCE, SOONEST, TARGET, TILL

NEVER = -(1 << 62)
NOBODY = -1  # before the first task of a stretch
FAR = 1 << 60  # from a task to itself
MOST_STOPS = 48  # stops of one day that are told to whoever sets the prices; all of them are counted in what it is worth
T, SLOT, PRICE, LO, HI = range(5)  # columns of the rows of one stretch
WORTH, OWNER = 2, 3  # of a cell, after the two best that it was reached with: one line of the processor's own memory
_compiled: Callable[..., Any] = numba.njit(cache=True, error_model="numpy")


@_compiled
def _is_barred(barred_at: Any, barred: Any, t: int, asset: int) -> Any:
    return (barred[barred_at[t] : barred_at[t + 1]] == asset).any()


@_compiled
def _open(field: Any, r: int, prices: Any, step: int, rows: Any) -> int:
    """The tasks that may go into a stretch and that are worth it: task, slot, price, first and last start from its beginning on."""
    stretches, tasks, of_slot, can, barred_at, barred, longest, way = field
    slot_price, minute_price = prices
    asset, since, till = stretches[r, ASSET], stretches[r, SINCE], stretches[r, TILL]
    origin, target = stretches[r, ORIGIN], stretches[r, TARGET]
    many = 0
    for t in range(tasks.shape[0]):
        length, place = tasks[t, LENGTH], tasks[t, PLACE]
        if length < step or (longest[asset] >= 0 and length > longest[asset]):
            continue
        lo = max(tasks[t, SOONEST], since + way[origin, place])
        hi = min(tasks[t, DUE], till - length - way[place, target])
        if lo > hi:
            continue
        best, slot = 0, -1
        for n in range(tasks[t, FIRST], tasks[t, FIRST] + tasks[t, CREW]):
            if slot_price[n] > best and can[of_slot[n], asset]:
                best, slot = slot_price[n], n
        if longest[asset] >= 0:
            best -= (minute_price[asset] * length) >> FINE
        if slot < 0 or best - (((lo - tasks[t, SOONEST]) * tasks[t, FALL]) >> FINE) <= 0:
            continue
        if _is_barred(barred_at, barred, t, asset):
            continue
        rows[many, 0], rows[many, 1], rows[many, 2], rows[many, 3], rows[many, 4] = t, slot, best, lo - since, hi - since
        many += 1
    return many


@_compiled
def _take(cells: Any, front: Any, i: int, c: int) -> int:
    """Let what is known at cell ``c`` improve the front of its task: 1 where the best did, 2 where only the best by another way in."""
    book, whence, _ = cells
    done = 0
    for which in range(2):
        profit, back = book[c, which], whence[c, which]
        if profit == NEVER:
            break
        before = NOBODY if back < 0 else book[back >> 1, OWNER]
        if profit > front[i, 0]:
            if before != front[i, 1] and front[i, 0] > NEVER:
                front[i, 3], front[i, 4], front[i, 5] = front[i, 0], front[i, 1], front[i, 2]
            front[i, 0], front[i, 1], front[i, 2] = profit, before, c * 2 + which
            done = 1
        elif before != front[i, 1] and profit > front[i, 3]:
            front[i, 3], front[i, 4], front[i, 5] = profit, before, c * 2 + which
            done = 2 if done == 0 else done
    return done


@_compiled
def _ways(field: Any, rows: Any) -> Any:
    """The last starts, latest first, what each task takes, and the ways between: small tables that stay in the processor's own memory."""
    tasks, way = field[1], field[7]
    many = rows.shape[0]
    place = np.empty(many, np.int64)
    length = np.empty(many, np.int64)
    for i in range(many):
        place[i], length[i] = tasks[rows[i, T], PLACE], tasks[rows[i, T], LENGTH]
    legs = np.empty((many, many), np.int64)
    for i in range(many):
        for j in range(many):
            legs[i, j] = length[i] + way[place[i], place[j]]
        legs[i, i] = FAR
    return legs, rows[:, LO].copy(), rows[:, HI].copy()


@_compiled
def _lay(field: Any, r: int, rows: Any, shift: int) -> Any:
    """A cell for each step at which each task could begin, with what it is then worth; the first is reached from the beginning."""
    tasks, since = field[1], field[0][r, SINCE]
    many = rows.shape[0]
    begins = np.zeros(many + 1, np.int64)
    for j in range(many):
        begins[j + 1] = begins[j] + (rows[j, HI] >> shift) - (rows[j, LO] >> shift) + 1
    book = np.full((begins[many], 4), NEVER, np.int64)
    whence = np.full((begins[many], 2), -1, np.int64)  # cell * 2 + which of its two
    off = np.empty(many, np.int64)
    for j in range(many):
        first, t = rows[j, LO] >> shift, rows[j, T]
        off[j] = begins[j] - first
        for c in range(begins[j], begins[j + 1]):
            book[c, OWNER] = j
            begun = max(rows[j, LO], (c - off[j]) << shift) + since
            book[c, WORTH] = rows[j, PRICE] - (((begun - tasks[t, SOONEST]) * tasks[t, FALL]) >> FINE)
        book[begins[j], 0] = book[begins[j], WORTH]
    return begins, (book, whence, off)


@_compiled
def _onward(ways: Any, cells: Any, gone: Any, here: Any, aside: Any) -> None:
    """From task ``i`` to each other from ``aside[0]`` up to ``aside[1]``, but one, that can still be begun: kept where it is a gain."""
    legs, lows, highs = ways
    book, whence, off = cells
    i, profit, code = here
    since, shift = gone
    first, end, but = aside
    for j in range(first, end):
        if highs[j] < since:
            break  # those behind it in the list end sooner still
        start = max(since + legs[i, j], lows[j])
        if start > highs[j] or j == but:
            continue
        cell = off[j] + (start >> shift)
        gain = book[cell, WORTH]
        found = profit + gain
        if gain <= 0 or found <= book[cell, 1]:
            continue
        other = whence[cell, 0] < 0 or book[whence[cell, 0] >> 1, OWNER] != i
        if found > book[cell, 0]:
            if other:
                book[cell, 1], whence[cell, 1] = book[cell, 0], whence[cell, 0]
            book[cell, 0], whence[cell, 0] = found, code
        elif other:
            book[cell, 1], whence[cell, 1] = found, code


@_compiled
def _still(ways: Any, cells: Any, begins: Any, shift: int) -> Any:
    """The most that could still be earned from each step of time on, if every way were the shortest from its task and any task could be
    met again: no day earns more; and the soonest that anything can follow each task."""
    legs, lows, highs = ways
    book, off = cells[0], cells[2]
    many = lows.shape[0]
    after = np.zeros(many, np.int64)
    for i in range(many):
        after[i] = legs[i].min() if many > 1 else 1 << shift
    last = -1 if many == 0 else highs[0] >> shift
    most = np.zeros(last + 2, np.int64)
    for b in range(last, -1, -1):
        most[b] = most[b + 1]
        for j in range(many):
            if highs[j] >> shift < b:
                break
            c = off[j] + b
            if c >= begins[j] and book[c, WORTH] > 0:
                most[b] = max(most[b], book[c, WORTH] + most[min(b + (after[j] >> shift), last + 1)])
    return most, after


@_compiled
def _last_time(rows: Any, ways: Any, cells: Any, shift: int, before: Any) -> Any:
    """What the day that was best at other prices is worth now, those of its slots that are in it."""
    legs, lows, highs = ways
    book, off = cells[0], cells[2]
    profit, count, at, now = 0, 0, -1, 0
    kept = np.empty(before.shape[0], np.int64)
    for slot in before:
        i = 0
        while i < rows.shape[0] and rows[i, SLOT] != slot:
            i += 1
        if i == rows.shape[0]:
            continue
        start = max(lows[i], now + legs[at, i]) if at >= 0 else lows[i]
        if start <= highs[i] and book[off[i] + (start >> shift), WORTH] > 0:
            profit += book[off[i] + (start >> shift), WORTH]
            kept[count] = slot
            count, at, now = count + 1, i, start
    return profit, kept[:count]


@_compiled
def _trail(rows: Any, cells: Any, at: int, out: Any) -> int:
    """Write the slots of the day that ended at a cell, in their order; how many."""
    count = 0
    while at >= 0:
        if count < MOST_STOPS:
            out[count] = rows[cells[0][at >> 1, OWNER], SLOT]
            count += 1
        at = cells[1][at >> 1, at & 1]
    out[:count] = out[:count][::-1].copy()
    return count


@_compiled
def _walk(field: Any, r: int, prices: Any, shift: int, told: Any) -> Any:
    """The most that stretch ``r`` can be worth, how many slots that day fills, and in ``out`` which.

    It begins from what its day ``before`` is worth now, and leaves what could not become more than the most so far.
    """
    out, before = told
    room = np.empty((field[1].shape[0], 5), np.int64)
    found = room[: _open(field, r, prices, 1 << shift, room)]
    rows = found[np.argsort(-found[:, HI], kind="mergesort")]
    many = rows.shape[0]
    begins, cells = _lay(field, r, rows, shift)
    ways = _ways(field, rows)
    book, off = cells[0], cells[2]
    front = np.full((many, 6), NEVER, np.int64)  # profit, task before and cell of the best so far; the same by another way
    most, after = _still(ways, cells, begins, shift)
    top, same = _last_time(rows, ways, cells, shift, before)
    at = -1
    last = most.shape[0] - 2
    for b in range(last + 1):
        for i in range(many):
            c = off[i] + b
            if c < begins[i] or c >= begins[i + 1] or book[c, 0] == NEVER:
                continue
            done = _take(cells, front, i, c)
            gone = (max(b << shift, rows[i, LO]), shift)
            back = front[i, 1]
            if done > 0 and front[i, 0] + most[min((gone[0] + after[i]) >> shift, last + 1)] <= top:
                done = 0
            if done == 1:
                _onward(ways, cells, gone, (i, front[i, 0], front[i, 2]), (0, many, back))
            if done > 0 and back >= 0 and front[i, 3] > NEVER:  # back to where its best way in came from only by the other way in
                _onward(ways, cells, gone, (i, front[i, 3], front[i, 5]), (back, back + 1, -1))
            if front[i, 0] > top:
                top, at = front[i, 0], front[i, 2]
    if at < 0:
        out[: same.shape[0]] = same
        return top, same.shape[0]
    return top, _trail(rows, cells, at, out)


@_compiled
def days(field: Any, which: Any, prices: Any, told: Any) -> int:
    """The most that some stretches, and those that are ``twin`` to them, can be worth together. ``held`` is brought up to date: the
    slots of each stretch's best day and how many, how often each slot is filled, and how much each person works."""
    stretches = field[0]
    shift, held, twin = told
    stops, many, met, worked, length = held
    total = 0
    out = np.empty(MOST_STOPS, np.int64)
    for first in which:
        profit, count = _walk(field, first, prices, shift, (out, stops[first, : many[first]].copy()))
        r = first
        while r >= 0:
            total += profit
            for way, size in ((-1, many[r]), (1, count)):
                if way > 0:
                    many[r] = count
                    stops[r, :count] = out[:count]
                for i in range(size):
                    met[stops[r, i]] += way
                    worked[stretches[r, ASSET]] += way * length[stops[r, i]]
            r = twin[r]
    return total
