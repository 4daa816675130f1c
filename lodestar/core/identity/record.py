"""A person as one source states them, in the form in which two statements are compared.

What was given is kept elsewhere, word for word. Here it is only folded: names without case or accents, a birth date that is
often a guess marked as weak, a postcode with its sector and district, a telephone number in one form.
The columns are those that the model's conditions name, so the same table serves Splink and the live scorer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import jellyfish

from lodestar.core.people.identifiers import Key
from lodestar.core.people.reading import fold, phone, postcode

Value = str | int | tuple[str, ...] | None
Values = tuple[Value, ...]  # in the order of COLUMNS
COLUMNS = (
    "forename", "forename_root", "forename_sound", "surname", "surname_sound", "names", "dob", "dob_swapped", "dob_either", "dob_weak",
    "birthday", "year", "sex", "postcode", "sector", "area", "postcodes", "phone", "keys", "schemes",
)  # fmt: skip
PLACE: Mapping[str, int] = {name: place for place, name in enumerate(COLUMNS)}
# Words before a name that say nothing of whose it is; "al", "de" and the like are part of a name and stay.
TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "master"})


class Statement(NamedTuple):
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


class Record(NamedTuple):
    """A statement made ready: a value for each of COLUMNS. One that is None is not known, and never counts for or against.

    A row and no dictionary: of the many that are read for one look, to put each value under its name took as long as to read it.
    """

    id: str
    values: Values
    source: str = ""

    @classmethod
    def of(cls, id: str, columns: Mapping[str, Value], source: str = "") -> Record:
        """A record of these columns; one that is not given is not known."""
        return cls(id, tuple([columns.get(name) for name in COLUMNS]), source)

    def __repr__(self) -> str:  # which record it is, and nobody's name
        return f"Record({self.id!r})"

    @property
    def columns(self) -> dict[str, Value]:
        """The values by name."""
        return dict(zip(COLUMNS, self.values, strict=True))

    def text(self, name: str) -> str:
        """A column as text; empty where it is not known."""
        value = self.values[PLACE[name]]
        return value if isinstance(value, str) else ""

    def same(self, other: Record, name: str) -> bool:
        """Whether a column of text is known of both and is one."""
        value = self.values[PLACE[name]]
        return isinstance(value, str) and value != "" and value == other.values[PLACE[name]]

    def shares(self, other: Record, name: str) -> bool:
        """Whether two have a thing in common in a column of several."""
        ours = self.values[PLACE[name]]
        if not isinstance(ours, tuple):
            return False
        theirs = other.values[PLACE[name]]
        return isinstance(theirs, tuple) and not set(ours).isdisjoint(theirs)


def prepare(statement: Statement, *, roots: Mapping[str, str]) -> Record:
    """The columns of one statement. ``roots`` gives for a folded forename the one name whose form it is ("alfie": "alfred")."""
    born = statement.birth_date
    forename, root, forename_sound = forename_of(statement.given_name, roots)
    surname, surname_sound = surname_of(statement.family_name)
    dob, swapped, either, weak, birthday = born_of(born)
    home, sector, area, homes = home_of(statement.postcodes)
    keys, schemes = keys_of(statement.keys)
    year = born.year if born else statement.birth_year
    names, sex, number = names_of(forename, surname), sex_of(statement.sex), phone(statement.phone) or None
    # fmt: off
    values = (
        forename, root, forename_sound, surname, surname_sound, names, dob, swapped, either, weak,
        birthday, year, sex, home, sector, area, homes, number, keys, schemes,
    )
    # fmt: on
    return Record(statement.id, values, statement.source)


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


def forename_of(text: str, roots: Mapping[str, str]) -> tuple[str | None, str | None, str | None]:
    """The first given name, folded; the name whose form it is; and how it sounds."""
    name, heard = _forename(text)
    return name or None, roots.get(name, name) or None, heard


@_recent
def _forename(text: str) -> tuple[str, str | None]:
    words = [word for word in fold(text).split() if word not in TITLES]
    name = words[0] if words else ""
    return name, sound(name)


@_recent
def surname_of(text: str) -> tuple[str | None, str | None]:
    """A family name, folded, and how it sounds."""
    name = fold(text)
    return name or None, sound(name)


def names_of(forename: str | None, surname: str | None) -> str | None:
    """Both names in one, without regard to which is which."""
    if not forename or not surname:
        return None
    return f"{forename}|{surname}" if forename <= surname else f"{surname}|{forename}"


@_recent
def sex_of(text: str) -> str | None:
    """The first letter of the word for it."""
    return fold(text)[:1] or None


def home_of(postcodes: Iterable[str]) -> tuple[str | None, str | None, str | None, tuple[str, ...] | None]:
    """The present postcode with its sector and district, and all of them; one that is partial or none is left out."""
    here = tuple(dict.fromkeys([code for text in postcodes if (code := postcode(text))]))
    return (here[0], here[0][:-2], here[0][:-4], here) if here else (None, None, None, None)


def keys_of(keys: Collection[Key]) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Identifiers as they are compared, and of what kind and whose each is."""
    if not keys:
        return None, None
    return tuple(sorted({f"{key.scheme}:{key.text}" for key in keys})), tuple(sorted({f"{key.scheme}:{key.issuer}" for key in keys}))


@_recent
def born_of(born: date | None) -> tuple[str | None, str | None, str | None, str | None, str | None]:
    """A birth date: itself, with day and month changed about, either in one, itself where it may be a guess, and without its year."""
    if born is None:
        return None, None, None, None, None
    day = born.isoformat()
    swapped = f"{day[:5]}{day[8:]}{day[4:7]}" if born.day <= 12 else None  # where that is a day
    weak = day if (born.month, born.day) == (1, 1) else None
    other = swapped or day
    either = day if other == day else f"{min(day, other)}|{max(day, other)}"
    return day, swapped, either, weak, day[5:]
