"""How good a model is on pairs whose truth is known, and the gate that it must pass before anybody may activate it.

Overall figures hide what harms: another child of the same home joined by mistake, and names of one origin joined less well
than those of another. So both are counted, and both are in the gate, not only in a report.
Source: domain/linkage.md 3.4 and section 6, goals L5 to L7 and L13.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lodestar.core.measures.intervals import clopper_pearson

CHANCES = (0.5, 0.9, 0.99, 0.999)  # what a model calls a pair, from this chance up to the next
FEWEST = 30  # true pairs in a group of names before a share is printed for it


@dataclass(frozen=True, slots=True)
class Judged:
    """One pair with its weight and the truth: of one person or not, of one home or not, and the origin of the names."""

    weight: float
    same: bool
    household: bool = False
    group: str = ""
    stopped: bool = False  # by a veto: it goes to a person whatever it weighs
    twin: bool = False


@dataclass(frozen=True, slots=True)
class Quality:
    """What joining every unstopped pair from a weight up would do. Shares are of all true pairs, found by a block or not."""

    from_weight: float
    joined: int
    right: int
    true: int
    household_wrong: int
    twins_wrong: int

    @property
    def precision(self) -> float | None:
        """Right of those joined; None where nothing is joined."""
        return self.right / self.joined if self.joined else None

    @property
    def recall(self) -> float | None:
        """Right of all that are true; None where none is."""
        return self.right / self.true if self.true else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        return 2 * self.right / (self.joined + self.true) if self.joined + self.true else None

    @property
    def household_share(self) -> float | None:
        """Of the wrong ones, how many are of one home; None where none is wrong."""
        wrong = self.joined - self.right
        return self.household_wrong / wrong if wrong else None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Names of one origin at one threshold."""

    group: str
    quality: Quality


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether a model may be put to those who activate it: each demand with what was measured."""

    demands: tuple[tuple[str, bool, str], ...]

    @property
    def passed(self) -> bool:
        """True where every demand is met."""
        return all(met for _, met, _ in self.demands)


def quality(pairs: Iterable[Judged], *, from_weight: float, true: int) -> Quality:
    """What joining from this weight up does. ``true`` counts every true pair, those no block found too."""
    joined = [pair for pair in pairs if pair.weight >= from_weight and not pair.stopped]
    wrong = [pair for pair in joined if not pair.same]
    return Quality(
        from_weight,
        len(joined),
        len(joined) - len(wrong),
        true,
        sum(pair.household for pair in wrong),
        sum(pair.twin for pair in wrong),
    )


def threshold_for(pairs: Sequence[Judged], *, precision: float) -> float | None:
    """The lowest weight from which everything joined is right this often; None where no weight is.

    Pairs of one weight stand or fall together, so the answer does not depend on their order.
    """
    best: float | None = None
    right = 0
    ranked = sorted((pair for pair in pairs if not pair.stopped), key=lambda pair: -pair.weight)
    for joined, pair in enumerate(ranked, start=1):
        right += pair.same
        last_of_its_weight = joined == len(ranked) or ranked[joined].weight < pair.weight
        if last_of_its_weight and right >= precision * joined:
            best = pair.weight
    return best


def best_f1(pairs: Sequence[Judged], *, true: int) -> Quality:
    """The weight at which the harmonic mean is highest."""
    best = quality((), from_weight=float("inf"), true=true)
    joined = right = 0
    for pair in sorted((one for one in pairs if not one.stopped), key=lambda one: -one.weight):
        joined, right = joined + 1, right + pair.same
        if 2 * right / (joined + true) > (best.f1 or 0):
            best = Quality(pair.weight, joined, right, true, 0, 0)
    return quality(pairs, from_weight=best.from_weight, true=true)


def by_group(pairs: Sequence[Judged], *, from_weight: float, true: dict[str, int]) -> tuple[GroupRow, ...]:
    """The same for names of each origin, the largest group first; groups below 30 true pairs are left out."""
    rows = (
        GroupRow(group, quality((pair for pair in pairs if pair.group == group), from_weight=from_weight, true=count))
        for group, count in sorted(true.items(), key=lambda one: (-one[1], one[0]))
        if count >= FEWEST
    )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Pairs that a model gives a chance between two bounds: how many, and how many of them are one person."""

    from_chance: float
    pairs: int
    right: int


def calibration(pairs: Iterable[Judged]) -> tuple[Calibrated, ...]:
    """Whether what a model calls likely is so: for each band of its chance, how often it was right. Every pair counts, stopped or not."""
    known = [(1 / (1 + 2 ** -max(pair.weight, -500.0)), pair.same) for pair in pairs]
    bounds = [*CHANCES, float("inf")]
    return tuple(
        Calibrated(low, len(held), sum(held))
        for low, high in pairwise(bounds)
        for held in [[same for chance, same in known if low <= chance < high]]
    )


@dataclass(frozen=True, slots=True)
class Demands:
    """What a model must show, from the playbook."""

    precision: float
    recall: float
    household_share: float
    group_recall: float
    group_precision: float


def gate(whole: Quality, groups: Sequence[GroupRow], *, demands: Demands) -> Gate:
    """Each demand with what was measured. Precision is judged by the lower end of its exact interval, the rest as they are."""
    rows = [
        ("precision", *_at_least(_lowest(whole), demands.precision)),
        ("recall", *_at_least(whole.recall, demands.recall)),
        ("errors of one home", (whole.household_share or 0) <= demands.household_share, _say(whole.household_share or 0.0)),
        ("twins joined", whole.twins_wrong == 0, str(whole.twins_wrong)),
    ]
    if groups:
        first = groups[0].quality
        rows.append(("recall, worst group to largest", *_at_least(_worst(groups, first, "recall"), demands.group_recall)))
        rows.append(("precision, worst group to largest", *_at_least(_worst(groups, first, "precision"), demands.group_precision)))
    return Gate(tuple(rows))


def _lowest(whole: Quality) -> float | None:
    return clopper_pearson(hits=whole.right, n=whole.joined).lower if whole.joined else None


def _worst(groups: Sequence[GroupRow], first: Quality, name: str) -> float | None:
    largest = getattr(first, name)
    shares = [getattr(row.quality, name) for row in groups]
    known = [share for share in shares if share is not None]
    return min(known) / largest if known and largest else None


def _at_least(found: float | None, wanted: float) -> tuple[bool, str]:
    return found is not None and found >= wanted, "not measured" if found is None else _say(found)


def _say(share: float) -> str:
    return f"{share:.4f}"
