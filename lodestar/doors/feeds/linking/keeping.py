"""Everybody on record, from the command line: made findable, and weighed again with nothing done."""

from __future__ import annotations

import json
from typing import Any

import click
from django.utils import timezone

from lodestar.actions import linking as actions
from lodestar.core.access.scope import system_actor
from lodestar.core.identity.explaining import explained, sentences
from lodestar.core.identity.index import index_of
from lodestar.core.identity.relinking import Proposal, relinked
from lodestar.store.queries import linking as queries
from lodestar.store.queries.identity_models import weigher_at

SAYS = {"join": "may be one person", "part": "may be two people", "look": "somebody should look"}


@click.command()
def index() -> None:
    """Keep every block that a statement is in and not kept under yet, then count how common names and places are.

    After an upgrade, or once another system's children were taken over. It may be stopped and run again at any moment.
    """
    now, actor = timezone.now(), system_actor("cli")
    done = actions.index(actor=actor, now=now, say=lambda count: click.echo(f"{count:,} indexed", err=True))
    counted = actions.recount(actor=actor, now=now)
    click.echo(f"{done:,} statements indexed; names {'counted again' if counted else 'need not be counted again'}.")


@click.command()
@click.option("--most", default=50, show_default=True, help="How many proposals are listed; all are counted.")
@click.option("--json", "as_json", is_flag=True, help="Strict JSON on standard output.")
def relink(*, most: int, as_json: bool) -> None:
    """Weigh everybody on record against everybody by the model in force, and say what would be asked. Nothing is joined or parted.

    \b
    join   two or more people on record who would be one by themselves
    part   somebody two of whose reports could not stand together, of which nobody has said that they are the same
    look   two people of whom a person would be asked
    What people said is not asked again. Names stand nowhere in it: people by number, fields, bits and sentences.
    """
    weigher, model = weigher_at(at=timezone.now())
    rows = list(queries.everything())
    found = relinked(index_of(record for _, record in rows), queries.held({record.id: person for person, record in rows}), weigher=weigher)
    listed = found.proposals[:most]
    if as_json:
        counts = {kind: sum(one.kind == kind for one in found.proposals) for kind in SAYS}
        report = {
            "model": model.digest,
            "statements": len(rows),
            "weighed": found.weighed,
            "withheld": found.withheld,
            "counts": counts,
            "proposals": [_plain(one, model.digest) for one in listed],
        }
        click.echo(json.dumps(report, allow_nan=False, indent=2, ensure_ascii=False))
        return
    for one in listed:
        why = " ".join(sentences(explained(one.shown_by, model=model.digest)))
        click.echo(f"{one.kind}: person {' and '.join(map(str, one.people))} {SAYS[one.kind]}, {one.shown_by.weight:+.2f} bits. {why}")
    click.echo(f"{len(rows):,} statements, {found.weighed:,} pairs weighed, {len(found.proposals):,} proposals. Nothing was changed.")


def _plain(one: Proposal, model: str) -> dict[str, Any]:
    left, right = one.shown_by.scored.left, one.shown_by.scored.right
    return {"kind": one.kind, "people": list(one.people), "statements": [left, right], "explanation": explained(one.shown_by, model=model)}
