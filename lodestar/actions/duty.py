"""Who answers: assigning, offering, answering; the giver stays liable until the offer is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from lodestar.actions import clocks, notices
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.duty import handover as rules
from lodestar.core.duty.owing import Owed
from lodestar.core.matters.kinds import desk
from lodestar.core.words import Refusal, insist, require
from lodestar.store.models import Deed, Handover, Holding, Matter, Shift
from lodestar.store.queries import duty as queries

CALLED_OFF_FOR = timedelta(hours=24)  # the shift they are on and the next: a longer absence is the roster's business


def first(act: Act, matter: Matter) -> Owed:
    """Whoever the rota names to answer for a matter that is about to be opened. Never nobody."""
    return queries.owing(post_kind=desk(kind=matter.kind).answered_by, matter=matter, about=None, at=act.now, rota=act.rota)


def assign(act: Act, matter: Matter, *, how: str, person: int, because: str) -> None:
    """From this instant exactly one person answers. A matter that is opened was written with theirs as its first name."""
    number = 1 if how == "opened" else Holding.objects.filter(matter=matter).count() + 1
    act.note(Holding(matter=matter, number=number, user_id=person, from_at=act.now, how=how, because=because))
    if matter.holder_id != person:
        Matter.objects.filter(pk=matter.pk).update(holder_id=person)
        matter.holder_id = person
    words = f"You now answer for {matter.reference}."
    notices.tell(act, user_id=person, kind="answers", about=matter, text=words, key=f"answers:{matter.pk}:{number}", first=how == "opened")


def offer_handover(*, actor: Actor, matter_id: int, seen_version: int, receiver_id: int, note: Mapping[str, str], now: datetime) -> int:
    """Offer a matter to somebody; the giver answers until they accept, and an unanswered offer climbs by clock.

    Refuses an offer to oneself, by somebody who does not hold it, beside an open one, or without its hand-over note.
    """
    with perform("duty.offered", actor=actor, now=now, permission=P.DUTY_OFFER) as act:
        matter = act.claim(Matter, matter_id, seen_version=seen_version)
        require(
            *rules.offer_gaps(
                giver=actor.id or 0,
                holder=matter.holder_id,
                receiver=receiver_id,
                open_offers=matter.handovers.filter(state="offered").count(),
                note=note,
            )
        )
        offer = act.add(Handover(matter=matter, giver_id=act.person, receiver_id=receiver_id, offered_at=now, note=dict(note)))
        act.record(offer, detail={"matter": matter.pk, "receiver": receiver_id})
        act.changed(matter.pk)
        clocks.begin(act, matter, "handover_offered", at=now, about=offer)
        clocks.mirror_next(matter)
        notices.tell(
            act, user_id=receiver_id, kind="handover", about=offer, text=f"{matter.reference} is offered to you. Accept or refuse it."
        )
        return int(offer.pk)


def answer_handover(*, actor: Actor, handover_id: int, seen_version: int, verb: str, reason: str, now: datetime) -> None:
    """Accept, refuse or withdraw an offer. Accepting moves the answer from this instant; refusing needs a reason."""
    with perform(f"duty.{verb}", actor=actor, now=now, permission=P.DUTY_ANSWER) as act:
        offer = act.claim(Handover, handover_id, seen_version=seen_version)
        row = insist(rules.HANDOVER.step(state=offer.state, verb=verb, permissions=actor.permissions, reason=reason))
        require(*rules.answer_gaps(verb=verb, actor=actor.id or 0, giver=offer.giver_id, receiver=offer.receiver_id))
        act.move(offer, state=row.target, answered_at=now, answer_reason=reason)
        act.record(offer, verb=row.audit, detail={"matter": offer.matter_id})
        act.changed(offer.matter_id)
        matter: Matter = offer.matter
        deed = act.add(
            Deed(
                matter=matter,
                code="handover_answered",
                at=now,
                recorded_at=now,
                by_id=actor.id,
                detail={"handover": offer.pk, "answer": row.target},
            )
        )
        clocks.satisfy(act, matter, deed, about=offer)
        _carry_out(act, offer, row.target)
        clocks.mirror_next(matter)


def _carry_out(act: Act, offer: Handover, state: str) -> None:
    matter = offer.matter
    if state == "accepted":
        assign(act, matter, how="handed_over", person=offer.receiver_id, because=f"Accepted from {offer.giver.name}.")
        clocks.pass_on(act, matter, giver_id=offer.giver_id, receiver_id=offer.receiver_id)
    other = offer.giver_id if act.actor.id == offer.receiver_id else offer.receiver_id
    words = {"accepted": "was accepted", "refused": "was refused: you still answer for it", "withdrawn": "was withdrawn"}
    notices.tell(act, user_id=other, kind="handover", about=offer, text=f"The hand-over of {matter.reference} {words.get(state, state)}.")


def lapse_offers(act: Act, matter: Matter, *, why: str) -> None:
    """When a matter ends, nothing is left of it to hand over; the receiver is told. ``why`` completes "M-1 ..."."""
    for offer in matter.handovers.filter(state="offered"):
        row = insist(rules.HANDOVER.step(state=offer.state, verb="lapse", permissions=act.actor.permissions))
        act.move(offer, state=row.target, answered_at=act.now)
        act.record(offer, verb=row.audit, detail={"matter": matter.pk})
        text = f"{matter.reference} {why}. Its hand-over is no longer yours to answer."
        notices.tell(act, user_id=offer.receiver_id, kind="handover", about=offer, text=text, key=f"lapsed:{offer.pk}")


def roster(*, actor: Actor, post_id: int, user_id: int, from_at: datetime, until_at: datetime, lead: bool, now: datetime) -> int:
    """Put a person on a shift; refuses a shift that ends before it starts or overlaps their own."""
    with perform("duty.rostered", actor=actor, now=now, permission=P.DUTY_ROSTER) as act:
        own = Shift.objects.standing(now).filter(user_id=user_id, from_at__lt=until_at, until_at__gt=from_at).exists()
        require(*rules.roster_gaps(from_at=from_at, until_at=until_at, overlaps=own))
        shift = Shift.objects.filter(post_id=post_id, user_id=user_id, from_at=from_at).first()
        if shift is None:
            shift = act.add(Shift(post_id=post_id, user_id=user_id, from_at=from_at, until_at=until_at, lead=lead))
        else:  # it was called off, and they are there after all
            shift.until_at, shift.lead, shift.called_off_at = until_at, lead, None
            shift.save()
        act.record(shift, detail={"user": user_id})
        act.changed(None)
        return int(shift.pk)


def call_off(*, actor: Actor, user_id: int, now: datetime) -> int:
    """Somebody is not there, or goes home: their shift ends now and the next day's do not begin. Returns how many shifts.

    Why is not asked: it is nobody's business here. What they answer for climbs like at a shift's end, and the work they have
    is in the next proposal. Refuses where they have no shift to call off.
    """
    with perform("duty.called_off", actor=actor, now=now, permission=P.DUTY_ROSTER) as act:
        rows = list(Shift.objects.filter(user_id=user_id, called_off_at=None, until_at__gt=now, from_at__lt=now + CALLED_OFF_FOR))
        act.subject = ("user", str(user_id))
        require(None if rows else Refusal("duty.no_shift", "They have no shift now or in the next day. Nothing was changed."))
        for shift in rows:
            shift.called_off_at = now
            shift.save()
            act.record(shift, detail={"user": user_id})
        act.changed(None)
        return len(rows)
