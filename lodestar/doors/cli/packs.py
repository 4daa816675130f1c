"""``lodestar packs``: meetings as they are planned, and whether frozen packs come out again to the same bytes."""

from __future__ import annotations

import json

import click
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from lodestar.actions.packs import meetings, reading
from lodestar.core.access.scope import system_actor
from lodestar.core.times import say
from lodestar.core.words import NotVisible
from lodestar.store.queries import packs as queries


@click.group()
def packs() -> None:
    """Meetings and their packs."""


@packs.command()
def plan() -> None:
    """Make every meeting that is to come and is not there yet; the minute's job does the same."""
    made = meetings.plan(actor=system_actor("cli"), now=timezone.now())
    click.echo(f"{made} meetings made.")


@packs.command("list")
def listed() -> None:
    """The meetings that are to come or not finished, with who owes each."""
    for row, title, name in queries.unfinished():
        click.echo(f"{row.pk}\t{say(row.due_at)}\t{title}\t{row.state}\t{name}")


@packs.command()
@click.argument("pack_ids", nargs=-1, type=int, metavar="ID...")
@click.option("--all", "every", is_flag=True, help="Every pack there is.")
@click.option("--json", "as_json", is_flag=True, help="Strict JSON on standard output.")
def rebuild(*, pack_ids: tuple[int, ...], every: bool, as_json: bool) -> None:
    """Make packs again from what was frozen, and their figures from what was known then.

    Each form of each rendering is written again and its SHA-256 compared with the one kept; each figure is worked out again
    from the record as it stood. Exit code 1 where anything comes out otherwise.
    """
    numbers = queries.frozen_packs() if every else pack_ids
    if not numbers and not every:
        raise click.UsageError("Name a pack by its number, or ask for --all.")
    try:
        found = reading.check(actor=system_actor("cli"), pack_ids=numbers, writers=import_string(settings.PACK_WRITERS), now=timezone.now())
    except NotVisible:
        raise click.UsageError("There is no such pack.") from None
    report = [
        {"pack": key, "same": one.whole, "text": one.text, "forms": list(one.forms), "figures": list(one.figures), "counted": one.counted}
        for key, one in found.items()
    ]
    click.echo(json.dumps(report, indent=2) if as_json else "\n".join(_line(key, one) for key, one in found.items()))
    if not all(one.whole for one in found.values()):
        raise SystemExit(1)


def _line(key: int, one: queries.Checked) -> str:
    if one.whole:
        return f"Pack {key}: the same bytes in every form; {one.counted} figures the same as they were known."
    parts = [] if one.text else ["its text is not what its digest says"]
    parts += [f"forms otherwise: {', '.join(one.forms)}"] if one.forms else []
    parts += [f"figures otherwise: {', '.join(map(str, one.figures))}"] if one.figures else []
    return f"Pack {key}: {'; '.join(parts)}."
