"""The shortest chain of recorded links between two: at most three, each with its date, grading, source and record."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from lodestar.core.networks.facts import THING, Node, Presence, Rules, World

MOST_LINKS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One recorded link: both were in this event, as these records say."""

    one: Presence
    other: Presence

    @property
    def event(self) -> str:
        """The event that both were in."""
        return self.one.event


def shortest(*, world: World, start: Node, end: Node, rules: Rules, most: int = MOST_LINKS) -> tuple[Step, ...]:
    """The fewest links from one to the other, of equals the newest; nothing where there is none. No chain goes through an institution."""
    if start == end:
        return ()
    came: dict[Node, Step | None] = {start: None}
    waiting = deque([(start, 0)])
    while waiting:
        node, far = waiting.popleft()
        if far == most:
            continue
        for step in _steps(world, node):
            other = step.other.node
            if other in came:
                continue
            came[other] = step
            if other == end:
                return _back(came, end)
            if not _is_passed(world, other, rules):
                waiting.append((other, far + 1))
    return ()


def _steps(world: World, node: Node) -> list[Step]:
    steps = [Step(mine, other) for mine in world.by_node.get(node, ()) for other in world.by_event[mine.event] if other.node != node]
    return sorted(steps, key=lambda step: (step.one.at, step.event), reverse=True)


def _is_passed(world: World, node: Node, rules: Rules) -> bool:
    return node.kind == THING and world.objects.get(node.id, "") in rules.discounted


def _back(came: dict[Node, Step | None], end: Node) -> tuple[Step, ...]:
    found: list[Step] = []
    node = end
    while (step := came[node]) is not None:
        found.append(step)
        node = step.one.node
    return tuple(reversed(found))
