"""The shadow run's finding: what would change, for whom, and no child to be picked out of it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.tasking.shadow import LEAST, Child, Compared, Placing, report


def child(key: int, **changes: str) -> Child:
    return Child(key=key, **{"age": "14 to 15", "sex": "Female", "ethnicity": "", "looked_after": "No", "district": "NOR", **changes})


def compared(task: int, old: Placing, new: Placing, **of: str) -> Compared:
    return Compared("2026-03-02", task, child(task, **of), old, new)


PLACED, LATER, NOBODY = Placing("life", 30, 10, ("A",)), Placing("life", 30, 40, ("A",)), Placing("life", 30)


def test_every_change_is_named_at_its_tier() -> None:
    rows = [
        compared(1, PLACED, PLACED),
        compared(2, PLACED, LATER),
        compared(3, LATER, PLACED),
        compared(4, PLACED, NOBODY),
        compared(5, NOBODY, PLACED),
        compared(6, PLACED, Placing("life", 30, 10, ("B",))),
        compared(7, PLACED, Placing("pursuit", 30, 10, ("A",))),
        compared(8, NOBODY, NOBODY),
    ]
    found = report(compared=rows, days=1)
    assert (found["pieces"], found["changed"], found["days"]) == (8, 6, 1)
    life, pursuit = found["by_tier"]
    assert life == {"tier": "life", "placed": 1, "not_placed": 1, "moved": 0, "earlier": 1, "later": 1, "people": 1}
    assert (pursuit["tier"], pursuit["moved"]) == ("pursuit", 1)


def test_load_is_the_minutes_of_each_team_under_both() -> None:
    found = report(compared=[compared(1, PLACED, Placing("life", 60, 10, ("B", "A")))], days=1)
    assert found["load"] == [{"team": "A", "old": 30, "new": 60}, {"team": "B", "old": 0, "new": 60}]


def test_the_wait_of_a_group_is_the_middle_of_what_was_placed() -> None:
    rows = [compared(task, PLACED, LATER) for task in range(6)]
    (sex,) = [row for row in report(compared=rows, days=1)["effect"] if row["attribute"] == "Sex"]
    assert (sex["old_placed"], sex["old_wait"], sex["new_wait"]) == (6, 10, 40)


def test_for_whom_it_changes_is_said_group_by_group() -> None:
    of = ["A"] * 6 + ["B"] * 5
    rows = [compared(number, PLACED, LATER if number < 2 else PLACED, district=group) for number, group in enumerate(of)]
    found = {row["group"]: row["changed"] for row in report(compared=rows, days=1)["effect"] if row["attribute"] == "District"}
    assert found == {"A": 2, "B": 0}


groups = st.sampled_from(["A", "B", "C", "D"])


@given(st.lists(groups, min_size=1, max_size=40))
def test_no_group_of_few_children_is_shown_and_none_can_be_worked_out(of: list[str]) -> None:
    rows = [compared(number, PLACED, PLACED, district=group) for number, group in enumerate(of)]
    shown: list[dict[str, Any]] = [row for row in report(compared=rows, days=1)["effect"] if row["attribute"] == "District"]
    real = {group: of.count(group) for group in set(of)}
    for row in shown:
        assert row["children"] is None or row["children"] >= LEAST
    hidden = {group for group, count in real.items() if count < LEAST}
    named = {row["group"] for row in shown}
    if len(of) < LEAST:  # too few altogether: no count is shown at all
        assert all(row["children"] is None for row in shown)
        return
    assert sum(row["children"] for row in shown) == len(of)
    assert not hidden & named
