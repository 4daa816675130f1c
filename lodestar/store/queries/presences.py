"""Who and what was in which event, read from the records themselves: matters, roles, mentions, engagements and sightings.

One question a step, whatever the size of the database: the newest events of some nodes, and everybody and everything in them
with their names, each by index and with a limit. It is written as SQL because the way there and back, and putting the same
unions into words, took longer than answering. No column of ethnicity, faith or origin is read here, and a test says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from lodestar.core.networks.facts import PERSON, THING, Node, Presence, Rules
from lodestar.store.queries.kept import LARGEST
from lodestar.store.queries.linking_rows import LAST_LINK
from lodestar.store.queries.plain_sql import among, ask, ask_planned, instant, listed, put_planned, read_instant

MATTER, ENGAGEMENT = "M", "E"
# What somebody last said that a thing is.
SAID = """
    LEFT JOIN store_thingkind k ON k.thing_id = t.id
        AND NOT EXISTS (SELECT 1 FROM store_thingkind newer WHERE newer.thing_id = t.id AND newer.id > k.id)"""

NEWEST = """
    WITH near AS (
        SELECT 'M' AS kind, id AS number, reported_at AS at FROM store_matter
            WHERE person_id {among} AND state <> 'opened_in_error' AND reported_at >= %s
        UNION ALL
        SELECT 'M', matter_id, from_at FROM store_involvement WHERE person_id {among} AND until_at IS NULL AND from_at >= %s
        UNION ALL
        SELECT 'E', engagement_id, happened_at FROM store_presence WHERE person_id {among} AND happened_at >= %s
        UNION ALL
        SELECT 'M', matter_id, at FROM store_mention WHERE thing_id {among} AND at >= %s
        UNION ALL
        SELECT 'E', engagement_id, at FROM store_sighting WHERE thing_id {among} AND at >= %s
    ),
    events AS (
        SELECT kind, number, ROW_NUMBER() OVER (ORDER BY MAX(at) DESC, kind, number) AS place FROM near
        WHERE NOT (kind = 'M' AND number {among}) AND NOT (kind = 'E' AND number {among})
        GROUP BY kind, number ORDER BY place LIMIT {most}
    )"""
THESE = """
    WITH events AS (
        SELECT 'M' AS kind, id AS number, 0 AS place FROM store_matter WHERE id {among}
        UNION ALL
        SELECT 'E', id, 0 FROM store_engagement WHERE id {among}
    )"""
ALL = """
    WITH events AS (
        SELECT 'M' AS kind, id AS number, 0 AS place FROM store_matter WHERE reported_at >= %s
        UNION ALL
        SELECT 'E', id, 0 FROM store_engagement WHERE happened_at >= %s
    )"""
# Instants as text, which both databases write and ``read_instant`` reads in a thirtieth of what the library takes for its own. Whatever
# is joined to all is joined once: to begin a question takes as long as to answer a short one, and the longer the more it is made of.
IN_EVENTS = f""",
    happened AS MATERIALIZED (
        SELECT e.id, e.source, e.grading, e.happened_at, e.kind, e.district, v.place
        FROM events v JOIN store_engagement e ON e.id = v.number WHERE v.kind = 'E'
    ),
    matters AS MATERIALIZED (
        SELECT m.id, m.kind, m.person_id, m.reported_at, v.place
        FROM events v JOIN store_matter m ON m.id = v.number WHERE v.kind = 'M' AND m.state <> 'opened_in_error'
    ),
    involved AS (
        SELECT m.id, m.kind, m.place, m.person_id, 'about' AS role, 'fact' AS nature, '' AS source, '' AS grading, m.reported_at AS at,
            'matter' AS record, m.id AS record_id, r.report_id
            FROM matters m LEFT JOIN store_matterreport r ON r.matter_id = m.id AND r.how = 'opened'
        UNION ALL
        SELECT m.id, m.kind, m.place, i.person_id, i.role, i.nature, i.source, i.grading, i.from_at, 'involvement', i.id, i.report_id
            FROM matters m JOIN store_involvement i ON i.matter_id = m.id AND i.until_at IS NULL
    ),
    somebody AS (
        SELECT 'M' AS event, i.id, i.person_id, i.role, i.nature, i.source, i.grading, i.at, i.kind, '' AS district, i.record, i.record_id,
            l.how, l.rule, i.report_id, i.place
            FROM involved i LEFT JOIN store_link l ON l.report_id = i.report_id AND {LAST_LINK}
        UNION ALL
        SELECT 'E', e.id, l.person_id, l.role, l.nature, e.source, l.grading, e.happened_at, e.kind, e.district, 'engagement', e.id,
            l.how, l.rule, l.report_id, e.place
            FROM happened e JOIN store_presence l ON l.engagement_id = e.id
    ),
    something AS (
        SELECT 'M' AS event, m.id, n.thing_id, n.nature, n.source, n.grading, n.at, m.kind, '' AS district, 'mention' AS record,
            n.id AS record_id, m.place
            FROM matters m JOIN store_mention n ON n.matter_id = m.id
        UNION ALL
        SELECT 'E', e.id, n.thing_id, n.nature, e.source, COALESCE(NULLIF(n.grading, ''), e.grading), n.at, e.kind, e.district,
            'engagement', e.id, e.place
            FROM happened e JOIN store_sighting n ON n.engagement_id = e.id
    )
    SELECT w.event, w.id, 'person', w.person_id, w.role, w.nature, w.source, w.grading, CAST(w.at AS text), w.kind, w.district,
        w.record, w.record_id, COALESCE(w.how, ''), COALESCE(w.rule, ''), CASE WHEN q.id IS NULL THEN 0 ELSE 1 END,
        p.given_name, p.family_name, p.postcode, p.birth_date, w.place AS place
        FROM somebody w JOIN store_person p ON p.id = w.person_id
        LEFT JOIN store_linkquestion q ON q.report_id = w.report_id AND q.state = 'waiting'
    UNION ALL
    SELECT w.event, w.id, 'thing', w.thing_id, '', w.nature, w.source, w.grading, CAST(w.at AS text), w.kind, w.district,
        w.record, w.record_id, '', '', 0, t.kind, t.value, k.kind, NULL, w.place
        FROM something w JOIN store_thing t ON t.id = w.thing_id {SAID}
    ORDER BY place"""


class Somebody(NamedTuple):
    """A person as a network needs them."""

    given_name: str
    family_name: str
    postcode: str
    birth_date: date | None


class Something(NamedTuple):
    """A place, phone, vehicle or handle: its kind, its words, and what somebody last said that it is."""

    kind: str
    words: str
    said: str


@dataclass(frozen=True, slots=True)
class Found:
    """Everybody and everything in some events, the newest events first; with who and what they are."""

    presences: tuple[Presence, ...] = ()
    people: Mapping[int, Somebody] = field(default_factory=dict)
    things: Mapping[int, Something] = field(default_factory=dict)
    districts: Mapping[str, str] = field(default_factory=dict)  # an engagement to where it was
    capped: bool = False  # there is more than is read

    def within(self, events: Collection[str]) -> Found:
        """Only what was in these events, with nobody who was in none of them."""
        left = tuple(one for one in self.presences if one.event in events)
        nodes = {one.node for one in left}
        return Found(
            left,
            {pk: one for pk, one in self.people.items() if Node(PERSON, pk) in nodes},
            {pk: one for pk, one in self.things.items() if Node(THING, pk) in nodes},
            self.districts,
            self.capped,
        )

    def beside(self, other: Found) -> Found:
        """Both."""
        return Found(
            (*self.presences, *other.presences),
            {**self.people, **other.people},
            {**self.things, **other.things},
            {**self.districts, **other.districts},
            self.capped or other.capped,
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """How far one question reads."""

    events: int
    presences: int


def around(nodes: Collection[Node], *, known: Collection[str] = (), rules: Rules, at: datetime, limits: Limits) -> Callable[[], Found]:
    """Everybody and everything in the newest events of some nodes, but for events that are known, and for what has expired; one query.

    It may go with the next thing asked.
    """
    people, things = (listed([one.id for one in nodes if one.kind == kind and one.id <= LARGEST]) for kind in (PERSON, THING))
    since = instant(at - rules.kept)
    words = _words_around(among(), limits)
    values = [people, since, people, since, people, since, things, since, things, since, *numbers(known)]
    asked = put_planned(f"networks_around_{limits.events}", words, values)

    def found() -> Found:
        rows = asked.rows()
        more = len(rows) > limits.presences or (bool(rows) and rows[-1][-1] > limits.events)
        return _found((row for row in rows[: limits.presences] if row[-1] <= limits.events), rules=rules, at=at, capped=more)

    return found


@lru_cache(maxsize=8)
def _words_around(among: str, limits: Limits) -> str:
    return NEWEST.format(among=among, most=limits.events + 1) + IN_EVENTS + f" LIMIT {limits.presences + 1}"


def of_events(events: Collection[str], *, rules: Rules, at: datetime, most: int) -> Found:
    """Everybody and everything in these events, what has expired left out; one query."""
    rows = ask_planned("networks_of_events", THESE.format(among=among()) + IN_EVENTS + f" LIMIT {most + 1}", numbers(events))
    return _found(rows[:most], rules=rules, at=at, capped=len(rows) > most)


def all_presences(*, rules: Rules, at: datetime) -> Found:
    """Everything that has not expired, for the night's look over the whole force; one query."""
    since = instant(at - rules.kept)
    return _found(ask(ALL + IN_EVENTS, [since, since]), rules=rules, at=at, capped=False)


def numbers(events: Collection[str]) -> tuple[Any, Any]:
    """The matters and the engagements among some events, as lists for a question."""
    return tuple(listed([int(one[2:]) for one in events if one.startswith(kind)]) for kind in (MATTER, ENGAGEMENT))  # type: ignore[return-value]


def _found(rows: Iterable[Sequence[Any]], *, rules: Rules, at: datetime, capped: bool) -> Found:
    presences: list[Presence] = []
    people: dict[int, Somebody] = {}
    things: dict[int, Something] = {}
    districts: dict[str, str] = {}
    for row in rows:
        one = _presence(row, rules)
        if one.at > at or rules.has_expired(one, at):
            continue
        presences.append(one)
        kind, pk = one.node
        if kind == THING:
            if pk not in things:
                things[pk] = Something(row[16], row[17], row[18] or "")
        elif pk not in people:
            people[pk] = Somebody(row[16], row[17], row[18], _day(row[19]))
        districts[one.event] = row[10]
    return Found(tuple(presences), people, things, districts, capped)


def _presence(row: Sequence[Any], rules: Rules) -> Presence:
    event, number, kind, node, role, nature, source, grading, at, of_kind, _, record, record_id, how, rule, waiting, *_rest = row
    unreviewed = bool(waiting) or (how == "rule" and rule not in rules.reviewed)
    return Presence(
        f"{event}-{number}",
        Node(kind, node),
        read_instant(at),
        role,
        source,
        of_kind,
        nature,
        grading,
        (record, record_id),
        unreviewed,
    )


def _day(born: Any) -> date | None:
    """A birth date as the database gives it: SQLite gives text."""
    return date.fromisoformat(born) if isinstance(born, str) else born
