"""The tasking problem as it stands now, and proposals."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from lodestar.core.access.scope import Actor
from lodestar.core.tasking.first_come.problem import Asset, Need, Problem
from lodestar.store.models import AcceptedRisk, Matter, Proposal, Shift, Task
from lodestar.store.queries.access import in_reach

HORIZON = timedelta(hours=24)
WORKING_KINDS = ("response_officer", "hub_officer", "duty_sergeant", "hub_sergeant")


def _minutes(start: datetime, instant: datetime) -> int:
    return int((instant - start).total_seconds() // 60)


def problem(*, actor: Actor, at: datetime) -> Problem:
    """Open tasks within reach that nobody has, and everybody who is on duty in the next day with skill and time."""
    start = at.replace(second=0, microsecond=0)
    until = start + HORIZON
    return Problem(
        start=start.isoformat(),
        horizon=_minutes(start, until),
        assets=_assets(start, until),
        needs=_needs(actor, start, at),
    )


def _assets(start: datetime, until: datetime) -> tuple[Asset, ...]:
    shifts = Shift.objects.filter(from_at__lt=until, until_at__gt=start, from_at__gt=start - HORIZON)
    shifts = shifts.filter(post__kind__in=WORKING_KINDS).select_related("user", "post__district").order_by("user_id", "from_at")
    busy: dict[int, list[tuple[int, int]]] = {}
    for task in Task.objects.filter(is_open=True, assignee__isnull=False, planned_start__isnull=False):
        begins = _minutes(start, task.planned_start)  # type: ignore[arg-type]
        busy.setdefault(task.assignee_id or 0, []).append((begins, begins + task.minutes))
    people: dict[int, Asset] = {}
    for row in shifts:
        span = (_minutes(start, row.from_at), _minutes(start, row.until_at))
        before = people.get(row.user_id)
        people[row.user_id] = Asset(
            id=row.user_id,
            name=row.user.name,
            skills=tuple(sorted(row.user.skills)),
            district=row.post.district.code if row.post.district else "",
            shifts=(*(before.shifts if before else ()), span),
            commitments=tuple(sorted(busy.get(row.user_id, ()))),
        )
    return tuple(people[pk] for pk in sorted(people))


def _needs(actor: Actor, start: datetime, at: datetime) -> tuple[Need, ...]:
    within = Matter.objects.filter(in_reach(actor=actor, permission="tasking.propose")).values("pk")
    waiting = AcceptedRisk.objects.filter(expires_at__gt=at).values("task_id")
    rows = Task.objects.filter(state="open", matter__in=within).exclude(pk__in=waiting).select_related("matter")
    return tuple(
        Need(
            id=row.pk,
            matter=row.matter_id,
            title=row.title,
            tier=row.matter.tier,
            minutes=row.minutes,
            earliest=max(0, _minutes(start, row.earliest_at)),
            due=_minutes(start, row.due_at),
            skills=tuple(sorted(row.skills)),
            district=row.matter.district,
            prefer=(row.matter.holder_id,) if row.matter.holder_id else (),
        )
        for row in rows.order_by("pk")
    )


def proposal(*, pk: int) -> Proposal | None:
    """One proposal."""
    return Proposal.objects.filter(pk=pk).select_related("made_by").first()


def proposals(*, most: int = 30) -> QuerySet[Proposal]:
    """Proposals, newest first."""
    return Proposal.objects.select_related("made_by").order_by("-pk")[:most]


def tasks_of(body: dict[str, object]) -> dict[int, Task]:
    """The tasks a proposal speaks of, by id."""
    lines = [*body.get("placed", ()), *body.get("unplaced", ())]  # type: ignore[misc]
    return {task.pk: task for task in Task.objects.filter(pk__in=[line["need"] for line in lines]).select_related("matter__person")}


def risks(*, at: datetime) -> QuerySet[AcceptedRisk]:
    """Risks accepted by name and not yet expired."""
    return AcceptedRisk.objects.filter(expires_at__gt=at).select_related("task", "matter", "by").order_by("expires_at")
