"""The XmR chart against printed figures, against the code it follows read one point at a time, and at its edges."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.measures.spc.chart import Chart, Improvement
from lodestar.core.measures.spc.false_flags import LENGTHS, expected_false_flags, false_flag_share, flagged
from lodestar.core.measures.spc.xmr import xmr

SCREENED, UNSCREENED = "mdc-7-7-screened", "mdc-7-7"
VIGNETTE = (1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1)  # NHSRplotthedots, "Deviations from Excel defaults"
NIST_FLOW = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)  # e-Handbook 6.3.2.2
# R: set.seed(123); rnorm(20), whose summary is printed in the package's own tests.
R_NORMAL = (
    *(-0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123, -0.68685285, -0.44566197),
    *(1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314, 0.49785048, -1.96661716, 0.70135590, -0.47279141),
)


def chart(values: object, *, improvement: Improvement = "increase", rules: str = SCREENED, **how: object) -> Chart:
    return xmr(values, improvement=improvement, rules=rules, **how)  # type: ignore[arg-type]


def labels(values: object, **how: object) -> list[str]:
    return [point.label for point in chart(values, **how).points]


def limits(one: Chart) -> tuple[float | None, float, float | None]:
    lines = one.segments[-1].limits
    return lines.lower, lines.centre, lines.upper


@pytest.mark.parametrize(("rules", "upper"), [(SCREENED, 4.60), (UNSCREENED, 6.95)])
def test_the_two_dialects_give_the_two_printed_limits_for_the_same_points(rules: str, upper: float) -> None:
    found = chart(VIGNETTE, rules=rules)
    assert round(limits(found)[2] or 0, 2) == upper
    assert [point.label for point in found.points if point.number == 5] == ["outside"]
    assert found.segments[0].screened_out == (2 if rules == SCREENED else 0)


def test_the_constant_is_2_66_as_the_flow_example_shows() -> None:
    lower, mean, upper = limits(chart(NIST_FLOW, rules=UNSCREENED))
    assert (mean, round(upper or 0, 4), round(lower or 0, 4)) == (pytest.approx(50.81), 55.8049, 45.8151)


@pytest.mark.parametrize(
    ("part", "printed"),
    [(slice(0, 20), (-3.01, 0.142, 3.29)), (slice(0, 10), (-2.60, 0.0746, 2.75)), (slice(10, 20), (-3.28, 0.209, 3.70))],
)
def test_the_limits_are_those_that_the_package_prints(part: slice, printed: tuple[float, float, float]) -> None:
    found = chart(R_NORMAL[part])
    assert tuple(float(f"{line:.3g}") for line in limits(found)) == printed
    assert {point.label for point in found.points} == {"common_cause"}


def test_outside_is_strict() -> None:
    found = chart((0, 1) * 10 + (3.16,), rules=UNSCREENED)
    assert found.latest.label == "common_cause"
    on_the_line = chart([0, 2] * 12, rules=UNSCREENED, baseline=24)
    assert limits(on_the_line) == (pytest.approx(1 - 5.32), 1.0, pytest.approx(1 + 5.32))
    touching = chart([*([0, 2] * 12), 1 + 5.32, 1 + 5.33], rules=UNSCREENED, baseline=24)
    assert [point.label for point in touching.points[-2:]] == ["common_cause", "outside"]


def test_seven_on_one_side_are_all_flagged_and_six_are_not() -> None:
    base = [0.0, 2.0] * 12
    seven = labels([*base, *[1.5, 1.6, 1.5, 1.6, 1.5, 1.6, 1.5]], baseline=24)
    assert seven[-7:] == ["shift"] * 7
    assert seven[:-8] == ["common_cause"] * 23
    assert seven[23] == "shift"  # the last of the baseline is above the mean too, so eight are in the run


def test_a_point_on_the_mean_breaks_a_shift() -> None:
    base = [2.0, 0.0] * 12
    assert labels([*base, 1.5, 1.6, 1.5, 1.0, 1.5, 1.6, 1.5], baseline=24)[-7:] == ["common_cause"] * 7


def test_a_mean_that_floats_cannot_write_still_breaks_a_shift() -> None:
    base = [0.1, 0.3] * 12
    assert labels([*base, 0.25, 0.25, 0.25, 0.2, 0.25, 0.25, 0.25], baseline=24)[-7:] == ["common_cause"] * 7


def test_a_trend_is_seven_points_with_six_steps_one_way_and_a_tie_breaks_it() -> None:
    base = [0.0, 10.0] * 12
    rising = [2.0, 3.0, 4.0, 5.5, 6.0, 7.0, 8.0]
    assert labels([*base, *rising], baseline=24)[-8:] == ["common_cause", *["trend"] * 7]
    tied = [2.0, 3.0, 4.0, 4.0, 5.5, 6.0, 7.0]
    assert "trend" not in labels([*base, *tied], baseline=24)


def test_two_of_three_flags_the_near_points_only_and_only_on_one_side() -> None:
    base = [0.0, 2.0] * 12  # near limits are 1 and 3.5467 either way
    assert labels([*base, 5.0, 1.5, 5.0], baseline=24)[-3:] == ["two_of_three", "common_cause", "two_of_three"]
    assert labels([*base, 5.0, 0.5, 5.0], baseline=24)[-3:] == ["common_cause"] * 3
    assert labels([*base, 5.0, 7.0, 1.5], baseline=24)[-3:] == ["common_cause", "outside", "common_cause"]


def test_outside_comes_before_trend_before_two_of_three_before_shift() -> None:
    found = labels([*[0.0, 2.0] * 12, 1.5, 2.0, 2.5, 3.0, 5.0, 5.5, 9.0], baseline=24)
    assert found[-7:] == ["trend"] * 6 + ["outside"]
    assert labels([*[2.0, 0.0] * 12, 1.5, 2.0, 2.5, 1.5, 5.0, 4.9, 2.0], baseline=24)[-7:] == [
        *["shift"] * 4,
        *["two_of_three"] * 2,
        "shift",
    ]


def test_a_trend_points_where_it_goes_and_other_labels_where_they_are() -> None:
    falling = [8.0, 7.0, 6.0, 5.5, 4.0, 3.0, 2.0]
    found = chart([*[0.0, 10.0] * 12, *falling], baseline=24)
    assert {(point.way, point.meaning) for point in found.points[-7:]} == {("low", "concern")}
    better_low = chart([*[0.0, 10.0] * 12, *falling], baseline=24, improvement="decrease")
    assert {point.meaning for point in better_low.points[-7:]} == {"improvement"}
    neutral = chart([*[0.0, 10.0] * 12, *falling], baseline=24, improvement="neutral")
    assert (neutral.latest.meaning, neutral.variation.code) == ("neutral", "neutral_low")


@pytest.mark.parametrize(
    ("improvement", "target", "code"),
    [
        ("increase", 7, "consistently_fails"),
        ("increase", -5, "consistently_passes"),
        ("increase", 1, "hit_or_miss"),
        ("decrease", 7, "consistently_passes"),
        ("decrease", -5, "consistently_fails"),
        ("increase", 1 + 5.32, "hit_or_miss"),
    ],
)
def test_the_assurance_icon_compares_the_target_with_the_limits(improvement: Improvement, target: float, code: str) -> None:
    found = chart([0, 2] * 12, improvement=improvement, target=target, rules=UNSCREENED)
    assert found.assurance is not None
    assert found.assurance.code == code
    assert chart([0, 2] * 12).assurance is None


@pytest.mark.parametrize("rules", [SCREENED, UNSCREENED])
def test_a_constant_series_has_no_variation_and_no_limits(rules: str) -> None:
    found = chart([0.1] * 20, rules=rules, target=3)
    assert limits(found) == (None, 0.1, None)
    assert {point.label for point in found.points} == {"common_cause"}
    assert (found.variation.code, found.segments[0].no_variation, found.false_flags) == ("no_variation", True, None)
    assert found.assurance is not None
    assert found.assurance.code == "not_judged"


def test_one_point_has_no_limits_and_fewer_than_twelve_are_on_trial() -> None:
    alone = chart([5.0])
    assert (alone.variation.code, limits(alone)) == ("no_limits", (None, 5.0, None))
    assert chart([1, 2] * 5 + [1]).trial
    assert not chart([1, 2] * 6).trial


def test_a_rebase_begins_a_new_mean_and_no_rule_looks_across_it() -> None:
    low, high = [0.0, 2.0] * 6, [10.0, 12.0] * 6
    found = chart([*low, *high], rebase=[13])
    assert [segment.limits.centre for segment in found.segments] == [1.0, 11.0]
    assert [(segment.first, segment.last) for segment in found.segments] == [(1, 12), (13, 24)]
    assert {point.label for point in found.points} == {"common_cause"}
    assert {point.label for point in chart([*low, *high]).points} != {"common_cause"}


def test_a_baseline_fixes_the_limits_of_each_stretch() -> None:
    found = chart([*[0.0, 2.0] * 6, *[5.0] * 8], baseline=12)
    assert found.segments[0].limits.centre == 1.0
    assert found.segments[0].made_from == 12


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"values": []}, "at least one value"),
        ({"values": [1.0, float("nan")]}, "must be a number"),
        ({"values": [1.0, 2.0], "rules": "mdc-8-6"}, 'no ruleset "mdc-8-6"'),
        ({"values": [1.0, 2.0], "baseline": 1}, "at least two points"),
        ({"values": [1.0, 2.0], "rebase": [3]}, "from 2 to 2"),
        ({"values": [1.0, 2.0], "rebase": [1]}, "from 2 to 2"),
    ],
)
def test_what_cannot_be_drawn_is_refused(how: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        chart(**how)  # type: ignore[arg-type]


def by_reading(values: list[float], rules: str) -> list[str]:
    """The R code, point by point."""
    mean = sum(values) / len(values)
    ranges = [abs(b - a) for a, b in pairwise(values)]
    spread = sum(ranges) / len(ranges)
    if rules == SCREENED:
        kept = [one for one in ranges if one < 3.267 * spread]
        spread = sum(kept) / len(kept)
    sides = [(value > mean) - (value < mean) for value in values]
    outside = [abs(value - mean) > 2.66 * spread for value in values]
    near = [not out and abs(value - mean) > 2.66 * spread * 2 / 3 for value, out in zip(values, outside, strict=True)]
    found = ["common_cause"] * len(values)
    for first in range(len(values) - 6):
        if abs(sum(sides[first : first + 7])) == 7:
            found[first : first + 7] = ["shift"] * 7
    for first in range(len(values) - 2):
        if sum(near[first : first + 3]) >= 2 and abs(sum(sides[first : first + 3])) == 3:
            for place in range(first, first + 3):
                found[place] = "two_of_three" if near[place] else found[place]
    for first in range(len(values) - 6):
        steps = [b - a for a, b in zip(values[first : first + 6], values[first + 1 : first + 7], strict=True)]
        if all(step > 0 for step in steps) or all(step < 0 for step in steps):
            found[first : first + 7] = ["trend"] * 7
    return ["outside" if out else name for out, name in zip(outside, found, strict=True)]


def meaning_by_reading(values: list[float], labels_given: list[str]) -> list[str]:
    """The R code's point type where higher is better: a trend by its step onward while that is a trend too, the rest by side."""
    mean = sum(values) / len(values)
    steps = [b - a for a, b in pairwise(values)]
    first, member = range(len(values) - 6), set()
    for start in first:
        run = steps[start : start + 6]
        if all(step > 0 for step in run) or all(step < 0 for step in run):
            member |= set(range(start, start + 7))
    found = []
    for place, label in enumerate(labels_given):
        up = (steps[place if place + 1 in member else place - 1] if label == "trend" else values[place] - mean) > 0
        found.append("common_cause" if label == "common_cause" else "improvement" if up else "concern")
    return found


@given(st.integers(0, 2**32 - 1), st.sampled_from([SCREENED, UNSCREENED]), st.floats(0.0, 0.3))
def test_every_label_is_what_the_rules_say_one_point_at_a_time(seed: int, rules: str, drift: float) -> None:
    rng = np.random.default_rng(seed)
    values = (rng.standard_normal(30) + drift * np.arange(30) + 3 * (rng.random(30) < 0.05)).tolist()
    found = chart(values, rules=rules)
    assert [point.label for point in found.points] == by_reading(values, rules)
    assert [point.meaning for point in found.points] == meaning_by_reading(values, by_reading(values, rules))


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=40).filter(lambda row: len(set(row)) > 1))
def test_turning_the_series_over_turns_every_meaning_over(values: list[int]) -> None:
    up, down = chart(values, rules=UNSCREENED), chart([-value for value in values], improvement="decrease", rules=UNSCREENED)
    assert [(point.label, point.meaning) for point in up.points] == [(point.label, point.meaning) for point in down.points]


@pytest.mark.parametrize("screened", [True, False])
def test_the_kept_shares_of_false_flags_are_measured_again(screened: bool) -> None:
    rng, series = np.random.default_rng(4), 8000
    for points in (12, 24, 36):
        marks = flagged(rng.standard_normal((series, points)), screened=screened)
        for which, found in (("latest", marks[:, -1].mean()), ("any", marks.any(axis=1).mean())):
            kept = false_flag_share(points, screened=screened, which=which)  # type: ignore[arg-type]
            assert kept is not None
            assert found == pytest.approx(kept, abs=4 * (kept * (1 - kept) / series) ** 0.5)


@given(st.integers(0, 2**32 - 1))
def test_a_flag_counted_over_many_series_is_a_label_of_one(seed: int) -> None:
    values = np.random.default_rng(seed).standard_normal(24)
    for rules in (SCREENED, UNSCREENED):
        alone = [label != "common_cause" for label in labels(values.tolist(), rules=rules)]
        assert flagged(values[None, :], screened=rules == SCREENED)[0].tolist() == alone


def test_forty_charts_flag_a_latest_point_falsely_about_0_6_times() -> None:
    assert expected_false_flags([(24, False)] * 40) == pytest.approx(0.556, abs=0.01)
    assert expected_false_flags([(LENGTHS[0] - 1, False)]) == 0
