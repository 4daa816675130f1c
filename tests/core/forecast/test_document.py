"""The scenario's document: what is wrong with it is said by path, all at once, and the schema says the same."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestar.core.forecast.document import read_scenario
from lodestar.core.forecast.scenario import BadScenario

ROOT = Path(__file__).parents[3]
ONLINE: dict[str, Any] = json.loads((ROOT / "docs/examples/forecast/online.json").read_text(encoding="utf-8"))
SCHEMA = jsonschema_rs.Draft202012Validator(json.loads((ROOT / "docs/reference/forecast-scenario.schema.json").read_text(encoding="utf-8")))
SEEN = deepcopy(ONLINE)
SEEN["work"] = {"observed": [{"days": 1.0 + number, "ended": number % 5 > 0, "entry_days": 0.5} for number in range(20)]}
ONLY_THE_READER = (
    "there is no class ", "is used twice", "it is missing", "there is no such key", "it is not after from_day", "its months must rise",
    "its last share", "it is below low", "it is after the end", "cases have ended; ", "would come in the time", "at least one post",
    "it makes more than",
)  # fmt: skip


def faults(table: Any) -> tuple[str, ...]:
    try:
        read_scenario(table)
    except BadScenario as bad:
        return bad.faults
    return ()


def test_the_example_is_read_as_it_stands() -> None:
    read = read_scenario(ONLINE)
    assert [one.code for one in read.scenario.classes] == ["very_high", "high", "medium", "low"]
    assert sum(map(len, read.scenario.waiting)) == 122
    assert read.scenario.plans[3].trains
    assert read.scenario.demand.a_day == pytest.approx(0.9)
    assert read.sha256 == read_scenario(json.loads(json.dumps(ONLINE, indent=3))).sha256


def test_cases_seen_become_a_law() -> None:
    read = read_scenario(SEEN)
    assert read.fits[0].n == 20
    assert read.scenario.work[0] == read.fits[0].law


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"classes": []}, "classes: there must be 1 to 63, in the order of priority"),
        ({"months": 0}, "months: at least one month is looked at"),
        ({"discipline": "oldest"}, "discipline: it must be one of priority, deadline"),
        ({"posts": [{"count": 0}]}, "posts: there must be at least one post"),
        ({"posts": [{"count": 300}]}, "posts[0].count: 300 is above 255"),
        ({"work": {"mean_days": 7.5}}, "work.cv: it is missing"),
        (
            {"work": {"observed": [{"days": 1, "ended": True}]}},
            "work.observed: 1 cases have ended; 8 are the fewest that a law is fitted to",
        ),
        ({"availability": {"low": 0.7, "high": 0.6}}, "availability.high: it is below low"),
        ({"waiting": [{"class": "none", "days": 3}]}, "waiting[0].class: there is no class none"),
        ({"plans": [{"title": "x", "posts": [{"count": 250}]}]}, "plans[0].posts: with the posts that there are it makes more than 255"),
        ({"postz": 1}, "postz: there is no such key"),
    ],
)
def test_a_fault_is_named_by_its_path(change: dict[str, Any], fault: str) -> None:
    assert fault in faults({**ONLINE, **change})


def test_far_too_many_cases_are_refused_before_memory_ends() -> None:
    table = deepcopy(ONLINE)
    table["arrivals"]["counts"]["low"] = 9_000_000
    assert any("are the most" in fault for fault in faults(table))


@pytest.mark.parametrize("table", [None, [], 3, "x", {}])
def test_what_is_no_scenario_at_all_is_refused(table: Any) -> None:
    assert faults(table)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = list(value) if isinstance(value, dict) else range(min(2, len(value))) if isinstance(value, list) else ()
    return [step for key in keys for step in ((*at, key), *places(value[key], (*at, key)))]


GONE = object()
values = st.sampled_from([GONE, None, True, 0, 1, -1, 0.5, 1e9, 1e30, "", "low", "x" * 201, [], [1], {}, {"low": 0.5, "high": 1}])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_schema_and_reader_agree_wherever_a_schema_can_tell(data: st.DataObject) -> None:
    table = deepcopy(data.draw(st.sampled_from([ONLINE, SEEN])))
    path = data.draw(st.sampled_from(places(table)))
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
    if SCHEMA.is_valid(table):
        assert all(any(reason in fault for reason in ONLY_THE_READER) for fault in found), found
    else:
        assert found
