"""Curves, funnels, stocks and fans as they are drawn: what is shown, what is left out, and what is said."""

from __future__ import annotations

import numpy as np
import pytest

from lodestar.core.measures.competing import aalen_johansen
from lodestar.core.measures.curve_chart import found_curve, incidence_chart
from lodestar.core.measures.found import lines
from lodestar.core.measures.funnel import funnel_of_shares
from lodestar.core.measures.funnel_chart import design_effect_of, funnel_chart
from lodestar.core.measures.intervals import clustered_error
from lodestar.core.measures.sheet import DAY, Lasted
from lodestar.core.measures.stock_chart import classes_chart, fan_chart, stock_chart
from lodestar.core.measures.survival import at, kaplan_meier
from tests.core.measures.making import CUT, JUNE, M1, lasting


def test_a_curve_is_read_at_set_times_and_says_how_many_were_followed() -> None:
    times = np.arange(1, 101) / 2.0
    curve = kaplan_meier(times=times, events=np.ones(100, dtype=bool))
    made = found_curve(curve, code="M1-curve", title="Found", hour=1.0, fewest=10)
    assert made is not None
    assert made.xs == (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 24.0)  # at 48 hours five are left
    for place, hour in enumerate(made.xs):
        assert made.series[0].ys[place] == pytest.approx(1 - at(curve, hour).survival)
        assert made.rows[0].counts[place] == at(curve, hour).at_risk
    assert "8.0% by 4 hours" in made.sentence


def test_a_curve_of_few_is_not_drawn() -> None:
    assert found_curve(kaplan_meier(times=[1, 2, 3], events=[True] * 3), code="a", title="A", hour=1.0, fewest=10) is None


def test_a_funnel_names_those_outside_and_ranks_nobody() -> None:
    found = funnel_of_shares(names=["North", "South", "East"], hits=[90, 45, 180], totals=[100, 100, 200])
    made = funnel_chart(found, code="f", title="F", value="Found", along="Number counted", better="increase")
    assert [name.split(" ")[0] for name in made.names] == ["North", "South", "East"]
    assert [(made.names[flag.place], flag.side) for flag in made.flags] == [
        ("North (100)", "better"),
        ("South (100)", "worse"),
        ("East (200)", "better"),
    ]
    assert "South 45.0%, below what chance gives" in made.sentence
    assert any("No ranking" in note for note in made.notes)


def test_the_design_effect_is_read_back_from_the_interval_by_child() -> None:
    rows = [lasting(n, 3 if n % 10 < 8 else 40, child=f"child {n // 3}") for n in range(120)]
    figure = lines(episodes=rows, period=JUNE, as_of=CUT, definition=M1)[0]
    marks = [n % 10 < 8 for n in range(120)]
    error, _ = clustered_error(hits=marks, clusters=[n // 3 for n in range(120)])
    p = sum(marks) / 120
    assert design_effect_of(figure) == pytest.approx(max(1.0, error**2 / (p * (1 - p) / 120)))


def test_one_episode_a_child_has_no_design_effect() -> None:
    figure = lines(episodes=[lasting(n, 3 if n < 20 else 40) for n in range(30)], period=JUNE, as_of=CUT, definition=M1)[0]
    assert design_effect_of(figure) == 1.0


def test_a_stock_is_stacked_with_the_late_on_top() -> None:
    made = stock_chart(
        code="M6", title="Waiting", along="Monday", names=("1 June", "8 June"), in_time={"High": (3, 4), "Low": (5, 1)}, late=(2, 6)
    )
    assert [series.look for series in made.series] == ["bar", "bar", "bar late"]
    assert made.sentence == "1 June: 10 waiting, 2 late. 8 June: 11 waiting, 6 late."
    assert made.table().rows[1] == ("8 June", "4", "1", "6")


def test_a_fan_says_its_middle_and_ranges_at_the_end() -> None:
    made = fan_chart(
        code="f", title="Waiting", value="Cases waiting", along="Month", names=("May", "June", "July"), measured=(10, None, None),
        middle=(10, 12, 14), ranges={"95 in 100": ((10, 6, 4), (10, 18, 24))},
    )  # fmt: skip
    assert made.sentence == "July: 14 in the middle; 95 in 100 4 to 24."
    assert made.table().rows[2] == ("July", "–", "14", "4", "24")


def test_what_is_open_by_class_is_stacked_with_a_line_for_what_is_late() -> None:
    made = classes_chart(
        code="M6",
        title="Open",
        names=("May 2026", "June 2026"),
        short=("May", "Jun"),
        by_class={"High": (3, 4), "Low": (1, 0)},
        late=(2, 3),
    )
    assert [series.look for series in made.series] == ["bar", "bar", "curve"]
    assert made.sentence == "May 2026: 4 open, 2 past their time. June 2026: 4 open, 3 past their time."


WAYS = {"held": "Held", "declined": "Declined", "died": "Died"}


def waited(count: int = 60) -> list[tuple[Lasted, str]]:
    hows = ("held", "declined", "held", "")
    return [(Lasted(str(n), f"child {n}", (n % 12 + 1) * DAY, bool(hows[n % 4])), hows[n % 4]) for n in range(count)]


def test_outcomes_that_compete_add_up_to_one_with_what_still_waits() -> None:
    rows = waited()
    made = incidence_chart(rows, code="M4-outcomes", title="What became of it", outcomes=WAYS, days=(0, 1, 3, 7, 9, 14), fewest=10)
    assert made is not None and made.xs == (0.0, 1.0, 3.0, 7.0, 9.0)  # at fourteen days nobody is followed
    found = aalen_johansen(
        times=[row.duration for row, _ in rows], causes=[{"held": 1, "declined": 2, "": 0}[how] for _, how in rows], count=3
    )
    assert [one.name for one in made.series] == ["Held", "Declined"], "nobody died, so nothing is drawn of it"
    for number, series in enumerate(made.series):
        assert series.ys[-1] == pytest.approx(float(found.share[number, found.row(9 * DAY)]))
    left = 1 - sum(series.ys[-1] or 0 for series in made.series)
    assert f"not yet ended {left:.1%}" in made.sentence
    band = made.bands[0]
    assert band.name == "Held: 95% interval" and all(
        low <= y <= high for low, y, high in zip(band.lower, made.series[0].ys, band.upper, strict=True)
    )
    assert made.rows[0].counts[0] == 60
    assert made.table().heading[-1] == "Still followed"


def test_outcomes_of_few_or_of_a_kind_nobody_named_are_not_drawn() -> None:
    asked = {"code": "a", "title": "A", "outcomes": WAYS, "days": (0, 1, 3), "fewest": 10}
    assert incidence_chart(waited(9), **asked) is None
    assert incidence_chart([], **asked) is None
    assert incidence_chart([*waited(), (Lasted("x", "x", DAY, True), "moved away")], **asked) is None
