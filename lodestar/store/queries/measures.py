"""Any measure of the catalogue: its figures, its series, the rows behind it, and a kept figure worked out again.

``at`` is the data cut: what has not ended by then is open. ``known_at`` is what was known: None is everything known now, an
instant is the record as it stood then, so a figure of the past comes out as it did.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor
from lodestar.core.measures.catalogue import CATALOGUE, Entry, entry
from lodestar.core.measures.definition import Definition
from lodestar.core.measures.disclosure import SafeTable, safe_table
from lodestar.core.measures.drawn import Ask, Drawn, Point, point_of
from lodestar.core.measures.episodes import local_period
from lodestar.core.measures.facts import Facts
from lodestar.core.measures.measure import Measure, plain
from lodestar.core.measures.missing_time import MissingTimes, missing_times
from lodestar.core.measures.spans import whole_months, whole_weeks
from lodestar.core.times import local_date
from lodestar.core.words import Period
from lodestar.store.models import District, Figure, Matter
from lodestar.store.playbooks import playbook
from lodestar.store.queries.access import in_reach
from lodestar.store.queries.known import Known
from lodestar.store.queries.measure_facts import episodes, gather

_IDENTITY = ("definition_hash",)  # the file of a definition may have gained a later block since; the block used has not changed


def codes() -> tuple[str, ...]:
    """Every measure of the catalogue, in its order."""
    return tuple(CATALOGUE)


def definition(code: str, *, at: datetime) -> Definition:
    """A measure's definition in force on the day."""
    return Definition.from_playbook(playbook(code), on=local_date(at))


def figures_of(code: str, *, period: Period, at: datetime, known_at: datetime | None = None, district: str = "") -> tuple[Measure, ...]:
    """Every line of a measure over a period, the headline first."""
    return tuple(drawn.measure for drawn in drawn_of(code, period=period, at=at, known_at=known_at, district=district))


def drawn_of(
    code: str, *, period: Period, at: datetime, known_at: datetime | None = None, district: str = "", line: str = ""
) -> tuple[Drawn, ...]:
    """The lines of a measure (or the one named) with the ids of the rows behind each."""
    one = entry(code)
    told = definition(code, at=at)
    facts = gather(one, told, period=period, known=Known(known_at), district=district)
    return one.draw(facts, Ask(period, at, told, line))


def series(
    code: str,
    *,
    line: str = "",
    at: datetime,
    months: int = 0,
    weeks: int = 0,
    known_at: datetime | None = None,
    district: str = "",
) -> tuple[Point, ...]:
    """One line (the headline where none is named) over the last whole months or weeks, oldest first.

    The month or week now running is left out: half a month is not a low month. Facts are read once for the whole span.
    """
    periods = whole_weeks(count=weeks, at=at) if weeks else whole_months(count=months, at=at)
    if not periods:
        return ()
    one = entry(code)
    wanted = line or one.headline.code
    span = Period(periods[0].from_at, periods[-1].until_at)
    told = definition(code, at=at)
    facts = gather(one, told, period=span, known=Known(known_at), district=district)
    return tuple(point(one, facts, Ask(period, at, told, wanted)) for period in periods)


def point(one: Entry, facts: Facts, ask: Ask) -> Point:
    """The line asked for in one period, from facts read for a longer span."""
    drawn = one.draw(facts.near(ask.period, look_back=one.look_back), ask)
    if not drawn:  # a group nobody was in that month
        return Point(ask.period, 0, 0, 0, None)
    return point_of(drawn[0], ask.period)


@dataclass(frozen=True, slots=True)
class Unit:
    """One district's part of a line, for a funnel."""

    code: str
    title: str
    numerator: int | None
    denominator: int | None
    children: int | None
    value: float | None


def units(code: str, *, line: str = "", period: Period, at: datetime, known_at: datetime | None = None) -> tuple[Unit, ...]:
    """One line district by district, every district given; facts are read once."""
    one = entry(code)
    wanted = line or one.headline.code
    told = definition(code, at=at)
    facts = gather(one, told, period=period, known=Known(known_at))
    names = dict(District.objects.order_by("code").values_list("code", "name"))
    ask = Ask(period, at, told, wanted)
    return tuple(_unit(one, facts.of_district(district), ask, (district, name)) for district, name in names.items())


def _unit(one: Entry, facts: Facts, ask: Ask, place: tuple[str, str]) -> Unit:
    found = point(one, facts, ask)
    return Unit(*place, found.numerator, found.denominator, found.children, found.value)


def by_district(code: str, *, line: str = "", period: Period, at: datetime, known_at: datetime | None = None) -> SafeTable:
    """A share's counts district by district as they may be published: counted, and not, with totals and as much hidden as it takes."""
    found = units(code, line=line, period=period, at=at, known_at=known_at)
    return safe_table(
        rows=[unit.title for unit in found],
        columns=["Counted", "Not counted"],
        counts=[[unit.numerator or 0, (unit.denominator or 0) - (unit.numerator or 0)] for unit in found],
        small=definition(code, at=at).small,
        split=True,
    )


@dataclass(frozen=True, slots=True)
class CountedRow:
    """One row behind a figure that the viewer may open."""

    matter_id: int
    reference: str
    kind: str
    district: str
    reported_at: datetime
    counted: bool  # in the numerator


@dataclass(frozen=True, slots=True)
class Opened:
    """A figure opened to its rows: those within the viewer's reach, and how many more there are outside it."""

    measure: Measure
    rows: tuple[CountedRow, ...]
    outside: int


def rows_of(
    code: str,
    *,
    line: str = "",
    period: Period,
    at: datetime,
    actor: Actor,
    known_at: datetime | None = None,
    district: str = "",
) -> Opened | None:
    """The numerator and denominator of a line as matters, oldest first; None where there is no such line."""
    wanted = line or entry(code).headline.code
    drawn = drawn_of(code, period=period, at=at, known_at=known_at, district=district, line=wanted)
    if not drawn:
        return None
    counted = {_matter(row) for row in drawn[0].counted}
    whole = {_matter(row) for row in drawn[0].whole} | counted
    mine = Matter.objects.filter(in_reach(actor=actor, permission=Permission.MATTERS_READ))
    found = {row[0]: row for row in mine.values_list("pk", "kind", "district", "reported_at") if row[0] in whole}
    rows = [CountedRow(pk, f"M-{pk}", kind, place, begun, pk in counted) for pk, kind, place, begun in found.values()]
    return Opened(drawn[0].measure, tuple(sorted(rows, key=lambda row: (row.reported_at, row.matter_id))), len(whole) - len(rows))


def _matter(row: str) -> int:
    """The matter that a row belongs to: a row may be a part of one, as "12:3" is."""
    return int(row.split(":", maxsplit=1)[0])


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A kept figure worked out again from what was known then: the same, or in which fields not."""

    value: Mapping[str, Any]
    differs: tuple[str, ...]

    @property
    def same(self) -> bool:
        """True when every field came out as it was kept."""
        return not self.differs


Read = dict[tuple[object, ...], Facts]


def rebuild(figure: Figure, *, read: Read | None = None) -> Rebuilt:
    """Work a kept figure out again, under the definition it was kept under and from what was known then.

    ``read`` keeps the facts from one figure to the next: those of one pack are mostly of the same measure, period and instant.
    """
    drawn = _drawn_again(figure, _known_then(figure), read if read is not None else {})
    found = plain(drawn.measure) if drawn else {}
    keys = sorted((found.keys() | figure.value.keys()) - set(_IDENTITY))
    return Rebuilt(found, tuple(key for key in keys if found.get(key) != figure.value.get(key)))


def _known_then(figure: Figure) -> Known:
    """What was known, and had been told to Lodestar, when a figure was kept; everything, for one kept before that was written down."""
    return Known() if figure.known_at is None else Known(figure.known_at, figure.computed_at)


def _drawn_again(figure: Figure, known: Known, read: Read) -> Drawn | None:
    one, line = entry(figure.code), figure.filters["line"]
    told = Definition.from_playbook(playbook(figure.code), on=date.fromisoformat(figure.definition_version))
    period = Period(figure.period_from, figure.period_until)
    district = figure.filters.get("district", "")
    key = (figure.code, figure.definition_version, period, known, district)
    if key not in read:
        read[key] = gather(one, told, period=period, known=known, district=district)
    drawn = one.draw(read[key], Ask(period, figure.as_of, told, line))
    return drawn[0] if drawn else None


@dataclass(frozen=True, slots=True)
class Revised:
    """A kept figure beside what is known of the same period and cut now, and how many rows count otherwise than they did."""

    figure: Figure
    then: float | None
    now: float | None
    rows_changed: int

    @property
    def same(self) -> bool:
        """True where what was learnt since has changed neither the value nor any row."""
        return self.then == self.now and not self.rows_changed


def revised(figure: Figure) -> Revised:
    """What has been learnt since a figure was kept: the old value, the new one, and the rows that joined, left or count otherwise."""
    then, now = (_drawn_again(figure, known, {}) for known in (_known_then(figure), Known()))
    before, after = (_standing(one) for one in (then, now))
    changed = sum(before.get(row) != after.get(row) for row in before.keys() | after.keys())
    return Revised(figure, figure.value.get("value"), now.measure.value if now else None, changed)


def _standing(drawn: Drawn | None) -> dict[str, bool]:
    counted = frozenset(drawn.counted) if drawn else frozenset()
    return {row: row in counted for row in (drawn.whole if drawn else ())}


def last_days(*, days: int, at: datetime) -> Period:
    """The last so many whole London days, today included."""
    until = local_date(at) + timedelta(days=1)
    return local_period(first=until - timedelta(days=days), until=until)


def span(*, first: date, until: date) -> Period:
    """A period of whole London days; the last day is not in it."""
    return local_period(first=first, until=until)


def missing_time(*, period: Period, at: datetime, district: str = "") -> MissingTimes:
    """M2: median missing time by age band and first level."""
    return missing_times(episodes=episodes(period=period, district=district), period=period, as_of=at, definition=definition("M2", at=at))


def figures(*, code: str, most: int = 30) -> QuerySet[Figure]:
    """Figures kept, newest first."""
    return Figure.objects.filter(code=code).order_by("-computed_at")[:most]


def kept(*, numbers: Sequence[int]) -> Iterator[Figure]:
    """Kept figures by number, in the order asked for."""
    found = Figure.objects.in_bulk(list(numbers))
    return (found[number] for number in numbers if number in found)
