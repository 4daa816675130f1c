"""Partner agencies are tasked by request and acceptance, never by order: asked, and free to decline."""

from __future__ import annotations

from datetime import datetime

from lodestar.actions import clocks, notices
from lodestar.actions.matters.moving import settle
from lodestar.actions.matters.work import step_task
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.tasks import partners as rules
from lodestar.core.words import NotVisible, require
from lodestar.store.models import Disclosure, Receipt, Task
from lodestar.store.queries import partners as queries


def ask_partner(
    *, actor: Actor, task_id: int, seen_version: int, agency: str, needed: str, power: str, reply_by: datetime | None, now: datetime
) -> int:
    """Ask an agency for a piece of work that nobody has; what it is told and under which power is on record. Returns the disclosure.

    Refuses an agency that the formula does not let be asked for this work, or where nobody would read the request. It stays
    nobody's, and whoever answers for the matter is owed an answer, until somebody there says yes.
    """
    with perform("tasks.ask_partner", actor=actor, now=now, permission=P.TASKS_ISSUE) as act:
        task = act.claim(Task, task_id, seen_version=seen_version)
        may = queries.agencies(task, at=now)
        readers = queries.answering(agency=agency, authority=task.matter.authority, at=now) if agency in may else ()
        require(
            *rules.ask_gaps(agency=agency, may=may, answering=len(readers), needed=needed, power=power, reply_by=reply_by, now=now),
        )
        body = f"{rules.AGENCIES[agency]}, {queries.area(task.matter)}"[:120]
        told = act.add(
            Disclosure(
                matter=task.matter,
                recipient=body,
                person_told="Whoever answers its requests",
                power=power.strip()[:160],
                what=needed.strip(),
                told_at=now,
                by_id=act.actor.id,
            )
        )
        step_task(act, task, "ask_partner", detail={"agency": agency, "disclosure": told.pk}, asked_of=agency)
        clocks.begin(act, task.matter, "partner_asked", at=now, chosen=reply_by, about=task)
        for person in readers:
            notices.tell(act, user_id=person, kind="request", about=task, text=f"Your agency is asked for work on {task.matter.reference}.")
        settle(act, task.matter)
        return int(told.pk)


def answer_request(*, actor: Actor, task_id: int, seen_version: int, verb: str, who: str, reason: str, now: datetime) -> None:
    """Somebody of the agency that is asked says yes, naming who does it, or no, with the reason.

    A yes makes the work theirs, acknowledged; a no puts it back on the list. Refuses whoever does not answer for that agency.
    """
    with perform("tasks.answer_request", actor=actor, now=now, permission=P.TASKS_ANSWER) as act:
        task = act.claim(Task, task_id, seen_version=seen_version)
        if verb not in ("accept", "decline") or task.state != "asked" or not queries.is_theirs(task, act.actor):
            raise NotVisible
        require(*rules.answer_gaps(verb=verb, who=who))
        if verb == "accept":
            agency = rules.AGENCIES[task.asked_of]
            because = f"{agency} was asked, and said yes."
            step_task(
                act, task, verb, detail={"who": who.strip()},
                assignee_id=act.person, issued_at=now, with_partner=who.strip()[:160], because=because, proposal_id=None,
            )  # fmt: skip
        else:
            step_task(act, task, verb, reason=reason, asked_of="")
        told = queries.disclosure_of(task)
        act.add(Receipt(disclosure=told, received_by=act.actor.name, received_at=now, by_id=act.actor.id))
        said = "said yes to work" if verb == "accept" else "declined work: read why"
        _tell_askers(act, task, f"{told.recipient} {said} on {task.matter.reference}.")
        settle(act, task.matter)


def withdraw_request(*, actor: Actor, task_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """What an agency was asked for and has not answered is taken back, with a reason; those who could answer are told."""
    with perform("tasks.withdraw_request", actor=actor, now=now, permission=P.TASKS_ISSUE) as act:
        task = act.claim(Task, task_id, seen_version=seen_version)
        readers = queries.answering(agency=task.asked_of, authority=task.matter.authority, at=now) if task.asked_of else ()
        step_task(act, task, "withdraw", reason=reason, asked_of="")
        for person in readers:
            words = f"Work on {task.matter.reference} is no longer asked of your agency."
            notices.tell(act, user_id=person, kind="request", about=task, text=words)
        settle(act, task.matter)


def _tell_askers(act: Act, task: Task, words: str) -> None:
    """Whoever asked, and whoever answers for the matter: each once."""
    for person in {queries.asker(task), task.matter.holder_id}:
        notices.tell(act, user_id=person, kind="task", about=task, text=words)
