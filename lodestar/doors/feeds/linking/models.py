"""Model files: read with every fault in a sentence, written so that the same model is the same bytes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from math import inf
from pathlib import Path
from typing import Any

import click

from lodestar.core.identity.bands import BandRules, Thresholds, band_rules
from lodestar.core.identity.index import index_of
from lodestar.core.identity.learning import Answer, Setting, learn
from lodestar.core.identity.model import UnusableModelError, read_model
from lodestar.core.identity.resolving import Resolver, resolver
from lodestar.core.reports.rows import BadRow
from lodestar.doors.feeds.linking.statements import People, faults_of, rows_in, stop
from lodestar.doors.feeds.linking.training import Stored, trained_on
from lodestar.doors.feeds.tables import Row
from lodestar.store.playbooks import playbook

ANSWERS = {"yes": True, "same": True, "true": True, "1": True, "no": False, "not same": False, "false": False, "0": False}
CANNOT_TELL = ("", "can't tell", "cannot tell")


@dataclass(frozen=True, slots=True)
class Answers:
    """What clerical review said, and how many pairs it could not tell."""

    told: tuple[Answer, ...]
    not_told: int

    def numbers(self) -> list[str]:
        """The records that are named, each once."""
        return sorted({number for one in self.told for number in (one.left, one.right)})


def rules_today(on: date | None = None) -> BandRules:
    """The rules of the bands: those of a day, or the newest."""
    book = playbook("IDENTITY-BANDS")
    return band_rules(book, on=on or book.blocks[-1].from_date)


def document_in(path: Path) -> dict[str, Any]:
    """A model file. Ends with exit code 2 and a sentence where it is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
        read_model(document)
    except (UnicodeDecodeError, json.JSONDecodeError, UnusableModelError, AttributeError, KeyError, TypeError) as fault:
        stop(f"{path.name}: it is no model that can be run. {fault}")
    if not isinstance(document.get("trained_on"), int) or document["trained_on"] < 1:
        stop(f"{path.name}: it does not say on how many records it was trained (trained_on), so its prior fits no other size.")
    return dict(document)


def made(stored: Stored, answers: Answers | None, *, seed: int = 1) -> dict[str, Any]:
    """A model trained on these records, and fitted to the answers where there are any."""
    try:
        document = trained_on(stored, seed=seed)
        return fitted(document, stored, answers) if answers else document
    except ValueError as fault:
        stop(str(fault))


def fitted(document: dict[str, Any], stored: Stored, answers: Answers) -> dict[str, Any]:
    """The model fitted to the answers, with their number and the weight from which it may join."""
    rules, named_there = rules_today(), answers.numbers()
    records = stored.records(", ".join("?" * len(named_there)) or "NULL", named_there)
    common = stored.commonness(read_model(document).terms)
    setting = Setting(records, common, rules.bands.household_most, rules.precision, stored.count)
    learnt = learn(document, answers.told, setting)
    return {**learnt.document, "labels": len(answers.told), "link_from": learnt.link_from}


def bands_of(document: dict[str, Any]) -> Thresholds:
    """The bands that a model's labels allow."""
    return rules_today().thresholds(labels=int(document.get("labels", 0)), link_from=document.get("link_from"))


def at_work(document: dict[str, Any], people: People) -> Resolver:
    """The model set to an index of these people, with the bands that its labels allow."""
    model, bands = read_model(document), bands_of(document)
    return resolver(model=model, index=index_of(people.records), thresholds=bands, trained_on=document["trained_on"])


def answers_in(path: Path, *, known: Collection[str]) -> Answers:
    """Answers from a file with columns left, right and same (yes, no or can't tell), about records that are ``known``.

    Ends with exit code 2 after naming each fault by file, row, column and reason.
    """
    told: list[Answer] = []
    faults: list[str] = []
    not_told = 0
    for row in rows_in(path, required=("left", "right", "same"), known=("stands_for",)):
        if isinstance(row, BadRow):
            faults.extend(faults_of(row, path))
            continue
        wrong = [f"{path.name}, row {row.source.number}, {column}: {sentence}" for column, sentence in _wrong(row, known)]
        faults.extend(wrong)
        if wrong or _same(row) in CANNOT_TELL:
            not_told += 1
            continue
        told.append(Answer(row.text("left"), row.text("right"), ANSWERS[_same(row)], _stands_for(row)))
    if faults:
        stop(*faults)
    return Answers(tuple(told), not_told)


def save(document: dict[str, Any], path: Path) -> None:
    """The same model as the same bytes; Splink's name for one run of its own is left out."""
    kept = {name: value for name, value in document.items() if name != "linker_uid"}
    path.write_text(json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def named(files: Iterable[Path]) -> str:
    """Files by their names, for a sentence."""
    return ", ".join(path.name for path in files)


def _wrong(row: Row, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """What of an answer cannot be used: the column, and why."""
    for side in ("left", "right"):
        if row.text(side) not in known:
            yield side, f"{row.text(side)!r} is the number of no record in the files."
    if row.text("left") == row.text("right") in known:
        yield "right", "It is the record on the left; an answer is about two."
    if _same(row) not in ANSWERS and _same(row) not in CANNOT_TELL:
        yield "same", f"{row.text('same')!r} is no answer. Write yes, no or can't tell."
    if not 0 < _stands_for(row) < inf:
        yield "stands_for", f"{row.text('stands_for')!r} is no number of pairs above nought."


def _same(row: Row) -> str:
    return row.text("same").casefold().replace("’", "'")


def _stands_for(row: Row) -> float:
    """How many pairs an answer stands for: one where it does not say, nought where it cannot be read."""
    text = row.text("stands_for")
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def option(help_text: str, *, required: bool = False) -> Any:
    """The --model option of a command."""
    path = click.Path(exists=True, dir_okay=False, path_type=Path)
    return click.option("--model", "model_file", type=path, required=required, help=help_text)
