"""Missing episodes as the measures read them, and figures as they were computed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from lodestar.core.measures.definition import Definition
from lodestar.core.measures.episodes import Episode, local_period
from lodestar.core.measures.found import lines
from lodestar.core.measures.measure import Measure
from lodestar.core.measures.missing_time import MissingTimes, missing_times
from lodestar.core.times import local_date
from lodestar.core.words import Period
from lodestar.store.models import Figure, Matter, MatterReport
from lodestar.store.playbooks import playbook

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


def definition(code: str, *, at: datetime) -> Definition:
    """A measure's definition in force on the day."""
    return Definition.from_playbook(playbook(code), on=local_date(at))


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


def last_days(*, days: int, at: datetime) -> Period:
    """The last so many whole London days, today included."""
    until = local_date(at) + timedelta(days=1)
    return local_period(first=until - timedelta(days=days), until=until)


def span(*, first: date, until: date) -> Period:
    """A period of whole London days; the last day is not in it."""
    return local_period(first=first, until=until)


def found_within(*, period: Period, at: datetime, district: str = "") -> tuple[Measure, ...]:
    """M1 with the lines beside it."""
    return lines(episodes=episodes(period=period, district=district), period=period, as_of=at, definition=definition("M1", at=at))


def missing_time(*, period: Period, at: datetime, district: str = "") -> MissingTimes:
    """M2: median missing time by age band and first level."""
    return missing_times(episodes=episodes(period=period, district=district), period=period, as_of=at, definition=definition("M2", at=at))


def figures(*, code: str, most: int = 30) -> QuerySet[Figure]:
    """Figures kept, newest first."""
    return Figure.objects.filter(code=code).order_by("-computed_at")[:most]
