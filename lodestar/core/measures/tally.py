"""How many episodes ended and were censored at each time of each group: by sorting, or by counting into a table.

Few rows are sorted. Of many, whole times (minutes, say) are counted into a table of group by time, which reads each row
once and is as exact; it may stop at a horizon, since nothing after the last time that will be asked for can change what
comes before. Measured by ``make bench-measures``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

TABLE_FROM = 50_000  # rows from which a table is the quicker, if it is not much larger than they are
MOST_CELLS = 2**25
WORTH = 24  # cells a row: beyond, clearing and reading the table costs more than sorting
NARROW = 2**31
PIECE = 2**16  # rows read at once: what fits beside the table in a core's own memory
WIDEST_KEY = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Rows in order of group and time; group i has the rows ``starts[i]`` to ``starts[i + 1]``.

    ``exits`` are all that ended or were censored then, ``events`` those that ended; ``later`` counts, for each group, what
    lasted beyond the horizon.
    """

    times: NDArray[Any]
    exits: Ints
    events: Ints
    starts: Ints
    later: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Lives:
    """What is to be counted: a time and a mark for each, and the number of its group."""

    times: NDArray[Any]
    events: NDArray[np.bool_]
    groups: NDArray[Any] | None
    count: int


def tally(lives: Lives, *, until: float | None = None) -> Tally:
    """Count each group's exits and ends by time, whichever way is the quicker; both give the same whole numbers."""
    if lives.times.size >= TABLE_FROM and lives.times.dtype.kind in "iu":
        low = int(lives.times.min())
        high = int(lives.times.max() if until is None else np.floor(until))
        cells = 2 * lives.count * (high - low + 2)
        if high >= low and cells <= min(MOST_CELLS, WORTH * lives.times.size):
            return by_table(lives, low=low, high=high)
    return by_sorting(lives, until=until)


def by_table(lives: Lives, *, low: int, high: int) -> Tally:
    """Whole times counted into a table of group, time and mark; what is later than ``high`` into one cell."""
    width = high - low + 2
    table = np.zeros(2 * lives.count * width, dtype=np.int32 if lives.times.size < NARROW else np.int64)
    small = np.int32 if table.size < NARROW and high < NARROW // 2 else np.int64
    key, place, wide = np.empty(PIECE, dtype=small), np.empty(PIECE, dtype=small), np.empty(PIECE, dtype=np.int64)
    marks = lives.events.view(np.uint8)
    for start in range(0, lives.times.size, PIECE):
        piece = slice(start, min(start + PIECE, lives.times.size))
        size = piece.stop - start
        keys = np.minimum(lives.times[piece], high + 1, out=key[:size], casting="unsafe")
        if low:
            keys -= low
        keys <<= 1
        keys |= marks[piece]
        if lives.groups is not None:
            keys += np.multiply(lives.groups[piece], 2 * width, out=place[:size], dtype=small, casting="unsafe")
        wide[:size] = keys
        np.add.at(table, wide[:size], table.dtype.type(1))
    counted: NDArray[Any] = table.reshape(lives.count, width, 2)
    exits: NDArray[Any] = counted[:, :, 0] + counted[:, :, 1]
    later = exits[:, -1].astype(np.int64)
    exits[:, -1] = 0
    cells = np.flatnonzero(exits)
    return Tally(
        times=(cells % width + low).astype(lives.times.dtype),
        exits=exits.ravel()[cells].astype(np.int64),
        events=table[2 * cells + 1].astype(np.int64),
        starts=np.searchsorted(cells, np.arange(lives.count + 1) * width),
        later=later,
    )


def by_sorting(lives: Lives, *, until: float | None = None) -> Tally:
    """Any times, sorted by group and time; whole ones in one number with their group and mark, which sorts fastest."""
    times, marks, groups = _in_order(lives)
    new = np.empty(times.size, dtype=bool)
    new[0] = True
    np.not_equal(times[1:], times[:-1], out=new[1:])
    new[1:] |= groups[1:] != groups[:-1]
    first = np.flatnonzero(new)
    found = Tally(
        times=times[first],
        exits=np.diff(np.append(first, times.size)),
        events=np.add.reduceat(marks, first, dtype=np.int64),
        starts=np.searchsorted(groups[first], np.arange(lives.count + 1)),
        later=np.zeros(lives.count, dtype=np.int64),
    )
    return found if until is None else _cut(found, until)


def _in_order(lives: Lives) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    times, groups = lives.times, lives.groups
    if times.dtype.kind in "iu":
        low, high = int(times.min()), int(times.max())
        span = high - low + 1
        if 2 * lives.count * span < WIDEST_KEY:
            keys = (times.astype(np.int64) - low) * 2 + lives.events
            keys = keys if groups is None else keys + groups.astype(np.int64) * (2 * span)
            keys.sort()
            whole = keys >> 1
            return (whole % span + low).astype(times.dtype), keys & 1, whole // span
    codes = np.zeros(times.size, dtype=np.int64) if groups is None else groups
    order = np.argsort(times, kind="stable") if groups is None else np.lexsort((times, codes))
    return times[order], lives.events[order], codes[order]


def _cut(found: Tally, until: float) -> Tally:
    """Leave out the rows after the horizon, keeping their number for each group."""
    inside = found.times <= until
    beyond = np.concatenate(([0], np.cumsum(np.where(inside, 0, found.exits))))
    kept = np.concatenate(([0], np.cumsum(inside)))
    return Tally(
        times=found.times[inside],
        exits=found.exits[inside],
        events=found.events[inside],
        starts=kept[found.starts],
        later=beyond[found.starts[1:]] - beyond[found.starts[:-1]],
    )
