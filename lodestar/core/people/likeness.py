"""How somebody on record is like what was asked, in words: what agrees, what is near, what differs.

The order of a list and nothing else follows from it: nobody is hidden for what differs, because callers err.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from lodestar.core.people.lookup import Asked, forms_of, sound
from lodestar.core.people.reading import near_birth_dates

SURE_NAMES = 2  # a name alone, or two names alone, tell nobody out of reach that a child is known


@dataclass(frozen=True, slots=True)
class Known:
    """What one person is found by, over all their reports."""

    person: int
    names: frozenset[str]
    born: date | None
    postcodes: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    keys: frozenset[tuple[str, str]] = frozenset()
    matters: frozenset[int] = frozenset()
    is_missing: bool = False
    is_open: bool = False  # something is open about them
    is_asked: bool = False  # somebody is asked whether they are another whom we know


@dataclass(frozen=True, slots=True)
class Likeness:
    """One person beside what was asked."""

    person: int
    agrees: tuple[str, ...]
    near: tuple[str, ...]
    differs: tuple[str, ...]
    is_told: bool  # enough agrees for somebody who may not see the record to be told that there is one
    pressing: tuple[bool, bool, bool] = (False, False, False)  # missing now; something open; not only asked about

    @property
    def words(self) -> str:
        """The likeness in one sentence."""
        parts = [f"{title}: {', '.join(found)}" for title, found in _titled(self) if found]
        return ". ".join(parts) + ("." if parts else "")


def _titled(like: Likeness) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("Agrees", like.agrees), ("Near", like.near), ("Differs", like.differs)


def likeness(*, asked: Asked, known: Known, variants: Iterable[frozenset[str]]) -> Likeness:
    """What agrees, what is near and what differs between what was asked and one person on record."""
    found = [*_names(asked, known, tuple(variants)), *_born(asked, known), *_rest(asked, known)]
    agrees, near, differs = (tuple(words for how, words in found if how == one) for one in ("agrees", "near", "differs"))
    exact = bool(known.keys & set(asked.keys)) or bool(known.matters & set(asked.matters))
    names = [words for words in agrees if words.startswith("name ")]
    told = exact or (len(names) >= SURE_NAMES and len(agrees) > len(names))
    return Likeness(known.person, agrees, near, differs, told, (known.is_missing, known.is_open, not known.is_asked))


def ranked(found: Iterable[Likeness]) -> tuple[Likeness, ...]:
    """Who agrees in most first, then who differs in least, then who is near in most.

    Of equals whoever is missing now, then whoever something is open about, then a record that is settled, then the newest: a
    caller's child may stand on two records while somebody is asked who a report is about.
    """
    liked = [one for one in found if one.agrees or one.near]
    return tuple(sorted(liked, key=lambda one: (len(one.agrees), -len(one.differs), len(one.near), one.pressing, one.person), reverse=True))


def _names(asked: Asked, known: Known, variants: tuple[frozenset[str], ...]) -> Iterator[tuple[str, str]]:
    sounds = {sound(name) for name in known.names} - {""}
    for name in asked.names:
        shown = name.capitalize()
        if name in known.names:
            yield "agrees", f"name {shown}"
        elif any(form in known.names for form in forms_of(name, variants)):
            yield "near", f"{shown}, another form of the name"
        elif name == asked.begun and any(held.startswith(name) for held in known.names):
            yield "near", f"a name that begins {shown}"
        elif sound(name) in sounds:
            yield "near", f"a name that sounds like {shown}"
        else:
            yield "differs", f"no name {shown}"


def _born(asked: Asked, known: Known) -> Iterator[tuple[str, str]]:
    if known.born is None or not (asked.born or asked.years):
        return
    if known.born in asked.born:
        yield "agrees", "birth date"
    elif any(known.born in near_birth_dates(born) for born in asked.born):
        yield "near", "birth date, one slip of the pen apart"
    elif asked.born:
        yield "differs", "birth date"
    elif known.born.year in asked.years:
        yield "agrees", "age"
    elif {known.born.year - 1, known.born.year + 1} & set(asked.years):
        yield "near", "age, a year or so apart"
    else:
        yield "differs", "age"


def _rest(asked: Asked, known: Known) -> Iterator[tuple[str, str]]:
    outward = {code.split()[0] for code in known.postcodes}
    for title, wanted, held in (
        ("postcode", set(asked.postcodes), known.postcodes),
        ("postcode area", set(asked.districts), outward),
        ("telephone", set(asked.phones), known.phones),
    ):
        if wanted and held:
            yield ("agrees" if wanted & held else "differs"), title
    if known.keys & set(asked.keys):
        yield "agrees", "identifier"
    if known.matters & set(asked.matters):
        yield "agrees", "matter"
