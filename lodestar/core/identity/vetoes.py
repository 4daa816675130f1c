"""What stops any model from joining two records by itself: such a pair always goes to a person.

A veto reads the two records and never the weight, so no training can talk it down. It refuses nobody: the pair is shown, with
its reason, to somebody who decides.
Source: domain/linkage.md sections 0.3 and 5 (a different forename is the cheapest single gain in safety; twins).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from lodestar.core.identity.record import Record
from lodestar.core.people.deciding import Veto
from lodestar.core.words import listed

TWO_NAMES = 0.8  # less alike than this is another name

NAMES_DIFFER = Veto("identity.given_names_differ", "The given names differ: it may be a brother, a sister or somebody else at the home.")
NAME_NOT_KNOWN = Veto("identity.given_name_not_known", "One of them has no given name: a brother or a sister would fit as well.")
TWINS = Veto("identity.twins", "Same family name and birth date, and the given names are not one name: they may be twins.")
SIBLINGS = Veto(
    "identity.may_be_brother_or_sister",
    "They share a home, and neither given name nor birth date is the same: they may be brother or sister.",
)
NUMBERS_DIFFER = Veto("identity.identifiers_differ", "Both have an identifier of the same kind, and they differ.")
SEX_AND_BIRTH = Veto("identity.sex_and_birth_date_differ", "Neither the sex nor the birth date agrees.")
FLAG = "identity.would_carry_a_flag"


@dataclass(frozen=True, slots=True)
class Seen:
    """All that the vetoes read of two records, told: whoever looks at very many pairs at once finds it out of each its own way."""

    named: bool  # both have a given name
    alike: bool  # one given name, or one that sounds or is spelt like it
    one_name: bool
    keys_shared: bool
    keys_clash: bool
    born_same: bool
    families_alike: bool
    home_shared: bool
    sexes_differ: bool
    births_apart: bool


class Between:
    """The same, found in two records and only where it is asked for."""

    __slots__ = ("left", "right")

    def __init__(self, left: Record, right: Record) -> None:
        """What lies between these two."""
        self.left, self.right = left, right

    @property
    def named(self) -> bool:
        """Both have a given name."""
        return bool(self.left.text("forename") and self.right.text("forename"))

    @property
    def alike(self) -> bool:
        """One name or a sound-alike, or spelt so alike that it may be one."""
        if self.one_name or self.left.same(self.right, "forename_sound"):
            return True
        return JaroWinkler.similarity(self.left.text("forename"), self.right.text("forename")) >= TWO_NAMES

    @property
    def one_name(self) -> bool:
        """The same given name, a known form of it, or the two names changed about: what no slip of the pen need explain."""
        left, right = self.left, self.right
        if left.same(right, "forename") or left.same(right, "forename_root"):
            return True
        return left.text("forename") == right.text("surname") and left.text("surname") == right.text("forename")

    @property
    def keys_shared(self) -> bool:
        """An identifier in common."""
        return self.left.shares(self.right, "keys")

    @property
    def keys_clash(self) -> bool:
        """An identifier of one kind and one issuer on both sides, and no identifier shared."""
        return self.left.shares(self.right, "schemes") and not self.keys_shared

    @property
    def born_same(self) -> bool:
        """The same birth date."""
        return self.left.same(self.right, "dob")

    @property
    def families_alike(self) -> bool:
        """One family name, or two spellings that may be one: a slip in it makes no other family of twins."""
        left, right = self.left, self.right
        if left.same(right, "surname") or left.same(right, "surname_sound"):
            return True
        return JaroWinkler.similarity(left.text("surname"), right.text("surname")) >= TWO_NAMES

    @property
    def home_shared(self) -> bool:
        """A postcode or the telephone in common."""
        return self.left.shares(self.right, "postcodes") or self.left.same(self.right, "phone")

    @property
    def sexes_differ(self) -> bool:
        """Both are known, and differ."""
        one, other = self.left.text("sex"), self.right.text("sex")
        return bool(one) and bool(other) and one != other

    @property
    def births_apart(self) -> bool:
        """Two birth dates that no slip of the pen and no change of day and month makes one."""
        one, other = self.left.text("dob"), self.right.text("dob")
        if not one or not other or one == other or one == self.right.text("dob_swapped"):
            return False
        return bool(DamerauLevenshtein.distance(one, other) > 1)


def vetoes(left: Record, right: Record, *, flags: Collection[str] = ()) -> tuple[Veto, ...]:
    """Every reason why no rule and no model may join these two. ``flags`` are what a join would put on a child, as the caller knows."""
    return vetoes_of(Between(left, right), flags=flags)


def vetoes_of(seen: Seen | Between, *, flags: Collection[str] = ()) -> tuple[Veto, ...]:
    """The same of what was seen of two records."""
    return tuple(_vetoes(seen, flags))


def flag_veto(flags: Collection[str]) -> Veto:
    """Why nothing joins what would put these flags on a child who does not carry them."""
    return Veto(FLAG, f"Joining them would put on a child what they do not carry yet: {listed(flags)}. A person decides that.")


def _vetoes(seen: Seen | Between, flags: Collection[str]) -> Iterator[Veto]:
    if not seen.named:
        yield NAME_NOT_KNOWN
    elif not seen.alike:
        yield NAMES_DIFFER
    elif not seen.one_name and not seen.keys_shared:
        yield from _may_be_two(seen)
    if seen.keys_clash:
        yield NUMBERS_DIFFER
    if seen.sexes_differ and seen.births_apart:
        yield SEX_AND_BIRTH
    if flags:
        yield flag_veto(flags)


def _may_be_two(seen: Seen | Between) -> Iterator[Veto]:
    """Two spellings that may be two children, with nothing that only one child has. Finley and Finlie may be two boys."""
    if seen.born_same:
        if seen.families_alike:
            yield TWINS
    elif seen.home_shared:
        yield SIBLINGS
