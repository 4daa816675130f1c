"""Prices on what is scarce, and the bound that they prove.

Every plan earns a task's value only if each slot of its crew is filled. Let each slot pay ``slot`` to whoever fills it, and let those
with a longest day pay ``minute`` for what they work of it. Then no plan is worth more than

    what the tasks keep (value less what their slots pay, where that is more than nothing)
    + what the limits earn (longest day at its price)
    + the most that each stretch of each day can earn at these prices, by itself.

That holds at any prices whatever, so prices may be guessed, and are improved by where stretches go that they should not (the
subgradient); the sum itself is reckoned in whole numbers, everything rounded up. Crews need not meet, and nothing waits, which
can only add to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from lodestar.core.tasking.bounds.field import CREW, FINE, FIRST, LENGTH, VALUE, Field, Ints
from lodestar.core.tasking.bounds.price import day
from lodestar.core.tasking.problem import Stop

BLOCK = 12  # stretches between two questions whether to stop
PATIENCE = 4  # rounds without a better bound before the step is halved
FIRST_GUESS = 0.05  # share of its value that a task pays at the beginning


@dataclass(slots=True)
class Prices:
    """Prices in hand for one question, and the best bound they have proven so far, in units."""

    asked: Field
    step: int
    best: int = 0
    rounds: int = 0
    least: int = -1  # the lowest sum so far, which at first may be above what the tasks have
    reach: float = 0.06  # how far below the bound the best plan is guessed to lie
    stale: int = 0
    slot: Ints = field(init=False)
    minute: Ints = field(init=False)
    held: tuple[Ints, Ints] = field(init=False)
    drift: tuple[np.ndarray, np.ndarray] = field(init=False)

    def __post_init__(self) -> None:
        tasks = self.asked.tasks
        self.best = int(tasks[:, VALUE].sum())
        share = tasks[:, VALUE] * FIRST_GUESS / np.maximum(1, tasks[:, CREW])
        short = tasks[:, LENGTH] < self.step
        self.slot = np.repeat(np.where(short, 0, share), tasks[:, CREW]).astype(np.int64)
        self.minute = np.zeros(len(self.asked.longest), np.int64)
        self.held = (self.slot, self.minute)
        self.drift = (np.zeros(len(self.slot)), np.zeros(len(self.minute)))

    @property
    def bound(self) -> Fraction:
        """The best bound so far, in points."""
        return self.best / self.asked.units

    def round(self, stop: Stop, rounds: int) -> bool:
        """Reckon the bound at the prices in hand and set the next prices; false where it was told to stop on the way."""
        tasks, limits = self.asked.tasks, self.asked.longest
        met, worked = np.zeros(len(self.slot), np.int64), np.zeros(len(self.minute), np.int64)
        total = 0
        tables = tuple(self.asked)[1:9]
        for since in range(0, len(self.asked.stretches), BLOCK):
            if stop(rounds):
                return False
            span = (since, min(since + BLOCK, len(self.asked.stretches)))
            total += int(day(tables, (span, self.step), (self.slot, self.minute), (met, worked)))
        paid = np.add.reduceat(self.slot, tasks[:, FIRST]) if len(tasks) else np.zeros(0, np.int64)
        kept = tasks[:, VALUE] - paid
        total += int(kept[kept > 0].sum())
        total += sum(-(-int(price) * int(limit) >> FINE) for price, limit in zip(self.minute, limits, strict=True) if limit >= 0 and price)
        self.rounds += 1
        self._improve(total, met - np.repeat(kept > 0, tasks[:, CREW]), np.where(limits >= 0, worked - limits, 0))
        return True

    def _improve(self, total: int, over: Ints, beyond: Ints) -> None:
        """Keep the bound if it is the best, and move the prices: dearer where nobody goes, cheaper where too many do."""
        if self.least < 0 or total < self.least:
            self.stale = 0
            self.least, self.held = total, (self.slot, self.minute)
            self.best = min(self.best, total)
        else:
            self.stale += 1
        if self.stale >= PATIENCE:
            self.reach, self.stale = self.reach * 0.6, 0
        tasks = self.asked.tasks
        worth = np.repeat(tasks[:, VALUE], tasks[:, CREW]).astype(np.float64)
        usual = worth.sum() / max(1.0, float((np.repeat(tasks[:, LENGTH], tasks[:, CREW])).sum()))
        hours = usual / np.maximum(1.0, np.abs(self.asked.longest)) * (1 << FINE)
        slope = float((over * over * worth).sum() + (beyond.astype(np.float64) ** 2 * hours / (1 << FINE)).sum())
        if slope <= 0:
            self.reach = 0.0
            return
        pace = (total - self.least * (1 - self.reach)) / slope
        slot = self.slot - pace * worth * over
        minute = self.minute + pace * hours * beyond
        ceiling = np.where(np.repeat(tasks[:, LENGTH], tasks[:, CREW]) < self.step, 0.0, worth)
        self.slot = np.clip(slot, 0, ceiling).astype(np.int64)
        self.minute = np.clip(minute, 0, self._most()).astype(np.int64)

    def _most(self) -> float:
        """The highest price of a tick that still leaves room to multiply it by any length."""
        return float((1 << 60) // max(1, int(self.asked.tasks[:, LENGTH].max(initial=1)), int(self.asked.longest.max(initial=1))))
