"""Everybody on record weighed again: what differs from how they stand, as questions for people. Nothing is joined or parted here.

People as they stand are taken whole. Two of them are proposed as one where a link would hold between all their statements;
one is proposed as two where two of their statements could not stand together and nobody said that they are the same. What
people said is never asked again: "not the same" keeps two apart for ever, "the same" keeps one whole.
Source: domain/linkage.md section 5, "Live path": a full re-link proposes changes and applies none on its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

from lodestar.core.identity.bands import Banded
from lodestar.core.identity.clusters import Link, Pair, Said, grouped, ordered
from lodestar.core.identity.record import Record
from lodestar.core.identity.weighing import Weigher


@dataclass(frozen=True, slots=True)
class Held:
    """How some people stand: each of their statements and whose it is, and what was said of pairs of statements (last word last)."""

    person: Mapping[str, int]
    records: Mapping[str, Record]
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """People who may be one (``join``), somebody who may be two (``part``), two to be looked at (``look``); and what shows it."""

    kind: str
    people: tuple[int, ...]
    shown_by: Banded


@dataclass(frozen=True, slots=True)
class Relinked:
    """The proposals, the weightiest first; how many pairs were weighed; and links that would not hold in a whole person."""

    proposals: tuple[Proposal, ...]
    weighed: int
    withheld: int


def relinked(near: Iterable[Banded], held: Held, *, everybody: Iterable[Held], weigher: Weigher, weighed: int) -> Relinked:
    """What weighing every statement again would ask.

    ``near`` are the pairs of two people's statements that are not kept apart, of ``weighed`` that share a block; ``held`` is how
    everybody in them stands. ``everybody`` is who is on record, some at a time: none of them is kept.
    """
    last = {one.pair: one.same for one in held.said}
    apart = {_two(held, *pair) for pair, same in last.items() if not same and held.person.keys() >= set(pair)}
    open_pairs = [one for one in near if _two(held, *_pair(one)) not in apart]
    best = _best(open_pairs, held)
    links = {_pair(one): one for one in open_pairs if one.band == "link"}
    found = grouped(
        held.person,
        links=[Link(*pair, weight=one.weight) for pair, one in links.items()],
        said=(*_as_they_stand(held), *(one for one in held.said if not one.same)),
        may_stand=lambda left, right: weigher.may_stand(weigher.weigh(held.records[left], held.records[right])),
        most=weigher.thresholds.cluster_most,
    )
    together = [people for group in found.groups if len(people := _people(group, held)) > 1]
    # Where somebody is proposed as two, a group may hold one half of them: what was said of the other half is said of them whole.
    joins = [_join(people, best) for people in together if not any(frozenset(pair) in apart for pair in combinations(people, 2))]
    joined = {pair for one in joins for pair in combinations(one.people, 2)}
    looks = [Proposal("look", people, one) for people, one in best.items() if people not in joined]
    parts = [part for some in everybody for part in _parts(some, weigher)]
    ranked = sorted([*joins, *parts, *looks], key=lambda one: (("join", "part", "look").index(one.kind), -one.shown_by.weight, one.people))
    return Relinked(tuple(ranked), weighed, len(found.withheld) + len(together) - len(joins))


def _pair(one: Banded) -> Pair:
    return ordered(one.scored.left, one.scored.right)


def _two(held: Held, left: str, right: str) -> frozenset[int]:
    """The two people whose statements these are: what somebody said of one of their statements is said of them."""
    return frozenset((held.person[left], held.person[right]))


def _as_they_stand(held: Held) -> Iterable[Said]:
    """Each person's statements, chained: a person is taken whole."""
    of: dict[int, list[str]] = {}
    for statement, person in sorted(held.person.items()):
        of.setdefault(person, []).append(statement)
    return [Said(left, right, same=True) for statements in of.values() for left, right in pairwise(statements)]


def _people(group: Iterable[str], held: Held) -> tuple[int, ...]:
    return tuple(sorted({held.person[statement] for statement in group}))


def _best(pairs: Iterable[Banded], held: Held) -> dict[tuple[int, int], Banded]:
    found: dict[tuple[int, int], Banded] = {}
    for one in pairs:
        left, right = sorted((held.person[one.scored.left], held.person[one.scored.right]))
        known = found.get((left, right))
        if known is None or (one.band == "link", one.weight) > (known.band == "link", known.weight):
            found[left, right] = one
    return found


def _join(people: tuple[int, ...], best: Mapping[tuple[int, int], Banded]) -> Proposal:
    shown = max((best[pair] for pair in combinations(people, 2) if pair in best), key=lambda one: (one.band == "link", one.weight))
    return Proposal("join", people, shown)


def _parts(held: Held, weigher: Weigher) -> Iterable[Proposal]:
    of: dict[int, list[str]] = {}
    for statement, person in sorted(held.person.items()):
        of.setdefault(person, []).append(statement)
    last = {one.pair: one.same for one in held.said}
    kept = {statement for pair, same in last.items() if same for statement in pair}
    for person, statements in of.items():
        pairs = (
            weigher.weigh(held.records[left], held.records[right])
            for left, right in combinations(statements, 2)
            if not {left, right} & kept
        )
        bad = [one for one in pairs if not weigher.may_stand(one)]
        if bad:
            yield Proposal("part", (person,), min(bad, key=lambda one: (one.weight, one.scored.left, one.scored.right)))
