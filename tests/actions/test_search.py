"""Looking somebody up by how their name begins: the same answers from both databases, and never by reading everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from lodestar.core.reports.draft import Subject
from lodestar.store.queries import identity
from tests.actions.conftest import Force

MINA = Subject(given_name="Mina", family_name="Marsh", birth_date=date(2011, 5, 4))


def names(name: str, born: date | None = None) -> list[str]:
    return [f"{row.given_name} {row.family_name}" for row in identity.search(name=name, birth_date=born)]


def test_each_word_begins_one_of_the_names_whatever_its_case(force: Force) -> None:
    for number, (given, family) in enumerate((("Mina", "Marsh"), ("Marta", "Quill"), ("Ivo", "Marshall"), ("Ann_a", "O'Hara"))):
        force.report(external_id=f"R-{number}", subject=replace(MINA, given_name=given, family_name=family))
    assert names("MAR") == ["Mina Marsh", "Ivo Marshall", "Marta Quill"]
    assert names("mar mi") == ["Mina Marsh"]
    assert names("arsh") == names("%") == names("M_") == []
    assert names("ann_") == names("o'h") == ["Ann_a O'Hara"]
    assert names("mina", date(2011, 5, 4)) == ["Mina Marsh"]
    assert names("mina", date(2011, 5, 5)) == names("") == []


@pytest.mark.django_db
def test_it_is_answered_from_an_index_of_each_name() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a table of nobody is read whole otherwise
        plan = identity.named(name="mar mi", birth_date=None).explain()
    for index in ("person_begins_given_name", "person_begins_family_name"):
        assert index in plan, plan
