"""What the vetoes and the strict rule read of very many pairs, answered by the table they stand in: no record is ever an object.

The rules stay where they are (core/identity/vetoes.py, bands.py): here is only what they ask. Where a table might answer
otherwise than they do, it does not answer, and the two records themselves are looked at: names outside plain letters, which
DuckDB compares byte by byte, and a likeness so near the border that the order of a sum could decide.
"""

from __future__ import annotations

from dataclasses import fields

from lodestar.core.identity.bands import strictly_same
from lodestar.core.identity.record import Record
from lodestar.core.identity.vetoes import TWO_NAMES, Between, Seen, vetoes_of
from lodestar.core.people.deciding import Veto

BORDER = 1e-9  # of a likeness


def _same(column: str) -> str:
    return f"coalesce(a.{column} = b.{column}, false)"


def _shared(column: str) -> str:
    return f"coalesce(list_has_any(a.{column}, b.{column}), false)"


def _spelt(column: str) -> str:
    return f"jaro_winkler_similarity(a.{column}, b.{column})"


def _alike(column: str, *ways: str) -> str:
    return f"CASE WHEN {' OR '.join(ways)} THEN true ELSE coalesce({_spelt(column)} >= {TWO_NAMES}, false) END"


_NAMED = "a.forename IS NOT NULL AND b.forename IS NOT NULL"
_ONE_NAME = f"{_same('forename')} OR {_same('forename_root')} OR coalesce(a.forename = b.surname AND a.surname = b.forename, false)"
_SEXES = "coalesce(a.sex <> b.sex, false)"
_BIRTHS = "coalesce(a.dob <> b.dob, false) AND NOT coalesce(a.dob = b.dob_swapped, false)"
_BIRTHS_APART = f"CASE WHEN {_SEXES} AND {_BIRTHS} THEN damerau_levenshtein(a.dob, b.dob) > 1 ELSE false END"  # asked only then
_HOME = f"{_shared('postcodes')} OR {_same('phone')}"
_WHOLE_NAME = f"{_same('forename')} AND {_same('surname')} AND {_same('dob')}"

# In the order of ``Seen``, and the strict rule last.
_TOLD = (
    _NAMED,
    _alike("forename", _ONE_NAME, _same("forename_sound")),
    _ONE_NAME,
    _shared("keys"),
    f"{_shared('schemes')} AND NOT {_shared('keys')}",
    _same("dob"),
    _alike("surname", _same("surname"), _same("surname_sound")),
    _HOME,
    _SEXES,
    _BIRTHS_APART,
    f"{_WHOLE_NAME} AND ({_HOME} OR {_shared('keys')})",
)
_PLAIN = " AND ".join(f"coalesce(strlen({side}.{name}) = length({side}.{name}), true)" for side in "ab" for name in ("forename", "surname"))
_NO_BORDER = " AND ".join(f"coalesce(abs({_spelt(name)} - {TWO_NAMES}) > {BORDER}, true)" for name in ("forename", "surname"))
_BITS = " + ".join(f"CASE WHEN {one} THEN {1 << place} ELSE 0 END" for place, one in enumerate(_TOLD))

TOLD = f"CASE WHEN {_PLAIN} AND {_NO_BORDER} THEN {_BITS} END"  # of two records ``a`` and ``b``; not known where they must be looked at


def told_of(left: Record, right: Record) -> int:
    """The same answer, of two records that are looked at themselves."""
    between = Between(left, right)
    seen = (*(getattr(between, one.name) for one in fields(Seen)), strictly_same(left, right))
    return sum(told << place for place, told in enumerate(seen))


class Stops(dict[int, tuple[bool, tuple[Veto, ...]]]):
    """For each answer, whether the two are strictly the same and every veto: there are a few hundred, whatever number of pairs."""

    def __missing__(self, told: int) -> tuple[bool, tuple[Veto, ...]]:
        """By the rules themselves."""
        *seen, strict = (bool(told >> place & 1) for place in range(len(_TOLD)))
        made = self[told] = (strict, vetoes_of(Seen(*seen)))
        return made
