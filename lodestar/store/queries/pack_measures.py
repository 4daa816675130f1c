"""The figures and the chart of a measure for a pack: its facts are read once, however many periods and months are asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lodestar.core.measures.catalogue import Entry, entry
from lodestar.core.measures.definition import Definition
from lodestar.core.measures.drawn import Ask, Point, point_of
from lodestar.core.measures.facts import Facts
from lodestar.core.measures.measure import Measure
from lodestar.core.measures.spans import whole_months
from lodestar.core.measures.summary import Reading, reading
from lodestar.core.words import Period
from lodestar.store.models import Authority, District
from lodestar.store.queries.known import Known
from lodestar.store.queries.measure_facts import gather
from lodestar.store.queries.measures import definition
from lodestar.store.queries.readings import MONTHS


@dataclass(frozen=True, slots=True)
class Source:
    """One measure with everything that its figures and its chart are drawn from, as known at one instant."""

    code: str
    one: Entry
    told: Definition
    facts: Facts
    at: datetime


def source(code: str, *, periods: Sequence[Period], at: datetime) -> Source:
    """Read a measure's facts once, over the months of its chart and every period asked for."""
    one, told = entry(code), definition(code, at=at)
    spans = (*whole_months(count=MONTHS, at=at), *periods)
    whole = Period(min(span.from_at for span in spans), max(span.until_at or at for span in spans))
    return Source(code, one, told, gather(one, told, period=whole, known=Known(at)), at)


def figures(found: Source, *, period: Period) -> tuple[Measure, ...]:
    """Every line of the measure over a period, the headline first."""
    near = found.facts.near(period, look_back=found.one.look_back)
    return tuple(drawn.measure for drawn in found.one.draw(near, Ask(period, found.at, found.told)))


def chart(found: Source) -> tuple[Reading, tuple[Point, ...]] | None:
    """The headline as its page draws it, with the months it is drawn from; None where it has no figure."""
    headline = found.one.headline
    points = tuple(_point(found, period, headline.code) for period in whole_months(count=MONTHS, at=found.at))
    latest = figures(found, period=points[-1].period)
    if not latest:
        return None
    return reading(line=headline, definition=found.told, figure=latest[0], points=points), points


def names_of_places() -> dict[str, str]:
    """What the codes of districts and authorities mean."""
    return dict(District.objects.values_list("code", "name")) | dict(Authority.objects.values_list("code", "name"))


def _point(found: Source, period: Period, line: str) -> Point:
    near = found.facts.near(period, look_back=found.one.look_back)
    drawn = found.one.draw(near, Ask(period, found.at, found.told, line))
    return point_of(drawn[0], period) if drawn else Point(period, 0, 0, 0, None)
