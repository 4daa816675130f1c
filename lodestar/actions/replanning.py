"""What happens asks for another proposal by itself; a person still decides. A risk whose time is over comes back to whoever accepted it."""

from __future__ import annotations

from datetime import datetime, timedelta

from lodestar.actions import notices, tasking
from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.tasking import events
from lodestar.store.models import AcceptedRisk
from lodestar.store.queries import duty, formulas, sweeping
from lodestar.store.queries import replanning as queries

SOONEST = timedelta(minutes=1)  # events in one minute make one proposal
LOOK_BACK = timedelta(hours=24)  # for risks that came back while the jobs stood still


def replan(*, actor: Actor, now: datetime) -> int | None:
    """Propose again where something that matters happened since the newest proposal; nothing happened, nothing is proposed.

    Never issues anything, and leaves a proposal that waits for a second person as it is. Returns the proposal made, if one was.
    """
    for risk in queries.returned(since=now - LOOK_BACK, at=now):
        _tell_returned(actor, risk, now)
    since = queries.looked_at(at=now)
    if now - since < SOONEST:
        return None
    happened = queries.happened(since=since, at=now, formula=formulas.in_force(at=now).formula)
    said = events.reasons(happened=happened, since=since, now=now)
    return tasking.propose(actor=actor, now=now, because=events.because(said=said)) if said else None


def _tell_returned(actor: Actor, risk: AcceptedRisk, now: datetime) -> None:
    """Once: whoever accepted it, and whoever runs the hub now."""
    key = f"risk_back:{risk.pk}"
    if sweeping.already_told(user_id=risk.by_id, key=key):
        return
    with perform("tasking.risk_returned", actor=actor, now=now, permission=P.TASKING_PROPOSE) as act:
        hub = duty.owing(post_kind="hub_sergeant", matter=None, about=None, at=now).person
        words = f"The risk accepted on {risk.matter.reference} has come back: the work is nobody's again."
        for person in {risk.by_id, hub}:
            notices.tell(act, user_id=person, kind="tasking", about=risk.task, text=words, key=key)
        act.record(risk, detail={"matter": risk.matter_id, "task": risk.task_id})
        act.changed(risk.matter_id)
