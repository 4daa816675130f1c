"""Whether the database answers, and counts a monitor may see."""

from __future__ import annotations

from datetime import datetime

from lodestar.store.models import BadRow, Heartbeat, Matter, Notice, Obligation
from lodestar.store.queries.notices import NIGHTLY, SWEEP


def touch() -> None:
    """Raise DatabaseError where the database does not answer."""
    Heartbeat.objects.count()


def counts(*, at: datetime) -> dict[str, tuple[str, float]]:
    """Counts by name, with their words."""
    beats = dict(Heartbeat.objects.values_list("job", "at"))
    beat, night = beats.get(SWEEP), beats.get(NIGHTLY)
    return {
        "open_matters": ("Matters open", Matter.objects.filter(is_open=True).count()),
        "late_obligations": ("Obligations late", Obligation.objects.filter(is_open=True, due_at__lt=at).count()),
        "bad_rows": ("Rows waiting to be mended", BadRow.objects.filter(state="waiting").count()),
        "undelivered_notices": ("Notices not delivered", Notice.objects.filter(delivered_at=None).count()),
        "sweep_age_seconds": ("Seconds since the last sweep", (at - beat).total_seconds() if beat else float("inf")),
        "nightly_age_seconds": ("Seconds since the night's jobs", (at - night).total_seconds() if night else float("inf")),
    }
