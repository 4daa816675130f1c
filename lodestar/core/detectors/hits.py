"""The history of what detectors found: each absence once, when it was first and last seen, and how it ended.

A hit is never deleted. It ends when the absence is made good, when a person sets it aside with a reason, when it is wanted
no longer and was never done, or when the detector itself expires; each of these is told apart. It moves nothing but itself.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from lodestar.core.access.permissions import Permission as P
from lodestar.core.detectors.rules import Absence, Detector
from lodestar.core.lifecycle import Lifecycle, Row
from lodestar.core.words import Refusal, Refusals

OPEN, MADE_GOOD, LAPSED, SET_ASIDE, EXPIRED = "open", "made_good", "lapsed", "set_aside", "detector_expired"

HIT = Lifecycle(
    name="hit",
    initial=OPEN,
    final=frozenset({MADE_GOOD, LAPSED, SET_ASIDE, EXPIRED}),
    rows=(
        Row(OPEN, "make_good", MADE_GOOD, P.JOBS_RUN, "hit.made_good"),
        Row(OPEN, "lapse", LAPSED, P.JOBS_RUN, "hit.lapsed"),
        Row(OPEN, "expire", EXPIRED, P.JOBS_RUN, "hit.expired"),
        Row(OPEN, "set_aside", SET_ASIDE, P.DETECTORS_SET_ASIDE, "hit.put_aside", reason_owed=True),
    ),
)
STATES: Mapping[str, str] = MappingProxyType(
    {
        OPEN: "Open",
        MADE_GOOD: "Put right",
        LAPSED: "Never done, and wanted no longer",
        SET_ASIDE: "Set aside by a person",
        EXPIRED: "Open when the rule ran out",
    }
)


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
    ended: str = ""  # one of the final states
    reason: str = ""
    by: int | None = None

    @property
    def is_open(self) -> bool:
        """True until it has ended."""
        return self.ended_at is None

    @property
    def state(self) -> str:
        """Where it stands in its table."""
        return self.ended or OPEN


@dataclass(frozen=True, slots=True)
class Counts:
    """What a detector's history comes to: how many it found, and how each ended."""

    found: int
    open: int
    made_good: int
    lapsed: int
    set_aside: int
    expired: int


def look(*, detector: Detector, before: Iterable[Hit], found: Iterable[Absence], met: Container[str], at: datetime) -> tuple[Hit, ...]:
    """The history after one look: new absences begin, those still so go on, those gone end; what was set aside stays so.

    Only what is in ``met`` was made good: what is gone and was never done has lapsed. Looking twice at the same instant
    changes nothing. An absence made good that comes back is a new hit.
    """
    mine = {one.key: one for one in found if one.detector == detector.code}
    after: list[Hit] = []
    held: set[str] = set()
    for hit in before:
        if hit.detector != detector.code:
            after.append(hit)
            continue
        absence = mine.get(hit.key)
        now = _on(hit, absence, _ending(hit, detector, met, at), at) if hit.is_open else hit
        if now.is_open or now.ended_at == at or _still_aside(now, absence):  # nothing is found twice in one look
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
    ended = {how: sum(hit.ended == how for hit in mine) for how in HIT.final}
    live = sum(hit.is_open for hit in mine)
    return Counts(len(mine), live, ended[MADE_GOOD], ended[LAPSED], ended[SET_ASIDE], ended[EXPIRED])


def _on(hit: Hit, absence: Absence | None, ending: str, at: datetime) -> Hit:
    if absence is not None:
        return replace(hit, last_at=at, sentence=absence.sentence)
    return replace(hit, ended_at=at, ended=ending)


def _still_aside(hit: Hit, absence: Absence | None) -> bool:
    """What somebody set aside is not found afresh while it lasts; when it ends and begins again, it is."""
    if hit.ended != SET_ASIDE or hit.ended_at is None:
        return False
    return absence is None or absence.wanted_from <= hit.ended_at


def _ending(hit: Hit, detector: Detector, met: Container[str], at: datetime) -> str:
    """How a hit ends that is found no longer; what was done counts as done, even on the rule's last day."""
    if hit.key in met:
        return MADE_GOOD
    return LAPSED if detector.runs(at) else EXPIRED
