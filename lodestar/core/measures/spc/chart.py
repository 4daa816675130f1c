"""What a control chart is, whichever kind it is: its points with their labels, its limits, its two icons and its rules.

Points are counted from 1, as a reader counts them. Nothing here is not-a-number: a limit that does not exist is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Improvement = Literal["increase", "decrease", "neutral"]
Kind = Literal["xmr", "p-prime", "t", "g"]
Label = Literal["common_cause", "outside", "trend", "two_of_three", "shift"]
Meaning = Literal["common_cause", "improvement", "concern", "neutral"]
Way = Literal["high", "low", "none"]

LABEL_WORDS: dict[Label, str] = {
    "common_cause": "within what chance gives",
    "outside": "outside the process limits",
    "trend": "one of seven or more points going one way",
    "two_of_three": "one of two points in three close to a limit",
    "shift": "one of seven or more points on one side of the mean",
}
VARIATION_WORDS: dict[str, str] = {
    "common_cause": "No change beyond chance",
    "improvement_high": "Improvement: higher than chance gives",
    "improvement_low": "Improvement: lower than chance gives",
    "concern_high": "Concern: higher than chance gives",
    "concern_low": "Concern: lower than chance gives",
    "neutral_high": "Higher than chance gives, neither better nor worse",
    "neutral_low": "Lower than chance gives, neither better nor worse",
    "no_variation": "No variation: every point of the baseline is the same, so there are no limits",
    "no_limits": "No limits yet: there is no range between two points to draw them from",
}
ASSURANCE_WORDS: dict[str, str] = {
    "consistently_passes": "The target is met whatever chance gives",
    "consistently_fails": "The target is missed whatever chance gives; only a change in how it is done will meet it",
    "hit_or_miss": "The target is met or missed by chance",
    "not_judged": "There are no limits to compare the target with",
}


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Which rules labelled the points. The id is printed on the chart, since dialects of one method differ."""

    id: str
    says: str
    screened: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """The lines at one point. Near limits lie two thirds of the way out."""

    centre: float
    lower: float | None
    upper: float | None
    near_lower: float | None = None
    near_upper: float | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One point with its lines, its label and what the label means. ``way`` is where it is, or goes in a trend."""

    number: int
    value: float
    segment: int
    limits: Limits
    label: Label
    way: Way
    meaning: Meaning

    @property
    def says(self) -> str:
        """The label in words."""
        return LABEL_WORDS[self.label]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch with one mean and one set of limits: the whole chart, or from one rebase to the next.

    ``trial`` says fewer than twelve points made the limits. ``screened_out`` counts moving ranges left out once as outliers.
    """

    number: int
    first: int
    last: int
    made_from: int
    limits: Limits
    moving_range: float | None
    range_limit: float | None
    screened_out: int
    trial: bool
    no_variation: bool


@dataclass(frozen=True, slots=True)
class Icon:
    """A code that a page draws, and the words beside it: colour alone says nothing."""

    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A whole chart. ``false_flags`` is how often the latest point would be flagged if nothing had changed, or None."""

    kind: Kind
    ruleset: Ruleset
    improvement: Improvement
    points: tuple[Point, ...]
    segments: tuple[Segment, ...]
    variation: Icon
    assurance: Icon | None
    target: float | None
    false_flags: float | None

    @property
    def trial(self) -> bool:
        """Whether any stretch stands on so few points that its limits are only on trial."""
        return any(segment.trial for segment in self.segments)

    @property
    def latest(self) -> Point:
        """The point that a reader asks about first."""
        return self.points[-1]


def meaning_of(label: Label, way: Way, improvement: Improvement) -> Meaning:
    """Whether a label is good news: its way against the way that is better."""
    if label == "common_cause" or way == "none":
        return "common_cause"
    if improvement == "neutral":
        return "neutral"
    return "improvement" if (way == "high") == (improvement == "increase") else "concern"


def variation_of(latest: Point, last: Segment) -> Icon:
    """The variation icon is the latest point's: what it means, and which way it is."""
    if latest.meaning != "common_cause":
        code = f"{latest.meaning}_{latest.way}"
    elif last.no_variation:
        code = "no_variation"
    else:
        code = "common_cause" if last.limits.upper is not None else "no_limits"
    return Icon(code, VARIATION_WORDS[code])


def assurance_of(limits: Limits, *, target: float | None, improvement: Improvement) -> Icon | None:
    """Whether the target will be met: beyond the limits it always or never is. None without a target or a better way."""
    if target is None or improvement == "neutral":
        return None
    if limits.lower is None or limits.upper is None:
        code = "not_judged"
    elif target > limits.upper:
        code = "consistently_fails" if improvement == "increase" else "consistently_passes"
    elif target < limits.lower:
        code = "consistently_passes" if improvement == "increase" else "consistently_fails"
    else:
        code = "hit_or_miss"
    return Icon(code, ASSURANCE_WORDS[code])
