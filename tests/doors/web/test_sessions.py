"""A session opens pages for as long as it runs and its account and password stay as they were, and not a page longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

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
