"""The sheet on which a measure is worked out, line by line: a share, a count, a time by which so many had ended.

The rules of intervals and of small groups are the same for every measure: with fewer children than the definition says
the counts alone are given; a child with several rows is not several children (measures.md 1.3, 2.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from lodestar.core.measures.competing import aalen_johansen, incidence_band
from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.episodes import HOUR
from lodestar.core.measures.intervals import Interval, clopper_pearson, clustered_logit, wilson
from lodestar.core.measures.live import EXACT_ALONE, FEW, ONE_CHILD, Timed, curve_of, inflation_by_child, live_share
from lodestar.core.measures.measure import Caveat, Measure, Unit
from lodestar.core.measures.survival import Crossing, Curve, Floats, quantile, real

DAY = 24 * HOUR
IN_UNIT = {"minutes": HOUR // 60, "hours": HOUR, "days": DAY}
FEW_CHILDREN = Caveat("few_children", "Too few children for a rate or an interval: the counts alone are shown.")
Notes = tuple[Caveat, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """One row of a share or count: whose, and whether it is counted."""

    id: str
    child: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Lasted:
    """One row of a time, in whole microseconds: ended, or known only to have lasted so long."""

    id: str
    child: str
    duration: int
    ended: bool


@dataclass(slots=True)
class Sheet:
    """Works out the lines that are asked for, and leaves the others. ``population`` and ``caveats`` are said with every line."""

    ask: Ask
    population: str
    caveats: Notes = ()
    drawn: list[Drawn] = field(default_factory=list)

    @property
    def lines(self) -> tuple[Drawn, ...]:
        """What has been worked out so far."""
        return tuple(self.drawn)

    def share(self, line: str, rows: Sequence[Marked], *, unknown: int = 0, notes: Notes = ()) -> None:
        """Counted rows over all rows. ``unknown`` of those not counted might have been: they widen the bounds."""
        if not self.ask.wants(line):
            return
        children = len({row.child for row in rows})
        found, interval, own = share_of(rows, children, fewest=self.ask.definition.small.children)
        best = (sum(row.hit for row in rows) + unknown) / len(rows) if found is not None and unknown else None
        measure = self._measure(line, "share", rows, notes=(*own, *notes))
        self._add(rows, replace(measure, value=found, **_bounds(interval), worst=found if unknown else None, best=best))

    def count(self, line: str, rows: Sequence[Marked], *, notes: Notes = ()) -> None:
        """How many rows are counted, out of how many looked at."""
        if self.ask.wants(line):
            measure = self._measure(line, "count", rows, notes=notes)
            hit = {row.child for row in rows if row.hit}
            self._add(rows, replace(measure, value=float(sum(row.hit for row in rows)), children=len(hit)))

    def total(self, line: str, unit: Unit, rows: Sequence[Marked], *, value: float | None, notes: Notes = ()) -> None:
        """A number that these rows amount to (hours, days, nights), whatever their number: it is no rate."""
        if self.ask.wants(line):
            self._add(rows, replace(self._measure(line, unit, rows, notes=notes), value=value))

    def number(self, line: str, unit: Unit, rows: Sequence[Marked], *, value: float | None, interval: Interval | None = None) -> None:
        """A rate worked out elsewhere (a competing outcome, a mean count) over these rows; with few children, the counts alone."""
        if not self.ask.wants(line):
            return
        few = len({row.child for row in rows}) < self.ask.definition.small.children
        measure = self._measure(line, unit, rows, notes=(FEW_CHILDREN,) if few else ())
        self._add(rows, measure if few else replace(measure, value=value, **_bounds(interval)))

    def by_when(self, line: str, unit: Unit, rows: Sequence[Lasted], *, share: Fraction) -> None:
        """The time by which a share had ended, those not ended censored; None is "not reached"."""
        if not self.ask.wants(line):
            return
        children = len({row.child for row in rows})
        curve = curve_of(rows) if children >= max(self.ask.definition.small.children, 1) else None
        found = _quantile(curve, rows, children, share) if curve is not None else Crossing(None, None, None)
        value, lower, upper = (None if time is None else time / IN_UNIT[unit] for time in (found.value, found.lower, found.upper))
        marked = [Marked(row.id, row.child, row.ended) for row in rows]
        measure = self._measure(line, unit, marked, notes=() if curve is not None else (FEW_CHILDREN,))
        method = "Brookmeyer-Crowley on the log-log band" + (", clustered by child" if children < len(rows) else "")
        self._add(marked, replace(measure, value=value, lower=lower, upper=upper, interval_method=method if curve else "none"))

    def within(self, line: str, rows: Sequence[Lasted], *, limit: int) -> None:
        """The share that had ended within a time in microseconds, those not ended censored (one minus Kaplan-Meier)."""
        if not self.ask.wants(line):
            return
        children, definition = len({row.child for row in rows}), self.ask.definition
        found, interval, notes = (
            live_share(rows, children, within=limit, log_log_from=definition.log_log_from)
            if children >= definition.small.children
            else (None, None, (FEW_CHILDREN,))
        )
        marked = [Marked(row.id, row.child, row.ended and row.duration <= limit) for row in rows]
        self._add(marked, replace(self._measure(line, "share", marked, notes=notes), value=found, **_bounds(interval)))

    def outcome(self, line: str, rows: Sequence[tuple[Lasted, str]], *, of: str, limit: int) -> None:
        """The share that had come to one outcome within a time, where others compete with it (Aalen and Johansen)."""
        if not self.ask.wants(line):
            return
        marked = [Marked(row.id, row.child, how == of and row.duration <= limit) for row, how in rows]
        value, interval = _incidence(rows, of, limit) if rows else (None, None)
        self.number(line, "share", marked, value=value, interval=interval)

    def _add(self, rows: Sequence[Marked], measure: Measure) -> None:
        self.drawn.append(Drawn(measure, tuple(row.id for row in rows if row.hit), tuple(row.id for row in rows)))

    def _measure(self, line: str, unit: Unit, rows: Sequence[Marked], *, notes: Notes) -> Measure:
        definition = self.ask.definition
        return Measure(
            code=definition.code,
            line=line,
            definition_version=definition.version,
            definition_hash=definition.content_hash,
            clock=definition.clock,
            population=self.population,
            unit=unit,
            numerator=sum(row.hit for row in rows),
            denominator=len(rows),
            children=len({row.child for row in rows}),
            value=None,
            lower=None,
            upper=None,
            interval_method="none",
            as_of=self.ask.as_of,
            caveats=(*notes, *self.caveats),
        )


def _incidence(rows: Sequence[tuple[Lasted, str]], of: str, limit: int) -> tuple[float | None, Interval | None]:
    """None where nobody has been followed for so long and somebody has not ended; the interval is as if rows were separate children."""
    causes = [0 if not how else 1 if how == of else 2 for _, how in rows]
    found = aalen_johansen(times=[row.duration for row, _ in rows], causes=causes, count=2)
    place = found.row(limit)
    followed = any(row.duration >= limit for row, _ in rows) or all(causes)
    if not followed:
        return None, None
    if place < 0:
        return 0.0, None
    share, se = found.share[0][place : place + 1], found.se[0][place : place + 1]
    lower, upper = incidence_band(share, se)
    ends = (real(lower[0]), real(upper[0]))
    interval = None if None in ends else Interval(float(lower[0]), float(upper[0]), "Aalen-Johansen, log-log, infinitesimal jackknife")
    return float(share[0]), interval


def share_of(rows: Sequence[Marked], children: int, *, fewest: int) -> tuple[float | None, Interval | None, Notes]:
    """The share and the interval it may carry: exact where either kind is few, by child where a child has several rows."""
    if not rows or children < fewest:
        return None, None, (FEW_CHILDREN,)
    marks = [row.hit for row in rows]
    hits, whole = sum(marks), len(marks)
    if min(hits, whole - hits) < FEW:
        return hits / whole, clopper_pearson(hits=hits, n=whole), (EXACT_ALONE,) if children < whole else ()
    if children == 1:
        return hits / whole, None, (ONE_CHILD,)
    if children < whole:
        return hits / whole, clustered_logit(hits=marks, clusters=[row.child for row in rows]), ()
    return hits / whole, wilson(hits=hits, n=whole), ()


def _quantile(curve: Curve, rows: Sequence[Timed], children: int, share: Fraction) -> Crossing:
    inflate: Floats | float = inflation_by_child(curve, rows, children) if 1 < children < len(rows) else 1.0
    return quantile(curve, share=share, inflate=inflate)


def _bounds(interval: Interval | None) -> dict[str, Any]:
    if interval is None:
        return {}
    return {"lower": interval.lower, "upper": interval.upper, "interval_method": interval.method}
