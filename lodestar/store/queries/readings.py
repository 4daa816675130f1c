"""The measures as a page reads them: each line with its chart of months, the curve, the districts, the definition, and what was kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from lodestar.core.measures.catalogue import Line, entry
from lodestar.core.measures.chart import Chart
from lodestar.core.measures.claim import Claim, judge_share
from lodestar.core.measures.cohort import cohort
from lodestar.core.measures.curve_chart import found_curve
from lodestar.core.measures.definition import Definition
from lodestar.core.measures.episodes import HOUR, Episode
from lodestar.core.measures.funnel import funnel_of_shares
from lodestar.core.measures.funnel_chart import design_effect_of, funnel_chart
from lodestar.core.measures.live import curve_of, inflation_by_child
from lodestar.core.measures.measure import Measure
from lodestar.core.measures.missing_time import MissingTimes, missing_times
from lodestar.core.measures.publication import DistrictTable, Quarter, entry_of
from lodestar.core.measures.publication import Entry as Publishable
from lodestar.core.measures.summary import Reading, reading
from lodestar.core.times import local_date
from lodestar.core.words import Period
from lodestar.store.models import Figure
from lodestar.store.playbooks import playbook
from lodestar.store.queries import measures
from lodestar.store.queries.known import Known
from lodestar.store.queries.measure_facts import episodes
from lodestar.store.queries.measures import Revised

MONTHS = 24
MOST_KEPT = 8
OF_TIME_MISSING = ("M1", "M2")  # the measures whose rows are episodes with a start and an end


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks of the measures: a period, the cut, what was known (None is everything known now), and a district or the force."""

    period: Period
    at: datetime
    known_at: datetime | None = None
    district: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A definition with whose word it is, and whether it was seen in its source."""

    definition: Definition
    authority: str
    verified: bool
    note: str


@dataclass(frozen=True, slots=True)
class Promise:
    """One of the letter's two claims, and whether it stands under its own population and clock."""

    code: str
    words: str
    claim: Claim
    figure: Measure


def told(code: str, *, at: datetime) -> Told:
    """A measure's definition in force on the day, with its authority."""
    book = playbook(code)
    block = book.in_force(local_date(at))
    return Told(Definition.from_playbook(book, on=local_date(at)), block.authority, block.verified, block.note)


def known_from() -> date:
    """The first day on which every measure had a definition."""
    return max(playbook(code).blocks[0].from_date for code in measures.codes())


def headlines(asked: Asked) -> tuple[Reading, ...]:
    """The headline of every measure, in the order of the catalogue; a measure with nothing to say is left out."""
    return tuple(one for code in measures.codes() if (one := reading_of(code, asked)) is not None)


def reading_of(code: str, asked: Asked, *, line: str = "") -> Reading | None:
    """One line (the headline where none is named) with its chart of whole months; None where there is no such line."""
    one = entry(code)
    wanted = line or one.headline.code
    within = {"at": asked.at, "known_at": asked.known_at, "district": asked.district}
    drawn = measures.drawn_of(code, period=asked.period, line=wanted, **within)
    if not drawn:
        return None
    shown = _line(code, wanted, drawn[0].measure)
    points = measures.series(code, line=wanted, months=MONTHS, **within)
    told_now = measures.definition(code, at=asked.at)
    return reading(line=shown, definition=told_now, figure=drawn[0].measure, points=points, headline=wanted == one.headline.code)


def _line(code: str, wanted: str, figure: Measure) -> Line:
    """The line as the catalogue has it; one that stands for a group takes the group's own name."""
    one = entry(code).line(wanted)
    if one.code == wanted:
        return one
    return Line(wanted, f"{one.title}: {figure.line}", one.unit, one.better, one.chart, one.published, one.funnel)


def times_missing(asked: Asked) -> MissingTimes:
    """M2 with every group, its tail and the verdict on "for all ages", as known then."""
    rows = _episodes(asked)
    return missing_times(episodes=rows, period=asked.period, as_of=asked.at, definition=measures.definition("M2", at=asked.at))


def promises(asked: Asked, *, first: Reading, times: MissingTimes) -> tuple[Promise, ...]:
    """The letter's two claims, judged on the figures as asked for."""
    return (
        Promise("M1", "“Over 90% of under 18s are found within 24 hours”", judged(first, asked), first.figure),
        Promise("M2", "“Median missing time is comfortably under 4 hours for all ages”", times.claim, times.pooled.median),
    )


def judged(first: Reading, asked: Asked) -> Claim:
    """Whether "regularly over 90%" stands for a figure of M1."""
    return judge_share(first.figure, share=measures.definition("M1", at=asked.at).claim_share, control=first.control)


def curve(code: str, asked: Asked) -> Chart | None:
    """How many had been found by each hour, for a measure of time missing; None for another, or where too few were followed."""
    if code not in OF_TIME_MISSING:
        return None
    told_now = measures.definition(code, at=asked.at)
    group = cohort(
        episodes=_episodes(asked),
        period=asked.period,
        as_of=asked.at,
        clock=told_now.clock,
        age_under=told_now.age_under,
        death_ends=code == "M2",
    )
    found = curve_of(group.observed)
    if found is None:
        return None
    repeats = 1 < group.children < len(group.observed)
    inflate = inflation_by_child(found, group.observed, group.children) if repeats else 1.0
    title = "Found by each hour after the start"
    return found_curve(found, code=f"{code}-curve", title=title, hour=HOUR, fewest=told_now.small.children, inflate=inflate)


def _episodes(asked: Asked) -> tuple[Episode, ...]:
    return episodes(period=asked.period, known=Known(asked.known_at), district=asked.district)


def funnel(one: Reading, asked: Asked) -> Chart | None:
    """A line district by district; None where it is not for that, or too few districts have enough children. Internal only."""
    if not one.line.funnel or one.line.unit != "share" or asked.district:
        return None
    fewest = one.definition.small.children
    units = measures.units(one.code, line=one.line.code, period=asked.period, at=asked.at, known_at=asked.known_at)
    shown = [unit for unit in units if (unit.children or 0) >= fewest and unit.denominator and unit.numerator is not None]
    hits, totals = [unit.numerator or 0 for unit in shown], [unit.denominator or 0 for unit in shown]
    if len(shown) < 2 or not 0 < sum(hits) < sum(totals):
        return None
    found = funnel_of_shares(
        names=[unit.title for unit in shown], hits=hits, totals=totals, design_effect=round(design_effect_of(one.figure), 2)
    )
    title = f"{one.line.title}, district by district"
    return funnel_chart(found, code=f"{one.code}-funnel", title=title, value=one.line.title, along="Number counted", better=one.line.better)


def revisions(code: str, *, line: str, district: str = "") -> Iterator[Revised]:
    """The figures of a line kept last, newest first, each beside what is known of the same period now."""
    rows = Figure.objects.filter(code=code, filters__line=line, filters__district=district).order_by("-computed_at", "-pk")[:MOST_KEPT]
    return (measures.revised(row) for row in rows)


def publication(*, quarter: Quarter, at: datetime) -> tuple[Publishable, ...]:
    """The headline of every measure that may be published, over one whole quarter, small numbers hidden."""
    found: list[Publishable] = []
    for code in measures.codes():
        line = entry(code).headline
        drawn = measures.drawn_of(code, period=quarter.period, at=at, line=line.code) if line.published else ()
        made = entry_of(line, measures.definition(code, at=at), drawn[0].measure) if drawn else None
        found += [made] if made is not None else []
    return tuple(found)


def published_tables(*, quarter: Quarter, at: datetime) -> tuple[DistrictTable, ...]:
    """Each headline that may be set side by side by district, as a table in which no small count can be worked out.

    The total is the headline's own count, which stands beside it: a headline that is hidden has no table, and a table that would
    have to hide its total is not published.
    """
    found = []
    for one in publication(quarter=quarter, at=at):
        if one.line.funnel and one.line.unit == "share" and not one.figure.suppressed:
            table = measures.by_district(one.figure.code, period=quarter.period, at=at)
            if None not in table.cells[-1]:
                found.append(DistrictTable(one.figure.code, one.line.title, table))
    return tuple(found)
