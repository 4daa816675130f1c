"""Prices on what is scarce, and the bound that they prove.

Every plan earns a task's value only if each slot of its crew is filled. Let each slot pay ``slot`` to whoever fills it, and let those
with a longest day pay ``minute`` for what they work of it. Then no plan is worth more than

    what the tasks keep (value less what their slots pay, where that is more than nothing)
    + what the limits earn (longest day at its price)
    + the most that each stretch of each day can earn at these prices, by itself.

That holds at any prices whatever, so prices may be guessed, and are improved by where stretches go that they should not (the
subgradient); the sum itself is reckoned in whole numbers, everything rounded up. Crews need not meet, and nothing waits, which
can only add to it.

Where there are many stretches a round that proves is dear, so most rounds only learn: prices move after every few stretches, in
coarse steps of time, by where each stretch went when it was last asked. Their running mean is then what a round proves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from lodestar.core.tasking.bounds.field import ASSET, CREW, FINE, FIRST, LENGTH, SINCE, TILL, VALUE, Field, Ints
from lodestar.core.tasking.bounds.price import MOST_STOPS, days
from lodestar.core.tasking.problem import Stop

BLOCK = 12  # stretches between two questions whether to stop, and between two moves of prices
PATIENCE = 4  # rounds without a better bound before the step is halved
COARSE = 3  # how many times the step of time is doubled while learning
LEARNING = 4  # rounds that learn before one that proves
FIRST_GUESS = 0.05  # the least share of its value that a task pays at the beginning
USED = 0.8  # share of everybody's time that work and the way there are guessed to take
PACE = 0.3  # share of its value by which a price moves in the first round that learns, where a slot is filled once too often
SLOWER = 4.0  # rounds that learn after which prices move half as fast


@dataclass(slots=True)
class Prices:
    """Prices in hand for one question, and the best bound they have proven so far, in units."""

    asked: Field
    shift: int  # a step of time is two to this power
    block: int = BLOCK
    best: int = 0
    rounds: int = 0
    least: int = -1  # the lowest sum so far, which at first may be above what the tasks have
    reach: float = 0.06  # how far below the bound the best plan is guessed to lie
    stale: int = 0
    slot: Ints = field(init=False)
    minute: Ints = field(init=False)
    held: tuple[Ints, Ints] = field(init=False)
    mean: tuple[np.ndarray, np.ndarray] = field(init=False)
    went: tuple[Ints, Ints, Ints, Ints, Ints] = field(init=False)  # what ``days`` keeps up to date
    twins: tuple[Ints, Ints] = field(init=False)  # the first of all stretches that are alike, and after each the next like it, or -1

    def __post_init__(self) -> None:
        tasks, parts = self.asked.tasks, self.asked.stretches
        self.best = int(tasks[:, VALUE].sum())
        length = np.repeat(tasks[:, LENGTH], tasks[:, CREW])
        self.slot = np.clip(self._first(), 0, self._ceiling()).astype(np.int64)
        self.minute = np.zeros(len(self.asked.longest), np.int64)
        self.held = (self.slot, self.minute)
        self.mean = (self.slot.astype(np.float64), self.minute.astype(np.float64))
        self.twins = _alike(self.asked)
        none = np.zeros((len(parts), MOST_STOPS), np.int64)
        self.went = (none, np.zeros(len(parts), np.int64), np.zeros(len(length), np.int64), np.zeros_like(self.minute), length)

    @property
    def bound(self) -> Fraction:
        """The best bound so far, in points."""
        return self.best / self.asked.units

    @property
    def learns(self) -> bool:
        """Whether there are so many stretches that most rounds only learn."""
        return len(self.asked.stretches) > self.block

    def round(self, stop: Stop, rounds: int) -> bool:
        """One round over all stretches, that learns or that proves; false where it was told to stop on the way."""
        self.rounds += 1
        if self.learns and self.rounds % (LEARNING + 1):
            return self._learn(stop, rounds)
        return self._prove(stop, rounds)

    def _first(self) -> np.ndarray:
        """A first guess: everybody's time has one price, that of the work for which there is just no time left."""
        tasks, parts = self.asked.tasks, self.asked.stretches
        crew = np.maximum(1, tasks[:, CREW])
        way = float(np.median(self.asked.way)) / 4
        dense = tasks[:, VALUE] / np.maximum(1.0, crew * (tasks[:, LENGTH] + way))
        order = np.argsort(-dense)
        filled = np.cumsum((crew * (tasks[:, LENGTH] + way))[order])
        time = USED * float((parts[:, TILL] - parts[:, SINCE]).sum())
        last = int(np.searchsorted(filled, time))
        rate = float(dense[order[last]]) if last < len(order) else 0.0
        return np.repeat(np.maximum(rate * (tasks[:, LENGTH] + way), FIRST_GUESS * tasks[:, VALUE] / crew), tasks[:, CREW])

    def _ceiling(self) -> np.ndarray:
        """The highest price of each slot: all its task is worth, and nothing where the task is too short for a step of time."""
        tasks = self.asked.tasks
        step = 1 << (self.shift + (COARSE if self.learns else 0))
        return np.repeat(np.where(tasks[:, LENGTH] < step, 0.0, tasks[:, VALUE]), tasks[:, CREW])

    def _over(self) -> tuple[Ints, Ints]:
        """How much too often each slot is filled by where everybody last went, and how much too long those with a longest day work."""
        limits = self.asked.longest
        return self.went[2] - np.repeat(self._kept() > 0, self.asked.tasks[:, CREW]), np.where(limits >= 0, self.went[3] - limits, 0)

    def _kept(self) -> Ints:
        """What each task keeps of its value after paying its slots."""
        tasks = self.asked.tasks
        paid: Ints = np.add.reduceat(self.slot, tasks[:, FIRST]) if len(tasks) else np.zeros(0, np.int64)
        return tasks[:, VALUE] - paid

    def _learn(self, stop: Stop, rounds: int) -> bool:
        tables, parts = tuple(self.asked)[1:9], len(self.asked.stretches)
        worth, hours = self._scales()
        turns = -(-parts // max(1, self.block))
        pace = PACE / (1 + self.rounds / SLOWER) / turns
        for turn in range(turns):
            if stop(rounds):
                return False
            which = np.arange(turn, parts, turns)  # from all over, so that no desk's prices run ahead of the others'
            days(tables, which, (self.slot, self.minute), (self.shift + COARSE, self.went, np.full(parts, -1)))
            over, beyond = self._over()
            self.set(self.slot - pace * worth * over, self.minute + pace * hours * beyond)
            self.mean = (self.mean[0] + (self.slot - self.mean[0]) / turns, self.mean[1] + (self.minute - self.mean[1]) / turns)
        return True

    def _prove(self, stop: Stop, rounds: int) -> bool:
        """Reckon the bound, at the mean of what was learnt where anything was; where nothing is learnt, set the next prices by it."""
        kept_for_later = (self.slot, self.minute)
        if self.learns:
            self.set(*self.mean)
        total = self.reckon(stop, rounds)
        if total is None:
            return False
        self._judge(total)
        if self.learns:
            self.slot, self.minute = kept_for_later
        else:
            self._improve(total)
        return True

    def reckon(self, stop: Stop, rounds: int, coarser: int = 0) -> int | None:
        """The bound that the prices in hand prove, in units; none where told to stop. Sooner, but looser, in steps that are ``coarser``."""
        tables, limits, (firsts, twin) = tuple(self.asked)[1:9], self.asked.longest, self.twins
        shift = self.shift + (min(coarser, COARSE) if self.learns else 0)  # never coarser than the ceiling of prices allows for
        total = 0
        for since in range(0, len(firsts), max(1, self.block)):
            if stop(rounds):
                return None
            which = firsts[since : since + max(1, self.block)]
            total += int(days(tables, which, (self.slot, self.minute), (shift, self.went, twin)))
        kept = self._kept()
        total += int(kept[kept > 0].sum())
        limited = ((int(price), int(most)) for price, most in zip(self.minute, limits, strict=True) if most >= 0 and price)
        return total + sum(-(-price * most >> FINE) for price, most in limited)

    def _judge(self, total: int) -> None:
        """Keep the bound if it is the best."""
        if self.least < 0 or total < self.least:
            self.stale = 0
            self.least, self.held = total, (self.slot, self.minute)
            self.best = min(self.best, total)
        else:
            self.stale += 1
        if self.stale >= PATIENCE:
            self.reach, self.stale = self.reach * 0.6, 0

    def _improve(self, total: int) -> None:
        """Move the prices: dearer where nobody goes, cheaper where too many do."""
        worth, hours = self._scales()
        over, beyond = self._over()
        slope = float((over * over * worth).sum() + (beyond.astype(np.float64) ** 2 * hours / (1 << FINE)).sum())
        if slope <= 0:
            self.reach = 0.0
            return
        pace = (total - self.least * (1 - self.reach)) / slope
        self.set(self.slot - pace * worth * over, self.minute + pace * hours * beyond)

    def _scales(self) -> tuple[np.ndarray, np.ndarray]:
        """How far a price of a slot, and one of time, moves for one too many."""
        tasks = self.asked.tasks
        worth = np.repeat(tasks[:, VALUE], tasks[:, CREW]).astype(np.float64)
        usual = worth.sum() / max(1.0, float((np.repeat(tasks[:, LENGTH], tasks[:, CREW])).sum()))
        return worth, usual / np.maximum(1.0, np.abs(self.asked.longest)) * (1 << FINE)

    def set(self, slot: np.ndarray, minute: np.ndarray) -> None:
        """Take these prices, none below nothing nor above what it may be."""
        self.slot = np.clip(np.nan_to_num(slot), 0, self._ceiling()).astype(np.int64)
        self.minute = np.clip(np.nan_to_num(minute), 0, self._most()).astype(np.int64)

    def _most(self) -> float:
        """The highest price of a tick that still leaves room to multiply it by any length."""
        return float((1 << 60) // max(1, int(self.asked.tasks[:, LENGTH].max(initial=1)), int(self.asked.longest.max(initial=1))))


def _alike(asked: Field) -> tuple[Ints, Ints]:
    """Stretches of the same hours and places whose people may do the same: they are worth the same at any prices."""
    own = set(asked.barred.tolist()) | set(np.flatnonzero(asked.longest >= 0).tolist())  # whose limits or bars are nobody else's
    last: dict[tuple[int | tuple[int, ...], ...], int] = {}
    firsts, twin = [], np.full(len(asked.stretches), -1, np.int64)
    for row, stretch in enumerate(asked.stretches.tolist()):
        asset = stretch[ASSET]
        alike = (*stretch[SINCE:], tuple(np.flatnonzero(asked.can[:, asset]).tolist()), asset if asset in own else -1)
        if alike in last:
            twin[last[alike]] = row
        else:
            firsts.append(row)
        last[alike] = row
    return np.array(firsts, np.int64), twin
