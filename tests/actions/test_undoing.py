"""A join undone leaves the record as it would have been had the join never been made: every field, identifier and statement of both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lodestar.actions import people
from lodestar.core.reports.draft import Subject
from lodestar.store.models import Link, Person, PersonKey, Report
from lodestar.store.queries import linking, linking_rows
from tests.actions.conftest import HOUR, NOW, Force

NUMBER = "9434765919"
WHO = {"given_name": "Mina", "family_name": "Marsh", "birth_date": date(2011, 5, 4), "keys": {"nhs_number": NUMBER}}
FIELDS = ("given_name", "family_name", "birth_date", "sex", "address", "postcode", "phone", "looked_after", "authority", "name_key")
Held = tuple[list[Any], list[Any], list[tuple[str, str, str]]]
FULL = {"postcode": "ZZ1 2AB", "phone": "07700 900123", "sex": "female", "keys": {"nhs_number": NUMBER, "upn": "H801200001001"}}


def arrive(force: Force, number: int, **said: Any) -> Report:
    at = NOW + number * HOUR
    force.report(at, external_id=f"R-{number}", subject=Subject(**{**WHO, **said}), since_from=at - HOUR, since_to=at - HOUR)
    return Report.objects.get(external_id=f"R-{number}")


def everybody() -> list[Held]:
    """Everybody on record as the record holds them, without the numbers that the database gives."""
    found: list[Held] = []
    joined = linking.joined_now(Report.objects.values("pk"))
    names = dict(Report.objects.values_list("pk", "external_id"))
    for person in Person.objects.filter(pk__in=joined.values()):
        keys = sorted(PersonKey.objects.filter(person=person, ended_at=None).values_list("scheme", "value", "issuer"))
        statements = sorted(
            (names[int(one.id[1:])], one.columns) for one in linking.live_statements(linking_rows.holders([person.pk]))[person.pk]
        )
        found.append((statements, [getattr(person, name) for name in FIELDS], keys))
    return sorted(found, key=str)


def without_trace(world: Callable[[], object]) -> list[Held]:
    """Everybody in a world that is taken back again."""
    point = transaction.savepoint()
    world()
    found = everybody()
    transaction.savepoint_rollback(point)
    return found


@pytest.mark.parametrize(
    ("before", "wrong", "after"),
    [({}, FULL, {}), ({"phone": "07700 900456"}, FULL, {"postcode": "ZZ3 4CD"}), (FULL, {"postcode": "ZZ1 2AB"}, FULL)],
    ids=["it gave what nobody else states", "another gave some of it since", "it gave nothing new"],
)
def test_an_undone_join_leaves_what_would_have_been_had_it_never_been_made(
    force: Force, before: dict[str, Any], wrong: dict[str, Any], after: dict[str, Any]
) -> None:
    (never,) = without_trace(lambda: (arrive(force, 1, **before), arrive(force, 3, **after)))
    ((said, fields, keys),) = without_trace(lambda: arrive(force, 2, **wrong))
    alone = (
        said,
        fields,
        [key for key in keys if key not in never[2]],
    )  # an identifier is one person's: it stays with whoever others gave it
    arrive(force, 1, **before)
    report = arrive(force, 2, **wrong)
    arrive(force, 3, **after)
    assert Link.objects.filter(joined=True).values("person").distinct().count() == 1, "all three were joined"
    people.undo_link(actor=force.actor("holly", NOW + 4 * HOUR), report_id=report.pk, reason="A cousin", now=NOW + 4 * HOUR)
    assert everybody() == sorted([never, alone], key=str)


def test_an_undone_join_makes_few_journeys_to_the_database(force: Force) -> None:
    arrive(force, 1)
    reports = [arrive(force, number) for number in (2, 3)]
    holly = force.actor("holly", NOW + 4 * HOUR)
    for report in reports:  # at the second whatever is asked was put into words and planned
        with CaptureQueriesContext(connection) as asked:
            people.undo_link(actor=holly, report_id=report.pk, reason="A cousin", now=NOW + 4 * HOUR)
    made = [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    most = 24 if connection.vendor == "postgresql" else 64  # SQLite makes no journeys: each question counts
    assert len(made) <= most, "the report was on the search for somebody else: it has a search of its own now, and two people are told"
