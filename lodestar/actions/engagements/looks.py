"""Looking at an engagement that means high harm to a child about whom nothing is open: who looked, and what followed."""

from __future__ import annotations

from datetime import datetime

from lodestar.actions import clocks
from lodestar.actions.perform import perform
from lodestar.actions.reading import open_row
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.engagements.consequences import look_gaps
from lodestar.core.words import require
from lodestar.store.models import EngagementLook
from lodestar.store.queries import engagements as queries
from lodestar.store.queries.identity import current_link


def open_look(*, actor: Actor, look_id: int, now: datetime) -> EngagementLook:
    """Open a look that is owed, leaving who looked."""
    return open_row(actor=actor, model=EngagementLook, pk=look_id, permission=P.ENGAGEMENTS_LOOK, verb="engagement.look_seen", now=now)


def answer_look(*, actor: Actor, look_id: int, seen_version: int, answer: str, finding: str, now: datetime) -> None:
    """Say what was found and what followed; refused where it says a matter was opened and none is open."""
    with perform("engagement.looked", actor=actor, now=now, permission=P.ENGAGEMENTS_LOOK) as act:
        look = act.claim(EngagementLook, look_id, seen_version=seen_version)
        link = current_link(look.stated.report)
        has = link is not None and bool(queries.open_matters(link.person_id)())
        require(*look_gaps(state=look.state, answer=answer, finding=finding, has_open_matter=has))
        act.move(look, state="looked", looked_at=now, looked_by_id=act.person, answer=answer, finding=finding)
        act.record(look, detail={"answer": answer, "engagement": look.stated.engagement_id})
        clocks.settle_about(act, look, code="engagement_looked")
        act.changed(None)
