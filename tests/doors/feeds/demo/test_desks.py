"""Every matter of the demonstration's desks could have been recorded deed by deed under the rules; the figures are the published ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client

from lodestar.core.access.scope import system_actor
from lodestar.core.matters import deeds as gate
from lodestar.core.matters.desk import Attempt, Story
from lodestar.core.matters.kinds import DESKS, deed_kind
from lodestar.core.matters.replay import known_at, step
from lodestar.core.words import Allowed
from lodestar.doors.feeds.demo.demo import Demo
from lodestar.doors.feeds.demo.generate import generate
from lodestar.doors.feeds.demo.loading import load
from lodestar.store.models import Matter, Obligation, User
from lodestar.store.queries import desks
from lodestar.store.queries.exploitation import exploitation_desk
from lodestar.store.queries.stories import stories_of

AS_OF = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo() -> Demo:
    return generate(seed=20261123, as_of=AS_OF, scale=0.1)


@pytest.fixture
def loaded(db: None, demo: Demo) -> list[Matter]:
    load(demo=demo, actor=system_actor("demo"), now=AS_OF, say=lambda _: None)
    return list(Matter.objects.exclude(kind="missing").select_related("person"))


def refused(matter: Matter, story: Story) -> list[str]:
    """What the rules say against each deed, in the order it was recorded."""
    told = DESKS[matter.kind]
    now = replace(
        story, state=told.lifecycle.initial, done=(), level="", closed_at=None, owed=frozenset(), late=frozenset(), soon=frozenset()
    )
    found: list[str] = []
    for deed in story.done:
        now = replace(now, involved=known_at(story, deed.at))
        if deed.code == "graded":
            found += [refusal.code for refusal in told.refuse_grade(now)]
            now = replace(now, level=deed.said["level"])
        else:
            kind = deed_kind(kind=matter.kind, code=deed.code)
            assert kind is not None
            verdict = gate.record(kind=kind, state=now.state, at=deed.at, said=deed.said, opened_at=matter.reported_at, now=deed.at)
            found += [] if isinstance(verdict, Allowed) else [refusal.code for refusal in verdict]
            found += [refusal.code for refusal in told.refuse(Attempt(now, deed.code, deed.said, deed.at, deed.by, deed.at))]
        now = replace(now, done=(*now.done, deed))
        verbs = told.follow(now, deed).verbs
        for verb in ("grade", *verbs) if deed.code == "graded" else verbs:
            now, _ = step(told, now, verb, deed)
    return found


def test_no_deed_of_any_desk_is_one_that_the_rules_refuse(loaded: list[Matter]) -> None:
    stories = stories_of(loaded, at=AS_OF)
    against = Counter((matter.kind, code) for matter in loaded for code in refused(matter, stories[matter.pk]))
    assert against == Counter()
    assert {matter.kind for matter in loaded} == {"online", "custody", "exploitation"}


def test_each_open_matter_of_a_desk_has_one_person_and_something_owed_or_agreed(loaded: list[Matter]) -> None:
    for matter in loaded:
        assert matter.holder_id is not None
        if matter.is_open:
            assert matter.next_owed
            assert matter.tier_reason


def test_the_case_of_march_2016_stands_still_with_its_alarm_raised(loaded: list[Matter]) -> None:
    (old,) = [matter for matter in loaded if matter.reported_at.year == 2016]
    alarm = Obligation.objects.get(matter=old, rule="ONL-DORMANT", is_open=True)
    assert alarm.due_at < AS_OF
    assert alarm.breach.fell_due_at == alarm.due_at


def test_the_online_backlog_adds_up(loaded: list[Matter]) -> None:
    found = desks.online_backlog(actor=system_actor("test"), at=AS_OF)
    assert found.flow.balances
    assert sum(found.flow.closing.values()) == len(found.cases) == sum(m.kind == "online" and m.is_open for m in loaded)


def test_the_exploitation_desk_shows_every_open_record_and_what_waits(loaded: list[Matter], client: Client) -> None:
    records = {matter.pk for matter in loaded if matter.kind == "exploitation" and matter.is_open}
    found = exploitation_desk(actor=system_actor("test"), at=AS_OF)
    assert {line.matter.pk for line in found.children} == records
    assert found.waiting
    assert found.plans
    assert {notice.standing for _, notice in found.notices} == {"in_force"}
    officer = User.objects.filter(grants__role="hub_officer").first()
    assert officer is not None
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/desks/exploitation/").content.decode()
    for matter, notice in found.notices:
        assert notice.deed.said["reference"] in page
        assert matter.reference in page
    assert page.count("Weigh it") == len(found.waiting)


@pytest.mark.django_db
def test_the_year_from_charge_to_a_bed_is_the_published_one() -> None:
    load(demo=generate(seed=20261123, as_of=AS_OF), actor=system_actor("demo"), now=AS_OF, say=lambda _: None)
    found = desks.custody_desk(actor=system_actor("test"), at=AS_OF)
    kept = set(found.year.ids("refused_bail"))
    waiting = {held.matter.reference for held in found.held}
    assert len(kept - waiting) == 48
    assert len(set(found.year.ids("requested")) - waiting) == 33
    assert found.year.count("moved") == 2
    assert found.year.count("straight_to_court") + found.year.count("no_request") == 15
    assert len(found.asked) == 1
