"""Emerging groups: children who have lately come to be linked in more than one way, by more than one source, at about one time.

A group is what its links are. It is shown with the links without which it falls apart, because one wrong record must not make
one. A group says that children may need safeguarding together; it says nothing of what any of them is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from lodestar.core.networks.facts import PERSON, THING, Presence, Rules, World


@dataclass(frozen=True, slots=True)
class Member:
    """One link of a group: a child, and the event, adult or thing that joins them to others."""

    child: int
    hub: tuple[str, str]  # its type, and which one it is
    rests_on: Presence  # the child's own record
    source: str

    @property
    def key(self) -> tuple[int, tuple[str, str]]:
        """The link: however many records say it, it is one."""
        return self.child, self.hub


@dataclass(frozen=True, slots=True)
class Group:
    """Children who are linked, how, and what it hangs on."""

    children: tuple[int, ...]
    members: tuple[Member, ...]
    types: tuple[str, ...]
    sources: tuple[str, ...]
    first_at: datetime
    last_at: datetime
    hangs_on: tuple[tuple[tuple[int, tuple[str, str]], ...], ...]  # each a set of links without which it is no group

    @property
    def events(self) -> tuple[str, ...]:
        """The distinct events it rests on."""
        return tuple(sorted({one.rests_on.event for one in self.members}))


def groups(*, world: World, rules: Rules, at: datetime) -> tuple[Group, ...]:
    """The groups that are new: by what is strong and reviewed alone, so that none depends on a join nobody has looked at."""
    new = timedelta(days=rules.group["new_days"])
    lately = _members(world, rules, (at - new, at))
    before = [children for children, _ in components(_members(world, rules, (at - rules.kept, at - new)))]
    found = []
    for children, members in components(lately):
        if is_group(members, rules) and not any(set(children) <= set(old) for old in before):
            found.append(_group(children, members, rules))
    return tuple(sorted(found, key=lambda one: (-len(one.children), one.children)))


def _group(children: tuple[int, ...], members: Sequence[Member], rules: Rules) -> Group:
    times = [one.rests_on.at for one in members]
    return Group(
        children=children,
        members=tuple(members),
        types=tuple(sorted({one.hub[0] for one in members})),
        sources=tuple(sorted({one.source for one in members if one.source})),
        first_at=min(times),
        last_at=max(times),
        hangs_on=hangs_on(members, rules),
    )


def components(members: Iterable[Member]) -> list[tuple[tuple[int, ...], list[Member]]]:
    """The children that hang together, each with its links; a child alone is none."""
    links = list(members)
    parent: dict[object, object] = {}

    def root(one: object) -> object:
        parent.setdefault(one, one)
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for link in links:
        parent[root(link.child)] = root(link.hub)
    found: dict[object, list[Member]] = defaultdict(list)
    for link in links:
        found[root(link.child)].append(link)
    made = [(tuple(sorted({one.child for one in ones})), ones) for ones in found.values()]
    return sorted(((children, ones) for children, ones in made if len(children) > 1), key=lambda one: one[0])


def is_group(members: Sequence[Member], rules: Rules) -> bool:
    """Whether links that hang together are a group: enough children, types of link and independent sources."""
    wanted = rules.group
    found = {
        "children": len({one.child for one in members}),
        "types": len({one.hub[0] for one in members}),
        "sources": len({one.source for one in members if one.source}),
    }
    return all(number >= wanted[name] for name, number in found.items())


def hangs_on(members: Sequence[Member], rules: Rules) -> tuple[tuple[tuple[int, tuple[str, str]], ...], ...]:
    """Every single link without which no group is left; where there is none, every two such links; else nothing."""
    links = sorted({one.key for one in members})
    for size in (1, 2):
        found = tuple(gone for gone in combinations(links, size) if not _left(members, set(gone), rules))
        if found:
            return found
    return ()


def _left(members: Sequence[Member], gone: set[tuple[int, tuple[str, str]]], rules: Rules) -> bool:
    """Whether a group is left; a hub with one child joins nobody."""
    rest = [one for one in members if one.key not in gone]
    return any(is_group(ones, rules) for _, ones in components(_joining(rest)))


def _joining(members: Sequence[Member]) -> list[Member]:
    at: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in members:
        at[one.hub].add(one.child)
    return [one for one in members if len(at[one.hub]) > 1]


def _members(world: World, rules: Rules, span: tuple[datetime, datetime]) -> list[Member]:
    """Each child's links in a span that join them to another child at about the same time, crowds left out."""
    found: dict[tuple[str, str], list[Member]] = defaultdict(list)
    for one in world.presences:
        if one.node.kind == PERSON and one.node.id in world.children and span[0] <= one.at <= span[1]:
            for member in _of(world, one, rules):
                found[member.hub].append(member)
    near = timedelta(days=rules.group["together_days"])
    made: list[Member] = []
    for members in found.values():
        children = {one.child for one in members}
        if 1 < len(children) <= rules.group["crowd"]:
            made += [one for one in members if any(_meets(one, other, near) for other in members)]
    return _joining(made)


def _meets(one: Member, other: Member, near: timedelta) -> bool:
    return one.child != other.child and abs(one.rests_on.at - other.rests_on.at) <= near


def _of(world: World, child: Presence, rules: Rules) -> Iterator[Member]:
    if rules.is_weak(child) or child.unreviewed:
        return
    for other in world.by_event[child.event]:
        if rules.is_weak(other) or other.unreviewed or other.node == child.node:
            continue
        if other.node.kind == THING:
            if world.objects.get(other.node.id, "") not in rules.discounted and not world.is_home(child.node.id, other.node.id):
                yield Member(child.node.id, (world.kinds.get(other.node.id, "place"), str(other.node.id)), child, other.source)
        elif other.node.id in world.adults:
            if other.role not in rules.not_linking and not world.at_home(other.node.id, child.node.id):
                yield Member(child.node.id, ("adult", str(other.node.id)), child, other.source)
        elif other.node.id in world.children and not world.at_home(other.node.id, child.node.id):
            yield Member(child.node.id, ("together", child.event), child, child.source)
