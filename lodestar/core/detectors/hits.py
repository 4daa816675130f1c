"""The history of what detectors found: each absence once, when it was first and last seen, and how it ended.

A hit is never deleted. It ends when the absence is made good, when its owner sets it aside with a reason, or when the
detector itself expires, and each of these is told apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from lodestar.core.detectors.rules import Absence, Detector
from lodestar.core.words import Refusal, Refusals

MADE_GOOD, SET_ASIDE, EXPIRED = "made_good", "set_aside", "detector_expired"


@dataclass(frozen=True, slots=True)
class Hit:
    """One absence found by one detector."""

    detector: str
    key: str
    child: int
    sentence: str
    first_at: datetime  # when it was first found
    last_at: datetime  # when it was last still so
    ended_at: datetime | None = None
    ended: str = ""  # made_good, set_aside, detector_expired
    reason: str = ""
    by: int | None = None

    @property
    def is_open(self) -> bool:
        """True until it has ended."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Counts:
    """What a detector's history comes to: how many it found, and how each ended."""

    found: int
    open: int
    made_good: int
    set_aside: int
    expired: int


def look(*, detector: Detector, before: Iterable[Hit], found: Iterable[Absence], at: datetime) -> tuple[Hit, ...]:
    """The history after one look: new absences begin, those still so go on, those gone end; what was set aside stays so.

    Looking twice at the same instant changes nothing. An absence made good that comes back is a new hit.
    """
    mine = {one.key: one for one in found if one.detector == detector.code}
    after: list[Hit] = []
    held: set[str] = set()
    for hit in before:
        if hit.detector != detector.code:
            after.append(hit)
            continue
        absence = mine.get(hit.key)
        now = _on(hit, absence, detector, at) if hit.is_open else hit
        # What somebody set aside is not found afresh while it lasts; and nothing is found twice in one look.
        if now.is_open or now.ended == SET_ASIDE or now.ended_at == at:
            held.add(now.key)
        after.append(now)
    new = (one for key, one in mine.items() if key not in held)
    return (*after, *(Hit(detector.code, one.key, one.child, one.sentence, at, at) for one in new))


def set_aside(*, hit: Hit, reason: str, by: int, at: datetime) -> Hit:
    """A hit set aside by its owner, with the reason on record; ask ``set_aside_gaps`` first."""
    gaps = set_aside_gaps(hit=hit, reason=reason)
    if gaps:
        raise ValueError(gaps[0].code)
    return replace(hit, ended_at=at, ended=SET_ASIDE, reason=reason.strip(), by=by)


def set_aside_gaps(*, hit: Hit, reason: str) -> Refusals:
    """A hit is set aside once, with a reason."""
    gaps = [] if hit.is_open else [Refusal("detector.ended", "This has ended already. Nothing more is needed.")]
    if not reason.strip():
        gaps.append(Refusal("detector.reason", "Say why this is no concern here.", field="reason"))
    return tuple(gaps)


def counts(*, hits: Iterable[Hit], detector: str) -> Counts:
    """How many this detector ever found, and how they ended: a rule that is always set aside wants mending."""
    mine = [hit for hit in hits if hit.detector == detector]
    ended = {how: sum(hit.ended == how for hit in mine) for how in (MADE_GOOD, SET_ASIDE, EXPIRED)}
    return Counts(len(mine), sum(hit.is_open for hit in mine), ended[MADE_GOOD], ended[SET_ASIDE], ended[EXPIRED])


def _on(hit: Hit, absence: Absence | None, detector: Detector, at: datetime) -> Hit:
    if absence is not None:
        return replace(hit, last_at=at, sentence=absence.sentence)
    return replace(hit, ended_at=at, ended=MADE_GOOD if detector.runs(at) else EXPIRED)
