"""The rows of the star schema within one person's reach: keys, codes, bands and numbers, never a name or a word somebody wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db.models import QuerySet

from lodestar.core import star
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor, Reach
from lodestar.core.matters.custody.reading import charged
from lodestar.core.matters.desk import Story
from lodestar.core.matters.kinds import DESKS
from lodestar.core.matters.online.backlog import queue_of
from lodestar.core.star import Value, age_band, date_key, hours_between, pseudonym
from lodestar.core.times import age_on, local_date
from lodestar.store.models import District, Figure, Matter, Obligation, Person, Task
from lodestar.store.playbooks import playbook
from lodestar.store.queries.access import in_reach
from lodestar.store.queries.stories import stories_of

Rows = list[tuple[Value, ...]]
CHUNK = 2000
SCRUTINY = ("daily_meeting_scrutinised", "tactical_meeting_scrutinised", "board_scrutinised")


@dataclass(slots=True)
class Export:
    """What one person's export holds, table by table."""

    at: datetime
    tables: dict[str, Rows] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each table has, for the audit."""
        return {name: len(rows) for name, rows in self.tables.items()}


def export(*, actor: Actor, at: datetime) -> Export:
    """Every table of the star, cut to what the actor may see: a matter out of reach is in no table, nor is its child."""
    reach = in_reach(actor=actor, permission=P.MATTERS_READ)
    mine = Matter.objects.filter(reach)
    found = Export(at)
    found.tables["fact_episodes"] = list(_episodes(mine))
    found.tables["fact_obligations"] = list(_obligations(mine, at))
    found.tables["fact_tasks"] = list(_tasks(mine))
    found.tables["fact_detentions"] = list(_detentions(mine, at))
    found.tables["fact_online_cases"] = list(_online(mine, at))
    found.tables["fact_measures"] = list(_measures()) if _sees_the_whole(actor) else []
    found.tables["dim_date"] = list(star.dates(_date_keys(found)))
    found.tables["dim_district"] = list(District.objects.order_by("code").values_list("code", "name", "authority__code"))
    found.tables["dim_level"] = list(_levels(at))
    found.tables["dim_kind"] = [(kind, desk.title) for kind, desk in DESKS.items()]
    found.tables["dim_person"] = list(_persons(mine))
    found.tables["data_dictionary"] = list(star.dictionary())
    return found


def _sees_the_whole(actor: Actor) -> bool:
    return actor.may(P.MEASURES_READ) and any(grant.reach == Reach.FORCE for grant in actor.grants_with(P.MATTERS_READ))


def _key(person: int | None) -> str:
    return pseudonym(person=person, key=f"star:{settings.SECRET_KEY}".encode())


def _yes(value: object) -> str:
    return star.UNKNOWN if value is None else "yes" if value else "no"


def _level(kind: str, level: str) -> str:
    return f"{kind}:{level}" if level else ""


def _age(born: date | None, at: datetime) -> str:
    return age_band(age_on(born, at)) if born is not None and born <= local_date(at) else star.UNKNOWN


def _episodes(mine: QuerySet[Matter]) -> Iterator[tuple[Value, ...]]:
    names = ("pk", "person_id", "district", "first_level", "reported_at", "located_at", "returned_at", "person__birth_date", "looked_after")
    rows = mine.filter(kind="missing").order_by("pk").values_list(*names, "is_open", "outcome", named=True)
    for row in rows.iterator(chunk_size=CHUNK):
        end = row.located_at or row.returned_at
        hours = hours_between(row.reported_at, end)
        yield (
            row.pk,
            _key(row.person_id),
            row.district,
            _level("missing", row.first_level),
            date_key(row.reported_at),
            date_key(end),
            None if hours is None else max(0.0, hours),
            _age(row.person__birth_date, row.reported_at),
            _yes(row.looked_after),
            row.is_open,
            row.outcome,
        )


def _obligations(mine: QuerySet[Matter], at: datetime) -> Iterator[tuple[Value, ...]]:
    names = ("pk", "matter_id", "matter__person_id", "matter__kind", "matter__district", "rule", "owed_post", "due_at", "done_at")
    rows = Obligation.objects.filter(matter__in=mine.values("pk")).order_by("pk")
    for row in rows.values_list(*names, "cancelled_at", named=True).iterator(chunk_size=CHUNK):
        late = hours_between(row.due_at, row.done_at)
        state = "done" if row.done_at else "cancelled" if row.cancelled_at else "late" if row.due_at < at else "open"
        yield (
            row.pk,
            row.matter_id,
            _child(row.matter__kind, row.matter__person_id),
            row.matter__kind,
            row.matter__district,
            row.rule,
            row.owed_post,
            date_key(row.due_at),
            date_key(row.done_at),
            max(0.0, late) if late is not None else None,
            state,
            {"done": row.done_at is not None and row.done_at <= row.due_at, "late": False}.get(state),
        )


def _tasks(mine: QuerySet[Matter]) -> Iterator[tuple[Value, ...]]:
    names = ("pk", "matter_id", "matter__person_id", "matter__kind", "matter__district", "kind", "created_at", "done_at", "minutes")
    rows = Task.objects.filter(matter__in=mine.values("pk")).order_by("pk")
    for row in rows.values_list(*names, "issued_at", "state", "outcome", named=True).iterator(chunk_size=CHUNK):
        yield (
            row.pk,
            row.matter_id,
            _child(row.matter__kind, row.matter__person_id),
            row.matter__kind,
            row.matter__district,
            row.kind,
            date_key(row.created_at),
            date_key(row.done_at),
            row.minutes,
            hours_between(row.created_at, row.issued_at),
            row.state,
            row.outcome,
        )


def _detentions(mine: QuerySet[Matter], at: datetime) -> Iterator[tuple[Value, ...]]:
    rows = list(mine.filter(kind="custody").exclude(state="opened_in_error").select_related("person").order_by("pk"))
    stories = stories_of(rows, at=at)
    for row in rows:
        story = stories[row.pk]
        found = charged(story=story, row=row.reference)
        if found is None:
            continue
        secure = sum(one.kind == "secure" for one in found.asked)
        limbs = "both" if len(found.certificates) == 2 else next(iter(found.certificates), "")
        yield (
            row.pk,
            _key(row.person_id),
            row.district,
            date_key(found.charged_at),
            _age(row.person.birth_date, found.charged_at),
            found.bail,
            found.straight_to_court,
            len(found.asked),
            secure,
            sum(one.answer == "offered" for one in found.asked),
            found.moved,
            limbs,
            found.failed_to_provide,
            _kept(story, found.charged_at),
            *(story.last(code) is not None for code in SCRUTINY),
        )


def _kept(story: Story, since: datetime) -> float | None:
    ends = [done.at for done in story.all("child_moved", "brought_to_court", "child_released") if done.at >= since]
    return hours_between(since, min(ends, default=None))


def _online(mine: QuerySet[Matter], at: datetime) -> Iterator[tuple[Value, ...]]:
    rows = list(mine.filter(kind="online").select_related("person").order_by("pk"))
    stories = stories_of(rows, at=at)
    for row in rows:
        days = hours_between(row.reported_at, row.closed_at or at)
        yield (
            row.pk,
            row.district,
            _level("online", row.level),
            date_key(row.reported_at),
            date_key(row.closed_at),
            queue_of(story=stories[row.pk], at=at) if row.is_open else "",
            row.is_open,
            round(days / 24, 2) if days is not None else None,
        )


def _measures() -> Iterator[tuple[Value, ...]]:
    for row in Figure.objects.order_by("pk").iterator(chunk_size=CHUNK):
        value = row.value
        numbers = (value.get(name) for name in ("unit", "value", "lower", "upper", "numerator", "denominator", "children"))
        yield (
            row.pk,
            row.code,
            str(row.filters.get("line", "")),
            date_key(row.as_of),
            date_key(row.period_from),
            date_key(row.period_until),
            *numbers,
            row.definition_version,
            row.definition_hash,
        )


def _child(kind: str, person: int | None) -> str:
    """Whom a matter is about, where that is a child: an online case is about a suspect, who is in no table."""
    return _key(person) if DESKS[kind].about == "child" else ""


def _persons(mine: QuerySet[Matter]) -> Iterator[tuple[Value, ...]]:
    kinds = [kind for kind, desk in DESKS.items() if desk.about == "child"]
    people = Person.objects.filter(pk__in=mine.filter(kind__in=kinds).values("person_id"))
    rows = [
        (_key(pk), sex, ethnicity, _yes(cared))
        for pk, sex, ethnicity, cared in people.values_list("pk", "sex", "ethnicity", "looked_after")
    ]
    yield from sorted(rows)  # by pseudonym: the order of the record's own numbers would give them away


def _levels(at: datetime) -> Iterator[tuple[Value, ...]]:
    for kind, desk in DESKS.items():
        if desk.levels:
            for code, row in playbook(desk.levels).in_force(at).values["levels"].items():
                yield f"{kind}:{code}", kind, row["title"], row["order"]


def _date_keys(found: Export) -> Iterator[int]:
    for name, table in star.TABLES.items():
        places = [place for place, one in enumerate(table.fields) if one.leads_to == "dim_date.date_key"]
        for row in found.tables.get(name, ()):
            yield from (key for place in places if isinstance(key := row[place], int))
