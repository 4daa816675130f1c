"""Who relied on a person that was split, and what they are told: a wrong join is undone for everybody who read it, not only on record.

Nobody's name is in what is told: people and reports by number, and the reader opens the page to see more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST = 240  # as long as a notice may be
# In which order somebody is told of what they hold: what they must act on comes first.
ORDER = ("matter", "task", "obligation", "meeting", "commitment")


@dataclass(frozen=True, slots=True)
class Parted:
    """A report that was taken off one person and is another's, each by number."""

    report: int
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """One thing that somebody holds which quotes the person: what it is, the words for it, and the matter it hangs on."""

    what: str  # one of ORDER
    user: int | None
    matter: int | None
    words: str  # "you answer for MIS-12", to follow "Check it:"


def told(quoted: Iterable[Quoted]) -> dict[int, tuple[Quoted, ...]]:
    """What each person holds, the most pressing first; each thing once."""
    found: dict[int, list[Quoted]] = {}
    for one in sorted(set(quoted), key=lambda item: (ORDER.index(item.what), item.matter or 0, item.words)):
        if one.user is not None:
            found.setdefault(one.user, []).append(one)
    return {user: tuple(items) for user, items in found.items()}


def notice(parted: Parted, held: tuple[Quoted, ...]) -> str:
    """What one person reads, in one or two sentences."""
    more = f", and {len(held) - 1} more" if len(held) > 1 else ""
    start = f"Report {parted.report} was wrongly joined to person {parted.old} and is person {parted.new}'s now. Check what rests on it: "
    room = MOST - len(start) - len(more) - 1
    return f"{start}{held[0].words[:room]}{more}."
