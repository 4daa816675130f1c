"""Who acts when a command brings something in or takes it out: the account named with ``--as``, or the system."""

from __future__ import annotations

import click
from django.utils import timezone

from lodestar.core.access.scope import Actor, system_actor
from lodestar.store.queries import access


def actor_named(username: str) -> Actor:
    """The account that acts, or the system where none is named. Ends with a sentence where there is no such account."""
    if not username:
        return system_actor("cli")
    user = access.user_named(username=username)
    if user is None:
        raise click.BadParameter(f"there is no active account {username}", param_hint="--as")
    return access.actor_for(user=user, at=timezone.now(), door="cli")
