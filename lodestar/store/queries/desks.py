"""A desk as a whole: what is open on it within the viewer's reach, and what its page adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor
from lodestar.core.matters.custody import funnel, hospital, reading, requests, reviews
from lodestar.core.matters.desk import Desk, Story
from lodestar.core.matters.kinds import DESKS
from lodestar.core.matters.online import backlog, digital
from lodestar.core.words import Period
from lodestar.store.models import Matter, Obligation
from lodestar.store.queries.access import in_reach
from lodestar.store.queries.stories import stories_of

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One desk in the list of desks."""

    desk: Desk
    open: int
    late: int
    first_tier: int


def desks(*, actor: Actor, at: datetime) -> tuple[DeskLine, ...]:
    """Every desk whose matters the actor may see, with how much is open on it; one query."""
    reach = in_reach(actor=actor, permission=Permission.MATTERS_READ)
    rows = Matter.objects.filter(reach, is_open=True).order_by().values("kind")
    counts = rows.annotate(all=Count("pk"), late=Count("pk", filter=Q(next_due_at__lt=at)), first=Count("pk", filter=Q(tier=1)))
    found = {row["kind"]: row for row in counts}
    seen = kinds(actor=actor)
    return tuple(
        DeskLine(desk, *(found.get(kind, {}).get(name, 0) for name in ("all", "late", "first")))
        for kind, desk in DESKS.items()
        if kind in seen
    )


def kinds(*, actor: Actor) -> set[str]:
    """The kinds of matter that some grant of the actor is about."""
    held = [grant for grant in actor.grants_with(Permission.MATTERS_READ) if grant.reach != "none"]
    return {kind for kind in DESKS for grant in held if grant.kinds is None or kind in grant.kinds}


def sees(*, actor: Actor, kind: str) -> bool:
    """Whether the actor's role is about this kind of matter at all."""
    return kind in kinds(actor=actor)


def matters_of(*, actor: Actor, kind: str, since: datetime | None = None) -> list[Matter]:
    """The open matters of a desk within reach, with those that ended after ``since`` where it is given."""
    there = Q(is_open=True) if since is None else Q(is_open=True) | Q(closed_at__gt=since)
    rows = Matter.objects.filter(in_reach(actor=actor, permission=Permission.MATTERS_READ), there, kind=kind)
    return list(rows.select_related("person", "holder").order_by("tier", "next_due_at", "pk"))


@dataclass(frozen=True, slots=True)
class Case:
    """One open online case in the backlog."""

    matter: Matter
    line: backlog.Line


@dataclass(frozen=True, slots=True)
class Device:
    """One device in the queue, with the case it is of."""

    matter: Matter
    waiting: digital.Waiting


@dataclass(frozen=True, slots=True)
class Backlog:
    """The online desk's backlog: every case in one queue, what moved in a week, and the devices that wait."""

    cases: tuple[Case, ...]
    flow: backlog.Flow
    since: datetime
    devices: tuple[Device, ...]


def online_backlog(*, actor: Actor, at: datetime, span: timedelta = WEEK) -> Backlog:
    """Every open case within reach in exactly one queue, the highest risk to a child first, and the flow of the last week."""
    since = at - span
    matters = matters_of(actor=actor, kind="online", since=since)
    stories = stories_of(matters, at=at)
    cases = [Case(row, line) for row in matters for line in backlog.lines(stories=[stories[row.pk]], at=at)]
    devices = [Device(row, one) for row in matters if row.is_open for one in digital.queue(stories=[stories[row.pk]], now=at)]
    return Backlog(
        cases=tuple(sorted(cases, key=lambda case: backlog.order(case.line))),
        flow=backlog.flow(stories=list(stories.values()), since=since, until=at),
        since=since,
        devices=tuple(sorted(devices, key=_by_band)),
    )


def _by_band(device: Device) -> tuple[int, datetime, int]:
    return digital.BANDS.index(device.waiting.band), device.waiting.seized_at, device.waiting.device


def ids(matters: Sequence[Matter]) -> list[int]:
    """The numbers of these matters, for the audit."""
    return [row.pk for row in matters]


@dataclass(frozen=True, slots=True)
class Held:
    """One child in custody now."""

    matter: Matter
    since_charge: timedelta | None
    next_review: datetime | None
    owed: str
    due_at: datetime | None
    in_hospital: datetime | None = None  # since when, where the child is there now


@dataclass(frozen=True, slots=True)
class PlaceAsked:
    """One request to a local authority, with the answer to it where there is one."""

    matter: Matter
    deed: int
    authority: str
    secure: bool
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    due_at: datetime | None  # when the answer is owed, while it is


@dataclass(frozen=True, slots=True)
class CustodyDesk:
    """The custody desk: who is held, what was asked of the authorities, and the year from charge to a bed."""

    held: tuple[Held, ...]
    asked: tuple[PlaceAsked, ...]
    year: funnel.Funnel
    rows: dict[str, int]  # each reference's matter


YEAR = timedelta(days=365)
OUT = ("released", "at_court", "audited", "closed", "opened_in_error")


def custody_desk(*, actor: Actor, at: datetime) -> CustodyDesk:
    """Children held now, requests without an answer, and the last twelve months within reach, every child by row."""
    matters = matters_of(actor=actor, kind="custody", since=at - YEAR)
    stories = stories_of(matters, at=at)
    held = [_held(row, stories[row.pk], at) for row in matters if row.state not in OUT]
    asked = [one for one in _asked(matters, stories) if not one.answer and one.matter.state not in OUT]
    charged = (reading.charged(story=stories[row.pk], row=row.reference) for row in matters if row.state != "opened_in_error")
    return CustodyDesk(
        held=tuple(held),
        asked=tuple(asked),
        year=funnel.funnel(rows=(one for one in charged if one is not None), period=Period(at - YEAR, at)),
        rows={row.reference: row.pk for row in matters},
    )


def _held(row: Matter, story: Story, at: datetime) -> Held:
    charged = story.last("child_charged")
    stay = hospital.in_hospital(story=story)
    gone = stay.gone.at if stay else None
    return Held(row, at - charged.at if charged else None, reviews.due(story=story), row.next_owed, row.next_due_at, gone)


def places_asked(*, actor: Actor, at: datetime) -> tuple[PlaceAsked, ...]:
    """Every request to the viewer's own authority: the unanswered first, soonest due; then the answered, newest first."""
    rows = Matter.objects.filter(in_reach(actor=actor, permission=Permission.CUSTODY_ANSWER), kind="custody")
    matters = list(rows.filter(Q(is_open=True) | Q(closed_at__gt=at - YEAR)).select_related("person", "holder"))
    found = _asked(matters, stories_of(matters, at=at))
    waiting = sorted((one for one in found if not one.answer), key=lambda one: one.due_at or one.asked_at)
    done = sorted((one for one in found if one.answer), key=lambda one: one.asked_at, reverse=True)
    return (*waiting, *done[:60])


def _asked(matters: Sequence[Matter], stories: Mapping[int, Story]) -> list[PlaceAsked]:
    owed = Obligation.objects.filter(matter__in=matters, rule="CUS-LA-REPLY", is_open=True)
    due = dict(owed.values_list("subject_id", "due_at"))
    return [
        PlaceAsked(
            matter=row,
            deed=done.id,
            authority=done.said.get("authority", ""),
            secure=done.said.get("type") == requests.SECURE,
            asked_at=done.at,
            answer=answer.said.get("answer", "") if answer and answer.said.get("answer") != "asks" else "",
            answered_at=answer.at if answer else None,
            due_at=due.get(done.id),
        )
        for row in matters
        for done in stories[row.pk].all("place_requested")
        for answer in (requests.answer_to(story=stories[row.pk], request=done),)
    ]
