"""What must be said when a child is located, seen to be well, and back.

Located and wellbeing confirmed are two facts: missing until both (College of Policing APP).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from lodestar.core.words import Refusal

AUTHORITY = "College of Policing APP, missing persons: definition"


def seen_gaps(*, by: str, where: str, at: datetime, now: datetime) -> tuple[Refusal, ...]:
    """Who saw the child, where and when: each is needed, and it cannot be in the future."""
    return tuple(_gaps(by, where, at, now))


def return_gaps(*, at: datetime, located_at: datetime | None, wellbeing_at: datetime | None, now: datetime) -> tuple[Refusal, ...]:
    """A child is back only when located and seen; being back cannot come before being found."""
    gaps = []
    if wellbeing_at is None:
        gaps.append(
            Refusal(
                "return.wellbeing_first",
                "Record who saw that the child is well, or otherwise, before recording the return.",
                AUTHORITY,
            )
        )
    if located_at is not None and at < located_at:
        gaps.append(Refusal("return.before_located", "The return is before the child was located. Check the times.", "", "at"))
    if at > now + timedelta(minutes=1):
        gaps.append(Refusal("return.future", "The time is in the future. Record the return when it has happened.", "", "at"))
    return tuple(gaps)


def _gaps(by: str, where: str, at: datetime, now: datetime) -> Iterator[Refusal]:
    if not by.strip():
        yield Refusal("seen.by", "Say who saw the child.", AUTHORITY, "by")
    if not where.strip():
        yield Refusal("seen.where", "Say where the child was seen.", AUTHORITY, "where")
    if at > now + timedelta(minutes=1):
        yield Refusal("seen.future", "The time is in the future. Record it when it has happened.", "", "at")
