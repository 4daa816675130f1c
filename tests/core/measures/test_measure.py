"""What a published pack may show of a figure."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.measures.measure import Caveat, Measure, plain, published
from tests.core.measures.making import CUT, M1


def measure(**known: Any) -> Measure:
    facts: dict[str, Any] = {
        **{"code": "M1", "line": "mature", "definition_version": "2020-01-01", "definition_hash": "0" * 64},
        **{"clock": "police", "population": "under 18", "unit": "share", "numerator": 80, "denominator": 100},
        **{"children": 60, "value": 0.8, "lower": 0.7, "upper": 0.87, "interval_method": "Wilson", "as_of": CUT},
        **{"worst": 0.78, "best": 0.85},
    }
    return Measure(**facts | known)


def test_a_figure_of_enough_children_is_published_whole() -> None:
    assert published(measure(), small=M1.small) == measure()


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"children": 9}, "Fewer than 10 children."),
        ({"numerator": 4}, "Fewer than 5 in the numerator."),
        ({"numerator": 0}, "Fewer than 5 in the numerator."),
        ({"numerator": 46, "denominator": 48}, "Fewer than 5 left when the numerator is taken away."),
        ({"numerator": 48, "denominator": 48}, "Fewer than 5 left when the numerator is taken away."),
        ({"numerator": None}, "A count is not known."),
        ({"unit": "hours", "numerator": 97}, "Fewer than 5 still open."),
    ],
)
def test_small_numbers_hide_the_rate_and_all_that_would_give_it_back(known: dict[str, Any], reason: str) -> None:
    shown = published(measure(**known), small=M1.small)
    assert shown.suppressed
    assert shown.reason == reason
    assert {shown.numerator, shown.value, shown.lower, shown.upper, shown.worst, shown.best} == {None}


def test_a_median_of_an_episode_each_long_ended_is_published() -> None:
    assert not published(measure(unit="hours", numerator=100), small=M1.small).suppressed


def test_small_counts_in_the_caveats_are_hidden_too() -> None:
    caveats = (Caveat("died", "{count} died.", 1), Caveat("open", "{count} open.", 12))
    shown = published(measure(caveats=caveats), small=M1.small)
    assert [str(caveat) for caveat in shown.caveats] == ["c died.", "12 open."]


def test_a_small_denominator_and_few_children_are_hidden_as_counts() -> None:
    shown = published(measure(numerator=2, denominator=3, children=3), small=M1.small)
    assert (shown.denominator, shown.children) == (None, None)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_no_count_of_one_to_four_can_be_read_off_a_published_share(hits: int, misses: int, children: int) -> None:
    shown = published(measure(numerator=hits, denominator=hits + misses, children=children), small=M1.small)
    for count in (shown.numerator, shown.denominator, shown.children):
        assert count is None or count == 0 or count >= 5
    if shown.numerator is not None and shown.denominator is not None:
        assert shown.denominator - shown.numerator >= 5


def test_a_figure_can_be_kept_as_json() -> None:
    table = plain(measure(caveats=(Caveat("open", "{count} open.", 12),)))
    assert json.loads(json.dumps(table, allow_nan=False)) == table
    assert table["as_of"] == "2026-08-15T08:00:00+00:00"
    assert table["caveats"] == [{"code": "open", "sentence": "12 open."}]
