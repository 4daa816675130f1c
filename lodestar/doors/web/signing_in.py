"""Signing in: nobody signs themselves up, OIDC joins an account that exists, and every try is on record."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from lodestar.actions import access as actions
from lodestar.core.access.scope import system_actor
from lodestar.store.queries import access


class Adapter(DefaultAccountAdapter):
    """Accounts are made by the system administrator, never by whoever opens the page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class OidcAdapter(DefaultSocialAccountAdapter):
    """The force's own sign-in proves who somebody is; what they may do is on record here."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join the force's account to the account of the same user name, once."""
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        name = str(claims.get("preferred_username") or claims.get("upn") or "")
        user = access.user_named(username=name)
        if user is not None:
            sociallogin.connect(request, user)


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: Any, **_: Any) -> None:
    actor = access.actor_for(user=user, at=timezone.now(), door="web")
    actions.note_sign_in(actor=actor, user_id=user.pk, outcome="signed_in", now=timezone.now())


@receiver(user_logged_out)
def _signed_out(request: HttpRequest, user: Any, **_: Any) -> None:
    if user is not None:
        actor = access.actor_for(user=user, at=timezone.now(), door="web")
        actions.note_sign_in(actor=actor, user_id=user.pk, outcome="signed_out", now=timezone.now())


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], **_: Any) -> None:
    """The name that was tried may be a mistyped password, so only the account it belongs to is kept."""
    user = access.user_named(username=str(credentials.get("username") or credentials.get("login") or ""))
    actions.note_sign_in(actor=system_actor("web"), user_id=user.pk if user else None, outcome="sign_in_failed", now=timezone.now())
