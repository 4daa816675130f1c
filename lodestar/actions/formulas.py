"""Versions of the tasking formula: drafted, run in the shadow of real days, approved by somebody else, in force from a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.playbook import content_hash
from lodestar.core.tasking.versions import FORMULA, approve_gaps, draft_gaps
from lodestar.core.times import local_date
from lodestar.core.words import insist, require
from lodestar.store.models import Formula
from lodestar.store.queries import formulas as queries
from lodestar.store.queries import shadow


def draft(*, actor: Actor, document: Mapping[str, Any], reason: str, now: datetime) -> int:
    """Keep a draft; refuses one that cannot be followed, gives no reason, or says what another version says. Returns its number."""
    with perform("formulas.drafted", actor=actor, now=now, permission=P.FORMULAS_DRAFT) as act:
        table = queries.plain(document)
        digest = content_hash(table)
        require(*draft_gaps(reason=reason, faults=queries.faults(table), same_as=queries.same_content(content_hash=digest)))
        number = queries.next_number()
        made = act.add(Formula(number=number, reason=reason, document=table, content_hash=digest, drafted_by_id=act.person, drafted_at=now))
        act.record(made, detail={"number": number, "content": digest})
        return number


def ask_for_shadow_run(*, actor: Actor, number: int, seen_version: int, now: datetime) -> None:
    """Ask for a draft to be run in the shadow of the last quarter's real days; the minute's job does it."""
    with perform("formulas.shadow_asked", actor=actor, now=now, permission=P.FORMULAS_DRAFT) as act:
        _step(act, number, seen_version, "ask_shadow", shadowed_by_id=act.person)


def run_shadows(*, actor: Actor, now: datetime) -> int:
    """Run every draft that waits for it, and keep what was found. Returns how many."""
    waiting = list(Formula.objects.filter(state="shadowing").order_by("number"))
    for row in waiting:
        found = shadow.run(document=row.document, at=now)  # long, so before anything is written
        with perform("formulas.shadowed", actor=actor, now=now, permission=P.JOBS_RUN) as act:
            _step(act, row.number, row.version, "shadow", shadow=found, shadowed_at=now)
    return len(waiting)


def approve(*, actor: Actor, number: int, seen_version: int, reason: str, in_force_from: date | None, now: datetime) -> None:
    """Governance approves: somebody other than who drafted it, with a reason, from a day to come."""
    with perform("formulas.approved", actor=actor, now=now, permission=P.FORMULAS_APPROVE) as act:
        row = act.claim(Formula, _pk(number), seen_version=seen_version)
        require(
            *approve_gaps(
                drafted_by=row.drafted_by_id,
                approver=act.person,
                in_force_from=in_force_from,
                today=local_date(now),
                taken=queries.days_taken(),
            )
        )
        changes = {"approved_by_id": act.person, "approved_at": now, "approval_reason": reason, "in_force_from": in_force_from}
        _step(act, number, seen_version, "approve", reason=reason, **changes)


def drop(*, actor: Actor, number: int, seen_version: int, reason: str, now: datetime) -> None:
    """A draft that is not wanted any more stays on record as dropped."""
    with perform("formulas.dropped", actor=actor, now=now, permission=P.FORMULAS_DRAFT) as act:
        _step(act, number, seen_version, "drop", reason=reason, approval_reason=reason)


def _step(act: Act, number: int, seen_version: int, verb: str, *, reason: str = "", **changes: Any) -> None:
    row = act.claim(Formula, _pk(number), seen_version=seen_version)
    move = insist(FORMULA.step(state=row.state, verb=verb, permissions=act.actor.permissions, reason=reason))
    act.move(row, state=move.target, **changes)
    act.record(row, verb=move.audit, detail={"number": number})


def _pk(number: int) -> int:
    return Formula.objects.filter(number=number).values_list("pk", flat=True).first() or 0
