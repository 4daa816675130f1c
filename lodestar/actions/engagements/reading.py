"""Opening one engagement, leaving who looked: within reach of somebody it states, and of a kind that one may read."""

from __future__ import annotations

from datetime import datetime

from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.words import NotVisible
from lodestar.store.models import Engagement
from lodestar.store.queries import engagements as queries


def open_engagement(*, actor: Actor, engagement_id: int, now: datetime) -> Engagement:
    """Open one engagement; not there, out of reach, and of a kind one may not read look the same."""
    with perform("engagement.seen", actor=actor, now=now, permission=P.ENGAGEMENTS_READ) as act:
        row = act.claim(Engagement, engagement_id)
        if not queries.may_read(row, actor=actor):
            raise NotVisible
        act.record(row, outcome="seen")
        return row
