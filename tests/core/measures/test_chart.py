"""A chart and its table say the same; a control chart is drawn with every word its rules gave."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lodestar.core.measures.chart import Chart, Flag, Mark, Row, Series, Span, say_value
from lodestar.core.measures.control_chart import Places, control_chart
from lodestar.core.measures.spc.xmr import xmr

SHARES = (0.88, 0.86, 0.9, 0.87, 0.85, 0.89, 0.84, 0.9, 0.88, 0.86, 0.87, 0.89, 0.91, 0.93, 0.92, 0.94, 0.93, 0.92, 0.95, 0.6)


def places(size: int = len(SHARES), **changed: object) -> Places:
    names = tuple(f"month {place + 1}" for place in range(size))
    return replace(
        Places(code="M1-xmr", title="Found within 24 hours", value="Found", unit="share", along="Month", names=names),
        **changed,  # type: ignore[arg-type]
    )


def plain(**changed: object) -> Chart:
    given = {
        "kind": "bars",
        "code": "a",
        "title": "A",
        "sentence": "A chart.",
        "x_title": "Day",
        "y_title": "Cases",
        "unit": "count",
        "xs": (0.0, 1.0),
        "names": ("one", "two"),
        "series": (Series("Late", "bar late", (3, None)),),
        **changed,
    }
    return Chart(**given)  # type: ignore[arg-type]


def test_the_table_holds_every_number_and_every_word() -> None:
    made = control_chart(xmr(SHARES, improvement="increase", target=0.9), places=places(provisional=1))
    table = made.table()
    assert table.heading[0] == "Month"
    assert table.heading[-1] == "What to note"
    for place, row in enumerate(table.rows):
        assert row[0] == made.names[place]
        assert list(row[1:-1]) == [say_value(series.ys[place], "share") for series in made.series]
    assert table.rows[-1][-1] == "outside limits (for the worse); Provisional"
    assert table.rows[0][-1] == ""


def test_a_control_chart_keeps_the_labels_of_its_numbers() -> None:
    found = xmr(SHARES, improvement="increase", target=0.9)
    made = control_chart(found, places=places())
    assert {(flag.place + 1, flag.rule) for flag in made.flags} == {(p.number, p.label) for p in found.points if p.label != "common_cause"}
    assert made.ruleset == "mdc-7-7-screened"
    assert [icon.words for icon in made.icons] == [found.variation.words, found.assurance.words if found.assurance else ""]


def test_the_sentence_says_the_latest_the_limits_and_the_flags() -> None:
    said = control_chart(xmr(SHARES, improvement="increase", target=0.9), places=places()).sentence
    assert said.startswith("20 points, month 1 to month 20. The latest is 60.0%.")
    assert "month 16 to month 17 (near a limit), month 18 (shift)" in said
    assert said.endswith("month 19 (outside limits) and month 20 (outside limits).")
    assert "Target 90.0%: " in said


def test_a_limit_that_no_value_could_reach_is_left_out_and_said() -> None:
    made = control_chart(xmr((0.99, 0.95, 1.0, 0.96, 0.99, 0.94, 1.0, 0.95), improvement="increase"), places=places(8))
    assert "Upper limit" not in {series.name for series in made.series}
    assert "The upper limit lies beyond what is possible and is not drawn." in made.notes
    assert all(y is None or 0 <= y <= 1 for series in made.series for y in series.ys)


def test_limits_set_anew_are_marked_where_they_begin() -> None:
    made = control_chart(xmr(SHARES, improvement="increase", rebase=[13]), places=places())
    assert made.marks == (Mark(12, "Limits set anew"),)
    centre = next(series for series in made.series if series.look == "centre")
    assert centre.ys[11] != centre.ys[12]


def test_few_points_are_said_to_be_on_trial() -> None:
    assert any("Trial limits" in note for note in control_chart(xmr(SHARES[:8], improvement="increase"), places=places(8)).notes)


@pytest.mark.parametrize(
    "changed",
    [
        {"xs": ()},
        {"names": ("one",)},
        {"short": ("one",)},
        {"series": ()},
        {"series": (Series("Late", "bar", (1,)),)},
        {"rows": (Row("At risk", (1,)),)},
        {"flags": (Flag(2, "shift", "shift"),)},
        {"marks": (Mark(-1, "Changed"),)},
        {"spans": (Span(0, 2, "Provisional"),)},
    ],
)
def test_a_chart_that_does_not_fit_together_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="chart"):
        plain(**changed)


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.9, "share", "90.0%"),
        (None, "count", "–"),
        (12, "count", "12"),
        (12.25, "count", "12.2"),
        (6.66, "hours", "6.7"),
        (7, "days", "7.0"),
    ],
)
def test_numbers_are_said_one_way(value: float | None, unit: str, said: str) -> None:
    assert say_value(value, unit) == said  # type: ignore[arg-type]
