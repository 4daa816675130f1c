"""What a network is made of: somebody or something was in an event, as one record of one source states it.

A link is never stored: two are linked because both were in one event, or because both were in events with one phone, place or
vehicle. So the number of records says nothing, and every link opens to the record that it rests on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from lodestar.core.playbook import Playbook

Span = tuple[datetime, datetime]
YEAR = timedelta(days=365)

PERSON, THING = "person", "thing"
# What an object may be. Those that a rule names are discounted: everybody passes through them.
OBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "home": "Home",
        "care_placement": "Care placement",
        "school": "School",
        "hospital": "Hospital",
        "police_station": "Police station",
        "hotel": "Hotel",
        "takeaway": "Takeaway",
        "other_place": "Another place",
        "phone": "Phone",
        "vehicle": "Vehicle",
        "handle": "Handle, or account name",
    }
)
TYPES: Mapping[str, str] = MappingProxyType(
    {
        "together": "being named together",
        "phone": "a phone",
        "place": "a place",
        "vehicle": "a vehicle",
        "handle": "a handle",
        "adult": "an adult",
    }
)


class Node(NamedTuple):
    """Somebody or something by its number."""

    kind: str  # PERSON or THING
    id: int


class Presence(NamedTuple):
    """One record that says that somebody or something was in an event."""

    event: str  # "M-12" for a matter, "E-7" for an engagement: records of one event are one event
    node: Node
    at: datetime
    role: str = ""
    source: str = ""  # who said so: two records of one source are one source
    kind: str = ""  # the event's: missing, exploitation, hospital, stop_search
    nature: str = "fact"
    grading: str = ""
    record: tuple[str, int] = ("", 0)  # the kind and number of the row it stands on
    unreviewed: bool = False  # who it is rests on a join of records that nobody has looked at


@dataclass(frozen=True, slots=True)
class Rules:
    """The thresholds in force. Each is a dated value of a playbook (playbooks/networks)."""

    windows: tuple[int, ...]  # days
    adult: Mapping[str, int]  # children, events, sources, days
    thing: Mapping[str, int]  # children, sources, days
    group: Mapping[str, int]  # children, types, sources, new_days, together_days, crowd
    missed: Mapping[str, Any]  # children, days, grace_hours; and the duties, by whose they are
    weak_kinds: frozenset[str]
    weak_gradings: frozenset[str]
    not_linking: frozenset[str]  # roles of family and professionals
    as_child: frozenset[str]  # roles of those who may have been harmed
    discounted: frozenset[str]  # kinds of object
    object_words: Mapping[str, tuple[str, ...]]
    reviewed: frozenset[str]  # rules whose joins need no look of a person
    kept: timedelta
    weak_kept: timedelta
    worth: Mapping[str, Any]

    def spans(self, at: datetime) -> dict[int, tuple[Span, Span]]:
        """Each window in days, until an instant and until the same instant a year before."""
        before = at - YEAR
        lengths = {days: timedelta(days=days) for days in self.windows}
        return {days: ((at - length, at), (before - length, before)) for days, length in lengths.items()}

    def is_weak(self, presence: Presence) -> bool:
        """True where the record alone makes no link: a stop and search, or intelligence of low grade."""
        return presence.kind in self.weak_kinds or presence.grading in self.weak_gradings

    def has_expired(self, presence: Presence, at: datetime) -> bool:
        """True once a link is no longer kept for this purpose; the record it rests on stays where it is."""
        return presence.at < at - (self.weak_kept if self.is_weak(presence) else self.kept)

    def object_of(self, kind: str, words: str) -> str:
        """What a thing is by its own words, where nobody has said it: the first list that holds one of them."""
        if kind != "place":
            return kind
        text = f" {words.casefold()} "
        return next((name for name, told in self.object_words.items() if any(f" {word}" in text for word in told)), "other_place")


def rules(playbook: Playbook, *, on: date) -> Rules:
    """The rules of one day."""
    values = playbook.in_force(on).values
    return Rules(
        windows=tuple(values["windows"]),
        adult=values["adult"],
        thing=values["thing"],
        group=values["group"],
        missed=values["missed"],
        weak_kinds=frozenset(values["weak_kinds"]),
        weak_gradings=frozenset(values["weak_gradings"]),
        not_linking=frozenset(values["not_linking"]),
        as_child=frozenset(values["as_child"]),
        discounted=frozenset(values["discounted"]),
        object_words={name: tuple(words) for name, words in values["object_words"].items()},
        reviewed=frozenset(values["reviewed"]),
        kept=timedelta(days=values["kept_days"]),
        weak_kept=timedelta(days=values["weak_kept_days"]),
        worth=values["worth"],
    )


@dataclass(frozen=True)
class World:
    """Everything that is looked at, as known at one instant. Ethnicity is not among it, and nothing here could hold it."""

    presences: tuple[Presence, ...]
    children: frozenset[int] = frozenset()
    adults: frozenset[int] = frozenset()
    objects: Mapping[int, str] = field(default_factory=dict)  # thing to what it is
    kinds: Mapping[int, str] = field(default_factory=dict)  # thing to phone, place, vehicle, handle
    episodes: Mapping[int, tuple[datetime, ...]] = field(default_factory=dict)  # child to when they were reported missing
    homes: Mapping[int, str] = field(default_factory=dict)  # person to postcode
    places: Mapping[int, str] = field(default_factory=dict)  # place to the postcode in its words

    @cached_property
    def by_event(self) -> Mapping[str, tuple[Presence, ...]]:
        """Who and what was in each event."""
        return _grouped([(one.event, one) for one in self.presences])

    @cached_property
    def by_node(self) -> Mapping[Node, tuple[Presence, ...]]:
        """The events of each node."""
        return _grouped([(one.node, one) for one in self.presences])

    def when(self, event: str) -> datetime:
        """When an event was: reported, or happened. What was noted of it at another time keeps its own date."""
        ones = self.by_event[event]
        own = (one.at for one in ones if one.node.kind == PERSON and one.record[0] in ("matter", "engagement"))
        return next(own, None) or min(one.at for one in ones)

    def at_home(self, one: int, other: int) -> bool:
        """Rule HOUSEHOLD: two people with one postcode are not linked by being named together."""
        home = self.homes.get(one, "")
        return home != "" and home == self.homes.get(other, "")

    def is_home(self, person: int, thing: int) -> bool:
        """Rule HOUSEHOLD: nobody is linked to others by the place where they live themselves."""
        place = self.places.get(thing, "")
        return place != "" and place == self.homes.get(person, "")

    def exposure(self, person: int) -> Mapping[str, int]:
        """How many events somebody was in at all, by kind: whoever is met often is counted often."""
        found: dict[str, set[str]] = defaultdict(set)
        for one in self.by_node.get(Node(PERSON, person), ()):
            found[one.kind].add(one.event)
        return {kind: len(events) for kind, events in sorted(found.items())}


def _grouped(pairs: Iterable[tuple[Any, Presence]]) -> Mapping[Any, tuple[Presence, ...]]:
    found: dict[Any, list[Presence]] = defaultdict(list)
    for key, one in pairs:
        found[key].append(one)
    return {key: tuple(ones) for key, ones in found.items()}
