"""Settling who a report is about, and undoing a link: by a named person, with a reason, nothing lost."""

from __future__ import annotations

from collections.abc import Sequence

from lodestar.core.words import Refusal


def settle_gaps(*, state: str, same_as: int | None, offered: Sequence[int], reason: str) -> tuple[Refusal, ...]:
    """A question is answered once, with one of the people shown or with nobody, and says why."""
    gaps = []
    if state != "waiting":
        gaps.append(Refusal("link.settled", "Somebody has already settled this. Read what they decided."))
    if same_as is not None and same_as not in offered:
        gaps.append(Refusal("link.not_offered", "Choose one of the people shown, or say that it is somebody new.", "", "same_as"))
    if not reason.strip():
        gaps.append(Refusal("link.reason", "Say what made you sure.", "", "reason"))
    return tuple(gaps)


def unlink_gaps(*, linked: bool, reason: str) -> tuple[Refusal, ...]:
    """A link that is there can be undone by somebody who says why."""
    gaps = []
    if not linked:
        gaps.append(Refusal("link.none", "This report is joined to nobody."))
    if not reason.strip():
        gaps.append(Refusal("link.undo_reason", "Say why this is somebody else.", "", "reason"))
    return tuple(gaps)
