"""M1: the share of under-18s found within 24 hours.

Two forms. The *mature* form counts the episodes that began at least 24 hours before the data cut: those still missing
are in the denominator and not in the numerator. The *live* form is one minus Kaplan-Meier over every episode. With
nothing censored before 24 hours the two are the same fraction, to the last bit (``mature_exact``, ``live_exact``).
Source: measures.md 2.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal

from lodestar.core.measures.caveats import caveats_of
from lodestar.core.measures.cohort import Cohort, cohort, merged
from lodestar.core.measures.definition import Definition
from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.episodes import HOUR, MICROSECOND, Episode, Observed
from lodestar.core.measures.facts import Facts
from lodestar.core.measures.intervals import Interval
from lodestar.core.measures.live import curve_of, live_share
from lodestar.core.measures.measure import Caveat, Measure
from lodestar.core.measures.sheet import Marked, share_of
from lodestar.core.measures.survival import at, survival_exact
from lodestar.core.words import Period

Form = Literal["mature", "live"]
_Plan = tuple[str, Form, Cohort]
FEW_CHILDREN = Caveat("few_children", "Too few children for a rate or an interval: the count alone is shown.")


def share_found(*, episodes: Sequence[Episode], period: Period, as_of: datetime, definition: Definition, form: Form = "mature") -> Measure:
    """The share found within the hours of the definition, on its clock, with its interval and its bounds.

    Below the definition's number of children only the counts are given. Closing an episode changes nothing.
    """
    group = _cohort(episodes, period, as_of, definition)
    return _figure(group, period, definition, form=form, line=form).measure


def lines(*, episodes: Sequence[Episode], period: Period, as_of: datetime, definition: Definition) -> tuple[Measure, ...]:
    """The headline and the lines beside it: what the figure becomes on another clock, or with cases left out or joined.

    The first is the headline. Internal screens only: two lines of one measure can disclose a child by their difference.
    """
    return tuple(one.measure for one in draw(Facts(episodes=tuple(episodes)), Ask(period, as_of, definition)))


def draw(facts: Facts, ask: Ask) -> tuple[Drawn, ...]:
    """Every line that is asked for, headline first, each with its rows."""
    definition = ask.definition
    group = _cohort(facts.episodes, ask.period, ask.as_of, definition)
    plans: list[_Plan] = [
        ("mature", "mature", group),
        ("live", "live", group),
        *_left_out(group, definition),
        *_otherwise(facts.episodes, ask),
    ]
    return tuple(_figure(rows, ask.period, definition, form=form, line=line) for line, form, rows in plans if ask.wants(line))


def _left_out(group: Cohort, definition: Definition) -> tuple[_Plan, ...]:
    found_first = _without(group, lambda row: row.before_record)
    lowest = _without(group, lambda row: row.episode.level_at_first == definition.lowest_level)
    return ("without found before record", "mature", found_first), (f"without {definition.lowest_level}", "mature", lowest)


def _otherwise(episodes: Sequence[Episode], ask: Ask) -> Iterator[_Plan]:
    """The same with short gaps joined, and on the other clocks."""
    definition = ask.definition
    if ask.wants("short gaps joined"):
        joined = merged(episodes, gap=timedelta(minutes=definition.short_gap_minutes), clock=definition.clock)
        yield "short gaps joined", "mature", _cohort(joined, ask.period, ask.as_of, definition)
    for clock in ("police", "child", "child_earliest"):
        if clock != definition.clock and ask.wants(f"{clock} clock"):
            yield f"{clock} clock", "mature", _cohort(episodes, ask.period, ask.as_of, definition, clock=clock)


def mature_exact(group: Cohort, *, hours: int) -> Fraction | None:
    """Found within the hours over all that began at least so long before the cut, as a fraction; None of none."""
    rows = _mature(group, hours)
    return Fraction(sum(_within(row, hours) for row in rows), len(rows)) if rows else None


def live_exact(group: Cohort, *, hours: int) -> Fraction | None:
    """One minus Kaplan-Meier at the hours, as a fraction; None where nobody has been followed for so long."""
    curve = curve_of(group.observed)
    if curve is None or at(curve, hours * HOUR).beyond:
        return None
    return 1 - survival_exact(curve, hours * HOUR)


def _cohort(episodes: Sequence[Episode], period: Period, as_of: datetime, definition: Definition, *, clock: str | None = None) -> Cohort:
    return cohort(
        episodes=episodes,
        period=period,
        as_of=as_of,
        clock=clock or definition.clock,
        age_under=definition.age_under,
    )


def _figure(group: Cohort, period: Period, definition: Definition, *, form: Form, line: str) -> Drawn:
    rows = _mature(group, definition.hours) if form == "mature" else group.observed
    hits = sum(_within(row, definition.hours) for row in rows)
    children = len({row.episode.child for row in rows})
    enough = children >= definition.small.children
    value, interval, notes = _estimate(rows, children, definition, form) if enough else (None, None, (FEW_CHILDREN,))
    worst, best = _bounds(rows, group, definition, form) if enough else (None, None)
    figure = Measure(
        code=definition.code,
        line=line,
        definition_version=definition.version,
        definition_hash=definition.content_hash,
        clock=group.clock,
        population=_population(definition, form),
        unit="share",
        numerator=hits,
        denominator=len(rows),
        children=children,
        value=value,
        lower=interval.lower if interval else None,
        upper=interval.upper if interval else None,
        interval_method=interval.method if interval else "none",
        as_of=group.as_of,
        worst=worst,
        best=best,
        caveats=(*notes, *caveats_of(group, period=period, definition=definition)),
    )
    counted = tuple(row.episode.id for row in rows if _within(row, definition.hours))
    return Drawn(figure, counted, tuple(row.episode.id for row in rows))


def _population(definition: Definition, form: Form) -> str:
    ages = "people of every age" if definition.age_under is None else f"under {definition.age_under} at the start"
    began = f", began at least {definition.hours} hours before the cut" if form == "mature" else ""
    return f"missing episodes, {ages}, every level of risk{began}; {definition.says_left_out}"


def _estimate(
    rows: Sequence[Observed], children: int, definition: Definition, form: Form
) -> tuple[float | None, Interval | None, tuple[Caveat, ...]]:
    if form == "live":
        return live_share(rows, children, within=definition.hours * HOUR, log_log_from=definition.log_log_from)
    marked = [Marked(row.episode.id, row.episode.child, _within(row, definition.hours)) for row in rows]
    return share_of(marked, children, fewest=definition.small.children)


def _bounds(rows: Sequence[Observed], group: Cohort, definition: Definition, form: Form) -> tuple[float | None, float | None]:
    """The mature share if everything not known were late, and if it were early; the live form has none of its own."""
    if form == "live":
        return None, None
    within = definition.hours * HOUR
    sure = sum(_within(row, definition.hours) and row.ending != "end_not_known" for row in rows)
    late = sum(_within(row, definition.hours) for row in rows)
    early = sure + sum(
        (row.ending == "end_not_known" and row.shortest <= within) or (row.ending == "transferred" and row.duration < within)
        for row in rows
    )
    unknown = group.no_start + group.age_not_known
    whole = len(rows) + unknown
    if early == late and not unknown:
        return None, None
    return late / whole, (early + unknown) / whole


def _mature(group: Cohort, hours: int) -> tuple[Observed, ...]:
    latest = group.as_of - hours * HOUR * MICROSECOND
    return tuple(row for row in group.observed if row.start <= latest)


def _within(row: Observed, hours: int) -> bool:
    return row.ended and row.duration <= hours * HOUR


def _without(group: Cohort, left_out: Callable[[Observed], bool]) -> Cohort:
    return replace(group, observed=tuple(row for row in group.observed if not left_out(row)))
