"""Which question about who somebody is comes first: harm if wrong by how likely, each a named step of a playbook.

Rule: the worst harm that holds, and the chance that a record shown is the one; the product of their steps sorts the list and
is shown to nobody as a number. A question is placed, never a person. What nothing weighed is open, neither likely nor
unlikely: unknown is not low. Source: domain/linkage.md section 5, "Three bands".
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from lodestar.core.playbook import Playbook

CONDITIONS = frozenset({"missing_high", "flag", "missing", "open", "always"})


@dataclass(frozen=True, slots=True)
class Harm:
    """What would be harmed: the rule's code, the condition it hangs on, its step, and its sentence."""

    code: str
    when: str
    step: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Chance:
    """How likely it is that a record shown is the one: from so many bits up."""

    code: str
    from_bits: float
    step: int
    sentence: str


@dataclass(frozen=True, slots=True)
class HarmRules:
    """The rules of one day, worst harm and greatest chance first."""

    version: str
    authority: str
    harms: tuple[Harm, ...]
    chances: tuple[Chance, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one question: the conditions that hold, and the heaviest weight of those shown where any was weighed."""

    conditions: frozenset[str]
    bits: float | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a question stands in the order, and the two rules that put it there."""

    harm: Harm
    chance: Chance

    @property
    def place(self) -> int:
        """What sorts the list: never shown as a number."""
        return self.harm.step * self.chance.step

    @property
    def sentence(self) -> str:
        """Why it stands where it does, in plain words."""
        return f"{self.harm.sentence[:1].upper()}{self.harm.sentence[1:]}; {self.chance.sentence}."


def harm_rules(book: Playbook, *, on: date) -> HarmRules:
    """The rules in force on a day. A condition that no code knows, or an order with no last rule, is refused with ``ValueError``."""
    block = book.in_force(on)
    harms = tuple(sorted((Harm(**row) for row in block.values["harms"]), key=lambda one: -one.step))
    chances = tuple(sorted((Chance(**row) for row in block.values["chances"]), key=lambda one: -one.from_bits))
    _insist_whole(book.code, harms, chances)
    return HarmRules(f"{block.from_date.isoformat()} ({book.content_hash[:12]})", block.authority, harms, chances)


def _insist_whole(code: str, harms: Collection[Harm], chances: Collection[Chance]) -> None:
    if unknown := {one.when for one in harms} - CONDITIONS:
        raise ValueError(f"{code} names conditions that nothing reads: {', '.join(sorted(unknown))}")
    if not any(one.when == "always" for one in harms) or len(chances) < 2:
        raise ValueError(f"{code} needs a harm that always holds, and a likely and an unlikely chance")
    if min(*(one.step for one in harms), *(one.step for one in chances)) < 1:
        raise ValueError(f"{code}: no step is under one, or a question would have no place")


def placed(facts: Facts, *, rules: HarmRules) -> Placed:
    """The worst harm that holds, and the chance: what nothing weighed may or may not be the one."""
    harm = next(one for one in rules.harms if one.when == "always" or one.when in facts.conditions)
    return Placed(harm, _chance(facts, rules))


def _chance(facts: Facts, rules: HarmRules) -> Chance:
    if facts.bits is None:
        return rules.chances[1]
    return next((one for one in rules.chances if facts.bits >= one.from_bits), rules.chances[-1])


def order(placed: Placed, due: Any, number: int) -> tuple[int, Any, int]:
    """The key that sorts a queue: the place first, then what falls due first, then the older question."""
    return -placed.place, due, number
