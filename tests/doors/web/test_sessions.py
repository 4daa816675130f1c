"""A session opens pages for as long as it runs and its account and password stay as they were, and not a page longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lodestar.doors.web.page import account_of, actor_of, give_asker
from lodestar.store.guard import writing
from lodestar.store.models import Notice, RoleGrant
from tests.actions.conftest import Force

PageOf = Callable[[str], Client]


def opens(client: Client) -> bool:
    """Whether their own account opens, or they are sent to sign in."""
    answer = client.get("/account/")
    assert answer.status_code == 200 or answer["Location"].startswith("/sign-in/")
    return answer.status_code == 200


def test_a_session_is_its_owner_and_nobody_else(page_of: PageOf, force: Force) -> None:
    for who in ("hazel", "pine"):
        assert f">{force.users[who].name}\n" in page_of(who).get("/account/").content.decode()
    stranger = Client()
    stranger.cookies["sessionid"] = "nobodyhasthissessionatallnotone0"
    assert not opens(stranger)


def test_a_session_that_has_run_out_opens_nothing(page_of: PageOf) -> None:
    hazel = page_of("hazel")
    assert opens(hazel)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not opens(hazel)


def test_a_session_whose_content_was_meddled_with_opens_nothing(page_of: PageOf) -> None:
    hazel = page_of("hazel")
    held = Session.objects.get()
    Session.objects.update(session_data=f"{held.session_data[:-1]}{'A' if held.session_data[-1] != 'A' else 'B'}")
    assert not opens(hazel)


def test_a_password_changed_elsewhere_ends_it(page_of: PageOf, force: Force) -> None:
    hazel = page_of("hazel")
    account = force.users["hazel"]
    account.set_password("nine small grey wagtails")
    account.save()
    assert not opens(hazel)


def test_an_account_that_is_no_longer_active_ends_it(page_of: PageOf, force: Force) -> None:
    hazel = page_of("hazel")
    account = force.users["hazel"]
    account.is_active = False
    account.save()
    assert not opens(hazel)


def test_signing_out_ends_it(page_of: PageOf) -> None:
    hazel = page_of("hazel")
    assert opens(hazel)
    hazel.post("/sign-in/logout/")
    assert not opens(hazel)


def test_who_it_is_what_they_hold_and_what_stands_above_the_page_come_in_one_journey(page_of: PageOf) -> None:
    hazel = page_of("hazel")
    hazel.get("/privacy/")
    with CaptureQueriesContext(connection) as asked:
        assert "Your account" in hazel.get("/privacy/").content.decode()
    assert len(asked) == (1 if connection.vendor == "postgresql" else 4), "the session, whose it was last and all asked of them"


def test_a_role_that_ended_and_a_notice_that_came_show_on_the_next_page(page_of: PageOf, force: Force) -> None:
    hazel, now = page_of("hazel"), timezone.now()
    page = hazel.get("/privacy/").content.decode()
    assert 'href="/leads/"' in page
    assert "Notices</a>" in page
    told = {"kind": "told", "subject_kind": "matter", "subject_id": 1, "text": "Come", "key": "one"}
    with writing():
        RoleGrant.objects.filter(user=force.users["hazel"]).update(until_at=now)
        Notice.objects.create(user=force.users["hazel"], **told, created_at=now, next_try_at=now)
    page = hazel.get("/privacy/").content.decode()
    assert 'href="/leads/"' not in page
    assert "Notices (1 new)</a>" in page
    assert hazel.get("/leads/").status_code == 404


def test_what_was_read_of_one_person_is_never_another_s(force: Force) -> None:
    hazel, other = force.users["hazel"], force.users["pine"]
    request = RequestFactory().get("/")
    give_asker(request)
    assert account_of(request, hazel.pk) == hazel
    request.user = other  # who signs in on a page is somebody else from then on
    assert actor_of(request).id == other.pk
    assert {grant.role for grant in actor_of(request).grants} == set(RoleGrant.objects.filter(user=other).values_list("role", flat=True))


def test_what_was_asked_of_whose_a_session_was_last_is_not_another_s(page_of: PageOf, force: Force) -> None:
    hazel = page_of("hazel")
    assert force.users["hazel"].name in hazel.get("/account/").content.decode()
    pine = page_of("pine")
    theirs = Session.objects.exclude(session_key=hazel.cookies["sessionid"].value).get()
    Session.objects.filter(session_key=hazel.cookies["sessionid"].value).update(session_data=theirs.session_data)
    page = hazel.get("/account/").content.decode()
    assert force.users["pine"].name in page
    assert force.users["hazel"].name not in page
    assert opens(pine)
