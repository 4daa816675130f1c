"""What a person's model compares and how pairs are found, before anything is trained: the document that Splink is given.

One list of levels for Splink and for the live scorer, and one list of blocks for Splink and for the index. Each level reads
only columns that ``record.prepare`` makes.
Source: domain/linkage.md section 5, "Comparisons"; 3.4 on which blocks may train which fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from lodestar.core.identity.record import PLACE, Record, Value, Values

# Two records are looked at where they share every column of one block. Swapped names share ``names``, which has no order.
# With each stand the columns by which it lies beside others in an index: they follow from its own, and the look-ups of one statement
# come to a few places instead of a dozen.
BESIDE: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("names", "year"): ("names",),
    ("forename", "dob"): ("dob_either",),
    ("surname", "dob"): ("dob_either",),
    ("surname_sound", "forename_sound", "year"): ("forename_sound", "surname_sound"),
    ("forename", "postcode"): ("postcode",),
    ("dob", "postcode"): ("dob_either",),
    ("surname_sound", "dob_either"): ("dob_either",),
    ("names", "area"): ("names",),
    ("phone",): ("phone",),
    ("forename_sound", "postcode"): ("postcode",),
    ("forename_sound", "surname_sound", "area"): ("forename_sound", "surname_sound"),
    ("forename_sound", "surname_sound", "birthday"): ("forename_sound", "surname_sound"),  # a slip in the year, one in a name besides
}
BLOCKS = tuple(BESIDE)
KEY_BLOCK = "keys"  # any identifier in common
# Whoever shares the first shares the second, wherever it is known: how a name sounds follows from the name, a birth date in either
# form from the date. So a look-up of the first finds nobody whom one of the second does not find too.
WITHIN: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("surname", "dob"): ("surname_sound", "dob_either"),
    ("forename", "postcode"): ("forename_sound", "postcode"),
}

# Blocks that say nothing of a household, so the parameters of names and birth dates may be learnt in them.
TRAINING: tuple[tuple[str, ...], ...] = (("dob",), ("forename", "surname"))
CERTAIN: tuple[tuple[str, ...], ...] = (("forename", "surname", "dob"), ("forename", "dob", "postcode"))

HOUSEHOLD = ("surname", "postcode", "phone")  # what a whole home shares: capped together, and never enough


def settings() -> dict[str, Any]:
    """The untrained settings of a person's model, for Splink with DuckDB."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "blocking_rules_to_generate_predictions": list(blocking_rules()),
        "comparisons": [_forename(), _surname(), _born(), _plain("sex"), _place(), _phone(), _keys()],
        "retain_intermediate_calculation_columns": True,
    }


def blocking_rules() -> Iterator[dict[str, Any]]:
    """The blocks in Splink's words."""
    for block in BLOCKS:
        yield {"blocking_rule": " AND ".join(f'l."{column}" = r."{column}"' for column in block), "sql_dialect": "duckdb"}
    shared = f'l."{KEY_BLOCK}" = r."{KEY_BLOCK}"'
    yield {"blocking_rule": shared, "sql_dialect": "duckdb", "arrays_to_explode": [KEY_BLOCK]}


def block_keys(record: Record) -> list[str]:
    """The keys by which an index finds a record: one for each block whose columns are all known, one for each identifier."""
    return [*known_keys(record).values(), *identifier_keys(record)]


def known_keys(record: Record) -> dict[int, str]:
    """The key of each block whose columns are all known, by the block's place."""
    values, year, found = record.values, record.values[_YEAR], {}
    if year is not None:
        values = (*values[:_YEAR], str(year), *values[_YEAR + 1 :])  # the one column of a block that is no text
    for place, start, read in _READ:
        block = read(values)
        if None not in block:
            found[place] = start + "|".join(block)  # type: ignore[arg-type]
    return found


def identifier_keys(record: Record) -> list[str]:
    """The key of each identifier."""
    return [f"k|{key}" for key in record.values[PLACE[KEY_BLOCK]] or ()]  # type: ignore[union-attr]


def _reader(block: tuple[str, ...]) -> Callable[[Values], tuple[Value, ...]]:
    """How the columns of a block are read at once, which is done for every statement that comes in."""
    first, *others = [PLACE[column] for column in block]
    several: Callable[[Values], tuple[Value, ...]] = itemgetter(first, *others)
    return several if others else lambda values: (values[first],)


_YEAR = PLACE["year"]


_READ = tuple((place, f"{place}|", _reader(block)) for place, block in enumerate(BLOCKS))


def _comparison(name: str, *levels: dict[str, Any]) -> dict[str, Any]:
    return {
        "output_column_name": name,
        "comparison_levels": [_null(name), *levels, {"sql_condition": "ELSE", "label_for_charts": "differs"}],
    }


def _null(name: str, column: str = "") -> dict[str, Any]:
    column = column or COLUMN_OF.get(name, name)
    return {"sql_condition": f'"{column}_l" IS NULL OR "{column}_r" IS NULL', "label_for_charts": "not known", "is_null_level": True}


COLUMN_OF = {"birth_date": "year"}


def _level(condition: str, label: str, **more: Any) -> dict[str, Any]:
    return {"sql_condition": condition, "label_for_charts": label, **more}


def _same(column: str, label: str = "the same", **more: Any) -> dict[str, Any]:
    return _level(f'"{column}_l" = "{column}_r"', label, **more)


def _like(column: str, least: float) -> dict[str, Any]:
    return _level(f'jaro_winkler_similarity("{column}_l", "{column}_r") >= {least}', f"spelt alike ({least:g} or more)")


SWAPPED = '"forename_l" = "surname_r" AND "surname_l" = "forename_r"'


def _forename() -> dict[str, Any]:
    return _comparison(
        "forename",
        _same("forename", tf_adjustment_column="forename", tf_adjustment_weight=1.0),
        _same("forename_root", "two forms of one name"),
        _level(SWAPPED, "given and family name swapped"),
        _same("forename_sound", "sounds the same"),
        _like("forename", 0.92),
        _like("forename", 0.8),
    )


def _surname() -> dict[str, Any]:
    # The swap is counted once, with the forename: here it is worth nothing, and kept from counting against.
    neutral = {"m_probability": 0.001, "u_probability": 0.001, "fix_m_probability": True, "fix_u_probability": True}
    return _comparison(
        "surname",
        _same("surname", tf_adjustment_column="surname", tf_adjustment_weight=1.0),
        _level(SWAPPED, "counted with the forename", **neutral),
        _same("surname_sound", "sounds the same"),
        _like("surname", 0.92),
        _like("surname", 0.8),
    )


def _born() -> dict[str, Any]:
    return _comparison(
        "birth_date",
        _level('"dob_weak_l" = "dob_weak_r"', "the same, but 1 January is often a guess"),
        _same("dob"),
        _level('"dob_l" = "dob_swapped_r"', "day and month swapped"),
        _level('damerau_levenshtein("dob_l", "dob_r") <= 1', "one slip of the pen apart"),
        _level('("dob_l" IS NULL OR "dob_r" IS NULL) AND abs("year_l" - "year_r") <= 1', "an age that fits"),
        _same("year", "the same year"),
    )


def _plain(name: str) -> dict[str, Any]:
    return _comparison(name, _same(name))


def _place() -> dict[str, Any]:
    return _comparison(
        "postcode",
        _same("postcode", tf_adjustment_column="postcode", tf_adjustment_weight=1.0),
        _level('array_length(list_intersect("postcodes_l", "postcodes_r")) >= 1', "a former address shared"),
        _same("sector", "the same part of town"),
        _same("area", "the same postal town"),
    )


def _phone() -> dict[str, Any]:
    return _comparison("phone", _same("phone"), _level('damerau_levenshtein("phone_l", "phone_r") <= 1', "one slip of the pen apart"))


def _keys() -> dict[str, Any]:
    shared, clash = 'array_length(list_intersect("keys_l", "keys_r")) >= 1', 'array_length(list_intersect("schemes_l", "schemes_r")) >= 1'
    neutral = {"m_probability": 0.5, "u_probability": 0.5, "fix_m_probability": True, "fix_u_probability": True}
    levels = [_null("keys"), _level(shared, "an identifier shared"), _level(clash, "identifiers of one kind differ")]
    last = {"sql_condition": "ELSE", "label_for_charts": "no kind of identifier in common", **neutral}
    return {"output_column_name": "keys", "comparison_levels": [*levels, last]}
