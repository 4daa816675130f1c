"""Signing in: a lock-out after five wrong passwords, an app as the second step, and a passkey."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import expect

from tests.journeys.conftest import PASSWORD, Person

pytestmark = pytest.mark.journey

Somebody = Callable[..., Person]


PERIOD, TIME_TO_TYPE = 30, 12  # seconds that a code holds, and that a full machine may need to send one


def code_of(secret: str) -> str:
    """What the app shows now; or next, when this period is nearly over: a code that comes too late is refused, and rightly."""
    if (left := PERIOD - time.time() % PERIOD) < TIME_TO_TYPE:
        time.sleep(left + 0.1)
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def a_later_code(secret: str, used: str) -> str:
    """Each code counts once: wait for the next."""
    until = time.monotonic() + PERIOD + TIME_TO_TYPE
    while (code := code_of(secret)) == used:
        assert time.monotonic() < until
        time.sleep(0.5)
    return code


def when_the_password_is_asked_again(person: Person) -> None:
    person.reads("prove once more that it is you")
    person.page.get_by_label("Password", exact=True).fill(PASSWORD)
    person.presses("Go on")


def test_five_wrong_passwords_lock_the_name_for_a_while(somebody: Somebody) -> None:
    teasel = somebody()
    for _ in range(4):
        teasel.tries_to_sign_in("teasel", "not the password at all")
        teasel.reads("There is a problem")
    teasel.tries_to_sign_in("teasel", "not the password at all")
    teasel.reads("Locked for a while", "Wait a quarter of an hour")
    teasel.tries_to_sign_in("teasel")
    teasel.reads("Locked for a while")


@pytest.mark.slow
def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(somebody: Somebody) -> None:
    sorrel = somebody("sorrel")
    sorrel.opens("/account/")
    sorrel.follows("Second step: app or passkey")
    sorrel.follows("Set up an app")
    when_the_password_is_asked_again(sorrel)
    secret = sorrel.page.locator("strong.lodestar-verbatim").inner_text()
    used = code_of(secret)
    sorrel.page.locator("main input[name=code]").fill(used)
    sorrel.presses("Set it up")
    sorrel.page.wait_for_url(lambda url: "totp/activate" not in url)
    sorrel.opens("/account/")
    sorrel.presses("Sign out")
    again = somebody()
    again.tries_to_sign_in("sorrel")
    again.reads("Your second step")
    again.page.locator("main input[name=code]").fill("000000")
    again.presses("Sign in")
    again.reads("There is a problem")
    again.opens("/board/")
    expect(again.page.get_by_role("link", name="Your account")).to_have_count(0)
    at_last = somebody()
    at_last.tries_to_sign_in("sorrel")
    at_last.reads("Your second step")
    at_last.page.locator("main input[name=code]").fill(a_later_code(secret, used))
    at_last.presses("Sign in")
    expect(at_last.page.get_by_role("link", name="Your account")).to_be_visible()


def test_a_passkey_signs_in_without_a_password(somebody: Somebody) -> None:
    clover = somebody("clover")
    given_a_security_key_in_the_machine(clover)
    clover.opens("/sign-in/2fa/webauthn/add/")
    when_the_password_is_asked_again(clover)
    clover.page.get_by_label("Name").fill("Key on my ring")
    clover.page.get_by_label("Passwordless").check()
    clover.presses("Add")
    clover.page.wait_for_url(lambda url: "webauthn/add" not in url)
    clover.opens("/account/")
    clover.presses("Sign out")
    clover.opens("/sign-in/login/")
    clover.presses("Sign in with a passkey")
    expect(clover.page.get_by_role("link", name="Your account")).to_be_visible()


def given_a_security_key_in_the_machine(person: Person) -> None:
    session = person.context.new_cdp_session(person.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
