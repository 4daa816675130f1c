"""What partner agencies are asked for: who of an agency may answer, and what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from lodestar.core.access.scope import Actor
from lodestar.core.tasks.partners import agencies_of, askable, role_of
from lodestar.core.words import NotVisible
from lodestar.store.models import Authority, Disclosure, Matter, Obligation, RoleGrant, Task, TaskStep
from lodestar.store.queries import formulas
from lodestar.store.queries.access import in_reach, place_of

LATELY = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Request:
    """One request to an agency: the work, what the agency was told, and by when it is to answer."""

    task: Task
    told: str
    power: str
    asked_at: datetime
    asked_by: str
    reply_by: datetime | None  # None once it is answered


def agencies(task: Task, *, at: datetime) -> tuple[str, ...]:
    """The agencies that the formula in force lets be asked for this work."""
    return askable(kind=task.kind, partners=formulas.in_force(at=at).formula.partners)


def answering(*, agency: str, authority: str, at: datetime) -> tuple[int, ...]:
    """Everybody who may answer for an agency in an authority's area."""
    held = RoleGrant.objects.filter(role=role_of(agency), from_at__lte=at, user__is_active=True)
    rows = held.filter(Q(until_at=None) | Q(until_at__gt=at)).order_by("user_id").values_list("user_id", "places")
    return tuple(dict.fromkeys(user for user, places in rows if authority in places))


def area(matter: Matter) -> str:
    """The name of the authority whose area a child is of; its code where it has none."""
    return Authority.objects.filter(code=matter.authority).values_list("name", flat=True).first() or matter.authority


def asked(*, actor: Actor, at: datetime) -> tuple[Request, ...]:
    """What the viewer's agency is asked for and has not answered, the soonest first."""
    rows = Task.objects.filter(_theirs(actor), state="asked").select_related("matter__person")
    found = _requests(list(rows.order_by("pk")))
    return tuple(sorted(found, key=lambda one: (one.reply_by or at, one.task.pk)))


def accepted(*, actor: Actor, at: datetime) -> tuple[Task, ...]:
    """What the viewer's agency said yes to: what is still to be done, then what ended lately."""
    rows = Task.objects.filter(_theirs(actor)).exclude(state__in=("open", "asked")).select_related("matter__person", "assignee")
    return tuple(rows.filter(Q(is_open=True) | Q(done_at__gt=at - LATELY)).order_by("-is_open", "due_at"))


def _theirs(actor: Actor) -> Q:
    within = Matter.objects.filter(in_reach(actor=actor, permission="tasks.answer")).values("pk")
    return Q(asked_of__in=agencies_of(actor.roles), matter__in=within)


def request_in_sight(*, actor: Actor, task_id: int) -> Request:
    """One request to the viewer's own agency, in its area; raises NotVisible otherwise."""
    row = Task.objects.filter(pk=task_id, state="asked").select_related("matter__person").first()
    if row is None or not is_theirs(row, actor):
        raise NotVisible
    return _requests([row])[0]


def is_theirs(row: Task, actor: Actor) -> bool:
    """Whether the viewer answers for the agency that a task is asked of."""
    return row.asked_of in agencies_of(actor.roles) and actor.may("tasks.answer", place_of(row))


def _requests(rows: list[Task]) -> list[Request]:
    asked = TaskStep.objects.filter(task__in=rows, verb="ask_partner").select_related("by").order_by("number")
    steps = {step.task_id: step for step in asked}  # the newest of each
    told = {row.pk: row for row in Disclosure.objects.filter(pk__in=[step.detail["disclosure"] for step in steps.values()])}
    owed = Obligation.objects.filter(is_open=True, satisfied_by="partner_answered", subject_kind="task")
    due = dict(owed.filter(subject_id__in=[row.pk for row in rows]).values_list("subject_id", "due_at"))
    found = []
    for row in rows:
        step = steps[row.pk]
        said = told[step.detail["disclosure"]]
        found.append(Request(row, said.what, said.power, step.at, step.by.name if step.by else "", due.get(row.pk)))
    return found


def asker(task: Task) -> int | None:
    """Who asked last."""
    return TaskStep.objects.filter(task=task, verb="ask_partner").order_by("-number").values_list("by_id", flat=True).first()


def disclosure_of(task: Task) -> Disclosure:
    """What the agency was told when it was last asked."""
    detail = TaskStep.objects.filter(task=task, verb="ask_partner").order_by("-number").values_list("detail", flat=True)[0]
    return Disclosure.objects.get(pk=detail["disclosure"])
