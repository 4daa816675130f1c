"""Looking somebody up by how their name begins: the same answers from both databases, and never by reading everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product

import pytest
from django.db import connection

from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor, Grant, Reach, system_actor
from lodestar.core.reports.draft import Subject
from lodestar.store.guard import writing
from lodestar.store.models import Involvement, Matter, Person, User
from lodestar.store.queries import access, identity
from tests.actions.conftest import Force

NOW = datetime(2026, 6, 4, 8, 30, tzinfo=UTC)
MINA = Subject(given_name="Mina", family_name="Marsh", birth_date=date(2011, 5, 4))


def names(name: str, born: date | None = None) -> list[str]:
    found = identity.search(actor=system_actor("test"), name=name, birth_date=born)
    return [f"{row.given_name} {row.family_name}" for row in found]


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


def test_the_first_fifty_are_the_first_whom_one_may_read(force: Force) -> None:
    """Many of that name in another district hide nobody of one's own."""
    with writing():
        many = [Person(given_name="Ada", family_name="Marsh", district="north", created_at=NOW) for _ in range(60)]
        Person.objects.bulk_create([*many, Person(given_name="Zoe", family_name="Marsh", district="south", created_at=NOW)])
    actor = of_district("south")
    assert [row.given_name for row in identity.search(actor=actor, name="marsh", birth_date=None)] == ["Zoe"]


@pytest.mark.parametrize("reach", list(Reach))
@pytest.mark.parametrize("kinds", [None, frozenset({""}), frozenset({"missing"})])
def test_who_is_found_is_who_may_be_opened(force: Force, reach: Reach, kinds: frozenset[str] | None) -> None:
    """The condition on children says of each what their place says, for every reach."""
    cedar, birch = force.users["cedar"], force.users["birch"]
    for holder, is_open, named in product((cedar, birch, None), (True, False), (True, False)):
        about_a_child(holder=holder, is_open=is_open, named=named)
    actor = replace(of_district("south"), id=cedar.pk)
    (grant,) = actor.grants
    actor = replace(actor, grants=(replace(grant, reach=reach, kinds=kinds, places=frozenset({"south"})),))
    found = set(Person.objects.filter(access.children_in_reach(actor=actor, permission=P.PEOPLE_READ)))
    assert found == {row for row in Person.objects.all() if actor.may(P.PEOPLE_READ, access.place_of(row))}


def of_district(district: str) -> Actor:
    grant = Grant("sergeant", frozenset({P.PEOPLE_READ}), Reach.DISTRICT, frozenset({district}))
    return Actor(id=None, name="Sgt Ines Rowan", grants=(grant,))


def about_a_child(*, holder: User | None, is_open: bool, named: bool) -> None:
    """A child of the south and one of the north, and a matter about each that names the other where it does."""
    times = dict.fromkeys(("reported_at", "recorded_at", "opened_at"), NOW)
    told = {"role": "friend", "source": "x", "nature": "fact", "from_at": NOW, "recorded_at": NOW}
    one, other = a_child("south"), a_child("north")
    with writing():
        for person, companion in ((one, other), (other, one)):
            matter = Matter.objects.create(person=person, state="active", district="north", holder=holder, is_open=is_open, **times)
            if named:
                Involvement.objects.create(matter=matter, person=companion, **told)


def a_child(place: str) -> Person:
    with writing():
        return Person.objects.create(given_name="Mina", family_name="Marsh", district=place, authority=place, created_at=NOW)
