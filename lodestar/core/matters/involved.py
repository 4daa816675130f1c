"""Who and what a matter concerns: what must be said before a person, or a thing, is recorded as part of it.

One person may hold several roles at once, each dated, and a statement is fact or opinion with its source (Data Protection
Act 2018 s.38(2)-(3)). A child is recorded as a child first, whatever else is said of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.people.reading import phone, postcode
from lodestar.core.words import Refusal, Refusals

AUTHORITY = "Data Protection Act 2018 s.38(2)-(3)"
NATURES: Mapping[str, str] = {"fact": "Fact", "opinion": "Opinion, or somebody's assessment"}
SUSPECTED = frozenset({"suspect"})
# The roles that say a child may have been harmed. A child is in one of these before anybody records them as a suspect.
AS_CHILD = frozenset({"exploited_child", "child_at_risk", "child_in_household", "victim"})
THINGS: Mapping[str, str] = {"place": "Place", "vehicle": "Vehicle", "phone": "Phone", "handle": "Handle, or account name"}
# How far a source and what it says can be relied on, as intelligence is graded: source 1-3, information A-E.
GRADINGS: Mapping[str, str] = {
    f"{source}{information}": f"{source_words}; {information_words}"
    for source, source_words in (("1", "Reliable source"), ("2", "Untested source"), ("3", "Not a reliable source"))
    for information, information_words in (
        ("A", "known directly"),
        ("B", "known indirectly but backed up"),
        ("C", "known indirectly"),
        ("D", "not known"),
        ("E", "suspected to be false"),
    )
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said about a person's role, or about a thing: its nature, its source and how it is graded."""

    nature: str
    source: str
    grading: str = ""


def role_gaps(
    *, role: str, roles: Mapping[str, str], statement: Statement, from_at: datetime, already: frozenset[str], now: datetime
) -> Refusals:
    """Somebody is in a matter in a role of its desk, once at a time, from an instant that is not ahead, with a source."""
    gaps = list(_statement_gaps(statement))
    if role not in roles:
        gaps.append(Refusal("involved.role", "Choose their role from the list.", AUTHORITY, "role"))
    elif role in already:
        gaps.append(Refusal("involved.already", "They are in this matter in that role already.", AUTHORITY, "role"))
    if from_at > now + timedelta(minutes=1):
        gaps.append(Refusal("involved.future", "The time is in the future. Say since when it is so.", "", "from_at"))
    return tuple(gaps)


def child_first_gaps(*, role: str, roles: Mapping[str, str], is_child: bool, already: frozenset[str]) -> Refusals:
    """A child is in the matter as a child who may have been harmed before, or as well as, being recorded as a suspect."""
    if not is_child or role not in SUSPECTED or already & AS_CHILD:
        return ()
    first = [words for code, words in roles.items() if code in AS_CHILD]
    if not first:
        return ()
    sentence = f"This is a child. Record them first as: {' or '.join(first).lower()}. Then, if it is so, as a suspect too."
    return (
        Refusal(
            "involved.child_first", sentence, "National guide on language, November 2024: responsibility lies with whoever exploits", "role"
        ),
    )


def shown_as(*, roles: Iterable[str], words: Mapping[str, str], is_child: bool) -> tuple[str, ...]:
    """How somebody is shown: a child as a child first, then what harm may have come to them, and any suspicion last."""
    order = sorted(set(roles), key=lambda role: (role in SUSPECTED, role not in AS_CHILD, role))
    said = tuple(words.get(role, role.replace("_", " ").capitalize()) for role in order)
    return ("Child", *said) if is_child else said


def end_gaps(*, ended: bool, reason: str) -> Refusals:
    """A role ends once, with a reason; the record of it stays."""
    if ended:
        return (Refusal("involved.ended", "This has ended already.", AUTHORITY),)
    return () if reason.strip() else (Refusal("involved.reason", "Say why it is no longer so.", AUTHORITY, "reason"),)


def thing_gaps(*, kind: str, value: str, said: str, statement: Statement) -> Refusals:
    """A place, vehicle, phone or handle is recorded with what is said of it and by whom."""
    gaps = list(_statement_gaps(statement))
    if kind not in THINGS:
        gaps.append(Refusal("thing.kind", "Choose what it is from the list.", AUTHORITY, "kind"))
    elif not value.strip() or not key_of(kind=kind, value=value):
        gaps.append(Refusal("thing.value", "Write it down as it was given.", AUTHORITY, "value"))
    if not said.strip():
        gaps.append(Refusal("thing.said", "Say what is known or said about it.", AUTHORITY, "said"))
    return tuple(gaps)


def key_of(*, kind: str, value: str) -> str:
    """How a thing is compared, so that one thing is one row however it was written; "" where nothing is left to compare."""
    match kind:
        case "phone":
            return phone(value) or re.sub(r"\D", "", value)
        case "vehicle":
            return re.sub(r"[^A-Z0-9]", "", value.upper())
        case "handle":
            return value.strip().casefold().removeprefix("@")
    last = re.search(r"[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}\s*$", value)
    code = postcode(last.group()) if last else ""
    words = re.sub(r"[^a-z0-9]+", " ", (value[: last.start()] if last and code else value).casefold()).strip()
    return f"{words} {code}".strip()


def _statement_gaps(statement: Statement) -> Iterator[Refusal]:
    if statement.nature not in NATURES:
        yield Refusal("involved.nature", "Say whether this is a fact or an opinion.", AUTHORITY, "nature")
    if not statement.source.strip():
        yield Refusal("involved.source", "Say where this is from.", AUTHORITY, "source")
    if statement.grading and statement.grading not in GRADINGS:
        yield Refusal("involved.grading", "Choose the grading from the list.", AUTHORITY, "grading")
