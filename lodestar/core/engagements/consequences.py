"""What an engagement changes: news on whatever is open about the child, or a look that somebody owes where nothing is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.engagements.kinds import Harm, Kind
from lodestar.core.words import Refusal, Refusals

AUTHORITY = "HMICFRS, Metropolitan Police, 2023 [H3]: what the force already held was not used"
ANSWERS = {
    "matter_opened": "A matter was opened about this child",
    "passed_on": "It was passed to whoever works with this child",
    "nothing_more": "Nothing more is needed",
}


@dataclass(frozen=True, slots=True)
class Stated:
    """One person of an engagement as they stand now: who they are is settled, or was settled later."""

    role: str
    reason: str
    is_child: bool
    happened_at: datetime
    open_matters: tuple[int, ...]  # about them
    concerned_in: tuple[int, ...] = ()  # open, about somebody else, in which they have a role that links


@dataclass(frozen=True, slots=True)
class Changes:
    """What follows: the matters on which it is news, or why a look is owed."""

    news_on: tuple[int, ...] = ()
    look: Harm | None = None


def consequences(*, kind: Kind, stated: Stated, told: Collection[int], now: datetime) -> Changes:
    """An engagement still fresh is news on every open matter that has not had it; of a child with none, high harm owes a look.

    That an adult of concern, or another child of a matter, was met is news there too. An older one is history: it stands on
    their page and is nobody's news, or a year brought in at once would bury the day.
    """
    if not is_news(kind=kind, happened_at=stated.happened_at, now=now):
        return Changes()
    news_on = tuple(pk for pk in dict.fromkeys((*stated.open_matters, *stated.concerned_in)) if pk not in told)
    owes = stated.is_child and not stated.open_matters
    return Changes(news_on, kind.harm(role=stated.role, reason=stated.reason) if owes else None)


def is_news(*, kind: Kind, happened_at: datetime, now: datetime) -> bool:
    """Whether an engagement of this kind is recent enough to be anybody's news."""
    return now - happened_at <= timedelta(days=kind.fresh_days)


def look_gaps(*, state: str, answer: str, finding: str, has_open_matter: bool) -> Refusals:
    """A look is answered once, with what was found; that a matter was opened is believed only where one is open."""
    gaps = []
    if state != "waiting":
        gaps.append(Refusal("look.answered", "Somebody has already looked. Read what they wrote.", AUTHORITY))
    if answer not in ANSWERS:
        gaps.append(Refusal("look.answer", "Choose what follows from it.", AUTHORITY, "answer"))
    if answer == "matter_opened" and not has_open_matter:
        gaps.append(Refusal("look.no_matter", "Nothing is open about this child. Open it first, then say so here.", AUTHORITY, "answer"))
    if not finding.strip():
        gaps.append(Refusal("look.finding", "Say what you looked at and what you found.", AUTHORITY, "finding"))
    return tuple(gaps)
