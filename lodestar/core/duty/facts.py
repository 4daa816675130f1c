"""The facts that the duty rules look at: posts, shifts and the chain of holders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Post:
    """A post that answers for something, by kind and place."""

    code: str
    kind: str
    title: str = ""
    district: str = ""
    desk: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """One person in one post for one half-open span of time."""

    post: str
    person: int
    from_at: datetime
    until_at: datetime
    lead: bool = False

    def covers(self, at: datetime) -> bool:
        """True while the shift lasts; its end belongs to the next one."""
        return self.from_at <= at < self.until_at


@dataclass(frozen=True, slots=True)
class Holding:
    """From this instant this person answers; the next holding ends it."""

    number: int
    person: int
    post: str
    from_at: datetime
    how: str


class BrokenChain(ValueError):
    """A chain of holders that is empty, or whose numbers or instants go backwards."""


def answerable(*, holdings: tuple[Holding, ...], at: datetime) -> Holding | None:
    """The last holding begun at or before the instant: exactly one from the opening on, none before it.

    There are no gaps because a holding has no end of its own: only the next one ends it. Refuses a chain that is empty,
    does not start at 1, or goes backwards.
    """
    if not holdings or holdings[0].number != 1:
        raise BrokenChain("a chain of holders starts with holding 1")
    for before, after in pairwise(holdings):
        if after.number != before.number + 1 or after.from_at < before.from_at:
            raise BrokenChain(f"holding {after.number} does not follow holding {before.number}")
    begun = [holding for holding in holdings if holding.from_at <= at]
    return begun[-1] if begun else None
