"""Ending a matter: closing with every piece of evidence, reopening, and taking back one opened in error."""

from __future__ import annotations

from datetime import datetime

from lodestar.actions import clocks, duty
from lodestar.actions.matters.finding import NOT_FOUND, take_back
from lodestar.actions.matters.moving import did, settle, step
from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.matters.missing.closing import closing_gaps
from lodestar.core.words import require
from lodestar.store.models import Matter
from lodestar.store.queries import matters as queries


def close_matter(*, actor: Actor, matter_id: int, seen_version: int, now: datetime) -> None:
    """A matter closes only when nothing is missing; refused with the whole list of what is."""
    with perform("matter.closed", actor=actor, now=now, permission=P.MATTERS_CLOSE) as act:
        matter = act.claim(Matter, matter_id, seen_version=seen_version)
        require(*closing_gaps(facts=queries.closing_facts(matter, closer=actor.id)))
        step(act, matter, "close", closed_at=now, outcome=matter.outcome or "found")
        # What is owed after closing (the return interview) stays owed; each rule's ended_by says what ends with it.
        did(act, matter, "closed")
        duty.lapse_offers(act, matter, why="was closed")
        settle(act, matter)


def reopen_matter(*, actor: Actor, matter_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """ "Found" was wrong after closing: the same episode goes on, with its original clock. A reason is owed."""
    with perform("matter.reopened", actor=actor, now=now, permission=P.MATTERS_CLOSE) as act:
        matter = act.claim(Matter, matter_id, seen_version=seen_version)
        step(act, matter, "reopen", reason=reason, closed_at=None, outcome="", **NOT_FOUND)
        take_back(act, matter)
        clocks.begin(act, matter, "reopened", at=now)
        settle(act, matter)


def void_matter(*, actor: Actor, matter_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """A matter opened in error leaves the measures and is counted as such; a reason is owed."""
    with perform("matter.voided", actor=actor, now=now, permission=P.MATTERS_VOID) as act:
        matter = act.claim(Matter, matter_id, seen_version=seen_version)
        step(act, matter, "void", reason=reason, closed_at=now, outcome="opened_in_error")
        duty.lapse_offers(act, matter, why="was opened in error")
        clocks.cancel(act, matter, reason="Opened in error.")
        settle(act, matter)
