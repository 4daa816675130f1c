"""Accounts, roles and API clients from the command line, for whoever runs the server."""

from __future__ import annotations

from datetime import date

import click
from django.utils import timezone

from lodestar.actions import access as actions
from lodestar.actions import staff
from lodestar.core.access.scope import system_actor
from lodestar.core.words import Refused
from lodestar.store.queries import access as queries


@click.group()
def access() -> None:
    """Accounts, roles and API clients."""


@access.command("add-person")
@click.argument("username")
@click.option("--name", required=True, help="The name others see.")
@click.option("--email", default="", help="Where notices go.")
@click.option("--agency", default="police", help="police, or the code of the agency they work for.")
@click.password_option()
def add_person(username: str, name: str, email: str, agency: str, password: str) -> None:
    """Make an account. Roles come apart from it."""
    try:
        made = actions.add_person(
            actor=system_actor("cli"), username=username, name=name, password=password, email=email, agency=agency, now=timezone.now()
        )
    except Refused as refused:
        raise click.ClickException("; ".join(map(str, refused.refusals))) from refused
    click.echo(f"Account {made} made. Give it a role with: lodestar access give-role {username} ROLE")


@access.command("give-role")
@click.argument("username")
@click.argument("role")
@click.option("--place", "places", multiple=True, help="A district's or authority's code; repeat for more.")
def give_role(username: str, role: str, places: tuple[str, ...]) -> None:
    """Give somebody a role from now on."""
    user = queries.user_named(username=username)
    if user is None:
        raise click.ClickException(f"There is no active account {username}.")
    try:
        actions.give_role(actor=system_actor("cli"), user_id=user.pk, role=role, places=places, now=timezone.now())
    except Refused as refused:
        raise click.ClickException("; ".join(map(str, refused.refusals))) from refused
    click.echo(f"{username} is {role} from now on.")


@access.command("describe")
@click.argument("username")
@click.option("--rank", default="", help="Constable, Detective Sergeant and the like: who may accept which risk.")
@click.option("--skill", "skills", multiple=True, help="A skill, or SKILL:2027-03-31 where its accreditation ends; repeat for more.")
def describe(username: str, rank: str, skills: tuple[str, ...]) -> None:
    """Say somebody's rank and what they are accredited for; what is left out they do not hold."""
    user = queries.user_named(username=username)
    if user is None:
        raise click.ClickException(f"There is no active account {username}.")
    wanted: dict[str, date | None] = {}
    for said in skills:
        skill, _, last = said.partition(":")
        try:
            wanted[skill] = date.fromisoformat(last) if last else None
        except ValueError as fault:
            raise click.UsageError(f"{said}: write the last day like 2027-03-31.") from fault
    try:
        staff.describe(actor=system_actor("cli"), user_id=user.pk, rank=rank, skills=wanted, now=timezone.now())
    except Refused as refused:
        raise click.ClickException("\n".join(map(str, refused.refusals))) from refused
    click.echo(f"{username}: {rank or 'no rank'}; {', '.join(skills) or 'no skills'}.")


@access.command("add-client")
@click.argument("name")
@click.option("--as", "username", required=True, help="The account whose roles it acts with.")
def add_client(name: str, username: str) -> None:
    """Make an API client and print its key, once."""
    user = queries.user_named(username=username)
    if user is None:
        raise click.ClickException(f"There is no active account {username}.")
    try:
        key = actions.add_api_client(actor=system_actor("cli"), name=name, user_id=user.pk, now=timezone.now())
    except Refused as refused:
        raise click.ClickException("; ".join(map(str, refused.refusals))) from refused
    click.echo(f"Key of {name}, shown once: {key}")


@access.command("close")
@click.argument("username")
def close(username: str) -> None:
    """Close an account, once nothing is on the person's name; until then, say what is."""
    user = queries.user_named(username=username)
    if user is None:
        raise click.ClickException(f"There is no active account {username}.")
    try:
        actions.close_account(actor=system_actor("cli"), user_id=user.pk, now=timezone.now())
    except Refused as refused:
        raise click.ClickException("\n".join(map(str, refused.refusals))) from refused
    click.echo(f"The account {username} is closed. What was done with it stays on record.")


@access.command("clients")
def clients() -> None:
    """List the API clients whose keys have not been revoked."""
    for client in queries.api_clients():
        click.echo(f"{client.name}, as {client.user.username}, since {client.created_at:%d/%m/%Y}")


@access.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """Revoke the key of an API client: it opens nothing from now on."""
    client = queries.api_client_named(name=name)
    if client is None:
        raise click.ClickException(f"There is no API client {name} with a key that opens anything.")
    actions.revoke_api_client(actor=system_actor("cli"), client_id=client.pk, now=timezone.now())
    click.echo(f"The key of {name} is revoked.")
