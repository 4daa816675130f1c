"""Every answered pair as a file that a model is trained on, and the two records behind each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from lodestar.actions import reading
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.people.identifiers import SCHEMES
from lodestar.core.words import Refused
from lodestar.doors.feeds.acting import actor_named
from lodestar.doors.feeds.writing import write_csv
from lodestar.store.queries import identity, identity_models
from lodestar.store.queries import labels as queries
from lodestar.store.queries.people import person_facts

LABELS = ("left", "right", "same", "by", "at", "turn", "blind")
WHO = ("given_name", "family_name", "birth_date", "sex", "postcode", "phone", "responsible_authority")
RECORDS = ("number", *WHO, *SCHEMES)
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("--records", type=FILE, help="Write the records behind the pairs here too: FILE to train on, with --id number.")
@click.option("--as", "username", default="", metavar="USER", help="The account that takes it. Default: the system.")
def labels(*, file: Path, records: Path | None, username: str) -> None:
    """Write every answered pair to FILE, as CSV: left (the report), right (the record), same, by, at, turn, blind.

    In the order they were given: of two answers to one pair the last stands. Pairs mixed in to measure those who answer are
    not in it. Then: lodestar identity train RECORDS --id number --labels FILE --model MODEL.json
    """
    found = list(queries.every())
    _take(actor_named(username), file, LABELS, [[_text(queries.words_of(row)[name]) for name in LABELS] for row in found])
    click.echo(f"{len(found):,} labels of {identity_models.labels_here():,} pairs are in {file}.")
    if records is not None:
        rows = [[_text(row.get(name)) for name in RECORDS] for row in _records()]
        _take(actor_named(username), records, RECORDS, rows)
        click.echo(f"The {len(rows):,} records behind them are in {records}.")


def _take(actor: Actor, file: Path, columns: tuple[str, ...], rows: list[list[str]]) -> None:
    """The file is written once it is on record that it left."""
    body = write_csv(columns, rows)
    digest = sha256(body).hexdigest()
    try:
        reading.note_export(
            actor=actor, permission=P.MEASURES_EXPORT, verb="labels.taken", kind="label", rows=len(rows), digest=digest, now=timezone.now()
        )
    except Refused as refused:
        raise click.ClickException(" ".join(map(str, refused.refusals))) from refused
    file.write_bytes(body)


def _records() -> Iterator[dict[str, Any]]:
    for report in queries.reports_labelled():
        subject = identity.subject_of(report)
        yield {"number": f"report-{report.pk}", **{name: getattr(subject, name) for name in WHO}, **subject.keys}
    for person in queries.people_labelled():
        facts = person_facts(person)
        yield {"number": f"person-{person.pk}", **facts, "responsible_authority": person.authority, **facts["keys"]}  # type: ignore[dict-item]


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")
