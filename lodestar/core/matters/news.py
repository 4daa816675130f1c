"""What news about a child needs, and what answering it needs.

A caller was once told that concerns were passed on while the record stayed closed (IOPC Met, March 2021).
"""

from __future__ import annotations

from lodestar.core.words import Refusal

AUTHORITY = "IOPC Metropolitan Police, March 2021"
WAITING, ASSESSED, WITHDRAWN = "waiting", "assessed", "withdrawn"  # withdrawn: it turned out to be about somebody else
TAKEN_BACK = "This turned out to be about somebody else and was taken back."


def news_gaps(*, from_whom: str, text: str) -> tuple[Refusal, ...]:
    """News says who it is from and what they say."""
    gaps = []
    if not from_whom.strip():
        gaps.append(Refusal("news.from_whom", "Say who this comes from.", AUTHORITY, "from_whom"))
    if not text.strip():
        gaps.append(Refusal("news.text", "Write down what they said, in their words.", AUTHORITY, "text"))
    return tuple(gaps)


def assessment_gaps(*, state: str, assessment: str, reply_given: str) -> tuple[Refusal, ...]:
    """An answer says what the news means for the risk and what the caller was told; it is given once."""
    gaps = []
    if state == WITHDRAWN:
        gaps.append(Refusal("news.withdrawn", f"{TAKEN_BACK} There is nothing to assess.", AUTHORITY))
    elif state != WAITING:
        gaps.append(Refusal("news.answered", "Somebody has already assessed this. Read what they wrote.", AUTHORITY))
    if not assessment.strip():
        gaps.append(Refusal("news.assessment", "Say what this means for the risk and what will be done.", AUTHORITY, "assessment"))
    if not reply_given.strip():
        gaps.append(Refusal("news.reply", "Say what the caller was told.", AUTHORITY, "reply_given"))
    return tuple(gaps)
