"""Closing a commitment, opening it again when its measure slips, and the words of whoever owns it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lodestar.actions import clocks, notices
from lodestar.actions.inspection.evidence import keep_evidence
from lodestar.actions.inspection.register import add_step
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.inspection.closing import Point, Slip, may_close, slipped
from lodestar.core.inspection.commitments import COMMITMENT
from lodestar.core.lifecycle import Row
from lodestar.core.words import insist
from lodestar.store.models import Commitment
from lodestar.store.queries import inspection_figures as figures

LOOKED_AT = 12  # the newest months kept with a step, as the chart stood then


def close(*, actor: Actor, commitment_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """The board closes a commitment whose measure has kept beyond the target, in control, for as long as the playbook asks."""
    with perform("inspection.closing", actor=actor, now=now, permission=P.INSPECTION_REPLY) as act:
        row = act.claim(Commitment, commitment_id, seen_version=seen_version)
        step = _step(act, row, "close", reason)
        found = figures.course(row, at=now)
        target = figures.promised(row).target
        through = insist(may_close(points=found.points, target=target, rule=figures.rule(at=now), since=row.reopened_after))
        evidence = keep_evidence(act, row)
        act.move(row, state=step.target, closed_through=through)
        detail = {"through": through.isoformat(), "evidence": evidence.content_hash, "points": _plain(found.points)}
        _keep(act, row, step, reason, detail)
        clocks.settle_about(act, row, code="commitment_kept")


def withdraw(*, actor: Actor, commitment_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """The board takes a commitment back, with the reason; it stays on record and in the count of what was promised."""
    with perform("inspection.withdrawing", actor=actor, now=now, permission=P.INSPECTION_REPLY) as act:
        row = act.claim(Commitment, commitment_id, seen_version=seen_version)
        step = _step(act, row, "withdraw", reason)
        act.move(row, state=step.target)
        _keep(act, row, step, reason, {})
        clocks.cancel_about(act, row, reason="The commitment was withdrawn.")


def answer(*, actor: Actor, commitment_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """What is done about a commitment that opened again. Closing it needs its run of periods afresh."""
    with perform("inspection.answering", actor=actor, now=now, permission=P.INSPECTION_KEEP) as act:
        row = act.claim(Commitment, commitment_id, seen_version=seen_version)
        step = _step(act, row, "answer", reason)
        act.move(row, state=step.target)
        _keep(act, row, step, reason, {})
        clocks.settle_about(act, row, code="commitment_answered")


def reopen_slipped(*, actor: Actor, now: datetime) -> int:
    """Open again every closed commitment whose measure has slipped, and tell its owner. Returns how many.

    The night's job asks nobody: the rule is the playbook's, the chart is kept with the step, and an answer is owed by name.
    """
    rule, done = figures.rule(at=now), 0
    for row in Commitment.objects.filter(state="closed").select_related("finding__inspection").order_by("pk"):
        target = figures.promised(row).target
        if target is None or row.closed_through is None:
            continue
        found = figures.course(row, at=now)
        slip = slipped(points=found.points, target=target, rule=rule, closed_through=row.closed_through)
        if slip is not None:
            _reopen(actor, row, slip, found.points, now)
            done += 1
    return done


def _reopen(actor: Actor, row: Commitment, slip: Slip, points: Sequence[Point], now: datetime) -> None:
    with perform("inspection.reopening", actor=actor, now=now, permission=P.INSPECTION_KEEP) as act:
        step = _step(act, row, "reopen", slip.sentence)
        evidence = keep_evidence(act, row)
        act.move(row, state=step.target, reopened_after=slip.first_day, closed_through=None)
        detail = {"slip": slip.code, "evidence": evidence.content_hash, "points": _plain(points)}
        _keep(act, row, step, slip.sentence, detail)
        clocks.begin(act, None, "commitment_reopened", at=now, about=row)
        words = f"Commitment {row.reference} was closed and has opened again. {slip.sentence} Its chart is on its page."
        for person in {row.owner_id, row.finding.inspection.accountable_id}:
            notices.tell(act, user_id=person, kind=notices.REOPENED, about=row, text=words, key=f"reopened:{row.pk}:{slip.first_day}")


def _step(act: Act, row: Commitment, verb: str, reason: str) -> Row:
    return insist(COMMITMENT.step(state=row.state, verb=verb, permissions=act.actor.permissions, reason=reason))


def _keep(act: Act, row: Commitment, step: Row, reason: str, detail: dict[str, Any]) -> None:
    add_step(act, row, step.verb, source=step.source, target=step.target, reason=reason, detail=detail)
    act.record(row, verb=step.audit, detail={"state": step.target})


def _plain(points: Sequence[Point]) -> list[dict[str, Any]]:
    newest = points[-LOOKED_AT:]
    return [{"first_day": one.first_day.isoformat(), "value": one.value, "signal": one.signal} for one in newest]
