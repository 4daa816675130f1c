"""What the tasking formula is asked: who there is, what is wanted, and how far apart it all is.

``Problem -> solve(problem, params, seed, stop) -> Plan``. Everything inside is a whole number: instants and lengths are
*ticks* from the horizon's start (``scale`` ticks a minute) and values are *points* (``worth`` points to one unit of value),
so that the same problem and seed give the same bytes on every machine. ``document`` reads and writes the public file.
Places, assets and tasks are spoken of by their position in the problem; their ids are for people and files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

ANYBODY: frozenset[str] = frozenset()


class BadProblem(ValueError):  # noqa: N818 - the domain's own word
    """Raised for a problem that nothing can answer; it carries everything wrong with it, each with its path and reason."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Travel:
    """How long it takes from one place to another, in ticks.

    Either the whole matrix, or coordinates and a speed: then it is the straight line, rounded up to a whole tick.
    """

    matrix: NDArray[np.int64]  # (n, n); empty (0, 0) where coordinates are given
    x: NDArray[np.float64]  # km; empty where the matrix is given
    y: NDArray[np.float64]
    ticks_per_km: float = 0.0

    def ticks(self, origin: int, target: int) -> int:
        """From one place to another; nought from a place to itself where coordinates are given."""
        if self.matrix.size:
            return int(self.matrix[origin, target])
        dx, dy = self.x[origin] - self.x[target], self.y[origin] - self.y[target]
        return int(np.ceil(np.sqrt(dx * dx + dy * dy) * self.ticks_per_km - 1e-9))


@dataclass(frozen=True, slots=True)
class Shift:
    """Time somebody is on: they begin at one place and must be at another when it ends."""

    start: int
    end: int
    origin: int
    target: int


@dataclass(frozen=True, slots=True)
class Commitment:
    """Time already given away, at a place. It never moves; what lies outside every shift takes no time."""

    start: int
    end: int
    place: int


@dataclass(frozen=True, slots=True)
class Asset:
    """Somebody who can be tasked."""

    id: str
    skills: frozenset[str]
    shifts: tuple[Shift, ...]  # in order, never overlapping
    commitments: tuple[Commitment, ...] = ()  # in order
    longest: int | None = None  # the most work this plan may give, in ticks of the tasks themselves
    name: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that is wanted: by one person or by several at the same moment at the same place."""

    id: str
    place: int
    length: int
    earliest: int
    due: int  # it must have started by then
    tier: int  # nought is the highest
    value: int  # points, when started at ``earliest``
    decay: Fraction = Fraction(0)  # the share of the value lost, in a straight line, from earliest to due
    crew: tuple[frozenset[str], ...] = (ANYBODY,)  # a slot for each person, with every skill that person must hold
    after: tuple[int, ...] = ()  # tasks that must have ended before it starts: without them it cannot be placed
    prefer: tuple[int, ...] = ()  # assets the child knows
    barred: tuple[int, ...] = ()  # assets who may not: a conflict of interest, or the sex of officer asked for
    title: str = ""

    def worth(self, start: int) -> Fraction:
        """The value in points of starting then."""
        if self.earliest in {start, self.due} or not self.decay:
            return Fraction(self.value)
        whole = self.decay.denominator * (self.due - self.earliest)
        return Fraction(self.value * (whole - self.decay.numerator * (start - self.earliest)), whole)


@dataclass(frozen=True, slots=True)
class Line:
    """One task in a plan: who does it, in the order of its crew's slots, and when they start."""

    task: int
    assets: tuple[int, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything the formula looks at."""

    places: tuple[str, ...]
    travel: Travel
    assets: tuple[Asset, ...]
    tasks: tuple[Task, ...]
    scale: int = 1  # ticks a minute: a power of ten
    worth: int = 1  # points to one unit of value: a power of ten
    travel_weight: Fraction | None = None  # value lost for each minute travelled, in the lowest tier; none: it only breaks ties
    sha256: str = ""  # of the document it was read from

    @property
    def tiers(self) -> tuple[int, ...]:
        """The tiers there are, highest first."""
        return tuple(sorted({task.tier for task in self.tasks}))


@dataclass(frozen=True, slots=True)
class Params:
    """What policy sets, from the tasking formula's playbook. Nothing here can lift a lower tier over a higher one."""

    formula: str = "LODESTAR-TASKING"
    version: str = "1"
    continuity: Fraction = Fraction(0)  # share of a task's value added when somebody the child knows does it; nought: breaks ties
    fairness: Fraction = Fraction(0)  # value lost, in the lowest tier, for each minute the busiest is above the mean; nought: breaks ties


# Asked between two steps with the iterations made so far; true ends the search with the best plan so far. Core has no clock:
# a door that wants seconds gives a rule that looks at its own.
Stop = Callable[[int], bool]


def after_iterations(most: int) -> Stop:
    """Stop after so many iterations: the same problem and seed then give the same bytes."""
    return lambda done: done >= most
