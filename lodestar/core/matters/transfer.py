"""Passing a matter between forces: offer, dispute, acceptance.

The originator stays responsible until the receiver accepts in writing; a disputed offer goes to senior managers while
the originator keeps working; nothing closes before acceptance (APP 2023; IOPC Hertfordshire 2026, West Midlands 2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row
from lodestar.core.words import Refusal

AUTHORITY = "College of Policing APP, missing persons 2023: transfer of responsibility"

TRANSFER = Lifecycle(
    name="transfer",
    initial="offered",
    final=frozenset({"accepted", "refused", "withdrawn"}),
    rows=(
        Row("offered", "accept", "accepted", P.MATTERS_TRANSFER, "transfer.accepted"),
        Row("offered", "dispute", "disputed", P.MATTERS_TRANSFER, "transfer.disputed", reason_owed=True),
        Row("disputed", "accept", "accepted", P.MATTERS_TRANSFER, "transfer.accepted", reason_owed=True),
        Row("disputed", "refuse", "refused", P.MATTERS_TRANSFER, "transfer.refused", reason_owed=True),
        Row("offered", "withdraw", "withdrawn", P.MATTERS_TRANSFER, "transfer.withdrawn", reason_owed=True),
        Row("disputed", "withdraw", "withdrawn", P.MATTERS_TRANSFER, "transfer.withdrawn", reason_owed=True),
    ),
)


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """What the rules need to know of an offer."""

    direction: str  # "out": we offer, "in": we are offered
    other_force: str
    state: str
    level: str
    open_offers: int
    receiver_named: str
    acknowledged_at: datetime | None = None


def offer_gaps(*, facts: TransferFacts) -> tuple[Refusal, ...]:
    """An offer names the force and the person there, carries the grade, and stands alone."""
    gaps = []
    if not facts.other_force.strip():
        gaps.append(Refusal("transfer.no_force", "Name the force you are offering this to.", AUTHORITY, "other_force"))
    if not facts.receiver_named.strip():
        gaps.append(Refusal("transfer.no_receiver", "Name the person there who is being asked.", AUTHORITY, "receiver_named"))
    if not facts.level:
        gaps.append(Refusal("transfer.not_graded", "Grade the risk first: the grade and its reasons travel with the child.", AUTHORITY))
    if facts.open_offers:
        gaps.append(Refusal("transfer.already_offered", "An offer is already open. Withdraw it before another.", AUTHORITY))
    return tuple(gaps)


def reason_gap(*, reason: str) -> Refusal | None:
    """The reasons are recorded and travel with the offer."""
    if reason.strip():
        return None
    return Refusal("transfer.no_reason", "Say why the other force should take this.", AUTHORITY, "reason")


def incoming_gaps(*, other_force: str, offered_by: str, reason: str) -> tuple[Refusal, ...]:
    """An offer from elsewhere says which force, who there offers it, and why we should take it."""
    gaps = []
    if not other_force.strip():
        gaps.append(Refusal("transfer.no_force", "Say which force offers this child to us.", AUTHORITY, "other_force"))
    if not offered_by.strip():
        gaps.append(Refusal("transfer.no_giver", "Say who there offers it: they answer until we accept.", AUTHORITY, "offered_by"))
    if not reason.strip():
        gaps.append(Refusal("transfer.no_reason", "Say why they think that we should take it.", AUTHORITY, "transfer_reason"))
    return tuple(gaps)


def answer_gap(*, verb: str, answered_by: str) -> Refusal | None:
    """An answer names the person who gave it; a withdrawal is our own."""
    if verb == "withdraw" or answered_by.strip():
        return None
    return Refusal("transfer.nobody_answered", "Name the person who gave this answer.", AUTHORITY, "answered_by")


def responsible(*, facts: TransferFacts) -> str:
    """Which force answers: the originator until the receiver has accepted."""
    passed = facts.state == "accepted"
    if facts.direction == "out":
        return facts.other_force if passed else "ours"
    return "ours" if passed else facts.other_force
