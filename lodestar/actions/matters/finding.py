"""From active to back: starting, locating, confirming wellbeing, returning, and putting right a wrong "found"."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lodestar.actions import clocks
from lodestar.actions.matters.moving import did, settle, step
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.matters.missing import finding
from lodestar.core.words import require
from lodestar.store.models import Matter


def start_enquiries(*, actor: Actor, matter_id: int, seen_version: int, now: datetime) -> None:
    """Enquiries have begun on a graded matter; refused before a grade."""
    with perform("matter.started", actor=actor, now=now, permission=P.MATTERS_PROGRESS) as act:
        matter = act.claim(Matter, matter_id, seen_version=seen_version)
        step(act, matter, "start")
        settle(act, matter)


def locate(*, actor: Actor, matter_id: int, seen_version: int, at: datetime, by: str, where: str, now: datetime) -> None:
    """Whereabouts are known: by whom, where, when. The child stays missing until wellbeing is confirmed too."""
    with perform("matter.located", actor=actor, now=now, permission=P.MATTERS_PROGRESS) as act:
        matter = act.claim(Matter, matter_id, seen_version=seen_version)
        require(*finding.seen_gaps(by=by, where=where, at=at, now=now))
        step(act, matter, "locate", at=at, located_at=at, located_by=by, located_where=where)
        did(act, matter, "located", at=at, detail={"by": by, "where": where})
        clocks.begin(act, matter, "located", at=at)
        settle(act, matter)


def confirm_wellbeing(*, actor: Actor, matter_id: int, seen_version: int, at: datetime, by: str, where: str, now: datetime) -> None:
    """Somebody saw the child and says how they are: the second of the two facts that end "missing"."""
    with perform("matter.wellbeing_confirmed", actor=actor, now=now, permission=P.MATTERS_PROGRESS) as act:
        matter = act.claim(Matter, matter_id, seen_version=seen_version)
        require(*finding.seen_gaps(by=by, where=where, at=at, now=now))
        step(act, matter, "confirm_wellbeing", at=at, wellbeing_at=at, wellbeing_by=by, wellbeing_where=where)
        did(act, matter, "wellbeing_confirmed", at=at, detail={"by": by, "where": where})
        settle(act, matter)


def record_return(*, actor: Actor, matter_id: int, seen_version: int, at: datetime, now: datetime) -> None:
    """The child is back at an agreed safe place; refused until located and seen."""
    with perform("matter.returned", actor=actor, now=now, permission=P.MATTERS_PROGRESS) as act:
        matter = act.claim(Matter, matter_id, seen_version=seen_version)
        require(*finding.return_gaps(at=at, located_at=matter.located_at, wellbeing_at=matter.wellbeing_at, now=now))
        step(act, matter, "return", at=at, returned_at=at)
        did(act, matter, "returned", at=at)
        clocks.expect_reviews(act, matter)
        clocks.begin(act, matter, "returned", at=at)
        settle(act, matter)


def correct_found(*, actor: Actor, matter_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """ "Found" was wrong: one episode, the original clock, the end cleared. A reason is owed."""
    with perform("matter.corrected", actor=actor, now=now, permission=P.MATTERS_PROGRESS) as act:
        matter = act.claim(Matter, matter_id, seen_version=seen_version)
        step(act, matter, "correct", reason=reason, **NOT_FOUND)
        take_back(act, matter)
        clocks.begin(act, matter, "corrected", at=now)
        settle(act, matter)


def take_back(act: Act, matter: Matter) -> None:
    """What finding and returning had started is no longer owed: the child is still missing."""
    for event in ("located", "returned"):
        clocks.cancel(act, matter, reason="Recorded as found by mistake.", after=event)


NOT_FOUND: dict[str, Any] = {
    "located_at": None,
    "located_by": "",
    "located_where": "",
    "wellbeing_at": None,
    "wellbeing_by": "",
    "wellbeing_where": "",
    "returned_at": None,
}
