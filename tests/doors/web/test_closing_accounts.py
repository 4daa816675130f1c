"""Closing an account and revoking a key in the browser: what is still held is listed, and what was opened opens no more."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import authenticate
from django.test import Client, RequestFactory
from django.utils import timezone

from lodestar.actions import access
from lodestar.store.guard import writing
from lodestar.store.models import ApiClient, AuditRow, RoleGrant, User
from lodestar.store.queries import access as queries
from tests.actions.conftest import HOUR, Force

PageOf = Callable[[str], Client]
PASSWORD = "seven tall brown herons"


def close_page(force: Force, who: str) -> str:
    return f"/access/people/{force.users[who].pk}/close/"


def known() -> object:
    """Whoever this user name and password sign in, as the sign-in page asks."""
    return authenticate(RequestFactory().post("/sign-in/"), username="pine", password=PASSWORD)


def test_a_session_that_is_open_ends_with_the_account_and_no_new_one_begins(page_of: PageOf, force: Force) -> None:
    pine_account = force.users["pine"]
    pine_account.set_password(PASSWORD)
    pine_account.save()
    assert known() == pine_account
    pine = page_of("pine")
    assert pine.get("/account/").status_code == 200
    answer = page_of("yew").post(close_page(force, "pine"), follow=True)
    assert "Closed." in answer.content.decode()
    assert pine.get("/account/").status_code == 302
    assert known() is None


def test_the_page_lists_what_they_hold_and_a_post_all_the_same_closes_nothing(page_of: PageOf, force: Force) -> None:
    at = timezone.now() - HOUR
    matter = force.report(at=at, since_from=at, since_to=at)
    matter.refresh_from_db()
    holder = User.objects.get(pk=matter.holder_id)
    path, yew = f"/access/people/{holder.pk}/close/", page_of("yew")
    for answer, status in ((yew.get(path), 200), (yew.post(path), 422)):
        words = answer.content.decode()
        assert answer.status_code == status
        assert f"They answer for {matter.reference}. Hand each over" in words
        assert "Marsh" not in words
        assert 'method="post" novalidate' not in words
    holder.refresh_from_db()
    assert holder.is_active
    assert AuditRow.objects.filter(verb="access.account_closed", outcome="refused", subject_id=str(holder.pk)).count() == 1


def test_each_thing_they_hold_leads_to_where_it_is_handed_over_for_those_who_may_open_it(page_of: PageOf, force: Force) -> None:
    at = timezone.now() - HOUR
    matter = force.report(at=at, since_from=at, since_to=at)
    matter.refresh_from_db()
    path, yew = f"/access/people/{matter.holder_id}/close/", page_of("yew")
    there = f'href="/matters/{matter.pk}/hand-over/"'
    words = yew.get(path).content.decode()
    assert there not in words, "a page that would not open is no way to anything"
    assert "Your role opens no child's record" in words
    with writing():
        RoleGrant.objects.create(user=force.users["yew"], role="hub_sergeant", places=[], from_at=at)
    words = yew.get(path).content.decode()
    assert there in words and 'href="/duty/roster/"' in words
    assert yew.get(f"/matters/{matter.pk}/hand-over/").status_code == 200
    assert yew.get("/duty/roster/").status_code == 200


def test_only_whoever_manages_access_finds_the_page(page_of: PageOf, force: Force) -> None:
    for who in ("hazel", "elm"):
        assert page_of(who).post(close_page(force, "pine")).status_code == 404
    assert User.objects.get(pk=force.users["pine"].pk).is_active


def test_a_key_is_listed_revoked_and_opens_nothing_from_then_on(page_of: PageOf, force: Force) -> None:
    yew = page_of("yew")
    key = access.add_api_client(actor=force.actor("yew"), name="the old cad", user_id=force.users["ivy"].pk, now=timezone.now())
    client = ApiClient.objects.get()
    assert "the old cad" in yew.get("/access/").content.decode()
    assert page_of("hazel").post(f"/access/machines/{client.pk}/revoke/").status_code == 404
    assert queries.actor_for_api_key(key=key, at=timezone.now(), door="api") is not None
    yew.post(f"/access/machines/{client.pk}/revoke/")
    assert queries.actor_for_api_key(key=key, at=timezone.now(), door="api") is None
    assert "the old cad" not in yew.get("/access/").content.decode()
    assert AuditRow.objects.filter(verb="access.api_client_revoked", outcome="done", subject_id=str(client.pk)).count() == 1
