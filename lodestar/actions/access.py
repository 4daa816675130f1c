"""Giving and ending access, making API clients, and noting sign-ins."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lodestar.actions.perform import perform
from lodestar.core.access.leaving import leaving_gaps
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.tasks.outcomes import SEXES
from lodestar.core.words import Refusal, listed, require
from lodestar.store.models import ApiClient, RoleGrant, User
from lodestar.store.queries import access as queries


def add_person(
    *,
    actor: Actor,
    username: str,
    name: str,
    password: str,
    rank: str = "",
    agency: str = "police",
    email: str = "",
    skills: Sequence[str] = (),
    now: datetime,
) -> int:
    """Make an account; a role comes apart from it. Refuses a user name that is taken, and a password that the pages would refuse."""
    with perform("access.person_added", actor=actor, now=now, permission=P.ACCESS_MANAGE) as act:
        if User.objects.filter(username=username).exists():
            require(Refusal("access.taken", "That user name is taken. Choose another.", "", "username"))
        user = User(username=username, name=name, rank=rank, agency=agency, email=email, skills=list(skills))
        require(_too_weak(password, user))
        user.set_password(password)
        user.save()
        act.record(user)
        return int(user.pk)


def _too_weak(password: str, user: User) -> Refusal | None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return Refusal("access.weak_password", f"{' '.join(error.messages)} Choose another password.", "", "password")
    return None


def say_sex(*, actor: Actor, sex: str, now: datetime) -> None:
    """Somebody says for themselves whether they are a woman or a man, for work where a child asks for one; or that they say neither."""
    with perform("access.sex_said", actor=actor, now=now, permission=P.NOTICES_READ) as act:
        require(None if sex in ("", *SEXES) else Refusal("access.sex", "Choose one of the answers.", "", "sex"))
        User.objects.filter(pk=act.person).update(sex=sex)
        act.subject = ("user", str(act.person))
        act.record()


def give_role(*, actor: Actor, user_id: int, role: str, places: Sequence[str], now: datetime) -> int:
    """Give a role over some places from now on.

    Refuses a role that is not in force, a place that its reach does not know, and giving oneself one.
    """
    with perform("access.role_given", actor=actor, now=now, permission=P.ACCESS_MANAGE) as act:
        require(
            None if role in queries.roles(now) else Refusal("access.no_such_role", "Choose a role from the list.", "", "role"),
            Refusal("access.own_role", "Nobody gives themselves a role. Ask another administrator.") if user_id == actor.id else None,
            _unknown_place(role, places, now),
        )
        grant = act.add(RoleGrant(user_id=user_id, role=role, places=list(places), from_at=now, given_by_id=actor.id))
        act.record(grant, detail={"user": user_id, "role": role, "places": list(places)})
        return int(grant.pk)


def _unknown_place(role: str, places: Sequence[str], at: datetime) -> Refusal | None:
    """A role over a place that is not there would look given and open nothing."""
    known = queries.places_for(role=role, at=at)
    unknown = [place for place in places if known is not None and place not in known]
    if not unknown:
        return None
    return Refusal(
        "access.no_such_place", f"This role knows no place “{unknown[0]}”. Use the code of one: {listed(known or ())}.", "", "places"
    )


def end_role(*, actor: Actor, grant_id: int, now: datetime) -> None:
    """End a role from now on; what it allowed before stays on record."""
    with perform("access.role_ended", actor=actor, now=now, permission=P.ACCESS_MANAGE) as act:
        grant = act.claim(RoleGrant, grant_id)
        require(Refusal("access.ended", "This role has already ended.") if grant.until_at else None)
        grant.until_at = now
        grant.save(update_fields=["until_at"])
        act.record(grant, detail={"user": grant.user_id, "role": grant.role})


def close_account(*, actor: Actor, user_id: int, now: datetime) -> None:
    """Nobody signs in with a closed account: its roles and keys end, its sessions with them. The record still names who did what.

    Refused, with the whole list, while anything is on the person's name: matters, what is owed, tasks, hand-overs, shifts.
    """
    with perform("access.account_closed", actor=actor, now=now, permission=P.ACCESS_MANAGE) as act:
        user = act.claim(User, user_id)
        held = queries.carried(user_id=user_id, at=now)
        require(*leaving_gaps(carried=held, is_self=user_id == actor.id, is_open=user.is_active))
        for grant in RoleGrant.objects.filter(user_id=user_id, until_at=None):
            grant.until_at = now
            grant.save(update_fields=["until_at"])
        for client in ApiClient.objects.filter(user_id=user_id, revoked_at=None):
            client.revoked_at = now
            client.save(update_fields=["revoked_at"])
        user.is_active = False
        user.save(update_fields=["is_active"])
        act.record(user)


def add_api_client(*, actor: Actor, name: str, user_id: int, now: datetime) -> str:
    """Make a machine's key, shown once: only its digest is kept. Refuses a name already in use."""
    with perform("access.api_client_added", actor=actor, now=now, permission=P.ACCESS_MANAGE) as act:
        taken = ApiClient.objects.filter(name=name).exists()
        require(Refusal("access.client_taken", "A client of that name exists. Revoke it or choose another.") if taken else None)
        key = secrets.token_urlsafe(32)
        client = act.add(ApiClient(name=name, key_digest=sha256(key.encode()).hexdigest(), user_id=user_id, created_at=now))
        act.record(client, detail={"user": user_id})
        return key


def revoke_api_client(*, actor: Actor, client_id: int, now: datetime) -> None:
    """A revoked key opens nothing from this instant."""
    with perform("access.api_client_revoked", actor=actor, now=now, permission=P.ACCESS_MANAGE) as act:
        client = act.claim(ApiClient, client_id)
        client.revoked_at = client.revoked_at or now
        client.save(update_fields=["revoked_at"])
        act.record(client)


def note_sign_in(*, actor: Actor, user_id: int | None, outcome: str, now: datetime) -> None:
    """Signing in, out and failing to are on record: whose account, never the name that was tried.

    This is not something a role allows, so no permission is asked for: whoever it is, it is written down.
    """
    with perform(f"access.{outcome}", actor=actor, now=now, permission=None) as act:
        act.subject = ("user", str(user_id or ""))
        act.record(outcome="refused" if outcome == "sign_in_failed" else "done")
