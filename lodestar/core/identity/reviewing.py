"""A person's word on who somebody is: who is asked next, what is asked of two, when a supervisor decides, what is learnt.

Rule: one person who is sure settles a question, save the share that is drawn for two. The second sees neither the first
answer, nor whose it is, nor what would tell; where the two differ, a third with the permission decides, having read both.
"Can't tell" is an answer: it is kept with what would tell, and the next person is asked, or a supervisor once as many as the
playbook says could not. Nobody answers a question twice. Until it is settled nothing moves: the provisional person stays and
the search goes on.
Source: domain/linkage.md section 5, "Clerical review".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from math import ceil
from typing import Literal

from lodestar.core.access.permissions import Permission
from lodestar.core.playbook import Playbook
from lodestar.core.words import Allowed, Refusal, Refusals

Word = Literal["same", "not_same", "cannot_tell", "somebody_new"]
Turn = Literal["first", "second", "third"]
AUTHORITY = "Lodestar linkage study, section 5: blind double-marking, can't tell is an answer"
TITLES: dict[str, str] = {
    "same": "the same",
    "not_same": "not the same",
    "cannot_tell": "can't tell",
    "somebody_new": "somebody new",
}
ASKED = 2  # a question that is drawn is asked of two before anybody decides between them


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """The rules of one day: the share asked of two, how many may pass before a supervisor decides, and how few are hidden."""

    version: str
    share: float
    draw: str
    pass_on: int
    few: int
    known_share: float
    days: int  # of the queue's coming and going that its page tells


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as it is given: the word, about whom where it names somebody, why, and what would tell where it cannot."""

    word: str
    person: int | None = None
    reason: str = ""
    would_tell: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer on record: by whom, at which turn, and what."""

    by: int
    turn: str
    word: str
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the rules read it: who was shown, whether it is asked of two, what was answered, and whether it is over."""

    offered: tuple[int, ...]
    double: bool = False
    answers: tuple[Answer, ...] = ()
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question came to: the record it is, or None for somebody new."""

    person: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose turn it is, and what it came to where it is settled."""

    turn: Turn
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """What an answer says of one report and one record."""

    person: int
    same: bool


def review_rules(book: Playbook, *, on: date) -> ReviewRules:
    """The rules in force on a day; less than a tenth asked of two is refused with ``ValueError``."""
    block = book.in_force(on)
    values = block.values
    if not 0.1 <= values["share"] <= 1:
        raise ValueError(f"{book.code}: the share asked of two lies between a tenth and all")
    return ReviewRules(
        version=f"{block.from_date.isoformat()} ({book.content_hash[:12]})",
        share=values["share"],
        draw=values["draw"],
        pass_on=values["pass_on"],
        few=values["few"],
        known_share=values["known_share"],
        days=values["days"],
    )


def drawn(key: str, *, rules: ReviewRules) -> bool:
    """Whether a question is asked of two, by its report's own number: the same on every machine, and nobody's choice."""
    return lot(f"{rules.draw}|{key}") < rules.share


def known_wanted(*, asked: int, mixed: int, rules: ReviewRules) -> int:
    """How many pairs whose truth is known are still to be mixed in among so many questions; none where the share is nought."""
    return max(0, ceil(asked * rules.known_share) - mixed)


def lot(key: str) -> float:
    """A number from nought up to one that hangs on the key alone: SHA-256 of it, evenly spread."""
    return int.from_bytes(sha256(key.encode()).digest()[:7]) / 2**56


def standing(question: Question, *, rules: ReviewRules) -> Standing:
    """Whose turn it is after the answers so far, or what they came to."""
    offered = question.offered
    later = [answer for answer in question.answers if answer.turn == "third"]
    early = [answer for answer in question.answers if answer.turn != "third"]
    if later:  # a supervisor who cannot tell leaves it to the next one
        return Standing("third", _first_outcome(later, offered))
    return _asked_of_two(early, offered) if question.double else _asked_of_one(early, offered, rules)


def outcome(answer: Answer, offered: Collection[int]) -> Outcome | None:
    """What an answer alone would settle; None where it leaves the question open. "Not the same" settles it where only one was shown."""
    if answer.word == "same":
        return Outcome(answer.person)
    if answer.word == "somebody_new" or (answer.word == "not_same" and set(offered) <= {answer.person}):
        return Outcome(None)
    return None


def _first_outcome(answers: Iterable[Answer], offered: Collection[int]) -> Outcome | None:
    return next((found for answer in answers if (found := outcome(answer, offered)) is not None), None)


def _asked_of_one(early: Sequence[Answer], offered: Collection[int], rules: ReviewRules) -> Standing:
    found = _first_outcome(early, offered)
    return Standing("third" if found is None and len(early) >= rules.pass_on else "first", found)


def _asked_of_two(early: Sequence[Answer], offered: Collection[int]) -> Standing:
    if len(early) < ASKED:
        return Standing("second" if early else "first")
    one, other = (outcome(answer, offered) for answer in early[:ASKED])
    return Standing("second", one) if one is not None and one == other else Standing("third")


def answer_by_hand(
    said: Said, *, question: Question, by: int, permissions: Collection[str], rules: ReviewRules
) -> Allowed[Standing] | Refusals:
    """Who may answer, and what an answer owes: its reason, one of those shown, and what would tell where it cannot.

    Allowed carries whose turn this answer is.
    """
    now = standing(question, rules=rules)
    gaps = (*_not_theirs(question, now, by, permissions), *_owed(said, question.offered))
    return gaps or Allowed(now)


def _not_theirs(question: Question, now: Standing, by: int, permissions: Collection[str]) -> Iterator[Refusal]:
    if Permission.PEOPLE_LINK not in permissions:
        yield Refusal("people.not_permitted", "Your role does not join or part records. Ask a supervisor.", AUTHORITY)
    if question.settled:
        yield Refusal("people.already_settled", "Somebody has already decided this. Read it, then undo it if it is wrong.")
    elif any(answer.by == by for answer in question.answers):
        yield Refusal("people.answered_before", "You have answered this. It is with somebody else now; nobody answers twice.", AUTHORITY)
    elif now.turn == "third" and Permission.PEOPLE_DECIDE not in permissions:
        yield Refusal("people.supervisor_decides", "Two people have answered this. A sergeant or a supervisor decides it now.", AUTHORITY)


def _owed(said: Said, offered: Collection[int]) -> Iterator[Refusal]:
    if said.word not in TITLES:
        yield Refusal("people.no_answer", "Say whether it is the same, not the same, somebody new, or that you cannot tell.", "", "answer")
    if said.word in ("same", "not_same") and said.person not in offered:
        yield Refusal("people.not_offered", "Open that person's record and compare it first, then choose it.", field="answer")
    if not said.reason.strip():
        yield Refusal("people.reason_owed", "Say why, so that the next person can check it.", AUTHORITY, "reason")
    if said.word == "cannot_tell" and not said.would_tell.strip():
        yield Refusal("people.would_tell_owed", "Say what would tell, so that somebody can go and get it.", AUTHORITY, "would_tell")


def is_blind(question: Question, turn: str) -> bool:
    """Whether whoever answers now is shown nothing of an earlier answer: not what would tell, and not what was said."""
    return turn != "third" and (question.double or not question.answers)


def pairs(said: Said, *, offered: Iterable[int]) -> tuple[Pair, ...]:
    """What an answer says of each pair, for labels. Nothing is said of a record beside the one chosen: it may be the child's too."""
    if said.word == "somebody_new":
        return tuple(Pair(person, same=False) for person in offered)
    if said.word in ("same", "not_same") and said.person is not None:
        return (Pair(said.person, same=said.word == "same"),)
    return ()
