"""What has been received but not written down yet: the reporting triangle, read backwards in time.

Of what came in a few days ago only the quickly recorded is known, so delays seen look shorter than they are. Read backwards,
from the longest delay down, that truncation becomes ordinary late entry, and the product-limit estimate is right again.
Source: Lagakos, Barraj and De Gruttola 1988; the estimate of what is missing is a negative binomial.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LONGEST = 90  # days: what is recorded later is a correction, not a delay
HALF = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What was received: on which day, recorded on which day (ordinals), how many at once."""

    received: Ints
    recorded: Ints
    count: Ints

    def known(self, day: int) -> History:
        """What was on record at the beginning of a day."""
        seen = (self.recorded < day) & (self.received < day)
        return History(self.received[seen], self.recorded[seen], self.count[seen])

    def between(self, begin: int, end: int) -> int:
        """How many were received from one day up to, not including, another."""
        return int(self.count[(self.received >= begin) & (self.received < end)].sum())


@dataclass(frozen=True, slots=True)
class Nowcast:
    """The last days as they will probably stand."""

    recorded: int
    median: float
    low: float
    high: float
    share: float  # of what came, probably on record


def recorded_share(history: History, *, at: int) -> Floats:
    """F(d), the chance that what comes is on record within d whole days, d = 0 .. 90; 1 beyond, by definition."""
    seen = history.known(at)
    delay = np.clip(seen.recorded - seen.received, 0, LONGEST)
    # One recorded on the last whole day is seen to that delay and no further.
    room = np.minimum(at - 1 - seen.received, LONGEST)
    happened = np.bincount(delay, weights=seen.count, minlength=LONGEST + 1)
    shares = np.ones(LONGEST + 1)
    for d in range(LONGEST, 0, -1):
        at_risk = float(seen.count[(delay <= d) & (room >= d)].sum())
        gone = float(seen.count[(delay == d) & (room >= d)].sum()) if happened[d] else 0.0
        shares[d - 1] = shares[d] * (1 - gone / at_risk if at_risk > 0 else 1.0)
    return shares


def month_share(shares: Floats, *, begin: int, end: int, at: int) -> float:
    """The share of what came from ``begin`` up to ``end`` that is on record at the beginning of day ``at``."""
    days = np.clip(at - 1 - np.arange(begin, min(end, at)), 0, LONGEST)
    return float(shares[days].mean()) if days.size else 1.0


def nowcast(history: History, *, at: int, days: int = 30, seed: int, draws: int = 4000) -> Nowcast:
    """The last so many days: what is on record, and what probably came."""
    shares = recorded_share(history, at=at)
    seen = history.known(at)
    chance = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed)))
    total = np.zeros(draws)
    for day in range(at - days, at):
        count = seen.between(day, day + 1)
        share = float(shares[min(at - 1 - day, LONGEST)])
        missing = chance.negative_binomial(count + HALF, share, draws) if 0 < share < 1 else np.zeros(draws)
        total += count + missing
    recorded = seen.between(at - days, at)
    low, middle, high = np.quantile(total, [0.1, 0.5, 0.9], method="inverted_cdf")
    share = month_share(shares, begin=at - days, end=at, at=at)
    return Nowcast(recorded, float(middle), float(low), float(high), round(share, 4))
