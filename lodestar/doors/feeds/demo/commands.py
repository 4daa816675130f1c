"""The demonstration force from the command line."""

from __future__ import annotations

from datetime import datetime

import click
from django.db import OperationalError, transaction
from django.utils import timezone

from lodestar.core.access.scope import system_actor
from lodestar.doors.feeds.demo.generate import generate
from lodestar.doors.feeds.demo.loading import PASSWORD, load
from lodestar.store.queries import access

SEED = 20261123


@click.group()
def demo() -> None:
    """An invented force: a year of history and a live today. Every person in it is invented."""


@demo.command("load")
@click.option("--seed", default=SEED, show_default=True, help="The same seed and instant make the same force.")
@click.option("--as-of", default="", help="The instant that is today, like 2026-11-23T08:00:00+00:00. Default: now.")
@click.option("--scale", default=1.0, show_default=True, help="1 is a force of about 894,500 residents.")
def load_command(seed: int, as_of: str, scale: float) -> None:
    """Make the demonstration force and load it, whole or not at all, into an empty database."""
    try:
        already = access.anybody()
    except OperationalError as error:
        raise click.ClickException("The database has no tables yet. First run: lodestar migrate") from error
    if already:
        raise click.ClickException("The database already has people in it. Load the demonstration into an empty one.")
    now = datetime.fromisoformat(as_of) if as_of else timezone.now().replace(second=0, microsecond=0)
    if now.tzinfo is None:
        raise click.BadParameter("give the instant with its offset", param_hint="--as-of")
    click.echo("Making an invented force")
    made = generate(seed, now, scale=scale)
    with transaction.atomic():
        load(demo=made, actor=system_actor("demo"), now=now, say=click.echo)
    click.echo(
        f"Loaded {len(made.episodes)} episodes of {len(made.children)} children, {len(made.staff)} staff; {len(made.live)} open now."
    )


@demo.command()
def accounts() -> None:
    """List one demonstration sign-in a role, and the password they share."""
    rows = access.one_account_a_role(at=timezone.now())
    if not rows:
        raise click.ClickException("There is nobody to sign in as. Load the demonstration first: lodestar demo load")
    width = max(len(title) for title, _, _ in rows)
    for title, username, name in rows:
        click.echo(f"  {title:<{width}}  {username:<28}  {name}")
    click.echo(f"  Password for all: {PASSWORD}")
