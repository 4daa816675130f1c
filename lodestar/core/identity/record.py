"""A person as one source states them, in the form in which two statements are compared.

What was given is kept elsewhere, word for word. Here it is only folded: names without case or accents, a birth date that is
often a guess marked as weak, a postcode with its sector and district, a telephone number in one form.
The columns are those that the model's conditions name, so the same table serves Splink and the live scorer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import jellyfish

from lodestar.core.people.identifiers import Key
from lodestar.core.people.reading import fold, phone, postcode

Value = str | int | tuple[str, ...] | None
# Words before a name that say nothing of whose it is; "al", "de" and the like are part of a name and stay.
TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "master"})


@dataclass(frozen=True, slots=True)
class Statement:
    """Who somebody is as one record of one source states it; whatever is not known is empty."""

    id: str
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    birth_year: int | None = None  # where only an age or a year is known
    sex: str = ""
    postcodes: tuple[str, ...] = ()  # the present one first, then former ones
    phone: str = ""
    keys: tuple[Key, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A statement made ready: its columns by name. A column that is None is not known, and never counts for or against."""

    id: str
    columns: Mapping[str, Value] = field(repr=False)
    source: str = ""

    def text(self, name: str) -> str:
        """A column as text; empty where it is not known."""
        value = self.columns.get(name)
        return value if isinstance(value, str) else ""

    def same(self, other: Record, name: str) -> bool:
        """Whether a column of text is known of both and is one."""
        return bool(self.text(name)) and self.text(name) == other.text(name)

    def shares(self, other: Record, name: str) -> bool:
        """Whether two have a thing in common in a column of several."""
        ours, theirs = self.columns.get(name), other.columns.get(name)
        return isinstance(ours, tuple) and isinstance(theirs, tuple) and not set(ours).isdisjoint(theirs)


def prepare(statement: Statement, *, roots: Mapping[str, str]) -> Record:
    """The columns of one statement. ``roots`` gives for a folded forename the one name whose form it is ("alfie": "alfred")."""
    forename, forename_sound = _forename(statement.given_name)
    surname, surname_sound = _surname(statement.family_name)
    born = statement.birth_date
    here = [read for text in statement.postcodes if (read := _place(text))]
    code, sector, area = here[0] if here else (None, None, None)
    keys = statement.keys
    columns: dict[str, Value] = {
        "forename": forename or None,
        "forename_root": roots.get(forename, forename) or None,
        "forename_sound": forename_sound,
        "surname": surname or None,
        "surname_sound": surname_sound,
        "names": (f"{forename}|{surname}" if forename <= surname else f"{surname}|{forename}") if forename and surname else None,
        **_born(born),
        "year": born.year if born else statement.birth_year,
        "sex": fold(statement.sex)[:1] or None,
        "postcode": code,
        "sector": sector,
        "area": area,
        "postcodes": tuple(dict.fromkeys(read[0] for read in here)) or None,
        "phone": phone(statement.phone) or None,
        "keys": tuple(sorted({f"{key.scheme}:{key.text}" for key in keys})) if keys else None,
        "schemes": tuple(sorted({f"{key.scheme}:{key.issuer}" for key in keys})) if keys else None,
    }
    return Record(statement.id, columns, statement.source)


def sound(name: str) -> str | None:
    """How a folded name sounds (metaphone), or None where nothing of it does."""
    return jellyfish.metaphone(name).replace(" ", "") or None


def roots_of(variants: Iterable[Iterable[str]]) -> dict[str, str]:
    """For each spelling in a list of spellings of one name, the first of the list; the first list that holds it counts."""
    found: dict[str, str] = {}
    for names in variants:
        folded = [fold(name) for name in names]
        for name in folded:
            found.setdefault(name, folded[0])
    return found


# Whoever shares a block shares a name, a birth date or a place, so of a hundred statements most parts were read a moment ago.
_recent = lru_cache(maxsize=20_000)


@_recent
def _forename(text: str) -> tuple[str, str | None]:
    """The first given name, folded, and how it sounds."""
    words = [word for word in fold(text).split() if word not in TITLES]
    name = words[0] if words else ""
    return name, sound(name)


@_recent
def _surname(text: str) -> tuple[str, str | None]:
    name = fold(text)
    return name, sound(name)


@_recent
def _place(text: str) -> tuple[str, str, str] | None:
    """A postcode with its sector and district."""
    code = postcode(text)
    return (code, code[:-2], code.split()[0]) if code else None


@_recent
def _born(born: date | None) -> Mapping[str, str | None]:
    """The columns of a birth date."""
    day = born.isoformat() if born else None
    swapped = _swapped(born)
    return {
        "dob": day,
        "dob_swapped": swapped,
        "dob_either": "|".join(sorted({day, swapped or day})) if day else None,
        "dob_weak": day if born and (born.month, born.day) == (1, 1) else None,
        "birthday": day[5:] if day else None,
    }


def _swapped(born: date | None) -> str | None:
    """The birth date with day and month changed about, where that is a day."""
    if born is None:
        return None
    try:
        return date(born.year, born.day, born.month).isoformat()
    except ValueError:
        return None
