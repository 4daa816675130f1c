"""Meetings exist before they are due, each owed by one named person; they are prepared, held, or not held with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError

from lodestar.actions import clocks
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.packs import agenda as agendas
from lodestar.core.packs.lifecycle import MEETING, hold_gaps
from lodestar.core.packs.template import Template
from lodestar.core.times import local_date
from lodestar.core.words import NotVisible, insist, require
from lodestar.store.models import Meeting, Obligation
from lodestar.store.queries import agendas as reading
from lodestar.store.queries import duty
from lodestar.store.queries import packs as queries

HELD, DROPPED = "meeting_held", "meeting_dropped"


def plan(*, actor: Actor, now: datetime) -> int:
    """Make every meeting that is to come, as far ahead as its template says. Planning twice makes none twice. Returns how many."""
    wanted = queries.to_plan(at=now)
    if not wanted or not queries.anybody_to_chair():
        return 0  # a force that has given nobody the role yet: made as soon as it has
    return sum(_plan(actor, one, due, now) for one, due in wanted)


def _plan(actor: Actor, one: Template, due_at: datetime, now: datetime) -> bool:
    try:
        with perform("meeting.planned", actor=actor, now=now, permission=P.JOBS_RUN) as act:
            row = act.add(
                Meeting(
                    template=one.code,
                    template_from=local_date(due_at),
                    template_hash=one.content_hash,
                    due_at=due_at,
                    planned_at=now,
                )
            )
            owe(act, row, one)
            act.record(row, detail={"template": one.code, "due": due_at.isoformat()})
    except IntegrityError:  # two jobs at the same instant: the database keeps one
        return False
    return True


def owe(act: Act, row: Meeting, one: Template) -> None:
    """The clock of a meeting starts at its time: whoever the rota names for that time owes it, before it is due."""
    clocks.begin(act, None, one.event, at=row.due_at, about=row)


def name_chairs(*, actor: Actor, now: datetime) -> int:
    """Where the rota by now names somebody else for a meeting soon to be held, that person owes it. Returns how many changed."""
    changed = 0
    for row in queries.chairs_to_name(at=now):
        owed = duty.owing(post_kind=row.owed_post, matter=None, about=None, at=row.started_at)
        if owed.person != row.owed_by_id:
            _name(actor, row, owed.person, owed.because, now)
            changed += 1
    return changed


def _name(actor: Actor, row: Obligation, person: int, because: str, now: datetime) -> None:
    with perform("meeting.chair_named", actor=actor, now=now, permission=P.JOBS_RUN) as act:
        was = row.owed_by_id
        act.move(row, owed_by_id=person, because=because[:240])
        act.record(row, detail={"meeting": row.subject_id, "from": was, "to": person})


def prepare(*, actor: Actor, meeting_id: int, seen_version: int, now: datetime) -> None:
    """Write the agenda from what is due, late, open or left over now. It can be done again until the meeting begins."""
    with perform("meeting.prepared", actor=actor, now=now, permission=P.PACKS_PREPARE) as act:
        row = mine(act, meeting_id, seen_version)
        found = reading.agenda(meeting=row, template=queries.template_of(row), at=now)
        step(act, row, "prepare", prepared_at=now, prepared_by_id=act.person, agenda=agendas.kept(found))


def hold(*, actor: Actor, meeting_id: int, seen_version: int, attended: str, now: datetime) -> None:
    """The meeting begins, in the name of whoever chairs it: from here on its decisions are recorded.

    Refuses one before its day, and one that says nobody was there.
    """
    with perform("meeting.was_held", actor=actor, now=now, permission=P.PACKS_HOLD) as act:
        row = mine(act, meeting_id, seen_version)
        require(*hold_gaps(attended=attended, due_at=row.due_at, now=now))
        step(act, row, "hold", held_at=now, chair_id=act.person, attended=attended.strip())
        clocks.settle_about(act, row, code=HELD)


def drop(*, actor: Actor, meeting_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """A meeting that is not held says why, by name; what was due at it stays owed."""
    with perform("meeting.not_held", actor=actor, now=now, permission=P.PACKS_HOLD) as act:
        row = mine(act, meeting_id, seen_version)
        changes: dict[str, Any] = {"not_held_at": now, "not_held_by_id": act.person, "not_held_reason": reason.strip()}
        step(act, row, "drop", reason=reason, **changes)
        for owed in Obligation.objects.filter(subject_kind="meeting", subject_id=row.pk, is_open=True):
            act.move(owed, cancelled_at=now, cancelled_reason="The meeting was not held, and the reason is on record.", is_open=False)


def reinstate(*, actor: Actor, meeting_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """A meeting wrongly said not to be held is to be held after all; whoever said so and why stays in the audit."""
    with perform("meeting.reinstated", actor=actor, now=now, permission=P.PACKS_HOLD) as act:
        row = mine(act, meeting_id, seen_version)
        changes: dict[str, Any] = {"not_held_at": None, "not_held_by_id": None, "not_held_reason": "", "agenda": []}
        step(act, row, "reinstate", reason=reason, **changes)
        for owed in Obligation.objects.filter(subject_kind="meeting", subject_id=row.pk, done_at=None):
            act.move(owed, cancelled_at=None, cancelled_reason="", is_open=True)


def mine(act: Act, meeting_id: int, seen_version: int | None = None) -> Meeting:
    """A meeting that one of the actor's roles comes to; any other is not there."""
    row = act.claim(Meeting, meeting_id, seen_version=seen_version)
    if not queries.attends(actor=act.actor, meeting=row):
        raise NotVisible
    return row


def step(act: Act, row: Meeting, verb: str, *, reason: str = "", detail: dict[str, Any] | None = None, **changes: Any) -> None:
    """Move a meeting by its table, and leave the audit row."""
    move = insist(MEETING.step(state=row.state, verb=verb, permissions=act.actor.permissions, reason=reason))
    act.move(row, state=move.target, **changes)
    act.record(row, verb=move.audit, detail={"template": row.template, **(detail or {})})
    act.changed(None, move.audit)
