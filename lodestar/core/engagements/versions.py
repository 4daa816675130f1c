"""The life of a mapping's version: drafted, tried on a sample, approved by somebody else, in force from a day.

Nothing in force is ever changed: a correction is a new version from a later day, and every engagement keeps the version it
was read by.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row
from lodestar.core.words import Refusal, Refusals

AUTHORITY = "Lodestar's own rule: how a source is read is tried before it is used, and two people stand behind it"

MAPPING = Lifecycle(
    name="engagement mapping",
    initial="drafted",
    final=frozenset({"approved", "dropped"}),
    rows=(
        Row("drafted", "try", "tried", P.ENGAGEMENTS_DRAFT, "engagements.mapping_tried"),
        Row("tried", "try", "tried", P.ENGAGEMENTS_DRAFT, "engagements.mapping_tried"),  # on another sample
        Row("tried", "approve", "approved", P.ENGAGEMENTS_APPROVE, "engagements.mapping_approved", reason_owed=True),
        Row("drafted", "drop", "dropped", P.ENGAGEMENTS_DRAFT, "engagements.mapping_dropped", reason_owed=True),
        Row("tried", "drop", "dropped", P.ENGAGEMENTS_DRAFT, "engagements.mapping_dropped", reason_owed=True),
    ),
)


def draft_gaps(*, code: str, title: str, reason: str, faults: Collection[str], same_as: int | None) -> Refusals:
    """A draft names its source, says why it is wanted, can be followed, and differs from every version there is."""
    gaps = [Refusal("mapping.fault", f"The mapping cannot be followed: {fault}.", AUTHORITY, "text") for fault in faults]
    if not code.strip() or not title.strip():
        gaps.append(Refusal("mapping.source", "Give the source a code and a title.", AUTHORITY, "text"))
    if not reason.strip():
        gaps.append(Refusal("mapping.reason", "Say what this version changes, and why.", AUTHORITY, "reason"))
    if same_as is not None:
        gaps.append(Refusal("mapping.same", f"This says just what version {same_as} says. Nothing would change.", AUTHORITY, "text"))
    return tuple(gaps)


def approve_gaps(*, drafted_by: int, approver: int, in_force_from: date | None, today: date, taken: Collection[date]) -> Refusals:
    """It is approved by another person than drafted it, from today or later, on a day that no other version of the source has."""
    gaps = []
    if approver == drafted_by:
        gaps.append(Refusal("mapping.same_person", "You drafted this mapping. Somebody else must approve it.", AUTHORITY))
    if in_force_from is None or in_force_from < today:
        sentence = "Choose today or a later day: what was read before keeps the version that read it."
        gaps.append(Refusal("mapping.from", sentence, AUTHORITY, "in_force_from"))
    elif in_force_from in taken:
        gaps.append(Refusal("mapping.taken", "Another version begins on that day. Choose another.", AUTHORITY, "in_force_from"))
    return tuple(gaps)
