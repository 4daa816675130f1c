"""Statements that nobody waits for go with the next thing asked: in order, seen by whatever is asked, and refused as any other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lodestar.store.guard import writing
from lodestar.store.inserting import insert_together
from lodestar.store.models import Change, District
from lodestar.store.queries.journeys import put, send, together
from lodestar.store.queries.plain_sql import ask_planned, put_planned

NOW = datetime(2026, 6, 4, 9, 32, tzinfo=UTC)
COUNTED = "SELECT count(*) FROM store_change WHERE what LIKE %s"
pytestmark = pytest.mark.django_db


def change(what: str | None) -> None:
    with writing():
        insert_together([Change(matter_id=None, what=what, at=NOW)])


def kept() -> list[str]:
    return list(Change.objects.order_by("pk").values_list("what", flat=True))


def test_what_waits_is_seen_by_whatever_is_asked_next_and_costs_no_journey_of_its_own() -> None:
    change("told before, so that its words are")
    ask_planned("counted_changes", COUNTED, ["100%"])
    with together(), CaptureQueriesContext(connection) as asked:
        change("it's 100% \\ {}")
        change("%s")
        assert ask_planned("counted_changes", COUNTED, ["%"]) == [(3,)]
        change("last")
        assert Change.objects.filter(what="last").exists()
    if connection.vendor == "postgresql":
        assert len(asked) == 2
    assert kept()[1:] == ["it's 100% \\ {}", "%s", "last"]


def test_each_of_several_questions_gets_its_own_answer_whichever_is_read_first() -> None:
    with together():
        change("a")
        first = put_planned("counted_changes", COUNTED, ["%"])
        change("b")
        second, third = put_planned("counted_changes", COUNTED, ["%"]), put("SELECT 7 WHERE 1 = 0", ())
        assert [second.rows(), third.rows(), first.rows()] == [[(2,)], [], [(1,)]]
        assert first.rows() == [(1,)], "it is asked once"


def test_words_without_places_and_rows_read_some_at_a_time_are_carried_too() -> None:
    with together():
        change("a%b")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM store_change WHERE what LIKE 'a%b'")
            assert cursor.fetchall() == [(1,)]
        change("c")
        assert [row.what for row in Change.objects.order_by("pk").iterator(chunk_size=1)] == ["a%b", "c"]


def test_a_block_within_a_block_comes_after_what_waited_before_it() -> None:
    with together():
        change("outer")
        with together():
            change("inner")
        change("after")
        assert Change.objects.filter(what="after").exists()
    assert kept() == ["outer", "inner", "after"]


def told_and_failing(what: str) -> None:
    change(what)
    raise RuntimeError


def refused() -> None:
    """Something that the database refuses, and a question that it goes with where it waits."""
    change("first")
    change(None)
    District.objects.count()


def test_what_waits_when_the_block_fails_is_never_sent_and_what_a_savepoint_takes_back_is_gone() -> None:
    with pytest.raises(RuntimeError), transaction.atomic(), together():
        told_and_failing("never")
    with transaction.atomic(), together():
        change("before")
        with pytest.raises(RuntimeError), transaction.atomic():
            told_and_failing("taken back")
        change("after")
    assert kept() == ["before", "after"]


def told_around_what_is_refused() -> None:
    """In one journey on PostgreSQL."""
    for what in ("before", None, "after"):
        change(what)
    send()


def test_what_the_database_refuses_is_raised_where_the_journey_is_made_and_takes_its_transaction_with_it() -> None:
    with pytest.raises(DatabaseError, match="what"), transaction.atomic(), together():
        refused()
    with pytest.raises(IntegrityError), transaction.atomic(), together():
        told_around_what_is_refused()
    with transaction.atomic(), together():
        with pytest.raises(IntegrityError), transaction.atomic():
            change(None)
        change("whole")
        send()
    assert kept() == ["whole"]
