"""What stops any model from joining two records by itself: such a pair always goes to a person.

A veto reads the two records and never the weight, so no training can talk it down. It refuses nobody: the pair is shown, with
its reason, to somebody who decides.
Source: domain/linkage.md sections 0.3 and 5 (a different forename is the cheapest single gain in safety; twins).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

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


def vetoes(left: Record, right: Record, *, flags: Collection[str] = ()) -> tuple[Veto, ...]:
    """Every reason why no rule and no model may join these two. ``flags`` are what a join would put on a child, as the caller knows."""
    return tuple(_vetoes(left, right, flags))


def flag_veto(flags: Collection[str]) -> Veto:
    """Why nothing joins what would put these flags on a child who does not carry them."""
    return Veto(FLAG, f"Joining them would put on a child what they do not carry yet: {listed(flags)}. A person decides that.")


def _vetoes(left: Record, right: Record, flags: Collection[str]) -> Iterator[Veto]:
    likeness = forename_likeness(left, right)
    if likeness is None:
        yield NAME_NOT_KNOWN
    elif likeness < TWO_NAMES:
        yield NAMES_DIFFER
    elif not _one_name(left, right) and not left.shares(right, "keys"):
        yield from _may_be_two(left, right)
    if _clash(left, right):
        yield NUMBERS_DIFFER
    if _differ(left, right, "sex") and _births_apart(left, right):
        yield SEX_AND_BIRTH
    if flags:
        yield flag_veto(flags)


def forename_likeness(left: Record, right: Record) -> float | None:
    """How far two given names may be one: 1 for one name or a sound-alike, else how alike they are spelt; None where one is unknown."""
    one, other = left.text("forename"), right.text("forename")
    if not one or not other:
        return None
    if _one_name(left, right) or left.same(right, "forename_sound"):
        return 1.0
    return JaroWinkler.similarity(one, other)


def _one_name(left: Record, right: Record) -> bool:
    """The same given name, a known form of it, or the two names changed about: what no slip of the pen need explain."""
    if left.same(right, "forename") or left.same(right, "forename_root"):
        return True
    return left.text("forename") == right.text("surname") and left.text("surname") == right.text("forename")


def _may_be_two(left: Record, right: Record) -> Iterator[Veto]:
    """Two spellings that may be two children, with nothing that only one child has. Finley and Finlie may be two boys."""
    if left.same(right, "dob"):
        if _surname_alike(left, right):
            yield TWINS
    elif left.shares(right, "postcodes") or left.same(right, "phone"):
        yield SIBLINGS


def _surname_alike(left: Record, right: Record) -> bool:
    """One family name, or two spellings that may be one: a slip in it makes no other family of twins."""
    if left.same(right, "surname") or left.same(right, "surname_sound"):
        return True
    return JaroWinkler.similarity(left.text("surname"), right.text("surname")) >= TWO_NAMES


def _births_apart(left: Record, right: Record) -> bool:
    one, other = left.text("dob"), right.text("dob")
    if not one or not other or one == other or one == right.text("dob_swapped"):
        return False
    return bool(DamerauLevenshtein.distance(one, other) > 1)


def _clash(left: Record, right: Record) -> bool:
    """An identifier of one kind and one issuer on both sides, and no identifier shared."""
    return left.shares(right, "schemes") and not left.shares(right, "keys")


def _differ(left: Record, right: Record, column: str) -> bool:
    one, other = left.text(column), right.text(column)
    return bool(one) and bool(other) and one != other
