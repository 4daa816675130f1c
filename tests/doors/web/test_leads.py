"""The pages of leads, networks and looking somebody up: what each shows, to whom, and what it leaves in the audit."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from django.test import Client
from django.utils import timezone

from lodestar.actions import leads
from lodestar.core.access.scope import system_actor
from lodestar.core.networks.facts import PERSON, Node
from lodestar.doors.web.forms.fields import typed
from lodestar.store.models import AuditRow, Lead, Matter, Notice, Person, Task, Thing
from lodestar.store.queries import networks
from lodestar.store.queries.presences import Limits
from tests.actions.conftest import Force
from tests.actions.networking import a_man_and_three_children

PageOf = Callable[[str], Client]
SYSTEM = system_actor("test")


def raised(force: Force) -> tuple[list[Matter], Lead]:
    now = timezone.now()
    made = a_man_and_three_children(force, now)
    leads.look(actor=SYSTEM, now=now)
    return made, Lead.objects.get(kind="adult")


def test_the_list_the_lead_and_the_network_open_for_the_hub_and_are_not_there_for_others(force: Force, page_of: PageOf) -> None:
    made, lead = raised(force)
    hotel = Thing.objects.get(kind="place")
    paths = ["/leads/", f"/leads/{lead.pk}/", f"/people/{made[0].person_id}/network/", f"/things/{hotel.pk}/network/"]
    paths += [f"/leads/{lead.pk}/accept/", f"/leads/{lead.pk}/dismiss/", f"/things/{hotel.pk}/what/"]
    hazel = page_of("hazel")
    assert [hazel.get(path).status_code for path in paths] == [200] * len(paths)
    for who in ("alder", "ivy", "rowan", "lime", "oak", "ash"):
        client = page_of(who)
        assert [client.get(path).status_code for path in paths] == [404] * len(paths), who
    holly = page_of("holly")
    assert [holly.get(path).status_code for path in paths] == [200, 200, 200, 200, 404, 404, 404]
    assert hazel.get("/leads/999999/").status_code == 404
    assert hazel.get("/things/999999/network/").status_code == 404


def test_a_lead_s_page_says_why_and_its_picture_and_list_hold_the_same_records(force: Force, page_of: PageOf) -> None:
    _, lead = raised(force)
    text = page_of("hazel").get(f"/leads/{lead.pk}/").content.decode()
    for said in (lead.reason, "Denis CrakeVale", "Nell Vale", "How often each is met at all", "Now, and the year before"):
        assert said in text, said
    drawn = Tree.fromstring(text[text.index("<svg") : text.index("</svg>") + len("</svg>")])
    assert drawn.find("title") is not None
    assert drawn.find("desc") is not None
    in_picture = {title.text for title in drawn.iter("title") if title.text and title.text.startswith(("M-", "E-"))}
    events = {event for words in in_picture for event in words.split(", ")}
    assert events == set(lead.facts["events"])
    assert all(f"/matters/{event[2:]}/" in text for event in events)


def test_the_notice_of_a_lead_leads_to_it(force: Force, page_of: PageOf) -> None:
    _, lead = raised(force)
    notice = Notice.objects.get(kind="lead", subject_id=lead.pk)
    answer = page_of(lead.owner.username).post(f"/notices/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/leads/{lead.pk}/")


def test_reading_a_network_leaves_whom_it_named(force: Force, page_of: PageOf) -> None:
    made, _ = raised(force)
    page_of("hazel").get(f"/people/{made[0].person_id}/network/")
    opened, row = AuditRow.objects.filter(verb__in=("person.seen", "network.seen")).order_by("-pk")[:2][::-1]
    assert (opened.verb, opened.subject_kind, opened.subject_id) == ("person.seen", "person", str(made[0].person_id))
    assert (row.verb, row.subject_kind, row.outcome) == ("network.seen", "person", "seen")
    assert made[0].person_id in row.detail["ids"]
    assert row.detail["of"] == f"person {made[0].person_id}"


def test_a_network_begins_with_the_newest_of_each_step_says_so_and_leads_further_back(
    force: Force, page_of: PageOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, lead = raised(force)
    path, hazel = f"/people/{lead.person_id}/network/", page_of("hazel")
    whole = hazel.get(path).content.decode()
    assert "Read further back" not in whole, "all of it is there"
    monkeypatch.setattr(networks, "FIRST", Limits(1, 200))
    first = hazel.get(path).content.decode()
    assert "There is more than is read here: the newest comes first." in first
    assert "These are the newest of each step, and there are more." in first
    assert "They count what is read here, and there is more." in first
    assert 0 < first.count('data-label="Record"') < whole.count('data-label="Record"')
    assert first.count('href="?further=1"') == 2, "above the picture and beneath the list"
    assert hazel.get(f"{path}?further=1").content.decode() == whole
    named = AuditRow.objects.filter(verb="network.seen").order_by("-pk")[:2]
    assert set(named[1].detail["ids"]) < set(named[0].detail["ids"]), "on record is whom each of them named"


def test_a_chain_is_looked_for_as_far_back_as_is_ever_read(force: Force, page_of: PageOf, monkeypatch: pytest.MonkeyPatch) -> None:
    made, lead = raised(force)
    path, hazel = f"/people/{made[2].person_id}/network/?to=person-{lead.person_id}", page_of("hazel")
    monkeypatch.setattr(networks, "FIRST", Limits(1, 200))
    text = hazel.get(path).content.decode()
    assert "No chain of three links" not in text
    further = re.search(r'href="(\?further=1[^"]*)"', text)
    assert further, "what stands around the chain is the newest"
    assert "Shortest chain" in hazel.get(path.partition("?")[0] + unescape(further[1])).content.decode()


def test_whoever_may_not_see_everything_is_read_further_at_once(force: Force, monkeypatch: pytest.MonkeyPatch) -> None:
    _, lead = raised(force)
    at = timezone.now()
    centre, rules = [Node(PERSON, lead.person_id)], networks.rules(at=at)
    monkeypatch.setattr(networks, "FIRST", Limits(1, 200))
    read = {name: networks.network(centre=centre, at=at, rules=rules, actor=force.actor(name), further=False) for name in ("hazel", "fir")}
    assert (read["hazel"].further, read["hazel"].capped) == (False, True)
    assert (read["fir"].further, read["fir"].capped) == (True, False), "what is out of reach is left out of what was read"


def test_without_its_audit_no_network_is_shown(force: Force, page_of: PageOf, broken_audit: Callable[[], Any]) -> None:
    made, lead = raised(force)
    hotel = Thing.objects.get(kind="place")
    hazel = page_of("hazel")
    with broken_audit():
        for path in (f"/people/{made[0].person_id}/network/", f"/things/{hotel.pk}/network/"):
            answer = hazel.get(path)
            assert answer.status_code == 503
            assert lead.person.family_name not in answer.content.decode()


def test_a_record_out_of_reach_and_one_that_is_not_there_look_the_same_for_a_network(force: Force, page_of: PageOf) -> None:
    raised(force)
    hazel = page_of("hazel")
    assert hazel.get("/people/999999/network/").status_code == 404
    refused = AuditRow.objects.filter(verb="person.seen", outcome="refused").get()
    assert refused.detail == {"codes": ["not_visible"]}
    assert not AuditRow.objects.filter(verb="network.seen", detail__of="person 999999").exists()
    for number in (0, 2**63 - 1, 2**63, 10**30):
        assert {hazel.get(f"/{what}/{number}/network/").status_code for what in ("people", "things")} == {404}


def test_what_was_asked_before_it_was_known_who_asks_is_shown_to_nobody_else(force: Force, page_of: PageOf) -> None:
    made, lead = raised(force)
    path, pages = f"/people/{made[0].person_id}/network/", {name: page_of(name) for name in ("hazel", "fir", "rowan")}
    first = {name: (page.get(path).status_code, page.get("/account/").status_code) for name, page in pages.items()}
    assert first["hazel"] == (200, 200)
    again = {name: page.get(path) for name, page in pages.items()}  # now each is asked for with the session
    assert {name: answer.status_code for name, answer in again.items()} == {name: code for name, (code, _) in first.items()}
    assert lead.person.family_name in again["hazel"].content.decode()
    assert not any(lead.person.family_name in again[name].content.decode() for name in pages if first[name][0] == 404)


def test_the_shortest_chain_is_shown_with_its_records(force: Force, page_of: PageOf) -> None:
    made, lead = raised(force)
    text = page_of("hazel").get(f"/people/{made[2].person_id}/network/?to=person-{lead.person_id}").content.decode()
    assert "Shortest chain" in text
    assert "No chain of three links" not in text
    assert page_of("hazel").get(f"/people/{made[2].person_id}/network/?to=person-999999").status_code == 200
    assert page_of("hazel").get(f"/people/{made[2].person_id}/network/?to=nonsense").status_code == 200


def test_accepting_needs_every_answer_and_makes_a_task(force: Force, page_of: PageOf) -> None:
    made, lead = raised(force)
    hazel = page_of("hazel")
    refused = hazel.post(f"/leads/{lead.pk}/accept/", {"seen_version": lead.version})
    assert refused.status_code == 422
    answers = {
        "seen_version": lead.version,
        "becomes": f"matter-{made[0].pk}",
        "kind": "disruption_visit",
        "detail": "Visit him",
        "due_at": typed(timezone.now() + timedelta(days=1)),
        "reason": "Two agencies name him",
    }
    stale = hazel.post(f"/leads/{lead.pk}/accept/", {**answers, "seen_version": 99})
    assert stale.status_code == 409
    done = hazel.post(f"/leads/{lead.pk}/accept/", answers)
    task = Task.objects.get(detail__startswith=f"Lead {lead.pk}")
    assert (done.status_code, done["Location"]) == (302, f"/tasks/{task.pk}/")
    assert hazel.get(f"/leads/{lead.pk}/accept/").status_code == 404
    assert "Two agencies name him" in hazel.get("/leads/").content.decode()


def test_a_missed_action_is_shown_child_by_child_with_its_record_and_what_is_on_it(force: Force, page_of: PageOf) -> None:
    made, _ = raised(force)
    lead = Lead.objects.get(kind="missed", key="missed:MIS-CHILDRENS-SERVICES:district:north")
    text = page_of("hazel").get(f"/leads/{lead.pk}/").content.decode()
    for said in ("What was missed, the earliest first", "Nell Vale", "nothing", "1 time, missed 1", "A year before"):
        assert said in text, said
    assert "<svg viewBox" not in text, "nobody is drawn as linked by it"
    gone = [event.removeprefix("M-") for event in lead.facts["events"]]
    assert len(gone) == len(made)
    assert all(f'href="/matters/{number}/"' in text for number in gone)
    assert f'href="/leads/{lead.pk}/"' in page_of("hazel").get("/leads/").content.decode()


def test_a_dismissed_lead_keeps_its_reason(force: Force, page_of: PageOf) -> None:
    _, lead = raised(force)
    done = page_of("hazel").post(f"/leads/{lead.pk}/dismiss/", {"seen_version": lead.version, "reason": "He is the porter"})
    assert done.status_code == 302
    assert "He is the porter" in page_of("holly").get("/leads/").content.decode()


def test_somebody_is_looked_up_in_the_body_and_the_answer_opens_a_report_with_what_is_held(force: Force, page_of: PageOf) -> None:
    made, _ = raised(force)
    ivy = page_of("ivy")
    assert "Do we know this child?" in ivy.get("/look-up/").content.decode()
    text = ivy.post("/look-up/", {"text": "nell vale 15"}).content.decode()
    assert "Missing now" in text
    assert f"/people/{made[0].person_id}/report/" in text
    live = ivy.post("/look-up/live/", {"text": "nell vale"}).content.decode()
    assert "Nell Vale" in live
    assert "<html" not in live
    assert ivy.get("/look-up/live/").status_code == 405
    form = ivy.get(f"/people/{made[0].person_id}/report/").content.decode()
    assert 'value="Nell"' in form
    assert 'action="/reports/new/"' in form


def test_an_officer_on_the_street_is_told_that_a_child_is_known_and_nothing_else(force: Force, page_of: PageOf) -> None:
    made, _ = raised(force)
    born = Person.objects.get(pk=made[0].person_id).birth_date
    assert born is not None
    text = page_of("rowan").post("/look-up/", {"text": f"nell vale {born:%d/%m/%Y}"}).content.decode()
    assert "Known; ask the hub." in text
    assert "Nell" not in text.split('id="answer"')[1].replace("name, Nell", "")
    assert page_of("rowan").get(f"/people/{made[0].person_id}/report/").status_code == 404
    assert page_of("oak").get("/look-up/").status_code == 404
