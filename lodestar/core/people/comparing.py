"""Two identities side by side: what agrees, what differs and what one of them does not know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from lodestar.core.people.identifiers import SCHEMES, Key
from lodestar.core.people.identity import Holder, Identity
from lodestar.core.people.reading import fold, near_birth_dates, phone, postcode
from lodestar.core.people.rules import LinkRules
from lodestar.core.times import say_date
from lodestar.core.words import values_of

How = Literal["agrees", "near", "differs", "missing"]
SWAPPED = "Given and family name may be swapped."


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the comparison, with both sides as given."""

    name: str
    title: str
    how: How
    ours: str  # as the report says
    theirs: str  # as the record says
    note: str = ""

    def as_document(self) -> dict[str, str]:
        """Plain values to be kept."""
        return values_of(self)


def compare(*, subject: Identity, holder: Holder, rules: LinkRules) -> tuple[Field, ...]:
    """Every field of who somebody is, side by side; what is not known on either side is missing, never different."""
    held = holder.identity
    return (
        _given(subject, held, rules),
        _family(subject, held),
        _born(subject, held),
        _plain("sex", "Sex", subject.sex, held.sex),
        _place(subject, holder),
        _phone(subject, holder),
        *_keys(subject.keys, held.keys),
    )


def disjoint(ours: Iterable[Key], theirs: Iterable[Key]) -> tuple[str, ...]:
    """Schemes, by issuer, of which both sides hold one and no value is shared: the sign of two people."""
    left, right = _by_issuer(ours), _by_issuer(theirs)
    return tuple(sorted(scheme for scheme, issuer in left.keys() & right.keys() if not left[scheme, issuer] & right[scheme, issuer]))


def _given(subject: Identity, held: Identity, rules: LinkRules) -> Field:
    ours, theirs = subject.given_name, held.given_name
    how, note = _how(fold(ours), fold(theirs)), ""
    if how == "differs" and rules.one_name(ours, theirs):
        how, note = "near", "Two forms of one name."
    elif how == "differs" and fold(ours) == fold(held.family_name) and fold(theirs) == fold(subject.family_name):
        how, note = "near", SWAPPED
    return Field("given_name", "Given name", how, ours, theirs, note)


def _family(subject: Identity, held: Identity) -> Field:
    ours, theirs = subject.family_name, held.family_name
    how, note = _how(fold(ours), fold(theirs)), ""
    if how == "differs" and fold(ours) == fold(held.given_name) and fold(theirs) == fold(subject.given_name):
        how, note = "near", SWAPPED
    elif how == "differs" and set(fold(ours).split()) & set(fold(theirs).split()):
        how, note = "near", "One part of the name is the same."
    return Field("family_name", "Family name", how, ours, theirs, note)


def _born(subject: Identity, held: Identity) -> Field:
    ours, theirs = subject.birth_date, held.birth_date
    says = say_date(ours) if ours else "", say_date(theirs) if theirs else ""
    if not ours or not theirs:
        return Field("birth_date", "Birth date", "missing", *says)
    if ours == theirs:
        # A first of January is often written for somebody whose day is not known.
        first = (ours.month, ours.day) == (1, 1)
        return Field("birth_date", "Birth date", "agrees", *says, "1 January is often a guess." if first else "")
    near = theirs in near_birth_dates(ours)
    return Field("birth_date", "Birth date", "near" if near else "differs", *says, "One slip of the pen apart." if near else "")


def _plain(name: str, title: str, ours: str, theirs: str) -> Field:
    return Field(name, title, _how(fold(ours), fold(theirs)), ours, theirs)


def _place(subject: Identity, holder: Holder) -> Field:
    return _among("postcode", "Postcode", postcode(subject.postcode), [postcode(one.postcode) for one in _all(holder)])


def _phone(subject: Identity, holder: Holder) -> Field:
    return _among("phone", "Telephone", phone(subject.phone), [phone(one.phone) for one in _all(holder)])


def _among(name: str, title: str, ours: str, held: list[str]) -> Field:
    known = [one for one in held if one]
    if ours and ours in known[1:]:
        return Field(name, title, "agrees", ours, ours, "A former one, or a second.")
    theirs = known[0] if known else ""
    return Field(name, title, _how(ours, theirs), ours, theirs)


def _keys(ours: tuple[Key, ...], theirs: tuple[Key, ...]) -> Iterable[Field]:
    left, right = _by_issuer(ours), _by_issuer(theirs)
    for scheme, issuer in sorted(left.keys() | right.keys()):
        mine, held = left.get((scheme, issuer), set()), right.get((scheme, issuer), set())
        how: How = "missing" if not mine or not held else "agrees" if mine & held else "differs"
        title = SCHEMES[scheme].title + (f" ({issuer})" if issuer else "")
        yield Field(scheme, title[0].upper() + title[1:], how, ", ".join(sorted(mine)), ", ".join(sorted(held)))


def _by_issuer(keys: Iterable[Key]) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for key in keys:
        found.setdefault((key.scheme, key.issuer), set()).add(key.value)
    return found


def _all(holder: Holder) -> tuple[Identity, ...]:
    return (holder.identity, *holder.others)


def _how(ours: str, theirs: str) -> How:
    if not ours or not theirs:
        return "missing"
    return "agrees" if ours == theirs else "differs"
