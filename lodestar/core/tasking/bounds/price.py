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
T, SLOT, PRICE, LO, HI = range(5)  # columns of the rows of one stretch
_compiled: Callable[..., Any] = numba.njit(cache=True, error_model="numpy")


@_compiled
def _is_barred(barred_at: Any, barred: Any, t: int, asset: int) -> Any:
    return (barred[barred_at[t] : barred_at[t + 1]] == asset).any()


@_compiled
def _open(field: Any, r: int, prices: Any, step: int, rows: Any) -> int:
    """The tasks that may go into a stretch and that are worth it: task, slot, price, first and last start, way home counted."""
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
        rows[many, 0], rows[many, 1], rows[many, 2], rows[many, 3], rows[many, 4] = t, slot, best, lo, hi
        many += 1
    return many


@_compiled
def _take(cells: Any, front: Any, i: int, c: int) -> int:
    """Let what is known at cell ``c`` improve the front of its task: 1 where the best did, 2 where only the best by another way in."""
    profits, whence, owner = cells
    done = 0
    for which in range(2):
        profit, back = profits[c, which], whence[c, which]
        if profit == NEVER:
            break
        before = NOBODY if back < 0 else owner[back >> 1]
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
def _put(cells: Any, cell: int, i: int, profit: int, code: int) -> None:
    """A new way to a cell, from task ``i``: the best is kept, and the best from another task than that."""
    profits, whence, owner = cells
    other = whence[cell, 0] < 0 or owner[whence[cell, 0] >> 1] != i
    if profit > profits[cell, 0]:
        if profits[cell, 0] > NEVER and other:
            profits[cell, 1], whence[cell, 1] = profits[cell, 0], whence[cell, 0]
        profits[cell, 0], whence[cell, 0] = profit, code
    elif other and profit > profits[cell, 1]:
        profits[cell, 1], whence[cell, 1] = profit, code


@_compiled
def _onward(tables: Any, rows: Any, found: Any, here: Any, done: int) -> None:
    """From task ``i``, begun in step ``b``, to every other that can still be begun: not back to where its best way in came from."""
    tasks, way, since, step = tables
    begins, cells, front = found
    i, b = here
    place = tasks[rows[i, T], PLACE]
    gone = max(since + b * step, rows[i, LO]) + tasks[rows[i, T], LENGTH]
    for j in range(front.shape[0]):
        back = j == front[i, 1]
        if j == i or (done == 2 and not back):
            continue
        profit = front[i, 3] if back else front[i, 0]
        t = rows[j, T]
        start = max(gone + way[place, tasks[t, PLACE]], rows[j, LO])
        if profit == NEVER or start > rows[j, HI]:
            continue
        at = (start - since) // step
        begun = max(rows[j, LO], since + at * step)
        gain = rows[j, PRICE] - (((begun - tasks[t, SOONEST]) * tasks[t, FALL]) >> FINE)
        if gain > 0:
            _put(cells, begins[j] + at - (rows[j, LO] - since) // step, i, profit + gain, front[i, 5] if back else front[i, 2])


@_compiled
def _lay(tables: Any, rows: Any) -> Any:
    """A cell for each step at which each task could begin, the first of each reached straight from where the stretch begins."""
    tasks, _, since, step = tables
    many = rows.shape[0]
    begins = np.zeros(many + 1, np.int64)
    for j in range(many):
        begins[j + 1] = begins[j] + (rows[j, HI] - since) // step - (rows[j, LO] - since) // step + 1
    profits = np.full((begins[many], 2), NEVER, np.int64)
    whence = np.full((begins[many], 2), -1, np.int64)  # cell * 2 + which of its two
    owner = np.empty(begins[many], np.int64)
    for j in range(many):
        owner[begins[j] : begins[j + 1]] = j
        late = rows[j, LO] - tasks[rows[j, T], SOONEST]
        profits[begins[j], 0] = rows[j, PRICE] - ((late * tasks[rows[j, T], FALL]) >> FINE)
    return begins, (profits, whence, owner)


@_compiled
def _walk(field: Any, r: int, prices: Any, step: int, out: Any) -> Any:
    """The most that stretch ``r`` can be worth, how many slots that day fills, and in ``out`` which."""
    since = field[0][r, SINCE]
    tables = (field[1], field[7], since, step)
    room = np.empty((field[1].shape[0], 5), np.int64)
    rows = room[: _open(field, r, prices, step, room)]
    begins, cells = _lay(tables, rows)
    front = np.full((rows.shape[0], 6), NEVER, np.int64)  # profit, task before and cell of the best so far; the same by another way
    top, at, count = 0, -1, 0
    last = -1 if rows.shape[0] == 0 else (rows[:, HI].max() - since) // step
    for b in range(last + 1):
        for i in range(rows.shape[0]):
            c = begins[i] + b - (rows[i, LO] - since) // step
            if c < begins[i] or c >= begins[i + 1] or cells[0][c, 0] == NEVER:
                continue
            done = _take(cells, front, i, c)
            if done > 0:
                _onward(tables, rows, (begins, cells, front), (i, b), done)
            if front[i, 0] > top:
                top, at = front[i, 0], front[i, 2]
    while at >= 0:
        out[count] = rows[cells[2][at >> 1], SLOT]
        count += 1
        at = cells[1][at >> 1, at & 1]
    return top, count


@_compiled
def day(field: Any, at: Any, prices: Any, done: Any) -> int:
    """The most that the stretches of a span can be worth together; what they would do is added to ``done``, slots and work of each."""
    stretches, tasks = field[0], field[1]
    (span, step), (met, worked) = at, done
    total = 0
    out = np.empty(1 << 16, np.int64)
    length = np.empty(met.shape[0], np.int64)
    for t in range(tasks.shape[0]):
        length[tasks[t, FIRST] : tasks[t, FIRST] + tasks[t, CREW]] = tasks[t, LENGTH]
    for r in range(span[0], span[1]):
        profit, count = _walk(field, r, prices, step, out)
        total += profit
        for i in range(count):
            met[out[i]] += 1
            worked[stretches[r, ASSET]] += length[out[i]]
    return total
