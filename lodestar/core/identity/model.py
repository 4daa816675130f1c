"""A model of linkage: for each field, levels of agreement and what each is worth. Read from the JSON that Splink saves.

Weights are in bits: log2(m / u), where m is how often two records of one person fall in the level and u how often two
people's do. They add up, so any weight can be taken apart again line by line. The prior follows the size of the index: the
same evidence is worth less where there are more people whom it might be.
Source: Splink 5's own JSON and its sums (Fellegi and Sunter); domain/linkage.md sections 0 and 5.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lodestar.core.identity.conditions import Places, UnreadableConditionError, compiled, read
from lodestar.core.identity.record import Values
from lodestar.core.words import listed

UNMET = 0.001  # m and u of a level that training never met: any two equal numbers give no weight
NEVER = 1e-12  # a chance of nought is kept from making a weight without end


class UnusableModelError(ValueError):
    """A model that cannot be run as it stands; the message says which part and why."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of agreement: its words, when two records are in it, and what it is worth in bits."""

    label: str
    condition: str
    weight: float
    is_null: bool
    m: float | None
    u: float | None
    words: str = field(repr=False, compare=False)  # the condition in Python
    fixed: bool = False  # worth what it says whatever is learnt
    term: str = ""  # the column whose commonness changes what the level is worth
    term_weight: float = 0
    term_floor: float = 0
    base: float = 0  # log2 of u of the exact match, which a commoner or rarer value replaces


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field: its levels in the order in which they are tried."""

    name: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """Comparisons, the prior it was trained with, and the digest by which it is known."""

    comparisons: tuple[Comparison, ...]
    prior: float  # the chance that two records taken at random are of one person, at ``trained_on`` records
    digest: str
    places: Callable[[Values], Places] = field(repr=False, compare=False)  # which level of each comparison two records are in
    told_by_levels: bool = True  # how common a value is counts only where both have it: one record's weights follow the levels
    weights: tuple[tuple[float, ...], ...] = field(init=False, repr=False, compare=False)  # of each level of each comparison
    by_commonness: tuple[tuple[int, int, Level], ...] = field(init=False, repr=False, compare=False)  # and where it says not all

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", tuple(tuple(level.weight for level in one.levels) for one in self.comparisons))
        told = ((one, place, level) for one, of in enumerate(self.comparisons) for place, level in enumerate(of.levels) if level.term)
        object.__setattr__(self, "by_commonness", tuple(told))

    def starting_weight(self, prior: float | None = None) -> float:
        """The bits before any field is looked at: log2 of the prior's odds."""
        chance = self.prior if prior is None else prior
        return math.log2(chance / (1 - chance))

    @property
    def terms(self) -> tuple[str, ...]:
        """The columns whose commonness the model uses."""
        return tuple(sorted({level.term for one in self.comparisons for level in one.levels if level.term}))


def read_model(document: Mapping[str, Any]) -> Model:
    """The model of a settings document that Splink saved, versions 4 and 5.

    Raises ``UnusableModelError`` where a level is not trained or its condition is outside the language of the scorer.
    """
    faults: list[str] = []
    comparisons = tuple(_comparison(one, faults) for one in document.get("comparisons", ()))
    if not comparisons:
        faults.append("it compares nothing")
    prior = document.get("probability_two_random_records_match")
    if not isinstance(prior, float) or not 0 < prior < 1:
        faults.append("its prior is not a chance between nought and one")
    if faults:
        raise UnusableModelError(f"The model cannot be run: {listed(faults)}.")
    places = compiled([(one.name, [level.words for level in one.levels]) for one in comparisons])
    by_levels = all(_is_exact(level.condition, level.term) for one in comparisons for level in one.levels if level.term)
    return Model(comparisons, float(prior or 0), digest(document), places, by_levels)


def digest(document: Mapping[str, Any]) -> str:
    """What the model is known by: the same numbers and conditions give the same digest, whatever the file looks like."""
    kept = {name: document.get(name) for name in ("comparisons", "probability_two_random_records_match")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def completed(document: Mapping[str, Any], *, pairs: float) -> dict[str, Any]:
    """The document with every level worth something: what training never met is worth nothing either way, and says so.

    Rule: a level that no pair in the training was in has no m or no u. Splink would put its own default there, which is a
    weight that nobody measured.
    Rule: among so many ``pairs`` of one person as the training is thought to hold, none can show that something is rarer than one
    of them. What it was left with less of is kept at that, in the document, where Splink reads it too: one figure of a telephone
    number written wrong would be -190 bits, and nobody would be asked whether it is the same child.
    """
    whole: dict[str, Any] = json.loads(json.dumps(document))
    least = 1 / max(pairs, 1.0)
    for row in (row for comparison in whole["comparisons"] for row in comparison["comparison_levels"] if not row.get("is_null_level")):
        if {"m_probability", "u_probability"} <= row.keys():
            row["m_probability"] = max(row["m_probability"], least)
        else:
            row.update(m_probability=UNMET, u_probability=UNMET, fix_m_probability=True, fix_u_probability=True)
            row["label_for_charts"] = f"{row['label_for_charts']} (not met in training)"
    return whole


def pairs_thought(*, prior: float, records: int) -> float:
    """How many pairs of one person there are thought to be among so many records."""
    return prior * records * (records - 1) / 2


def prior_at(*, prior: float, trained_on: int, size: int) -> float:
    """The prior for an index of another size than the model was trained on.

    Rule: the number of records of one person does not grow with the index, so the chance that a record taken at random is
    the same person falls in proportion. Ten times more people cost log2(10), about 3.3 bits.
    Raises ``ValueError`` for sizes below one.
    """
    if trained_on < 1 or size < 1:
        raise ValueError("an index holds at least one record")
    return min(prior * trained_on / size, 0.5)


def _comparison(given: Mapping[str, Any], faults: list[str]) -> Comparison:
    name = str(given.get("output_column_name", "?"))
    rows = list(given.get("comparison_levels", ()))
    return Comparison(name, tuple(level for row in rows if (level := _level(name, row, rows, faults)) is not None))


def _level(name: str, row: Mapping[str, Any], rows: list[Mapping[str, Any]], faults: list[str]) -> Level | None:
    label, condition = str(row.get("label_for_charts", "")), str(row["sql_condition"])
    is_null = bool(row.get("is_null_level"))
    m, u = row.get("m_probability"), row.get("u_probability")
    if not is_null and (m is None or u is None):
        faults.append(f"the level {label!r} of {name} is not trained")
        return None
    try:
        words = read(condition)
    except UnreadableConditionError as fault:
        faults.append(f"{name}: {fault}")
        return None
    weight = 0.0 if is_null else math.log2(_chance(m) / _chance(u))
    level = Level(label, condition, weight, is_null, m, u, words, fixed=is_null or bool(row.get("fix_m_probability")))
    term = "" if is_null else str(row.get("tf_adjustment_column", ""))
    return _with_term(level, term, row, rows, faults) if term else level


def _chance(said: Any) -> float:
    """A chance as it stands, so that the weight is Splink's; nought alone would be a weight without end."""
    given = float(said)
    return given if given > 0 else NEVER


def _with_term(level: Level, term: str, row: Mapping[str, Any], rows: list[Mapping[str, Any]], faults: list[str]) -> Level:
    exact = next((one for one in rows if _is_exact(str(one["sql_condition"]), term)), None)
    if row.get("disable_tf_exact_match_detection"):
        exact = row
    if exact is None or exact.get("u_probability") is None:
        faults.append(f"{level.label!r} weighs how common {term} is, and no level asks whether it is the same")
        return level
    return replace(
        level,
        term=term,
        term_weight=float(row.get("tf_adjustment_weight", 0)),
        term_floor=float(row.get("tf_minimum_u_value", 0)),
        base=math.log2(_chance(exact["u_probability"])),
    )


def _is_exact(condition: str, term: str) -> bool:
    """True where the level asks that the column, and nothing else, is the same on both sides."""
    plain = condition.replace('"', "").replace(" ", "")
    return plain in (f"{term}_l={term}_r", f"{term}_r={term}_l")
