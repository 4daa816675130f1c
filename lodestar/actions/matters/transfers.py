"""Offering a matter to another force, and taking one. The originator answers until the receiver has accepted."""

from __future__ import annotations

from datetime import datetime

from lodestar.actions import clocks, duty
from lodestar.actions import reports as intake
from lodestar.actions.matters.moving import did, settle, step
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.matters import transfer as rules
from lodestar.core.matters.kinds import desk, lifecycle
from lodestar.core.reports.draft import ReportDraft
from lodestar.core.words import NotVisible, Refusal, Refusals, insist, require
from lodestar.store.models import Matter, Transfer
from lodestar.store.queries import matters as queries
from lodestar.store.queries.stories import story_of


def offer_transfer(
    *, actor: Actor, matter_id: int, seen_version: int, other_force: str, receiver_named: str, reason: str, now: datetime
) -> int:
    """Offer a matter to another force with its grade and what has been done; we answer until they accept.

    Refuses an offer that names nobody, is not graded or stands beside another, and one for a child no longer looked for.
    """
    with perform("transfer.offered", actor=actor, now=now, permission=P.MATTERS_TRANSFER) as act:
        matter = act.claim(Matter, matter_id, seen_version=seen_version)
        facts = rules.TransferFacts(
            direction="out",
            other_force=other_force,
            state="offered",
            level=matter.level,
            open_offers=matter.transfers.filter(state__in=("offered", "disputed")).count(),
            receiver_named=receiver_named,
        )
        require(*rules.offer_gaps(facts=facts), rules.reason_gap(reason=reason), _too_late(matter), *_owed_first(matter, now))
        offer = act.add(
            Transfer(
                matter=matter,
                direction="out",
                other_force=other_force,
                receiver_named=receiver_named,
                offered_at=now,
                offered_by_id=actor.id,
                reason=reason,
                bundle=queries.transfer_bundle(matter),
            )
        )
        act.record(offer, detail={"matter": matter.pk})
        act.changed(matter.pk)
        clocks.begin(act, matter, "transfer_offered", at=now, about=offer)
        settle(act, matter)
        return int(offer.pk)


def _too_late(matter: Matter) -> Refusal | None:
    """An offer that no answer could carry out is not made: its clock would chase the other force for nothing."""
    if lifecycle(kind=matter.kind).row(state=matter.state, verb="transfer") is not None:
        return None
    sentence = f"This is {matter.state.replace('_', ' ')}, so it cannot be passed to another force now. Tell them what you know instead."
    return Refusal("transfer.too_late", sentence, rules.AUTHORITY)


def _owed_first(matter: Matter, now: datetime) -> Refusals:
    """What the matter's own desk wants settled before it is passed: a child's risk is not passed on untold."""
    return desk(kind=matter.kind).passing(story_of(matter, at=now))


def note_incoming(*, actor: Actor, draft: ReportDraft, raw: str, other_force: str, offered_by: str, reason: str, now: datetime) -> int:
    """Another force offers us a child: the report is kept and the offer runs on its clock; they answer until we accept.

    Refuses what any report is refused for, and an offer that does not say which force and who there.
    """
    with perform("transfer.noted", actor=actor, now=now, permission=P.MATTERS_TRANSFER) as act:
        require(*rules.incoming_gaps(other_force=other_force, offered_by=offered_by, reason=reason))
        report = intake.keep_report(act, draft=draft, raw=raw)
        offer = act.add(
            Transfer(
                direction="in",
                other_force=other_force,
                receiver_named=actor.name,
                offered_at=now,
                offered_by_id=actor.id,
                reason=reason,
                bundle={"report": report.pk, "offered_by": offered_by},
            )
        )
        act.record(offer, detail={"report": report.pk})
        act.changed(None, "transfer.noted")
        clocks.begin(act, None, "transfer_offered", at=now, about=offer)
        return int(offer.pk)


def answer_incoming(*, actor: Actor, transfer_id: int, seen_version: int, verb: str, reason: str, now: datetime) -> int | None:
    """We accept, dispute or refuse a child another force offers. Accepting opens the matter on the first force's clock."""
    with perform(f"transfer.{verb}", actor=actor, now=now, permission=P.MATTERS_TRANSFER) as act:
        offer = act.claim(Transfer, transfer_id, seen_version=seen_version)
        if offer.direction != "in":
            raise NotVisible
        row = insist(rules.TRANSFER.step(state=offer.state, verb=verb, permissions=actor.permissions, reason=reason))
        act.move(offer, state=row.target, answered_at=now, answered_by=actor.name, answer_reason=reason)
        act.record(offer, verb=row.audit)
        act.changed(None, row.audit)
        clocks.settle_about(act, offer, code="transfer_answered")
        if row.target == "disputed":
            clocks.begin(act, None, "transfer_disputed", at=now, about=offer)
            return None
        clocks.settle_about(act, offer, code="dispute_resolved")
        if row.target != "accepted":
            return None
        matter = intake.open_for(act, report_id=int(offer.bundle["report"]))
        Transfer.objects.filter(pk=offer.pk).update(matter=matter)
        return int(matter.pk)


def answer_transfer(*, actor: Actor, transfer_id: int, seen_version: int, verb: str, answered_by: str, reason: str, now: datetime) -> None:
    """Record the other side's answer: accept, dispute, refuse; or our own withdrawal. Only acceptance moves the matter.

    Refuses an acceptance while what the matter's desk wants settled first is not: it may have become known since the offer.
    """
    with perform(f"transfer.{verb}", actor=actor, now=now, permission=P.MATTERS_TRANSFER) as act:
        offer = act.claim(Transfer, transfer_id, seen_version=seen_version)
        row = insist(rules.TRANSFER.step(state=offer.state, verb=verb, permissions=actor.permissions, reason=reason))
        gaps = _owed_first(offer.matter, now) if offer.matter is not None and row.target == "accepted" else ()
        require(rules.answer_gap(verb=verb, answered_by=answered_by), *gaps)
        act.move(offer, state=row.target, answered_at=now, answered_by=answered_by, answer_reason=reason)
        act.record(offer, verb=row.audit, detail={"matter": offer.matter_id})
        act.changed(offer.matter_id)
        _carry_out(act, offer, row.target, reason)


def _carry_out(act: Act, offer: Transfer, state: str, reason: str) -> None:
    matter = offer.matter
    if matter is None:  # an offer always has one; a row without it was written by another hand
        raise NotVisible
    deed = did(act, matter, "transfer_answered", detail={"transfer": offer.pk, "answer": state}, about=offer)
    if state == "disputed":
        clocks.begin(act, matter, "transfer_disputed", at=act.now, about=offer)
    else:
        did(act, matter, "dispute_resolved", detail={"transfer": offer.pk, "answer": state}, about=offer)
    if state == "accepted" and offer.direction == "out":
        words = reason or f"Accepted by {offer.other_force}."
        step(act, matter, "transfer", reason=words, detail={"deed": deed.pk}, closed_at=act.now, outcome="transferred")
        clocks.cancel(act, matter, reason=f"{offer.other_force} now answers.")
        duty.lapse_offers(act, matter, why="is now another force's")
    settle(act, matter)
