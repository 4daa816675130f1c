"""Who was in which engagement is kept beside the links by the database: whatever is joined, undone or taken over, it says what they say."""

from __future__ import annotations

import random
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from lodestar.store.guard import writing
from lodestar.store.models import Engagement, EngagementPerson, Link, Person, Presence, Report
from tests.actions.conftest import NOW, Force

FILLED: str = import_module("lodestar.store.migrations.0030_presence").KEPT
COLUMNS = ("report_id", "person_id", "engagement_id", "happened_at", "role", "nature", "grading", "how", "rule")
Rows = list[tuple[Any, ...]]


def kept() -> Rows:
    return sorted(Presence.objects.values_list(*COLUMNS))


def should_be() -> Rows:
    """The same from the rows themselves, one by one."""
    found = []
    for stated in EngagementPerson.objects.select_related("engagement"):
        last = Link.objects.filter(report=stated.report_id).order_by("-number").first()
        if last and last.joined:
            grading, engagement = stated.grading or stated.engagement.grading, stated.engagement
            who = (stated.report_id, last.person_id, engagement.pk, engagement.happened_at)
            found.append((*who, stated.role, stated.nature, grading, last.how, last.rule))
    return sorted(found)


def an_engagement(number: int) -> Engagement:
    words = {"kind": "hospital", "source": "ENG", "mapping_version": "1", "precision": "minute", "door": "test", "raw_digest": ""}
    return Engagement.objects.create(
        external_id=f"E-{number}", happened_at=NOW, received_at=NOW, grading="B" * (number % 2), raw="", circumstances="", **words
    )


def a_report(number: int) -> Report:
    at = {"reported_at": NOW, "recorded_at": NOW}
    return Report.objects.create(source="ENG", external_id=f"R-{number}", door="test", raw="", raw_digest="", subject={}, **at)


def stating(report: Report, engagement: Engagement, number: int) -> EngagementPerson:
    said = {"role": "with", "nature": "fact", "grading": "A" * (number % 3)}
    return EngagementPerson(engagement=engagement, report=report, number=number, **said)


def joining(report: Report, person: Person, number: int, *, joined: bool) -> Link:
    how = "rule" if number == 1 else "person"
    return Link(report=report, person=person, number=number, joined=joined, how=how, rule="LINK-NATIONAL-ID" * (number == 1), at=NOW)


@pytest.mark.parametrize("seed", range(12))
def test_in_whatever_order_and_however_many_at_once_it_says_what_the_links_say(force: Force, seed: int) -> None:
    dice = random.Random(seed)
    del force
    with writing():
        people = [Person.objects.create(family_name=f"Vale{n}", district="north", created_at=NOW) for n in range(3)]
        engagements = [an_engagement(n) for n in range(3)]
        rows: list[Any] = []
        for number in range(16):
            report = a_report(number)
            links = [joining(report, dice.choice(people), n, joined=dice.random() < 0.7) for n in range(1, 1 + dice.randint(0, 4))]
            stated = [stating(report, dice.choice(engagements), 1 + number)] if dice.random() < 0.9 else []
            rows += [[stated, links], [links, stated], [links[:1], stated, links[1:]]][dice.randint(0, 2)]
        for some in rows:
            if some and dice.random() < 0.5:
                type(some[0])._default_manager.bulk_create(some)
            else:
                for one in some:
                    one.save()
            assert kept() == should_be()
    before = kept()
    assert before, "a world in which nobody was anywhere shows nothing"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM store_presence")
        cursor.execute(FILLED)
    assert kept() == before, "an upgrade makes the same of what is there"


def test_a_report_that_no_engagement_states_has_none(force: Force) -> None:
    force.report()
    assert Link.objects.exists()
    assert kept() == []
