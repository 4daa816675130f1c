"""The clock and the seven steps of a reply under section 55 of the Police Act 1996."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestar.core.inspection.section55 import REPLY, STEPS, Said, Standing, last_day, last_minute, step_gaps, timetable
from lodestar.core.times import local_date
from lodestar.core.words import Allowed

PUBLISHED = date(2022, 12, 9)
EVERYTHING = frozenset(row.who for row in REPLY.rows)
VERBS = [step.verb for step in STEPS]
SAID = Said(on=date(2022, 12, 20), document="Letter 12", answer_by=date(2023, 1, 6), chief_officer="received", paper="a" * 64)
STANDING = Standing(PUBLISHED, None, None, (), ("a" * 64,))
TODAY = date(2023, 1, 20)


@pytest.mark.parametrize(
    ("published", "last"),
    [
        (date(2022, 12, 9), date(2023, 2, 2)),
        (date(2021, 12, 22), date(2022, 2, 15)),
        (date(2023, 4, 5), date(2023, 5, 30)),
    ],
)
def test_the_last_day_is_publication_plus_fifty_five_days(published: date, last: date) -> None:
    assert last_day(published=published) == last
    assert local_date(last_minute(published=published)) == last


def test_the_last_minute_is_london_s_on_both_sides_of_a_change_of_the_clocks() -> None:
    assert last_minute(published=date(2022, 12, 9)) == datetime(2023, 2, 2, 23, 59, tzinfo=UTC)
    assert last_minute(published=date(2023, 4, 5)) == datetime(2023, 5, 30, 22, 59, tzinfo=UTC)


def test_there_are_seven_steps_and_each_is_in_the_table_once() -> None:
    assert len(STEPS) == 7
    assert [row.verb for row in REPLY.rows] == VERBS
    assert REPLY.unreachable() == frozenset()


def test_no_step_can_be_skipped_repeated_or_taken_out_of_order() -> None:
    state = REPLY.initial
    for place, verb in enumerate(VERBS):
        for other in VERBS:
            found = REPLY.step(state=state, verb=other, permissions=EVERYTHING)
            assert isinstance(found, Allowed) == (other == verb), (state, other)
        move = REPLY.row(state=state, verb=verb)
        assert move is not None
        state = move.target
        assert (state in REPLY.final) == (place == len(VERBS) - 1)
    assert REPLY.verbs(state=state) == ()


@given(st.lists(st.sampled_from(VERBS), max_size=20))
def test_however_steps_are_pressed_the_end_is_reached_only_through_all_seven(pressed: list[str]) -> None:
    state, taken = REPLY.initial, []
    for verb in pressed:
        found = REPLY.step(state=state, verb=verb, permissions=EVERYTHING)
        if isinstance(found, Allowed):
            state = found.step.target
            taken.append(verb)
    assert taken == VERBS[: len(taken)]
    assert (state == "sent") == (taken == VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_a_whole_step_is_let_through(verb: str) -> None:
    assert list(step_gaps(verb=verb, said=SAID, standing=STANDING, today=TODAY)) == []


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Said(None, "x", SAID.answer_by, "received", "a" * 64), "section_55.on"),
        (Said(date(2022, 12, 8), "x", SAID.answer_by, "received", "a" * 64), "section_55.day"),
        (Said(date(2023, 1, 21), "x", date(2023, 1, 22), "received", "a" * 64), "section_55.day"),
        (Said(SAID.on, " ", SAID.answer_by, "received", "a" * 64), "section_55.document"),
    ],
)
def test_every_step_needs_a_day_that_can_be_true_and_a_document(verb: str, said: Said, code: str) -> None:
    assert code in [gap.code for gap in step_gaps(verb=verb, said=said, standing=STANDING, today=TODAY)]


@pytest.mark.parametrize("answer_by", [None, date(2022, 12, 19), date(2023, 2, 3)])
def test_the_chief_officer_is_given_a_day_within_the_fifty_six(answer_by: date | None) -> None:
    gaps = list(step_gaps(verb="invite", said=Said(SAID.on, "x", answer_by), standing=STANDING, today=TODAY))
    assert [gap.code for gap in gaps] == ["section_55.answer_by"]


def test_comments_are_not_prepared_without_the_chief_officer_s_before_the_day_that_was_set() -> None:
    standing = Standing(PUBLISHED, None, date(2023, 1, 6), (), ())
    early = Said(date(2023, 1, 5), "x", chief_officer="none_by_then")
    assert [gap.code for gap in step_gaps(verb="prepare", said=early, standing=standing, today=TODAY)] == ["section_55.too_early"]
    on_the_day = Said(date(2023, 1, 6), "x", chief_officer="none_by_then")
    assert list(step_gaps(verb="prepare", said=on_the_day, standing=standing, today=TODAY)) == []


def test_every_recommendation_is_explained_or_it_is_said_why_nothing_is_done() -> None:
    standing = Standing(PUBLISHED, None, None, ("AFI-1", "AFI-3"), ())
    gaps = list(step_gaps(verb="explain", said=SAID, standing=standing, today=TODAY))
    assert [gap.sentence.partition(":")[0] for gap in gaps] == ["AFI-1", "AFI-3"]


def test_what_is_published_is_a_reply_that_was_made_here() -> None:
    none = Standing(PUBLISHED, None, None, (), ())
    other = Standing(PUBLISHED, None, None, (), ("b" * 64,))
    assert [gap.code for gap in step_gaps(verb="publish", said=SAID, standing=none, today=TODAY)] == ["section_55.no_reply"]
    assert [gap.code for gap in step_gaps(verb="publish", said=SAID, standing=other, today=TODAY)] == ["section_55.paper"]


def test_the_timetable_says_who_and_by_when() -> None:
    rows = timetable(published=PUBLISHED, names={"local_policing_body": "Police and Crime Commissioner"})
    assert [row[0] for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert rows[5][2:] == ("Police and Crime Commissioner", "by 2 February 2023")
