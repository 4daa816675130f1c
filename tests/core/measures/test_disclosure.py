"""No small count of a published table can be worked out from the rest of it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestar.core.measures.definition import SmallNumbers
from lodestar.core.measures.disclosure import SafeTable, attack, is_bracketed, safe_table

SMALL = SmallNumbers(5, 10, "performance lead")


def table(counts: list[list[int]], *, split: bool = False) -> SafeTable:
    rows, columns = [f"r{n}" for n in range(len(counts))], [f"c{n}" for n in range(len(counts[0]))]
    return safe_table(rows=rows, columns=columns, counts=counts, small=SMALL, split=split)


def whole(counts: list[list[int]]) -> list[list[int]]:
    rows = [[*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


TABLES = st.integers(1, 4).flatmap(
    lambda wide: st.lists(st.lists(st.one_of(st.integers(0, 6), st.integers(0, 60)), min_size=wide, max_size=wide), min_size=1, max_size=4)
)


@settings(deadline=None, max_examples=30)
@given(TABLES)
def test_no_count_under_the_threshold_is_shown_or_can_be_bracketed(counts: list[list[int]]) -> None:
    made = table(counts)
    for row, line in enumerate(whole(counts)):
        for column, count in enumerate(line):
            shown = made.cells[row][column]
            assert shown is None or shown == count
            if 0 < count < SMALL.count:
                assert shown is None
                low, high = attack(made.cells, target=(row, column))
                assert low <= count + 1e-6 and high >= count - 1e-6
                assert not is_bracketed((low, high), threshold=SMALL.count)


@settings(deadline=None, max_examples=15)
@given(TABLES)
def test_what_is_hidden_is_said_once_with_its_reason(counts: list[list[int]]) -> None:
    made = table(counts)
    hidden = sum(cell is None for line in made.cells for cell in line)
    assert len(made.hidden) == len({(one.row, one.column) for one in made.hidden}) == hidden
    assert all(one.why for one in made.hidden) and made.owner == "performance lead"


def test_a_table_of_large_counts_is_shown_whole() -> None:
    made = table([[12, 30], [25, 8]])
    assert made.hidden == () and made.cells[2] == (37, 38, 75)


def test_one_small_count_alone_would_be_given_back_by_its_row_so_more_is_hidden() -> None:
    made = table([[3, 30, 20], [25, 8, 9], [14, 22, 40]])
    assert made.cells[0][0] is None and made.said(0, 0) == "c"
    assert sum(cell is None for line in made.cells for cell in line) >= 4
    assert {one.why for one in made.hidden} == {"A count under the threshold.", "Shown, it would give back a hidden count."}


def test_single_pass_suppression_fails_the_attack_as_a_forces_own_table_does() -> None:
    """Two starred cells beside a total shown: together they are six, and each is between one and five."""
    low, high = attack([[None, None, 20, 26], [9, 12, 30, 51], [None, None, 50, 77]], target=(0, 0))
    assert (low, high) == (0.0, 6.0)
    assert not is_bracketed((low, high), threshold=5) and is_bracketed((1.0, 5.0), threshold=5)
    assert attack([[None, 20, 23], [9, 30, 39], [12, 50, 62]], target=(0, 0)) == (3.0, 3.0)


def test_forty_six_of_forty_eight_discloses_the_two() -> None:
    made = table([[46, 2], [30, 20]], split=True)
    assert made.cells[0][0] is None and made.cells[0][1] is None


def test_a_nought_in_a_split_says_that_every_child_is_on_the_other_side() -> None:
    assert table([[20, 0], [30, 20]]).cells[0][1] == 0
    split = table([[20, 0], [30, 20]], split=True)
    assert split.cells[0][1] is None and split.cells[0][0] is None


def test_hidden_with_nothing_shown_beside_it_has_no_top() -> None:
    assert attack([[None, None], [None, None]], target=(0, 0)) == (0.0, math.inf)


def test_a_table_that_cannot_be_so_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot all be so"):
        attack([[None, 5, 3], [1, 1, 2], [None, 6, 5]], target=(0, 0))
    with pytest.raises(ValueError, match="nought or more"):
        table([[-1]])
    with pytest.raises(ValueError, match="a count for each row"):
        safe_table(rows=["a"], columns=["b", "c"], counts=[[1]], small=SMALL)
