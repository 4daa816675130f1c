"""When each child was really missing: the true spans, before any record is made of them.

A child's year is laid on a circle, so that the force is in its steady state from the first day; the circle is then
bent to the seasons and each report moved to a likely hour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np

from lodestar.doors.feeds.demo import shapes
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.rota import LONDON
from lodestar.doors.feeds.demo.shapes import Duration

_DAYS = 365
_DAY = timedelta(days=1)
# Whoever is out, or hardly back, at the data cut is left to the live day, which is staged in their place.
PAPERWORK = timedelta(hours=14)
_AGAIN_SHARE_OF_GAPS = 0.031  # of the gaps between episodes, so that about 2 % of all episodes follow one


@dataclass(frozen=True, slots=True)
class Missing:
    """One true absence."""

    reported_at: datetime
    located_at: datetime
    returned_at: datetime
    again: bool  # within the hour of the last return


@dataclass(frozen=True, slots=True)
class Pattern:
    """One child's absences, and the two things about the child that shaped them."""

    band: str
    looked_after: bool
    spans: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What is asked for."""

    shape: Duration
    again: bool
    dst_nights: bool


def patterns(*, seed: int, as_of: datetime, year: int, episodes: int, choices: Choices) -> list[Pattern]:
    """The children of one year that ends ``year`` years before ``as_of``, with nobody still out at its end."""
    dice = Dice(seed, f"spans {year}")
    end = as_of - year * _DAYS * _DAY
    counts, looked_after, bands = _children(dice.rng, episodes)
    season = Season(end)
    found = (
        Pattern(band, bool(cared), _spans(dice, season, int(count), cared=bool(cared), choices=choices))
        for count, cared, band in zip(counts, looked_after, bands, strict=True)
    )
    patterns = [pattern for pattern in found if pattern.spans]
    return _on_change_nights(dice, season, patterns) if choices.dst_nights else patterns


def _children(rng: np.random.Generator, episodes: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    counts = shapes.episodes_a_child(rng, episodes)
    cared = _even(rng, chance_of_care(counts))
    rare = counts <= 6  # the youngest are not among the most often missing
    young = np.where(rare, shapes.BANDS[0][1] * counts.sum() / counts[rare].sum(), 0.0)
    youngest = _even(rng, young)
    middle = _even(rng, np.where(youngest, 0.0, shapes.BANDS[1][1] / (1 - shapes.BANDS[0][1])))
    bands = ["0-11" if first else "12-14" if second else "15-17" for first, second in zip(youngest, middle, strict=True)]
    order = rng.permutation(len(counts))
    return counts[order], cared[order], [bands[index] for index in order]


def chance_of_care(counts: np.ndarray) -> np.ndarray:
    """The oftener missing, the likelier looked after, to the wanted share of episodes."""
    weight = 0.06 + 0.05 * counts
    chance = weight
    for _ in range(20):  # the ceiling takes some away; spread that over the others
        chance = np.minimum(0.8, chance * shapes.LOOKED_AFTER * counts.sum() / (chance * counts).sum())
    return chance


def _even(rng: np.random.Generator, chance: np.ndarray) -> np.ndarray:
    """Yes for each with its chance, spread evenly along the row so that the total hardly varies."""
    running = np.floor(np.cumsum(chance) + rng.random())
    return np.diff(running, prepend=np.floor(running[0] - chance[0] if len(running) else 0)) > 0


class Season:
    """A year's days, stretched where children go missing less and pressed together where more."""

    def __init__(self, end: datetime) -> None:
        self.end = end
        self.start = end - _DAYS * _DAY
        months = [shapes.MONTHS[(self.start + number * _DAY).month - 1] for number in range(_DAYS)]
        self._reached = np.concatenate(([0.0], np.cumsum(months)))
        self.changes = change_nights(self.start, end)

    def instant(self, share: float) -> datetime:
        """The instant by which this share of the year's reports has come."""
        day = float(np.interp(share * self._reached[-1], self._reached, np.arange(_DAYS + 1)))
        return self.start + day * _DAY

    def at_hour(self, instant: datetime, hour: float) -> datetime:
        """The same local day at this hour, kept inside the year."""
        day = instant.astimezone(LONDON)
        minute = int(hour * 60)
        moved = day.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0, fold=0).astimezone(UTC)
        if moved >= self.end:
            moved -= _DAY
        return moved + _DAY if moved < self.start else moved

    def off_change_night(self, instant: datetime) -> datetime:
        """The instant, or the morning after where it falls in a night when the clocks change."""
        for from_at, until_at in self.changes:
            if from_at <= instant < until_at:
                return until_at
        return instant


def change_nights(start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """From ten at night to five in the morning around each change of the clocks."""
    days = (start.date() - _DAY + number * _DAY for number in range((end - start).days + 3))
    noon = [datetime(day.year, day.month, day.day, 12, tzinfo=LONDON) for day in days]
    return [(_local(one.date(), 22), _local(two.date(), 5)) for one, two in pairwise(noon) if one.utcoffset() != two.utcoffset()]


def _local(day: date, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON, fold=fold).astimezone(UTC)


def _spans(dice: Dice, season: Season, count: int, *, cared: bool, choices: Choices) -> tuple[Missing, ...]:
    hours = [choices.shape.draw(dice, looked_after=cared) for _ in range(count)]
    gaps = [shapes.gap_days(dice, looked_after=cared) for _ in range(count)]
    room = 0.92 * _DAYS - sum(hours) / 24
    scale = min(1.0, max(room, 0.0) / sum(gaps))
    at, starts = dice.unit() * _DAYS, []
    for span, gap in zip(hours, gaps, strict=True):
        starts.append((at % _DAYS, span))
        at += span / 24 + gap * scale
    spans: list[Missing] = []
    for start, span in sorted(starts):
        again = bool(spans) and choices.again and dice.chance(_AGAIN_SHARE_OF_GAPS)
        reported_at = _report(dice, season, start, spans, again=again)
        if not choices.dst_nights:
            reported_at = season.off_change_night(reported_at)
        missing = missing_from(dice, reported_at, span, again=again and reported_at - spans[-1].returned_at < timedelta(hours=1))
        if missing.returned_at >= season.end - PAPERWORK:
            break
        spans.append(missing)
    return tuple(spans)


def _report(dice: Dice, season: Season, start: float, before: list[Missing], *, again: bool) -> datetime:
    if again:
        return before[-1].returned_at + timedelta(minutes=dice.whole(15, 45))
    wanted = season.at_hour(season.instant(start / _DAYS), shapes.hour_of_report(dice))
    if before:
        wanted = max(wanted, before[-1].returned_at + timedelta(minutes=dice.whole(75, 600)))
    return wanted


def missing_from(dice: Dice, reported_at: datetime, hours: float, *, again: bool = False) -> Missing:
    """An absence of so many hours from this report, and the way back after being found."""
    located_at = reported_at + timedelta(minutes=max(6, round(hours * 60)))
    returned_at = located_at + timedelta(minutes=min(600, max(5, int(dice.lognormal(45, 0.7)))))
    return Missing(reported_at, located_at, returned_at, again)


def _on_change_nights(dice: Dice, season: Season, patterns: list[Pattern]) -> list[Pattern]:
    """Move two reports into each night when the clocks change, one of October's into the hour that comes twice."""
    moved = list(patterns)
    free = [number for number, pattern in enumerate(patterns) if len(pattern.spans) == 1 and _hours(pattern.spans[0]) > 3]
    for from_at, until_at in season.changes:
        day = until_at.astimezone(LONDON).date()
        october = _local(day, 0, 30) + 2 * timedelta(hours=1) == _local(day, 1, 30, fold=1)
        times = ((1, 20, 0), (1, 40, 1)) if october else ((0, 40, 0), (2, 15, 0))
        near = sorted(free, key=lambda number: abs(moved[number].spans[0].reported_at - from_at))[: len(times)]
        for number, (hour, minute, fold) in zip(near, times, strict=False):
            free.remove(number)
            span = moved[number].spans[0]
            missing = missing_from(dice, _local(day, hour, minute, fold), _hours(span))
            if missing.returned_at < season.end - PAPERWORK:
                moved[number] = replace(moved[number], spans=(missing,))
    return moved


def _hours(span: Missing) -> float:
    return (span.located_at - span.reported_at) / timedelta(hours=1)
