"""What somebody may be given: the skills they hold on a day, and the rank they hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from lodestar.core.tasking.formula import RANKS
from lodestar.core.words import Refusal, listed

AUTHORITY = "The force's tasking formula: nobody is sent to what they are not accredited for"
OTHERS = ("Police staff", "Special Constable")  # ranks that accept no risk


def held(*, skills: Iterable[str], until: Mapping[str, str], on: date) -> tuple[str, ...]:
    """The skills that somebody holds on a day: an accreditation counts to the end of its last day."""
    return tuple(skill for skill in skills if not until.get(skill) or on <= date.fromisoformat(until[skill]))


def described_gaps(*, rank: str, skills: Collection[str], known: Collection[str]) -> tuple[Refusal, ...]:
    """A rank that is one, and skills that some kind of work asks for; any other would be held for nothing."""
    gaps = []
    if rank and not any(rank == one or rank.endswith(f" {one}") for one in (*RANKS, *OTHERS)):
        sentence = f"Choose a rank there is: {listed((*RANKS, *OTHERS))}; Detective, Temporary or Acting may stand before it."
        gaps.append(Refusal("staff.rank", sentence, AUTHORITY, "rank"))
    for skill in sorted(set(skills) - set(known)):
        gaps.append(
            Refusal("staff.skill", f"No kind of work asks for “{skill}”. Choose from: {listed(sorted(known))}.", AUTHORITY, "skills")
        )
    return tuple(gaps)
