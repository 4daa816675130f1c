"""The JSON Schemas and the reader agree: what the schema refuses the reader refuses, and the rest a schema cannot tell."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.tasking.instances import SIZES, instance, single
from lodestar.core.tasking.document import read_problem
from lodestar.core.tasking.problem import BadProblem
from tests.core.tasking import small
from tests.core.tasking.test_verify import planned

ROOT = Path(__file__).parents[3]
MORNING: dict[str, Any] = json.loads((ROOT / "docs/examples/tasking/morning.json").read_text(encoding="utf-8"))
PROBLEM, PLAN = (
    jsonschema_rs.Draft202012Validator(json.loads((ROOT / f"docs/reference/tasking-{name}.schema.json").read_text(encoding="utf-8")))
    for name in ("problem", "plan")
)
ONLY_THE_READER = (
    "there is no place ",
    "there is no task ",
    "there is no asset ",
    "is used twice",
    "it can never start",
    "it ends at ",
    "it must start by ",
    "overlap",
    "lies across the edge",
    "decimals; ",
    "it must have ",
    "from a place to itself",
)
MATRIX = deepcopy(MORNING)
del MATRIX["speed_kmh"]
MATRIX["travel_minutes"] = [[0 if a == b else 7 for b in range(4)] for a in range(4)]


def faults(table: Any) -> tuple[str, ...]:
    try:
        read_problem(table)
    except BadProblem as bad:
        return bad.faults
    return ()


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [step for key in keys for step in ((*at, key), *places(value[key], (*at, key)))]


GONE = object()
values = st.sampled_from(
    [
        GONE,
        None,
        True,
        0,
        1,
        -1,
        0.5,
        1.5,
        1e9,
        1e30,
        99,
        100,
        0.1234567,
        "",
        " ",
        "find",
        "ash",
        "x" * 201,
        [],
        [[]],
        [""],
        [1],
        ["find"],
        {},
        {"id": "z"},
    ]
)


@settings(max_examples=600, deadline=None)
@given(st.data())
def test_schema_and_reader_agree_wherever_a_schema_can_tell(data: st.DataObject) -> None:
    table = deepcopy(data.draw(st.sampled_from([MORNING, MATRIX])))
    for _ in range(data.draw(st.integers(1, 2))):
        path = data.draw(st.sampled_from(places(table) or [("places",)]))
        inner: Any = table
        for step in path[:-1]:
            inner = inner[step]
        value = data.draw(values)
        if isinstance(inner, dict) and data.draw(st.integers(0, 9)) == 0:
            inner["slip"] = 1
        elif value is GONE:
            del inner[path[-1]]
        else:
            inner[path[-1]] = deepcopy(value)
    found = faults(table)
    if PROBLEM.is_valid(table):
        assert all(any(reason in fault for reason in ONLY_THE_READER) for fault in found), found
    else:
        assert found


@pytest.mark.parametrize("table", [MORNING, MATRIX, instance(size=SIZES["50x250"], seed=1), single(instance(size=SIZES["50x250"], seed=2))])
def test_good_problems_are_good_by_both(table: dict[str, Any]) -> None:
    PROBLEM.validate(table)
    assert faults(table) == ()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5000))
def test_small_problems_and_their_plans_are_what_the_schemas_say(seed: int) -> None:
    PROBLEM.validate(small.document(seed))
    _, said = planned(small.problem(seed))
    PLAN.validate(said)


@pytest.mark.parametrize("key", ["assignments", "objective", "bound", "problem_sha256", "unplaced"])
def test_a_plan_without_one_of_its_keys_is_not_one(key: str) -> None:
    _, said = planned(small.problem(7))
    del said[key]
    assert not PLAN.is_valid(said)
