"""What the law says of one case: where the child stands, what is owed by when, what may be done next, and what was refused.

The same desk, guards and clocks as the pages use, with no database: a step that the rules refuse is left out and named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from lodestar.core.matters.custody.casefile import OFFICER, CaseFile, Entry
from lodestar.core.matters.custody.desk import CUSTODY_DESK
from lodestar.core.matters.custody.lifecycle import HELD
from lodestar.core.matters.custody.production import straight_to_court
from lodestar.core.matters.custody.requests import NON_SECURE, SECURE, answer_to, open_question, requests, said_no
from lodestar.core.matters.deeds import DeedKind, record
from lodestar.core.matters.desk import Attempt, Done, Story
from lodestar.core.matters.owed import CalendarsOn, Clock, RulesOn, clocks_of
from lodestar.core.matters.replay import live
from lodestar.core.words import Allowed, Refusal, Refusals


@dataclass(frozen=True, slots=True)
class Refused:
    """A step of the case file that the rules refuse, with the field it stands in."""

    where: str
    step: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Step:
    """Something that could be recorded next, with what stands against it whatever it says; allowed where nothing does."""

    code: str
    title: str
    authority: str
    against: Refusals = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer to a case file."""

    at: datetime
    state: str
    owed: tuple[Clock, ...]
    allowed: tuple[Step, ...]
    blocked: tuple[Step, ...]
    refused: tuple[Refused, ...]
    outcomes: tuple[str, ...]
    story: Story


def check(*, case: CaseFile, rules_on: RulesOn, calendars_on: CalendarsOn) -> Checked:
    """Where a case stands: every step that the rules allow is taken, in order of time, and every other is named with its reasons.

    What lies after the instant that the question is put for is left out.
    """
    story = Story(
        kind=CUSTODY_DESK.kind, state=CUSTODY_DESK.lifecycle.initial, reported_at=case.opened_at, opened_at=case.opened_at,
        born=case.born, is_child=True,
    )  # fmt: skip
    entries = tuple(entry for entry in case.entries if case.asked_at is None or entry.at <= case.asked_at)
    at = case.asked_at or max((entry.at for entry in entries), default=case.opened_at)
    done, refused = _taken(story, entries)
    if not done:  # an adult by the date given: nothing of this desk applies
        return Checked(at, story.state, (), (), (), refused, (), story)
    lived = live(desk=CUSTODY_DESK, story=story, done=done)
    clocks = clocks_of(desk=CUSTODY_DESK, lived=lived, rules_on=rules_on, calendars_on=calendars_on)
    owed = tuple(sorted((clock for clock in clocks if clock.is_open), key=lambda clock: (clock.due_at, clock.rule.code)))
    steps = tuple(_steps(lived.story, at))
    unlawful = lived.story.state == "charged" and any(one.step == "bail_refused" for one in refused)
    return Checked(
        at=at,
        state=lived.story.state,
        owed=owed,
        allowed=tuple(step for step in steps if not step.against),
        blocked=tuple(step for step in steps if step.against),
        refused=refused,
        outcomes=(*(("BAIL_REFUSAL_NOT_LAWFUL",) if unlawful else ()), *outcomes(story=lived.story)),
        story=lived.story,
    )


def outcomes(*, story: Story) -> tuple[str, ...]:
    """What a case counts as, each its own outcome: a failure to provide is never folded into impracticable."""
    found = []
    if straight_to_court(story=story):
        found.append("STRAIGHT_TO_COURT")
    if story.all("failure_to_provide") or said_no(story=story, kind=NON_SECURE):
        found.append("LA_FAILED_TO_PROVIDE")
    if _unanswered(story):
        found.append("NO_REPLY")
    if story.state in HELD and not requests(story=story):
        found.append("NO_REQUEST")
    if story.state in HELD and open_question(story=story):
        found.append("SECOND_QUESTION_OPEN")
    if any(answer.said.get("answer") == "refused" for answer in _answers(story, SECURE)):
        found.append("SECURE_REFUSED")
    return tuple(found)


def _answers(story: Story, kind: str) -> Iterator[Done]:
    for request in requests(story=story, kind=kind):
        answer = answer_to(story=story, request=request)
        if answer is not None:
            yield answer


def _unanswered(story: Story) -> bool:
    """True where the authority is on record as silent, or was still silent when the child was taken to court."""
    if any(answer.said.get("answer") == "no_reply" for answer in story.all("answer_noted")):
        return True
    gone = story.last("brought_to_court") is not None
    return gone and any(answer_to(story=story, request=request) is None for request in requests(story=story))


def _taken(story: Story, entries: tuple[Entry, ...]) -> tuple[tuple[Done, ...], tuple[Refused, ...]]:
    """The steps that the rules allow, each judged on the ones before it, and the refusals of the rest."""
    done: list[Done] = []
    refused: list[Refused] = []
    numbers: dict[int, int] = {}  # the place of a request in the file, to the number of its deed
    now = story
    for number, entry in enumerate(entries, start=1):
        about = entry.of is not None and entry.code != "place_requested"
        said = {**entry.said, "about": str(numbers.get(entry.of or 0, 0))} if about else dict(entry.said)
        gaps = _gaps(now, entry, said)
        refused += [Refused(entry.where, entry.code, gap) for gap in gaps]
        if gaps and entry.code == CUSTODY_DESK.opening:
            break
        if gaps:
            continue
        done.append(Done(number, entry.code, entry.at, entry.at, entry.by, said))
        if entry.code == "place_requested" and entry.of is not None:
            numbers[entry.of] = number
        now = live(desk=CUSTODY_DESK, story=story, done=done).story
    return tuple(done), tuple(refused)


def _gaps(now: Story, entry: Entry, said: Mapping[str, str]) -> Refusals:
    kind = CUSTODY_DESK.deeds[entry.code]
    if kind.states and now.state not in kind.states:
        when = " or ".join(name.replace("_", " ") for name in kind.states)
        words = now.state.replace("_", " ")
        return (Refusal("custody.not_now", f"{kind.title}: the child is {words}; this can be done while {when}.", kind.authority),)
    if entry.whole:
        verdict = record(kind=kind, state=now.state, at=entry.at, said=said, opened_at=now.opened_at, now=entry.at)
        if not isinstance(verdict, Allowed):
            return verdict
    return CUSTODY_DESK.refuse(Attempt(now, entry.code, said, entry.at, entry.by, entry.at))


def _steps(story: Story, at: datetime) -> Iterator[Step]:
    """The deeds that the state lets be recorded, each with the refusals that no answer to it could mend."""
    for kind in CUSTODY_DESK.deeds.values():
        if kind.by_hand and kind.code != CUSTODY_DESK.opening and (not kind.states or story.state in kind.states):
            yield Step(kind.code, kind.title, kind.authority, _against(story, kind, at))


def _against(story: Story, kind: DeedKind, at: datetime) -> Refusals:
    """A refusal that names a question can be met by answering it; one that names none stands, and so does one about every choice."""
    asked = kind.about
    if asked is None or asked.asked_as != "deed":
        return _standing(story, kind, {}, at)
    earlier = story.all(*asked.choices)
    if not earlier:
        sentence = f"{asked.question} There is none to choose yet."
        return (Refusal(f"custody.no_{asked.choices[0]}", sentence, kind.authority),)
    verdicts = [_standing(story, kind, {asked.name: str(one.id)}, at, asked.name) for one in earlier]
    return min(verdicts, key=len)


def _standing(story: Story, kind: DeedKind, said: Mapping[str, str], at: datetime, about: str = "") -> Refusals:
    gaps = CUSTODY_DESK.refuse(Attempt(story, kind.code, said, at, _anybody(kind), at))
    return tuple(gap for gap in gaps if not gap.field or gap.field == about)


def _anybody(kind: DeedKind) -> int | None:
    """Who would do it: nobody in particular where another than the officer must."""
    return None if kind.code == "review_before_charge" else OFFICER
