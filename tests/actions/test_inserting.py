"""Rows are put into tables in words that are kept: what stands there is what was given, however many and whatever came before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from lodestar.store.guard import WriteOutsideAction, writing
from lodestar.store.inserting import insert_together, insert_values
from lodestar.store.models import AuditRow, Change, Person

NOW = datetime(2026, 6, 4, 9, 32, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def row(name: str, **detail: object) -> AuditRow:
    return AuditRow(at=NOW, actor_name=name, door="test", verb="tested", detail=detail)


def stands() -> list[tuple[object, ...]]:
    return list(AuditRow.objects.order_by("pk").values_list("pk", "at", "actor_id", "actor_name", "detail"))


def test_one_row_after_another_and_many_at_once_stand_as_they_were_given_with_their_numbers() -> None:
    given = [row("O'Neill %s"), row("100%", deep={"a": [1, None, "ü"]}), row("{x,y}", quote='"\\'), row("")]
    with writing():
        for one in given[:2]:
            one.save(force_insert=True)
        AuditRow.objects.bulk_create(given[2:])
        AuditRow.objects.bulk_create([last := row("last")])
    assert stands() == [(one.pk, NOW, None, one.actor_name, one.detail) for one in (*given, last)]
    assert sorted({one.pk for one in given}) == [one.pk for one in given]


def test_a_row_costs_one_statement_and_what_the_database_refuses_is_refused_by_its_own_name() -> None:
    with writing():
        for name in ("first", "second"):
            with CaptureQueriesContext(connection) as asked:
                row(name).save(force_insert=True)
            assert len(asked) == 1
        with pytest.raises(DatabaseError, match="what"), transaction.atomic():
            Change(matter_id=None, what=None, at=NOW).save(force_insert=True)
        row("third").save(force_insert=True)
    assert [name for _, _, _, name, _ in stands()] == ["first", "second", "third"]


def test_a_value_that_the_database_works_out_is_left_to_django_and_nothing_is_written_outside_an_action() -> None:
    told = Person(given_name=F("family_name"), family_name="Marsh", name_key="", created_at=NOW)
    with writing(), pytest.raises(ValueError, match="F\\(\\)"), transaction.atomic():
        told.save(force_insert=True)
    with pytest.raises(WriteOutsideAction):
        row("nobody").save(force_insert=True)
    with pytest.raises(WriteOutsideAction):
        AuditRow.objects.bulk_create([row("nobody")])
    assert stands() == []


def test_rows_of_several_kinds_are_written_together_in_the_order_given_or_not_at_all() -> None:
    def given() -> list[AuditRow | Change]:
        return [row("one"), Change(matter_id=None, what="it's 100%", at=NOW), row("two", n=1), Change(matter_id=None, what="b", at=NOW)]

    with pytest.raises(WriteOutsideAction):
        insert_together(given())
    with writing():
        for _ in range(2):
            insert_together(given())
        insert_together([])
        with pytest.raises(DatabaseError, match="what"), transaction.atomic():
            insert_together([row("three"), Change(matter_id=None, what=None, at=NOW)])
        insert_together([row("four")])
    assert [(name, detail) for *_, name, detail in stands()] == [("one", {}), ("two", {"n": 1})] * 2 + [("four", {})]
    assert list(Change.objects.order_by("pk").values_list("what", "at")) == [("it's 100%", NOW), ("b", NOW)] * 2


def test_rows_told_by_plain_values_stand_as_rows_do_one_or_many_or_none() -> None:
    with writing():
        insert_values(Change, [{"matter_id": None, "what": "it's {100%}", "at": NOW}])
        insert_values(Change, [{"matter_id": None, "what": what, "at": NOW} for what in ("b", "", 'c "\\')])
        insert_values(Change, [])
    assert list(Change.objects.order_by("pk").values_list("what", "at")) == [(what, NOW) for what in ("it's {100%}", "b", "", 'c "\\')]
    with pytest.raises(WriteOutsideAction):
        insert_values(Change, [{"matter_id": None, "what": "nobody", "at": NOW}])
