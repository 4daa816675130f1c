"""Model files: read with every fault in a sentence, written so that the same model is the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import click

from lodestar.core.identity.bands import BandRules, band_rules
from lodestar.core.identity.index import index_of
from lodestar.core.identity.learning import Answer, Setting, learn
from lodestar.core.identity.model import UnusableModelError, read_model
from lodestar.core.identity.resolving import Resolver, resolver
from lodestar.core.identity.scoring import commonness_of
from lodestar.doors.feeds.linking.statements import People, stop
from lodestar.doors.feeds.linking.training import trained
from lodestar.doors.feeds.tables import Row, Table, read_table
from lodestar.store.playbooks import playbook

ANSWERS = {"yes": True, "same": True, "true": True, "1": True, "no": False, "not same": False, "false": False, "0": False}
CANNOT_TELL = ("", "can't tell", "cannot tell")


@dataclass(frozen=True, slots=True)
class Answers:
    """What clerical review said, and how many pairs it could not tell."""

    told: tuple[Answer, ...]
    not_told: int


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


def made(people: People, answers: Answers | None, *, seed: int = 1) -> dict[str, Any]:
    """A model trained on these people, and fitted to the answers where there are any."""
    try:
        document = {**trained(people.records, seed=seed), "snapshot": snapshot_of(people)}
        return fitted(document, people, answers) if answers else document
    except ValueError as fault:
        stop(str(fault))


def snapshot_of(people: People) -> str:
    """What the data that a model was trained on is known by: the same statements in any order give the same digest."""
    lines = sorted(json.dumps([record.id, dict(record.columns)], sort_keys=True) for record in people.records)
    return sha256("\n".join(lines).encode()).hexdigest()


def fitted(document: dict[str, Any], people: People, answers: Answers) -> dict[str, Any]:
    """The model fitted to the answers, with their number and the weight from which it may join."""
    rules = rules_today()
    by_number = {record.id: record for record in people.records}
    common = commonness_of(list(people.records), read_model(document).terms)
    setting = Setting(by_number, common, rules.bands.household_most, rules.precision)
    learnt = learn(document, answers.told, setting)
    return {**learnt.document, "labels": len(answers.told), "link_from": learnt.link_from}


def at_work(document: dict[str, Any], people: People) -> Resolver:
    """The model set to an index of these people, with the bands that its labels allow."""
    bands = rules_today().thresholds(labels=int(document.get("labels", 0)), link_from=document.get("link_from"))
    return resolver(model=read_model(document), index=index_of(people.records), thresholds=bands, trained_on=document["trained_on"])


def answers_in(path: Path) -> Answers:
    """Answers from a file with columns left, right and same (yes, no or can't tell)."""
    found = read_table(path.read_bytes(), file=path.name, required=("left", "right", "same"))
    if not isinstance(found, Table):
        stop(*(f"{path.name}: {refusal.sentence}" for refusal in found))
    told = [(row, _said(row, path)) for row in found.rows]
    known = tuple(Answer(row.text("left"), row.text("right"), same, _stands_for(row, path)) for row, same in told if same is not None)
    return Answers(known, len(told) - len(known))


def save(document: dict[str, Any], path: Path) -> None:
    """The same model as the same bytes; Splink's name for one run of its own is left out."""
    kept = {name: value for name, value in document.items() if name != "linker_uid"}
    path.write_text(json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def named(files: Iterable[Path]) -> str:
    """Files by their names, for a sentence."""
    return ", ".join(path.name for path in files)


def _said(row: Row, path: Path) -> bool | None:
    text = row.text("same").casefold().replace("’", "'")
    if text in CANNOT_TELL:
        return None
    if text not in ANSWERS:
        stop(f"{path.name}, row {row.source.number}, same: {text!r} is no answer. Write yes, no or can't tell.")
    return ANSWERS[text]


def _stands_for(row: Row, path: Path) -> float:
    text = row.text("stands_for")
    try:
        value = float(text) if text else 1.0
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        stop(f"{path.name}, row {row.source.number}, stands_for: {text!r} is no number of pairs above nought.")
    return value


def option(help_text: str, *, required: bool = False) -> Any:
    """The --model option of a command."""
    path = click.Path(exists=True, dir_okay=False, path_type=Path)
    return click.option("--model", "model_file", type=path, required=required, help=help_text)
