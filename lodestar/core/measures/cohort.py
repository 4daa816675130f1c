"""Which episodes a figure is about: those that began in the period, as known at the cut, none dropped for being open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lodestar.core.measures.episodes import Ending, Episode, Observed, age_at_start, observe
from lodestar.core.times import to_utc
from lodestar.core.words import Period


@dataclass(frozen=True, slots=True)
class Cohort:
    """The episodes that began in a period, as known at a cut, and how many were left out and why."""

    observed: tuple[Observed, ...]
    as_of: datetime
    clock: str
    opened_in_error: int = 0
    no_start: int = 0
    age_not_known: int = 0

    @property
    def children(self) -> int:
        """How many different children."""
        return len({row.episode.child for row in self.observed})

    def count(self, *endings: Ending) -> int:
        """How many ended in one of these ways."""
        return sum(row.ending in endings for row in self.observed)


@dataclass(slots=True)
class _Left:
    """The tally of a sieve while it runs."""

    observed: list[Observed] = field(default_factory=list)
    opened_in_error: int = 0
    no_start: int = 0
    age_not_known: int = 0


def cohort(
    *,
    episodes: Iterable[Episode],
    period: Period,
    as_of: datetime,
    clock: str = "police",
    age_under: int | None = None,
    death_ends: bool = False,
) -> Cohort:
    """Every episode that began in the period, whatever its level, as known at the cut. What is left out is counted.

    Left out: opened in error; no start, where anything known of it falls in the period; age not known, where the measure
    is of an age. Nothing is left out for being open.
    """
    left, as_of = _Left(), to_utc(as_of)
    for episode in episodes:
        _sieve(left, episode, period, as_of, clock=clock, age_under=age_under, death_ends=death_ends)
    return Cohort(
        observed=tuple(left.observed),
        as_of=as_of,
        clock=clock,
        opened_in_error=left.opened_in_error,
        no_start=left.no_start,
        age_not_known=left.age_not_known,
    )


def merged(episodes: Sequence[Episode], *, gap: timedelta, clock: str = "police") -> tuple[Episode, ...]:
    """A sensitivity line: an absence that starts less than ``gap`` after the last was found is joined to it."""
    kept: dict[str, Episode] = {}
    whole: list[Episode] = []
    started = [(start, episode) for episode in episodes if (start := episode.start(clock)) is not None]
    for start, episode in sorted(started, key=lambda pair: (pair[0], pair[1].id)):
        last = kept.get(episode.child)
        end = last.found_at if last else None
        if last is not None and end is not None and timedelta(0) <= start - end < gap:
            kept[episode.child] = _joined(last, episode)
        else:
            whole.extend([last] if last else [])
            kept[episode.child] = episode
    return (*whole, *kept.values(), *(episode for episode in episodes if episode.start(clock) is None))


def _sieve(
    left: _Left,
    episode: Episode,
    period: Period,
    as_of: datetime,
    *,
    clock: str,
    age_under: int | None,
    death_ends: bool,
) -> None:
    start = episode.start(clock)
    if start is None:
        left.no_start += _touches(episode, period) and not episode.opened_in_error
    elif not period.holds(start) or start > as_of:
        return
    elif episode.opened_in_error:
        left.opened_in_error += 1
    elif age_under is not None and age_at_start(episode, clock=clock) is None:
        left.age_not_known += 1
    elif age_under is None or (age_at_start(episode, clock=clock) or 0) < age_under:
        left.observed.append(observe(episode, clock=clock, as_of=as_of, death_ends=death_ends))


def _touches(episode: Episode, period: Period) -> bool:
    instants = (episode.reported_at, episode.since_to, episode.since_from, episode.recorded_at, episode.found_at)
    known = [instant for instant in instants if instant is not None]
    return not known or any(period.holds(instant) for instant in known)


def _joined(first: Episode, second: Episode) -> Episode:
    return replace(
        first,
        located_at=second.located_at,
        returned_at=second.returned_at,
        transferred_at=second.transferred_at,
        died_at=second.died_at,
        end_bounds=second.end_bounds,
    )
