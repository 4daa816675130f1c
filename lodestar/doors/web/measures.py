"""Measures: what changed beyond chance, what was promised, what to ask; and each figure opened to its chart, definition and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from lodestar.actions.measures import note_seen
from lodestar.actions.reading import note_list
from lodestar.core.access.permissions import Permission as P
from lodestar.core.measures.catalogue import CATALOGUE, entry
from lodestar.core.measures.chart import Chart
from lodestar.core.measures.summary import Reading, by_chance, to_ask
from lodestar.core.times import at_wall, local_date
from lodestar.core.words import NotVisible
from lodestar.doors.web.page import actor_of, page, show
from lodestar.store.queries import clocks, measures, priority, readings

Draw = Callable[..., bytes]
PERIODS = {30: "Last 30 days", 91: "Last quarter", 365: "Last year"}
EVERY = timedelta(minutes=15)  # a home drawn so lately is shown again, with the instant it was drawn for
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader chose: how many days, which district, as known on which day (None is now)."""

    days: int
    district: str
    known_on: date | None

    def asked(self, now: datetime) -> readings.Asked:
        """The filters as the queries take them; a day in the past is seen as it was known at its end."""
        if self.known_on is None:
            return readings.Asked(measures.last_days(days=self.days, at=now), now, None, self.district)
        end = at_wall(on=self.known_on + timedelta(days=1), clock=time())
        last = end - timedelta(seconds=1)
        return readings.Asked(measures.last_days(days=self.days, at=last), last, last, self.district)

    def query(self, **more: str) -> str:
        """The filters as an address carries them on."""
        own = {"days": str(self.days), "district": self.district, "known": self.known_on.isoformat() if self.known_on else ""}
        return urlencode({name: value for name, value in (own | more).items() if value})


def filters_of(request: HttpRequest, districts: Iterable[str], now: datetime) -> Filters:
    """What was chosen; what cannot be read, or lies before the definitions or in the future, is as if it had not been chosen."""
    text, district = request.GET.get("days", "365"), request.GET.get("district", "")
    days = int(text) if text.isdigit() and int(text) in PERIODS else 365
    return Filters(days, district if district in districts else "", _day(request.GET.get("known", ""), now))


def _day(text: str, now: datetime) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if readings.known_from() <= found < local_date(now) else None


@page(P.MEASURES_READ)
@require_GET
def measures_page(request: HttpRequest) -> HttpResponse:
    """The home: what changed, what to ask, what is owed, the letter's two claims, and every measure on a line."""
    actor, now = actor_of(request), timezone.now()
    districts = priority.districts()
    chosen = filters_of(request, districts, now)
    note_seen(actor=actor, days=chosen.days, now=now)
    asked, lines, promises = _home(chosen, lately(now))
    charted = [one.control for one in lines if one.control is not None]
    context = {
        **_frame(chosen, districts, asked),
        "lines": lines,
        "promises": promises,
        "changed": [one for one in lines if one.flagged],
        "asks": [(one, words) for one in lines for words in to_ask(one)],
        "charted": len(charted),
        "by_chance": by_chance(lines),
        "late": clocks.late_by_owner(actor=actor, at=now) if actor.may(P.CLOCKS_READ) else None,
    }
    return show(request, "measures/measures.html", context)


def lately(now: datetime) -> datetime:
    """The last quarter of an hour: what is the same for everybody is worked out once in each, and says so."""
    return now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % EVERY


@lru_cache(maxsize=32)
def _home(chosen: Filters, at: datetime) -> tuple[readings.Asked, tuple[Reading, ...], tuple[readings.Promise, ...]]:
    """The figures of the home at an instant: the same for everybody, so worked out once for each set of filters."""
    asked = chosen.asked(at)
    shelf = readings.Shelf(asked)
    lines = readings.headlines(asked, shelf=shelf)
    first = next(one for one in lines if one.code == "M1")
    return asked, lines, readings.promises(asked, first=first, times=readings.times_missing(asked, shelf=shelf))


def forget_home() -> None:
    """Work the home out afresh when it is next asked for."""
    _home.cache_clear()


def _frame(chosen: Filters, districts: dict[str, str], asked: readings.Asked) -> dict[str, Any]:
    return {
        "chosen": chosen,
        "districts": districts,
        "periods": PERIODS,
        "asked": asked,
        "yesterday": local_date(timezone.now()) - timedelta(days=1),
    }


@page(P.MEASURES_READ)
@require_GET
def measure(request: HttpRequest, measure_code: str, draw: Draw) -> HttpResponse:
    """One measure: its figure, chart, table, definition, caveats, the lines beside it, the districts, and what was kept."""
    actor, now = actor_of(request), timezone.now()
    districts = priority.districts()
    chosen = filters_of(request, districts, now)
    asked, one, shelf = _reading(measure_code, request.GET.get("line", ""), chosen, now)
    note_seen(actor=actor, days=chosen.days, now=now)
    times = readings.times_missing(asked, shelf=shelf) if measure_code == "M2" else None
    first = one if measure_code == "M1" and one.line.code == entry("M1").headline.code else None
    context = {
        **_frame(chosen, districts, asked),
        "one": one,
        "entry": entry(measure_code),
        "told": readings.told(measure_code, at=asked.at),
        "asks": list(to_ask(one)),
        "lines": [drawn.measure for drawn in shelf.draw(measure_code)],
        "times": times,
        "claim": readings.judged(first, asked) if first else times.claim if times else None,
        "charts": [drawn_twice(chart, draw) for chart in _charts(one, shelf)],
        "kept": list(readings.revisions(measure_code, line=one.line.code, district=chosen.district)),
        "may_open": actor.may(P.MATTERS_READ),
    }
    return show(request, "measures/measure.html", context)


def _charts(one: Reading, shelf: readings.Shelf) -> list[Chart]:
    made = (
        one.drawn,
        readings.curve(one.code, shelf),
        readings.outcomes(one.code, shelf),
        readings.backlog(one.code, shelf),
        readings.funnel(one, shelf),
    )
    return [chart for chart in made if chart is not None]


def _reading(code: str, line: str, chosen: Filters, now: datetime) -> tuple[readings.Asked, Reading, readings.Shelf]:
    """The line asked for; a measure or a line that is not there is not found."""
    asked = chosen.asked(now)
    if code not in CATALOGUE:
        raise NotVisible
    shelf = readings.Shelf(asked, code)
    try:
        one = readings.reading_of(code, asked, line=line, shelf=shelf)
    except KeyError:
        one = None
    if one is None:
        raise NotVisible
    return asked, one, shelf


@dataclass(frozen=True, slots=True)
class DrawnTwice:
    """A chart with its two drawings: the page shows the one that fits."""

    chart: Chart
    wide: str
    narrow: str


def drawn_twice(chart: Chart, draw: Draw) -> DrawnTwice:
    """Both drawings as they stand in a page; the door of papers escapes every word in them."""
    wide, narrow = (mark_safe(draw(chart, narrow=form).decode()) for form in (False, True))
    return DrawnTwice(chart, wide, narrow)


@page(P.MEASURES_READ)
@require_GET
def measure_rows(request: HttpRequest, measure_code: str) -> HttpResponse:
    """The numerator and denominator opened to the matters within the viewer's reach; who looked at which is on record."""
    actor, now = actor_of(request), timezone.now()
    if not actor.may(P.MATTERS_READ):
        raise NotVisible
    districts = priority.districts()
    chosen = filters_of(request, districts, now)
    asked, one, _ = _reading(measure_code, request.GET.get("line", ""), chosen, now)
    opened = measures.rows_of(
        measure_code, line=one.line.code, period=asked.period, at=asked.at, actor=actor, known_at=asked.known_at, district=asked.district
    )
    if opened is None:
        raise NotVisible
    only = request.GET.get("only", "")
    rows = [row for row in opened.rows if only not in ("counted", "not") or row.counted == (only == "counted")]
    shown = rows[:MOST_ROWS]
    detail = {"measure": measure_code, "line": one.line.code}
    note_list(
        actor=actor,
        permission=P.MATTERS_READ,
        verb="measures.rows_seen",
        kind="matter",
        ids=[row.matter_id for row in shown],
        now=now,
        detail=detail,
    )
    context = {
        **_frame(chosen, districts, asked),
        "one": one,
        "opened": opened,
        "rows": shown,
        "more": len(rows) - len(shown),
        "only": only,
    }
    return show(request, "measures/rows.html", context)
