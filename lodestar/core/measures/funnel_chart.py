"""A funnel between districts as it is drawn: each district at its size, the share of all together, and what chance allows it."""

from __future__ import annotations

from math import log

from scipy.special import stdtrit  # type: ignore[import-untyped, unused-ignore]

from lodestar.core.measures.chart import Chart, Flag, Series, Side, Unit, say_value
from lodestar.core.measures.funnel import Funnel
from lodestar.core.measures.funnel import Unit as District
from lodestar.core.measures.measure import Measure
from lodestar.core.words import listed

WORDS = {"above_99_8": "above what chance gives", "below_99_8": "below what chance gives"}
NO_RANKING = "No ranking: within the limits, districts do not differ beyond chance."
BY_CHILD = "clustered by child"


def funnel_chart(found: Funnel, *, code: str, title: str, value: str, along: str, better: str, unit: Unit = "share") -> Chart:
    """The districts in the order of their size, with limits at 99.8% only: with so few districts 95% flags one by chance.

    ``better`` says which way is better ("increase", "decrease" or "neither"). Refuses a funnel of nobody.
    """
    units = sorted(found.units, key=lambda one: (one.size, one.name))
    names = tuple(f"{one.name} ({one.size:g})" for one in units)
    size = len(units)
    return Chart(
        kind="funnel",
        code=code,
        title=title,
        sentence=_sentence(found, units, unit),
        x_title=along,
        y_title=value,
        unit=unit,
        xs=tuple(one.size for one in units),
        names=names,
        short=tuple(f"{one.size:g}" for one in units),
        series=(
            Series(value, "dots", tuple(one.value for one in units)),
            Series("All districts", "centre", (found.centre,) * size),
            Series("Upper 99.8% limit", "limit", tuple(one.band.upper_99_8 for one in units)),
            Series("Lower 99.8% limit", "limit", tuple(one.band.lower_99_8 for one in units)),
        ),
        flags=tuple(Flag(place, "outside", WORDS[one.place], _side(one, better)) for place, one in enumerate(units) if one.place in WORDS),
        notes=(f"Limits: {found.method}, 99.8%.", NO_RANKING),
    )


def design_effect_of(measure: Measure) -> float:
    """How many times the variance of single episodes the interval by child has; 1 where the figure carries no such interval.

    Read back from the clustered logit interval: its half width on the logit scale is t times the error over p(1 - p).
    """
    p, n, children = measure.value, measure.denominator, measure.children
    if BY_CHILD not in measure.interval_method or measure.unit != "share" or not p or p >= 1 or not n or not children:
        return 1.0
    if measure.lower is None or measure.upper is None or children < 2 or not 0 < measure.lower < measure.upper < 1:
        return 1.0
    half = (_logit(measure.upper) - _logit(measure.lower)) / 2
    error = half / float(stdtrit(children - 1, 0.975)) * p * (1 - p)
    return max(1.0, error**2 / (p * (1 - p) / n))


def _logit(share: float) -> float:
    return log(share / (1 - share))


def _side(one: District, better: str) -> Side:
    if better == "neither":
        return "neither"
    return "better" if (one.place == "above_99_8") == (better == "increase") else "worse"


def _sentence(found: Funnel, units: list[District], unit: Unit) -> str:
    said = [f"{one.name} {say_value(one.value, unit)}, {WORDS[one.place]}" for one in units if one.place in WORDS]
    whole = f"{len(units)} districts; all together {say_value(found.centre, unit)}. "
    return whole + (f"Outside the limits: {listed(said)}." if said else "No district lies outside the limits.")
