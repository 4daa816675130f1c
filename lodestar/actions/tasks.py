"""Work on a matter: asked for, issued, acknowledged, worked, and finished with evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from lodestar.actions import clocks, notices
from lodestar.actions.matters.deeds import amounts_to, write_down
from lodestar.actions.matters.moving import did, settle
from lodestar.actions.matters.work import release, step_task
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.tasks import outcomes
from lodestar.core.words import NotVisible, Refusal, insist, require
from lodestar.store.models import CrewMember, Matter, Task
from lodestar.store.queries import tasks as queries

NOBODYS: dict[str, Any] = {"assignee_id": None, "planned_start": None, "issued_at": None, "asked_of": "", "with_partner": ""}


def ask_for_task(
    *,
    actor: Actor,
    matter_id: int,
    kind: str,
    detail: str,
    earliest_at: datetime,
    due_at: datetime,
    wishes: outcomes.Wishes = outcomes.Wishes(),  # noqa: B008 - a frozen value
    now: datetime,
) -> int:
    """Put a piece of work on the list of what is to be done; it is nobody's until it is issued."""
    with perform("tasks.asked", actor=actor, now=now, permission=P.MATTERS_PROGRESS) as act:
        matter = act.claim(Matter, matter_id)
        made = queries.kinds(kind=matter.kind, at=now).get(kind)
        require(None if made else Refusal("task.kind", "Choose the kind of work from the list.", "", "kind"))
        assert made is not None  # noqa: S101 - refused just above
        require(
            *outcomes.ask_gaps(earliest_at=earliest_at, due_at=due_at, matter_open=matter.is_open, now=now),
            *outcomes.wish_gaps(wishes=wishes, places=queries.places(), open_tasks=queries.open_on(matter)),
        )
        task = act.add(
            Task(
                matter=matter,
                kind=kind,
                title=made.title,
                detail=detail,
                minutes=made.minutes,
                skills=list(made.skills),
                place_id=wishes.place,
                after=list(wishes.after),
                officer_sex=wishes.officer_sex,
                earliest_at=earliest_at,
                due_at=due_at,
                created_at=now,
                created_by_id=actor.id,
            )
        )
        act.record(task, detail={"matter": matter.pk, "kind": kind})
        act.changed(matter.pk)
        settle(act, matter)
        return int(task.pk)


def issue(
    act: Act, task: Task, *, people: Sequence[int], planned_start: datetime | None, because: str, proposal_id: int | None = None
) -> None:
    """Give a task to named people, the first of whom answers for it; each is told and must acknowledge for themselves."""
    first, *others = people
    step_task(
        act,
        task,
        "issue",
        assignee_id=first,
        issued_at=act.now,
        planned_start=planned_start,
        because=because[:240],
        proposal_id=proposal_id,
    )
    clocks.begin(act, task.matter, "task_issued", at=act.now, about=task)
    notices.tell(act, user_id=first, kind="task", about=task, text=f"A task on {task.matter.reference} is yours. Acknowledge it.")
    for slot, person in enumerate(others, start=1):
        member = act.add(CrewMember(task=task, slot=slot, assignee_id=person, issued_at=act.now))
        clocks.begin(act, task.matter, "task_issued", at=act.now, about=member)
        words = f"You go with somebody on a task on {task.matter.reference}. Acknowledge it."
        notices.tell(act, user_id=person, kind="task", about=task, text=words)


def take_back(act: Act, task: Task, *, why: str, verb: str = "take_back", by_rule: bool = False) -> None:
    """A decider, or a rule, takes work from those who have it and have not begun; each of them is told, and reads why on the task."""
    for person in queries.with_whom(task):
        notices.tell(act, user_id=person, kind="task", about=task, text=f"A task on {task.matter.reference} is no longer yours: read why.")
    step_task(act, task, verb, reason=why, by_rule=by_rule, **NOBODYS)
    clocks.settle_about(act, task, code="task_acknowledged")
    release(act, task)


def work_task(*, actor: Actor, task_id: int, seen_version: int, verb: str, reason: str, now: datetime) -> None:
    """The person a task is with acknowledges, starts, blocks, unblocks or gives it back; others may not."""
    with perform(f"tasks.{verb}", actor=actor, now=now, permission=P.TASKS_WORK) as act:
        task = act.claim(Task, task_id, seen_version=seen_version)
        if verb not in ("acknowledge", "start", "block", "unblock", "give_back"):
            raise NotVisible
        member = task.crew_members.filter(assignee_id=act.actor.id, released_at=None).first()
        if member is not None and verb == "acknowledge":
            _goes_along(act, task, member)
            return
        if member is None or verb != "give_back":  # whoever goes along may say that they cannot; the rest is the first one's to say
            _insist_mine(act, task)
        changes: dict[str, Any] = {"blocked_by": reason[:160] if verb == "block" else ""}
        step_task(act, task, verb, reason=reason, **changes, **(NOBODYS if verb == "give_back" else {}))
        if verb in ("acknowledge", "give_back"):
            did(act, task.matter, "task_acknowledged", detail={"task": task.pk}, about=task)
        if verb == "give_back":
            release(act, task)
        settle(act, task.matter)


def finish_task(
    *,
    actor: Actor,
    task_id: int,
    seen_version: int,
    outcome: str,
    evidence: Mapping[str, str],
    done_at: datetime,
    now: datetime,
) -> None:
    """A task ends with the evidence its outcome owes; one that is done and amounts to a deed stops the deed's clocks."""
    with perform("tasks.done", actor=actor, now=now, permission=P.TASKS_WORK) as act:
        task = _mine(act, task_id, seen_version)
        kind = queries.kinds(kind=task.matter.kind, at=task.created_at)[task.kind]
        chosen = insist(outcomes.finish(kind=kind, outcome=outcome, evidence=evidence, done_at=done_at, issued_at=task.issued_at, now=now))
        release(act, task)
        answers = {name: str(evidence.get(name, "")).strip() for name, _ in chosen.evidence}
        step_task(act, task, chosen.verb, detail={"outcome": outcome}, done_at=done_at, outcome=outcome, evidence=answers)
        deed = kind.deed(chosen)
        if deed:
            write_down(act, task.matter, deed, at=done_at, said=answers)
        if chosen.done:
            amounts_to(act, task, at=done_at, evidence=answers)
        ended = "is done" if chosen.done else "ended without being done"
        notices.tell(
            act,
            user_id=task.matter.holder_id,
            kind="task",
            about=task,
            text=f"A task on {task.matter.reference} {ended}: read the outcome.",
        )
        settle(act, task.matter)


def cancel_task(*, actor: Actor, task_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """Work that is no longer wanted is cancelled with a reason; whoever has it is told."""
    with perform("tasks.cancelled", actor=actor, now=now, permission=P.TASKS_CANCEL) as act:
        task = act.claim(Task, task_id, seen_version=seen_version)
        for person in queries.with_whom(task):
            notices.tell(act, user_id=person, kind="task", about=task, text=f"A task on {task.matter.reference} is no longer wanted.")
        step_task(act, task, "cancel", reason=reason)
        clocks.settle_about(act, task, code="task_acknowledged")
        release(act, task)
        settle(act, task.matter)


def _goes_along(act: Act, task: Task, member: CrewMember) -> None:
    if member.acknowledged_at is not None:
        require(Refusal("task.acknowledged", "You have said already that you have it."))
    act.move(member, acknowledged_at=act.now)
    act.record(member, detail={"matter": task.matter_id, "task": task.pk})
    did(act, task.matter, "task_acknowledged", detail={"task": task.pk, "slot": member.slot}, about=member)
    act.changed(task.matter_id)
    settle(act, task.matter)


def _mine(act: Act, task_id: int, seen_version: int) -> Task:
    task = act.claim(Task, task_id, seen_version=seen_version)
    _insist_mine(act, task)
    return task


def _insist_mine(act: Act, task: Task) -> None:
    if task.assignee_id != act.actor.id:
        require(Refusal("task.not_yours", "This task is with somebody else. Ask them, or ask for it to be issued to you."))
