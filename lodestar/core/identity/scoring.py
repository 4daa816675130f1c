"""What two records weigh against each other, and the sum taken apart: the waterfall.

The live scorer. It runs the model that Splink trained, and gives Splink's weight to within 1e-9
(tests/doors/feeds/test_linking.py proves it on every run of the tests).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from lodestar.core.identity.conditions import Columns
from lodestar.core.identity.model import Comparison, Level, Model
from lodestar.core.identity.record import Record

Commonness = Mapping[str, Mapping[str, float]]  # for a column, how often each value stands in the index, as a share


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
            for one, place in zip(model.comparisons, model.places(left.columns)(right.columns), strict=True)
        ),
    )


def bits_of(left: Columns, right: Columns, fell: tuple[int, ...], *, model: Model, commonness: Commonness) -> list[float]:
    """The bits of each comparison of two records that fell in these levels, and nothing told: for the many that are not shown."""
    levels = [one.levels[place] for one, place in zip(model.comparisons, fell, strict=True)]
    return [one.weight + _term(one, left, right, commonness) if one.term else one.weight for one in levels]


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
    term = _term(level, left.columns, right.columns, commonness)
    return Line(comparison.name, level.label, place, level.weight, term, not level.is_null)


def _term(level: Level, left: Columns, right: Columns, commonness: Commonness) -> float:
    """The bits that a rare value adds to a match and a common one takes from it; none where nobody counted it."""
    if not level.term or not level.term_weight:
        return 0.0
    shares, ours, theirs = commonness.get(level.term, {}), left.get(level.term) or "", right.get(level.term) or ""
    one = shares.get(ours)
    other = one if theirs == ours else shares.get(theirs)
    if one is None and other is None:
        return 0.0
    common = max(one or other or 0.0, other or one or 0.0, level.term_floor)
    return level.term_weight * (level.base - math.log2(common))
