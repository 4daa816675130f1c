"""Where each node of a small network stands on paper: in the middle whom it is about, around it one step, outside two.

The picture holds the same facts as the list beneath it and nothing else: no thickness, size or nearness means anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import cos, pi, sin

from lodestar.core.networks.facts import Node, Presence, Rules, World

WIDTH, MIDDLE = 900, 450
INNER, OUTER = 170, 330
MARGIN = 95
LONGEST = 22
FEW = 6  # in an event of so few every two are joined by a line
ABOUT = frozenset({"about", "subject"})
MOST_NEAR, MOST_FAR = 14, 20  # nodes of a ring; the list beneath the picture has them all


@dataclass(frozen=True, slots=True)
class Placed:
    """One node with its place and how far it is from the middle."""

    node: Node
    x: int
    y: int
    step: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line between two nodes, with the events that it stands for."""

    one: Node
    other: Node
    events: tuple[str, ...]
    weak: bool = False
    unreviewed: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole drawing."""

    nodes: tuple[Placed, ...]
    lines: tuple[Line, ...]
    height: int
    left_out: int = 0  # nodes that there was no room for

    def at(self, node: Node) -> Placed:
        """Where a node stands."""
        return next(one for one in self.nodes if one.node == node)


def picture(*, centre: Sequence[Node], lines: Iterable[Line]) -> Picture:
    """The nodes in rings around the centre, each beside what it is linked to; the same network is the same drawing."""
    drawn = tuple(lines)
    near = _near(drawn)
    steps = {node: 0 for node in centre}
    rings: list[list[Node]] = []
    last = list(centre)
    left_out = 0
    for step, most in ((1, MOST_NEAR), (2, MOST_FAR)):
        found = list(dict.fromkeys(other for node in last for other in sorted(near.get(node, ())) if other not in steps))
        ring = found[:most]
        left_out += len(found) - len(ring)
        steps.update({node: step for node in ring})
        rings.append(ring)
        last = ring
    inner = INNER if len(centre) == 1 else INNER + 40
    height = 2 * ((OUTER if rings[1] else inner) + MARGIN)
    middle = height // 2
    placed = _ring(list(centre), 0 if len(centre) == 1 else 70, middle, 0)
    placed += _ring(rings[0], inner, middle, 1)
    placed += _ring(rings[1], OUTER, middle, 2)
    there = {one.node for one in placed}
    return Picture(tuple(placed), tuple(one for one in drawn if one.one in there and one.other in there), height, left_out)


def _near(lines: Iterable[Line]) -> Mapping[Node, set[Node]]:
    found: dict[Node, set[Node]] = defaultdict(set)
    for line in lines:
        found[line.one].add(line.other)
        found[line.other].add(line.one)
    return found


def _ring(nodes: Sequence[Node], far: int, middle: int, step: int) -> list[Placed]:
    """Around the middle, from the top, evenly; wider than high, because names are."""
    placed = []
    for place, node in enumerate(nodes):
        turn = 2 * pi * place / max(1, len(nodes)) - pi / 2 + (pi / max(1, len(nodes)) if step == 2 else 0)
        placed.append(Placed(node, round(MIDDLE + cos(turn) * far * 1.1), round(middle + sin(turn) * far), step))
    return placed


def lines_of(*, world: World, rules: Rules) -> tuple[Line, ...]:
    """One line for each two that were in an event together; in an event of many, from whom it is about to everybody else."""
    events: dict[tuple[Node, Node], list[str]] = defaultdict(list)
    strong: set[tuple[Node, Node]] = set()
    sure: set[tuple[Node, Node]] = set()
    for event, ones in world.by_event.items():
        for one, other in _pairs(ones):
            pair = (min(one.node, other.node), max(one.node, other.node))
            if event not in events[pair]:
                events[pair].append(event)
            strong |= set() if rules.is_weak(one) or rules.is_weak(other) else {pair}
            sure |= set() if one.unreviewed or other.unreviewed else {pair}
    return tuple(Line(*pair, tuple(sorted(found)), pair not in strong, pair not in sure) for pair, found in sorted(events.items()))


def _pairs(ones: Sequence[Presence]) -> list[tuple[Presence, Presence]]:
    if len({one.node for one in ones}) <= FEW:
        return [(one, other) for one, other in combinations(ones, 2) if one.node != other.node]
    middle = next((one for one in ones if one.role in ABOUT), ones[0])
    return [(middle, other) for other in ones if other.node != middle.node]


def short(words: str) -> str:
    """A name as long as there is room for."""
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
