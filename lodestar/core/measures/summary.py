"""What a superintendent reads in a minute: which figures changed beyond chance, which promise holds, and what to ask about each.

Every sentence is made from the definition and the flag, so nobody's opinion is in it. A flag is not a fault: with many charts
some flag by chance alone, and how many to expect stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from lodestar.core.measures.catalogue import Line
from lodestar.core.measures.chart import Chart, say_value
from lodestar.core.measures.chart import Unit as Said
from lodestar.core.measures.control_chart import WORDS, Places, control_chart
from lodestar.core.measures.definition import Definition
from lodestar.core.measures.drawn import Point
from lodestar.core.measures.measure import Measure
from lodestar.core.measures.spc.chart import Chart as ControlChart
from lodestar.core.measures.spc.chart import Improvement
from lodestar.core.measures.spc.false_flags import false_flag_share
from lodestar.core.measures.spc.rare import g_chart, spread, t_chart
from lodestar.core.measures.spc.shares import FEWEST, p_prime, wants_p_prime
from lodestar.core.measures.spc.xmr import xmr
from lodestar.core.times import local_date, say_date

DAY, MINUTES = 86_400, 1_440  # seconds and minutes of a day
STOCK = "What waits one month mostly waits the next, so this chart flags oftener than chance alone would."
FEWEST_POINTS = 8  # fewer say nothing of what the process does by chance
BETTER: dict[str, Improvement] = {"increase": "increase", "decrease": "decrease", "neither": "neutral"}
SAID: dict[str, Said] = {
    "share": "share",
    "minutes": "number",
    "hours": "hours",
    "days": "days",
    "nights": "count",
    "count": "count",
    "per_child": "number",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One line of one measure as it is read: its figure, its chart where there is one, and why there is none where not."""

    line: Line
    definition: Definition
    figure: Measure
    control: ControlChart | None
    drawn: Chart | None
    no_chart: str = ""

    @property
    def code(self) -> str:
        """The measure's."""
        return self.definition.code

    @property
    def flagged(self) -> bool:
        """Whether the latest point is one that a rule picks out."""
        return self.control is not None and self.control.latest.label in WORDS

    @property
    def value(self) -> str:
        """The figure in words."""
        return say_figure(self.figure.value, self.figure)

    @property
    def target(self) -> str:
        """What was promised, in words, or nothing."""
        promised = self.control.target if self.control else None
        return "" if promised is None else say_figure(promised, self.figure)

    @property
    def interval(self) -> str:
        """Its 95% interval in words, or nothing."""
        low, high = self.figure.lower, self.figure.upper
        if low is None:
            return ""
        return f"{say_figure(low, self.figure)} to {'not reached' if high is None else say_figure(high, self.figure)}"


def say_figure(value: float | None, figure: Measure) -> str:
    """A figure with its unit as a page says it; "not shown" where it may not be given."""
    if value is None:
        return "not shown"
    return _with_unit(value, figure.unit)


def _with_unit(value: float | None, unit: str) -> str:
    said = say_value(value, SAID[unit])
    return f"{said} {unit}" if unit in ("minutes", "hours", "days", "nights") else f"{said} a child" if unit == "per_child" else said


def by_chance(lines: Sequence[Reading]) -> float:
    """How many of these charts would flag their latest point though nothing had changed."""
    return sum(_false_flags(one.control) for one in lines if one.control is not None)


def _false_flags(control: ControlChart) -> float:
    if control.false_flags is not None:
        return control.false_flags
    return false_flag_share(len(control.points), screened=control.ruleset.screened) or 0.0


def target_of(definition: Definition, line: Line, *, headline: bool) -> float | None:
    """What was promised of the headline of a measure, in its unit; None where nothing was."""
    promised = {"share": definition.claim_share, "hours": definition.claim_hours}.get(line.unit, 0)
    return promised or None if headline else None


def reading(
    *, line: Line, definition: Definition, figure: Measure, points: Sequence[Point], headline: bool = True, cut_short: bool = False
) -> Reading:
    """A line read: periods in which the figure may not be given are left out of its chart, and counted there.

    ``cut_short`` says that earlier months were left out because the record does not go back far enough for them.
    """
    shown = [point for point in points if point.value is not None]
    target = target_of(definition, line, headline=headline)
    said = {"line": line, "definition": definition, "figure": figure}
    if line.chart not in ("xmr_share", "xmr_count", "xmr_value"):
        return Reading(**said, control=None, drawn=None, no_chart="This line has no chart of months.")  # type: ignore[arg-type]
    if len(shown) < FEWEST_POINTS:
        why = f"the record goes back far enough for {len(shown)} months" if cut_short else f"{len(shown)} months have enough in them"
        few = f"No chart yet: {why}, and {FEWEST_POINTS} are needed to tell change from chance."
        return Reading(**said, control=None, drawn=None, no_chart=few)  # type: ignore[arg-type]
    control = _control(line, shown, target)
    drawn = control_chart(control, places=_places(line, definition, points, shown))
    return Reading(**said, control=control, drawn=drawn)  # type: ignore[arg-type]


def reading_of_events(*, line: Line, definition: Definition, figure: Measure, events: Sequence[datetime]) -> Reading:
    """A line of rare events read: days between one and the next, since counts of a few a month flag by chance too often.

    Two at one minute are set apart within it. Days without one are better where fewer are better.
    """
    ordered, _ = spread([event.timestamp() / DAY for event in events], resolution=1 / MINUTES)
    gaps = [later - earlier for earlier, later in pairwise(ordered)]
    said = {"line": line, "definition": definition, "figure": figure}
    if len(gaps) < FEWEST_POINTS:
        few = f"No chart yet: {len(events)} in two years, and {FEWEST_POINTS + 1} are needed to tell change from chance."
        return Reading(**said, control=None, drawn=None, no_chart=few)  # type: ignore[arg-type]
    days = [datetime.fromtimestamp(at * DAY, tz=events[0].tzinfo) for at in ordered[1:]]
    control = t_chart(gaps, improvement="increase" if line.better == "decrease" else "decrease")
    places = Places(
        code=f"{definition.code}-control",
        title=f"{line.title}: days between one and the next",
        value="Days since the one before",
        unit="days",
        along="Date",
        names=tuple(say_date(local_date(day)) for day in days),
        short=tuple(f"{local_date(day):%d %b %y}".lstrip("0") for day in days),
    )
    return Reading(**said, control=control, drawn=control_chart(control, places=places))  # type: ignore[arg-type]


def reading_of_opportunities(
    *, line: Line, definition: Definition, figure: Measure, rows: Sequence[tuple[datetime, bool]], among: str
) -> Reading:
    """A line of rare events read among those to whom it could have happened, oldest first: how many between one and the next.

    Where more are charged one month than the next, days between say how busy it was; the number between does not. ``among``
    says who they are, such as "children charged".
    """
    gaps, days, since = [], [], None
    for at, event in rows:
        if event and since is not None:
            gaps.append(since)
            days.append(at)
        since = 0 if event else None if since is None else since + 1
    said = {"line": line, "definition": definition, "figure": figure}
    if len(gaps) < FEWEST_POINTS:
        count = sum(event for _, event in rows)
        few = f"No chart yet: {count} in two years, and {FEWEST_POINTS + 1} are needed to tell change from chance."
        return Reading(**said, control=None, drawn=None, no_chart=few)  # type: ignore[arg-type]
    control = g_chart(gaps, improvement="increase" if line.better == "decrease" else "decrease")
    places = Places(
        code=f"{definition.code}-control",
        title=f"{line.title}: {among} between one and the next",
        value=f"{among[:1].upper()}{among[1:]} since the one before",
        unit="count",
        along="Date",
        names=tuple(say_date(local_date(day)) for day in days),
        short=tuple(f"{local_date(day):%d %b %y}".lstrip("0") for day in days),
    )
    return Reading(**said, control=control, drawn=control_chart(control, places=places))  # type: ignore[arg-type]


def _control(line: Line, shown: Sequence[Point], target: float | None) -> ControlChart:
    """p' where the months differ in size and each is large enough, otherwise single values."""
    hits, totals = [point.numerator or 0 for point in shown], [point.denominator or 0 for point in shown]
    mixed = 0 < sum(hits) < sum(totals)
    if line.chart == "xmr_share" and min(totals) >= FEWEST and mixed and wants_p_prime(totals):
        return p_prime(hits, totals, improvement=BETTER[line.better], target=target)
    return xmr([point.value or 0.0 for point in shown], improvement=BETTER[line.better], target=target)


def _places(line: Line, definition: Definition, points: Sequence[Point], shown: Sequence[Point]) -> Places:
    first = next(place for place, point in enumerate(points) if point.value is not None)
    hidden = len(points) - first - len(shown)
    left = f"; {hidden} with too few children left out" if hidden else ""
    days = [local_date(point.period.from_at) for point in shown]
    monthly = all(day.day == 1 for day in days)
    return Places(
        code=f"{definition.code}-control",
        title=f"{line.title}, {'month by month' if monthly else 'week by week'}{left}",
        value=line.title,
        unit=SAID[line.unit],
        along="Month" if monthly else "Week from",
        names=tuple(f"{day:%B %Y}" if monthly else say_date(day) for day in days),
        short=tuple(f"{day:%b %y}" if monthly else f"{day.day} {day:%b}" for day in days),
        provisional=_provisional(shown, definition),
        also=(STOCK,) if definition.clock == "snapshot" else (),
    )


def _provisional(shown: Sequence[Point], definition: Definition) -> int:
    """How many of the last points take in days that are still being recorded, counted back from the end of the last."""
    end = shown[-1].period.until_at
    if end is None:
        return 1
    return sum((end - (point.period.until_at or end)).days < definition.provisional_days for point in shown)


def to_ask(one: Reading) -> Iterator[str]:
    """What to ask of a figure, from its flag and its promise; nothing where neither speaks."""
    if one.control is None or one.drawn is None:
        return
    name, unit = one.line.title, one.figure.unit
    latest, month = one.control.latest, one.drawn.names[-1]
    if latest.label in WORDS and one.control.kind == "t":
        gap, than = say_value(latest.value, "days"), "longer" if latest.way == "high" else "shorter"
        yield f"{name}: {gap} days passed before {month}, {than} than chance gives. What is behind it?"
    elif latest.label in WORDS and one.control.kind == "g":
        many = "more" if latest.way == "high" else "fewer"
        yield f"{name}: {latest.value:.0f} passed before {month}, {many} than chance gives. What is behind it?"
    elif latest.label in WORDS:
        yield _of_a_month(one, name, month)
    if one.control.assurance is not None and one.control.assurance.code == "consistently_fails":
        target = _with_unit(one.control.target, unit)
        yield f"{name}: {target} is missed whatever chance gives. What in how it is done will change, and by when?"


def _of_a_month(one: Reading, name: str, month: str) -> str:
    """The question of one month outside the limits, or of a run of flagged months from where it began."""
    control, drawn = one.control, one.drawn
    if control is None or drawn is None:
        return ""
    latest, unit = control.latest, one.figure.unit
    first = _run_from(control)
    value = _with_unit(latest.value, unit)
    if latest.label == "outside" and first == len(control.points) - 1:
        low, high = (_with_unit(y, unit) for y in (latest.limits.lower, latest.limits.upper))
        return f"{name} was {value} in {month}, outside the {low} to {high} that chance gives. What happened that month?"
    since = f"since {drawn.names[first]} ({WORDS[latest.label]}), and was {value} in {month}"
    return f"{name} has changed beyond chance {since}. {_QUESTIONS[latest.meaning]}"


_QUESTIONS = {
    "improvement": "What was done differently, and will it be kept?",
    "concern": "What changed then, and what will be done about it?",
    "neutral": "What changed then?",
    "common_cause": "",
}


def _run_from(control: ControlChart) -> int:
    """The first place of the flagged points in a row, all for the same side, that the latest point ends."""
    meaning, place = control.latest.meaning, len(control.points) - 1
    while place and control.points[place - 1].meaning == meaning:
        place -= 1
    return place
