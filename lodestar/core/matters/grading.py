"""What a grade of risk needs before it counts.

A grade has an author, a rationale, the information relied on, agreed steps and a review time, and shows that the grader
saw what the force already holds (HMICFRS Met 2023; IOPC West Yorkshire 2020; HMIC West Midlands 2017). Lowering one needs
a reason and a second person (IOPC West Midlands 2017; APP: a hypothesis is not risk). No number is ever added up here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from lodestar.core.words import Allowed, Refusal, Refusals

AUTHORITY = "College of Policing APP, missing persons: risk assessment"
MINIMUM_WORDS = 3


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the dated code list, least serious first by ``order``."""

    code: str
    title: str
    order: int
    allowed_for_child: bool = True


@dataclass(frozen=True, slots=True)
class GradeWanted:
    """What the grader puts forward."""

    level: str
    rationale: str
    relied_on: tuple[str, ...]  # what was read or heard, each in a few words
    saw: str  # digest of what the force holds, as it was shown to the grader
    steps_agreed: str
    review_at: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GradeFacts:
    """What stands before the grade."""

    current: str  # the level in force, empty before the first
    holds: str  # digest of what the force holds now
    levels: Sequence[Level]
    is_child: bool = True


@dataclass(frozen=True, slots=True)
class GradeStep:
    """The verdict: the level, and whether a second person must confirm before it takes effect."""

    level: Level
    needs_second_person: bool


def grade(*, facts: GradeFacts, wanted: GradeWanted, now: datetime) -> Allowed[GradeStep] | Refusals:
    """A grade is allowed when nothing it needs is missing; lowering one waits for a second person."""
    level = next((item for item in facts.levels if item.code == wanted.level), None)
    if level is None:
        return (Refusal("grade.unknown_level", "Choose one of the levels in force today.", AUTHORITY, "level"),)
    refusals = tuple(_gaps(facts, wanted, level, now))
    if refusals:
        return refusals
    return Allowed(GradeStep(level, is_lowering(facts=facts, level=wanted.level)))


def is_lowering(*, facts: GradeFacts, level: str) -> bool:
    """True when the wanted level is less serious than the one in force; from unknown nothing is lower."""
    order = {item.code: item.order for item in facts.levels}
    return bool(facts.current) and order.get(level, 0) < order.get(facts.current, 0)


def confirm_gaps(*, proposer: int, confirmer: int, still_current: bool) -> tuple[Refusal, ...]:
    """The second person is somebody else, and confirms what is still being asked."""
    gaps = []
    if proposer == confirmer:
        gaps.append(Refusal("grade.same_person", "Somebody else must confirm a lower grade. Ask another supervisor.", AUTHORITY))
    if not still_current:
        gaps.append(Refusal("grade.overtaken", "The grade has changed since this was asked. Look again and grade afresh.", AUTHORITY))
    return tuple(gaps)


def refusal_gaps(*, reason: str) -> tuple[Refusal, ...]:
    """Leaving a grade as it stands against a colleague's request needs a reason."""
    if reason.strip():
        return ()
    return (Refusal("grade.refusal_reason", "Say why the grade should stay as it is.", AUTHORITY, "reason"),)


def _gaps(facts: GradeFacts, wanted: GradeWanted, level: Level, now: datetime) -> Iterator[Refusal]:
    if facts.is_child and not level.allowed_for_child:
        yield Refusal(
            "grade.barred_for_child", f"{level.title} may not be used for a child here. Choose another level.", AUTHORITY, "level"
        )
    if len(wanted.rationale.split()) < MINIMUM_WORDS:
        yield Refusal("grade.no_rationale", "Say why this level, in your own words.", AUTHORITY, "rationale")
    if not any(item.strip() for item in wanted.relied_on):
        yield Refusal("grade.nothing_relied_on", "List what you relied on: who said it, or where you read it.", AUTHORITY, "relied_on")
    if not wanted.steps_agreed.strip():
        yield Refusal("grade.no_steps", "Say what will be done now. No level stands without agreed steps.", AUTHORITY, "steps_agreed")
    if wanted.saw != facts.holds:
        yield Refusal(
            "grade.not_seen",
            "What the force holds about this child has not been read, or has changed since. Read it, then grade.",
            "HMICFRS, Metropolitan Police accelerated cause of concern, 2023",
            "saw",
        )
    yield from _review_gaps(wanted, now)
    if is_lowering(facts=facts, level=wanted.level) and not wanted.reason.strip():
        yield Refusal("grade.reason_owed", "Say what has changed that makes this less serious.", AUTHORITY, "reason")


def _review_gaps(wanted: GradeWanted, now: datetime) -> Iterator[Refusal]:
    if wanted.review_at is None:
        yield Refusal("grade.no_review", "Set the latest time this will be looked at again.", AUTHORITY, "review_at")
    elif wanted.review_at <= now:
        yield Refusal("grade.review_past", "The review time has already passed. Set one ahead of now.", AUTHORITY, "review_at")
