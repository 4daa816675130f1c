"""What is known of who somebody is, and what a store is asked to find those who may be the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lodestar.core.people.identifiers import Key
from lodestar.core.people.reading import fold, name_key, near_birth_dates, phone, postcode


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is as one source states it. Whatever is not known is empty, and never counts against anybody."""

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    sex: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """A person on record who may be the one: their number, and all that is held of who they are.

    Some things are held more than once (a former address, a second telephone); ``others`` carries those.
    """

    person: int
    identity: Identity
    others: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said of this report and one holder: the same, or not. It outranks every rule, then and later."""

    person: int
    same: bool
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """What to search for: anybody who matches any one of these may be the one."""

    keys: tuple[Key, ...]
    name_keys: tuple[str, ...]
    family: str  # a name key begins with this and a bar
    birth_dates: tuple[date, ...]  # with the family name: the date and what one slip makes of it
    birth_date: date | None
    postcode: str
    phone: str


def lookup(subject: Identity) -> Lookup:
    """Everything by which a store finds holders for ``decide``; a search on any part alone finds too few."""
    straight = name_key(given_name=subject.given_name, family_name=subject.family_name)
    swapped = name_key(given_name=subject.family_name, family_name=subject.given_name)
    born = subject.birth_date
    return Lookup(
        keys=subject.keys,
        name_keys=tuple(dict.fromkeys(key for key in (straight, swapped) if key)),
        family=fold(subject.family_name),
        birth_dates=(born, *near_birth_dates(born)) if born else (),
        birth_date=born,
        postcode=postcode(subject.postcode),
        phone=phone(subject.phone),
    )
