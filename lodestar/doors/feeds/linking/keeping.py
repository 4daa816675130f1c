"""Everybody on record, from the command line: made findable, and weighed again with nothing done."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click
import pyarrow as pa
from django.utils import timezone

from lodestar.actions import linking as actions
from lodestar.core.access.scope import system_actor
from lodestar.core.identity.explaining import explained, sentences
from lodestar.core.identity.record import Record
from lodestar.core.identity.relinking import Proposal, Relinked, relinked
from lodestar.core.identity.weighing import Weigher
from lodestar.doors.feeds.linking.batch import Batch
from lodestar.doors.feeds.linking.training import Stored
from lodestar.store.queries import identity_models
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
    now = timezone.now()
    weigher, model = weigher_at(at=now)
    found, statements = everybody_again(weigher, identity_models.document_of(model), at=now)
    listed = found.proposals[:most]
    if as_json:
        counts = {kind: sum(one.kind == kind for one in found.proposals) for kind in SAYS}
        report = {
            "model": model.digest,
            "statements": statements,
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
    click.echo(f"{statements:,} statements, {found.weighed:,} pairs weighed, {len(found.proposals):,} proposals. Nothing was changed.")


def everybody_again(weigher: Weigher, document: Mapping[str, Any], *, at: datetime) -> tuple[Relinked, int]:
    """Everybody on record weighed again, and how many statements that is. They are read some at a time, and none is held here."""
    people, numbers = array("q"), list[str]()

    def statements() -> Iterator[Record]:
        for person, record in queries.everything():
            people.append(person)
            numbers.append(record.id)
            yield record

    stored = Stored(statements())
    if not stored.count:
        return Relinked((), 0, 0), 0
    stored.keep("standing", {"number": numbers, "person": people}, (pa.string(), pa.int64()))
    batch = Batch.of_people(stored, document, weigher=weigher, most=queries.rules(at=at).block_most)
    near = list(batch.shown())
    stored.keep("met", {"number": sorted({number for one in near for number in (one.scored.left, one.scored.right)})}, (pa.string(),))
    met = stored.run("SELECT DISTINCT person FROM standing SEMI JOIN met USING (number)")
    held = queries.held([person for (person,) in met.fetchall()])
    return relinked(near, held, everybody=queries.with_several(), weigher=weigher, weighed=batch.weighed), stored.count


def _plain(one: Proposal, model: str) -> dict[str, Any]:
    left, right = one.shown_by.scored.left, one.shown_by.scored.right
    return {"kind": one.kind, "people": list(one.people), "statements": [left, right], "explanation": explained(one.shown_by, model=model)}
