"""A child's page is whole however long the history is, and asks the database as often for a long one as for a short one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lodestar.core.access.permissions import Permission
from lodestar.core.matters.kinds import DESKS
from lodestar.store.guard import writing
from lodestar.store.models import AuditRow, Deed, Grade, Handover, Holding, Involvement, Matter, MatterStep, Mention, News, Person, Thing
from lodestar.store.queries import access
from tests.actions.conftest import HOUR, Force

PageOf = Callable[[str], Client]
ENTRY = 'class="moj-timeline__item"'


def child(district: str = "north") -> Person:
    with writing():
        return Person.objects.create(
            given_name="Mina", family_name="Marsh", name_key="marsh mina", district=district, created_at=timezone.now()
        )


def history(force: Force, person: Person, *, matters: int, deeds: int) -> datetime:
    """Matters of every desk in turn, with everything on each that a timeline tells; the child is named in every third only."""
    by, since = force.users["hazel"], timezone.now() - timedelta(days=400)
    other, kinds, moment = child(), list(DESKS), [since]

    def then() -> datetime:
        moment[0] += timedelta(hours=2)
        return moment[0]

    with writing():
        for number in range(matters):
            kind, about = kinds[number % len(kinds)], number % 3 < 2
            times = dict.fromkeys(("reported_at", "recorded_at", "opened_at"), then())
            matter = Matter.objects.create(
                kind=kind,
                person=person if about else other,
                state="reported",
                district="north",
                holder=by,
                is_open=number % 2 == 0,
                **times,
            )
            told(matter, by=by.pk, person=person, then=then)
            Deed.objects.bulk_create(
                Deed(
                    matter=matter,
                    code="review_recorded",
                    at=at,
                    recorded_at=at,
                    by=by,
                    detail={"found": f"Found {at:%d %b %H}", "plan": "Ring"},
                )
                for at in (then() for _ in range(deeds))
            )
    return moment[0]


def told(matter: Matter, *, by: int, person: Person, then: Callable[[], datetime]) -> None:
    """One of each line that is no deed."""
    at, said = then(), {"matter": matter, "by_id": by}
    MatterStep.objects.create(number=1, verb="open", target="reported", at=at, recorded_at=at, reason="x", **said)
    Grade.objects.create(
        number=1, level="high", list_code="x", list_hash="x", at=then(), rationale="Young", relied_on=["Mother"], steps_agreed="Ring",
        review_at=at, second_person_id=by, **said,
    )  # fmt: skip
    Holding.objects.create(matter=matter, number=1, user_id=by, from_at=then(), how="opened", because="On duty")
    Handover.objects.create(
        matter=matter, giver_id=by, receiver_id=by, offered_at=at, answered_at=then(), state="refused", answer_reason="Off duty soon"
    )
    News.objects.create(received_at=then(), from_whom="A friend", text="Seen in Tern Street", **said)
    Involvement.objects.create(
        person=person, role="friend", source="Her mother", nature="opinion", from_at=then(), recorded_at=at, until_at=None, **said
    )
    thing = Thing.objects.get_or_create(kind="phone", key="x", defaults={"value": "01632 960001", "created_at": at})[0]
    Mention.objects.create(thing=thing, said="Hers", source="School", nature="fact", at=then(), recorded_at=at, **said)


def queries_of(client: Client, path: str) -> tuple[int, str]:
    client.get(path)  # what is read once a process is not the page's
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(asked), answer.content.decode()


def test_the_page_asks_as_often_for_four_hundred_entries_on_many_desks_as_for_a_few(force: Force, page_of: PageOf) -> None:
    few, many = child(), child()
    history(force, few, matters=3, deeds=1)
    history(force, many, matters=12, deeds=50)
    hazel = page_of("hazel")
    short, page = queries_of(hazel, f"/people/{few.pk}/")
    long, whole = queries_of(hazel, f"/people/{many.pk}/")
    assert page.count(ENTRY) < 30 and whole.count(ENTRY) > 400, "or nothing was on trial"
    assert long == short


def test_every_entry_is_on_the_page_newest_first_and_what_is_judged_is_marked(force: Force, page_of: PageOf) -> None:
    person = child()
    history(force, person, matters=12, deeds=50)
    about = 8  # of twelve; in the rest the child is only named
    body = page_of("hazel").get(f"/people/{person.pk}/").content.decode()
    assert body.count(ENTRY) == about * (50 + 7) + (12 - about)
    times = [datetime.fromisoformat(text) for text in re.findall(r'<time datetime="([^"]+)">', body)]
    assert times == sorted(times, reverse=True) and len(times) == body.count(ENTRY)
    entries = body.split(ENTRY)[1:]
    opinions = [entry for entry in entries if ">Opinion</strong>" in entry]
    assert len(opinions) == about + 12, "each grade, and each thing said of the child as an opinion"
    assert all("Graded" in entry or "Friend" in entry or "friend" in entry for entry in opinions)
    assert all("Sgt Tom Hazel" in entry or "answers from here" in entry for entry in entries)
    assert all(re.search(r'href="/matters/\d+/">', entry) for entry in entries)


def test_somebody_who_looks_all_day_hides_nobody_who_looked_before(force: Force, page_of: PageOf) -> None:
    person, at = child(), timezone.now() - 5 * HOUR
    history(force, person, matters=1, deeds=1)
    row = {"verb": "person.seen", "outcome": "seen", "door": "web", "subject_kind": "person", "subject_id": str(person.pk), "detail": {}}
    looks = [("Sgt Maud Alder", at)] + [("Sgt Nell Cedar", at + timedelta(seconds=place)) for place in range(1, 700)]
    with writing():
        AuditRow.objects.bulk_create(AuditRow(at=when, actor_name=who, **row) for who, when in looks)
    body = page_of("hazel").get(f"/people/{person.pk}/").content.decode().split("Who has looked")[1]
    assert body.count("Sgt Maud Alder") == body.count("Sgt Nell Cedar") == body.count("Sgt Tom Hazel") == 1


@pytest.mark.parametrize("named", [False, True])
def test_a_child_is_in_reach_of_whoever_holds_what_is_open_about_them_or_names_them(force: Force, named: bool) -> None:
    person, other = child("south"), child("south")
    cedar, times = force.users["cedar"], dict.fromkeys(("reported_at", "recorded_at", "opened_at"), timezone.now())
    actor = force.actor("cedar", timezone.now())
    with writing():
        matter = Matter.objects.create(person=other if named else person, state="active", district="south", holder=cedar, **times)
        if named:
            Involvement.objects.create(
                matter=matter, person=person, role="friend", source="x", nature="fact", from_at=timezone.now(), recorded_at=timezone.now()
            )
    assert actor.may(Permission.PEOPLE_READ, access.place_of(person))
    with writing():
        Matter.objects.filter(pk=matter.pk).update(is_open=False)
    assert not actor.may(Permission.PEOPLE_READ, access.place_of(person))
