"""The public document of a problem: read exactly, every fault named by its path, and nothing but ``BadProblem`` ever raised."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestar.core.tasking.document import digest, read_problem
from lodestar.core.tasking.problem import BadProblem
from tests.core.tasking import small

WHOLE: dict[str, Any] = {
    "places": [{"id": "base", "x": 0, "y": 0}, {"id": "farm", "x": 3, "y": 4}],
    "speed_kmh": 30,
    "assets": [
        {
            "id": "A",
            "skills": ["search"],
            "shifts": [{"start": 0, "end": 480, "from": "base", "to": "base"}],
            "commitments": [{"start": 60, "end": 90, "place": "farm"}],
            "max_minutes": 400,
        },
        {"id": "B", "shifts": [{"start": 0, "end": 480, "from": "base", "to": "base"}]},
    ],
    "tasks": [
        {"id": "T", "place": "farm", "minutes": 30, "earliest": 0, "due": 120, "tier": 0, "value": 10, "crew": [["search"], []]},
        {"id": "U", "place": "base", "minutes": 12.5, "earliest": 0, "due": 400, "tier": 1, "value": 2.25, "after": ["T"], "prefer": ["A"]},
    ],
}


def test_times_and_values_are_read_exactly_at_the_finest_that_is_used() -> None:
    problem = read_problem(WHOLE)
    assert (problem.scale, problem.worth) == (100, 100)
    assert problem.tasks[1].length == 1250
    assert problem.tasks[1].value == 225
    assert problem.travel.ticks(0, 1) == 1000
    assert problem.tasks[0].crew == (frozenset({"search"}), frozenset())
    exact = deepcopy(WHOLE)
    exact["tasks"][1]["minutes"] = Decimal("12.500001")
    assert read_problem(exact).scale == 1_000_000


def test_the_same_content_has_the_same_digest_however_it_is_written() -> None:
    turned = json.loads(json.dumps(WHOLE, sort_keys=True), parse_float=Decimal)
    turned["tasks"][0]["minutes"] = 30.0
    assert digest(turned) == digest(WHOLE) == read_problem(WHOLE).sha256
    turned["tasks"][0]["minutes"] = 31
    assert digest(turned) != digest(WHOLE)


def put(*path: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(table: dict[str, Any]) -> None:
        inner: Any = table
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value

    return change


FAULTS = [
    (put("tasks", 0, "place", value="moon"), "tasks[0].place: there is no place moon"),
    (put("tasks", 0, "earliest", value=-1), "tasks[0].earliest: -1 is below 0"),
    (put("tasks", 0, "after", value=["U"]), "it can never start"),
    (put("tasks", 0, "crew", value=[]), "tasks[0].crew: it needs at least one slot"),
    (put("tasks", 0, "minutes", value="30"), "tasks[0].minutes: it must be a number"),
    (put("tasks", 0, "minutes", value=True), "tasks[0].minutes: it must be a number"),
    (put("tasks", 0, "minutes", value=float("nan")), "tasks[0].minutes: it must be a number"),
    (put("tasks", 0, "minutes", value=10**30), "tasks[0].minutes: 1E+30 is above 1000000"),
    (put("tasks", 0, "minutes", value=Decimal("0.1234567")), "tasks[0].minutes: it has 7 decimals; 6 are the most"),
    (put("tasks", 0, "minutes", value=10**5000), "tasks[0].minutes: 1E+5000 is above 1000000"),
    (put("tasks", 0, "value", value=Decimal("1." + "0" * 30 + "1")), "tasks[0].value: it has 31 decimals; 6 are the most"),
    (put("tasks", 0, "decay", value=Decimal("1e-999999999")), "tasks[0].decay: it has 999999999 decimals; 20 are the most"),
    (put("tasks", 0, "title", value="\ud800"), "tasks[0].title: it holds half a character"),
    (put("tasks", 0, "crew", 0, value=["\ud800"]), "tasks[0].crew[0]: it must be a list of skills"),
    (put("note", value=1), "note: it must be text"),
    (put("tasks", 0, "due", value=-1), "tasks[0].due: -1 is below 0"),
    (put("tasks", 1, "earliest", value=401), "tasks[1].due: it must start by 400, before the earliest it can at 401"),
    (put("tasks", 0, "tier", value=1.5), "tasks[0].tier: 1.5 is not a whole number"),
    (put("tasks", 0, "decay", value=1.1), "tasks[0].decay: 1.1 is above 1"),
    (put("tasks", 1, "id", value="T"), "tasks[1].id: T is used twice"),
    (put("tasks", 1, "prefers", value=["A"]), "tasks[1].prefers: there is no such key"),
    (put("tasks", 1, "prefer", value=["Z"]), "tasks[1].prefer[0]: there is no asset Z"),
    (put("tasks", 0, "crew", 0, value="search"), "tasks[0].crew[0]: it must be a list of skills"),
    (put("places", 0, "x", value=None), "places[0].x: it must be a number"),
    (put("speed_kmh", value=0), "speed_kmh: 0 is not above 0"),
    (put("travel_minutes", value=[[0, 1], [1, 0]]), "travel_minutes: give either travel_minutes or speed_kmh"),
    (put("assets", 0, "shifts", 0, "end", value=0), "assets[0].shifts[0].end: it ends at 0, not after its start at 0"),
    (put("assets", 0, "commitments", 0, "end", value=500), "lies across the edge of a shift"),
    (put("assets", 0, "shifts", value=[{"start": 0, "end": 480, "from": "base", "to": "base"}] * 2), "two shifts of A overlap"),
    (put("tasks", value={}), "tasks: it must be a list"),
    (put("nonsense", value=1), "nonsense: there is no such key"),
]


@pytest.mark.parametrize(("change", "said"), FAULTS)
def test_what_is_wrong_is_said_with_its_path(change: Callable[[dict[str, Any]], None], said: str) -> None:
    table = deepcopy(WHOLE)
    change(table)
    with pytest.raises(BadProblem) as bad:
        read_problem(table)
    assert any(said in fault for fault in bad.value.faults), bad.value.faults


def test_a_matrix_has_a_row_and_a_column_for_each_place_and_nought_between() -> None:
    table = deepcopy(WHOLE)
    del table["speed_kmh"]
    table["travel_minutes"] = [[0, 1.5], [2, 1]]
    with pytest.raises(BadProblem) as bad:
        read_problem(table)
    assert bad.value.faults == ("travel_minutes[1][1]: from a place to itself it must be 0",)
    table["travel_minutes"] = [[0, 1.5], [2, 0]]
    assert read_problem(table).travel.ticks(0, 1) == 15
    table["travel_minutes"] = [[0]]
    with pytest.raises(BadProblem):
        read_problem(table)


def test_every_fault_is_named_at_once() -> None:
    table = deepcopy(WHOLE)
    for change, _ in FAULTS[:2]:
        change(table)
    with pytest.raises(BadProblem) as bad:
        read_problem(table)
    assert len(bad.value.faults) == 2


characters = st.characters(codec=None, exclude_categories=())  # half characters too
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(characters, max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(anything)
def test_nothing_but_a_bad_problem_is_ever_raised(table: Any) -> None:
    with pytest.raises(BadProblem):
        read_problem(table)


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [step for key in keys for step in ((*at, key), *paths(value[key], (*at, key)))]


@settings(max_examples=300)
@given(st.sampled_from(paths(WHOLE)), anything)
def test_whatever_stands_in_any_place_it_is_read_or_refused(path: tuple[Any, ...], value: Any) -> None:
    table = deepcopy(WHOLE)
    put(*path, value=value)(table)
    with suppress(BadProblem):
        assert read_problem(table).places == ("base", "farm") or path[0] == "places"


@given(st.integers(0, 5000))
def test_every_small_problem_of_the_tests_can_be_read(seed: int) -> None:
    assert read_problem(small.document(seed)).tasks
