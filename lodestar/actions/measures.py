"""Keeping a figure as it was computed, with its definition, so that it can be computed again and compared."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.measures.measure import Measure, plain
from lodestar.core.playbook import content_hash
from lodestar.core.words import Period
from lodestar.store.models import Figure
from lodestar.store.queries import measures as queries
from lodestar.store.queries.measures import rebuild

__all__ = ["compute", "freeze", "keep", "note_hidden", "note_seen", "rebuild"]

SETTLED = timedelta(minutes=1)


def freeze(
    *, actor: Actor, code: str, period: Period, now: datetime, district: str = "", lines: Collection[str] = ()
) -> tuple[Figure, ...]:
    """Keep the lines of a measure (all, or those named) as known now, each under a hash of its content."""
    with perform("measures.frozen", actor=actor, now=now, permission=P.MEASURES_READ) as act:
        made = keep(act, code=code, period=period, district=district, lines=lines)
        act.subject = ("figure", code)
        act.record(detail={"figures": [row.pk for row in made]})
        return made


def keep(
    act: Act, *, code: str, period: Period, district: str = "", lines: Collection[str] = (), known_at: datetime | None = None
) -> tuple[Figure, ...]:
    """Keep figures as part of another action: a pack's, or the evidence of a promise. The caller records it.

    What is known is what was known then, or now where no instant is given.
    """
    known = known_at or act.now
    found = queries.figures_of(code, period=period, at=act.now, known_at=known, district=district)
    wanted = [one for one in found if not lines or one.line in lines]
    return keep_found(act, wanted, period=period, district=district, known_at=known)


def keep_found(
    act: Act, found: Iterable[Measure], *, period: Period, district: str = "", known_at: datetime | None = None
) -> tuple[Figure, ...]:
    """Keep figures worked out already, of this very instant and from what is known at it, or was then. The caller records it."""
    known = known_at or act.now
    return tuple(act.add(_figure(one, period, (act.now, known), district)) for one in found)


def compute(*, actor: Actor, period: Period, now: datetime) -> int:
    """Compute the whole catalogue over a period and keep every line. Returns how many figures were kept.

    As known a minute ago: a write under way in this very second may say an instant before it and be read only after it.
    """
    with perform("measures.computed", actor=actor, now=now, permission=P.MEASURES_READ) as act:
        kept = [row for code in queries.codes() for row in keep(act, code=code, period=period, known_at=now - SETTLED)]
        act.subject = ("figure", "all")
        act.record(detail={"figures": len(kept)})
        return len(kept)


def note_seen(*, actor: Actor, days: int, now: datetime) -> None:
    """Measures were looked at: no child is in them, and who looked is still on record."""
    with perform("measures.seen", actor=actor, now=now, permission=P.MEASURES_READ) as act:
        act.subject = ("figure", "all")
        act.record(outcome="seen", detail={"days": days})


def note_hidden(*, actor: Actor, quarter: str, hidden: Sequence[tuple[str, ...]], now: datetime) -> None:
    """What was hidden in the tables that leave, and why: measure, row, column, reason and whose threshold, never a count."""
    with perform("measures.numbers_hidden", actor=actor, now=now, permission=P.MEASURES_EXPORT) as act:
        act.subject = ("figure", quarter)
        act.record(detail={"hidden": [list(row) for row in hidden]})


def _figure(measure: Measure, period: Period, instants: tuple[datetime, datetime], district: str) -> Figure:
    at, known = instants
    row = Figure(
        code=measure.code,
        definition_version=measure.definition_version,
        definition_hash=measure.definition_hash,
        as_of=measure.as_of,
        known_at=known,
        period_from=period.from_at,
        period_until=period.until_at or at,
        filters={"line": measure.line, "district": district},
        value=plain(measure),
        computed_at=at,
    )
    row.content_hash = _hash_of(row)
    return row


def _hash_of(row: Figure) -> str:
    """SHA-256 of everything a figure says, and under what; the same figure kept twice has the same hash."""
    return content_hash(
        {
            "period": [row.period_from, row.period_until],
            "known_at": row.known_at,
            "filters": row.filters,
            "value": row.value,
        }
    )
