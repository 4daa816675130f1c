"""What two records weigh against each other, and the sum taken apart: the waterfall.

The live scorer. It runs the model that Splink trained, and gives Splink's weight to within 1e-9
(tests/doors/feeds/test_linking.py proves it on every run of the tests).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lodestar.core.identity.model import Comparison, Level, Model
from lodestar.core.identity.record import PLACE, Record, Values

Commonness = Mapping[str, Mapping[str, float]]  # for a column, how often each value stands in the index, as a share
Bits = Callable[[tuple[int, ...], Values], list[float]]  # of another record: of the levels it falls in, and its values


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the waterfall: a field, the level it fell in, and the bits it is worth."""

    field: str
    label: str
    place: int  # which level of the comparison, from the first
    weight: float
    term_weight: float  # the bits by which how common the value is changes it
    known: bool

    @property
    def bits(self) -> float:
        """Both together."""
        return self.weight + self.term_weight


@dataclass(frozen=True, slots=True)
class Scored:
    """Two records and their weight in bits, with every line of it; ``start`` is what the prior alone says."""

    left: str
    right: str
    start: float
    lines: tuple[Line, ...]

    @property
    def weight(self) -> float:
        """The sum: positive where it is more likely than not that both are one person."""
        return self.start + sum([line.weight + line.term_weight for line in self.lines])

    @property
    def chance(self) -> float:
        """The weight as a chance, as the model sees it. Shown to nobody until it is calibrated on the force's own labels."""
        return 1 / (1 + 2**-self.weight)

    def line(self, field: str) -> Line:
        """The line of one field."""
        return next(line for line in self.lines if line.field == field)


def score(left: Record, right: Record, *, model: Model, commonness: Commonness, prior: float | None = None) -> Scored:
    """What the model says of two records. The order of the two does not matter."""
    return Scored(
        left.id,
        right.id,
        model.starting_weight(prior),
        tuple(
            _line(one, place, left, right, commonness)
            for one, place in zip(model.comparisons, model.places(left.values)(right.values), strict=True)
        ),
    )


def bits_against(left: Record, *, model: Model, commonness: Commonness) -> Bits:
    """The bits of each comparison of a record and any other that falls in these levels, and nothing told: for the many not shown.

    Where the levels tell the weight, what a common value changes is worked out once for the record.
    """
    ours = left.values
    if not model.told_by_levels:
        levels = [one.levels for one in model.comparisons]
        return lambda fell, theirs: [_bits(of[place], ours, theirs, commonness) for of, place in zip(levels, fell, strict=True)]
    known = [list(weights) for weights in model.weights]
    for one, place, level in model.by_commonness:
        known[one][place] = _bits(level, ours, ours, commonness)
    return lambda fell, _: [of[place] for of, place in zip(known, fell, strict=True)]


def commonness_of(records: list[Record], columns: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """How often each value of each column stands among the records that have one, as a share. Splink's own tables."""
    found: dict[str, dict[str, float]] = {}
    for column in columns:
        counts: dict[str, int] = {}
        for record in records:
            if value := record.text(column):
                counts[value] = counts.get(value, 0) + 1
        known = sum(counts.values())
        found[column] = {value: count / known for value, count in counts.items()}
    return found


def _line(comparison: Comparison, place: int, left: Record, right: Record, commonness: Commonness) -> Line:
    level = comparison.levels[place]
    term = _term(level, left.values, right.values, commonness)
    return Line(comparison.name, level.label, place, level.weight, term, not level.is_null)


def _bits(level: Level, left: Values, right: Values, commonness: Commonness) -> float:
    return level.weight + _term(level, left, right, commonness) if level.term else level.weight


def _term(level: Level, left: Values, right: Values, commonness: Commonness) -> float:
    """The bits that a rare value adds to a match and a common one takes from it; none where nobody counted it."""
    if not level.term or not level.term_weight:
        return 0.0
    shares: Mapping[Any, float] = commonness.get(level.term, {})
    ours, theirs = left[PLACE[level.term]], right[PLACE[level.term]]
    one = shares.get(ours)
    other = one if theirs == ours else shares.get(theirs)
    if one is None and other is None:
        return 0.0
    common = max(one or other or 0.0, other or one or 0.0, level.term_floor)
    return level.term_weight * (level.base - math.log2(common))
