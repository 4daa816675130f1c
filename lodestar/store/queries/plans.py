"""What was planned for an exploited child, as pages show it: trigger plans in use, disruption, and what return interviews told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor
from lodestar.core.matters.desk import Done, Story
from lodestar.core.matters.exploitation import disruption, intelligence, triggers
from lodestar.core.matters.exploitation.disruption import Piece, Plan
from lodestar.core.matters.exploitation.intelligence import Told
from lodestar.store.models import Matter, Obligation, Task, TaskStep
from lodestar.store.queries import duty
from lodestar.store.queries.access import place_of
from lodestar.store.queries.stories import as_done, stories_of


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One action agreed beforehand, and the task it became, where it did."""

    number: int
    text: str
    task: Task | None


@dataclass(frozen=True, slots=True)
class PlanHere:
    """One trigger plan on a missing child's page. Who may not read the record it is from sees its actions and nothing of the record."""

    lines: tuple[PlanLine, ...]
    record: Matter | None = None
    plan: Done | None = None

    @property
    def open(self) -> int:
        """How many actions nobody has finished."""
        return sum(line.task is None or line.task.is_open for line in self.lines)


def trigger_plans(matter: Matter, *, actor: Actor, at: datetime) -> tuple[PlanHere, ...]:
    """The trigger plans in use on a missing child's matter, and, for those who may read the record, those that hold and are not in use."""
    if matter.kind != "missing":
        return ()
    asked = matter.tasks.filter(origin__code="trigger_plan_made", origin__matter__person_id=matter.person_id)
    tasks = list(asked.select_related("assignee", "origin__matter").order_by("origin_id", "origin_number"))
    records = {task.origin.matter_id: task.origin.matter for task in tasks if task.origin is not None}
    if matter.is_open:
        records |= {row.pk: row for row in Matter.objects.filter(kind="exploitation", person_id=matter.person_id, is_open=True)}
    readable = {pk: row for pk, row in records.items() if actor.may(Permission.MATTERS_READ, place_of(row))}
    used: dict[int, dict[int, Task]] = {}
    for task in tasks:
        used.setdefault(task.origin_id or 0, {})[task.origin_number] = task
    found = [_in_use(pieces, readable) for pieces in used.values()]
    if matter.is_open:
        stories = stories_of(list(readable.values()), at=at)
        holding = ((readable[pk], done) for pk, story in stories.items() for done in triggers.plans(story=story, at=at))
        found += [PlanHere(_lines(done, {}), row, done) for row, done in holding if done.id not in used]
    return tuple(found)


def _in_use(pieces: dict[int, Task], readable: dict[int, Matter]) -> PlanHere:
    origin = next(iter(pieces.values())).origin
    assert origin is not None  # noqa: S101 - only work with an origin is asked for
    done, record = as_done(origin), readable.get(origin.matter_id)
    if record is None:
        return PlanHere(tuple(PlanLine(number, task.detail, task) for number, task in pieces.items()))
    return PlanHere(_lines(done, pieces), record, done)


def _lines(done: Done, pieces: dict[int, Task]) -> tuple[PlanLine, ...]:
    return tuple(PlanLine(line.line, line.text, pieces.get(line.line)) for line in triggers.lines(done))


@dataclass(frozen=True, slots=True)
class Interview:
    """One return interview as the record's page shows it: how far it has come, by whom, and by when it is to be weighed."""

    told: Told
    due_at: datetime | None
    weighed_by: str = ""
    used_by: str = ""


def interviews(matter: Matter, *, story: Story) -> tuple[Interview, ...]:
    """What return interviews told, those not yet in an assessment first, the oldest first."""
    found = intelligence.told(story=story)
    owed = Obligation.objects.filter(matter=matter, rule="EXP-INTERVIEW-WEIGHED", is_open=True)
    due = dict(owed.values_list("subject_id", "due_at"))
    names = duty.names(done.by for one in found for done in (one.answer, one.used_in) if done is not None)
    lines = (Interview(one, due.get(one.deed.id), _by(names, one.answer), _by(names, one.used_in)) for one in found)
    return tuple(sorted(lines, key=lambda line: (not line.told.is_outstanding, line.told.deed.at)))


def _by(names: dict[int, str], done: Done | None) -> str:
    return names.get(done.by or 0, "") if done is not None else ""


def disruption_plans(matter: Matter, *, story: Story) -> tuple[Plan, ...]:
    """Every disruption plan on a record, each action as the work on it stands."""
    return disruption.plans(story=story, pieces=work_on([matter]))


def work_on(matters: Sequence[Matter]) -> tuple[Piece, ...]:
    """Every piece of work that a deed on these records asked for there, as it stands; one query for the work, one for why it ended."""
    rows = list(Task.objects.filter(matter__in=matters, origin__matter=F("matter")).select_related("assignee").order_by("pk"))
    ends = TaskStep.objects.filter(task__in=rows, verb="cancel").values_list("task_id", "reason")
    cancelled = dict(ends)
    return tuple(
        Piece(
            task=row.pk,
            asked=row.origin_id or 0,
            state=row.state,
            title=row.title,
            with_whom=row.assignee.name if row.assignee else "",
            blocked_by=row.blocked_by,
            why=cancelled.get(row.pk) or "; ".join(str(words) for words in row.evidence.values()),
        )
        for row in rows
    )


def provenance(task: Task, *, actor: Actor) -> tuple[str, int, Matter | None] | None:
    """The deed that asked for a task, which piece of it, and the record it is from where the viewer may read that."""
    origin = task.origin
    if origin is None:
        return None
    readable = actor.may(Permission.MATTERS_READ, place_of(origin.matter))
    return origin.code, task.origin_number, origin.matter if readable else None
