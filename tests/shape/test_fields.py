"""Nothing is stored that nobody has thought about, and what is history cannot be rewritten."""

from __future__ import annotations

import pytest
from django.db import connection

from lodestar.core.access.fields import MEANING, TABLES, FieldClass, Kept, Table
from lodestar.store.queries.describe import Described, tables

STORED = tables()


@pytest.mark.parametrize("stored", [pytest.param(stored, id=stored.label) for stored in STORED])
def test_every_field_has_a_class_and_every_class_a_field(stored: Described) -> None:
    assert stored.label in TABLES, f"{stored.label} is new. Class its fields in lodestar/core/access/fields.py."
    assert set(TABLES[stored.label].of()) == set(stored.fields)


def test_no_table_is_classed_that_is_not_there() -> None:
    assert TABLES.keys() == {stored.label for stored in STORED}


def test_a_field_stands_in_one_class() -> None:
    with pytest.raises(ValueError, match="name stands in two classes"):
        Table(Kept.HOUSE, public="id name", personal="name").of()


def test_every_length_of_keeping_says_what_removes_a_row() -> None:
    assert set(MEANING) == set(Kept)


def test_what_lets_somebody_in_is_secret() -> None:
    words = ("password", "secret", "token", "key_digest", "session_key")
    found = {(label, name): kind for label, table in TABLES.items() for name, kind in table.of().items() if name in words}
    assert len(found) >= 5
    assert set(found.values()) == {FieldClass.SECRET}


def test_what_the_audit_keeps_holds_nothing_about_a_child_s_life() -> None:
    kinds = {kind for label in ("store.AuditRow", "store.AuditSeal", "store.SealedRow") for kind in TABLES[label].of().values()}
    assert FieldClass.SENSITIVE not in kinds
    assert FieldClass.SECRET not in kinds


@pytest.mark.django_db
def test_the_database_refuses_to_change_every_table_that_is_written_once() -> None:
    asked = {
        "sqlite": "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT DISTINCT event_object_table FROM information_schema.triggers",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        guarded = {name for (name,) in cursor.fetchall()}
    assert guarded == {stored.label.casefold().replace(".", "_") for stored in STORED if stored.append_only}
