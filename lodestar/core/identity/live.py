"""The rules for weighing a statement while it comes in: how full a block may be, how many are shown, and which flags stop a join.

Source: domain/linkage.md sections 3.3 and 5.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lodestar.core.playbook import Playbook


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of somebody, as far as it may put a flag on them."""

    kind: str  # of the report; empty for a role in a matter
    role: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What puts one flag on whoever it is about: any of these kinds, in any of these roles, for any of these reasons."""

    flag: str
    kinds: frozenset[str] = frozenset()  # empty, here and below: whatever it is
    roles: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()

    def holds(self, told: Told) -> bool:
        """Whether what is told puts the flag on them."""
        pairs = ((self.kinds, told.kind), (self.roles, told.role), (self.reasons, told.reason))
        return all(not wanted or word in wanted for wanted, word in pairs)


@dataclass(frozen=True, slots=True)
class LiveRules:
    """The values in force on a day."""

    block_most: int  # a block with more statements than this is passed over
    shown_most: int  # people put before whoever decides
    recount_share: float  # growth of the index from which the commonness of values is counted again
    marks: tuple[Mark, ...]

    def flags(self, told: Told, *, carried: Collection[str] = ()) -> tuple[str, ...]:
        """What this would put on somebody who carries these already, each flag once; nothing where nothing."""
        would = dict.fromkeys(mark.flag for mark in self.marks if mark.holds(told))
        return tuple(flag for flag in would if flag not in carried)

    def recount(self, *, counted: int, now: int) -> bool:
        """Whether an index of so many statements is to be counted again that was last counted at another size."""
        return abs(now - counted) > self.recount_share * counted


def live_rules(book: Playbook, *, on: date) -> LiveRules:
    """The rules in force on a day. A mark that says of nothing when it holds is refused with ``ValueError``."""
    values = book.in_force(on).values
    marks = tuple(_marks(values))
    if empty := [mark.flag for mark in marks if not (mark.kinds or mark.roles or mark.reasons)]:
        raise ValueError(f"{book.code} puts {', '.join(empty)} on everybody")
    return LiveRules(values["block_most"], values["shown_most"], values["recount_share"], marks)


def _marks(values: Mapping[str, Any]) -> Iterator[Mark]:
    """The marks of a block; the first blocks named a kind or a role by itself, and the flag is called as it is."""
    yield from (Mark(kind, kinds=frozenset({kind})) for kind in values.get("flag_kinds", ()))
    yield from (Mark(role, roles=frozenset({role})) for role in values.get("flag_roles", ()))
    for row in values.get("flags", ()):
        yield Mark(row["flag"], *(frozenset(row.get(name, ())) for name in ("kinds", "roles", "reasons")))
