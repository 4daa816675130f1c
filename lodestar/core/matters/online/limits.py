"""How soon a suspect must be reached: the limit of each level, from its grading and from receipt, both kept.

A limit counted from grading alone looks in time when the grade came late (HMICFRS Cambridgeshire, post-inspection review,
2022). Each level a case has ever had keeps its limit, so nothing learnt and no later grade can put one off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lodestar.core.clocks.rules import ClockRule
from lodestar.core.matters.desk import Done, Story
from lodestar.core.matters.online.follow import receipt


@dataclass(frozen=True, slots=True)
class Limit:
    """The two limits that one level set, and whether somebody acted by then."""

    level: str
    from_grading: datetime
    from_receipt: datetime
    acted_at: datetime | None

    def passed(self, now: datetime) -> bool:
        """True where the limit from receipt went by with nobody having acted."""
        return (self.acted_at or now) > self.from_receipt


def act_limits(*, story: Story, rule: ClockRule) -> tuple[Limit, ...]:
    """One limit for each level the case has had, from the first time it had it; a level that owes nothing has none."""
    first: dict[str, Done] = {}
    for done in story.all("graded"):
        first.setdefault(done.said.get("level", ""), done)
    acts = story.all("contact_made")
    start = receipt(story=story)
    found = []
    for level, done in first.items():
        span = rule.span(level)
        if span is not None:
            found.append(Limit(level, done.at + span.amount, start + span.amount, acts[0].at if acts else None))
    return tuple(found)


def soonest(limits: tuple[Limit, ...]) -> tuple[datetime, datetime] | None:
    """The earliest limit from grading and the earliest from receipt; None before any grade."""
    if not limits:
        return None
    return min(limit.from_grading for limit in limits), min(limit.from_receipt for limit in limits)
