"""What happened since the newest proposal that asks for another one, in words without anybody's name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.tasking.formula import RANKS, Tier

GRACE = timedelta(minutes=10)  # how long after its planned start or end work is late: people say so a little later
LONGEST = 160  # what a proposal keeps of why it was made
UNRESOURCED = {"task_unresourced": "TASK-UNRESOURCED", "task_unresourced_command": "TASK-UNRESOURCED-COMMAND"}
LADDER_RANK = "Inspector"  # the rank that the plain ladder ends with; work that only a higher rank may leave climbs further

# In the order in which they are said: what presses most comes first, as only so much is kept.
SAYS = {
    "risen": "{about} rose to the first tier",
    "asked": "work of the first tier was asked for on {about}",
    "gone": "somebody with work is not here",
    "back": "work was given back on {about}",
    "declined": "a partner agency declined work on {about}",
    "blocked": "work is blocked on {about}",
    "late": "work given out is late on {about}",
    "over": "work has run over its time on {about}",
    "returned": "an accepted risk came back on {about}",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened: what, when, and on which matter; somebody's absence is about nothing."""

    kind: str
    at: datetime
    about: str = ""


def reasons(*, happened: Iterable[Happened], since: datetime, now: datetime) -> tuple[str, ...]:
    """What happened after ``since``, until now, one sentence for each kind; nothing that happened, nothing said.

    What was known when the newest proposal was made asks for nothing again, and what is still to come for nothing yet.
    Refuses a kind of event that nobody has put in words.
    """
    found: dict[str, set[str]] = {}
    for one in happened:
        if one.kind not in SAYS:
            raise ValueError(f"nobody has said what {one.kind} is")
        if since < one.at <= now:
            found.setdefault(one.kind, set()).add(one.about)
    return tuple(says.format(about=_some(found[kind])) for kind, says in SAYS.items() if kind in found)


def because(*, said: tuple[str, ...]) -> str:
    """The sentences as one line that a proposal can keep; what does not fit is counted, never cut in the middle."""
    for kept in range(len(said), 0, -1):
        left = len(said) - kept
        line = "; ".join((*said[:kept], *((f"and {left} more",) if left else ())))
        if len(line) <= LONGEST:
            return line
    return ""


def unresourced(*, tier: Tier) -> str:
    """The event of nobody being able to do work of this tier: it climbs to the rank that may accept that."""
    higher = RANKS.index(tier.risk_rank) > RANKS.index(LADDER_RANK)
    return "task_unresourced_command" if higher else "task_unresourced"


def _some(about: set[str]) -> str:
    names = sorted(about)
    return ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")
