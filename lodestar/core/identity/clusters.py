"""Records of one person, as a set of links that holds together everywhere, and that any link can leave again.

Not connected components: one wrong link would make one child of two families. A link joins two groups only where every pair
across them may stand together: no veto, nobody's "not the same", no pair below the fracture weight, and not too many.
What people said outranks every weight: "the same" joins first, "not the same" holds two groups apart for ever.

The groups are a function of the links and the decisions, nothing else. So a link that is undone leaves what would have been
had it never been made, to the last record, and only the records it reached are looked at again (``reached``).
Source: domain/linkage.md sections 3.5, 5 and goals L9 and L10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Link:
    """Two records that a rule or a model would join, and how strongly."""

    left: str
    right: str
    weight: float

    @property
    def pair(self) -> Pair:
        """The two, in an order of their own."""
        return ordered(self.left, self.right)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of two records. The last word of two on one pair counts."""

    left: str
    right: str
    same: bool

    @property
    def pair(self) -> Pair:
        """The two, in an order of their own."""
        return ordered(self.left, self.right)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A link that was not made, and why, for the queue of those who decide."""

    link: Link
    reason: str


@dataclass(frozen=True, slots=True)
class Groups:
    """The records of each person, and the links that would not hold."""

    groups: tuple[tuple[str, ...], ...]
    withheld: tuple[Withheld, ...] = ()
    at_odds: tuple[Pair, ...] = ()  # people said of these that they are the same and, of others, what forbids it

    def of(self, record: str) -> tuple[str, ...]:
        """The group of one record."""
        return next(group for group in self.groups if record in group)


@dataclass(slots=True)
class _Making:
    """Groups while they are made: each record's group, and each group's records."""

    apart: frozenset[Pair]
    may_stand: Callable[[str, str], bool]
    most: int
    group: dict[str, int] = field(default_factory=dict)
    members: dict[int, list[str]] = field(default_factory=dict)

    def join(self, link: Link, *, human: bool) -> str:
        """Join the groups of two records, or say why not; empty where they are together."""
        one, other = self.group[link.left], self.group[link.right]
        if one == other:
            return ""
        pairs = list(product(self.members[one], self.members[other]))
        if self.apart and any(ordered(*pair) in self.apart for pair in pairs):
            return "somebody said that two of them are not the same"
        if not human and len(self.members[one]) + len(self.members[other]) > self.most:
            return "too many records would be one person"
        if not human and not all(self.may_stand(*pair) for pair in pairs):
            return "two of the records would not stand together by themselves"
        keep, give = sorted((one, other))
        for record in self.members.pop(give):
            self.group[record] = keep
            self.members[keep].append(record)
        return ""


def grouped(
    records: Iterable[str],
    *,
    links: Iterable[Link],
    said: Iterable[Said] = (),
    may_stand: Callable[[str, str], bool],
    most: int,
) -> Groups:
    """The groups of these records.

    ``may_stand(a, b)`` is asked of every pair across two groups before a model's link joins them: false for a veto or a
    weight below the fracture. The order of ``links`` does not matter; the strongest is tried first.
    """
    ids = sorted(records)
    last = {one.pair: one for one in said}
    making = _Making(frozenset(pair for pair, one in last.items() if not one.same), may_stand, most)
    making.group = {record: number for number, record in enumerate(ids)}
    making.members = {number: [record] for number, record in enumerate(ids)}
    at_odds = [pair for pair, one in sorted(last.items()) if one.same and making.join(Link(*pair, weight=0), human=True)]
    withheld = [
        Withheld(link, reason)
        for link in sorted(links, key=lambda one: (-one.weight, one.pair))
        if link.pair not in making.apart and (reason := making.join(link, human=False))
    ]
    groups = tuple(sorted(tuple(sorted(group)) for group in making.members.values()))
    return Groups(groups, tuple(withheld), tuple(at_odds))


def reached(record: str, neighbours: Mapping[str, Iterable[str]]) -> set[str]:
    """Every record that links lead to from this one: all that a change of one of its links can touch."""
    found, waiting = {record}, [record]
    while waiting:
        for other in neighbours.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def ordered(left: str, right: str) -> Pair:
    """Two records in an order that does not depend on which came first."""
    return (left, right) if left <= right else (right, left)
