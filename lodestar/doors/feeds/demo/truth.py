"""The true value of each measure, published with the data so that estimators can be judged.

Two readings are given: what happened, before any dirt and with the end of open episodes known; and what the record says by
the rules of measures.md 1.2, where an unknown end counts at its later bound and a transfer out is left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from statistics import median

from lodestar.doors.feeds.demo.children import age_on, local_day
from lodestar.doors.feeds.demo.demo import Figures, Truth
from lodestar.doors.feeds.demo.desks import DeskMatter
from lodestar.doors.feeds.demo.dirty import Dirty
from lodestar.doors.feeds.demo.episode import Episode
from lodestar.doors.feeds.demo.records import Child
from lodestar.doors.feeds.demo.shapes import Duration
from lodestar.doors.feeds.demo.truth_desks import truth_of_desks

_DAY = timedelta(hours=24)
_HOUR = timedelta(hours=1)
_INTERVIEW = timedelta(hours=72)
WINDOWS = (3, 7, 30, 365)


@dataclass(frozen=True, slots=True)
class Reading:
    """One episode as somebody reads it: its child, band, start, and end where there is one."""

    child: str
    band: str
    start: datetime
    end: datetime | None
    closed: bool

    @property
    def quick(self) -> bool:
        """Found within 24 hours; exactly 24 counts, and found before the report is none at all."""
        return self.end is not None and self.end - self.start <= _DAY


def truth(
    *,
    episodes: tuple[Episode, ...],
    children: tuple[Child, ...],
    desks: tuple[DeskMatter, ...],
    as_of: datetime,
    shape: Duration,
    dirty: Dirty,
) -> Truth:
    """Both readings, the law behind them, and how many episodes each switch touched."""
    born = {item.key: item.birth_date for item in children}

    def read(start: Callable[[Episode], datetime], end: Callable[[Episode], datetime | None]) -> list[Reading]:
        return [
            Reading(item.child, band(age_on(born[item.child], local_day(start(item)))), start(item), end(item), not item.is_open)
            for item in episodes
        ]

    happened = read(lambda item: item.truth.started_at, lambda item: item.truth.ended_at)
    kept = [number for number, item in enumerate(episodes) if item.state != "transferred"]
    recorded = read(lambda item: item.reported_at, recorded_end)
    touched = Counter(name for item in episodes for name in item.dirt)
    interviews = _interviews(episodes, as_of)
    return Truth(
        shape=shape.name,
        expected_within_24h=shape.share_within(24),
        expected_median_hours=shape.median,
        happened=_figures(happened, as_of, interviews),
        recorded=_figures([recorded[number] for number in kept], as_of, interviews),
        desks=truth_of_desks(desks=desks, as_of=as_of),
        dirt=tuple((item.name, touched[item.name]) for item in fields(dirty)),
    )


def recorded_end(item: Episode) -> datetime | None:
    """Located, else returned, else the later bound of when; never closed, which is paperwork."""
    return item.located.at if item.located else item.returned_at or item.located_to


def band(age: int) -> str:
    """The bands of the measure; eighteen and over does not occur at a start."""
    return "0-11" if age < 12 else "12-14" if age < 15 else "15-17"


def _figures(readings: list[Reading], as_of: datetime, interviews: tuple[int, int]) -> Figures:
    mature = [item for item in readings if item.start <= as_of - _DAY]
    spent: dict[str, list[float]] = defaultdict(list)
    for item in readings:
        hours = max(0.0, ((item.end or as_of) - item.start) / _HOUR)
        spent[item.band].append(hours)
        spent["all"].append(hours)
    quick = sum(item.quick for item in mature)
    r1, r2, r3 = _repeats(readings)
    return Figures(
        episodes=len(readings),
        children=len({item.child for item in readings}),
        within_24h=quick,
        mature=len(mature),
        share_within_24h=quick / len(mature),
        median_hours=median(spent["all"]),
        median_hours_by_band=tuple((name, median(spent[name])) for name in sorted(spent) if name != "all"),
        closed_only_share=tuple((days, _share(readings, as_of, days, closed_only=True)) for days in WINDOWS),
        open_as_failure_share=tuple((days, _share(readings, as_of, days, closed_only=False)) for days in WINDOWS),
        repeat_r1=r1,
        repeat_r2=r2,
        repeat_r3=r3,
        returns=interviews[0],
        interviews_held_in_72h=interviews[1],
    )


def _share(readings: list[Reading], as_of: datetime, days: int, *, closed_only: bool) -> float:
    """The naive percentage of a dashboard: of what began in the window, the closed alone or the open as failures."""
    window = [item for item in readings if item.start > as_of - days * _DAY and (item.closed or not closed_only)]
    good = sum(item.quick and item.closed for item in window)
    return good / len(window) if window else 0.0


def _repeats(readings: list[Reading]) -> tuple[float, float, float]:
    """R1, R2 and R3 of measures.md 2.3."""
    counts = Counter(item.child for item in readings)
    several = [count for count in counts.values() if count > 1]
    return (len(readings) - len(counts)) / len(readings), sum(several) / len(readings), len(several) / len(counts)


def _interviews(episodes: tuple[Episode, ...], as_of: datetime) -> tuple[int, int]:
    """Returns old enough, and those with an interview held within 72 hours."""
    due = [item for item in episodes if item.returned_at and item.returned_at <= as_of - _INTERVIEW and item.return_interview]
    held = [item.return_interview.held_at - item.returned_at for item in due if item.return_interview.held_at]
    return len(due), sum(gap <= _INTERVIEW for gap in held)
