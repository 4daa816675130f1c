"""Models of linkage, governed: put forward with what they showed at the gate, agreed to by two people, activated, gone back from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.identity.governing import MODEL, activate_gaps, approve_gaps, propose_gaps, roll_back_gaps, weighing
from lodestar.core.identity.model import UnusableModelError, digest, read_model
from lodestar.core.words import insist, require
from lodestar.store.models import IdentityModel, ModelApproval, ModelInForce
from lodestar.store.queries import identity_models as queries


def propose(*, actor: Actor, document: Mapping[str, Any], report: Mapping[str, Any], reason: str, now: datetime) -> int:
    """Put a model forward with what it showed; refuses one that cannot be run or failed any demand of the gate. Returns its number.

    A refusal is on record too, with its codes: a model that failed leaves a trace.
    """
    with perform("identity.model_proposed", actor=actor, now=now, permission=P.IDENTITY_PROPOSE) as act:
        faults = _faults(document)
        known = "" if faults else digest(document)
        require(*propose_gaps(reason=reason, faults=faults, gate=report["gate"], same_as=queries.same_digest(digest=known)))
        number = queries.next_number()
        made = act.add(
            IdentityModel(
                number=number,
                reason=reason,
                document=dict(document),
                digest=known,
                trained_on=int(document["trained_on"]),
                snapshot=str(document.get("snapshot", "")),
                labels=int(document.get("labels", 0)),
                link_from=document.get("link_from"),
                report=dict(report),
                proposed_by_id=actor.id,
                proposed_at=now,
            )
        )
        act.record(made, detail={"number": number, "digest": known})
        return number


def approve(*, actor: Actor, number: int, seen_version: int, reason: str, now: datetime) -> None:
    """One person's word for a model, with a reason; the second makes it one that may be activated. Never one's own model."""
    with perform("identity.model_agreed", actor=actor, now=now, permission=P.IDENTITY_APPROVE) as act:
        row = act.claim(IdentityModel, _pk(number), seen_version=seen_version)
        said = list(ModelApproval.objects.filter(model=row).values_list("by_id", flat=True))
        require(*approve_gaps(proposed_by=row.proposed_by_id, approved_by=said, approver=act.person))
        _step(act, row, "approve", reason)
        act.add(ModelApproval(model=row, by_id=act.person, at=now, reason=reason))


def drop(*, actor: Actor, number: int, seen_version: int, reason: str, now: datetime) -> None:
    """A model that nobody wants any more stays on record as dropped."""
    with perform("identity.model_dropped", actor=actor, now=now, permission=P.IDENTITY_APPROVE) as act:
        _step(act, act.claim(IdentityModel, _pk(number), seen_version=seen_version), "drop", reason)


def activate(*, actor: Actor, number: int, from_at: datetime, reason: str, now: datetime) -> None:
    """From an instant on, this model weighs. What was decided before keeps the model it was decided under."""
    with perform("identity.model_activated", actor=actor, now=now, permission=P.IDENTITY_ACTIVATE) as act:
        row = act.claim(IdentityModel, _pk(number))
        require(*activate_gaps(state=row.state, from_at=from_at, now=now, reason=reason))
        act.add(ModelInForce(model=row, from_at=from_at, how="activated", by_id=actor.id, at=now, reason=reason))
        act.record(row, detail={"number": number, "digest": row.digest, "from": from_at.isoformat()})


def roll_back(*, actor: Actor, reason: str, now: datetime) -> int | None:
    """Go back, at once, to the model that weighed before; what was set for later is taken away too. Returns its number.

    None is the model that Lodestar comes with. Nothing that was joined is parted: that is people's to do, one by one.
    """
    with perform("identity.model_rolled_back", actor=actor, now=now, permission=P.IDENTITY_ACTIVATE) as act:
        held = weighing(queries.turns(), at=now)
        require(*roll_back_gaps(before=bool(held), reason=reason))
        left = IdentityModel.objects.get(pk=held[-1].model)
        back = IdentityModel.objects.get(pk=held[-2].model) if len(held) > 1 else None
        act.add(ModelInForce(model=back, from_at=now, how="rolled_back", by_id=actor.id, at=now, reason=reason))
        act.record(left, detail={"from": left.number, "to": back.number if back else None})
        return back.number if back else None


def _step(act: Act, row: IdentityModel, verb: str, reason: str) -> None:
    move = insist(MODEL.step(state=row.state, verb=verb, permissions=act.actor.permissions, reason=reason))
    act.move(row, state=move.target)
    act.record(row, verb=move.audit, detail={"number": row.number, "digest": row.digest})


def _faults(document: Mapping[str, Any]) -> tuple[str, ...]:
    try:
        read_model(document)
        int(document["trained_on"])
    except (UnusableModelError, KeyError, TypeError, ValueError) as fault:
        return (str(fault),)
    return ()


def _pk(number: int) -> int:
    return IdentityModel.objects.filter(number=number).values_list("pk", flat=True).first() or 0
