"""Conflicts of interest: who may not be given work about a person. Nobody need say why."""

from __future__ import annotations

from datetime import datetime

from lodestar.actions import notices, tasks
from lodestar.actions.matters.moving import settle
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.words import NotVisible, Refusal, require
from lodestar.store.models import ConflictOfInterest, Matter, Task, User
from lodestar.store.queries.access import with_person
from lodestar.store.queries.tasking import MOVABLE

AUTHORITY = "College of Policing Code of Ethics, 2024: declare what might influence, or seem to influence, what you do"


def declare(*, actor: Actor, matter_id: int, user_id: int, now: datetime) -> int:
    """Say that somebody may not be given work about the person a matter is about: for oneself, or for others by whoever decides tasking.

    Work of theirs that has not begun goes back on the list; what is under way stays until they give it back. Refuses it twice.
    """
    with perform("conflicts.declared", actor=actor, now=now, permission=P.MATTERS_READ) as act:
        matter = act.claim(Matter, matter_id)
        if user_id != act.person and not actor.may(P.TASKING_DECIDE):
            require(Refusal("conflict.another", "Only whoever decides tasking says this of somebody else. Ask them.", AUTHORITY))
        user = User.objects.filter(pk=user_id, is_active=True).first()
        if user is None:
            raise NotVisible
        if ConflictOfInterest.objects.filter(user=user, person_id=matter.person_id, ended_at=None).exists():
            require(Refusal("conflict.stands", "That is on record already.", AUTHORITY, "user"))
        row = act.add(ConflictOfInterest(user=user, person_id=matter.person_id, declared_by_id=act.person, declared_at=now))
        act.record(row, detail={"matter": matter.pk, "user": user.pk})
        _take_work_off(act, matter, user)
        if matter.is_open and matter.holder_id == user.pk:
            words = f"{matter.reference}: you may not work on it, and you answer for it. Offer it to somebody else now."
            notices.tell(act, user_id=user.pk, kind="conflict", about=matter, text=words)
        act.changed(matter.pk)
        return int(row.pk)


def end(*, actor: Actor, matter_id: int, conflict_id: int, now: datetime) -> None:
    """It stands no longer; that it did stays on record. Whoever declared it, whom it is about, or whoever decides tasking ends it."""
    with perform("conflicts.ended", actor=actor, now=now, permission=P.MATTERS_READ) as act:
        matter = act.claim(Matter, matter_id)
        row = ConflictOfInterest.objects.filter(pk=conflict_id, person_id=matter.person_id, ended_at=None).first()
        if row is None or not (act.person in (row.user_id, row.declared_by_id) or actor.may(P.TASKING_DECIDE)):
            raise NotVisible
        act.move(row, ended_at=now)
        act.record(row, detail={"matter": matter.pk, "user": row.user_id})


def _take_work_off(act: Act, matter: Matter, user: User) -> None:
    theirs = Task.objects.filter(with_person(user.pk), state__in=MOVABLE, matter__person_id=matter.person_id).select_related("matter")
    for task in theirs.order_by("pk"):
        tasks.take_back(act, task, why="Somebody who had it may not work on it.", verb="give_back", by_rule=True)
        settle(act, task.matter)
