"""Work that a deed or a plan asks for by rule, once; and the one way a task moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from lodestar.actions import clocks, notices
from lodestar.actions.matters.moving import next_number
from lodestar.actions.perform import Act
from lodestar.core.access.permissions import Permission
from lodestar.core.matters.desk import Wanted
from lodestar.core.matters.exploitation.triggers import actions_for_report
from lodestar.core.tasks.lifecycle import OPEN, TASK, WITH_SOMEBODY
from lodestar.core.tasks.outcomes import start_by
from lodestar.core.words import insist
from lodestar.store.models import Deed, Matter, Person, Report, Task, TaskStep
from lodestar.store.queries import tasks as queries
from lodestar.store.queries.matters import missing_of, records_of
from lodestar.store.queries.stories import stories_of

EVERY = frozenset(Permission)


def ask(act: Act, matter: Matter, *, origin: Deed, wanted: Wanted) -> Task | None:
    """Put a piece of work that a deed asks for on the list; the same piece of it is one task on this matter, however often asked.

    None where it is there already. Two who ask at the same instant make one: the database decides.
    """
    same = {"matter": matter, "origin": origin, "origin_number": wanted.number}
    if Task.objects.filter(**same).exists():
        return None
    kind = queries.kinds(kind=matter.kind, at=act.now)[wanted.kind]
    task = Task(
        **same,
        kind=kind.code,
        title=kind.title,
        detail=wanted.detail,
        minutes=kind.minutes,
        skills=list(kind.skills),
        earliest_at=act.now,
        due_at=start_by(kind=kind, chosen=wanted.due_at, now=act.now),
        created_at=act.now,
        created_by_id=act.actor.id,
    )
    try:
        with transaction.atomic():
            act.add(task)
    except IntegrityError:  # somebody else's report made it between the look and the write
        return None
    act.record(task, verb="tasks.asked", detail={"matter": matter.pk, "kind": kind.code, "deed": origin.pk, "number": wanted.number})
    act.changed(matter.pk)
    return task


def withdraw(act: Act, matter: Matter, tasks: Sequence[Task], *, why: str) -> int:
    """Open work that was asked for by rule and is wanted no longer is cancelled by rule, whoever acts; those who have it are told."""
    for task in tasks:
        task.matter = matter
        for person in queries.with_whom(task):
            notices.tell(act, user_id=person, kind="task", about=task, text=f"A task on {matter.reference} is no longer wanted.")
        step_task(act, task, "cancel", reason=why, by_rule=True)
        clocks.settle_about(act, task, code="task_acknowledged")
        release(act, task)
    return len(tasks)


def use_trigger_plans(act: Act, matter: Matter) -> int:
    """Every action of a trigger plan that held when one of its reports came is a task on a missing child's matter, each once.

    Returns how many were made now. A child who is back, and one without an open exploitation record, gets none.
    """
    if matter.kind != "missing" or not matter.is_open or matter.state == "returned":
        return 0
    records = act.answer(records_of, matter.person_id)
    if not records:
        return 0
    stories = list(stories_of(records, at=act.now).values())
    came = Report.objects.filter(in_matters__matter=matter).order_by("reported_at").values_list("reported_at", flat=True)
    wanted = {action.key: action for at in came for action in actions_for_report(stories=stories, reported_at=at)}
    deeds = Deed.objects.select_related("matter").in_bulk({action.plan for action in wanted.values()})
    made = [task for one in wanted.values() if (task := ask(act, matter, origin=deeds[one.plan], wanted=one.work)) is not None]
    if made:
        _tell(act, matter, made)
    return len(made)


def _tell(act: Act, matter: Matter, made: list[Task]) -> None:
    """Whoever answers for the search learns what was agreed beforehand; whoever answers for the record learns that it is needed."""
    words = f"{matter.reference}: {len(made)} task{'' if len(made) == 1 else 's'} agreed beforehand for this child are on the list."
    notices.tell(act, user_id=matter.holder_id, kind="task", about=matter, text=words, key=f"trigger:{matter.pk}:{made[0].pk}")
    for record in {task.origin.matter_id: task.origin.matter for task in made if task.origin is not None}.values():
        act.record(record, verb="matter.trigger_plan_used", detail={"missing": matter.pk, "tasks": len(made)})
        act.changed(record.pk)
        words = f"The child of {record.reference} is reported missing, and the trigger plan is in use on {matter.reference}."
        notices.tell(act, user_id=record.holder_id, kind="task", about=record, text=words, key=f"trigger:{record.pk}:{matter.pk}")


def follow_child(act: Act, left: Person, person: Person) -> None:
    """Once it is settled who a report is about, plans follow the child: work of a plan of somebody else is withdrawn, theirs asked for."""
    for matter in act.answer(missing_of, left.pk, person.pk):
        act.ask_ahead(records_of, matter.person_id)
        others = queries.of_other_plans(matter.pk, matter.person_id)
        withdraw(act, matter, others, why="The plan is another child's: the report was joined to the wrong one.")
        use_trigger_plans(act, matter)


def step_task(
    act: Act, task: Task, verb: str, *, reason: str = "", detail: dict[str, Any] | None = None, by_rule: bool = False, **changes: Any
) -> None:
    """Move a task by its table, with its history and audit rows; ``by_rule`` where it is no choice of the person's."""
    row = insist(TASK.step(state=task.state, verb=verb, permissions=EVERY if by_rule else act.actor.permissions, reason=reason))
    source = task.state
    act.move(task, state=row.target, is_open=row.target in OPEN, **changes)
    act.add(
        TaskStep(
            task=task,
            number=next_number(TaskStep, task=task),
            verb=verb,
            source=source,
            target=row.target,
            at=act.now,
            by_id=act.actor.id,
            reason=reason,
            detail=detail or {},
        )
    )
    act.record(task, verb=row.audit, detail={"matter": task.matter_id, "to": row.target})
    act.changed(task.matter_id, row.audit)
    if source == "asked":  # answered, taken back or over: no answer is owed any more
        clocks.settle_about(act, task, code="partner_answered")
    if row.target in WITH_SOMEBODY or row.target in TASK.final:  # somebody does it, or it is wanted no longer
        clocks.settle_about(act, task, code="task_resourced")


def release(act: Act, task: Task) -> None:
    """Nobody goes along any longer: the work is back on the list, moved or over."""
    for member in task.crew_members.filter(released_at=None):
        act.move(member, released_at=act.now)
        clocks.settle_about(act, member, code="task_acknowledged")
