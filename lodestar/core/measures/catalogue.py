"""The catalogue of measures: for each its lines, and for each line its unit, which way is better and how it is charted.

A definition's words and values are its playbook's; here stands what a page, a chart and a pack must know to show a line,
and the one function that works the whole measure out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

from lodestar.core.measures import found, missing_time
from lodestar.core.measures.drawn import Ask, Drawn, Facts
from lodestar.core.measures.measure import Unit

Better = Literal["increase", "decrease", "neither"]
Chart = Literal["xmr_share", "xmr_count", "xmr_value", "tchart", "gchart", "none"]
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a measure. ``published`` False is for internal screens only: beside the headline it could disclose a child."""

    code: str
    title: str
    unit: Unit
    better: Better
    chart: Chart
    published: bool = False
    funnel: bool = False  # may be set side by side by district


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure. The first line is its headline; ``groups`` is the line that stands for any group named by the facts."""

    code: str
    desk: str  # the kind of matter whose rows it counts; empty for all
    lines: tuple[Line, ...]
    draw: Callable[[Facts, Ask], tuple[Drawn, ...]]
    groups: Line | None = None
    look_back: timedelta = NO_TIME  # how long before a period its facts begin

    @property
    def headline(self) -> Line:
        """The line that stands for the measure."""
        return self.lines[0]

    def line(self, code: str) -> Line:
        """The line with this code, or the one that stands for groups; another code raises ``KeyError``."""
        known = next((line for line in self.lines if line.code == code), self.groups)
        if known is None:
            raise KeyError(f"{self.code} has no line {code}")
        return known


def entry(code: str) -> Entry:
    """The measure with this code; an unknown one raises ``KeyError``."""
    return CATALOGUE[code]


_M1 = Entry(
    code="M1",
    desk="missing",
    draw=found.draw,
    lines=(
        Line("mature", "Found within 24 hours", "share", "increase", "xmr_share", published=True, funnel=True),
        Line("live", "Found within 24 hours, with those still missing (Kaplan-Meier)", "share", "increase", "none"),
        Line("without found before record", "Without those found before the report", "share", "increase", "xmr_share"),
        Line("without very_low", "Without no apparent risk", "share", "increase", "xmr_share"),
        Line("short gaps joined", "With short gaps joined", "share", "increase", "xmr_share"),
        Line("child clock", "On the child's clock: from when last known safe", "share", "increase", "xmr_share"),
        Line("child_earliest clock", "On the child's clock, at its earliest", "share", "increase", "xmr_share"),
    ),
)
_M2 = Entry(
    code="M2",
    desk="missing",
    draw=missing_time.draw,
    lines=(Line("all", "Median hours missing, everybody", "hours", "decrease", "xmr_value", published=True),),
    groups=Line("group", "Median hours missing, of a group", "hours", "decrease", "xmr_value", published=True),
)

CATALOGUE: Mapping[str, Entry] = MappingProxyType({one.code: one for one in (_M1, _M2)})
