"""Who and what was in which event, read from the records themselves: matters, roles, mentions, engagements and sightings.

Four questions whatever the size of the database: the events of some nodes and the presences of some events, each by index and
each with a limit. They are written as SQL because putting the same unions into words took longer than answering them.
No column of ethnicity, faith or origin is read here, and a test says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from lodestar.core.networks.facts import PERSON, Node, Presence, Rules
from lodestar.store.queries.linking_rows import LAST_LINK
from lodestar.store.queries.plain_sql import ask, marks

MATTER, ENGAGEMENT = "M", "E"
# How somebody came to be who they are: by hand or by rule, by which rule, and whether a question about it waits.
JOINED = f"""
    LEFT JOIN store_link l ON l.report_id = {{report}} AND {LAST_LINK}
    LEFT JOIN store_linkquestion q ON q.report_id = {{report}} AND q.state = 'waiting'"""
HOW = "COALESCE(l.how, ''), COALESCE(l.rule, ''), CASE WHEN q.id IS NULL THEN 0 ELSE 1 END"

EVENTS_OF_PEOPLE = f"""
    SELECT 'M', id, reported_at FROM store_matter WHERE person_id IN ({{ids}}) AND state <> 'opened_in_error' AND reported_at >= %s
    UNION ALL
    SELECT 'M', matter_id, from_at FROM store_involvement WHERE person_id IN ({{ids}}) AND until_at IS NULL AND from_at >= %s
    UNION ALL
    SELECT 'E', e.id, e.happened_at FROM store_link l JOIN store_engagementperson s ON s.report_id = l.report_id
        JOIN store_engagement e ON e.id = s.engagement_id
        WHERE l.person_id IN ({{ids}}) AND l.joined AND {LAST_LINK} AND e.happened_at >= %s"""
EVENTS_OF_THINGS = """
    SELECT 'M', matter_id, at FROM store_mention WHERE thing_id IN ({ids}) AND at >= %s
    UNION ALL
    SELECT 'E', engagement_id, at FROM store_sighting WHERE thing_id IN ({ids}) AND at >= %s"""

OF_MATTERS = f"""
    SELECT 'M', m.id, 'person', m.person_id, 'about', 'fact', '', '', m.reported_at, m.kind, 'matter', m.id, {HOW}
        FROM store_matter m LEFT JOIN store_matterreport r ON r.matter_id = m.id AND r.how = 'opened'
        {JOINED.format(report="r.report_id")}
        WHERE m.state <> 'opened_in_error' AND {{matter}}
    UNION ALL
    SELECT 'M', m.id, 'person', i.person_id, i.role, i.nature, i.source, i.grading, i.from_at, m.kind, 'involvement', i.id, {HOW}
        FROM store_involvement i JOIN store_matter m ON m.id = i.matter_id {JOINED.format(report="i.report_id")}
        WHERE i.until_at IS NULL AND m.state <> 'opened_in_error' AND {{matter}}
    UNION ALL
    SELECT 'M', m.id, 'thing', t.thing_id, '', t.nature, t.source, t.grading, t.at, m.kind, 'mention', t.id, '', '', 0
        FROM store_mention t JOIN store_matter m ON m.id = t.matter_id WHERE m.state <> 'opened_in_error' AND {{matter}}"""
OF_ENGAGEMENTS = f"""
    SELECT 'E', e.id, 'person', l.person_id, s.role, s.nature, e.source, COALESCE(NULLIF(s.grading, ''), e.grading), e.happened_at,
        e.kind, 'engagement', e.id, {HOW}
        FROM store_engagementperson s JOIN store_engagement e ON e.id = s.engagement_id {JOINED.format(report="s.report_id")}
        WHERE l.joined AND {{engagement}}
    UNION ALL
    SELECT 'E', e.id, 'thing', t.thing_id, '', t.nature, e.source, COALESCE(NULLIF(t.grading, ''), e.grading), t.at, e.kind,
        'engagement', e.id, '', '', 0
        FROM store_sighting t JOIN store_engagement e ON e.id = t.engagement_id WHERE {{engagement}}"""


@dataclass(frozen=True, slots=True)
class Events:
    """The events of some nodes, newest first, and whether there were more than are read."""

    matters: tuple[int, ...]
    engagements: tuple[int, ...]
    capped: bool


def events_of(nodes: Iterable[Node], *, since: datetime, most: int) -> Events:
    """The newest events of some nodes; one query."""
    wanted = list(nodes)
    people = [one.id for one in wanted if one.kind == PERSON]
    things = [one.id for one in wanted if one.kind != PERSON]
    parts: list[str] = []
    params: list[Any] = []
    for ids, words, times in ((people, EVENTS_OF_PEOPLE, 3), (things, EVENTS_OF_THINGS, 2)):
        if ids:
            parts.append(words.format(ids=marks(ids)))
            params += [*ids, _instant(since)] * times
    if not parts:
        return Events((), (), capped=False)
    found = ask(f"{' UNION ALL '.join(parts)} ORDER BY 3 DESC LIMIT %s", [*params, most + 1])
    first = list(dict.fromkeys((kind, number) for kind, number, _ in found[:most]))
    return Events(
        tuple(number for kind, number in first if kind == MATTER),
        tuple(number for kind, number in first if kind == ENGAGEMENT),
        capped=len(found) > most,
    )


def presences_of(events: Events, *, rules: Rules, at: datetime, most: int) -> tuple[tuple[Presence, ...], bool]:
    """Everybody and everything in some events, what has expired left out, and whether there was more than is read; one query."""
    parts: list[str] = []
    params: list[Any] = []
    if events.matters:
        parts.append(OF_MATTERS.format(matter=f"m.id IN ({marks(events.matters)})"))
        params += [*events.matters] * 3
    if events.engagements:
        parts.append(OF_ENGAGEMENTS.format(engagement=f"e.id IN ({marks(events.engagements)})"))
        params += [*events.engagements] * 2
    if not parts:
        return (), False
    found = ask(f"{' UNION ALL '.join(parts)} LIMIT %s", [*params, most + 1])
    return _kept(found[:most], rules, at), len(found) > most


def all_presences(*, rules: Rules, at: datetime) -> tuple[Presence, ...]:
    """Everything that has not expired, for the night's look over the whole force; one query."""
    since = _instant(at - rules.kept)
    words = f"{OF_MATTERS.format(matter='m.reported_at >= %s')} UNION ALL {OF_ENGAGEMENTS.format(engagement='e.happened_at >= %s')}"
    return _kept(ask(words, [since] * 5), rules, at)


def _kept(rows: Iterable[Sequence[Any]], rules: Rules, at: datetime) -> tuple[Presence, ...]:
    found = (_presence(row, rules) for row in rows)
    return tuple(one for one in found if not rules.has_expired(one, at) and one.at <= at)


def _presence(row: Sequence[Any], rules: Rules) -> Presence:
    event, number, kind, node, role, nature, source, grading, at, of_kind, record, record_id, how, rule, waiting = row
    return Presence(
        event=f"{event}-{number}",
        node=Node(kind, node),
        at=_read(at),
        role=role,
        source=source,
        kind=of_kind,
        nature=nature,
        grading=grading,
        record=(record, record_id),
        unreviewed=bool(waiting) or (how == "rule" and rule not in rules.reviewed),
    )


def _instant(at: datetime) -> Any:
    """An instant as the database compares it: SQLite holds text."""
    return connection.ops.adapt_datetimefield_value(at)


def _read(at: Any) -> datetime:
    """An instant as the database gives it: SQLite gives text without a zone, which is UTC."""
    found = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
