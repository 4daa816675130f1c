"""The recorded course of one absence: its true times with whatever dirt touches them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.dirty import SHARES, Dirty
from lodestar.doors.feeds.demo.spans import Missing

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
# Of minutes drawn alike one in fifteen is a quarter already, so a little less than 40 % are moved there.
_HEAPED = (SHARES["digit_preference"] - 4 / 60) / (1 - 4 / 60)
# Only one of these can befall an episode's end. The hours are the least that each needs to happen in.
_ENDINGS = (("found_before_record", 0.0), ("unknown_end", 1.0), ("reopened", 3.0), ("cross_force", 4.0))
_BESIDES = (("backdated", 0.0), ("duplicates", 0.5), ("regraded", 2.5))
_PAPERWORK = timedelta(hours=48)  # what is this fresh is left clean, so that its paperwork is done by the data cut


@dataclass(frozen=True, slots=True)
class Course:
    """What the record will say about the times of one absence."""

    truth: Missing
    since_from: datetime
    since_to: datetime
    reported_at: datetime
    recorded_at: datetime
    located_at: datetime | None
    located_from: datetime | None
    located_to: datetime | None
    found_known_at: datetime  # when the force came to know that the child was found
    wellbeing_at: datetime | None
    returned_at: datetime | None
    return_known_at: datetime
    wrong: tuple[datetime, datetime] | None  # "found" by mistake, and when that was put right
    transferred_at: datetime | None
    received_from_force_at: datetime | None
    dirt: tuple[str, ...]


def hours(span: Missing) -> float:
    """Hours truly missing."""
    return (span.located_at - span.reported_at) / _HOUR


def soiling(*, seed: int, spans: list[Missing], spared: list[bool], as_of: datetime, dirty: Dirty) -> list[frozenset[str]]:
    """Which switches touch which absence: exactly their shares of all, each among those it can befall.

    The end of a spared one is left alone, because something else is to be seen in it.
    """
    dice = Dice(seed, "soiling")
    touched: list[set[str]] = [set() for _ in spans]
    next_again = [span.again for span in spans[1:]] + [False]  # its end is what "again" is measured from
    free = [
        number
        for number, span in enumerate(spans)
        if not (span.again or next_again[number] or spared[number]) and span.returned_at < as_of - _PAPERWORK
    ]
    for name, least in _ENDINGS:
        chosen = _chosen(dice, name, [number for number in free if hours(spans[number]) > least], len(spans), dirty)
        free = [number for number in free if number not in chosen]
        _mark(touched, chosen, name)
    late = [number for number, span in enumerate(spans) if span.returned_at < as_of - _PAPERWORK]
    for name, least in _BESIDES:
        fitting = [number for number in late if hours(spans[number]) > least and not _clash(name, touched[number])]
        _mark(touched, _chosen(dice, name, fitting, len(spans), dirty), name)
    return [frozenset(names) for names in touched]


def _clash(name: str, names: set[str]) -> bool:
    """A grade that changed needs the time to change in; the record of another force is not also backdated."""
    if name == "backdated" and "reopened" in names:
        return True
    return bool(names & {"found_before_record", "cross_force"}) or (name == "regraded" and "backdated" in names)


def _chosen(dice: Dice, name: str, fitting: list[int], total: int, dirty: Dirty) -> set[int]:
    return set(dice.some(fitting, round(SHARES[name] * total))) if getattr(dirty, name) else set()


def _mark(touched: list[set[str]], chosen: set[int], name: str) -> None:
    for number in chosen:
        touched[number].add(name)


def course(dice: Dice, *, span: Missing, before: datetime | None, dirt: frozenset[str], dirty: Dirty) -> Course:
    """Write one absence down. ``before`` is the child's last return, which nothing here may precede."""
    heap = _heaper(dice, on=dirty.digit_preference)
    reported_at = span.reported_at if span.again else heap(span.reported_at)
    located_at, returned_at = _found(heap, span, reported_at)
    since_to = max(reported_at - dice.lognormal(180, 0.9) * _MINUTE, before or reported_at - timedelta(days=20))
    recorded_at = reported_at + dice.whole(1, 9) * _MINUTE
    wrong = transferred_at = received_at = located_from = located_to = None
    if "backdated" in dirt:
        recorded_at = reported_at + dice.whole(70, 30 * 60) * _MINUTE
    if "found_before_record" in dirt:
        since_to = reported_at - dice.between(2, 5) * _HOUR if before is None else since_to
        located_at = max(since_to, reported_at - dice.whole(5, 90) * _MINUTE)
        located_at = min(_whole_minute(located_at), reported_at - _MINUTE)
        returned_at = reported_at + dice.whole(5, 60) * _MINUTE
    if "reopened" in dirt:
        first = _whole_minute(reported_at + dice.between(0.2, 0.5) * (located_at - reported_at))
        wrong = (first, _whole_minute(first + dice.between(0.2, 0.8) * (located_at - first)))
    if "cross_force" in dirt and dice.chance(0.5):
        transferred_at = _whole_minute(reported_at + dice.between(0.3, 0.8) * (located_at - reported_at))
    elif "cross_force" in dirt:
        received_at = reported_at + dice.whole(60, 200) * _MINUTE
        recorded_at = received_at
    if "unknown_end" in dirt:
        located_from = max(reported_at, located_at - dice.whole(30, 360) * _MINUTE)
        located_to = located_at + dice.whole(30, 360) * _MINUTE
    known = max(located_to or located_at, recorded_at + 3 * _MINUTE)
    return_known = max(returned_at, known + 2 * _MINUTE)
    ended = transferred_at is None and located_from is None
    well = min(located_at + dice.whole(0, 40) * _MINUTE, returned_at) if ended else None
    return Course(
        truth=span,
        since_from=_whole_minute(since_to - dice.between(0, 90) * _MINUTE),
        since_to=min(_whole_minute(since_to), reported_at),
        reported_at=reported_at,
        recorded_at=recorded_at,
        located_at=located_at if ended else None,
        located_from=located_from,
        located_to=located_to,
        found_known_at=known,
        wellbeing_at=well,
        returned_at=returned_at if ended else None,
        return_known_at=return_known,
        wrong=wrong,
        transferred_at=transferred_at,
        received_from_force_at=received_at,
        dirt=tuple(sorted(dirt | ({"missing_again_60min"} if span.again else set()))),
    )


def _heaper(dice: Dice, *, on: bool) -> Callable[[datetime], datetime]:
    def heap(instant: datetime) -> datetime:
        if not on or not dice.chance(_HEAPED):
            return instant
        return instant + (round(instant.minute / 15) * 15 - instant.minute) * _MINUTE

    return heap


def _found(heap: Callable[[datetime], datetime], span: Missing, reported_at: datetime) -> tuple[datetime, datetime]:
    """The written times of finding and return; rounding never turns them round."""
    located_at = heap(span.located_at)
    if located_at <= reported_at:
        located_at = max(span.located_at, reported_at + _MINUTE)
    returned_at = heap(span.returned_at)
    return located_at, returned_at if returned_at >= located_at else located_at + 2 * _MINUTE


def _whole_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)
