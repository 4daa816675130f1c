"""What the minute brings: breaches dated when they fell due, people told up the ladder, reviews made ahead, tiers reached, and
what should have happened and did not.

Nothing here makes anything late: lateness is true without it. One row that fails never stops the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from django.db import DatabaseError

from lodestar.actions import clocks, detectors, notices, priority
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.clocks.rules import LadderStep
from lodestar.core.clocks.standing import breach, ladder_due
from lodestar.core.duty.owing import NobodyOnRota
from lodestar.core.words import Conflict
from lodestar.store.models import Breach, Heartbeat, LadderTold, Matter, Obligation
from lodestar.store.queries import clocks as queries
from lodestar.store.queries import detectors as detecting
from lodestar.store.queries import duty, sweeping

LOG = structlog.get_logger("lodestar.sweep")
BATCH = 500
AHEAD = timedelta(hours=12)
Row = TypeVar("Row")


@dataclass(slots=True)
class Swept:
    """What one sweep did."""

    breached: int = 0
    told: int = 0
    reviews: int = 0
    tiers: int = 0
    hits: int = 0  # found, ended, or fallen to somebody else
    failed: int = 0
    errors: set[str] = field(default_factory=set)


def sweep(*, actor: Actor, now: datetime) -> Swept:
    """Do the minute's work and leave a heartbeat; what fails is counted and tried again in a minute."""
    done = Swept()
    _each(queries.due_unbreached(at=now, most=BATCH), lambda row: _breach(actor, row, now), done)
    _each(sweeping.on_a_ladder(at=now, most=BATCH), lambda row: _tell(actor, row, now, done), done)
    _each(queries.warned(at=now, most=BATCH), lambda row: _warn(actor, row, now), done)
    _each(sweeping.wanting_reviews(at=now, ahead=AHEAD, most=BATCH), lambda row: _look_ahead(actor, row, now, done), done)
    _each(sweeping.changing_tier(at=now, most=BATCH), lambda row: _assess(actor, row, now, done), done)
    _each(detecting.changes(at=now), lambda change: _detect(actor, change, now, done), done)
    done.breached = sweeping.breached_since(at=now)
    return done


def _each(rows: Iterable[Row], deed: Callable[[Row], object], done: Swept) -> None:
    """One row that fails is pushed aside, counted, and its kind of fault logged; the rest go on."""
    for row in rows:
        try:
            deed(row)
        except (Conflict, NobodyOnRota, DatabaseError) as error:
            done.failed += 1
            done.errors.add(type(error).__name__)
            LOG.warning("a row could not be swept", error=type(error).__name__)


def _breach(actor: Actor, row: Obligation, now: datetime) -> None:
    """A breach is dated when the thing fell due, never when the sweep noticed."""
    due = queries.derive(row)
    fell_due = breach(due=due, done_at=row.done_at, now=now, cancelled_at=row.cancelled_at)
    if fell_due is None or Breach.objects.filter(obligation=row).exists():
        return
    with perform("clock.breached", actor=actor, now=now, permission=P.JOBS_RUN) as act:
        act.add(Breach(obligation=row, fell_due_at=fell_due, noticed_at=now, owed_by_id=row.owed_by_id))
        act.record(row, detail={"rule": row.rule, "matter": row.matter_id, "fell_due": fell_due.isoformat()})
        words = f"{row.title} on {_name(row)} is late."
        notices.tell(act, user_id=row.owed_by_id, kind="late", about=row, text=words, key=f"late:{row.pk}")
        act.changed(row.matter_id, "clock.breached")
        if row.matter is not None:
            priority.assess(act, row.matter)


def _tell(actor: Actor, row: Obligation, now: datetime, done: Swept) -> None:
    """Each rung of the ladder is told once, by name."""
    steps = ladder_due(rule=queries.rule_of(row), due=queries.derive(row), now=now)
    told = set(LadderTold.objects.filter(obligation=row).values_list("step", flat=True))
    for step in steps:
        if step.number not in told:
            with perform("clock.climbed", actor=actor, now=now, permission=P.JOBS_RUN) as act:
                _climb(act, row, step)
            done.told += 1


def _climb(act: Act, row: Obligation, step: LadderStep) -> None:
    person = duty.owing(post_kind=step.tell, matter=row.matter, about=None, at=act.now).person
    act.add(LadderTold(obligation=row, step=step.number, user_id=person, post_kind=step.tell, at=act.now))
    act.record(row, detail={"step": step.number, "told": person, "matter": row.matter_id})
    words = f"{row.title} on {_name(row)} is late, and it has climbed to you."
    notices.tell(act, user_id=person, kind="ladder", about=row, text=words, key=f"ladder:{row.pk}:{step.number}")
    act.changed(row.matter_id, "clock.climbed")


def _warn(actor: Actor, row: Obligation, now: datetime) -> None:
    key = f"soon:{row.pk}"
    if sweeping.already_told(user_id=row.owed_by_id, key=key):
        return
    with perform("clock.warned", actor=actor, now=now, permission=P.JOBS_RUN) as act:
        notices.tell(act, user_id=row.owed_by_id, kind="soon", about=row, text=f"{row.title} on {_name(row)} is due soon.", key=key)
        act.record(row, detail={"matter": row.matter_id})
        if row.matter is not None:
            priority.assess(act, row.matter)


def _look_ahead(actor: Actor, matter: Matter, now: datetime, done: Swept) -> None:
    with perform("clock.reviews_made", actor=actor, now=now, permission=P.JOBS_RUN) as act:
        made = clocks.expect_reviews(act, matter)
        clocks.watch_repeats(act, matter)
        act.record(matter, detail={"made": made})
        if made:
            clocks.mirror_next(matter)
        done.reviews += made


def _assess(actor: Actor, matter: Matter, now: datetime, done: Swept) -> None:
    """Time alone raises a tier: 24 hours, 72 hours, something falling due."""
    if not sweeping.tier_differs(matter, at=now):
        return
    with perform("priority.reached", actor=actor, now=now, permission=P.JOBS_RUN) as act:
        done.tiers += priority.assess(act, matter)
        act.record(matter, detail={"tier": matter.tier})


def _detect(actor: Actor, change: detecting.Change, now: datetime, done: Swept) -> None:
    done.hits += detectors.carry_out(actor=actor, change=change, now=now)


def beat(*, actor: Actor, job: str, took_ms: int, note: str, now: datetime) -> None:
    """A job has run to its end."""
    with perform("job.ran", actor=actor, now=now, permission=P.JOBS_RUN) as act:
        row, _ = Heartbeat.objects.update_or_create(job=job, defaults={"at": now, "took_ms": took_ms, "note": note[:240]})
        act.record(row, detail={"job": job, "took_ms": took_ms})


def _name(row: Obligation) -> str:
    if row.subject_kind == "link_question":
        return f"the question of identity {row.subject_id}"
    return row.matter.reference if row.matter is not None else f"{row.subject_kind.replace('_', ' ')} {row.subject_id}"
