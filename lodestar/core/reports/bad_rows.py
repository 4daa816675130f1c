"""Settling a row that could not be read: mended into a report, or set aside with a reason. Nothing is dropped."""

from __future__ import annotations

from lodestar.core.words import Refusal


def settle_gaps(*, state: str, mended: bool, reason: str) -> tuple[Refusal, ...]:
    """A row is settled once; setting one aside needs a reason."""
    gaps = []
    if state != "waiting":
        gaps.append(Refusal("bad_row.settled", "Somebody has already settled this row."))
    if not mended and not reason.strip():
        gaps.append(Refusal("bad_row.reason", "Say why this row is set aside.", "", "reason"))
    return tuple(gaps)
