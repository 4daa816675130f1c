"""Keeping a figure as it was computed, with its definition, so that it can be computed again and compared."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.measures.measure import plain
from lodestar.core.words import Period
from lodestar.store.models import Figure
from lodestar.store.queries import measures as queries


def compute(*, actor: Actor, period: Period, now: datetime) -> int:
    """Compute M1 and M2 over a period as known now and keep every line. Returns how many figures were kept."""
    with perform("measures.computed", actor=actor, now=now, permission=P.MEASURES_READ) as act:
        found = queries.found_within(period=period, at=now)
        times = queries.missing_time(period=period, at=now)
        kept = [*found, times.pooled.median, *(band.median for band in (*times.bands, *times.levels))]
        for measure in kept:
            value: dict[str, Any] = plain(measure)
            act.add(
                Figure(
                    code=measure.code,
                    definition_version=measure.definition_version,
                    definition_hash=measure.definition_hash,
                    as_of=measure.as_of,
                    period_from=period.from_at,
                    period_until=period.until_at or now,
                    filters={"line": measure.line},
                    value=value,
                    computed_at=now,
                )
            )
        act.subject = ("figure", "M1,M2")
        act.record(detail={"figures": len(kept)})
        return len(kept)


def note_seen(*, actor: Actor, days: int, now: datetime) -> None:
    """Measures were looked at: no child is in them, and who looked is still on record."""
    with perform("measures.seen", actor=actor, now=now, permission=P.MEASURES_READ) as act:
        act.subject = ("figure", "M1,M2")
        act.record(outcome="seen", detail={"days": days})
