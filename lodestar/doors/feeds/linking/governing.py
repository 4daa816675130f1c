"""Models of linkage from the command line: put forward through the gate, listed, gone back from."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from lodestar.actions import identity_models as actions
from lodestar.core.identity.judging import counted
from lodestar.core.times import say
from lodestar.core.words import Refused
from lodestar.doors.feeds.acting import actor_named
from lodestar.doors.feeds.linking import models as model_files
from lodestar.doors.feeds.linking.commands import FILES, LABELS, NUMBER, judged_as, report_of, true_pairs
from lodestar.doors.feeds.linking.statements import People, people_in, stop
from lodestar.store.queries import identity_models as queries

AS = click.option("--as", "username", default="", metavar="USER", help="The account that does it. Default: the system.")
REASON = click.option("--reason", required=True, help="Why, so that the next person can check it.")


@click.command()
@click.argument("model_file", metavar="MODEL", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@FILES
@NUMBER
@LABELS
@click.option("--truth", default="", metavar="COL", help="Column that is the same for every record of one person; or give --labels.")
@click.option("--household", default="", metavar="COL", help="Column that is the same for every record of one home.")
@click.option("--group", default="", metavar="COL", help="Column by which fairness is judged. Never an input.")
@REASON
@AS
def propose(
    *,
    model_file: Path,
    files: tuple[Path, ...],
    number: str,
    labels_file: Path | None,
    truth: str,
    household: str,
    group: str,
    reason: str,
    username: str,
) -> None:
    """Judge MODEL on FILES and put it forward to those who approve, or refuse it with every demand that it does not meet.

    The truth is a column (--truth), or people's answers (--labels) on pairs of the files. Judge on people whom the model was
    not trained on. Ends with 1 where the gate is not passed; the refusal is in the audit.
    """
    if not truth and labels_file is None:
        stop("Say where the truth is: --truth COL, or --labels FILE.")
    columns = {"truth": truth, "household": household, "group": group}
    people = people_in(files, number=number, also=[name for name in columns.values() if name])
    document = model_files.document_in(model_file)
    report = _by_answers(people, document, labels_file, columns) if labels_file else _by_column(people, document, columns)
    try:
        made = actions.propose(actor=actor_named(username), document=document, report=report, reason=reason, now=timezone.now())
    except Refused as refused:
        raise click.ClickException(" ".join(map(str, refused.refusals))) from refused
    click.echo(f"Model {made} is put forward: it passed every demand of the gate. Two other people must agree to it.")


@click.command()
@REASON
@AS
def rollback(*, reason: str, username: str) -> None:
    """Go back, at once, to the model that weighed before. Nothing that was joined is parted."""
    try:
        number = actions.roll_back(actor=actor_named(username), reason=reason, now=timezone.now())
    except Refused as refused:
        raise click.ClickException(" ".join(map(str, refused.refusals))) from refused
    click.echo(f"{'Model ' + str(number) if number else 'The model that Lodestar comes with'} weighs from now on.")


@click.command()
def models() -> None:
    """Every model that was put forward: its state, what it was trained on, and which weighs now."""
    now = queries.model_in_force(at=timezone.now())
    click.echo(f"In force: {'model ' + str(now.number) if now.number else 'the model that Lodestar comes with'}, {now.digest[:12]}")
    for row in queries.models():
        agreed = ", ".join(one.by.name for one in row.approvals.all()) or "nobody yet"
        click.echo(
            f"{row.number}: {row.state.replace('_', ' ')}; {row.trained_on:,} statements, {row.labels:,} answers; put forward "
            f"{say(row.proposed_at)}; agreed to by {agreed}; {row.digest[:12]}"
        )


def _by_column(people: People, document: dict[str, Any], columns: dict[str, str]) -> dict[str, Any]:
    judged = [(one, judged_as(people, one, columns)) for one in model_files.at_work(document, people).pairs()]
    return report_of(people, judged, true_pairs(people, columns))


def _by_answers(people: People, document: dict[str, Any], labels_file: Path, columns: dict[str, str]) -> dict[str, Any]:
    """Judged on the pairs that people answered, each as often as it stands for; one that none stands for is in no share."""
    at_work, records = model_files.at_work(document, people), {record.id: record for record in people.records}
    told = model_files.answers_in(labels_file, known=records).told
    judged = [
        (found, replace(judged_as(people, found, columns, one.same), counts=one.stands_for))
        for one in told
        for found in [at_work.weigh(records[one.left], records[one.right])]
    ]
    same = [one for _, one in judged if one.same]
    seen = Counter(one.group for one in same if one.group)
    groups = {group: counted(one for one in same if one.group == group) for group in seen}
    return report_of(people, judged, (counted(same), groups), seen)
