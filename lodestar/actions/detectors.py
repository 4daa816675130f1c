"""What the detectors find becomes a hit with one named owner; it ends when it is so no longer, or when a person says why.

A hit moves nothing but itself: no matter closes, opens, or changes its grade, its clocks or its tier because of one.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import IntegrityError

from lodestar.actions import notices
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.detectors.hits import HIT, SET_ASIDE, set_aside_gaps
from lodestar.core.times import at_wall
from lodestar.core.words import Conflict, require
from lodestar.store.models import Hit
from lodestar.store.playbooks import playbook
from lodestar.store.queries import detectors as queries
from lodestar.store.queries import duty
from lodestar.store.queries.detectors import Change, Ended, Falls, Found


def look(*, actor: Actor, now: datetime) -> int:
    """Look for everything that should have happened and did not; returns how many hits changed. Looking twice changes nothing."""
    found = queries.changes(at=now)
    return sum(carry_out(actor=actor, change=change, now=now) for change in found)


def carry_out(*, actor: Actor, change: Change, now: datetime) -> bool:
    """One hit begins, ends, or falls to whoever is on duty now; false where somebody else has found the same just before.

    Refuses to begin one that nobody at all could own.
    """
    match change:
        case Found():
            return _begin(actor, change, now)
        case Ended():
            _end(actor, change, now)
        case Falls():
            _fall(actor, change, now)
    return True


def _begin(actor: Actor, found: Found, now: datetime) -> bool:
    rule, absence = found.detector, found.absence
    try:
        with perform("hit.found", actor=actor, now=now, permission=P.JOBS_RUN) as act:
            owed = duty.owing(post_kind=rule.owner, matter=found.matter, about=None, at=now)
            hit = act.add(
                Hit(
                    detector=rule.code,
                    detector_hash=playbook(rule.code).content_hash,
                    matter=found.matter,
                    person_id=absence.child,
                    key=absence.key,
                    sentence=absence.sentence,
                    wanted_from=absence.wanted_from,
                    found_at=now,
                    expires_at=at_wall(on=rule.expires + timedelta(days=1), clock=time(0)),
                    owner_id=owed.person,
                    because=owed.because[:240],
                )
            )
            act.record(hit, detail={"detector": rule.code, "matter": hit.matter_id, "owner": owed.person})
            _tell(act, hit, owed.person)
    except IntegrityError:  # two looks at the same instant: the database keeps one
        return False
    return True


def _end(actor: Actor, ended: Ended, now: datetime) -> None:
    hit = ended.hit
    row = next(row for row in HIT.rows if row.target == ended.state)
    with perform(row.audit, actor=actor, now=now, permission=row.who) as act:
        act.move(hit, state=ended.state, settled_at=now)
        act.record(hit, detail={"detector": hit.detector, "matter": hit.matter_id})
        act.changed(hit.matter_id)


def _fall(actor: Actor, falls: Falls, now: datetime) -> None:
    hit, owed = falls.hit, falls.owed
    with perform("hit.fell_to", actor=actor, now=now, permission=P.JOBS_RUN) as act:
        was = hit.owner_id
        act.move(hit, owner_id=owed.person, because=owed.because[:240])
        act.record(hit, detail={"detector": hit.detector, "matter": hit.matter_id, "from": was, "to": owed.person})
        _tell(act, hit, owed.person)


def set_aside(*, actor: Actor, hit_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """A person says, by name and with a reason, why what a detector found is no concern; it is not found again while it lasts.

    Refuses a hit that has ended, and one without a reason. The matter stays as it is.
    """
    with perform("hit.put_aside", actor=actor, now=now, permission=P.DETECTORS_SET_ASIDE) as act:
        hit = act.claim(Hit, hit_id)
        require(*set_aside_gaps(hit=queries.as_hit(hit), reason=reason))
        if hit.version != seen_version:
            raise Conflict
        act.move(hit, state=SET_ASIDE, settled_at=now, settled_by_id=act.person, settled_reason=reason.strip())
        act.record(hit, detail={"detector": hit.detector, "matter": hit.matter_id})
        act.changed(hit.matter_id)


def _tell(act: Act, hit: Hit, person: int) -> None:
    text = f"{hit.matter.reference}: something that should be on record is not. See to it, or say why it is no concern."
    notices.tell(act, user_id=person, kind="detector", about=hit, text=text, key=f"detector:{hit.pk}:{person}")
    act.changed(hit.matter_id)
