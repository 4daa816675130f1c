"""Where each node of a small network stands on paper: in the middle whom it is about, around it one step, outside two.

The picture holds the same facts as the list beneath it and nothing else: no thickness, size or nearness means anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import cos, pi, sin
from typing import NamedTuple

from lodestar.core.networks.facts import Node, Presence, Rules, World

INNER, OUTER, APART = 150, 280, 70
WIDER = 1.25
ASIDE, ABOVE, BENEATH = 95, 32, 56  # room around the outermost nodes
SEATS = 16  # places of the outer ring before it is squeezed
LONGEST = 22
FEW = 6  # in an event of so few every two are joined by a line
ABOUT = frozenset({"about", "subject"})
MOST_NEAR, MOST_FAR = 14, 20  # nodes of a ring; the list beneath the picture has them all


class Placed(NamedTuple):
    """One node with its place and how far it is from the middle."""

    node: Node
    x: int
    y: int
    step: int


class Line(NamedTuple):
    """One line between two nodes, with the events that it stands for."""

    one: Node
    other: Node
    events: tuple[str, ...]
    weak: bool = False
    unreviewed: bool = False


@dataclass(frozen=True)
class Picture:
    """The whole drawing."""

    nodes: tuple[Placed, ...]
    lines: tuple[Line, ...]
    width: int
    height: int
    left_out: int = 0  # nodes that there was no room for

    @cached_property
    def by_node(self) -> Mapping[Node, Placed]:
        """Where each node stands."""
        return {one.node: one for one in self.nodes}


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
    turns = dict(zip(rings[0], _even(len(rings[0])), strict=True))
    placed = _ring(dict(zip(centre, _even(len(centre)), strict=True)), 0 if len(centre) == 1 else APART, 0)
    placed += _ring(turns, INNER if len(centre) == 1 else INNER + APART, 1)
    placed += _ring(_beside(rings[1], near, turns), OUTER, 2)
    nodes, width, height = _fitted(placed)
    there = {one.node for one in nodes}
    return Picture(nodes, tuple(one for one in drawn if one.one in there and one.other in there), width, height, left_out)


def _fitted(placed: Sequence[Placed]) -> tuple[tuple[Placed, ...], int, int]:
    """Moved so that the drawing is no larger than what is on it, with room for names."""
    left, top = min(one.x for one in placed) - ASIDE, min(one.y for one in placed) - ABOVE
    width, height = max(one.x for one in placed) - left + ASIDE, max(one.y for one in placed) - top + BENEATH
    return tuple(Placed(one.node, one.x - left, one.y - top, one.step) for one in placed), width, height


def _near(lines: Iterable[Line]) -> Mapping[Node, set[Node]]:
    found: dict[Node, set[Node]] = defaultdict(set)
    for line in lines:
        found[line.one].add(line.other)
        found[line.other].add(line.one)
    return found


def _even(number: int) -> list[float]:
    """Turns evenly around, from the top."""
    return [2 * pi * place / max(1, number) - pi / 2 for place in range(number)]


def _beside(nodes: Sequence[Node], near: Mapping[Node, set[Node]], turns: Mapping[Node, float]) -> dict[Node, float]:
    """Each outer node at the turn of one that it is linked to, pushed on where another is there already."""
    wanted = sorted((min((turns[one] for one in near[node] if one in turns), default=0.0), node) for node in nodes)
    gap = 2 * pi / max(SEATS, len(nodes))
    made: dict[Node, float] = {}
    last = -2 * pi
    for turn, node in wanted:
        last = max(turn, last + gap)
        made[node] = last
    return made


def _ring(turns: Mapping[Node, float], far: int, step: int) -> list[Placed]:
    """At their turns around the middle; wider than high, because names are."""
    return [Placed(node, round(cos(turn) * far * WIDER), round(sin(turn) * far), step) for node, turn in turns.items()]


def lines_of(*, world: World, rules: Rules) -> tuple[Line, ...]:
    """One line for each two that were in an event together; in an event of many, from whom it is about to everybody else."""
    events: dict[tuple[Node, Node], list[str]] = defaultdict(list)
    strong: set[tuple[Node, Node]] = set()
    sure: set[tuple[Node, Node]] = set()
    for event, ones in world.by_event.items():
        for one, other in _pairs(ones):
            pair = (one.node, other.node) if one.node < other.node else (other.node, one.node)
            found = events[pair]
            if not found or found[-1] != event:
                found.append(event)
            if not (one.unreviewed or other.unreviewed):
                sure.add(pair)
            if pair not in strong and not (rules.is_weak(one) or rules.is_weak(other)):
                strong.add(pair)
    return tuple([Line(*pair, tuple(sorted(found)), pair not in strong, pair not in sure) for pair, found in sorted(events.items())])


def _pairs(ones: Sequence[Presence]) -> list[tuple[Presence, Presence]]:
    if len(ones) <= FEW or len({one.node for one in ones}) <= FEW:
        return [(one, other) for one, other in combinations(ones, 2) if one.node != other.node]
    middle = next((one for one in ones if one.role in ABOUT), ones[0])
    return [(middle, other) for other in ones if other.node != middle.node]


def short(words: str) -> str:
    """A name as long as there is room for."""
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
