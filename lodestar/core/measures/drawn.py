"""A figure with the rows it was counted from, and the same figure period by period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lodestar.core.measures.definition import Definition
from lodestar.core.measures.measure import Measure
from lodestar.core.words import Period


@dataclass(frozen=True, slots=True)
class Ask:
    """What a figure is asked for: a period, a data cut, the definition in force, and one line where only one is wanted."""

    period: Period
    as_of: datetime
    definition: Definition
    only: str = ""

    def wants(self, line: str) -> bool:
        """True when this line is to be worked out."""
        return self.only in ("", line)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line: its figure, and the ids of the rows counted and of all that they were counted out of."""

    measure: Measure
    counted: tuple[str, ...]
    whole: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One line in one period. ``value`` is in the line's unit; None where none may be given or nothing is known."""

    period: Period
    numerator: int | None
    denominator: int | None
    children: int | None
    value: float | None


def point_of(drawn: Drawn, period: Period) -> Point:
    """A figure as one point of its series."""
    found = drawn.measure
    return Point(period, found.numerator, found.denominator, found.children, found.value)
