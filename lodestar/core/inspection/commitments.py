"""A commitment: a promise or a claim in plain words, with an owner, a day, a measure and a target; and what the data says of it.

No measure, no evidence: it is *claimed* and stays so, whatever anybody says (custody-online-data-law.md 6.2, measure rule).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row
from lodestar.core.times import at_wall
from lodestar.core.words import Refusal

Mark = Literal["evidenced", "claimed", "contradicted"]
MARKS: tuple[Mark, ...] = ("evidenced", "claimed", "contradicted")
PROMISE, FACT = "promise", "fact"
SORTS = {PROMISE: "Promise", FACT: "Statement of fact"}
ABOVE, BELOW = "above", "below"
SIDES = {ABOVE: "above the target", BELOW: "below the target"}

COMMITMENT = Lifecycle(
    name="commitment",
    initial="open",
    final=frozenset({"withdrawn"}),
    rows=(
        Row("open", "close", "closed", P.INSPECTION_REPLY, "commitment.was_closed", reason_owed=True),
        Row("open", "withdraw", "withdrawn", P.INSPECTION_REPLY, "commitment.was_withdrawn", reason_owed=True),
        Row("closed", "reopen", "reopened", P.INSPECTION_KEEP, "commitment.was_reopened", reason_owed=True),
        Row("reopened", "answer", "open", P.INSPECTION_KEEP, "commitment.was_answered", reason_owed=True),
        Row("reopened", "withdraw", "withdrawn", P.INSPECTION_REPLY, "commitment.was_withdrawn", reason_owed=True),
    ),
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where the measure is to be: strictly above or strictly below a value, in the measure's own unit."""

    side: str
    value: float

    def met_by(self, value: float) -> bool:
        """True where a value lies beyond the target; on it is not beyond it."""
        return value > self.value if self.side == ABOVE else value < self.value


@dataclass(frozen=True, slots=True)
class Promised:
    """What the rules look at in one commitment."""

    sort: str
    measure: str  # the code of a measure, or nothing
    target: Target | None
    due_on: date | None = None
    state: str = "open"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a measure says now: the value with its 95% limits, or a verdict that the measure itself gives on a claim."""

    value: float | None
    lower: float | None = None
    upper: float | None = None
    verdict: str = ""  # supported, contradicted, not established: where the claim is about every group and not one figure
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The mark a statement gets, and why, in a sentence."""

    mark: Mark
    why: str


def judge(*, promised: Promised, reading: Reading | None) -> Judged:
    """Evidenced where the whole interval is beyond the target, contradicted where all of it is short; otherwise claimed.

    A measure that gives its own verdict on the claim is believed. No measure, no target or no figure: claimed.
    """
    if not promised.measure:
        return Judged("claimed", "It has no measure, so nobody can show that it is so.")
    if promised.target is None:
        return Judged("claimed", "It has a measure and no target, so there is nothing to be beyond.")
    if reading is None or (reading.value is None and not reading.verdict):
        return Judged("claimed", "Its measure has no figure here yet, so nothing shows it.")
    match reading.verdict:
        case "supported":
            return Judged("evidenced", reading.sentence)
        case "contradicted":
            return Judged("contradicted", reading.sentence)
        case "not established":
            return Judged("claimed", reading.sentence)
    return _by_interval(promised.target, reading)


def _by_interval(target: Target, reading: Reading) -> Judged:
    ends = [value if end is None else end for value in (reading.value or 0.0,) for end in (reading.lower, reading.upper)]
    met = [target.met_by(end) for end in ends]
    if all(met):
        return Judged("evidenced", "The figure and all of its interval are beyond the target.")
    if not any(met):
        return Judged("contradicted", "The figure and all of its interval are short of the target.")
    return Judged("claimed", "The interval reaches to both sides of the target, so the figure does not settle it.")


def overdue(*, promised: Promised, judged: Judged, today: date) -> bool:
    """True where its day has passed and nothing shows it; a closed or withdrawn one is not overdue."""
    late = promised.due_on is not None and promised.due_on < today
    return late and promised.state in ("open", "reopened") and judged.mark != "evidenced"


def last_minute_of(on: date) -> datetime:
    """The last minute of a promised day in London: until then it is not late."""
    return at_wall(on=on, clock=time(23, 59))


def commitment_gaps(*, promised: Promised, words: str, owner: str, code_known: bool) -> tuple[Refusal | None, ...]:
    """A commitment says what, by whom, by when; a measure must be one there is, and brings its target."""
    has, target = bool(promised.measure), promised.target
    return (
        _unless(bool(words.strip()), "words", "Say what is promised or claimed, in plain words.", "promise"),
        _unless(promised.sort in SORTS, "sort", "Choose promise or fact.", "sort"),
        _unless(bool(owner.strip()), "owner", "Name the role that owns it.", "owner"),
        _unless(
            not has or code_known,
            "measure",
            "There is no such measure. Choose one from the catalogue, or leave it blank.",
            "measure",
        ),
        _unless(not has or target is not None, "target", "A measure needs a target: a number, and on which side of it to be.", "target"),
        _unless(has or target is None, "no_measure", "A target needs a measure. Name the measure, or take the target out.", "measure"),
        _unless(target is None or target.side in SIDES, "side", "Choose above or below.", "side"),
    )


def _unless(good: bool, code: str, sentence: str, field: str) -> Refusal | None:
    return None if good else Refusal(f"commitment.{code}", sentence, "", field)
