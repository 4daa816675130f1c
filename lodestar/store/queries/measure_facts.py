"""The facts that the measures read, as the record holds them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from lodestar.core.measures.catalogue import Entry
from lodestar.core.measures.drawn import Facts
from lodestar.core.measures.episodes import Episode
from lodestar.core.words import Period
from lodestar.store.models import Matter, MatterReport

_COLUMNS = (
    "pk",
    "person_id",
    "reported_at",
    "since_from",
    "since_to",
    "recorded_at",
    "located_at",
    "returned_at",
    "closed_at",
    "person__birth_date",
    "district",
    "looked_after",
    "first_level",
    "state",
    "outcome",
    "located_from",
    "located_to",
    "only_day",
)


def episodes(*, period: Period, district: str = "") -> tuple[Episode, ...]:
    """Every missing matter reported in the period, however it ended: open ones are censored, never dropped."""
    of_a_day = MatterReport.objects.filter(matter=OuterRef("pk"), how="opened", report__precision="date")
    rows = Matter.objects.filter(kind="missing", reported_at__gte=period.from_at).annotate(only_day=Exists(of_a_day))
    if period.until_at is not None:
        rows = rows.filter(reported_at__lt=period.until_at)
    if district:
        rows = rows.filter(district=district)
    return tuple(_episode(row) for row in rows.values_list(*_COLUMNS).iterator(chunk_size=5_000))


def _episode(row: tuple[object, ...]) -> Episode:
    one = dict(zip(_COLUMNS, row, strict=True))
    state, outcome, closed = one["state"], one["outcome"], one["closed_at"]
    earliest, latest = one["located_from"], one["located_to"] or closed
    bounds = (earliest or one["reported_at"], latest) if earliest or one["located_to"] else None
    return Episode(
        id=str(one["pk"]),
        child=str(one["person_id"]),
        # A report of which only the day is known has no start on a clock of minutes: it is left out and counted.
        reported_at=None if one["only_day"] else one["reported_at"],  # type: ignore[arg-type]
        since_from=one["since_from"],  # type: ignore[arg-type]
        since_to=one["since_to"],  # type: ignore[arg-type]
        recorded_at=one["recorded_at"],  # type: ignore[arg-type]
        located_at=one["located_at"],  # type: ignore[arg-type]
        returned_at=one["returned_at"],  # type: ignore[arg-type]
        closed_at=closed,  # type: ignore[arg-type]
        birth_date=one["person__birth_date"],  # type: ignore[arg-type]
        district=str(one["district"]),
        looked_after=one["looked_after"],  # type: ignore[arg-type]
        level_at_first=str(one["first_level"]) or None,
        opened_in_error=state == "opened_in_error",
        transferred_at=closed if state == "transferred" else None,  # type: ignore[arg-type]
        died_at=one["located_at"] if outcome == "died" else None,  # type: ignore[arg-type]
        end_bounds=bounds,  # type: ignore[arg-type]
    )


def gather(one: Entry, *, period: Period, known_at: datetime | None = None, district: str = "") -> Facts:
    """What a measure reads to speak of a period, from its look-back on, in a few queries."""
    wide = Period(period.from_at - one.look_back, period.until_at)
    rows = episodes(period=wide, district=district)
    return Facts(episodes=tuple(row for row in rows if known_at is None or row.recorded_at is None or row.recorded_at <= known_at))
