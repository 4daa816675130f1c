"""Engagements: the kinds in force, what has come in before, and the looks that are owed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet

from lodestar.core.access.scope import Actor, MatterPlace
from lodestar.core.engagements.kinds import Kind, Kinds, kinds_from
from lodestar.core.matters.involved import GRADINGS
from lodestar.core.matters.news import WITHDRAWN
from lodestar.core.times import local_date
from lodestar.store.models import (
    Engagement,
    EngagementLook,
    EngagementPerson,
    Involvement,
    LinkQuestion,
    Matter,
    Mention,
    News,
    Obligation,
    Person,
    Sighting,
    Thing,
)
from lodestar.store.playbooks import playbook
from lodestar.store.queries import kept, networks
from lodestar.store.queries.access import in_reach, place_of
from lodestar.store.queries.identity import current_link
from lodestar.store.queries.mappings import source
from lodestar.store.queries.people import reports_of
from lodestar.store.queries.plain_sql import among, ask_planned, listed
from lodestar.store.queries.timeline import Line

KINDS = "ENGAGEMENT-KINDS"
Row = TypeVar("Row", bound=Model)
SPEAKING = f"""
    SELECT DISTINCT s.matter_id, s.thing_id FROM {Mention._meta.db_table} s JOIN {Matter._meta.db_table} m ON m.id = s.matter_id
    WHERE s.thing_id {{among}} AND m.is_open ORDER BY s.matter_id, s.thing_id"""


def kinds(*, at: datetime) -> Kinds:
    """The kinds of engagement in force."""
    return _kinds_on(local_date(at))


@cache
def _kinds_on(day: date) -> Kinds:
    return kinds_from(playbook(KINDS).in_force(day).values)


def kind(*, code: str, at: datetime) -> Kind | None:
    """One kind in force; None for a code that none has."""
    return kinds(at=at).get(code)


def already(*, source: str, external_id: str) -> Engagement | None:
    """The engagement with this source and number, where it has come in before."""
    return next(iter(kept.rows_soon(_numbered, source, external_id)()), None)


def _numbered(source: str, external_id: str) -> QuerySet[Engagement]:
    return Engagement.objects.filter(source=source, external_id=external_id)


def first_report(*, engagement_id: int) -> int | None:
    """The report of the first person an engagement states."""
    rows = EngagementPerson.objects.filter(engagement_id=engagement_id).order_by("number")
    return rows.values_list("report_id", flat=True).first()


def open_matters(person_id: int) -> Callable[[], list[Matter]]:
    """The matters open about somebody, oldest first; asked for with what is asked next."""
    return kept.rows_soon(_open_matters, person_id)


def _open_matters(person: int) -> QuerySet[Matter]:
    return Matter.objects.filter(person_id=person, is_open=True).order_by("pk")


def roles_elsewhere(person_id: int) -> Callable[[], list[tuple[int, str]]]:
    """The open matters about somebody else in which they have a role, and the role; asked for with what is asked next."""
    return kept.soon(_roles_elsewhere, person_id)


def _roles_elsewhere(person: int) -> Any:
    rows = Involvement.objects.filter(person_id=person, until_at=None, matter__is_open=True).exclude(matter__person_id=person)
    return rows.order_by("matter_id").values_list("matter_id", "role")


def that_link(roles: Iterable[tuple[int, str]], *, at: datetime) -> dict[int, str]:
    """Those roles that link; family and professionals have none that does."""
    not_linking = networks.rules(at=at).not_linking
    return {matter: role for matter, role in roles if role not in not_linking}


def concerned_in(person: Person, *, at: datetime) -> dict[int, str]:
    """The open matters about somebody else in which they have a role that links, and that role."""
    return that_link(roles_elsewhere(person.pk)(), at=at)


def told_already(engagement_id: int) -> Callable[[], list[tuple[int]]]:
    """The matters on which an engagement is news; asked for with what is asked next."""
    return kept.soon(_told_already, engagement_id)


def _told_already(engagement: int) -> Any:
    return News.objects.filter(engagement_id=engagement).exclude(state=WITHDRAWN).values_list("matter_id")


def look_at(stated_id: int) -> EngagementLook | None:
    """The look that is or was owed for somebody whom an engagement states, where there is one."""
    return next(iter(kept.rows_soon(_look_at, stated_id)()), None)


def _look_at(stated: int) -> QuerySet[EngagementLook]:
    return EngagementLook.objects.filter(stated_id=stated)


def thing_of(kind: str, key: str) -> Callable[[], list[Thing]]:
    """The place, phone, vehicle or handle of this key, where one is on record; asked for with what is asked next."""
    return kept.rows_soon(_thing_of, kind, key)


def _thing_of(kind: str, key: str) -> QuerySet[Thing]:
    return Thing.objects.filter(kind=kind, key=key)


def stated_by(report_id: int) -> Callable[[], list[EngagementPerson]]:
    """Whom an engagement states by this report, where one does; asked for with what is asked next."""
    return kept.rows_soon(_stated_by, report_id)


def _stated_by(report: int) -> QuerySet[EngagementPerson]:
    return EngagementPerson.objects.filter(report_id=report)


def told_only_of(stated: EngagementPerson, person: Person) -> list[News]:
    """The news of this engagement on matters about or naming a person, but where another whom it states or a thing it saw gives it too."""
    engagement = stated.engagement
    told = list(engagement.news.exclude(state=WITHDRAWN).select_related("matter").order_by("pk"))
    if not told:
        return []
    links = [current_link(one.report) for one in engagement.people.exclude(pk=stated.pk).select_related("report")]
    others = {link.person_id for link in links if link is not None}
    on = {item.matter_id for item in told}
    named = set(Involvement.objects.filter(matter__in=on, person__in={person.pk, *others}).values_list("matter_id", "person_id"))
    named |= {(item.matter_id, item.matter.person_id) for item in told}
    seen = Mention.objects.filter(matter__in=on, thing__in=engagement.sightings.values("thing"))
    given = {matter for matter, who in named if who in others} | set(seen.values_list("matter_id", flat=True))
    return [item for item in told if (item.matter_id, person.pk) in named and item.matter_id not in given]


def spoken_of(sightings: Iterable[Sighting], *, at: datetime) -> dict[int, list[Sighting]]:
    """The open matters that speak of what an engagement saw; a home, a school or the like, where everybody goes, tells nothing."""
    rules = networks.rules(at=at)
    telling = {one.thing_id: one for one in sightings if rules.object_of(one.thing.kind, one.thing.value) not in rules.discounted}
    found: dict[int, list[Sighting]] = {}
    words = SPEAKING.format(among=among())
    for matter, thing in ask_planned("speaking_of_things", words, [listed(telling)]) if telling else ():
        found.setdefault(matter, []).append(telling[thing])
    return found


def met_lately(person: Person, *, matter: Matter, at: datetime) -> QuerySet[EngagementPerson]:
    """Each time that somebody was met so lately that it is news on a matter which has not had it, the oldest first."""
    return _lately(EngagementPerson.objects.filter(report__in=reports_of(person.pk)), matter, at)


def seen_lately(thing: Thing, *, matter: Matter, at: datetime) -> list[Sighting]:
    """The same of a vehicle, phone, handle or place, once of each engagement; nothing of one where everybody goes."""
    rules = networks.rules(at=at)
    if rules.object_of(thing.kind, thing.value) in rules.discounted:
        return []
    found: dict[int, Sighting] = {}
    for one in _lately(Sighting.objects.filter(thing=thing).select_related("thing"), matter, at):
        found.setdefault(one.engagement_id, one)
    return list(found.values())


def _lately(rows: QuerySet[Row], matter: Matter, at: datetime) -> QuerySet[Row]:
    fresh = Q()
    for code, one in kinds(at=at).items():
        fresh |= Q(engagement__kind=code, engagement__happened_at__gte=at - timedelta(days=one.fresh_days))
    had = News.objects.filter(engagement=OuterRef("engagement"), matter=matter).exclude(state=WITHDRAWN)
    return rows.filter(fresh).exclude(Exists(had)).select_related("engagement").order_by("engagement__happened_at", "pk")


def looks(*, actor: Actor, permission: str) -> list[tuple[EngagementLook, Person]]:
    """The looks that wait, within reach, longest waiting first, each with the child it is about as the links now say."""
    rows = EngagementLook.objects.filter(state="waiting").select_related("stated__engagement", "stated__report").order_by("asked_at", "pk")
    found = []
    for row in rows[:200]:
        link = current_link(row.stated.report)
        if link is not None and actor.may(permission, place_of(link.person)):
            found.append((row, link.person))
    return found


def look(*, pk: int) -> EngagementLook | None:
    """One look."""
    return EngagementLook.objects.filter(pk=pk).select_related("stated__engagement", "stated__report", "looked_by").first()


def looks_due() -> dict[int, tuple[datetime, str]]:
    """When each look that waits is due, and who owes it."""
    rows = Obligation.objects.filter(subject_kind="engagement_look", is_open=True).values_list("subject_id", "due_at", "owed_by__name")
    return {pk: (due, owner) for pk, due, owner in rows}


def harm_of(look: EngagementLook) -> str:
    """Why a look is owed, in words."""
    engagement = look.stated.engagement
    told = kinds(at=engagement.received_at)[engagement.kind].harm(role=look.stated.role, reason=engagement.reason)
    return told.because if told else ""


def counts_by_source(*, at: datetime) -> dict[str, int]:
    """How many engagements each source gave in the last 28 days."""
    since = at - timedelta(days=28)
    rows = Engagement.objects.filter(received_at__gte=since).order_by().values_list("source").annotate(n=Count("pk"))
    return dict(rows)


def may_read(row: Engagement, *, actor: Actor) -> bool:
    """Whether somebody may read an engagement: its kind, and one of those it states within reach; with nobody, its district."""
    reader = kinds(at=row.received_at)[row.kind].reader
    people = [one.person for one in (current_link(said.report) for said in row.people.select_related("report")) if one is not None]
    if not people:
        received = frozenset({row.received_by_id} if row.received_by_id else ())
        return actor.may(reader, MatterPlace(row.district, "", is_open=True, people=received))
    return any(actor.may(reader, place_of(person)) for person in people)


@dataclass(frozen=True, slots=True)
class SaidOf:
    """One person as an engagement states them, and who they are to the reader; None where they are out of reach."""

    stated: EngagementPerson
    role: str
    person: Person | None
    unsure: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """One engagement with everything it states and what it changed."""

    row: Engagement
    kind: Kind
    source: str
    people: tuple[SaidOf, ...]
    sightings: tuple[Sighting, ...]
    grades: Mapping[str, str]
    news_on: tuple[News, ...]
    reason: str


def whole(row: Engagement, *, actor: Actor) -> Whole:
    """One engagement as a page shows it to its reader."""
    told = kinds(at=row.received_at)[row.kind]
    stated = list(row.people.select_related("report").order_by("number"))
    news = News.objects.filter(engagement=row).filter(matter__in=Matter.objects.filter(in_reach(actor=actor, permission="matters.read")))
    mapping = source(code=row.source, at=row.received_at)
    return Whole(
        row=row,
        kind=told,
        source=stated[0].report.reporter_name if stated else mapping.title if mapping else row.source,
        people=tuple(_said_of(one, told, actor) for one in stated),
        sightings=tuple(row.sightings.select_related("thing").order_by("pk")),
        grades=mapping.grading.means if mapping else GRADINGS,
        news_on=tuple(news.select_related("matter").order_by("pk")),
        reason=told.reasons.get(row.reason, ""),
    )


def _said_of(stated: EngagementPerson, told: Kind, actor: Actor) -> SaidOf:
    link = current_link(stated.report)
    seen = link is not None and actor.may("people.read", place_of(link.person))
    unsure = LinkQuestion.objects.filter(report=stated.report, state="waiting").exists()
    return SaidOf(stated, told.roles.get(stated.role, stated.role), link.person if link is not None and seen else None, unsure)


def of_person(person_id: int, *, actor: Actor) -> tuple[list[Line], int]:
    """What every source stated of somebody, as lines of their timeline; and how many the reader's role does not read."""
    place = place_of(Person.objects.get(pk=person_id))
    rows = EngagementPerson.objects.filter(report__in=reports_of(person_id)).select_related("engagement", "report")
    lines, withheld = [], 0
    for row in rows:
        told = kinds(at=row.engagement.received_at)[row.engagement.kind]
        if actor.may(told.reader, place):
            lines.append(_line(row, told))
        else:
            withheld += 1
    return lines, withheld


def _line(row: EngagementPerson, told: Kind) -> Line:
    engagement = row.engagement
    said = (
        ("Reason", told.reasons.get(engagement.reason, "")),
        ("Said", "\n".join(part for part in (engagement.circumstances, row.said) if part)),
        ("Grading", f"{row.grading}: {GRADINGS[row.grading]}" if row.grading in GRADINGS else row.grading),
        ("Source", f"{told.agency}, {row.report.reporter_name}"),
    )
    return Line(
        at=engagement.happened_at,
        title=f"{told.title}: {told.roles.get(row.role, row.role).lower()}",
        who=row.report.reporter_name,
        detail=tuple((what, words) for what, words in said if words),
        recorded_at=engagement.received_at,
        nature=row.nature,
        day_only=engagement.precision == "date",
        engagement_id=int(engagement.pk),
    )
