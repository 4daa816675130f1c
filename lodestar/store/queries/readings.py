"""The measures as a page reads them: each line with its chart of months, the curve, the districts, the definition, and what was kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Min

from lodestar.core.measures.catalogue import Entry, Line, entry
from lodestar.core.measures.charged import charged
from lodestar.core.measures.charging import decided
from lodestar.core.measures.chart import Chart
from lodestar.core.measures.claim import Claim, judge_share
from lodestar.core.measures.cohort import cohort
from lodestar.core.measures.curve_chart import found_curve, incidence_chart
from lodestar.core.measures.definition import Definition
from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.episodes import HOUR
from lodestar.core.measures.facts import Facts
from lodestar.core.measures.funnel import funnel_of_shares
from lodestar.core.measures.funnel_chart import design_effect_of, funnel_chart
from lodestar.core.measures.interviews import waited
from lodestar.core.measures.live import curve_of, inflation_by_child
from lodestar.core.measures.measure import Measure
from lodestar.core.measures.missing_time import MissingTimes, missing_times
from lodestar.core.measures.publication import DistrictTable, Quarter, entry_of
from lodestar.core.measures.publication import Entry as Publishable
from lodestar.core.measures.spans import whole_months
from lodestar.core.measures.stock_chart import classes_chart
from lodestar.core.measures.summary import Reading, reading, reading_of_events, reading_of_opportunities
from lodestar.core.times import local_date
from lodestar.core.words import Period
from lodestar.store.models import District, Figure, Matter
from lodestar.store.playbooks import playbook
from lodestar.store.queries import measures
from lodestar.store.queries.known import Known
from lodestar.store.queries.measure_facts import gather
from lodestar.store.queries.measures import Revised

MONTHS = 24
BARS = 12
CHARTED = ("xmr_share", "xmr_count", "xmr_value")
EVENT_DAYS = 731
MOST_KEPT = 3  # each is worked out again
OUTCOMES: Mapping[str, tuple[Mapping[str, str], tuple[int, ...]]] = {
    "M4": (
        {"held": "Held", "declined": "Declined", "missing again": "Missing again first", "turned 18": "Turned 18 first", "died": "Died"},
        (0, 1, 2, 3, 5, 7, 10, 14),
    ),
    "M7": (
        {
            "charge": "Charged", "no_further_action": "No further action", "out_of_court": "Dealt with out of court",
            "ended without a decision": "Ended without a decision", "decided": "Decided, how is not on record",
        },
        (0, 7, 14, 30, 60, 90, 120, 180),
    ),
}  # fmt: skip
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


class Shelf:
    """The facts of one asking, read once for all the measures that read the same: a year and the months of the charts together."""

    def __init__(self, asked: Asked, *codes: str) -> None:
        self.asked = asked
        self._codes = codes or measures.codes()
        self.months = whole_months(count=MONTHS, at=asked.at)
        ends = [month.until_at for month in (*self.months, asked.period)]
        until = None if None in ends else max(end for end in ends if end is not None)
        self._span = Period(min(self.months[0].from_at, asked.period.from_at), until)
        self._kept: dict[tuple[str, frozenset[str], str], Facts] = {}

    def facts(self, one: Entry, told_now: Definition) -> Facts:
        """What a measure reads. Measures of one desk share what they read; what was due is each measure's own."""
        own = one.code if "dues" in one.reads else ""
        key = (one.desk, frozenset(kind for kind in one.reads if kind != "interviews"), own)
        if key not in self._kept:
            alike = [other for other in map(entry, self._codes) if other.desk == one.desk and not own and "dues" not in other.reads]
            whole = replace(
                one,
                reads=one.reads.union(*(other.reads for other in alike)),
                look_back=max((other.look_back for other in (one, *alike)), default=one.look_back),
            )
            known, district = Known(self.asked.known_at), self.asked.district
            self._kept[key] = gather(whole, told_now, period=self._span, known=known, district=district)
        return self._kept[key]

    def draw(self, code: str, *, line: str = "") -> tuple[Drawn, ...]:
        """The lines of a measure over the period asked for, or the one named."""
        one, told_now = entry(code), measures.definition(code, at=self.asked.at)
        ask = Ask(self.asked.period, self.asked.at, told_now, line)
        return one.draw(self.facts(one, told_now).near(ask.period, look_back=one.look_back), ask)


def headlines(asked: Asked, *, shelf: Shelf | None = None) -> tuple[Reading, ...]:
    """The headline of every measure, in the order of the catalogue; a measure with nothing to say is left out."""
    shelf = shelf or Shelf(asked)
    return tuple(one for code in measures.codes() if (one := reading_of(code, asked, shelf=shelf)) is not None)


def reading_of(code: str, asked: Asked, *, line: str = "", shelf: Shelf | None = None) -> Reading | None:
    """One line (the headline where none is named) with its chart of whole months; None where there is no such line."""
    one, told_now, shelf = entry(code), measures.definition(code, at=asked.at), shelf or Shelf(asked, code)
    wanted = line or one.headline.code
    one.line(wanted)  # a line that is not there is refused here
    facts, drawn = shelf.facts(one, told_now), shelf.draw(code, line=wanted)
    if not drawn:
        return None
    figure, headline = drawn[0].measure, wanted == one.headline.code
    shown = _line(code, wanted, figure)
    if shown.chart == "tchart":
        return reading_of_events(line=shown, definition=told_now, figure=figure, events=_events(facts, asked, told_now, (one, wanted)))
    if shown.chart == "gchart":
        rows = _opportunities(facts, asked, told_now, (one, wanted))
        return reading_of_opportunities(line=shown, definition=told_now, figure=figure, rows=rows, among="children charged")
    charted = shown.chart in CHARTED
    months = _covered(one, told_now, shelf.months) if charted else ()
    points = [measures.point(one, facts, Ask(month, asked.at, told_now, wanted)) for month in months]
    short = len(months) < len(shelf.months) and charted
    return reading(line=shown, definition=told_now, figure=figure, points=points, headline=headline, cut_short=short)


def _covered(one: Entry, told_now: Definition, months: tuple[Period, ...]) -> tuple[Period, ...]:
    """The months that the record goes back far enough for: where a line looks back, its first months would all look better."""
    if not told_now.look_back_days:
        return months
    first = Matter.objects.filter(kind=one.desk).aggregate(first=Min("reported_at"))["first"]
    if first is None:
        return months
    return tuple(month for month in months if month.from_at >= first + timedelta(days=told_now.look_back_days))


def _line(code: str, wanted: str, figure: Measure) -> Line:
    """The line as the catalogue has it; one that stands for a group takes the group's own name."""
    one = entry(code).line(wanted)
    if one.code == wanted:
        return one
    return replace(one, code=wanted, title=f"{one.title}: {figure.line}")


def _events(facts: Facts, asked: Asked, told_now: Definition, of: tuple[Entry, str]) -> list[datetime]:
    """When each event of a line of custody after charge began, over two years; none of other measures."""
    return [at for at, event in _opportunities(facts, asked, told_now, of) if event]


def _opportunities(facts: Facts, asked: Asked, told_now: Definition, of: tuple[Entry, str]) -> list[tuple[datetime, bool]]:
    """Every child charged over two years, oldest first, and whether the line counts them; none of other measures."""
    one, line = of
    if one.desk != "custody" or "cases" not in one.reads:
        return []
    ask = Ask(measures.last_days(days=EVENT_DAYS, at=asked.at), asked.at, told_now, line)
    counted = {row for drawn in one.draw(facts, ask) if drawn.measure.line == line for row in drawn.counted}
    return sorted((row.charged_at, row.id in counted) for row in charged(facts.cases, ask))


def backlog(code: str, shelf: Shelf) -> Chart | None:
    """Cases open at the end of each of the last twelve months by class, and how many were past the time of their class."""
    if code != "M6":
        return None
    asked, months = shelf.asked, shelf.months[-BARS:]
    one, told_now = entry(code), measures.definition(code, at=asked.at)
    facts = shelf.facts(one, told_now)
    found = [_counts(one, facts, Ask(month, asked.at, told_now)) for month in months]
    if not any(counts.get("open") for counts in found):
        return None
    by_class = {line.title: [counts.get(line.code, 0) for counts in found] for line in one.lines if line.code.startswith("open ")}
    return classes_chart(
        code="M6-classes",
        title="Cases open by class, month by month",
        names=[f"{local_date(month.from_at):%B %Y}" for month in months],
        short=[f"{local_date(month.from_at):%b %y}" for month in months],
        by_class={name: counts for name, counts in by_class.items() if any(counts)},
        late=[counts.get("past class time", 0) for counts in found],
    )


def _counts(one: Entry, facts: Facts, ask: Ask) -> dict[str, int]:
    lines = one.draw(facts.near(ask.period, look_back=one.look_back), ask)
    return {drawn.measure.line: round(drawn.measure.value or 0) for drawn in lines if drawn.measure.unit == "count"}


def times_missing(asked: Asked, *, shelf: Shelf | None = None) -> MissingTimes:
    """M2 with every group, its tail and the verdict on "for all ages", as known then."""
    told_now = measures.definition("M2", at=asked.at)
    facts = (shelf or Shelf(asked, "M2")).facts(entry("M2"), told_now)
    rows = facts.near(asked.period, look_back=entry("M2").look_back).episodes
    return missing_times(episodes=rows, period=asked.period, as_of=asked.at, definition=told_now)


def promises(asked: Asked, *, first: Reading, times: MissingTimes) -> tuple[Promise, ...]:
    """The letter's two claims, judged on the figures as asked for."""
    return (
        Promise("M1", "“Over 90% of under 18s are found within 24 hours”", judged(first, asked), first.figure),
        Promise("M2", "“Median missing time is comfortably under 4 hours for all ages”", times.claim, times.pooled.median),
    )


def judged(first: Reading, asked: Asked) -> Claim:
    """Whether "regularly over 90%" stands for a figure of M1."""
    return judge_share(first.figure, share=measures.definition("M1", at=asked.at).claim_share, control=first.control)


def curve(code: str, shelf: Shelf) -> Chart | None:
    """How many had been found by each hour, for a measure of time missing; None for another, or where too few were followed."""
    if code not in OF_TIME_MISSING:
        return None
    asked = shelf.asked
    told_now = measures.definition(code, at=asked.at)
    group = cohort(
        episodes=shelf.facts(entry(code), told_now).episodes,
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


def outcomes(code: str, shelf: Shelf) -> Chart | None:
    """What had become of them by each day, where it may end in several ways; None for another measure, or where few were followed."""
    if code not in OUTCOMES:
        return None
    titles, days = OUTCOMES[code]
    one, told_now = entry(code), measures.definition(code, at=shelf.asked.at)
    ask = Ask(shelf.asked.period, shelf.asked.at, told_now)
    facts = shelf.facts(one, told_now).near(ask.period, look_back=one.look_back)
    rows = waited(facts, ask) if code == "M4" else decided(facts, ask)
    title = "What had become of the interview by each day" if code == "M4" else "What had become of the file by each day"
    return incidence_chart(rows, code=f"{code}-outcomes", title=title, outcomes=titles, days=days, fewest=told_now.small.children)


def funnel(one: Reading, shelf: Shelf) -> Chart | None:
    """A line district by district; None where it is not for that, or too few districts have enough children. Internal only."""
    asked, fewest = shelf.asked, one.definition.small.children
    if not one.line.funnel or one.line.unit != "share" or asked.district:
        return None
    ask = Ask(asked.period, asked.at, one.definition, one.line.code)
    facts = shelf.facts(entry(one.code), one.definition)
    names = District.objects.order_by("code").values_list("code", "name")
    units = [(name, measures.point(entry(one.code), facts.of_district(code), ask)) for code, name in names]
    shown = [(name, unit) for name, unit in units if (unit.children or 0) >= fewest and unit.denominator and unit.numerator is not None]
    hits, totals = [unit.numerator or 0 for _, unit in shown], [unit.denominator or 0 for _, unit in shown]
    if len(shown) < 2 or not 0 < sum(hits) < sum(totals):
        return None
    found = funnel_of_shares(
        names=[name for name, _ in shown], hits=hits, totals=totals, design_effect=round(design_effect_of(one.figure), 2)
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


def published_tables(entries: Iterable[Publishable], *, quarter: Quarter, at: datetime) -> tuple[DistrictTable, ...]:
    """Each headline that may be set side by side by district, as a table in which no small count can be worked out.

    The total is the headline's own count, which stands beside it: a headline that is hidden has no table, and a table that would
    have to hide its total is not published.
    """
    found = []
    for one in entries:
        if one.line.funnel and one.line.unit == "share" and not one.figure.suppressed:
            table = measures.by_district(one.figure.code, period=quarter.period, at=at)
            if None not in table.cells[-1]:
                found.append(DistrictTable(one.figure.code, one.line.title, table))
    return tuple(found)
