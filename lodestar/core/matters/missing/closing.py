"""What must be there before a missing child's matter is closed.

Closure has outrun the checks before: a prevention interview recorded that had not happened (IOPC Staffordshire 2017), a
case closed on an unverified belief (IOPC Met 2018). The page lists what is missing; the action refuses with the same list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from lodestar.core.words import Refusal

AUTHORITY = "College of Policing APP, missing persons; IOPC Staffordshire December 2017"


@dataclass(frozen=True, slots=True)
class Seen:
    """That a person saw the child: who, when, where."""

    by: str = ""
    at: datetime | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """Everything the closing gate looks at."""

    graded: bool
    located: Seen
    wellbeing: Seen
    returned_at: datetime | None
    interview_content: str
    interview_by: int | None
    referral_decision: str
    referral_reason: str
    return_interview_requested: bool
    checked_by: int | None
    closer: int | None
    unanswered_news: int = 0
    open_tasks: int = 0
    open_transfer: bool = False
    unsure_identity: bool = False
    died: bool = False


def closing_gaps(*, facts: ClosingFacts) -> tuple[Refusal, ...]:
    """Closing is refused with the whole list of what is missing, so that nobody is sent back twice."""
    return (*_seen_gaps(facts), *_interview_gaps(facts), *_check_gaps(facts), *_loose_ends(facts))


def _gap(code: str, sentence: str, field: str = "") -> Refusal:
    return Refusal(f"closing.{code}", sentence, AUTHORITY, field)


def _seen_gaps(facts: ClosingFacts) -> Iterator[Refusal]:
    if not facts.graded:
        yield _gap("not_graded", "Grade the risk: every episode has one, also when the child is back.")
    for name, seen in (("located", facts.located), ("wellbeing", facts.wellbeing)):
        what = "the child was found" if name == "located" else "the child was seen to be well, or otherwise"
        missing = [field.name for field in fields(seen) if not getattr(seen, field.name)]
        if missing:
            words = {"by": "by whom", "at": "when", "where": "where"}
            yield _gap(name, f"Record that {what}: {', '.join(words[item] for item in missing)} is missing.")
    if facts.returned_at is None and not facts.died:
        yield _gap("returned", "Record when the child was back at an agreed safe place.")


def _interview_gaps(facts: ClosingFacts) -> Iterator[Refusal]:
    if facts.died:
        return
    if not facts.interview_content.strip():
        yield _gap("interview", "Record the prevention interview: who spoke to the child, when, where and what was said.")
    if not facts.return_interview_requested:
        yield _gap("return_interview", "Send the return home interview request to the local authority.")


def _check_gaps(facts: ClosingFacts) -> Iterator[Refusal]:
    if not facts.referral_decision or not facts.referral_reason.strip():
        yield _gap("referral", "Decide whether a referral to children's services is made, and say why.")
    if facts.checked_by is None:
        yield _gap("check", "A supervisor must check this before it closes.")
    elif facts.checked_by == facts.interview_by:
        yield _gap("check_same_person", "The supervisor's check must be by somebody other than the interviewer.")


def _loose_ends(facts: ClosingFacts) -> Iterator[Refusal]:
    if facts.unanswered_news:
        yield _gap("news", f"Assess the news that has come in ({facts.unanswered_news} waiting).")
    if facts.open_tasks:
        yield _gap("tasks", f"Finish or cancel the tasks still open ({facts.open_tasks}).")
    if facts.open_transfer:
        yield _gap("transfer", "A transfer is on offer. Nothing closes until the other force has answered.")
    if facts.unsure_identity:
        yield _gap("identity", "It is not settled who this child is. Answer the identity question first.")
