"""Whom and what somebody is linked to, two steps out, as the reader may see it; and the whole force for the night's look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Q

from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor, MatterPlace
from lodestar.core.engagements.kinds import Kind, kinds_from
from lodestar.core.matters.involved import key_of
from lodestar.core.matters.kinds import DESKS
from lodestar.core.networks.facts import PERSON, THING, Node, Presence, Rules, World
from lodestar.core.networks.facts import rules as rules_from
from lodestar.core.people.reading import postcode
from lodestar.core.times import local_date, years_old
from lodestar.store.models import Matter, Person, Thing
from lodestar.store.playbooks import playbook
from lodestar.store.queries import kept, presences
from lodestar.store.queries.access import in_reach, place_of
from lodestar.store.queries.presences import Found, Limits, Something, around

BOOK = "NETWORKS"
ADULT = 18
MOST_EVENTS = 150  # of one step; the page says when there are more
MOST_PRESENCES = 600
FURTHER = Limits(MOST_EVENTS, MOST_PRESENCES)
FIRST = Limits(30, 200)  # what a page begins with: whoever is met very often is in more records than a reader reads
MOST_NODES = 60  # asked for their own events at the second step
ROLES: Mapping[str, str] = {role: words for kind in DESKS.values() for role, words in kind.roles.items()}
SUSPECTED = frozenset({"suspect", "adult_of_concern", "exploiter", "driver"})


def rules(*, at: datetime) -> Rules:
    """The rules in force."""
    return _rules_on(local_date(at))


@lru_cache(maxsize=16)
def _rules_on(day: date) -> Rules:
    return rules_from(playbook(BOOK), on=day)


class Named(NamedTuple):
    """How a node is shown: its words and, for a person, whether a child."""

    words: str
    what: str  # child, adult, person, or what the object is
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Network:
    """A small world with the names of what is in it, as the reader may see it."""

    world: World
    names: Mapping[Node, Named] = field(default_factory=dict)
    capped: bool = False  # there is more than is read
    further: bool = True  # as far back as is ever read


@dataclass(frozen=True, slots=True)
class Begun:
    """The first step of a network, asked before it is known who reads: what may be seen of it is settled when it is read."""

    centre: Node
    at: datetime
    rules: Rules
    further: bool
    found: Callable[[], Found]


def begin(centre: Node, *, at: datetime, further: bool) -> Begun:
    """Ask for the first step; it may go with the next thing asked."""
    ours = rules(at=at)
    return Begun(centre, at, ours, further, around([centre], rules=ours, at=at, limits=FURTHER if further else FIRST))


def network_begun(begun: Begun, *, actor: Actor) -> Network:
    """The network that was begun, as the reader may see it."""
    return network(centre=[begun.centre], at=begun.at, rules=begun.rules, actor=actor, further=begun.further, begun=begun)


def network(
    *,
    centre: Collection[Node],
    at: datetime,
    rules: Rules,
    actor: Actor,
    steps: int = 2,
    further: bool = True,
    begun: Begun | None = None,
) -> Network:
    """Two steps from the centre: the events of it, who and what was in them, and their events; one query a step where all is in reach.

    ``further`` back is read for whoever asks, and always for whoever may not see everything: what they may not see is left out of
    what was read. A first step that was ``begun`` as far back is not asked again.
    """
    cut = _cut(actor, at)
    further = further or cut is not None
    limits = FURTHER if further else FIRST
    asked = begun.found if begun and begun.further == further else around(centre, rules=rules, at=at, limits=limits)
    found = _visible(asked(), cut, actor)
    if steps > 1 and found.presences:
        met = dict.fromkeys([one.node for one in found.presences])
        ring = [one for one in met if one not in centre and not _is_passed(one, found, rules)]
        known = {one.event for one in found.presences}
        second = _visible(around(ring[:MOST_NODES], known=known, rules=rules, at=at, limits=limits)(), cut, actor)
        found = replace(found.beside(second), capped=found.capped or second.capped or len(ring) > MOST_NODES)
    return replace(_shown(found, rules=rules, at=at, actor=actor), further=further)


def of_events(*, events: Collection[str], at: datetime, rules: Rules, actor: Actor) -> Network:
    """The world of these events alone, as the reader may see it: what a lead rests on."""
    found = presences.of_events(events, rules=rules, at=at, most=MOST_PRESENCES)
    return _shown(_visible(found, _cut(actor, at), actor), rules=rules, at=at, actor=actor)


def whole(*, at: datetime, rules: Rules) -> World:
    """Everything, for the night's look; nobody reads it."""
    return with_episodes(_world(presences.all_presences(rules=rules, at=at), rules=rules, at=at), at=at)


def with_episodes(world: World, *, at: datetime) -> World:
    """The same with when each child was reported missing, which is asked only where it is counted."""
    episodes: dict[int, list[datetime]] = defaultdict(list)
    gone = Matter.objects.filter(kind="missing", reported_at__lte=at).exclude(state="opened_in_error").order_by("reported_at")
    if len(world.children) < MOST_PRESENCES:
        gone = gone.filter(person__in=world.children)
    for child, reported in gone.values_list("person_id", "reported_at"):
        episodes[child].append(reported)
    return replace(world, episodes={child: tuple(times) for child, times in episodes.items() if child in world.children})


def _shown(found: Found, *, rules: Rules, at: datetime, actor: Actor) -> Network:
    world = _world(found, rules=rules, at=at)
    hidden = _unreadable(found.people, actor)
    names: dict[Node, Named] = {}
    for pk, one in found.people.items():
        what = "child" if pk in world.children else "adult" if pk in world.adults else "person"
        words = f"{one.given_name} {one.family_name}".strip() or f"Somebody without a name, person {pk}"
        names[Node(PERSON, pk)] = Named("Somebody you may not see", "person", hidden=True) if pk in hidden else Named(words, what)
    names.update({Node(THING, pk): Named(one.words, world.objects[pk]) for pk, one in found.things.items()})
    return Network(world, names, found.capped)


def _world(found: Found, *, rules: Rules, at: datetime) -> World:
    roles: dict[int, set[str]] = defaultdict(set)
    for one in found.presences:
        if one.node.kind == PERSON:
            roles[one.node.id].add(one.role)
    today = local_date(at)
    children = {pk for pk, one in found.people.items() if _is_child(one.birth_date, roles[pk], rules, today)}
    adults = {pk for pk, one in found.people.items() if pk not in children and _is_adult(one.birth_date, roles[pk], today)}
    return World(
        presences=found.presences,
        children=frozenset(children),
        adults=frozenset(adults),
        objects={pk: _what(one, rules) for pk, one in found.things.items()},
        kinds={pk: one.kind for pk, one in found.things.items()},
        homes={pk: one.postcode for pk, one in found.people.items() if one.postcode},
        places={pk: _postcode_of(one) for pk, one in found.things.items() if one.kind == "place"},
    )


def _is_child(born: date | None, roles: set[str], rules: Rules, today: date) -> bool:
    """Under 18 now; where no birth date is known, whoever was recorded as a child who may be harmed."""
    if born is not None:
        return born <= today and years_old(born, today) < ADULT
    return bool(roles & rules.as_child)


def _is_adult(born: date | None, roles: set[str], today: date) -> bool:
    """Eighteen or older; where no birth date is known, whoever was recorded as a suspect or the like."""
    return years_old(born, today) >= ADULT if born is not None and born <= today else bool(roles & SUSPECTED)


def _what(one: Something, rules: Rules) -> str:
    """What an object is, as somebody last said, or by its words."""
    return one.said or rules.object_of(one.kind, one.words)


def _postcode_of(place: Something) -> str:
    return postcode(" ".join(key_of(kind=place.kind, value=place.words).split()[-2:]))


def _is_passed(node: Node, found: Found, rules: Rules) -> bool:
    """Whether everybody passes through it, so that nobody is linked by it."""
    return node.kind == THING and _what(found.things[node.id], rules) in rules.discounted


def _cut(actor: Actor, at: datetime) -> tuple[Q, Mapping[str, P]] | None:
    """The condition on matters and, by kind of engagement, the permission that cut what this reader sees; None where nothing does."""
    reach, readers = in_reach(actor=actor, permission=P.MATTERS_READ), _readers(local_date(at))
    sees_all = not reach and all(actor.reaches_all(reader, "") for reader in {*readers.values(), P.ENGAGEMENTS_READ})
    return None if sees_all else (reach, readers)


def _visible(found: Found, cut: tuple[Q, Mapping[str, P]] | None, actor: Actor) -> Found:
    """What was in the events that the reader may read: matters within reach, and engagements of the kinds and districts they may.

    Whoever reads the whole force asks nothing of the database.
    """
    if cut is None:
        return found
    reach, readers = cut
    kinds = {one.event: one.kind for one in found.presences}
    matters = {event for event in kinds if event.startswith(presences.MATTER)}
    if matters and reach:
        asked = Matter.objects.filter(reach, pk__in=[int(event[2:]) for event in matters])
        matters = {f"{presences.MATTER}-{pk}" for pk in asked.values_list("pk", flat=True)}
    engagements = {
        event
        for event, kind in kinds.items()
        if event.startswith(presences.ENGAGEMENT)
        and actor.may(readers.get(kind, P.ENGAGEMENTS_READ), MatterPlace(found.districts[event], "", is_open=False))
    }
    return found.within(matters | engagements)


@lru_cache(maxsize=16)
def _readers(on: date) -> Mapping[str, P]:
    """What one must be permitted to read each kind of engagement, on a day."""
    return {code: kind.reader for code, kind in _kinds(on).items()}


@lru_cache(maxsize=16)
def _kinds(on: date) -> Mapping[str, Kind]:
    """The kinds of engagement that are known on a day."""
    return kinds_from(playbook("ENGAGEMENT-KINDS").in_force(on).values)


def _unreadable(people: Mapping[int, object], actor: Actor) -> set[int]:
    """Who may not be named to this reader. Somebody who reads every child of the force asks nothing of the database."""
    if actor.reaches_all(P.PEOPLE_READ, ""):
        return set()
    return {row.pk for row in Person.objects.filter(pk__in=people) if not actor.may(P.PEOPLE_READ, place_of(row))}


def record_soon(node: Node) -> Callable[[], Person | Thing | None]:
    """Who or what a node is; asked for with what is asked next."""
    return kept.row_soon(Person if node.kind == PERSON else Thing, node.id)


def thing(*, pk: int) -> Thing | None:
    """One place, phone, vehicle or handle."""
    return kept.row(Thing, pk)


class Fact(NamedTuple):
    """One event of a network as the list beneath the picture says it, with the record that it is."""

    event: str
    record: str  # matter, engagement
    number: int
    at: datetime
    what: str
    there: tuple[tuple[Node, str, datetime | None], ...]  # who and what was in it, in which role, and when noted if later
    source: str
    grading: str
    weak: bool
    unreviewed: bool


def facts(network: Network, *, rules: Rules, at: datetime) -> tuple[Fact, ...]:
    """Every event of a network, newest first: the same that the picture draws."""
    titles = {code: kind.title for code, kind in _kinds(local_date(at)).items()}
    found = [_fact(event, network.world, titles, rules) for event in network.world.by_event]
    return tuple(sorted(found, key=lambda one: (one.at, one.event), reverse=True))


def _fact(event: str, world: World, titles: Mapping[str, str], rules: Rules) -> Fact:
    ones, when = world.by_event[event], world.when(event)
    is_matter = event.startswith("M-")
    kind = ones[0].kind
    return Fact(
        event=event,
        record="matter" if is_matter else "engagement",
        number=int(event[2:]),
        at=when,
        what=f"{DESKS[kind].title}, {event}" if is_matter and kind in DESKS else titles.get(kind, kind.replace("_", " ").capitalize()),
        there=tuple(dict.fromkeys([(one.node, _role(one), one.at if one.at != when else None) for one in ones])),
        source=", ".join(sorted({one.source for one in ones if one.source})) or "Lodestar",
        grading=", ".join(sorted({one.grading for one in ones if one.grading})),
        weak=all(rules.is_weak(one) for one in ones),
        unreviewed=any(one.unreviewed for one in ones),
    )


def _role(one: Presence) -> str:
    if one.node.kind == THING or one.role in ("about", ""):
        return "whom it is about" if one.role == "about" else ""
    return _role_in_words(one.role)


@lru_cache(maxsize=256)
def _role_in_words(role: str) -> str:
    return ROLES.get(role, role.replace("_", " ")).lower()


def missing_since(people: Collection[int], *, since: datetime) -> frozenset[int]:
    """Those of these people who were reported missing since an instant."""
    gone = Matter.objects.filter(kind="missing", person__in=people, reported_at__gte=since).exclude(state="opened_in_error")
    return frozenset(gone.values_list("person_id", flat=True))
