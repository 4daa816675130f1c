"""Prices that share all the work at once: a linear programme over the ways that days have been seen to go.

A *column* is one order of stops in one stretch of somebody's day. The programme takes shares of columns, never more than one of a
stretch in all, so that as much value as can be is earned; what one more of each scarce thing would be worth in it is that thing's
price. It is solved in floating point by HiGHS and trusted in nothing: whatever its prices are, ``prices`` reckons in whole numbers
what they prove, and where a day could go better at them is its next column (column generation).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from lodestar.core.tasking.bounds.field import ASSET, CREW, FALL, FINE, FIRST, LENGTH, ORIGIN, PLACE, SINCE, SOONEST, TILL, VALUE, Field
from lodestar.core.tasking.problem import Line

Floats = NDArray[np.float64]
SHORT = 16.0  # what it costs to have less than a tier must keep: so dear that the programme never wants it where it need not


@dataclass(frozen=True, slots=True)
class Shared:
    """What the programme earns, and its prices: of each slot, of each person's ticks, and of what each tier must keep."""

    value: float  # units
    slot: Floats  # units
    minute: Floats  # units a tick
    tier: Floats  # how much of the sum a unit more to keep in this tier costs


@dataclass(slots=True)
class Columns:
    """The columns of one problem, none twice. ``keep`` is what the plans that are asked about have at least in some tiers, in units."""

    asked: Field  # in which every tier counts the same
    tiers: Sequence[int]  # of each of its tasks
    keep: Mapping[int, float]
    known: dict[tuple[int, tuple[int, ...]], Floats] = field(default_factory=dict)  # what each loses by when it starts, by row of ``keep``
    task: NDArray[np.int64] = field(init=False)  # of each slot
    usual: float = field(init=False)  # units that a task is worth: what the programme counts in, whatever values are given in

    def __post_init__(self) -> None:
        self.usual = max(1.0, float(self.asked.tasks[:, VALUE].sum()) / max(1, len(self.asked.tasks)))
        self.task = np.repeat(np.arange(len(self.asked.tasks)), self.asked.tasks[:, CREW])

    def take(self, stops: NDArray[np.int64], many: NDArray[np.int64]) -> int:
        """Add how every stretch last went; how many of those are new."""
        before = len(self.known)
        for row in np.flatnonzero(many):
            self._add(int(row), tuple(stops[row, : many[row]].tolist()))
        return len(self.known) - before

    def take_plan(self, lines: Iterable[Line]) -> None:
        """Add how every stretch goes in a plan."""
        place = {number: row for row, number in enumerate(self.asked.numbers)}
        of_asset: dict[int, list[int]] = {}
        for row, asset in enumerate(self.asked.stretches[:, ASSET].tolist()):
            of_asset.setdefault(asset, []).append(row)
        held: dict[int, list[tuple[int, int]]] = {}
        for line in lines:
            if line.task in place:
                task = self.asked.tasks[place[line.task]]
                for slot, asset in enumerate(line.assets):
                    inside = (row for row in of_asset[asset] if self._within(row, line.start, line.start + int(task[LENGTH])))
                    held.setdefault(next(inside), []).append((line.start, int(task[FIRST]) + slot))
        for row, stops in held.items():
            self._add(row, tuple(slot for _, slot in sorted(stops)))

    def _within(self, row: int, start: int, end: int) -> bool:
        return bool(self.asked.stretches[row, SINCE] <= start and end <= self.asked.stretches[row, TILL])

    def _add(self, row: int, slots: tuple[int, ...]) -> None:
        if (row, slots) in self.known:
            return
        tasks = self.asked.tasks
        lost = dict.fromkeys([*self.keep, -1], 0.0)
        now, at = self.asked.stretches[row, SINCE], self.asked.stretches[row, ORIGIN]
        for slot in slots:
            number = self.task[slot]
            one = tasks[number]
            start = max(one[SOONEST], now + self.asked.way[at, one[PLACE]])
            tier = self.tiers[number]
            lost[tier if tier in lost else -1] += float(start - one[SOONEST]) * float(one[FALL]) / (1 << FINE) / self.usual
            now, at = start + one[LENGTH], one[PLACE]
        self.known[row, slots] = np.array(list(lost.values()))

    def share(self) -> Shared:
        """Solve the programme over the columns known."""
        table = _Table(self)
        found = linprog(table.cost, A_ub=table.rows(), b_ub=table.most, bounds=table.between, method="highs-ipm")
        if found.status:  # it gave up: any prices will do, so none
            return Shared(np.inf, np.zeros(len(self.task)), np.zeros(len(self.asked.longest)), np.zeros(len(self.keep)))
        prices = np.maximum(0.0, -found.ineqlin.marginals)
        minute = np.zeros(len(self.asked.longest))
        minute[table.limited] = prices[table.limits : table.limits + len(table.limited)]
        return Shared(-float(found.fun) * self.usual, prices[: len(self.task)] * self.usual, minute * self.usual, prices[table.kept :])


class _Table:
    """The programme's rows: each slot, each stretch, each longest day, each tier to keep. Its columns: tasks, the days, what is short."""

    def __init__(self, columns: Columns) -> None:
        asked = columns.asked
        self.parts: list[tuple[Any, Any, Any]] = []
        tasks, slots, worth = len(asked.tasks), len(columns.task), asked.tasks[:, VALUE] / columns.usual
        self.limited = np.flatnonzero(asked.longest >= 0)
        self.limits = slots + len(asked.stretches)
        self.kept = self.limits + len(self.limited)
        self.high = self.kept + len(columns.keep)
        self.parts.append((np.arange(slots), columns.task, np.ones(slots)))
        lost = np.array(list(columns.known.values())).reshape(len(columns.known), len(columns.keep) + 1)
        self.wide = tasks + len(lost) + len(columns.keep)
        for number, tier in enumerate(columns.keep):
            inside = np.flatnonzero(np.asarray(columns.tiers) == tier)
            losing = np.flatnonzero(lost[:, number])
            self._put(self.kept + number, inside, -worth[inside])
            self._put(self.kept + number, tasks + losing, lost[losing, number])
            self._put(self.kept + number, [tasks + len(lost) + number], [-1.0])
        self._days(columns, tasks)
        self.cost = np.concatenate((-worth, lost.sum(axis=1), np.full(len(columns.keep), SHORT)))
        kept = -np.array(list(columns.keep.values())) / columns.usual
        self.most = np.concatenate((np.zeros(slots), np.ones(len(asked.stretches)), asked.longest[self.limited], kept))
        self.between = np.column_stack((np.zeros(self.wide), np.concatenate((np.ones(tasks), np.full(self.wide - tasks, np.inf)))))

    def _put(self, row: int, columns: Any, values: Any) -> None:
        self.parts.append((np.full(len(columns), row), np.asarray(columns), np.asarray(values, np.float64)))

    def _days(self, columns: Columns, tasks: int) -> None:
        asked = columns.asked
        rows = np.array([row for row, _ in columns.known], np.int64)
        sizes = [len(slots) for _, slots in columns.known]
        met = np.array([slot for _, slots in columns.known for slot in slots], np.int64)
        whose = np.repeat(np.arange(len(rows)), sizes)
        numbers = tasks + np.arange(len(rows))
        self.parts.append((len(columns.task) + rows, numbers, np.ones(len(rows))))
        self.parts.append((met, tasks + whose, np.full(len(met), -1.0)))
        limit = np.full(len(asked.longest), -1, np.int64)
        limit[self.limited] = np.arange(len(self.limited))
        of = limit[asked.stretches[rows, ASSET]]
        worked = np.bincount(whose, weights=asked.tasks[columns.task[met], LENGTH], minlength=len(rows))
        held = np.flatnonzero(of >= 0)
        self.parts.append((self.limits + of[held], tasks + held, worked[held]))

    def rows(self) -> Any:
        """The matrix; what stands twice in one place is added."""
        rows, columns, values = (np.concatenate([part[number] for part in self.parts]) for number in range(3))
        return coo_matrix((values, (rows, columns)), shape=(self.high, self.wide)).tocsc()
