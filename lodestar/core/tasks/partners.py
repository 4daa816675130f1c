"""Partner agencies: asked for work with a power to tell them what they need to know, and free to decline. Never ordered.

A council, a youth justice service or the health service has its own staff and its own law: the police can ask, and what is
asked stays nobody's until somebody there says yes by name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from lodestar.core.words import Refusal

AUTHORITY = "Children Act 2004 s.11; Working Together to Safeguard Children: each agency answers for its own staff"
AGENCIES = {"local_authority": "The local authority", "youth_justice": "The youth justice service", "health": "The health service"}
_WORKER = "_worker"


def role_of(agency: str) -> str:
    """The role whose people answer for an agency."""
    return agency + _WORKER


def agencies_of(roles: Iterable[str]) -> frozenset[str]:
    """The agencies that somebody with these roles may answer for."""
    return frozenset(agency for agency in AGENCIES if role_of(agency) in set(roles))


def askable(*, kind: str, partners: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """The agencies that the formula in force lets be asked for this kind of work, in the order they are listed."""
    return tuple(agency for agency in AGENCIES if kind in partners.get(agency, ()))


def ask_gaps(
    *, agency: str, may: Collection[str], answering: int, needed: str, power: str, reply_by: datetime | None, now: datetime
) -> tuple[Refusal, ...]:
    """A request names an agency that may be asked, what it is told and under which power, and by when it is to answer.

    Refuses an agency where nobody could read the request: it would look asked, and nobody would know.
    """
    gaps = []
    if agency not in may:
        gaps.append(Refusal("task.agency", "Choose an agency that may be asked for this kind of work.", AUTHORITY, "agency"))
    elif not answering:
        sentence = "Nobody of that agency for this area signs in here, so nobody would read it. Ring them, and record what they say."
        gaps.append(Refusal("task.nobody_answers", sentence, AUTHORITY, "agency"))
    if not needed.strip():
        gaps.append(Refusal("task.needed", "Say what they need to know to do it, and no more.", AUTHORITY, "needed"))
    if not power.strip():
        gaps.append(Refusal("task.power", "Say under which power or duty they are told it.", "Data Protection Act 2018 s.62", "power"))
    if reply_by is None or reply_by <= now:
        gaps.append(Refusal("task.reply_by", "Choose a time still to come for their answer.", AUTHORITY, "reply_by"))
    return tuple(gaps)


def answer_gaps(*, verb: str, who: str) -> tuple[Refusal, ...]:
    """A yes names who of the agency does it; a no owes its reason by the task's own table."""
    if verb == "accept" and not who.strip():
        return (Refusal("task.who", "Name who of your agency will do it.", AUTHORITY, "who"),)
    return ()
