"""A control chart as it is drawn: the numbers of ``spc`` with the words of a measure, and the sentence that says what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from lodestar.core.measures.chart import Chart, Flag, Icon, Kind, Look, Mark, Series, Side, Span, Unit, say_value
from lodestar.core.measures.spc.chart import Chart as ControlChart
from lodestar.core.measures.spc.chart import Label, Limits, Meaning, Point, Segment
from lodestar.core.words import listed

WORDS: dict[Label, str] = {"outside": "outside limits", "trend": "trend", "two_of_three": "near a limit", "shift": "shift"}
SIDE: dict[Meaning, Side] = {"improvement": "better", "concern": "worse"}
KINDS: dict[str, Kind] = {"xmr": "xmr", "p-prime": "xmr", "t": "t", "g": "g"}
TRIAL = "Trial limits: fewer than twelve points made them, so they will move."
WHAT_LIMITS_ARE = "The limits say what to expect of this process as it is, not what is wanted."
LINES: tuple[tuple[str, Look, str], ...] = (
    ("Centre", "centre", "centre"),
    ("Upper limit", "limit", "upper"),
    ("Lower limit", "limit", "lower"),
    ("Upper near limit", "near", "near_upper"),
    ("Lower near limit", "near", "near_lower"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What the points of a chart are called and counted in: one name a point, for the table, and a short one for the axis."""

    code: str
    title: str
    value: str  # what one point is, such as "Found within 24 hours"
    unit: Unit
    along: str  # what the places are, such as "Month"
    names: tuple[str, ...]
    short: tuple[str, ...] = ()
    provisional: int = 0  # how many of the last points are still being recorded
    also: tuple[str, ...] = ()  # what else is printed on the chart


def control_chart(found: ControlChart, *, places: Places) -> Chart:
    """The chart of labelled points: a line for each limit that a value could reach, a word for each flag, both icons in words.

    A limit beyond what is possible (over 100%, or under nought) is left out and the chart says so. Refuses names that are not
    one for each point.
    """
    kept = [(name, look, _line(found, part, places.unit)) for name, look, part in LINES]
    series = [Series(places.value, "measured", tuple(point.value for point in found.points))]
    series += [Series(name, look, ys) for name, look, ys in kept if any(y is not None for y in ys)]
    if found.target is not None:
        series.append(Series("Target", "target", (found.target,) * len(found.points)))
    return Chart(
        kind=KINDS[found.kind],
        code=places.code,
        title=places.title,
        sentence=sentence(found, places=places),
        x_title=places.along,
        y_title=places.value,
        unit=places.unit,
        xs=tuple(float(point.number - 1) for point in found.points),
        names=places.names,
        short=places.short,
        series=tuple(series),
        flags=tuple(_flags(found.points)),
        marks=tuple(Mark(segment.first - 1, "Limits set anew") for segment in found.segments[1:]),
        spans=_provisional(len(found.points), places),
        icons=tuple(Icon(icon.code, icon.words) for icon in (found.variation, found.assurance) if icon is not None),
        notes=(*places.also, *_notes(found, places.unit)),
        ruleset=found.ruleset.id,
    )


def sentence(found: ControlChart, *, places: Places) -> str:
    """What the chart shows, for those who do not see it: how many points, the limits now, the latest point, and every flag."""
    first, last, latest = places.names[0], places.names[-1], found.latest
    said = [f"{len(found.points)} points, {first} to {last}.", f"The latest is {say_value(latest.value, places.unit)}."]
    said.append(_limits_said(found.segments[-1], places.unit))
    said.append(f"{found.variation.words}.")
    if found.target is not None:
        judged = f": {found.assurance.words[:1].lower()}{found.assurance.words[1:]}" if found.assurance else ""
        said.append(f"Target {say_value(found.target, places.unit)}{judged}.")
    flagged = [f"{_named(run, places)} ({WORDS[run[0].label]})" for run in _runs(found.points)]
    said.append(f"Flagged: {listed(flagged)}." if flagged else "No point is flagged.")
    return " ".join(said)


def _runs(points: tuple[Point, ...]) -> list[list[Point]]:
    """Flagged points in a row of one label and one meaning."""
    grouped = groupby(points, key=lambda point: (point.label, point.meaning))
    return [list(run) for (label, _), run in grouped if label in WORDS]


def _named(run: list[Point], places: Places) -> str:
    first, last = places.names[run[0].number - 1], places.names[run[-1].number - 1]
    return first if first == last else f"{first} to {last}"


def _limits_said(segment: Segment, unit: Unit) -> str:
    lines = segment.limits
    ends = [f"{word} limit {say_value(y, unit)}" for word, y in (("lower", lines.lower), ("upper", lines.upper)) if _reached(y, unit)]
    return f"The centre is {say_value(lines.centre, unit)}{''.join(f', the {end}' for end in ends)}."


def _line(found: ControlChart, part: str, unit: Unit) -> tuple[float | None, ...]:
    ys = (getattr(point.limits, part) for point in found.points)
    return tuple(y if _reached(y, unit) else None for y in ys)


def _reached(y: float | None, unit: Unit) -> bool:
    """Whether a value could lie there at all: no share is over 100%, no time or count under nought."""
    return y is not None and y >= 0 and not (unit == "share" and y > 1)


def _flags(points: tuple[Point, ...]) -> Iterator[Flag]:
    for point in points:
        if point.label in WORDS:
            yield Flag(point.number - 1, point.label, WORDS[point.label], SIDE.get(point.meaning, "neither"))


def _provisional(size: int, places: Places) -> tuple[Span, ...]:
    return (Span(max(size - places.provisional, 0), size - 1, "Provisional"),) if places.provisional else ()


def _notes(found: ControlChart, unit: Unit) -> Iterator[str]:
    if found.trial:
        yield TRIAL
    limits: Limits = found.segments[-1].limits
    for words, y in (("upper", limits.upper), ("lower", limits.lower)):
        if y is not None and not _reached(y, unit):
            yield f"The {words} limit lies beyond what is possible and is not drawn."
    dropped = sum(segment.screened_out for segment in found.segments)
    if dropped:
        yield f"{dropped} step{'' if dropped == 1 else 's'} between points left out of the limits as outliers, as these rules ask."
    yield WHAT_LIMITS_ARE
