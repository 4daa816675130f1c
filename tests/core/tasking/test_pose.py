"""Posing the problem: everybody on duty, every piece of work with its tier by name, and nothing lost for being late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.tasking.formula import Formula, Work, formula_from
from lodestar.core.tasking.pose import ANYWHERE, Busy, Day, Issued, Officer, Town, Wanted, number, person_id, pose, task_id
from lodestar.store.playbooks import playbook

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FORMULA: Formula = formula_from(playbook("FORMULA-HUB").blocks[-1].values)
TOWNS = (Town("NOR-1", 0.0, 0.0), Town("NOR-2", 8.5, 2.0))
OFFICER = Officer(7, "PC Rowan", ("search",), ((START - HOUR, START + 7 * HOUR),), base="NOR-1")
WORK = Work(kind="records_check", purpose="find", matter="missing", matter_tier=2, located=False)
WANTED = Wanted(
    id=3, title="Check records, M-1", work=WORK, minutes=30, earliest_at=START, due_at=START + 2 * HOUR, place="NOR-2", prefer=(7, 99)
)


def posed(*wanted: Wanted, officers: tuple[Officer, ...] = (OFFICER,), towns: tuple[Town, ...] = TOWNS):
    return pose(day=Day(START, towns, officers, wanted or (WANTED,)), formula=FORMULA)


def test_a_shift_under_way_begins_now_at_the_base_and_ends_there() -> None:
    (asset,) = posed().document["assets"]
    assert asset["shifts"] == [{"start": 0, "end": 420, "from": "NOR-1", "to": "NOR-1"}]


def test_somebody_at_work_begins_where_they_are_and_is_free_when_it_ends() -> None:
    busy = replace(OFFICER, busy=(Busy(START - HOUR, START + HOUR, "NOR-2"),))
    (asset,) = posed(officers=(busy,)).document["assets"]
    assert asset["commitments"] == [{"start": 0, "end": 60, "place": "NOR-2"}]
    assert asset["shifts"][0]["from"] == "NOR-2"


def test_two_posts_at_once_are_one_person() -> None:
    both = replace(OFFICER, shifts=((START, START + 2 * HOUR), (START + HOUR, START + 4 * HOUR), (START + 10 * HOUR, START + 11 * HOUR)))
    (asset,) = posed(officers=(both,)).document["assets"]
    assert [(shift["start"], shift["end"]) for shift in asset["shifts"]] == [(0, 240), (600, 660)]


def test_a_task_has_its_tier_by_a_named_rule_and_its_worth_by_its_matter() -> None:
    one = posed()
    (task,) = one.document["tasks"]
    assert (task["tier"], task["value"], task["due"]) == (2, 80.0, 120)
    assert one.judged["T-3"]["rule"] == "child_not_found"
    assert one.judged["T-3"]["authority"]


def test_only_whoever_is_there_is_preferred_or_barred() -> None:
    (task,) = posed(replace(WANTED, barred=(7, 98))).document["tasks"]
    assert (task["prefer"], task["barred"]) == (["P-7"], ["P-7"])


def test_work_that_is_late_is_wanted_now_and_never_dropped_for_it() -> None:
    one = posed(replace(WANTED, earliest_at=START - 5 * HOUR, due_at=START - HOUR))
    (task,) = one.document["tasks"]
    assert (task["earliest"], task["due"]) == (0, 24 * 60)
    assert Decimal(str(task["decay"])) == Decimal("0.9")
    assert one.judged["T-3"]["late"] is True


def test_work_waits_only_for_work_that_is_in_the_problem() -> None:
    (first, second) = posed(WANTED, replace(WANTED, id=4, after=(3, 55))).document["tasks"]
    assert (first["after"], second["after"]) == ([], ["T-3"])


def test_a_kind_with_a_crew_takes_it_and_work_asked_for_with_its_own_takes_that() -> None:
    search = replace(WANTED, work=replace(WORK, kind="area_search"))
    (formula_crew,) = posed(search).document["tasks"]
    (own,) = posed(replace(search, crew=(("woman_officer",),))).document["tasks"]
    assert (formula_crew["crew"], own["crew"]) == ([["search"], ["search"]], [["woman_officer"]])


def test_lines_already_issued_keep_their_people_and_time() -> None:
    one = posed(replace(WANTED, issued=Issued((7, 8), START + HOUR)))
    assert one.issued == [{"task": "T-3", "assets": ["P-7", "P-8"], "start": 60}]


def test_a_force_that_has_not_said_its_places_is_reckoned_without_travel() -> None:
    one = posed(towns=())
    assert one.document["places"] == [{"id": ANYWHERE, "x": 0.0, "y": 0.0}]
    assert one.document["tasks"][0]["place"] == ANYWHERE
    assert one.document["assets"][0]["shifts"][0]["from"] == ANYWHERE


@pytest.mark.parametrize("name", [task_id(12), person_id(12)])
def test_a_name_leads_back_to_its_row(name: str) -> None:
    assert number(name) == 12


minutes = st.integers(-600, 2000)
spans = st.tuples(minutes, st.integers(1, 900)).map(lambda pair: (START + timedelta(minutes=pair[0]), pair[1]))


@given(shifts=st.lists(spans, max_size=4), busy=st.lists(spans, max_size=6))
def test_whatever_the_roster_says_commitments_lie_in_order_inside_one_shift_each(
    shifts: list[tuple[datetime, int]], busy: list[tuple[datetime, int]]
) -> None:
    officer = replace(
        OFFICER,
        shifts=tuple((begins, begins + timedelta(minutes=length)) for begins, length in shifts),
        busy=tuple(Busy(begins, begins + timedelta(minutes=length), "NOR-2") for begins, length in busy),
    )
    (asset,) = posed(officers=(officer,)).document["assets"]
    edges = [edge for shift in asset["shifts"] for edge in (shift["start"], shift["end"])]
    assert edges == sorted(edges)
    assert all(shift["start"] < shift["end"] for shift in asset["shifts"])
    ends = 0
    for one in asset["commitments"]:
        assert ends <= one["start"] < one["end"]
        assert any(shift["start"] <= one["start"] and one["end"] <= shift["end"] for shift in asset["shifts"])
        ends = one["end"]
