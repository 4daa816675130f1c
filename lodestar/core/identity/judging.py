"""How good a model is on pairs whose truth is known, and the gate that it must pass before anybody may activate it.

Overall figures hide what harms: another child of the same home joined by mistake, and names of one origin joined less well
than those of another. So both are counted, and both are in the gate, not only in a report.
Source: domain/linkage.md 3.4 and section 6, goals L5 to L7 and L13.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    counts: float = 1  # for so many pairs like it, where only some were asked about


@dataclass(frozen=True, slots=True)
class Quality:
    """What joining every unstopped pair from a weight up would do. Shares are of all true pairs, found by a block or not.

    Every count is of pairs, each as often as it stands for. ``worth`` is how many pairs drawn alike would say as much as those
    joined: Kish's effective number, the same as ``joined`` where each stands for one.
    """

    from_weight: float
    joined: float
    right: float
    true: float
    household_wrong: float
    twins_wrong: float
    worth: float = 0

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


def quality(pairs: Iterable[Judged], *, from_weight: float, true: float) -> Quality:
    """What joining from this weight up does. ``true`` counts every true pair, those no block found too."""
    joined = [pair for pair in pairs if pair.weight >= from_weight and not pair.stopped]
    wrong = [pair for pair in joined if not pair.same]
    return Quality(
        from_weight,
        counted(joined),
        counted(pair for pair in joined if pair.same),
        true,
        counted(pair for pair in wrong if pair.household),
        counted(pair for pair in wrong if pair.twin),
        counted(joined) ** 2 / sum(pair.counts**2 for pair in joined) if joined else 0,
    )


def counted(pairs: Iterable[Judged]) -> float:
    """How many pairs these stand for."""
    return sum(pair.counts for pair in pairs)


def threshold_for(pairs: Sequence[Judged], *, precision: float) -> float | None:
    """The lowest weight from which everything joined is right this often; None where no weight is.

    Pairs of one weight stand or fall together, so the answer does not depend on their order.
    """
    best: float | None = None
    joined = right = 0.0
    ranked = sorted((pair for pair in pairs if not pair.stopped), key=lambda pair: -pair.weight)
    for place, pair in enumerate(ranked, start=1):
        joined, right = joined + pair.counts, right + pair.counts * pair.same
        last_of_its_weight = place == len(ranked) or ranked[place].weight < pair.weight
        if last_of_its_weight and right >= precision * joined:
            best = pair.weight
    return best


def best_f1(pairs: Sequence[Judged], *, true: float) -> Quality:
    """The weight at which the harmonic mean is highest."""
    best = quality((), from_weight=float("inf"), true=true)
    joined = right = 0.0
    for pair in sorted((one for one in pairs if not one.stopped), key=lambda one: -one.weight):
        joined, right = joined + pair.counts, right + pair.counts * pair.same
        if 2 * right / (joined + true) > (best.f1 or 0):
            best = Quality(pair.weight, joined, right, true, 0, 0)
    return quality(pairs, from_weight=best.from_weight, true=true)


def by_group(
    pairs: Sequence[Judged], *, from_weight: float, true: Mapping[str, float], seen: Mapping[str, int] | None = None
) -> tuple[GroupRow, ...]:
    """The same for names of each origin, the largest group first; groups below 30 true pairs are left out.

    ``seen`` is how many true pairs of each group somebody looked at, where those stand for others too.
    """
    rows = (
        GroupRow(group, quality((pair for pair in pairs if pair.group == group), from_weight=from_weight, true=count))
        for group, count in sorted(true.items(), key=lambda one: (-one[1], one[0]))
        if (seen or true)[group] >= FEWEST
    )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Pairs that a model gives a chance between two bounds: how many, and how many of them are one person."""

    from_chance: float
    pairs: float
    right: float


def calibration(pairs: Iterable[Judged]) -> tuple[Calibrated, ...]:
    """Whether what a model calls likely is so: for each band of its chance, how often it was right. Every pair counts, stopped or not."""
    known = [(1 / (1 + 2 ** -max(pair.weight, -500.0)), pair) for pair in pairs]
    bounds = [*CHANCES, float("inf")]
    return tuple(
        Calibrated(low, counted(held), counted(pair for pair in held if pair.same))
        for low, high in pairwise(bounds)
        for held in [[pair for chance, pair in known if low <= chance < high]]
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
    """Each demand with what was measured. Precision is judged by the lower end of its exact interval, the rest as they are.

    Where pairs stand for others the interval is that of their effective number (Korn and Graubard 1998), never a shorter one.
    """
    rows = [
        ("precision", *_at_least(_lowest(whole), demands.precision)),
        ("recall", *_at_least(whole.recall, demands.recall)),
        ("errors of one home", (whole.household_share or 0) <= demands.household_share, _say(whole.household_share or 0.0)),
        ("twins joined", whole.twins_wrong == 0, f"{whole.twins_wrong:g}"),
    ]
    if groups:
        first = groups[0].quality
        rows.append(("recall, worst group to largest", *_at_least(_worst(groups, first, "recall"), demands.group_recall)))
        rows.append(("precision, worst group to largest", *_at_least(_worst(groups, first, "precision"), demands.group_precision)))
    return Gate(tuple(rows))


def _lowest(whole: Quality) -> float | None:
    """A pair that stands for a hundred is one pair looked at: it says of how many, not how surely."""
    return clopper_pearson(hits=whole.worth * (whole.right / whole.joined), n=whole.worth).lower if whole.joined else None


def _worst(groups: Sequence[GroupRow], first: Quality, name: str) -> float | None:
    largest = getattr(first, name)
    shares = [getattr(row.quality, name) for row in groups]
    known = [share for share in shares if share is not None]
    return min(known) / largest if known and largest else None


def _at_least(found: float | None, wanted: float) -> tuple[bool, str]:
    return found is not None and found >= wanted, "not measured" if found is None else _say(found)


def _say(share: float) -> str:
    return f"{share:.4f}"
