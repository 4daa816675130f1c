"""Work asked for, issued and done."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from lodestar.core.access.scope import Actor
from lodestar.core.matters.kinds import DESKS, desk
from lodestar.core.tasks.outcomes import TaskKind, kind_from
from lodestar.core.words import NotVisible
from lodestar.store.models import CrewMember, Matter, Place, Task
from lodestar.store.playbooks import playbook
from lodestar.store.queries import formulas, kept
from lodestar.store.queries.access import in_reach, place_of, with_person


def kinds(*, kind: str, at: datetime) -> dict[str, TaskKind]:
    """Every kind of work in force on this kind of matter, by code; none where its desk asks for none."""
    book = desk(kind=kind).tasks
    table = playbook(book).in_force(at).values["kinds"] if book else {}
    return {code: kind_from(code, row) for code, row in table.items()}


def skills(*, at: datetime) -> frozenset[str]:
    """Every skill that some kind of work, or a crew of the formula in force, asks for."""
    asked = {skill for desk_kind in DESKS for kind_of in kinds(kind=desk_kind, at=at).values() for skill in kind_of.skills}
    crews = formulas.in_force(at=at).formula.crews.values()
    return frozenset(asked | {skill for slots in crews for slot in slots for skill in slot})


def mine(*, user_id: int) -> QuerySet[Task]:
    """Somebody's open tasks, soonest first."""
    return Task.objects.filter(with_person(user_id), is_open=True).select_related("matter__person", "assignee").order_by("due_at")


def in_sight(*, actor: Actor, task_id: int) -> Task:
    """A task within the viewer's reach; raises NotVisible otherwise."""
    row = Task.objects.filter(pk=task_id).select_related("matter__person", "assignee", "created_by", "origin__matter").first()
    place = place_of(row) if row is not None else None
    if row is None or not (actor.may("tasks.read", place) or goes(row, actor.id)):
        raise NotVisible
    return row


def goes(row: Task, user_id: int | None) -> bool:
    """Whether somebody has the task or goes along on it."""
    return user_id is not None and (row.assignee_id == user_id or row.crew_members.filter(assignee_id=user_id, released_at=None).exists())


def places() -> dict[int, str]:
    """Where work can be: every place of the force by its row, by name."""
    return dict(Place.objects.order_by("name").values_list("pk", "name"))


def open_on(matter: Matter) -> dict[int, str]:
    """The open work on a matter that other work can be asked to wait for, by its row."""
    return dict(matter.tasks.filter(is_open=True).order_by("due_at", "pk").values_list("pk", "title"))


def asked_by(matter_id: int, deed_id: int) -> list[Task]:
    """The open tasks of a matter that a deed asked for."""
    return list(Task.objects.filter(matter_id=matter_id, origin_id=deed_id, is_open=True))


def of_other_plans(matter_id: int, person_id: int) -> list[Task]:
    """The open tasks of a matter that a plan of anybody but this person asked for."""
    return kept.rows_soon(_of_other_plans, matter_id, person_id)()


def _of_other_plans(matter: int, person: int) -> QuerySet[Task]:
    return Task.objects.filter(matter_id=matter, is_open=True, origin__isnull=False).exclude(origin__matter__person_id=person)


def waits_for(row: Task) -> list[Task]:
    """The work that must have ended before this starts and has not."""
    return list(Task.objects.filter(pk__in=row.after, is_open=True).order_by("pk")) if row.after else []


def with_whom(task: Task) -> tuple[int, ...]:
    """Everybody a task is with, in the order of its slots."""
    if task.assignee_id is None:
        return ()
    return (task.assignee_id, *task.crew_members.filter(released_at=None).order_by("slot").values_list("assignee_id", flat=True))


def crew(row: Task) -> list[CrewMember]:
    """Those who go along, in the order of their slots."""
    return list(row.crew_members.filter(released_at=None).select_related("assignee").order_by("slot"))


def open_tasks(*, actor: Actor, most: int = 300) -> QuerySet[Task]:
    """Open tasks on matters within reach, most pressing first."""
    within = Matter.objects.filter(in_reach(actor=actor, permission="tasks.read")).values("pk")
    rows = Task.objects.filter(is_open=True, matter__in=within).select_related("matter__person", "assignee")
    return rows.order_by("matter__tier", "due_at")[:most]
