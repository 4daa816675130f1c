"""A share group by group: rates beside one group, and nothing published from which a small count could be worked out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestar.core.measures.charged import line_of
from lodestar.core.measures.counts import ratio_of_rates
from lodestar.core.measures.disclosure import attack, is_bracketed
from lodestar.core.measures.measure import Measure
from lodestar.core.packs.tables import tables
from tests.core.packs.test_figures import AT, SMALL

SEXES = {"male": (40, 80), "female": (8, 40)}


def line(dimension: str, group: str, hits: int, whole: int, children: int | None = None) -> Measure:
    return Measure(
        code="M8", line=line_of(dimension, group), definition_version="2015-10-26", definition_hash="ab", clock="charged",
        population="charged", unit="share", numerator=hits, denominator=whole, children=whole if children is None else children, value=None,
        lower=None, upper=None, interval_method="none", as_of=AT,
    )  # fmt: skip


def made(groups: dict[str, tuple[int, ...]], *, dimension: str = "sex", base: str = "male") -> dict[str, Any]:
    drawn = [(line(dimension, name, *counts), number) for number, (name, counts) in enumerate(groups.items(), start=1)]
    (table,) = tables(drawn=drawn, small=SMALL, compared_with={dimension: base}, names={})
    return table


def test_each_group_stands_beside_one_with_an_exact_interval() -> None:
    table = made(SEXES)
    found = ratio_of_rates(first=(8, 40), second=(40, 80))
    assert table["kept"] == [1, 2]
    assert table["exact"][0] == ["Male", "80", "40", "40", "50%", "1, compared with", ""]
    assert table["exact"][1] == ["Female", "40", "8", "32", "20%", "0.40", f"{found.lower:.2f} to {found.upper:.2f}"]
    assert table["exact"][2][:5] == ["All", "120", "48", "72", "40%"]
    assert table["published"] == table["exact"] and table["hidden"] == 0


def test_a_group_of_few_children_has_no_rate_and_one_not_recorded_no_ratio() -> None:
    table = made({**SEXES, "not recorded": (10, 30), "other": (5, 12, 9)})
    assert table["exact"][2][4:] == ["33%", "", ""]
    assert table["exact"][3][4:] == ["too few", "too few", ""]


def test_no_ratio_is_given_beside_a_group_that_is_hidden() -> None:
    table = made({"male": (3, 80), "female": (20, 40), "other": (25, 60)})
    male, female = table["published"][0], table["published"][1]
    assert male[2] == "c" and male[5] == "c"
    assert female[5:] in (["", ""], ["c", ""]), "a ratio would give the other group's rate back"


def test_a_district_is_not_published_beside_its_authority() -> None:
    table = made({"a": (20, 40), "b": (30, 60)}, dimension="district")
    assert table["published"] is None and table["exact"][0][1] == "40"


def test_a_total_that_is_small_is_published_nowhere() -> None:
    assert made({"male": (2, 30), "female": (1, 20)})["published"] is None


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=6))
def test_with_its_totals_known_no_small_count_of_a_published_table_can_be_bracketed(counts: list[tuple[int, int]]) -> None:
    groups = {f"g{n}": (hits, hits + rest) for n, (hits, rest) in enumerate(counts) if hits + rest}
    if not groups:
        return
    table = made(groups, base="g0")
    if table["published"] is None:
        return
    shown = [[None if row[place] == "c" else int(row[place]) for place in (2, 3, 1)] for row in table["published"]]
    true = [[int(row[place]) for place in (2, 3, 1)] for row in table["exact"]]
    assert shown[-1] == true[-1], "the totals stand in other tables and must stand here"
    for row, line_ in enumerate(true[:-1]):
        for column, count in enumerate(line_):
            assert shown[row][column] in (None, count)
            if 0 < count < SMALL.count:
                assert shown[row][column] is None
                assert not is_bracketed(attack(shown, target=(row, column)), threshold=SMALL.count)


@pytest.mark.parametrize("dimension", ["age", "sex", "ethnicity", "looked after", "authority", "offence"])
def test_every_dimension_has_its_words(dimension: str) -> None:
    assert made({"a": (20, 40), "b": (30, 60)}, dimension=dimension)["title"].startswith("Children charged, and kept, by ")
