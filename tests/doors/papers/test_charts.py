"""A chart as a drawing: the same bytes twice, words that are words, no style that a policy blocks, and the numbers of its table."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as Tree

import pytest

from lodestar.core.measures.chart import Band, Chart, Flag, Kind, Mark, Row, Series, Span
from lodestar.doors.papers.charts import write_svg
from lodestar.doors.papers.sheet import look_of

SVG = "{http://www.w3.org/2000/svg}"
SHARES = (0.88, 0.86, 0.9, 0.87, 0.85, 0.89, 0.84, 0.74)
SIZE = len(SHARES)


def chart(kind: Kind = "xmr", **changed: object) -> Chart:
    given = {
        "kind": kind,
        "code": "M1-xmr",
        "title": "Found within 24 hours & after",
        "sentence": "Eight months.",
        "x_title": "Month",
        "y_title": "Found",
        "unit": "share",
        "xs": tuple(float(place) for place in range(SIZE)),
        "names": tuple(f"Month {place}" for place in range(SIZE)),
        "series": (
            Series("Share", "measured", SHARES),
            Series("Mean", "centre", (0.86,) * SIZE),
            Series("Target", "target", (0.9,) * SIZE),
        ),
        "flags": (Flag(7, "outside", "outside limits", "worse"),),
        "marks": (Mark(3, "Limits set anew"),),
        "spans": (Span(6, 7, "Provisional"),),
        "notes": ("The limits are the process's own.",),
        "ruleset": "mdc-7-7-screened",
        **changed,
    }
    return Chart(**given)  # type: ignore[arg-type]


def every_kind() -> list[Chart]:
    falling = tuple(1 - place / SIZE for place in range(SIZE))
    band = Band("95% interval", tuple(y - 0.05 for y in falling), tuple(y + 0.05 for y in falling))
    return [
        chart(),
        chart("t", unit="days"),
        chart("g", unit="count"),
        chart("funnel", series=(Series("Districts", "dots", SHARES), Series("99.8% limit", "limit", (0.95,) * SIZE)), marks=(), spans=()),
        chart(
            "curve",
            series=(Series("Missing", "curve", falling),),
            bands=(band,),
            rows=(Row("At risk", tuple(range(SIZE, 0, -1))),),
            flags=(),
            doubling=True,
        ),
        chart("bars", unit="count", series=(Series("In time", "bar", (4.0,) * SIZE), Series("Late", "bar late", (2.0,) * SIZE)), flags=()),
        chart("fan", series=(Series("Measured", "measured", SHARES), Series("Middle", "curve", SHARES)), bands=(band, band)),
    ]


KINDS = [pytest.param(one, id=one.kind) for one in every_kind()]


def drawn(one: Chart, *, narrow: bool = False) -> Tree.Element:
    return Tree.fromstring(write_svg(one, narrow=narrow))


def words(root: Tree.Element) -> list[str]:
    return ["".join(part.itertext()) for part in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("one", KINDS)
def test_the_same_chart_is_the_same_bytes(one: Chart, narrow: bool) -> None:
    first = write_svg(one, narrow=narrow)
    write_svg.cache_clear()
    assert write_svg(one, narrow=narrow) == first
    assert write_svg(replace(one, title="Another"), narrow=narrow) != first


def test_another_process_draws_the_same_bytes() -> None:
    asked = (
        "from lodestar.core.measures.chart import Chart, Series; from lodestar.doors.papers.charts import write_svg; import hashlib;"
        "one = Chart(kind='xmr', code='a', title='A', sentence='A.', x_title='X', y_title='Y', unit='count', xs=(0.0, 1.0),"
        " names=('a', 'b'), series=(Series('S', 'measured', (1, 2)),)); print(hashlib.sha256(write_svg(one)).hexdigest())"
    )
    said = {subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout for _ in range(2)}
    assert len(said) == 1


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("one", KINDS)
def test_a_drawing_has_a_title_a_description_and_real_words(one: Chart, narrow: bool) -> None:
    root = drawn(one, narrow=narrow)
    named = {part.get("id"): part.text for part in root if part.tag in (f"{SVG}title", f"{SVG}desc")}
    assert root.get("role") == "img"
    assert [named[name] for name in (root.get("aria-labelledby") or "").split()] == [one.title, one.sentence]
    said = " ".join(words(root))
    assert one.x_title in said
    assert one.y_title in said
    for flag in one.flags:
        assert flag.word.lower() in said.lower()
    for mark in one.marks:
        assert mark.words in said
    assert "mdc-7-7-screened" in said


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("one", KINDS)
def test_nothing_in_a_drawing_is_blocked_or_fetched(one: Chart, narrow: bool) -> None:
    root = drawn(one, narrow=narrow)
    tags = {part.tag.removeprefix(SVG) for part in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "path", "defs", "use", "text", "tspan", "clipPath", "rect", "pattern"}
    assert not any("style" in part.attrib or any(name.startswith("on") for name in part.attrib) for part in root.iter())
    assert [
        value for part in root.iter() for name, value in part.attrib.items() if name.endswith("href") and not value.startswith("#")
    ] == []
    ids = [part.get("id") for part in root.iter() if part.get("id")]
    assert len(ids) == len(set(ids))
    begins = f"{one.code}-narrow-" if narrow else f"{one.code}-"
    assert all(str(name).startswith(begins) for name in ids)
    aimed = set(
        re.findall(r"#([\w-]+)", " ".join(v for p in root.iter() for n, v in p.attrib.items() if "url(" in v or n.endswith("href")))
    )
    assert aimed <= set(ids)


@pytest.mark.parametrize("one", KINDS)
def test_letters_can_be_read_on_a_telephone_and_none_lies_outside(one: Chart) -> None:
    root = drawn(one, narrow=True)
    assert root.get("viewBox", "").split()[2] == "320"
    for part in root.iter(f"{SVG}text"):
        assert float(part.get("font-size", "0").removesuffix("px")) >= 12
        assert 0 <= float(part.get("x", "0")) <= 320
        assert 0 <= float(part.get("y", "0")) <= float(root.get("height", "0"))


def test_the_points_lie_where_the_table_says() -> None:
    one = chart(flags=(), marks=(), spans=())
    root = drawn(one)
    path = next(part for part in root.iter(f"{SVG}path") if part.get("stroke-width") == "1.4" and part.get("d", "").count("L") == SIZE - 1)
    ys = [float(found[1]) for found in re.findall(r"[ML] ([\d.]+) ([\d.]+)", path.get("d", ""))]
    assert len(ys) == SIZE
    slopes = [(low - high) / (b - a) for (low, high), (a, b) in zip(pairwise(ys), pairwise(SHARES), strict=True)]
    assert max(slopes) - min(slopes) < 0.02 * max(slopes)


def test_a_rule_has_its_own_shape_and_a_side_its_own_fill() -> None:
    shapes = {rule: look_of(Flag(0, rule, rule))["marker"] for rule in ("outside", "shift", "trend", "two_of_three")}
    assert len(set(shapes.values())) == 4
    fills = {side: look_of(Flag(0, "shift", "shift", side))["markerfacecolor"] for side in ("better", "worse", "neither")}  # type: ignore[arg-type]
    assert len(set(fills.values())) == 3


def test_a_value_that_is_not_there_leaves_a_gap() -> None:
    whole = drawn(chart(flags=(), series=(Series("Share", "measured", SHARES),)))
    gap = drawn(chart(flags=(), series=(Series("Share", "measured", (*SHARES[:3], None, *SHARES[4:])),)))
    count = [sum(part.get("d", "").count("M") for part in root.iter(f"{SVG}path")) for root in (whole, gap)]
    assert count[1] == count[0] + 1


def test_the_drawing_library_is_not_loaded_before_the_first_chart() -> None:
    asked = "import sys, lodestar.doors.papers.charts; print('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.strip() == "False"
