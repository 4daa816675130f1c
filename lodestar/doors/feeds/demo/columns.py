"""Very many closed matters, fast, for the benchmark: numpy columns, and the same as plain tuples.

Only what a board, a history and a measure read is made; the law of durations, the repeat mixture and the ages are those of
the demonstration force. Children go missing at times drawn alike over the span, so this is bulk and not a story.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from lodestar.doors.feeds.demo import names, shapes
from lodestar.doors.feeds.demo.places import DISTRICTS
from lodestar.doors.feeds.demo.spans import chance_of_care

_CHUNK = 50_000
_YEAR = 365 * 86400
_LEVELS = tuple(level for level, _ in shapes.GRADES)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FAMILIES = tuple(name for community in names.COMMUNITIES for name in community.families)
_GIVEN = tuple(name for community in names.COMMUNITIES for name in (*community.girls, *community.boys))


class Row(NamedTuple):
    """One closed matter and its child, as values that a bulk insert takes."""

    number: int
    child: int
    given_name: str
    family_name: str
    birth_date: date
    looked_after: bool
    authority: str
    district: str
    level: str
    since_from: datetime
    since_to: datetime
    reported_at: datetime
    recorded_at: datetime
    located_at: datetime
    wellbeing_at: datetime
    returned_at: datetime
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class Columns:
    """The same, by column; instants are whole seconds since 1970 UTC, codes are positions in the tuples beside them."""

    child: np.ndarray  # int64, from 0; the same number is the same child
    given: np.ndarray  # by child
    family: np.ndarray  # by child
    birth_day: np.ndarray  # by child: days since 1970
    looked_after: np.ndarray  # by child
    district: np.ndarray  # by matter
    level: np.ndarray
    since_from: np.ndarray
    since_to: np.ndarray
    reported_at: np.ndarray
    recorded_at: np.ndarray
    located_at: np.ndarray
    wellbeing_at: np.ndarray
    returned_at: np.ndarray
    closed_at: np.ndarray
    levels: tuple[str, ...] = _LEVELS
    districts: tuple[str, ...] = tuple(item.code for item in DISTRICTS)
    authorities: tuple[str, ...] = tuple(item.authority for item in DISTRICTS)
    given_names: tuple[str, ...] = _GIVEN
    family_names: tuple[str, ...] = _FAMILIES

    def __len__(self) -> int:
        return len(self.reported_at)


def columns(n: int, seed: int, *, as_of: datetime, years: int = 5, shape: str = "national") -> Columns:
    """``n`` closed matters that began and ended in the ``years`` before ``as_of``, by reported_at."""
    if n < 1 or as_of.tzinfo is None:
        raise ValueError("columns needs n of at least 1 and an as_of with a time zone")
    rng = np.random.default_rng([seed, n])
    child, counts = _children(rng, n)
    people = len(counts)
    cared = rng.random(people) < chance_of_care(counts)
    law = shapes.shape(shape)
    sigma = np.where(cared[child], law.of(looked_after=True)[1], law.of(looked_after=False)[1])
    missing = np.clip(np.exp(law.mu + sigma * rng.standard_normal(n)) * 3600, 360, 60 * 86400).astype(np.int64)
    back = rng.integers(300, 7200, n)
    shut = back + rng.integers(1800, 36000, n)
    reported = _reported(rng, child, people, int(as_of.timestamp()), years)
    # Nothing is still open: the few that would close after the data cut are moved before it.
    reported = np.minimum(reported, int(as_of.timestamp()) - missing - shut - 60) // 60 * 60
    order = np.argsort(reported, kind="stable")
    child, missing, back, shut, reported = (column[order] for column in (child, missing, back, shut, reported))
    since_to = reported - (np.exp(np.log(3) + 0.9 * rng.standard_normal(n)) * 3600).astype(np.int64)
    age_days = (_ages(rng, people) * 365.2425).astype(np.int64)
    first = np.full(people, np.iinfo(np.int64).max)
    np.minimum.at(first, child, reported)
    share = np.array([item.residents for item in DISTRICTS], dtype=float)
    return Columns(
        child=child,
        given=rng.integers(0, len(_GIVEN), people),
        family=rng.integers(0, len(_FAMILIES), people),
        birth_day=first // 86400 - age_days,
        looked_after=cared,
        district=rng.choice(len(DISTRICTS), people, p=share / share.sum())[child],
        level=rng.choice(len(_LEVELS), n, p=[weight for _, weight in shapes.GRADES]),
        since_from=since_to - rng.integers(0, 5400, n),
        since_to=since_to,
        reported_at=reported,
        recorded_at=reported + rng.integers(60, 600, n),
        located_at=reported + missing,
        wellbeing_at=reported + missing + back // 4,
        returned_at=reported + missing + back,
        closed_at=reported + missing + shut,
    )


def _children(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Deal ``n`` matters to children by the repeat mixture, in mixed order."""
    counts = shapes.episodes_a_child(rng, n)
    while counts.sum() < n:
        counts = np.append(counts, 1)
    child = np.repeat(np.arange(len(counts)), counts)
    rng.shuffle(child)
    return child[:n], counts


def _reported(rng: np.random.Generator, child: np.ndarray, people: int, end: int, years: int) -> np.ndarray:
    """Each child's matters fall in one year of the child's, so that nobody grows up between them."""
    begins = end - (rng.random(people) * (years - 1) + 1) * _YEAR
    return (begins[child] + rng.random(len(child)) * _YEAR).astype(np.int64)


def _ages(rng: np.random.Generator, people: int) -> np.ndarray:
    """Ages at the first absence, young enough to stay under eighteen for the year."""
    throw = rng.random(people)
    low = np.where(throw < 0.07, 7.0, np.where(throw < 0.42, 12.0, 15.0))
    width = np.where(throw < 0.07, 5.0, np.where(throw < 0.42, 3.0, 1.8))
    return low + width * rng.random(people)


def rows(n: int, seed: int, *, as_of: datetime, years: int = 5, shape: str = "national") -> Iterator[Row]:
    """The same matters one at a time, made by the chunk."""
    made = columns(n, seed, as_of=as_of, years=years, shape=shape)
    for low in range(0, n, _CHUNK):
        yield from _chunk(made, slice(low, min(n, low + _CHUNK)), low)


def _chunk(made: Columns, part: slice, low: int) -> Iterator[Row]:
    child = made.child[part]
    district = made.district[part].tolist()
    return (
        Row(*values)
        for values in zip(
            range(low, low + len(child)),
            child.tolist(),
            [made.given_names[at] for at in made.given[child].tolist()],
            [made.family_names[at] for at in made.family[child].tolist()],
            [date.fromordinal(719_163 + day) for day in made.birth_day[child].tolist()],
            made.looked_after[child].tolist(),
            [made.authorities[at] for at in district],
            [made.districts[at] for at in district],
            [made.levels[at] for at in made.level[part].tolist()],
            *(_instants(getattr(made, name)[part]) for name in Row._fields[9:]),
            strict=True,
        )
    )


def _instants(seconds: np.ndarray) -> list[datetime]:
    return [_EPOCH + timedelta(seconds=second) for second in seconds.tolist()]
