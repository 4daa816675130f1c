"""The audit from the command line."""

from __future__ import annotations

import json

import click
from django.utils import timezone

from lodestar.actions.audit import verify_chain
from lodestar.core.access.scope import system_actor
from lodestar.store import anchors


@click.group()
def audit() -> None:
    """Who did, saw or was refused what."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verify(as_json: bool) -> None:
    """Check the chain from the first row and name the first broken one. Exit 1 when it is broken."""
    seals, rows, broken = verify_chain(actor=system_actor("cli"), now=timezone.now(), anchors=anchors.read())
    result = {"seals": seals, "rows": rows, "whole": broken is None, "broken": broken.sentence if broken else None}
    if as_json:
        click.echo(json.dumps(result))
    elif broken is None:
        click.echo(f"The chain is whole: {seals} seals over {rows} rows.")
    else:
        click.echo(f"The chain is broken after {seals} whole seals. {broken.sentence}", err=True)
    if broken is not None:
        raise SystemExit(1)
