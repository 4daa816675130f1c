"""What happened that asks for another proposal, which proposals count as having looked at everything, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Reach
from lodestar.core.tasking.events import GRACE, Happened
from lodestar.core.tasking.formula import Formula
from lodestar.store.models import AcceptedRisk, Assessment, CrewMember, Proposal, Shift, Task, TaskStep
from lodestar.store.queries import kept
from lodestar.store.queries.access import actor_for
from lodestar.store.queries.tasking import MOVABLE, reason_of

FIRST_LOOK = timedelta(hours=24)  # where nobody has proposed anything yet
FEW = 20


def looked_at(*, at: datetime) -> datetime:
    """When the newest proposal over the whole force was made; one made for a district has not seen the others'."""
    rows = Proposal.objects.filter(made_at__lte=at, made_at__gt=at - FIRST_LOOK).select_related("made_by")
    for row in rows.only("made_at", "made_by").order_by("-pk")[:FEW]:
        if row.made_by is None or _sees_all(row):
            return row.made_at
    return at - FIRST_LOOK


def _sees_all(row: Proposal) -> bool:
    assert row.made_by is not None  # noqa: S101 - asked just before
    grants = actor_for(user=row.made_by, at=row.made_at, door="jobs").grants
    return any(grant.reach is Reach.FORCE and P.TASKING_PROPOSE in grant.permissions for grant in grants)


def happened(*, since: datetime, at: datetime, formula: Formula) -> tuple[Happened, ...]:
    """Everything after an instant that may ask for another proposal."""
    span = (since, at)
    return (*_risen(span), *_asked(span, formula), *_gone(span), *_stepped(span), *_late(span), *_over(span), *_returned(span))


Span = tuple[datetime, datetime]


def _risen(span: Span) -> Iterator[Happened]:
    rows = Assessment.objects.filter(at__gt=span[0], at__lte=span[1], tier=1, matter__is_open=True, matter__tier=1)
    was = Exists(Assessment.objects.filter(matter=OuterRef("matter"), number=OuterRef("number") - 1, tier=1))
    for row in rows.exclude(was).select_related("matter"):
        yield Happened("risen", row.at, row.matter.reference)


def _asked(span: Span, formula: Formula) -> Iterator[Happened]:
    rows = Task.objects.filter(created_at__gt=span[0], created_at__lte=span[1], state="open").select_related("matter")
    for row in rows.order_by("pk"):
        if reason_of(row, formula=formula, at=span[1]).tier.tier == 0:
            yield Happened("asked", row.created_at, row.matter.reference)


def _gone(span: Span) -> Iterator[Happened]:
    """Somebody with work was called off, or their shift ended with work they had to begin by then."""
    held = Task.objects.filter(is_open=True).exclude(state="open")
    begun = Q(planned_start=None) | Q(planned_start__lte=span[1])
    off = Q(called_off_at__gt=span[0], called_off_at__lte=span[1])
    for row in Shift.objects.filter(off, user_id__in=_with(held)).order_by("pk"):
        yield Happened("gone", row.called_off_at or span[1])
    here = Shift.objects.on(span[1]).filter(user=OuterRef("user"))
    over = Shift.objects.filter(called_off_at=None, until_at__gt=span[0], until_at__lte=span[1], user_id__in=_with(held.filter(begun)))
    for row in over.exclude(Exists(here)).order_by("pk"):
        yield Happened("gone", row.until_at)


def _with(tasks: QuerySet[Task]) -> set[int]:
    """Everybody who has one of these tasks."""
    first = tasks.exclude(assignee=None).values_list("assignee_id", flat=True)
    along = CrewMember.objects.filter(released_at=None, task__in=tasks).values_list("assignee_id", flat=True)
    return {*(pk for pk in first if pk is not None), *along}


def _stepped(span: Span) -> Iterator[Happened]:
    kinds = {"give_back": "back", "block": "blocked", "decline": "declined"}
    rows = TaskStep.objects.filter(at__gt=span[0], at__lte=span[1], verb__in=kinds, task__is_open=True).select_related("task__matter")
    for row in rows.order_by("pk"):
        yield Happened(kinds[row.verb], row.at, row.task.matter.reference)


def _late(span: Span) -> Iterator[Happened]:
    """Work that somebody has and has not begun is late once, a little after its planned start, and once when it was due."""
    low, high = span[0] - GRACE, span[1] - GRACE
    start = Q(planned_start__gt=low, planned_start__lte=high)
    due = Q(due_at__gt=span[0], due_at__lte=span[1])
    for row in Task.objects.filter(start | due, state__in=MOVABLE).select_related("matter").order_by("pk"):
        instants = (row.due_at, row.planned_start + GRACE if row.planned_start else row.due_at)
        yield Happened("late", next(at for at in instants if span[0] < at <= span[1]), row.matter.reference)


def _over(span: Span) -> Iterator[Happened]:
    """Work under way that should have ended a little ago: what comes after it cannot begin as it was given out."""
    begun = TaskStep.objects.filter(verb="start", task__state="started", at__lte=span[1]).select_related("task__matter").order_by("number")
    for step in {step.task_id: step for step in begun}.values():  # the newest start of each
        over = step.at + timedelta(minutes=step.task.minutes) + GRACE
        if span[0] < over <= span[1]:
            yield Happened("over", over, step.task.matter.reference)


def _returned(span: Span) -> Iterator[Happened]:
    for row in returned(since=span[0], at=span[1]):
        yield Happened("returned", row.expires_at, row.matter.reference)


def returned(*, since: datetime, at: datetime) -> QuerySet[AcceptedRisk]:
    """Risks whose time is over while the work is still nobody's, and that nobody has accepted again."""
    again = AcceptedRisk.objects.filter(task=OuterRef("task"), expires_at__gt=at)
    rows = AcceptedRisk.objects.filter(expires_at__gt=since, expires_at__lte=at, task__state="open").exclude(Exists(again))
    return rows.select_related("task", "matter").order_by("pk")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that waits for a decision, and how many of its lines differ from what is issued."""

    pk: int
    lines: int


def waiting() -> Waiting | None:
    """The proposal that waits, where it would change something."""
    found = kept.found(_proposed)
    if not found:
        return None
    newest = tuple(found[0])
    lines = _differing(newest)
    return Waiting(newest[0], lines) if lines else None


def _proposed() -> Any:
    return Proposal.objects.filter(state="proposed").order_by("-pk").values_list("pk", "problem_sha256", "made_at")[:1]


@lru_cache(maxsize=64)
def _differing(proposal: tuple[int, str, datetime]) -> int:
    """A proposal never changes, so it is counted once; the problem and the instant tell it from another store's."""
    row = Proposal.objects.filter(pk=proposal[0]).values("issued", "body__assignments", "body__unplaced").get()
    had = {line["task"]: line["assets"] for line in row["issued"]}
    given = {line["task"]: line["assets"] for line in row["body__assignments"]}
    return sum(had.get(task) != given.get(task) for task in had.keys() | given.keys())
