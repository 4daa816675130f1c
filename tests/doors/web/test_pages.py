"""Every page opens for those who may see it, and is not there for those who may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lodestar.actions import tasks
from lodestar.store.models import Matter, Task
from tests.actions.conftest import Force

PageOf = Callable[[str], Client]


@pytest.fixture
def matter(force: Force) -> Matter:
    """A graded matter with a task, reported an hour ago."""
    at = timezone.now() - timedelta(hours=1)
    found = force.report(at=at, since_from=at, since_to=at)
    force.grade(found, at=at)
    tasks.ask_for_task(
        actor=force.actor("alder", at),
        matter_id=found.pk,
        kind="premises_search",
        detail="The house and the garden",
        earliest_at=at,
        due_at=at + timedelta(hours=6),
        now=at,
    )
    found.refresh_from_db()
    return found


OPEN_TO_HUB = (
    "/board/",
    "/duty-list/",
    "/reports/new/",
    "/reports/new/reporter/",
    "/reports/new/child/",
    "/reports/new/happened/",
    "/reports/new/risk/",
    "/people/",
    "/who-is-this/",
    "/files/",
    "/rows/",
    "/owed/",
    "/owed/?view=7d",
    "/duty/",
    "/duty/reviews/",
    "/duty/roster/",
    "/tasks/",
    "/tasking/",
    "/measures/",
    "/notices/",
    "/account/",
    "/privacy/",
    "/sign-in/2fa/",
)


@pytest.mark.parametrize("path", OPEN_TO_HUB)
def test_the_hub_sergeant_can_open(path: str, page_of: PageOf, matter: Matter) -> None:
    answer = page_of("hazel").get(path)
    assert answer.status_code == 200, path
    assert b"<h1" in answer.content


MATTER_PAGES = ("", "grade/", "locate/", "news/", "void/", "transfer/", "task/", "done/told_children_services/", "done/review_recorded/")


@pytest.mark.parametrize("page", MATTER_PAGES)
def test_a_matter_and_its_steps_open(page: str, page_of: PageOf, matter: Matter) -> None:
    answer = page_of("hazel").get(f"/matters/{matter.pk}/{page}")
    assert answer.status_code == 200
    assert b"Marsh" in answer.content


def test_the_first_page_of_the_hub_sergeant_is_the_board_with_work_on_it(page_of: PageOf, matter: Matter) -> None:
    answer = page_of("hazel").get("/", follow=True)
    assert answer.redirect_chain[-1][0] == "/board/"
    assert b"Mina Marsh" in answer.content


@pytest.mark.parametrize(
    ("asked", "there"), [("kind=missing", True), ("kind=custody", False), ("state=graded", True), ("state=court", False), ("kind=x", True)]
)
def test_the_board_can_be_asked_for_one_desk_or_stage(asked: str, there: bool, page_of: PageOf, matter: Matter) -> None:
    shown = page_of("hazel").get(f"/board/?{asked}").content
    assert (b"Mina Marsh" in shown) == there


@pytest.mark.parametrize("path", ["/board/", "/matters/1/", "/people/1/", "/tasking/", "/files/", "/owed/"])
def test_those_who_see_no_child_get_404(path: str, page_of: PageOf, matter: Matter) -> None:
    for who in ("oak", "yew"):
        answer = page_of(who).get(path.replace("/1/", f"/{matter.pk}/"))
        assert answer.status_code == 404
        assert b"Marsh" not in answer.content


def test_a_sergeant_of_another_district_gets_404_and_an_empty_board(page_of: PageOf, matter: Matter) -> None:
    client = page_of("birch")
    assert client.get(f"/matters/{matter.pk}/").status_code == 404
    assert b"Mina" not in client.get("/board/").content


def test_nobody_signed_out_sees_anything(client: Client, matter: Matter) -> None:
    for path in (*OPEN_TO_HUB[:4], f"/matters/{matter.pk}/"):
        assert client.get(path).status_code == 302
    assert client.get("/events/").status_code == 403


def test_the_administrator_sees_access_and_audit(page_of: PageOf, matter: Matter) -> None:
    for path in ("/access/", "/audit/", "/audit/verify/", f"/access/people/{1}/"):
        assert page_of("yew").get(path).status_code in (200, 404)
    assert page_of("yew").get("/access/").status_code == 200
    assert page_of("yew").get("/audit/").status_code == 200


def test_a_whole_report_on_one_page_opens_a_matter(page_of: PageOf, force: Force) -> None:
    client = page_of("ivy")
    sent = {
        "number": "F-1",
        "reporter_name": "Joan Marsh",
        "reporter_relationship": "mother",
        "reporter_contact": "01632 960123",
        "reported_at": "",
        "given_name": "Tess",
        "family_name": "Marsh",
        "birth_date": "4/5/2012",
        "district": "north",
        "circumstances": "Left after breakfast",
        "risk_medication": "yes",
        "risk_detail": "Inhaler is at home",
        "medical": "Asthma",
    }
    local = timezone.localtime()
    sent["reported_at"] = f"{local:%d/%m/%Y %H:%M}"
    answer = client.post("/reports/new/", sent, follow=True)
    assert answer.status_code == 200
    assert b"The report is in." in answer.content
    matter = Matter.objects.get()
    assert matter.tier == 1
    again = client.post("/reports/new/", sent, follow=True)
    assert b"already in" in again.content
    assert Matter.objects.count() == 1


def test_a_time_that_did_not_exist_is_refused_with_a_prompt(page_of: PageOf) -> None:
    answer = page_of("ivy").post("/reports/new/", {"reporter_name": "x", "reported_at": "30/03/2025 01:30", "district": "north"})
    assert answer.status_code == 422
    assert b"did not happen" in answer.content or b"does not exist" in answer.content or b"never" in answer.content


def test_a_time_that_happened_twice_asks_for_bst_or_gmt(page_of: PageOf) -> None:
    answer = page_of("ivy").post("/reports/new/", {"reporter_name": "x", "reported_at": "26/10/2025 01:30", "district": "north"})
    assert answer.status_code == 422
    assert b"GMT" in answer.content


def test_what_a_step_refuses_stands_beside_the_question(page_of: PageOf, matter: Matter) -> None:
    answer = page_of("hazel").post(
        f"/matters/{matter.pk}/locate/", {"seen_version": matter.version, "by": "PC", "where": "x", "at": "1/1/2099 10:00"}
    )
    assert answer.status_code == 422
    assert b"in the future" in answer.content
    assert b"There is a problem" in answer.content


def test_a_stale_page_is_told_so_and_keeps_what_was_typed(page_of: PageOf, matter: Matter) -> None:
    at = f"{timezone.localtime():%d/%m/%Y %H:%M}"
    answer = page_of("hazel").post(f"/matters/{matter.pk}/locate/", {"seen_version": 1, "by": "PC Rowan", "where": "Dock Lane", "at": at})
    assert answer.status_code == 409
    assert b"Dock Lane" in answer.content
    assert b"Somebody else changed this" in answer.content


def test_a_proposal_is_made_decided_and_worked_to_its_outcome(page_of: PageOf, matter: Matter, force: Force) -> None:
    hub = page_of("hazel")
    made = hub.post("/tasking/propose/", follow=True)
    assert made.status_code == 200
    assert b"Placed" in made.content
    task = Task.objects.get()
    proposal = made.request["PATH_INFO"]
    both = {f"task_{task.pk}_0": force.users["rowan"].pk, f"task_{task.pk}_1": force.users["holly"].pk}
    chosen = {"seen_version": 1, **both, "reason": "He is next door", "decide": "1"}
    assert hub.post(proposal, chosen, follow=True).status_code == 200
    task.refresh_from_db()
    assert (task.state, task.assignee) == ("issued", force.users["rowan"])
    worker = page_of("rowan")
    for verb in ("acknowledge", "start"):
        task.refresh_from_db()
        worker.post(f"/tasks/{task.pk}/", {"seen_version": task.version, "verb": verb, "reason": ""})
    task.refresh_from_db()
    done = {
        "seen_version": task.version,
        "place": "All rooms",
        "by_whom": "PC Rowan",
        "method": "By eye",
        "result": "Nothing",
        "done_at": f"{timezone.localtime():%d/%m/%Y %H:%M}",
    }
    answer = worker.post(f"/tasks/{task.pk}/finish/searched/", done, follow=True)
    task.refresh_from_db()
    assert answer.status_code == 200
    assert task.state == "done"


def test_a_hand_over_is_offered_and_accepted(page_of: PageOf, matter: Matter, force: Force) -> None:
    note = {"open_lines": "Two friends", "family_promises": "Call at noon", "next_actions": "Ring the school"}
    assert page_of("alder").get(f"/matters/{matter.pk}/hand-over/").status_code == 200
    sent = {"seen_version": matter.version, "receiver": force.users["cedar"].pk, **note}
    page_of("alder").post(f"/matters/{matter.pk}/hand-over/", sent)
    offer = matter.handovers.get()
    matter.refresh_from_db()
    assert matter.holder == force.users["alder"], "the giver stays liable"
    cedar = page_of("cedar")
    assert b"offers you" in cedar.get("/duty/").content
    cedar.post(f"/hand-overs/{offer.pk}/", {"seen_version": offer.version, "verb": "accept", "reason": ""})
    matter.refresh_from_db()
    assert matter.holder == force.users["cedar"]


def test_no_audit_row_no_page(page_of: PageOf, matter: Matter, broken_audit: Callable[[], object]) -> None:
    client = page_of("hazel")
    with broken_audit():  # type: ignore[attr-defined]
        for path in ("/board/", f"/matters/{matter.pk}/", f"/people/{matter.person_id}/"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert b"Marsh" not in answer.content


def test_pages_are_never_cached_and_carry_the_security_headers(page_of: PageOf, matter: Matter) -> None:
    answer = page_of("hazel").get(f"/matters/{matter.pk}/")
    assert answer["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


def test_where_a_second_step_is_required_nothing_opens_before_it_is_set_up(page_of: PageOf, matter: Matter, settings: Any) -> None:
    settings.MFA_REQUIRED = True
    client = page_of("hazel")
    answer = client.get(f"/matters/{matter.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/2fa/")
    assert client.get("/privacy/").status_code == 200


def test_a_proposal_is_run_again_from_its_page(page_of: PageOf, matter: Matter) -> None:
    hub = page_of("hazel")
    proposal = hub.post("/tasking/propose/", follow=True).request["PATH_INFO"]
    assert b"the same, byte for byte" in hub.post(f"{proposal}again/", follow=True).content
    assert b"People by time" in hub.get(f"{proposal}briefing/").content
    assert hub.get("/tasking/999/briefing/").status_code == 404
