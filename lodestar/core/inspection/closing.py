"""When a commitment may be closed, and when a closed one opens again by itself.

Closed needs a run of periods in control and beyond the target. It opens again when the measure slips: too many periods
short of the target in a row, a signal on the chart for the worse, or nobody able to say for too long. All three lengths
are the playbook's. Nobody is asked; the owner is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lodestar.core.inspection.commitments import Target
from lodestar.core.times import say_date
from lodestar.core.words import Allowed, Refusal, Refusals

WORSE = "worse"


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a measure: its first day, the value where it is known, and the signal the chart gives there."""

    first_day: date
    value: float | None
    signal: str = ""  # none, better, worse: a special cause, by the chart's own rules


@dataclass(frozen=True, slots=True)
class ClosingRule:
    """How many periods in control beyond the target close; how many short in a row, or unknown in a row, open again."""

    periods: int
    short: int
    unknown: int

    def __post_init__(self) -> None:
        if min(self.periods, self.short, self.unknown) < 1:
            raise ValueError("each length of the closing rule is one period or more")


def closing_rule(values: Mapping[str, Any]) -> ClosingRule:
    """The rule as the playbook has it."""
    return ClosingRule(values["periods"], values["short_periods"], values["unknown_periods"])


@dataclass(frozen=True, slots=True)
class Slip:
    """Why a closed commitment opens again, and the period that did it."""

    code: str  # short, signal, unknown
    first_day: date
    sentence: str


def may_close(*, points: Sequence[Point], target: Target | None, rule: ClosingRule, since: date | None) -> Allowed[date] | Refusals:
    """Allowed, with the last period relied on, where the last so many periods are known, in control and beyond the target.

    ``points`` stand in order of their days. Only periods after ``since`` (the last reopening) count: what had slipped is shown afresh.
    """
    if target is None:
        return (_no("no_measure", "It has no measure with a target, so it is claimed and cannot be closed. Give it one, or withdraw it."),)
    fresh = [point for point in points if since is None or point.first_day > since]
    window = fresh[-rule.periods :]
    if len(window) < rule.periods:
        return (_no("too_few", f"It needs {rule.periods} periods; there are {len(window)} to show."),)
    refusals = tuple(found for point in window if (found := _against(point, target)) is not None)
    return refusals or Allowed(window[-1].first_day)


def slipped(*, points: Sequence[Point], target: Target, rule: ClosingRule, closed_through: date) -> Slip | None:
    """The first slip after the last period that the closing relied on, or None while it holds.

    A slip once there is not undone by better periods after it: it is a person who answers it.
    """
    short = unknown = 0
    for point in points:
        if point.first_day <= closed_through:
            continue
        unknown = unknown + 1 if point.value is None else 0
        if point.value is not None:
            short = 0 if target.met_by(point.value) else short + 1
        found = _slip(point, short >= rule.short, unknown >= rule.unknown)
        if found is not None:
            return found
    return None


def _slip(point: Point, short: bool, unknown: bool) -> Slip | None:
    day = say_date(point.first_day)
    if short:
        return Slip("short", point.first_day, f"The period from {day} is short of the target.")
    if point.signal == WORSE:
        return Slip("signal", point.first_day, f"The chart signals a change for the worse in the period from {day}.")
    if unknown:
        return Slip("unknown", point.first_day, f"There is no figure for the period from {day}, so nobody can say that it holds.")
    return None


def _against(point: Point, target: Target) -> Refusal | None:
    day = say_date(point.first_day)
    if point.value is None:
        return _no("unknown", f"The period from {day} has no figure.")
    if not target.met_by(point.value):
        return _no("short", f"The period from {day} is short of the target.")
    return _no("signal", f"The period from {day} is not in control: the chart signals a special cause.") if point.signal else None


def _no(code: str, sentence: str) -> Refusal:
    return Refusal(f"closing.{code}", sentence, "", "reason")
