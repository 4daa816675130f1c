"""Recurrence: how many further episodes a child has on average by a time since the clock began.

The mean cumulative function: at each time the episodes that began, over the children who could then have begun one. A
child is not at risk of going missing while missing, nor before being observed, nor after. Second and later gaps between
episodes do not censor each other independently, so no curve of gaps says this. Source: Nelson 1988; measures.md 2.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lodestar.core.measures.survival import Floats, Ints, z_of

PIECE = 2**22  # cells of persons by rows held at once


@dataclass(frozen=True, slots=True)
class Spell:
    """One stretch in which a person could begin an episode: after ``begin``, up to and including ``end``.

    ``event`` says an episode began at the end. No ``begin`` is from the start, time 0 included.
    """

    person: int
    end: float
    event: bool
    begin: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Recurrence:
    """One row for each distinct time at which an episode began. ``se`` is Lawless and Nadeau's, robust by person."""

    times: NDArray[Any]
    at_risk: Ints
    events: Ints
    mean: Floats
    se: Floats
    persons: int

    def row(self, time: float) -> int:
        """The last row at or before a time; -1 before the first."""
        return int(np.searchsorted(self.times, time, side="right")) - 1


def mean_cumulative(spells: Sequence[Spell]) -> Recurrence:
    """The sum of d/n over the times at which episodes began, with its error by person.

    Refuses no stretches, and one that ends before it begins.

    The error allows for some children going missing far oftener than others: for each person, the sum over their time at
    risk of (began - d/n) / n, squared and added. Source: Lawless and Nadeau 1995.
    """
    if not spells:
        raise ValueError("recurrence needs at least one stretch of observation")
    begins = np.array([-np.inf if one.begin is None else one.begin for one in spells])
    ends = np.array([one.end for one in spells], dtype=np.float64)
    marks = np.array([one.event for one in spells])
    if (ends < begins).any():
        raise ValueError("a stretch of observation does not end before it begins")
    names, person = np.unique([one.person for one in spells], return_inverse=True)
    times, events = np.unique(ends[marks], return_counts=True)
    at_risk = np.searchsorted(np.sort(begins), times, side="left") - np.searchsorted(np.sort(ends), times, side="left")
    mean = np.cumsum(events / at_risk)
    rows = _Rows(person, np.searchsorted(times, begins, "right"), np.searchsorted(times, ends, "right"), marks)
    return Recurrence(times, at_risk, events, mean, _robust(rows, at_risk, events, names.size), int(names.size))


def spells_of(person: int, *, episodes: Sequence[tuple[float, float | None]], end: float, begin: float | None = None) -> list[Spell]:
    """A person's stretches at risk, from when each episode began and when they were back, and the end of observation.

    Nobody is at risk while missing: the next stretch begins at the return, and where nothing tells of a return there is none.
    Refuses an episode that begins before the one above ended, at or before ``begin``, or after ``end``.
    """
    found: list[Spell] = []
    start: float | None = begin
    first, apart = True, False
    for time, back in sorted(episodes, key=lambda one: one[0]):
        late = start is not None and (time < start or (time == start and first))
        if late or time > end:
            raise ValueError(f"the episode that began at {time:g} lies outside the time when this person could begin one")
        # Gone again in the moment of the return: the moment is theirs, or the episode would begin with nobody at risk.
        found.append(Spell(person, time, True, np.nextafter(time, -np.inf) if start == time and apart else start))
        if back is None:
            return found
        start, first, apart = max(back, time), False, back > time
    if start is None or start < end:
        found.append(Spell(person, end, False, start))
    return found


def recurrence_band(found: Recurrence, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """The mean times and over exp(z se / mean), which stays above nought."""
    apart = np.exp(z_of(level) * found.se / found.mean)
    return found.mean / apart, found.mean * apart


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """For each spell its person, and the first row in it and the first after it."""

    person: Ints
    first: Ints
    after: Ints
    marks: NDArray[np.bool_]


def _robust(rows: _Rows, at_risk: Ints, events: Ints, persons: int) -> Floats:
    """Persons by rows, a piece at a time: what each added beyond what was to be expected of them, run up and squared."""
    width = at_risk.size
    total = np.zeros(width)
    expected = events / at_risk**2
    step = max(1, PIECE // max(1, width))
    for start in range(0, persons, step):
        size = min(step, persons - start)
        mine = (rows.person >= start) & (rows.person < start + size)
        who = rows.person[mine] - start
        there = np.zeros((size, width + 1))
        np.add.at(there, (who, rows.first[mine]), 1.0)
        np.add.at(there, (who, rows.after[mine]), -1.0)
        pulls = np.cumsum(there, axis=1)[:, :width] * -expected
        ended = rows.marks[mine]
        last = rows.after[mine][ended] - 1
        np.add.at(pulls, (who[ended], last), 1 / at_risk[last])
        total += np.square(np.cumsum(pulls, axis=1)).sum(axis=0)
    return np.sqrt(total)
