"""How many missing children an adult, or a place, phone or vehicle, is linked to: counts that can be recounted from the list beneath.

Distinct events are counted, not records. Family, professionals, households and institutions are discounted by named rules. What
is weak alone makes no link, and a link that rests on a join of records that nobody has looked at is told apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from lodestar.core.networks.facts import PERSON, THING, Node, Presence, Rules, Span, World


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a child is linked: what joins them, and the records it rests on."""

    child: int
    type: str  # together, phone, place, vehicle, handle
    rests_on: tuple[Presence, ...]
    thing: int | None = None
    weak: bool = False

    @property
    def at(self) -> datetime:
        """When it was last so."""
        return max(one.at for one in self.rests_on)

    @property
    def unreviewed(self) -> bool:
        """True where who somebody is rests on a join that nobody has looked at."""
        return any(one.unreviewed for one in self.rests_on)

    @property
    def counts(self) -> bool:
        """True where it stands by itself."""
        return not self.weak and not self.unreviewed


@dataclass(frozen=True, slots=True)
class Counts:
    """What the ways of one window come to."""

    children: tuple[int, ...]
    missing: tuple[int, ...]  # those of them who went missing in the window
    episodes: int
    events: tuple[str, ...]
    sources: tuple[str, ...]
    types: tuple[str, ...]
    weak: int = 0  # children linked only by what is too weak to count
    unreviewed: int = 0  # children linked only by a join that nobody has looked at

    def line(self) -> str:
        """The counts in words."""
        if not self.missing:
            return f"{_many(len(self.children), 'child', 'children')}, none of them missing in that time" if self.children else "none"
        return (
            f"{_many(len(self.missing), 'missing child', 'missing children')} in {_many(self.episodes, 'episode', 'episodes')}, "
            f"by {_many(len(self.events), 'event', 'events')} from {_many(len(self.sources), 'source', 'sources')}"
        )


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def adult_ways(*, world: World, adult: int, rules: Rules, since: datetime, until: datetime) -> tuple[Way, ...]:
    """Every way in which an adult is linked to a child between two instants: in one event, or by a thing that both were in events with."""
    mine = [one for one in world.by_node.get(Node(PERSON, adult), ()) if since <= one.at <= until and one.role not in rules.not_linking]
    found: list[Way] = []
    for one in mine:
        for other in world.by_event[one.event]:
            if _is_child(world, other, adult):
                found.append(Way(other.node.id, "together", (one, other), None, rules.is_weak(one) or rules.is_weak(other)))
            elif other.node.kind == THING and world.objects.get(other.node.id, "") not in rules.discounted:
                found += _by_thing(world, one, other, rules, (since, until))
    return _once(found)


def thing_ways(*, world: World, thing: int, rules: Rules, since: datetime, until: datetime) -> tuple[Way, ...]:
    """Every event in which a child was with a thing."""
    kind = world.kinds.get(thing, "place")
    mine = [one for one in world.by_node.get(Node(THING, thing), ()) if since <= one.at <= until]
    return _once(
        Way(other.node.id, kind, (one, other), thing, rules.is_weak(one) or rules.is_weak(other))
        for one in mine
        for other in world.by_event[one.event]
        if other.node.kind == PERSON and other.node.id in world.children and not world.is_home(other.node.id, thing)
    )


def counts(*, ways: Iterable[Way], world: World, since: datetime, until: datetime) -> Counts:
    """What the ways come to. A child counts where one way stands by itself; only such ways give events, sources and types."""
    all_ways = tuple(ways)
    standing = [way for way in all_ways if way.counts]
    children = {way.child for way in standing}
    gone = {child: [at for at in world.episodes.get(child, ()) if since <= at <= until] for child in sorted(children)}
    missing = tuple(child for child, times in gone.items() if times)
    mine = [way for way in standing if way.child in set(missing)]
    left = {way.child for way in all_ways} - children
    doubtful = {way.child for way in all_ways if way.child in left and not way.weak}
    rests = [one for way in mine for one in way.rests_on]
    return Counts(
        children=tuple(sorted(children)),
        missing=missing,
        episodes=sum(len(times) for times in gone.values()),
        events=tuple(sorted({one.event for one in rests})),
        sources=tuple(sorted({one.source for one in rests if one.source})),
        types=tuple(sorted({way.type for way in mine})),
        weak=len(left - doubtful),
        unreviewed=len(doubtful),
    )


def windows(*, world: World, node: Node, rules: Rules, at: datetime) -> Mapping[int, tuple[Counts, Counts]]:
    """The counts of each window in days, each beside the same node's year before that year."""
    spans = rules.spans(at).items()
    return {days: (_counted(world, node, rules, now), _counted(world, node, rules, before)) for days, (now, before) in spans}


def _counted(world: World, node: Node, rules: Rules, span: Span) -> Counts:
    return counts(
        ways=ways_of(world=world, node=node, rules=rules, since=span[0], until=span[1]), world=world, since=span[0], until=span[1]
    )


def ways_of(*, world: World, node: Node, rules: Rules, since: datetime, until: datetime) -> tuple[Way, ...]:
    """The ways of an adult, or of a thing."""
    if node.kind == PERSON:
        return adult_ways(world=world, adult=node.id, rules=rules, since=since, until=until)
    return thing_ways(world=world, thing=node.id, rules=rules, since=since, until=until)


def share_through(*, world: World, kind: str) -> tuple[int, int]:
    """How many of all children looked at were with an object of this kind at all, and how many children there are."""
    things = {thing for thing, named in world.objects.items() if named == kind}
    events = {one.event for thing in things for one in world.by_node.get(Node(THING, thing), ())}
    there = {one.node.id for event in events for one in world.by_event[event] if one.node.kind == PERSON and one.node.id in world.children}
    everybody = {one.node.id for one in world.presences if one.node.kind == PERSON and one.node.id in world.children}
    return len(there), len(everybody)


def _is_child(world: World, other: Presence, adult: int) -> bool:
    return other.node.kind == PERSON and other.node.id in world.children and not world.at_home(adult, other.node.id)


def _by_thing(world: World, mine: Presence, thing: Presence, rules: Rules, span: tuple[datetime, datetime]) -> Iterator[Way]:
    kind = world.kinds.get(thing.node.id, "place")
    for there in world.by_node[thing.node]:
        if there.event == mine.event or not span[0] <= there.at <= span[1]:
            continue
        for child in world.by_event[there.event]:
            if _is_child(world, child, mine.node.id) and not world.is_home(child.node.id, thing.node.id):
                rests = (mine, thing, there, child)
                yield Way(child.node.id, kind, rests, thing.node.id, any(rules.is_weak(one) for one in rests))


def _once(ways: Iterable[Way]) -> tuple[Way, ...]:
    """Several records of one event are one way: the strongest of them stands for it."""
    found: dict[tuple[object, ...], list[Way]] = defaultdict(list)
    for way in ways:
        found[way.child, way.type, way.thing, tuple(sorted({one.event for one in way.rests_on}))].append(way)
    best = [min(same, key=lambda way: (way.weak, way.unreviewed, way.at)) for same in found.values()]
    return tuple(sorted(best, key=lambda way: (way.child, way.type, way.at), reverse=False))
