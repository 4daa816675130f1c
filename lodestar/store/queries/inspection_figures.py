"""What the measures say of commitments: the reading of now, the points month by month, and the chart they make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lodestar.core.inspection.closing import WORSE, ClosingRule, Point, closing_rule
from lodestar.core.inspection.commitments import Promised, Reading, Target
from lodestar.core.inspection.reply import said
from lodestar.core.inspection.slipped import Slipped
from lodestar.core.measures.catalogue import CATALOGUE, Entry, Line
from lodestar.core.measures.chart import Chart
from lodestar.core.measures.claim import judge_share
from lodestar.core.measures.control_chart import Places, control_chart
from lodestar.core.measures.definition import Definition
from lodestar.core.measures.measure import Measure
from lodestar.core.measures.spc.chart import Chart as ControlChart
from lodestar.core.measures.spc.xmr import xmr
from lodestar.core.times import local_date, to_local
from lodestar.core.words import Period
from lodestar.store.models import Commitment, CommitmentStep
from lodestar.store.playbooks import playbook
from lodestar.store.queries import measures

DAYS = 365  # what "now" is judged over
MONTHS = 24
ALL_AGES = "all ages"  # the claim about every age band, which the measure itself judges
REGULARLY = "regularly"  # the claim that any month is over a share, which the measure's chart judges
CLAIMS = ("", ALL_AGES, REGULARLY)  # lines that stand for the headline
BETTER = {"increase": "increase", "decrease": "decrease", "neither": "neutral"}


def rule(*, at: datetime) -> ClosingRule:
    """The closing rule in force on the day."""
    return closing_rule(playbook("INS-CLOSING").in_force(at).values)


def promised(row: Commitment) -> Promised:
    """A commitment as the rules look at it."""
    target = Target(row.side, row.target) if row.target is not None else None
    return Promised(row.sort, row.measure, target, row.due_on, row.state)


def period(*, at: datetime) -> Period:
    """The year up to today that a statement is judged over."""
    return measures.last_days(days=DAYS, at=at)


@dataclass(frozen=True, slots=True)
class Shown:
    """A commitment's measure as it stands: the line, the figure, what it reads as, and its definition."""

    entry: Entry
    line: Line
    figure: Measure
    reading: Reading
    definition: Definition
    bands: tuple[tuple[str, Measure], ...] = ()  # each group, by its title, that a verdict on all of them was given over

    @property
    def says(self) -> str:
        """The figure in words, with its interval."""
        value = said(self.figure.value, self.line.unit)
        if self.figure.lower is None or self.figure.upper is None:
            return value
        return f"{value} ({said(self.figure.lower, self.line.unit)} to {said(self.figure.upper, self.line.unit)})"


def shown(row: Commitment, *, at: datetime) -> Shown | None:
    """What a commitment's measure says over the last year; None where it names none that there is, or nothing is counted."""
    one = CATALOGUE.get(row.measure)
    if one is None:
        return None
    told = measures.definition(one.code, at=at)
    if row.line == ALL_AGES:
        return _all_ages(one, told, at)
    line = line_of(row)
    if line is None:
        return None
    drawn = measures.drawn_of(one.code, period=period(at=at), at=at, known_at=at, line=named(row, line))
    if not drawn:
        return None
    figure = drawn[0].measure
    if row.line == REGULARLY and row.target is not None:
        claim = judge_share(figure, share=row.target, control=control(row, line, at=at))
        return Shown(one, line, figure, Reading(figure.value, figure.lower, figure.upper, claim.verdict, claim.sentence), told)
    return Shown(one, line, figure, Reading(figure.value, figure.lower, figure.upper), told)


def named(row: Commitment, line: Line) -> str:
    """The line of the measure that is worked out for a commitment."""
    return line.code if row.line in CLAIMS else row.line


def line_of(row: Commitment) -> Line | None:
    """The line of the catalogue that a commitment is about: the headline where it names none."""
    one = CATALOGUE.get(row.measure)
    if one is None:
        return None
    if row.line in CLAIMS:
        return one.headline
    try:
        return one.line(row.line)
    except KeyError:
        return None


def _all_ages(one: Entry, told: Definition, at: datetime) -> Shown:
    found = measures.missing_time(period=period(at=at), at=at)
    pooled, claim = found.pooled.median, found.claim
    reading = Reading(pooled.value, pooled.lower, pooled.upper, claim.verdict, claim.sentence)
    bands = tuple((band.title, band.median) for band in found.bands)
    return Shown(one, one.headline, pooled, reading, told, bands)


@dataclass(frozen=True, slots=True)
class Course:
    """A measure month by month: the points that the closing rule reads, and the chart of them where there is one."""

    points: tuple[Point, ...]
    chart: Chart | None


def months(row: Commitment, line: Line, *, at: datetime) -> list[measures.Point]:
    """The last two years of whole months, from the first that has a figure."""
    rows = list(measures.series(row.measure, line=named(row, line), at=at, months=MONTHS, known_at=at))
    while rows and rows[0].value is None:
        rows.pop(0)
    return rows


def control(row: Commitment, line: Line, *, at: datetime) -> ControlChart | None:
    """The control chart of a commitment's measure with its target; None where the line has none, or there are too few months."""
    return _labelled(line, [point.value for point in months(row, line, at=at) if point.value is not None], row.target)


def _labelled(line: Line, known: list[float], target: float | None) -> ControlChart | None:
    if not line.chart.startswith("xmr") or len(known) < 2:
        return None
    return xmr(known, improvement=BETTER[line.better], target=target)  # type: ignore[arg-type]


def course(row: Commitment, *, at: datetime) -> Course:
    """The last two years of whole months of a commitment's measure, labelled by the chart's own rules, with its target.

    A month inside without a figure stays, unknown.
    """
    line = line_of(row)
    if line is None:
        return Course((), None)
    rows = months(row, line, at=at)
    known = [point for point in rows if point.value is not None]
    found = _labelled(line, [float(point.value or 0.0) for point in known], row.target)
    meaning = {} if found is None else {id(point): label.meaning for point, label in zip(known, found.points, strict=True)}
    points = tuple(Point(local_date(one.period.from_at), one.value, _signal(meaning.get(id(one), ""))) for one in rows)
    if found is None:
        return Course(points, None)
    names = tuple(f"{to_local(point.period.from_at):%B %Y}" for point in known)
    short = tuple(f"{to_local(point.period.from_at):%b %y}" for point in known)
    unit = "number" if line.unit == "per_child" else line.unit
    title = f"{row.reference}: {line.title}"
    places = Places(code=f"commitment-{row.pk}", title=title, value=line.title, unit=unit, along="Month", names=names, short=short)
    return Course(points, control_chart(found, places=places))


def _signal(meaning: str) -> str:
    return {"improvement": "better", "concern": WORSE, "neutral": "neutral"}.get(meaning, "")


def slip_told(*, commitment_id: int, at: datetime) -> Slipped | None:
    """What goes with the word that a commitment opened again at an instant; None where it did not, or its measure has no chart."""
    step = CommitmentStep.objects.select_related("commitment").filter(commitment=commitment_id, verb="reopen", at=at).first()
    if step is None:
        return None
    chart = course(step.commitment, at=at).chart
    return None if chart is None else Slipped(step.commitment.reference, step.commitment.words, step.reason, chart)
