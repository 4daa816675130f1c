"""A missing episode as a fact, and how long it lasted as far as was known at a data cut.

The rules are those of measures.md 1.1 and 1.2. Closing is paperwork: ``closed_at`` is kept on the fact so that a test
can show that no figure reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from lodestar.core.measures.definition import CLOCKS
from lodestar.core.times import HOUR as AN_HOUR
from lodestar.core.times import MINUTE, age_on, at_wall, local_date, to_utc
from lodestar.core.words import Period

MICROSECOND = timedelta(microseconds=1)
HOUR = AN_HOUR // MICROSECOND  # durations are whole microseconds, so that 24:00:00 is exactly 24 hours
_INSTANTS = (
    *("since_from", "since_to", "reported_at", "recorded_at", "located_at", "returned_at", "closed_at"),
    *("transferred_at", "died_at"),
)
Ending = Literal["found", "open", "transferred", "died", "end_not_known"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What the record says of one absence. ``transferred_at`` is when another force took it over.

    Instants are kept in UTC, whatever zone they come in: two times of one zone subtract by the clock on the wall, which
    is an hour out over a change of the clocks. A time without a zone is refused.
    """

    id: str
    child: str
    reported_at: datetime | None
    since_from: datetime | None = None
    since_to: datetime | None = None
    recorded_at: datetime | None = None
    located_at: datetime | None = None
    returned_at: datetime | None = None
    closed_at: datetime | None = None
    birth_date: date | None = None
    district: str = ""
    looked_after: bool | None = None
    level_at_first: str | None = None
    opened_in_error: bool = False
    transferred_at: datetime | None = None
    died_at: datetime | None = None
    end_bounds: tuple[datetime, datetime] | None = None  # known to be found, between these

    def __post_init__(self) -> None:
        for name in _INSTANTS:
            instant = getattr(self, name)
            if instant is not None and instant.tzinfo is not UTC:
                object.__setattr__(self, name, to_utc(instant))
        if self.end_bounds is not None:
            earliest, latest = (to_utc(instant) for instant in self.end_bounds)
            if latest < earliest:
                raise ValueError("the bounds of an end go from the earlier to the later")
            object.__setattr__(self, "end_bounds", (earliest, latest))

    @property
    def found_at(self) -> datetime | None:
        """When whereabouts and wellbeing were confirmed, else when back at an agreed safe place; never the closing."""
        return self.located_at or self.returned_at

    def start(self, clock: str) -> datetime | None:
        """Where a clock starts: the police's at the report, the child's when last known safe (latest or earliest)."""
        if clock not in CLOCKS:
            raise ValueError(f"no such clock: {clock}")
        starts = {"police": self.reported_at, "child": self.since_to, "child_earliest": self.since_from}
        return starts[clock]


@dataclass(frozen=True, slots=True)
class Observed:
    """One episode on one clock, as known at the cut: how long, whether it ended, and why it is not simply found."""

    episode: Episode
    start: datetime
    duration: int
    ended: bool
    ending: Ending
    shortest: int
    before_record: bool = False

    @property
    def child(self) -> str:
        """Whose episode it is."""
        return self.episode.child


def local_period(*, first: date, until: date) -> Period:
    """Half-open, from midnight in London on the first day to midnight in London on the last, which is not in it."""
    midnight = datetime.min.time()
    return Period(at_wall(on=first, clock=midnight), at_wall(on=until, clock=midnight))


def age_at_start(episode: Episode, *, clock: str) -> int | None:
    """Age by the London date at the start, so a child who turns 18 while missing stays a child; None is not known."""
    start = episode.start(clock)
    if start is None or episode.birth_date is None or episode.birth_date > local_date(start):
        return None
    return age_on(episode.birth_date, start)


def observe(episode: Episode, *, clock: str, as_of: datetime, death_ends: bool = False) -> Observed:
    """How long an episode lasted as known at the cut; what has not ended is censored there, or where it was transferred.

    Found before the start is a duration of nought. Found at a time not known counts at its latest. A death is never
    "found": unless ``death_ends``, the episode stays at risk to the cut and so counts against. Refuses an episode
    without a start, or with a start after the cut.
    """
    start, as_of = episode.start(clock), to_utc(as_of)
    if start is None or start > as_of:
        raise ValueError("an episode is observed from its start to the cut; it needs a start before the cut")
    row = _ended(episode, start, as_of, death_ends=death_ends)
    moved = episode.transferred_at
    stopped = _stopped_at(row)
    if moved is not None and moved <= as_of and (stopped is None or moved < stopped):
        kept = _since(start, moved)
        return Observed(episode, start, kept, ended=False, ending="transferred", shortest=kept)
    return row


def backdated(episode: Episode, *, minutes: int) -> bool:
    """True when it was recorded more than so long after it was reported."""
    if episode.recorded_at is None or episode.reported_at is None:
        return False
    return episode.recorded_at - episode.reported_at > minutes * MINUTE


def on_the_hour(episode: Episode) -> bool:
    """True when the end falls on minute 00 or 30: too many of these mean that ends are written up, not seen."""
    return episode.found_at is not None and episode.found_at.minute in (0, 30)


def _ended(episode: Episode, start: datetime, as_of: datetime, *, death_ends: bool) -> Observed:
    found = episode.found_at if episode.found_at is not None and episode.found_at <= as_of else None
    cut = _since(start, as_of)
    died = episode.died_at
    if died is not None and died <= as_of and (found is None or died <= found):
        kept = _since(start, found or died) if death_ends else cut
        return Observed(episode, start, kept, ended=death_ends, ending="died", shortest=kept)
    if found is not None:
        kept = _since(start, found)
        return Observed(episode, start, kept, True, "found", kept, before_record=found < start)
    bounds = episode.end_bounds
    if bounds is not None and bounds[0] <= as_of:
        latest = _since(start, min(bounds[1], as_of))
        return Observed(episode, start, latest, True, "end_not_known", min(_since(start, bounds[0]), latest))
    return Observed(episode, start, cut, ended=False, ending="open", shortest=cut)


def _stopped_at(row: Observed) -> datetime | None:
    """When the episode itself stopped, which a later hand-over to another force cannot change."""
    if row.ending == "died":
        return row.episode.died_at
    return row.start + row.duration * MICROSECOND if row.ended else None


def _since(start: datetime, end: datetime) -> int:
    return max(0, (end - start) // MICROSECOND)
