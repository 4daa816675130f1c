"""The run rules of "Making Data Count", over the last axis of an array, so that one series or ten thousand are one call.

The exact forms are those of NHSRplotthedots 0.2.2, whose code was read: a shift and a trend take seven points, two of
three need all three on one side of the mean, and a label is given by outside, then trend, then two of three, then shift.
Other packages for the same method use eight and six; so the ruleset's id is printed on every chart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from lodestar.core.measures.spc.chart import Improvement, Label, Limits, Point, Ruleset, Way, meaning_of

RUN = 7
SAME = 1e-12  # nearer than this, in relation to their size, two floats are one number

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]
Signs = NDArray[Any]

_SAYS = (
    "outside the limits; 7 on one side of the mean; 7 going one way; 2 of 3 beyond two thirds of the way to a limit, "
    "all 3 on one side of the mean; labelled in the order outside, trend, two of three, shift; limits 2.66 times the mean moving range"
)
RULESETS = {
    "mdc-7-7-screened": Ruleset("mdc-7-7-screened", f"{_SAYS}; moving ranges of 3.267 times their mean or more left out once", True),
    "mdc-7-7": Ruleset("mdc-7-7", f"{_SAYS}; every moving range counts, as in the NHS spreadsheet"),
}
ORDER: tuple[Label, ...] = ("outside", "trend", "two_of_three", "shift")


def ruleset(name: str) -> Ruleset:
    """A ruleset by its id; refuses one that is not known, naming those that are."""
    if name not in RULESETS:
        raise ValueError(f'there is no ruleset "{name}"; there are {", ".join(RULESETS)}')
    return RULESETS[name]


def side(values: Floats, of: Floats | float) -> Signs:
    """1 above, -1 below and 0 on a line, or where there is none; floats that differ in their last bits alone are one number."""
    gap = values - of
    close = np.abs(gap) <= SAME * np.maximum(np.abs(values), np.abs(of))
    return np.where(close | np.isnan(gap), 0, np.sign(gap)).astype(np.int8)


def shift(sides: Signs, *, run: int = RUN) -> Marks:
    """All of seven or more points in a row strictly on one side; a point on the mean breaks the run."""
    if sides.shape[-1] < run:
        return np.zeros(sides.shape, dtype=bool)
    windows = sliding_window_view(sides, run, axis=-1)
    return _members(np.abs(windows.sum(axis=-1, dtype=np.int64)) == run, run)


def trend(values: Floats, *, run: int = RUN) -> Marks:
    """All of seven or more points with every step up, or every step down; a tie breaks it."""
    if values.shape[-1] < run:
        return np.zeros(values.shape, dtype=bool)
    windows = sliding_window_view(np.sign(np.diff(values, axis=-1)), run - 1, axis=-1)
    return _members(np.abs(windows.sum(axis=-1)) == run - 1, run)


def two_of_three(near: Marks, sides: Signs) -> Marks:
    """The near points of three in a row of which two or more are near a limit and all three on one side of the mean."""
    if near.shape[-1] < 3:
        return np.zeros(near.shape, dtype=bool)
    enough = sliding_window_view(near, 3, axis=-1).sum(axis=-1) >= 2
    together = np.abs(sliding_window_view(sides, 3, axis=-1).sum(axis=-1, dtype=np.int64)) == 3
    return _members(enough & together, 3) & near


def labelled(values: Floats, lines: Sequence[Limits], *, segment: tuple[int, int], improvement: Improvement) -> list[Point]:
    """The points of one stretch, each with its own lines; ``segment`` is its number and the number of its first point."""
    centre, lower, upper, near_lower, near_upper = (
        np.array([getattr(line, name) if getattr(line, name) is not None else np.nan for line in lines])
        for name in ("centre", "lower", "upper", "near_lower", "near_upper")
    )
    sides = side(values, centre)
    outside = (side(values, upper) > 0) | (side(values, lower) < 0)
    near = ~outside & ((side(values, near_upper) > 0) | (side(values, near_lower) < 0))
    given = labels(outside=outside, near=near, sides=sides, values=values)
    found = zip(values.tolist(), lines, given, ways(given, sides=sides, values=values), strict=True)
    number, first = segment
    return [
        Point(first + place, value, number, line, label, way, meaning_of(label, way, improvement))
        for place, (value, line, label, way) in enumerate(found)
    ]


def labels(*, outside: Marks, near: Marks, sides: Signs, values: Floats) -> list[Label]:
    """The label of each point of one series, by priority; ``near`` leaves out the points that are outside."""
    found = {"outside": outside, "trend": trend(values), "two_of_three": two_of_three(near, sides), "shift": shift(sides)}
    return [next((name for name in ORDER if found[name][place]), "common_cause") for place in range(values.size)]


def ways(given: list[Label], *, sides: Signs, values: Floats) -> list[Way]:
    """Where each point is, or for a trend where it goes: the step after it while that is still a trend, else the step to it."""
    member = trend(values)
    steps = np.sign(np.diff(values))
    words: dict[int, Way] = {1: "high", -1: "low", 0: "none"}
    found = []
    for place, label in enumerate(given):
        if label == "common_cause":
            found.append(words[0])
        elif label == "trend":
            onward = place + 1 < values.size and bool(member[place + 1])
            found.append(words[int(steps[place if onward else place - 1])])
        else:
            found.append(words[int(sides[place])])
    return found


def _members(starts: Marks, run: int) -> Marks:
    """Every point of each window that begins at a mark."""
    size = starts.shape[-1]
    found = np.zeros((*starts.shape[:-1], size + run - 1), dtype=bool)
    for step in range(run):
        found[..., step : step + size] |= starts
    return found
