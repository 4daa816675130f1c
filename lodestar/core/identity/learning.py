"""From answers of clerical review to a model and the weight from which it may join: learnt on one half, judged on the other.

A threshold read off the same answers that the weights were fitted to would promise too much, so each half is judged by a
model that never saw it. "Can't tell" teaches nothing and is left out before this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lodestar.core.identity.bands import held_weight
from lodestar.core.identity.clusters import ordered
from lodestar.core.identity.judging import Judged, threshold_for
from lodestar.core.identity.model import prior_at, read_model
from lodestar.core.identity.record import Record
from lodestar.core.identity.refit import Label, refitted
from lodestar.core.identity.scoring import Commonness, Scored, score
from lodestar.core.identity.vetoes import vetoes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said of two records; ``stands_for`` pairs like it were not asked about."""

    left: str
    right: str
    same: bool
    stands_for: float = 1.0


@dataclass(frozen=True, slots=True)
class Learnt:
    """The document fitted to all answers, and the weight from which joining was right often enough on answers it had not seen."""

    document: dict[str, Any]
    link_from: float | None


@dataclass(frozen=True, slots=True)
class Setting:
    """What answers are weighed in: the records that they name, how common values are among all, how many all are, and what is asked."""

    records: Mapping[str, Record]
    commonness: Commonness
    household_most: float
    precision: float
    size: int


def learn(document: Mapping[str, Any], answers: Sequence[Answer], setting: Setting) -> Learnt:
    """Fit to the answers on pairs that no veto stops, and find the threshold by halves.

    Raises ``ValueError`` where the answers are too few to learn from, or name a record that is not there.
    """
    unknown = sorted({number for one in answers for number in (one.left, one.right)} - setting.records.keys())
    if unknown:
        raise ValueError(f"No record has the number {unknown[0]}.")
    kept = [one for one in answers if not vetoes(setting.records[one.left], setting.records[one.right])]
    halves = [[one for one in kept if _half(one) == half] for half in (0, 1)]
    judged = [judged for half in (0, 1) for judged in _judged(_fitted(document, halves[1 - half], setting), halves[half], setting)]
    return Learnt(_fitted(document, kept, setting), threshold_for(judged, precision=setting.precision))


def _fitted(document: Mapping[str, Any], answers: Iterable[Answer], setting: Setting) -> dict[str, Any]:
    """Fitted to these answers; the prior it learns is that of an index of this size, and it says so."""
    labels = [Label(scored, one.same, one.stands_for) for one, scored in _weighed(document, answers, setting)]
    return {**refitted(document, labels), "trained_on": setting.size}


def _half(answer: Answer) -> int:
    """Which half an answer is in: always the same for the same two records."""
    return hashlib.sha256("|".join(ordered(answer.left, answer.right)).encode()).digest()[0] % 2


def _judged(document: Mapping[str, Any], answers: Iterable[Answer], setting: Setting) -> list[Judged]:
    return [
        Judged(held_weight(scored, most=setting.household_most), one.same, counts=one.stands_for)
        for one, scored in _weighed(document, answers, setting)
    ]


def _weighed(document: Mapping[str, Any], answers: Iterable[Answer], setting: Setting) -> Iterable[tuple[Answer, Scored]]:
    model = read_model(document)
    prior = prior_at(prior=model.prior, trained_on=document["trained_on"], size=setting.size)
    for one in answers:
        left, right = setting.records[one.left], setting.records[one.right]
        yield one, score(left, right, model=model, commonness=setting.commonness, prior=prior)
