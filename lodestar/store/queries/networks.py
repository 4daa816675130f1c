"""Whom and what somebody is linked to, two steps out, as the reader may see it; and the whole force for the night's look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from django.db.models import OuterRef, Subquery

from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor, MatterPlace, Reach
from lodestar.core.engagements.kinds import kinds_from
from lodestar.core.matters.kinds import DESKS
from lodestar.core.networks.facts import PERSON, THING, Node, Presence, Rules, World
from lodestar.core.networks.facts import rules as rules_from
from lodestar.core.times import age_on, local_date
from lodestar.store.models import Engagement, Matter, Person, Thing, ThingKind
from lodestar.store.playbooks import playbook
from lodestar.store.queries.access import in_reach, place_of
from lodestar.store.queries.presences import Events, all_presences, events_of, presences_of

BOOK = "NETWORKS"
ADULT = 18
MOST_EVENTS = 150  # of one step; the page says when there are more
MOST_PRESENCES = 600
MOST_NODES = 60  # asked for their own events at the second step
SUSPECTED = frozenset({"suspect", "adult_of_concern", "exploiter", "driver"})


def rules(*, at: datetime) -> Rules:
    """The rules in force."""
    return rules_from(playbook(BOOK), on=at)


@dataclass(frozen=True, slots=True)
class Named:
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
    titles: Mapping[str, str] = field(default_factory=dict)  # an event to its words


def network(*, centre: Collection[Node], at: datetime, rules: Rules, actor: Actor, steps: int = 2) -> Network:
    """Two steps from the centre: the events of it, who and what was in them, and their events. A bounded number of queries."""
    since = at - rules.kept
    events = events_of(centre, since=since, most=MOST_EVENTS)
    events = _visible(events, actor, at)
    found, more = presences_of(events, rules=rules, at=at, most=MOST_PRESENCES)
    capped = events.capped or more
    held: dict[int, Object] = {}
    if steps > 1 and found:
        held = _objects(found, rules)
        ring = [one for one in dict.fromkeys(one.node for one in found) if one not in centre]
        ring = [one for one in ring if one.kind == PERSON or one.id not in held or held[one.id].what not in rules.discounted]
        further = events_of(ring[:MOST_NODES], since=since, most=MOST_EVENTS)
        new = Events(
            tuple(set(further.matters) - set(events.matters)), tuple(set(further.engagements) - set(events.engagements)), further.capped
        )
        new = _visible(new, actor, at)
        second, more = presences_of(new, rules=rules, at=at, most=MOST_PRESENCES)
        found, capped = (*found, *second), capped or further.capped or more or len(ring) > MOST_NODES
    return _shown(found, rules=rules, at=at, actor=actor, objects=_objects(found, rules, held), capped=capped)


def of_events(*, events: Iterable[str], at: datetime, rules: Rules, actor: Actor) -> Network:
    """The world of these events alone, as the reader may see it: what a lead rests on."""
    wanted = [one.split("-") for one in events]
    asked = Events(
        tuple(int(number) for kind, number in wanted if kind == "M"),
        tuple(int(number) for kind, number in wanted if kind == "E"),
        capped=False,
    )
    found, more = presences_of(_visible(asked, actor, at), rules=rules, at=at, most=MOST_PRESENCES)
    return _shown(found, rules=rules, at=at, actor=actor, objects=_objects(found, rules), capped=more)


def whole(*, at: datetime, rules: Rules) -> World:
    """Everything, for the night's look; nobody reads it."""
    found = all_presences(rules=rules, at=at)
    people = _people({one.node.id for one in found if one.node.kind == PERSON})
    return _world(found, people, _objects(found, rules), rules=rules, at=at)


def _shown(
    found: tuple[Presence, ...], *, rules: Rules, at: datetime, actor: Actor, objects: Mapping[int, Object], capped: bool
) -> Network:
    people = _people({one.node.id for one in found if one.node.kind == PERSON})
    world = _world(found, people, objects, rules=rules, at=at)
    hidden = _unreadable(people, actor)
    names: dict[Node, Named] = {}
    for pk, (given, family, *_rest) in people.items():
        what = "child" if pk in world.children else "adult" if pk in world.adults else "person"
        words = f"{given} {family}".strip() or f"Somebody without a name, person {pk}"
        names[Node(PERSON, pk)] = Named("Somebody you may not see", "person", hidden=True) if pk in hidden else Named(words, what)
    names.update({Node(THING, pk): Named(one.words, one.what) for pk, one in objects.items()})
    return Network(world, names, capped)


def _people(ids: Collection[int]) -> dict[int, tuple[str, str, date | None, str]]:
    fields = ("given_name", "family_name", "birth_date", "postcode")
    return {pk: tuple(rest) for pk, *rest in Person.objects.filter(pk__in=ids).values_list("pk", *fields)}  # type: ignore[misc]


def _world(
    found: tuple[Presence, ...],
    people: Mapping[int, tuple[str, str, date | None, str]],
    objects: Mapping[int, Object],
    *,
    rules: Rules,
    at: datetime,
) -> World:
    roles: dict[int, set[str]] = defaultdict(set)
    for one in found:
        if one.node.kind == PERSON:
            roles[one.node.id].add(one.role)
    children = {pk for pk, row in people.items() if _is_child(row[2], roles[pk], rules, at)}
    adults = {pk for pk, row in people.items() if pk not in children and _is_adult(row[2], roles[pk], at)}
    episodes: dict[int, list[datetime]] = defaultdict(list)
    gone = Matter.objects.filter(kind="missing", person__in=children, reported_at__lte=at).exclude(state="opened_in_error")
    for child, reported in gone.values_list("person_id", "reported_at"):
        episodes[child].append(reported)
    return World(
        presences=found,
        children=frozenset(children),
        adults=frozenset(adults),
        objects={pk: one.what for pk, one in objects.items()},
        kinds={pk: one.kind for pk, one in objects.items()},
        episodes={child: tuple(sorted(times)) for child, times in episodes.items()},
        homes={pk: row[3] for pk, row in people.items() if row[3]},
    )


def _is_child(born: date | None, roles: Collection[str], rules: Rules, at: datetime) -> bool:
    """Under 18 now; where no birth date is known, whoever was recorded as a child who may be harmed."""
    if born is not None:
        return born <= local_date(at) and age_on(born, at) < ADULT
    return bool(set(roles) & rules.as_child)


def _is_adult(born: date | None, roles: Collection[str], at: datetime) -> bool:
    """Eighteen or older; where no birth date is known, whoever was recorded as a suspect or the like."""
    return age_on(born, at) >= ADULT if born is not None and born <= local_date(at) else bool(set(roles) & SUSPECTED)


@dataclass(frozen=True, slots=True)
class Object:
    """One place, phone, vehicle or handle: its kind, its words, and what it is, as somebody last said or by its words."""

    kind: str
    words: str
    what: str


def _objects(found: Iterable[Presence], rules: Rules, held: Mapping[int, Object] | None = None) -> dict[int, Object]:
    """The objects of some presences beside those that are held already; one query where there are others."""
    known = dict(held or {})
    ids = {one.node.id for one in found if one.node.kind == THING} - known.keys()
    if ids:
        said = ThingKind.objects.filter(thing=OuterRef("pk")).order_by("-pk").values("kind")[:1]
        rows = Thing.objects.filter(pk__in=ids).annotate(said=Subquery(said)).values_list("pk", "kind", "value", "said")
        known |= {pk: Object(kind, words, told or rules.object_of(kind, words)) for pk, kind, words, told in rows}
    return known


def _visible(events: Events, actor: Actor, at: datetime) -> Events:
    """The events that the reader may read: matters within reach, and engagements of the kinds and districts they may.

    Whoever reads the whole force asks nothing of the database.
    """
    reach = in_reach(actor=actor, permission=P.MATTERS_READ)
    matters = set(events.matters)
    if matters and reach:
        matters = set(Matter.objects.filter(reach, pk__in=matters).values_list("pk", flat=True))
    engagements = set(events.engagements)
    readers = _readers(local_date(at))
    if engagements and not all(_whole_force(actor, reader) for reader in {*readers.values(), P.ENGAGEMENTS_READ}):
        rows = Engagement.objects.filter(pk__in=engagements).values_list("pk", "kind", "district")
        engagements = {
            pk for pk, kind, place in rows if actor.may(readers.get(kind, P.ENGAGEMENTS_READ), MatterPlace(place, "", is_open=False))
        }
    return Events(
        tuple(one for one in events.matters if one in matters),
        tuple(one for one in events.engagements if one in engagements),
        events.capped,
    )


@lru_cache(maxsize=16)
def _readers(on: date) -> Mapping[str, P]:
    """What one must be permitted to read each kind of engagement, on a day."""
    return {code: kind.reader for code, kind in kinds_from(playbook("ENGAGEMENT-KINDS").in_force(on).values).items()}


def _whole_force(actor: Actor, permission: str) -> bool:
    """Whether one grant holds the permission over every child of the force."""
    return any(grant.reach == Reach.FORCE and (grant.kinds is None or "" in grant.kinds) for grant in actor.grants_with(permission))


def _unreadable(people: Mapping[int, object], actor: Actor) -> set[int]:
    """Who may not be named to this reader. Somebody who reads every child of the force asks nothing of the database."""
    if _whole_force(actor, P.PEOPLE_READ):
        return set()
    return {row.pk for row in Person.objects.filter(pk__in=people) if not actor.may(P.PEOPLE_READ, place_of(row))}


def person_named(*, pk: int) -> str:
    """Somebody's name, for whoever may see it."""
    row = Person.objects.filter(pk=pk).first()
    return f"{row.given_name} {row.family_name}".strip() if row is not None else ""


def thing(*, pk: int) -> Thing | None:
    """One place, phone, vehicle or handle."""
    return Thing.objects.filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class Fact:
    """One event of a network as the list beneath the picture says it, with the record that it is."""

    event: str
    record: str  # matter, engagement
    number: int
    at: datetime
    what: str
    there: tuple[tuple[Node, str], ...]  # who and what was in it, and in which role
    source: str
    grading: str
    weak: bool
    unreviewed: bool


def facts(network: Network, *, rules: Rules, at: datetime) -> tuple[Fact, ...]:
    """Every event of a network, newest first: the same that the picture draws."""
    titles = {code: kind.title for code, kind in kinds_from(playbook("ENGAGEMENT-KINDS").in_force(at).values).items()}
    found = [_fact(event, ones, titles, rules) for event, ones in network.world.by_event.items()]
    return tuple(sorted(found, key=lambda one: (one.at, one.event), reverse=True))


def _fact(event: str, ones: tuple[Presence, ...], titles: Mapping[str, str], rules: Rules) -> Fact:
    is_matter = event.startswith("M-")
    roles = {role: words for kind in DESKS.values() for role, words in kind.roles.items()}
    kind = ones[0].kind
    return Fact(
        event=event,
        record="matter" if is_matter else "engagement",
        number=int(event[2:]),
        at=max(one.at for one in ones),
        what=f"{DESKS[kind].title}, {event}" if is_matter and kind in DESKS else titles.get(kind, kind.replace("_", " ").capitalize()),
        there=tuple(dict.fromkeys((one.node, _role(one, roles)) for one in ones)),
        source=", ".join(sorted({one.source for one in ones if one.source})) or "Lodestar",
        grading=", ".join(sorted({one.grading for one in ones if one.grading})),
        weak=all(rules.is_weak(one) for one in ones),
        unreviewed=any(one.unreviewed for one in ones),
    )


def _role(one: Presence, roles: Mapping[str, str]) -> str:
    if one.node.kind == THING or one.role in ("about", ""):
        return "whom it is about" if one.role == "about" else ""
    return roles.get(one.role, one.role.replace("_", " ")).lower()


def missing_since(people: Collection[int], *, since: datetime) -> frozenset[int]:
    """Those of these people who were reported missing since an instant."""
    gone = Matter.objects.filter(kind="missing", person__in=people, reported_at__gte=since).exclude(state="opened_in_error")
    return frozenset(gone.values_list("person_id", flat=True))
