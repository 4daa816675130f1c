"""The rules for weighing a statement while it comes in: how full a block may be, how many are shown, and which flags stop a join.

Source: domain/linkage.md sections 3.3 and 5.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from lodestar.core.playbook import Playbook


@dataclass(frozen=True, slots=True)
class LiveRules:
    """The values in force on a day."""

    block_most: int  # a block with more statements than this is passed over
    shown_most: int  # people put before whoever decides
    recount_share: float  # growth of the index from which the commonness of values is counted again
    flag_kinds: frozenset[str]
    flag_roles: frozenset[str]

    def flags(self, *, kind: str, role: str, carried: Collection[str]) -> tuple[str, ...]:
        """What joining a report of this kind and role would put on somebody who carries these already; nothing where nothing."""
        would = (*([kind] if kind in self.flag_kinds else ()), *([role] if role in self.flag_roles else ()))
        return tuple(flag for flag in would if flag not in carried)

    def recount(self, *, counted: int, now: int) -> bool:
        """Whether an index of so many statements is to be counted again that was last counted at another size."""
        return abs(now - counted) > self.recount_share * counted


def live_rules(book: Playbook, *, on: date) -> LiveRules:
    """The rules in force on a day."""
    values = book.in_force(on).values
    return LiveRules(
        block_most=values["block_most"],
        shown_most=values["shown_most"],
        recount_share=values["recount_share"],
        flag_kinds=frozenset(values["flag_kinds"]),
        flag_roles=frozenset(values["flag_roles"]),
    )
