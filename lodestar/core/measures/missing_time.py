"""M2: how long people are missing: the median by age band and by first level, and the tail that a median hides.

Times are hours. A person still missing is censored at the cut, so closing or not closing a record changes nothing.
Where children are missing more than once the interval is clustered by child. Source: measures.md 2.2.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from lodestar.core.measures.caveats import caveats_of
from lodestar.core.measures.claim import Claim, judge_for_all
from lodestar.core.measures.cohort import Cohort, cohort
from lodestar.core.measures.definition import Definition
from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.episodes import HOUR, Episode, Observed, age_at_start
from lodestar.core.measures.facts import Facts
from lodestar.core.measures.live import curve_of, inflation_by_child
from lodestar.core.measures.measure import Caveat, Measure
from lodestar.core.measures.survival import HALF, Crossing, Curve, Floats, quantile, restricted_mean
from lodestar.core.words import Period

EVERYBODY = "all"
FEW_CHILDREN = Caveat("few_children", "Too few children for a median or an interval: the counts alone are shown.")
AGE_NOT_KNOWN, LEVEL_NOT_KNOWN, CARE_NOT_KNOWN = "age not known", "level not known", "care not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingTime:
    """One group's median with its tail. ``alone`` is the interval as if every episode were another child's."""

    group: str
    title: str
    median: Measure
    alone: Crossing
    late: Crossing  # the quantile of the definition, usually the ninetieth in a hundred
    restricted_mean: float | None
    ended: int
    censored: int
    open_longer: tuple[tuple[int, int], ...]  # hours, and how many are still missing for longer at the cut
    counted: tuple[str, ...] = ()  # the episodes that ended
    whole: tuple[str, ...] = ()  # and all of them


@dataclass(frozen=True, slots=True)
class MissingTimes:
    """The whole measure: everybody together, each age band, each first level, in or out of care, and the claim."""

    pooled: MissingTime
    bands: tuple[MissingTime, ...]
    levels: tuple[MissingTime, ...]
    care: tuple[MissingTime, ...]
    claim: Claim


def missing_times(*, episodes: Sequence[Episode], period: Period, as_of: datetime, definition: Definition) -> MissingTimes:
    """The median missing time of everybody and of each group, and whether "for all ages" stands.

    Every age band of the definition is given, an empty one too, because "all ages" is a claim about each of them.
    Groups with too few children show counts alone.
    """
    group = cohort(episodes=episodes, period=period, as_of=as_of, clock=definition.clock, death_ends=True)
    plan = _Plan(group, period, definition)
    by_band = _split(group, lambda row: _band_of(row, definition))
    named = {band: by_band.pop(band.code, ()) for band in definition.bands}
    return MissingTimes(
        pooled=plan.draw(group.observed, EVERYBODY, "Everybody"),
        bands=(*(plan.draw(rows, band.code, band.title) for band, rows in named.items()), *plan.each(by_band)),
        levels=plan.each(_split(group, lambda row: row.episode.level_at_first or LEVEL_NOT_KNOWN)),
        care=plan.each(_split(group, _care_of)),
        claim=judge_for_all(
            groups={band.title: rows for band, rows in named.items()},
            hours=definition.claim_hours,
            level=definition.claim_level,
            fewest=definition.small.children,
        ),
    )


def draw(facts: Facts, ask: Ask) -> tuple[Drawn, ...]:
    """The median of everybody and of each group that is asked for, each with its rows; everybody's alone is worked out alone."""
    if ask.only == EVERYBODY:
        group = cohort(episodes=facts.episodes, period=ask.period, as_of=ask.as_of, clock=ask.definition.clock, death_ends=True)
        part = _Plan(group, ask.period, ask.definition).draw(group.observed, EVERYBODY, "Everybody")
        return (Drawn(part.median, part.counted, part.whole),)
    times = missing_times(episodes=facts.episodes, period=ask.period, as_of=ask.as_of, definition=ask.definition)
    parts = (times.pooled, *times.bands, *times.levels, *times.care)
    return tuple(Drawn(part.median, part.counted, part.whole) for part in parts if ask.wants(part.group))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What every group of one figure shares."""

    group: Cohort
    period: Period
    definition: Definition

    def each(self, split: dict[str, tuple[Observed, ...]]) -> tuple[MissingTime, ...]:
        return tuple(self.draw(rows, name, name.replace("_", " ").capitalize()) for name, rows in sorted(split.items()))

    def draw(self, rows: tuple[Observed, ...], name: str, title: str) -> MissingTime:
        part = replace(self.group, observed=rows)
        curve = curve_of(rows) if part.children >= self.definition.small.children else None
        alone = _hours(quantile(curve)) if curve else Crossing(None, None, None)
        return MissingTime(
            group=name,
            title=title,
            median=self._median(part, curve, alone, name),
            alone=alone,
            late=_hours(_quantile(curve, rows, self.definition.quantile)) if curve else Crossing(None, None, None),
            restricted_mean=self._restricted(curve),
            ended=sum(row.ended for row in rows),
            censored=sum(not row.ended for row in rows),
            open_longer=tuple((hours, _open_over(rows, hours)) for hours in self.definition.open_hours),
            counted=tuple(row.episode.id for row in rows if row.ended),
            whole=tuple(row.episode.id for row in rows),
        )

    def _restricted(self, curve: Curve | None) -> float | None:
        return restricted_mean(curve, until=self.definition.restricted_hours * HOUR) / HOUR if curve else None

    def _median(self, part: Cohort, curve: Curve | None, alone: Crossing, name: str) -> Measure:
        found = alone
        repeats = part.children < len(part.observed)
        if curve is not None and repeats:
            found = _hours(_quantile(curve, part.observed, HALF))
        worst, best = _bounds(part.observed, found) if curve else (None, None)
        definition = self.definition
        notes = () if curve else (FEW_CHILDREN,)
        return Measure(
            code=definition.code,
            line=name,
            definition_version=definition.version,
            definition_hash=definition.content_hash,
            clock=part.clock,
            population=f"missing episodes of this group; {definition.says_left_out}",
            unit="hours",
            numerator=sum(row.ended for row in part.observed),
            denominator=len(part.observed),
            children=part.children,
            value=found.value,
            lower=found.lower,
            upper=found.upper,
            interval_method=_method(repeats) if curve else "none",
            as_of=part.as_of,
            worst=worst,
            best=best,
            caveats=(*notes, *caveats_of(part, period=self.period, definition=definition)),
        )


def _method(repeats: bool) -> str:
    return "Brookmeyer-Crowley on the log-log band" + (", clustered by child" if repeats else "")


def _quantile(curve: Curve, rows: Sequence[Observed], share: float | Fraction) -> Crossing:
    children = len({row.episode.child for row in rows})
    wanted = Fraction(share).limit_denominator(1000)
    inflate: Floats | float = inflation_by_child(curve, rows, children) if 1 < children < len(rows) else 1.0
    return quantile(curve, share=wanted, inflate=inflate)


def _hours(found: Crossing) -> Crossing:
    return Crossing(*(None if value is None else value / HOUR for value in (found.value, found.lower, found.upper)))


def _bounds(rows: Sequence[Observed], found: Crossing) -> tuple[float | None, float | None]:
    """The median if every end not known were late, which is the figure itself, and if every one were early."""
    if not any(row.ending == "end_not_known" for row in rows):
        return None, None
    early = curve_of(tuple(replace(row, duration=row.shortest) for row in rows))
    return found.value, _hours(quantile(early)).value if early else None


def _open_over(rows: Sequence[Observed], hours: int) -> int:
    return sum(row.ending == "open" and row.duration > hours * HOUR for row in rows)


def _split(group: Cohort, name: Callable[[Observed], str]) -> dict[str, tuple[Observed, ...]]:
    parts: dict[str, list[Observed]] = defaultdict(list)
    for row in group.observed:
        parts[name(row)].append(row)
    return {key: tuple(rows) for key, rows in parts.items()}


def _band_of(row: Observed, definition: Definition) -> str:
    age = age_at_start(row.episode, clock=definition.clock)
    return next((band.code for band in definition.bands if age is not None and band.holds(age)), AGE_NOT_KNOWN)


def _care_of(row: Observed) -> str:
    known = row.episode.looked_after
    return CARE_NOT_KNOWN if known is None else "care" if known else "home"
