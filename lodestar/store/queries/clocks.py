"""What is owed: obligations as clocks, and the lists that stay right when nothing sweeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor, Reach
from lodestar.core.clocks.due import Due, due_at
from lodestar.core.clocks.due import Pause as Held
from lodestar.core.clocks.reviews import LevelFrom
from lodestar.core.clocks.rules import ClockRule
from lodestar.core.clocks.standing import Standing, standing
from lodestar.store.models import LinkQuestion, Matter, Obligation, Pause
from lodestar.store.playbooks import calendars, clock_rules
from lodestar.store.queries import kept
from lodestar.store.queries.access import in_reach, place_of


def rule_of(row: Obligation) -> ClockRule:
    """The rule an obligation was made under, as it was in force then."""
    return clock_rules(row.rule_from)[row.rule]


def derive(row: Obligation) -> Due:
    """When it is due, computed afresh from events and pauses; the stored time is only an index."""
    return due_at(
        rule=rule_of(row),
        started_at=row.started_at,
        calendars=calendars(row.rule_from),
        level=row.level or None,
        pauses=[Held(pause.from_at, pause.until_at, pause.reason) for pause in row.pauses.all()],
        chosen=row.chosen_at,
    )


def level_history(matter: Matter) -> list[LevelFrom]:
    """The levels in force over a matter's life."""
    return [LevelFrom(grade.level, grade.at) for grade in matter.grades.order_by("number")]


def open_since(matter: Matter) -> datetime:
    """When the present stretch of being open began: at the opening, or at the last time it was opened again."""
    again = matter.steps.filter(verb__in=("reopen", "correct")).order_by("-number").first()
    return again.recorded_at if again else matter.opened_at


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation as a list shows it."""

    id: int
    matter_id: int | None
    title: str
    rule: str
    due_at: datetime
    running_pause: bool
    standing: Standing
    owed_by: str
    owed_by_id: int
    because: str
    authority: str
    verified: bool
    satisfied_by: str
    done_at: datetime | None
    version: int
    subject_kind: str
    subject_id: int

    held_words: str = ""  # how it is held, where it is: Held while in hospital
    held_by_deeds: bool = False  # nobody holds it or lets it run on; what is recorded does

    @property
    def is_late(self) -> bool:
        """True while it is undone past its time."""
        return self.standing is Standing.LATE


def as_owed(row: Obligation, *, at: datetime) -> Owed:
    """An obligation with its standing derived now, whether or not any job has run."""
    rule, due = rule_of(row), derive(row)
    return Owed(
        id=row.pk,
        matter_id=row.matter_id,
        title=row.title,
        rule=row.rule,
        due_at=due.at,
        running_pause=due.running,
        standing=standing(due=due, done_at=row.done_at, cancelled_at=row.cancelled_at, now=at, warn=rule.warn),
        owed_by=row.owed_by.name,
        owed_by_id=row.owed_by_id,
        because=row.because,
        authority=rule.authority,
        verified=rule.verified,
        satisfied_by=row.satisfied_by,
        done_at=row.done_at,
        version=row.version,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        held_words=_held_words(row) if due.running and rule.held_by else "Held" if due.running else "",
        held_by_deeds=bool(rule.held_by),
    )


def _held_words(row: Obligation) -> str:
    """The words of the hold that is running, as the desk gives them."""
    return next((pause.reason for pause in row.pauses.all() if pause.until_at is None), "Held")


def _rows() -> QuerySet[Obligation, Obligation]:
    return Obligation.objects.select_related("owed_by").prefetch_related("pauses")


def of_matter(matter: Matter, *, at: datetime, also_ended: bool = False) -> tuple[Owed, ...]:
    """What is owed on a matter, soonest first; with what is done and cancelled where asked."""
    rows = _rows().filter(matter=matter)
    wanted = rows if also_ended else rows.filter(is_open=True)
    return tuple(as_owed(row, at=at) for row in wanted.order_by("due_at", "pk"))


Soonest = Callable[[], tuple[datetime, str, int] | None]


def next_owed(matter: Matter) -> Soonest:
    """When the open obligation of a matter that falls due first is due, what it is and who owes it; asked for with what is asked next."""
    soonest = kept.soon(_soonest, matter.pk)
    return lambda: next(iter(soonest()), None)


def _soonest(matter: int) -> Any:
    return (
        Obligation.objects.filter(matter_id=matter, is_open=True).order_by("due_at", "pk").values_list("due_at", "title", "owed_by_id")[:1]
    )


def open_now(matter: Matter) -> Callable[[], list[tuple[str, datetime, datetime | None]]]:
    """The rule of every open clock on a matter, when it is due and when to warn; asked for with what is asked next."""
    return kept.soon(_open, matter.pk)


def _open(matter: int) -> Any:
    return Obligation.objects.filter(matter_id=matter, is_open=True).values_list("rule", "due_at", "warn_at")


def begun(*, kind: str, pk: int) -> set[tuple[str, str]]:
    """The rule and key of every clock that was ever started on this subject."""
    return set(kept.found(_begun, kind, pk))


def _begun(kind: str, pk: int) -> Any:
    return Obligation.objects.filter(subject_kind=kind, subject_id=pk).values_list("rule", "key")


def times_reported(person_id: int) -> Callable[[], list[datetime]]:
    """When this person was reported, for every matter about them that was not opened in error; asked for with what is asked next."""
    asked = kept.soon(_reported, person_id)
    return lambda: [at for (at,) in asked()]


def _reported(person: int) -> Any:
    return Matter.objects.filter(person_id=person).exclude(state="opened_in_error").values_list("reported_at")


VIEWS = {"late": timedelta(0), "24h": timedelta(hours=24), "3d": timedelta(days=3), "7d": timedelta(days=7)}


def owed_within(*, actor: Actor, view: str, mine: bool, at: datetime, most: int = 300) -> tuple[Owed, ...]:
    """What a view (late, or due in the next 24 h, 3 days, 7 days) holds of what the viewer may see, soonest first.

    What is late stands in its own view alone: years of it would bury what falls due tonight.
    """
    rows = _owed_to(actor, mine=mine).select_related("owed_by").prefetch_related("pauses").filter(_in_view(view, at))
    return tuple(as_owed(row, at=at) for row in rows.order_by("due_at", "pk")[:most])


def owed_counts(*, actor: Actor, mine: bool, at: datetime) -> dict[str, int]:
    """How many each view holds: what its list would show, were it shown whole."""
    rows = _owed_to(actor, mine=mine).order_by()
    return dict(rows.aggregate(**{f"in_{view}": Count("pk", filter=_in_view(view, at)) for view in VIEWS}))


def _owed_to(actor: Actor, *, mine: bool) -> QuerySet[Obligation, Obligation]:
    """Everything undone that the viewer owes, or that is owed on the matters they may see."""
    rows = Obligation.objects.filter(is_open=True)
    if mine:
        return rows.filter(owed_by_id=actor.id)
    reach = Q(matter__in=Matter.objects.filter(in_reach(actor=actor, permission=Permission.CLOCKS_READ)).values("pk"))
    return rows.filter(reach | Q(subject_kind="link_question", subject_id__in=questions_in_reach(actor).values("pk")))


def questions_in_reach(actor: Actor) -> QuerySet[LinkQuestion, LinkQuestion]:
    """The identity questions that wait and whose reports the viewer may join: they belong to no matter, and are owed all the same."""
    reach = Q(pk__in=())
    for grant in actor.grants_with(Permission.PEOPLE_LINK):
        if grant.kinds is not None and "" not in grant.kinds:  # a report is of no kind of matter
            continue
        if grant.reach is Reach.FORCE:
            return LinkQuestion.objects.filter(state="waiting")
        if grant.reach is Reach.DISTRICT:
            reach |= Q(report__district__in=sorted(grant.places)) | Q(report__received_by_id=actor.id)
    return LinkQuestion.objects.filter(reach, state="waiting")


def _in_view(view: str, at: datetime) -> Q:
    return Q(due_at__lt=at) if view == "late" else Q(due_at__gte=at, due_at__lte=at + VIEWS[view])


def due_unbreached(*, at: datetime, most: int) -> Sequence[Obligation]:
    """Open, past due by the index, no breach on record yet: the sweep's work."""
    return list(_rows().filter(is_open=True, due_at__lt=at, breach=None).order_by("due_at")[:most])


def warned(*, at: datetime, most: int) -> Sequence[Obligation]:
    """Open, in their warning time, not yet due."""
    return list(_rows().filter(is_open=True, warn_at__lte=at, due_at__gt=at).order_by("due_at")[:most])


def one(*, actor: Actor, obligation_id: int, at: datetime) -> Owed | None:
    """One obligation within reach."""
    row = _rows().filter(pk=obligation_id).first()
    if row is None or not actor.may(Permission.CLOCKS_READ, place_of(row)):
        return None
    return as_owed(row, at=at)


@dataclass(frozen=True, slots=True)
class LateOf:
    """What one person owes that is past its time: how many, and what has been for longest."""

    owner: str
    count: int
    oldest: str
    since: datetime


def late_by_owner(*, actor: Actor, at: datetime) -> tuple[LateOf, ...]:
    """Everything late within the viewer's reach and not held, by who owes it; the most first, then the longest past its time.

    By the stored time alone, in one query: a page of figures asks how many, and the page of what is owed derives each.
    """
    within = Matter.objects.filter(in_reach(actor=actor, permission=Permission.CLOCKS_READ)).values("pk")
    rows = Obligation.objects.filter(is_open=True, due_at__lt=at, matter__in=within).exclude(
        pk__in=Pause.objects.filter(until_at=None).values("obligation_id")
    )
    by: dict[str, list[tuple[datetime, str]]] = {}
    for owner, due, title in rows.values_list("owed_by__name", "due_at", "title"):
        by.setdefault(owner, []).append((due, title))
    found = [LateOf(owner, len(rows), oldest=min(rows)[1], since=min(rows)[0]) for owner, rows in by.items()]
    return tuple(sorted(found, key=lambda one: (-one.count, one.since, one.owner)))
