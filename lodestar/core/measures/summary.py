"""What a superintendent reads in a minute: which figures changed beyond chance, which promise holds, and what to ask about each.

Every sentence is made from the definition and the flag, so nobody's opinion is in it. A flag is not a fault: with many charts
some flag by chance alone, and how many to expect stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lodestar.core.measures.catalogue import Line
from lodestar.core.measures.chart import Chart, say_value
from lodestar.core.measures.chart import Unit as Said
from lodestar.core.measures.control_chart import WORDS, Places, control_chart
from lodestar.core.measures.definition import Definition
from lodestar.core.measures.drawn import Point
from lodestar.core.measures.measure import Measure
from lodestar.core.measures.spc.chart import Chart as ControlChart
from lodestar.core.measures.spc.chart import Improvement
from lodestar.core.measures.spc.shares import FEWEST, p_prime, wants_p_prime
from lodestar.core.measures.spc.xmr import xmr
from lodestar.core.times import local_date, say_date

FEWEST_POINTS = 8  # fewer say nothing of what the process does by chance
BETTER: dict[str, Improvement] = {"increase": "increase", "decrease": "decrease", "neither": "neutral"}
SAID: dict[str, Said] = {"share": "share", "hours": "hours", "days": "days", "count": "count", "per_child": "number"}


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
    return f"{said} {unit}" if unit in ("hours", "days") else f"{said} a child" if unit == "per_child" else said


def target_of(definition: Definition, line: Line, *, headline: bool) -> float | None:
    """What was promised of the headline of a measure, in its unit; None where nothing was."""
    promised = {"share": definition.claim_share, "hours": definition.claim_hours}.get(line.unit, 0)
    return promised or None if headline else None


def reading(*, line: Line, definition: Definition, figure: Measure, points: Sequence[Point], headline: bool = True) -> Reading:
    """A line read: periods in which the figure may not be given are left out of its chart, and counted there."""
    shown = [point for point in points if point.value is not None]
    target = target_of(definition, line, headline=headline)
    said = {"line": line, "definition": definition, "figure": figure}
    if line.chart not in ("xmr_share", "xmr_count", "xmr_value"):
        return Reading(**said, control=None, drawn=None, no_chart="This line has no chart of months.")  # type: ignore[arg-type]
    if len(shown) < FEWEST_POINTS:
        few = f"No chart yet: {len(shown)} months have enough in them, and {FEWEST_POINTS} are needed to tell change from chance."
        return Reading(**said, control=None, drawn=None, no_chart=few)  # type: ignore[arg-type]
    control = _control(line, shown, target)
    drawn = control_chart(control, places=_places(line, definition, points, shown))
    return Reading(**said, control=control, drawn=drawn)  # type: ignore[arg-type]


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
    if latest.label in WORDS:
        value = _with_unit(latest.value, unit)
        if latest.label == "outside":
            low, high = (_with_unit(y, unit) for y in (latest.limits.lower, latest.limits.upper))
            yield f"{name} was {value} in {month}, outside the {low} to {high} that chance gives. What happened that month?"
        else:
            since = one.drawn.names[_run_from(one.control)]
            yield f"{name} has changed beyond chance since {since} ({WORDS[latest.label]}). {_QUESTIONS[latest.meaning]}"
    if one.control.assurance is not None and one.control.assurance.code == "consistently_fails":
        target = _with_unit(one.control.target, unit)
        yield f"{name}: {target} is missed whatever chance gives. What in how it is done will change, and by when?"


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
