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

from lodestar.core.measures import (
    after_charge,
    backlog,
    charging,
    found,
    interviews,
    missing_time,
    recording,
    referrals,
    repeats,
    scrutiny,
)
from lodestar.core.measures.drawn import Ask, Drawn
from lodestar.core.measures.facts import Facts
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
    reads: frozenset[str]  # which facts: episodes, interviews, cases, dues
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
    reads=frozenset({"episodes"}),
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
    reads=frozenset({"episodes"}),
    draw=missing_time.draw,
    lines=(Line("all", "Median hours missing, everybody", "hours", "decrease", "xmr_value", published=True),),
    groups=Line("group", "Median hours missing, of a group", "hours", "decrease", "xmr_value", published=True),
)

_M3 = Entry(
    code="M3",
    desk="missing",
    reads=frozenset({"episodes"}),
    draw=repeats.draw,
    look_back=timedelta(days=2 * 365 + 1),
    lines=(
        Line("R1", "Episodes that are a child's second or later (R1)", "share", "decrease", "xmr_share", published=True, funnel=True),
        Line("R2", "Episodes of children missing more than once (R2)", "share", "decrease", "none"),
        Line("R3", "Children missing more than once (R3)", "share", "decrease", "none"),
        Line("R4", "Children missing three times in 90 days (R4)", "count", "decrease", "xmr_count"),
        Line("days to the next", "Median days from a first return to the next report", "days", "increase", "none"),
        Line("again in time", "Missing again within 28 days of a first return", "share", "decrease", "none"),
        Line("further episodes", "Further episodes a child, by 90 days after a first return", "per_child", "decrease", "none"),
    ),
)
_M4 = Entry(
    code="M4",
    desk="missing",
    reads=frozenset({"episodes", "interviews"}),
    draw=interviews.draw,
    look_back=timedelta(days=90),
    lines=(
        Line("held in time", "Held within 72 hours, of all returns", "share", "increase", "xmr_share", published=True, funnel=True),
        Line("offered in time", "Offered within 72 hours, of all returns", "share", "increase", "xmr_share"),
        Line("held in time of held", "Held within 72 hours, of those held", "share", "increase", "xmr_share"),
        Line("held ever", "Held at any time, of all returns", "share", "increase", "xmr_share"),
        Line("outcome held", "Within 14 days: held", "share", "increase", "none"),
        Line("outcome declined", "Within 14 days: declined by the child", "share", "neither", "none"),
        Line("outcome missing again", "Within 14 days: missing again first", "share", "decrease", "none"),
        Line("outcome turned 18", "Within 14 days: turned 18 first", "share", "neither", "none"),
        Line("outcome died", "Within 14 days: died", "share", "decrease", "none"),
    ),
)
_ENDS = {
    "shared": "Shared about the child",
    "assessed": "First assessed",
    "strategy": "Strategy discussion held",
    "acted": "Acted against the suspect",
    "safer": "First child made safer",
}


def _end_lines(end: str, title: str) -> tuple[Line, ...]:
    return (
        Line(f"{end} in class time", f"{title} in the time of its class", "share", "increase", "xmr_share", published=end == "shared"),
        Line(f"{end} within 24 hours", f"{title} within 24 hours", "share", "increase", "none"),
        Line(f"{end} within 72 hours", f"{title} within 72 hours", "share", "increase", "none"),
        Line(f"{end} median", f"{title}: median days", "days", "decrease", "xmr_value"),
        Line(f"{end} nine in ten", f"{title}: days by which nine in ten were", "days", "decrease", "none"),
        Line(f"{end} oldest waiting", f"{title}: days the oldest has waited", "days", "decrease", "none"),
    )


_M5 = Entry(
    code="M5",
    desk="online",
    reads=frozenset({"cases"}),
    draw=referrals.draw,
    lines=(
        *(line for end, title in _ENDS.items() for line in _end_lines(end, title)),
        Line("not graded", "Referrals not graded", "count", "decrease", "none"),
        Line("oldest not graded", "Days the oldest has waited for a grade", "days", "decrease", "none"),
    ),
)
_CLASSES = {
    "very_high": "very high", "high": "high", "cannot_be_assessed": "risk cannot be assessed", "medium": "medium", "low": "low",
    "": "not graded",
}  # fmt: skip
_QUEUES = {
    "unassessed": "not assessed", "unallocated": "not allocated", "not_started": "not started", "in_progress": "in progress",
    "waiting": "waiting on others",
}  # fmt: skip
_FLOWS = {"arrival": "Came in", "completion": "Completed", "reopened": "Reopened", "in error": "Opened in error"}
_M6 = Entry(
    code="M6",
    desk="online",
    reads=frozenset({"cases"}),
    draw=backlog.draw,
    lines=(
        Line("open", "Cases open", "count", "decrease", "xmr_count", published=True),
        *(
            Line(f"open {code or 'not graded'}", f"Cases open, {title}", "count", "decrease", "xmr_count")
            for code, title in _CLASSES.items()
        ),
        *(Line(f"queue {code}", f"Cases {title}", "count", "decrease", "xmr_count") for code, title in _QUEUES.items()),
        Line("past class time", "Cases past the time of their class", "count", "decrease", "xmr_count"),
        Line("share past class time", "Share of cases past the time of their class", "share", "decrease", "xmr_share"),
        Line("age median", "Median days open", "days", "decrease", "xmr_value"),
        Line("age nine in ten", "Days open of all but the oldest tenth", "days", "decrease", "none"),
        Line("age oldest", "Days the oldest has been open", "days", "decrease", "none"),
        Line("opening", "Open at the first snapshot", "count", "decrease", "none"),
        *(Line(code, title, "count", "neither", "xmr_count") for code, title in _FLOWS.items()),
    ),
)
_M7 = Entry(
    code="M7",
    desk="online",
    reads=frozenset({"cases"}),
    draw=charging.draw,
    lines=(
        Line("median", "Median days from a complete file to the decision", "days", "decrease", "none", published=True),
        Line("nine in ten", "Days by which nine in ten were decided", "days", "decrease", "none"),
        Line("median from first submission", "Median days from the first submission, complete or not", "days", "decrease", "none"),
        Line("outcome charge", "Within 90 days: charged", "share", "neither", "none"),
        Line("outcome no_further_action", "Within 90 days: no further action", "share", "neither", "none"),
        Line("outcome out_of_court", "Within 90 days: dealt with out of court", "share", "neither", "none"),
        Line("outcome ended without a decision", "Within 90 days: ended without a decision", "share", "decrease", "none"),
        Line("still open", "Files not yet decided", "count", "decrease", "none"),
        Line("oldest open", "Days the oldest has waited", "days", "decrease", "none"),
        Line("share of time with police", "Share of the time that the police had the file back", "share", "decrease", "none"),
    ),
)
_IMPRACTICABLE = {
    "extreme_weather": "extreme weather", "journey": "distance or transport", "hospital": "in hospital", "other": "another circumstance",
}  # fmt: skip
_M8 = Entry(
    code="M8",
    desk="custody",
    reads=frozenset({"cases"}),
    draw=after_charge.draw,
    lines=(
        Line("a detentions", "Children charged and refused bail", "count", "decrease", "tchart", published=True),
        Line("b hours", "Hours held after charge, all together", "hours", "decrease", "none"),
        Line("b median hours", "Median hours held after charge", "hours", "decrease", "none"),
        Line("b nine in ten hours", "Hours by which nine in ten were no longer held", "hours", "decrease", "none"),
        Line("b longest", "Longest hours held after charge", "hours", "decrease", "none"),
        Line("c overnight", "Children held overnight", "count", "decrease", "gchart"),
        Line("c nights", "Nights held, all together", "nights", "decrease", "none"),
        Line("c overnight too", "Children held through midnight", "count", "decrease", "none"),
        Line("d asked", "A place was asked for", "share", "increase", "none", published=True),
        Line("d asked, not straight to court", "A place asked for, of those not taken straight to court", "share", "increase", "none"),
        Line("e secure requests", "Requests for a secure place", "count", "neither", "none"),
        Line("e other requests", "Requests for a place that is not secure", "count", "neither", "none"),
        Line("e both kinds", "Children asked for in both ways", "count", "neither", "none"),
        Line("e moved of secure", "Moved, of requests for a secure place", "share", "increase", "none"),
        Line("e moved of other", "Moved, of requests for a place that is not secure", "share", "increase", "none"),
        Line("g accepted", "Requests accepted", "count", "increase", "none"),
        Line("g refused", "Requests refused", "count", "decrease", "none"),
        Line("g no answer", "Requests with no answer", "count", "decrease", "none"),
        Line("f moved", "Moved to local authority accommodation", "share", "increase", "tchart", published=True),
        Line("h hours to request", "Median hours from the charge to the first request", "hours", "decrease", "none"),
        Line("h hours to answer", "Median hours from a request to its answer", "hours", "decrease", "none"),
        Line("h asked within an hour", "A place asked for within an hour of the charge", "share", "increase", "none"),
        Line(
            "i reason recorded", "The reason, and the certificate where one is owed, on record", "share", "increase", "none", published=True
        ),
        Line("l certificate a", "Certificate (a): impracticable", "count", "neither", "none"),
        *(
            Line(f"l certificate a {code}", f"Certificate (a): {words}", "count", "neither", "none")
            for code, words in _IMPRACTICABLE.items()
        ),
        Line("l certificate b", "Certificate (b): serious harm, and no secure place", "count", "neither", "none"),
        Line("l failed", "The local authority failed to provide", "count", "decrease", "none"),
        Line("l failed refused", "The local authority failed to provide: it refused", "count", "decrease", "none"),
        Line("l failed no_reply", "The local authority failed to provide: no reply came", "count", "decrease", "none"),
        Line("m secure without harm", "Secure requests without their record of serious harm", "share", "decrease", "none"),
        Line("n produced", "Certificates produced at court, of children with one brought there", "share", "increase", "none"),
        Line("j minutes to call", "Median minutes until an appropriate adult was called", "minutes", "decrease", "none"),
        Line("j minutes to come", "Median minutes from the call until an adult came", "minutes", "decrease", "none"),
        Line("j nine in ten came", "Minutes by which nine in ten adults called had come", "minutes", "decrease", "none"),
        Line("j none called", "Children charged for whom no adult was called", "count", "decrease", "none"),
        Line("j none called, reason on record", "No adult called, and the reason on record", "count", "neither", "none"),
    ),
    groups=Line("by", "Bail refused, of children charged", "share", "neither", "none"),
)
_M9 = Entry(
    code="M9",
    desk="",
    reads=frozenset({"dues"}),
    draw=recording.draw,
    lines=(
        Line("a recorded", "Recorded, of all that was due", "share", "increase", "xmr_share", published=True, funnel=True),
        Line("b recorded in time", "Recorded by when it was due", "share", "increase", "xmr_share"),
        Line("c recorded whole", "Recorded with every answer", "share", "increase", "xmr_share"),
        Line("d written up later", "Written up long after the time it states, of those recorded", "share", "decrease", "xmr_share"),
    ),
    groups=Line("recorded", "Recorded, of one kind of decision", "share", "increase", "xmr_share"),
)
_M10 = Entry(
    code="M10",
    desk="custody",
    reads=frozenset({"dues"}),
    draw=scrutiny.draw,
    lines=(
        Line("daily", "Looked at by the daily meeting", "share", "increase", "none", published=True),
        Line("fortnightly", "Looked at by the fortnightly partnership meeting", "share", "increase", "none"),
        Line("quarterly", "Looked at by the quarterly board", "share", "increase", "none"),
        Line("hours to the daily meeting", "Median hours until the daily meeting looked", "hours", "decrease", "none"),
        Line("never seen", "Children looked at by nobody", "count", "decrease", "tchart"),
    ),
)

CATALOGUE: Mapping[str, Entry] = MappingProxyType({one.code: one for one in (_M1, _M2, _M3, _M4, _M5, _M6, _M7, _M8, _M9, _M10)})
