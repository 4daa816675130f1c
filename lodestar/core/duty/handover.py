"""Handing a matter over: offered, then accepted or refused; the giver stays liable until it is accepted.

"Tagging" somebody is not handing over (IOPC Staffordshire, December 2025): nothing has moved until they have said yes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row
from lodestar.core.words import Refusal

AUTHORITY = "IOPC Staffordshire, December 2025; College of Policing APP, supervisors: effective hand-over"

HANDOVER = Lifecycle(
    name="handover",
    initial="offered",
    final=frozenset({"accepted", "refused", "withdrawn", "lapsed"}),
    rows=(
        Row("offered", "accept", "accepted", P.DUTY_ANSWER, "duty.accepted"),
        Row("offered", "refuse", "refused", P.DUTY_ANSWER, "duty.refused", reason_owed=True),
        Row("offered", "withdraw", "withdrawn", P.DUTY_ANSWER, "duty.withdrawn"),
        # Only with the matter, when it ends: an unanswered offer climbs, it never runs out. The end has a permission of its own.
        Row("offered", "lapse", "lapsed", P.MATTERS_READ, "duty.lapsed"),
    ),
)

NOTE = {
    "open_lines": "Say which lines of enquiry are open, or that there are none.",
    "family_promises": "Say what the family has been promised and when, or that nothing has.",
    "next_actions": "Say what must happen next.",
}


def offer_gaps(*, giver: int, holder: int | None, receiver: int, open_offers: int, note: Mapping[str, str]) -> tuple[Refusal, ...]:
    """Only the holder offers, to somebody else, one offer at a time, with a whole hand-over note."""
    gaps = []
    if giver != holder:
        gaps.append(Refusal("handover.not_holder", "Only the person who answers for this can hand it over.", AUTHORITY))
    if receiver == giver:
        gaps.append(Refusal("handover.to_self", "Choose somebody else to take over.", AUTHORITY, "receiver"))
    if open_offers:
        gaps.append(Refusal("handover.already_offered", "This is already on offer. Withdraw that offer first.", AUTHORITY))
    blank = [name for name in NOTE if not str(note.get(name, "")).strip()]
    gaps += [Refusal(f"handover.{name}", NOTE[name], AUTHORITY, name) for name in blank]
    return tuple(gaps)


def answer_gaps(*, verb: str, actor: int, giver: int, receiver: int) -> tuple[Refusal, ...]:
    """The receiver accepts or refuses; only the giver withdraws."""
    if verb == "withdraw" and actor != giver:
        return (Refusal("handover.not_giver", "Only the person who offered this can withdraw it.", AUTHORITY),)
    if verb in ("accept", "refuse") and actor != receiver:
        return (Refusal("handover.not_receiver", "This was offered to somebody else. Only they can answer.", AUTHORITY),)
    return ()


def roster_gaps(*, from_at: datetime, until_at: datetime, overlaps: bool) -> tuple[Refusal, ...]:
    """A shift ends after it starts, and nobody is on two at once."""
    gaps = []
    if until_at <= from_at:
        gaps.append(Refusal("shift.backwards", "The shift must end after it starts.", "", "until_at"))
    if overlaps:
        gaps.append(Refusal("shift.overlaps", "This person is already on a shift then.", "", "user"))
    return tuple(gaps)
