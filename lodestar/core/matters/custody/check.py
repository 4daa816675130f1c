"""What the law says of one case: where the child stands, what is owed by when, what may be done next, and what was refused.

The same desk, guards and clocks as the pages use, with no database: a step that the rules refuse is left out and named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lodestar.core.matters.custody.casefile import CaseFile, Entry
from lodestar.core.matters.custody.desk import CUSTODY_DESK, straight_to_court
from lodestar.core.matters.custody.lifecycle import HELD
from lodestar.core.matters.custody.requests import NON_SECURE, SECURE, open_question, requests, said_no
from lodestar.core.matters.desk import Attempt, Done, Story
from lodestar.core.matters.owed import CalendarsOn, Clock, RulesOn, clocks_of
from lodestar.core.matters.replay import live
from lodestar.core.words import Refusal


@dataclass(frozen=True, slots=True)
class Refused:
    """A step of the case file that the rules refuse, with the field it stands in."""

    where: str
    step: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Step:
    """Something that may be recorded next, with what already speaks against it."""

    code: str
    title: str
    authority: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer to a case file."""

    at: datetime
    state: str
    owed: tuple[Clock, ...]
    allowed: tuple[Step, ...]
    refused: tuple[Refused, ...]
    outcomes: tuple[str, ...]
    story: Story


def check(*, case: CaseFile, rules_on: RulesOn, calendars_on: CalendarsOn) -> Checked:
    """Where a case stands: every step that the rules allow is taken, in order of time, and every other is named with its reasons."""
    story = Story(
        kind=CUSTODY_DESK.kind, state=CUSTODY_DESK.lifecycle.initial, reported_at=case.opened_at, opened_at=case.opened_at,
        born=case.born, is_child=True,
    )  # fmt: skip
    done: list[Done] = []
    refused: list[Refused] = []
    numbers: dict[int, int] = {}  # the place of a request in the file, to the number of its deed
    now = story
    for number, entry in enumerate(case.entries, start=1):
        about = entry.of is not None and entry.code != "place_requested"
        said = {**entry.said, "about": str(numbers.get(entry.of or 0, 0))} if about else dict(entry.said)
        gaps = _gaps(now, entry, said)
        if gaps:
            refused += [Refused(entry.where, entry.code, gap) for gap in gaps]
            continue
        done.append(Done(number, entry.code, entry.at, entry.at, entry.by, said))
        if entry.code == "place_requested" and entry.of is not None:
            numbers[entry.of] = number
        now = live(desk=CUSTODY_DESK, story=story, done=done).story
    lived = live(desk=CUSTODY_DESK, story=story, done=done)
    last = max((entry.at for entry in case.entries), default=case.opened_at)
    clocks = clocks_of(desk=CUSTODY_DESK, lived=lived, rules_on=rules_on, calendars_on=calendars_on)
    owed = tuple(sorted((clock for clock in clocks if clock.is_open), key=lambda clock: (clock.due_at, clock.rule.code)))
    return Checked(case.asked_at or last, now.state, owed, _allowed(now), tuple(refused), outcomes(story=now), now)


def outcomes(*, story: Story) -> tuple[str, ...]:
    """What a case counts as, each its own outcome: a failure to provide is never folded into impracticable."""
    found = []
    if straight_to_court(story=story):
        found.append("STRAIGHT_TO_COURT")
    if story.all("failure_to_provide") or said_no(story=story, kind=NON_SECURE):
        found.append("LA_FAILED_TO_PROVIDE")
    if any(answer.said.get("answer") == "no_reply" for answer in story.all("answer_noted")):
        found.append("NO_REPLY")
    if story.state in HELD and not requests(story=story):
        found.append("NO_REQUEST")
    if story.state in HELD and open_question(story=story):
        found.append("SECOND_QUESTION_OPEN")
    if said_no(story=story, kind=SECURE):
        found.append("SECURE_REFUSED")
    return tuple(found)


def _gaps(now: Story, entry: Entry, said: Mapping[str, str]) -> tuple[Refusal, ...]:
    kind = CUSTODY_DESK.deeds[entry.code]
    if kind.states and now.state not in kind.states:
        when = " or ".join(name.replace("_", " ") for name in kind.states)
        words = now.state.replace("_", " ")
        return (Refusal("custody.not_now", f"{kind.title}: the child is {words}; this can be done while {when}.", kind.authority),)
    return CUSTODY_DESK.refuse(Attempt(now, entry.code, said, entry.at, entry.by, entry.at))


def _allowed(story: Story) -> tuple[Step, ...]:
    """The deeds that the state lets be recorded. What each must say is in the reference."""
    kinds = (kind for kind in CUSTODY_DESK.deeds.values() if kind.by_hand and (not kind.states or story.state in kind.states))
    return tuple(Step(kind.code, kind.title, kind.authority) for kind in kinds)


def at_instant(case: CaseFile, at: datetime) -> CaseFile:
    """The case as it stood at an instant."""
    return replace(case, entries=tuple(entry for entry in case.entries if entry.at <= at), asked_at=at)
