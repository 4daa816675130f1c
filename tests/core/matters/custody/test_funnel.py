"""From charge to a bed: every child stands in one place, and each step is the one before less those who fell out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.matters.custody.funnel import LISTS, PLACES, STEPS, Asked, Charged, funnel, place
from lodestar.core.words import Period

FROM = datetime(2023, 3, 1, tzinfo=UTC)
YEAR = Period(FROM, datetime(2024, 3, 1, tzinfo=UTC))
KEPT = Charged("C-1", FROM, bail="refused")
REFUSED, OFFERED, SILENT = Asked("non_secure", "refused"), Asked("non_secure", "offered"), Asked("secure")


@pytest.mark.parametrize(
    ("row", "stands"),
    [
        (replace(KEPT, bail="released"), "released"),
        (replace(KEPT, bail=""), "undecided"),
        (KEPT, "no_request"),
        (replace(KEPT, straight_to_court=True), "straight_to_court"),
        (replace(KEPT, straight_to_court=True, asked=(REFUSED,)), "refused"),
        (replace(KEPT, asked=(REFUSED, Asked("secure", "refused"))), "refused"),
        (replace(KEPT, asked=(REFUSED, SILENT)), "no_answer"),
        (replace(KEPT, asked=(SILENT, OFFERED)), "offered_not_moved"),
        (replace(KEPT, asked=(OFFERED,), moved=True), "moved"),
        (replace(KEPT, moved=True), "moved"),
    ],
)
def test_a_child_stands_where_the_move_was_first_stopped(row: Charged, stands: str) -> None:
    assert place(row) == stands


def test_those_with_no_request_are_a_list_and_those_taken_straight_to_court_are_another() -> None:
    found = funnel(rows=[KEPT, replace(KEPT, id="C-2", straight_to_court=True), replace(KEPT, id="C-3", asked=(REFUSED,))], period=YEAR)
    assert (found.ids("no_request"), found.ids("straight_to_court"), found.ids("refused")) == (("C-1",), ("C-2",), ("C-3",))
    assert found.ids("no_certificate") == ("C-1", "C-3")


def test_a_move_with_no_request_on_record_counts_as_a_move_and_is_listed_as_a_gap() -> None:
    found = funnel(rows=[replace(KEPT, moved=True), replace(KEPT, id="C-2", moved=True, asked=(OFFERED,))], period=YEAR)
    assert found.count("moved") == found.count("requested") == 2
    assert found.ids("moved_unasked") == ("C-1",)


def test_two_requests_for_one_child_are_two_requests_and_one_child() -> None:
    found = funnel(rows=[replace(KEPT, asked=(Asked("secure", "refused"), REFUSED))], period=YEAR)
    assert found.requests == {"secure": 1, "non_secure": 1}
    assert found.count("requested") == found.count("asked_secure") == found.count("asked_non_secure") == 1


def test_the_period_is_that_of_the_charge_and_its_end_is_the_next_period_s() -> None:
    rows = [replace(KEPT, id=str(at), charged_at=at) for at in (FROM - timedelta(seconds=1), FROM, datetime(2024, 3, 1, tzinfo=UTC))]
    assert funnel(rows=rows, period=YEAR).ids("charged") == (str(FROM),)


def test_a_row_given_twice_is_refused() -> None:
    with pytest.raises(ValueError):
        funnel(rows=[KEPT, KEPT], period=YEAR)


def test_an_empty_period_has_every_step_with_nobody_in_it() -> None:
    found = funnel(rows=[], period=YEAR)
    assert {code: found.count(code) for code in (*STEPS, *LISTS)} == dict.fromkeys((*STEPS, *LISTS), 0)


ANSWERS = st.builds(Asked, st.sampled_from(["secure", "non_secure"]), st.sampled_from(["", "refused", "offered"]))
ROWS = st.lists(
    st.builds(
        Charged,
        id=st.integers(0, 10_000).map(str),
        charged_at=st.datetimes(datetime(2023, 1, 1), datetime(2024, 6, 1), timezones=st.just(UTC)),
        bail=st.sampled_from(["", "released", "refused"]),
        straight_to_court=st.booleans(),
        asked=st.lists(ANSWERS, max_size=3).map(tuple),
        moved=st.booleans(),
        certificates=st.frozensets(st.sampled_from("ab")),
        failed_to_provide=st.booleans(),
    ),
    unique_by=lambda row: row.id,
    max_size=30,
)


@given(rows=ROWS)
def test_each_step_is_the_one_before_less_those_who_fell_out_and_nobody_is_lost(rows: list[Charged]) -> None:
    found = funnel(rows=rows, period=YEAR)
    for before, step in zip(found.steps, found.steps[1:], strict=False):
        gone = [row for fallen in step.fell_out for row in fallen.ids]
        assert sorted((*step.ids, *gone)) == sorted(before.ids)
    assert set(found.ids("charged")) == {row.id for row in rows if YEAR.holds(row.charged_at)}
    assert found.ids("charged") != () or not found.lists[0].ids


@given(rows=ROWS)
def test_the_order_in_which_rows_come_changes_nothing(rows: list[Charged]) -> None:
    assert funnel(rows=rows, period=YEAR) == funnel(rows=rows[::-1], period=YEAR)


def test_every_place_but_the_last_lies_before_a_step() -> None:
    assert {step for step, _ in PLACES.values()} == {"", *STEPS} - {"charged"}
