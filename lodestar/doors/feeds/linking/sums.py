"""What very many pairs weigh, worked out by the table they stand in: Splink's own sum of a model that it trained, and nothing beside it.

Splink's ``predict`` writes out with each weight every column that it compared. Here the same conditions are asked and the same
numbers added up in the same order, so the weight is Splink's to the last bit (a test compares them), and of each pair is kept
what its account is made of: one number for the levels it fell in, and the bits of each term, which is how common a value is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lodestar.core.identity.model import Comparison, Level, Model
from lodestar.core.identity.template import HOUSEHOLD

# DuckDB counts slips with a map of letters for each pair of words. One slip leaves at most two places of words of one length
# that differ, and to count these costs next to nothing.
_ONE_SLIP = re.compile(r"damerau_levenshtein\(([^(),]+), ([^(),]+)\) <= 1")
_COUNTED = r"CASE WHEN length(\1) <> length(\2) OR \1 = '' THEN \g<0> WHEN hamming(\1, \2) > 2 THEN false ELSE \g<0> END"
_IN_COMMON = re.compile(r"array_length\(list_intersect\(([^(),]+), ([^(),]+)\)\) >= 1")
_COLUMN = re.compile(r"\b[lr]_(\w+)")


def cheaper(condition: str) -> str:
    """A condition of a model's, put so that DuckDB gives the same answer at a lower price."""
    return _IN_COMMON.sub(r"list_has_any(\1, \2)", _ONE_SLIP.sub(_COUNTED, condition))


def columns_of(model: Model) -> list[str]:
    """The columns of a record that a model reads."""
    compared = {name for one in model.comparisons for level in one.levels for name in _COLUMN.findall(level.words)}
    return sorted(compared.union(model.terms))


def with_term(model: Model) -> list[Comparison]:
    """The comparisons that count for more or less by how common a value is."""
    return [one for one in model.comparisons if _has_term(one)]


def levels_of(model: Model, fell: int) -> list[int]:
    """For each comparison the place of the level that a pair fell in, from the one number that says so."""
    places = []
    for one in reversed(model.comparisons):
        fell, place = divmod(fell, len(one.levels))
        places.append(place)
    return places[::-1]


def summed(model: Model, *, start: float, household_most: float) -> str:
    """Of each of ``{pairs}`` that is worth ``{least}`` after the household's cap: a, b, held (that weight), fell, and each term.

    The records stand in ``compared``, where ``common_COLUMN`` says how common their value is.
    """
    read = [*columns_of(model), *(f"common_{column}" for column in model.terms)]
    beside = [f'{side}."{name}" AS "{name}_{side}"' for name in read for side in "lr"]
    common = [f"common_{column}_{side}" for column in model.terms for side in "lr"]
    levels = [f"{_level(one)} AS level_{one.name}" for one in model.comparisons]
    bits = [f"{_by_level(one, _worth)} AS bits_{one.name}" for one in model.comparisons]
    terms = [f"{_by_level(one, _term)} AS term_{one.name}" for one in with_term(model)]
    weight = " + ".join((_number(start), *map(_bits, model.comparisons)))
    home = " + ".join(f"greatest({_bits(one)}, 0)" for one in model.comparisons if one.name in HOUSEHOLD) or "0"
    kept = ["a", "b", "held", "fell", *(f"term_{one.name}" for one in with_term(model))]
    return f"""
        WITH beside AS (SELECT a, b, {", ".join(beside)} FROM {{pairs}} JOIN compared l ON l.n = a JOIN compared r ON r.n = b),
             fallen AS (SELECT a, b, {", ".join((*levels, *common))} FROM beside),
             worth AS (SELECT a, b, {_fell(model)} AS fell, {", ".join((*bits, *terms))} FROM fallen),
             whole AS (SELECT *, {weight} - greatest(({home}) - {household_most}, 0) AS held FROM worth)
        SELECT {", ".join(kept)} FROM whole WHERE held >= {{least}}
    """


def _has_term(one: Comparison) -> bool:
    return any(level.term for level in one.levels)


def _level(one: Comparison) -> str:
    """Which level two records fall in, by its place; the conditions are tried in order."""
    asked = ["true" if level.words == "True" else cheaper(level.condition) for level in one.levels]
    return f"CASE {' '.join(f'WHEN {condition} THEN {place}' for place, condition in enumerate(asked))} END::TINYINT"


def _by_level(one: Comparison, worth: Callable[[Level], str]) -> str:
    return f"CASE level_{one.name} {' '.join(f'WHEN {place} THEN {worth(level)}' for place, level in enumerate(one.levels))} END"


def _worth(level: Level) -> str:
    return _number(level.weight)


def _term(level: Level) -> str:
    """The bits by which a common value counts for less and a rare one for more; none where nobody counted it."""
    if not level.term or not level.term_weight:
        return _number(0.0)
    one, other = f"common_{level.term}_l", f"common_{level.term}_r"
    common = f"greatest(coalesce({one}, {other}), coalesce({other}, {one}), {_number(level.term_floor)})"
    told = f"{_number(level.term_weight)} * ({_number(level.base)} - log2({common}))"
    return f"CASE WHEN coalesce({one}, {other}) IS NULL THEN {_number(0.0)} ELSE {told} END"


def _bits(one: Comparison) -> str:
    return f"bits_{one.name} + term_{one.name}" if _has_term(one) else f"bits_{one.name}"


def _number(value: float) -> str:
    """A number as Splink writes it, who reads it as DuckDB does."""
    return f"cast({value!r} as float8)"


def _fell(model: Model) -> str:
    """The levels of every comparison in one number, the last comparison's last."""
    fell = "0::BIGINT"
    for one in model.comparisons:
        fell = f"({fell}) * {len(one.levels)} + level_{one.name}"
    return fell
