"""``lodestar identity``: linkage on files, with no database."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from math import comb
from pathlib import Path
from typing import Any

import click

from lodestar.core.identity.bands import Banded
from lodestar.core.identity.clusters import Said
from lodestar.core.identity.judging import Judged, by_group, calibration, counted, gate, quality, threshold_for
from lodestar.core.identity.model import digest
from lodestar.core.identity.record import Record
from lodestar.doors.feeds.linking import models, saying
from lodestar.doors.feeds.linking.batch import Batch
from lodestar.doors.feeds.linking.models import Answers
from lodestar.doors.feeds.linking.statements import People, people_in, stop, tables_in
from lodestar.doors.feeds.linking.training import Stored

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
NUMBER = click.option("--id", "number", required=True, metavar="COL", help="Column with each record's own number.")
LABELS = click.option(
    "--labels", "labels_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Answers of clerical review: columns left, right, same (yes, no, can't tell); stands_for where pairs were sampled.",
)  # fmt: skip
JSON = click.option("--json", "as_json", is_flag=True, help="Strict JSON on standard output.")


@click.command()
@FILES
@NUMBER
@LABELS
@click.option("--model", "out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the model is written.")
@click.option("--seed", default=1, show_default=True, help="The seed of the sample by which strangers are learnt.")
def train(*, files: tuple[Path, ...], number: str, labels_file: Path | None, out: Path, seed: int) -> None:
    """Train a model on FILES with Splink, and fit it to --labels where there are any.

    The model is Splink's own JSON, which Splink 5 opens, with three keys beside: trained_on (records), labels (answers) and
    link_from (the weight in bits from which joining was right 999 times in 1,000 on answers that the fit had not seen; null
    where it never was). It joins nothing by itself before there are 2,000 answers.
    """
    if not out.parent.is_dir():
        stop(f"{out}: there is no folder {out.parent} to write the model in.")
    stored, answers = _stored(files, number, labels_file)
    document = {**models.made(stored, answers, seed=seed), "snapshot": stored.digest()}
    models.save(document, out)
    click.echo(f"{out.name}: trained on {stored.count:,} records of {models.named(files)}; digest {digest(document)[:12]}.")
    _say_link_from(document)


@click.command()
@FILES
@NUMBER
@models.option("A model file; without it one is trained on FILES first.")
@LABELS
@JSON
def link(*, files: tuple[Path, ...], number: str, model_file: Path | None, labels_file: Path | None, as_json: bool) -> None:
    """Find who in FILES is the same person: pairs with weight, band and evidence field by field, and clusters.

    \b
    The JSON is {"records", "model", "pairs", "clusters", "alone", "withheld", "at_odds", "passed_over"}:
      pairs        of the bands link and review: left, right, weight (bits), held_weight (after the cap on what a home
                   shares), band, rule, vetoes, start, and fields: field, level, bits, commonness_bits
      clusters     lists of record numbers; alone: records in none
      withheld     links that would not hold in a whole cluster, with the reason: these go to a person too
      at_odds      pairs that people said are the same, and that their other answers forbid
      passed_over  blocks too full to be looked through, and how many records each holds
    With --labels people's answers outrank the model: yes joins, no keeps apart.
    """
    given = models.document_in(model_file) if model_file else None
    stored, answers = _stored(files, number, labels_file)
    document = given or models.made(stored, answers)
    batch = Batch(stored, document, models.bands_of(document))
    said = [Said(one.left, one.right, one.same) for one in answers.told] if answers else []
    if not as_json:
        for one in batch.shown():
            click.echo(f"{saying.waterfall(one)}\n")
        grouped = batch.groups(said)
        click.echo(
            f"{sum(len(group) > 1 for group in grouped.groups)} people with more than one record; {len(grouped.withheld)} links withheld."
        )
        return
    click.echo(f'{{"records": {stored.count}, "model": "{digest(document)}", "pairs": [')
    before = ""
    for some in batch.written():  # a pair a line, so many held and no more
        click.echo(before + "\n,".join(some))
        before = ","
    with _uncollected():
        rest = {**saying.groups(batch.groups(said), records=stored.count), "passed_over": batch.passed_over}
    click.echo("], " + saying.text(rest)[1:])


@click.command()
@FILES
@NUMBER
@models.option("The model to judge.", required=True)
@click.option("--truth", required=True, metavar="COL", help="Column that is the same for every record of one person.")
@click.option("--household", metavar="COL", help="Column that is the same for every record of one home.")
@click.option("--group", metavar="COL", help="Column by which fairness is judged, such as the origin of names. Never an input.")
@JSON
def evaluate(
    *, files: tuple[Path, ...], number: str, model_file: Path, truth: str, household: str | None, group: str | None, as_json: bool
) -> None:
    """Judge a model on FILES whose truth is known: precision, recall and F1 by band, errors of one home, and by name group.

    \b
    The JSON is {"records", "true_pairs", "found_by_blocks", "bands", "at_precision", "groups", "calibration", "gate"}:
      bands          link (what is joined by itself) and link_and_review (what is joined or shown)
      at_precision   for 0.99, 0.995 and 0.999: the weight from which joining is so often right here, and what it joins
      groups         for each group with 30 true pairs or more, what the band link does
      calibration    of the pairs that the model gives a chance of a half, 0.9, 0.99 or 0.999 and more, how many are right
      gate           the demands of the playbook, each met or not, with what was measured
    Judge on records that the model was not trained on; the figures are otherwise too good.
    """
    columns = {"truth": truth, "household": household or "", "group": group or ""}
    document = models.document_in(model_file)
    people = people_in(files, number=number, also=[name for name in columns.values() if name])
    at_work = models.at_work(document, people)
    pairs = at_work.pairs()
    judged = [(one, judged_as(people, one, columns)) for one in pairs]
    report = report_of(people, judged, true_pairs(people, columns))
    if as_json:
        _print(report)
    else:
        click.echo(_table(report))
    raise SystemExit(0 if report["gate"]["passed"] else 1)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@NUMBER
@models.option("The model.", required=True)
@click.option(
    "--record",
    "asked",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the rows asked about.",
)
@JSON
def resolve(*, file: Path, number: str, model_file: Path, asked: Path, as_json: bool) -> None:
    """Whom on FILE each row of --record may be about: the candidates with their band, the weightiest first, and why.

    The JSON is a list, one entry a row: {"record", "candidates"}, each candidate as a pair of ``link``.
    """
    people, rows = people_in([file], number=number), people_in([asked], number=number)
    at_work = models.at_work(models.document_in(model_file), people)
    found = [(record, at_work.resolve(record)) for record in rows.records]
    if as_json:
        _print([{"record": record.id, "candidates": [saying.pair(one) for one in candidates]} for record, candidates in found])
        return
    for record, candidates in found:
        click.echo("\n\n".join(saying.waterfall(one) for one in candidates) or f"{record.id}: nobody on file may be this person.")


def report_of(
    people: People, judged: list[tuple[Banded, Judged]], truth: tuple[float, Mapping[str, float]], seen: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """What a model shows on pairs whose truth is known: by band, at three precisions, by group, calibrated, and at the gate.

    ``truth`` is how many pairs are of one person, whole and by group; ``seen`` how many of each group were looked at, where
    those stand for others.
    """
    every = [one for _, one in judged]
    true, group_true = truth
    linked = [one for banded, one in judged if banded.band == "link"]
    shown = [replace(one, stopped=False) for banded, one in judged if banded.band != "apart"]  # a person sees vetoed pairs too
    low = float("-inf")
    whole = quality(linked, from_weight=low, true=true)
    groups = by_group(linked, from_weight=low, true=group_true, seen=seen)
    return {
        "records": len(people.records),
        "true_pairs": true,
        "found_by_blocks": counted(one for one in every if one.same),
        "bands": {"link": saying.quality(whole), "link_and_review": saying.quality(quality(shown, from_weight=low, true=true))},
        "at_precision": [_at(every, precision, true) for precision in (0.99, 0.995, 0.999)],
        "groups": saying.name_groups(groups),
        "calibration": saying.calibration(calibration(every)),
        "gate": saying.gate(gate(whole, groups, demands=models.rules_today().demands)),
    }


def _at(every: list[Judged], precision: float, true: float) -> dict[str, Any]:
    found = threshold_for(every, precision=precision)
    return {
        "precision_asked": precision,
        "quality": saying.quality(quality(every, from_weight=found, true=true) if found is not None else None),
    }


def judged_as(people: People, one: Banded, columns: dict[str, str], said: bool | None = None) -> Judged:
    """A pair with its truth, from the column that holds it or as somebody said."""
    left, right = people.rows[one.scored.left], people.rows[one.scored.right]
    same = left.text(columns["truth"]) == right.text(columns["truth"]) if said is None else said
    home = columns["household"]
    of_one_home = bool(home) and left.text(home) == right.text(home)
    twins = of_one_home and not same and left.text("birth_date") == right.text("birth_date") != ""
    return Judged(one.weight, same, of_one_home, left.text(columns["group"]) if columns["group"] else "", bool(one.vetoes), twins)


def true_pairs(people: People, columns: dict[str, str]) -> tuple[int, dict[str, int]]:
    """How many pairs are of one person, whole and by the group of the person's first record."""
    members: dict[str, list[Record]] = {}
    for record in people.records:
        members.setdefault(people.rows[record.id].text(columns["truth"]), []).append(record)
    by_name: dict[str, int] = {}
    for records in members.values():
        name = people.rows[records[0].id].text(columns["group"]) if columns["group"] else ""
        by_name[name] = by_name.get(name, 0) + comb(len(records), 2)
    return sum(by_name.values()), by_name if columns["group"] else {}


def _table(report: dict[str, Any]) -> str:
    lines = [
        f"{report['records']:,} records, {report['true_pairs']:,.0f} true pairs, {report['found_by_blocks']:,.0f} of them found by a block"
    ]
    for name, row in report["bands"].items():
        shares = ", ".join(f"{what} {_share(row[what])}" for what in ("precision", "recall", "f1"))
        lines.append(f"{name}: joined {row['joined']:,.0f}, {shares}")
    for row in report["groups"]:
        lines.append(f"  {row['group']}: precision {_share(row['precision'])}, recall {_share(row['recall'])}")
    for row in report["gate"]["demands"]:
        lines.append(f"  {'met    ' if row['met'] else 'NOT MET'}  {row['demand']}: {row['measured']}")
    return "\n".join(lines)


def _share(share: float | None) -> str:
    return "not known" if share is None else f"{share:.4f}"


def _stored(files: tuple[Path, ...], number: str, labels_file: Path | None) -> tuple[Stored, Answers | None]:
    """The records of the files in a table, and the answers about them."""
    with _uncollected():
        stored = Stored.of(tables_in(files, number=number))
    return stored, models.answers_in(labels_file, known=set(stored.numbers())) if labels_file else None


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing made by the million here holds itself, and looking again and again whether it does takes a fifth of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _say_link_from(document: dict[str, Any]) -> None:
    needed, labels = models.rules_today().labels_needed, int(document.get("labels", 0))
    if labels < needed:
        click.echo(
            f"It joins nothing by itself: that takes {needed:,} answers, and there are {labels:,}. The strict rule does, and people decide."
        )
    elif document.get("link_from") is None:
        click.echo("It joins nothing by itself: from no weight up was it right often enough on answers that it had not seen.")
    else:
        click.echo(f"It joins by itself from {document['link_from']:.2f} bits.")


def _print(report: Any) -> None:
    click.echo(json.dumps(report, allow_nan=False, indent=2, ensure_ascii=False))
