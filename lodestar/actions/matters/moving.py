"""The one way a matter changes state, shared by every action on matters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max, Model

from lodestar.actions import clocks, priority
from lodestar.actions.perform import Act
from lodestar.core.matters.kinds import desk, is_open, lifecycle
from lodestar.core.words import Refusal, Refused, insist
from lodestar.store.models import Deed, Matter, MatterStep
from lodestar.store.queries.clocks import next_owed


def next_number(model: type[Model], **of: Any) -> int:
    """The next number in a history; a unique constraint makes two winners impossible."""
    last: int | None = model._default_manager.filter(**of).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def step(
    act: Act,
    matter: Matter,
    verb: str,
    *,
    at: datetime | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
    **changes: Any,
) -> MatterStep:
    """Move a matter by its table, write the history row and the audit row, and wake the boards."""
    if desk(kind=matter.kind).opening and verb != "grade" and "deed" not in (detail or {}):
        raise Refused(Refusal("matter.by_deed", "On this desk a matter moves by what is recorded as done. Record that instead."))
    table = lifecycle(kind=matter.kind)
    row = insist(table.step(state=matter.state, verb=verb, permissions=act.actor.permissions, reason=reason))
    source = matter.state
    act.move(matter, state=row.target, is_open=is_open(state=row.target), **changes)
    made = act.add(
        MatterStep(
            matter=matter,
            number=next_number(MatterStep, matter=matter),
            verb=verb,
            source=source,
            target=row.target,
            at=at or act.now,
            recorded_at=act.now,
            by_id=act.actor.id,
            reason=reason,
            detail=detail or {},
        )
    )
    act.record(matter, verb=row.audit, detail={"step": made.number, "to": row.target})
    act.changed(matter.pk, row.audit)
    return made


def did(
    act: Act,
    matter: Matter,
    code: str,
    *,
    at: datetime | None = None,
    detail: dict[str, Any] | None = None,
    about: Model | None = None,
) -> Deed:
    """Write down that something was done, and stop the clocks it satisfies."""
    deed = act.add(Deed(matter=matter, code=code, at=at or act.now, recorded_at=act.now, by_id=act.actor.id, detail=detail or {}))
    clocks.satisfy(act, matter, deed, about=about)
    return deed


def settle(act: Act, matter: Matter) -> None:
    """After every change: the tier is reached afresh, and the board's mirrors are brought up to date."""
    soonest = next_owed(matter) if matter.is_open else None  # goes with what the tier asks: to reach it changes nothing owed
    clocks.mirror_next(matter, soonest, **priority.reach(act, matter))
