"""What an inspectorate, a watchdog or a coroner found, and whose word says that it has been put right.

The force says how far it has come. Whether the finding is closed is the inspectorate's to say, and only a document of its
own changes that (custody-online-data-law.md 6.2, closing rule).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from lodestar.core.playbook import Playbook
from lodestar.core.words import Refusal, listed

REPORT_KINDS: Mapping[str, str] = MappingProxyType(
    {"inspection": "Inspection", "watchdog": "Watchdog's report", "coroner": "Coroner's report", "own_audit": "The force's own audit"}
)
FINDING_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "cause_of_concern": "Cause of concern",
        "recommendation": "Recommendation",
        "area_for_improvement": "Area for improvement",
        "watchdog_recommendation": "Watchdog's recommendation",
        "coroner_concern": "Coroner's concern",
        "audit_theme": "Theme of the force's own audit",
    }
)
SECTION_55, NO_REPLY = "section_55", "none"
REPLIES: Mapping[str, str] = MappingProxyType({SECTION_55: "Police Act 1996, section 55", NO_REPLY: "No reply under section 55"})
OURS: Mapping[str, str] = MappingProxyType(
    {
        "not_started": "Not started",
        "in_progress": "In progress",
        "complete": "Complete, as the force sees it",
        "no_action": "No action, with the reason",
    }
)
THEIRS: Mapping[str, str] = MappingProxyType({"open": "Open", "improving": "Improving, not closed", "closed": "Closed"})


@dataclass(frozen=True, slots=True)
class Body:
    """A body that inspects, answers or is answered: a role, with the name it has on a day."""

    role: str
    title: str
    address: str  # how a letter begins
    publishes: bool  # whether its reports belong in the register


def bodies(book: Playbook, *, on: date) -> Mapping[str, Body]:
    """The bodies as they are on a day, by role: a name changes, the role and what was written to it stay."""
    rows: Mapping[str, Mapping[str, Any]] = book.in_force(on).values["bodies"]
    return MappingProxyType(
        {role: Body(role, row["title"], row.get("address", row["title"]), row.get("publishes", False)) for role, row in rows.items()}
    )


@dataclass(frozen=True, slots=True)
class Word:
    """The inspectorate's own word on a finding: what it says, in which document, of which day."""

    status: str
    body: str
    said_on: date | None
    document: str


def word_gaps(*, word: Word, publisher: str, published_on: date, newest: date | None, today: date) -> tuple[Refusal | None, ...]:
    """Only the body that published the finding changes its status, by a dated document, never one older than its last word."""
    said = word.said_on
    return (
        _unless(word.status in THEIRS, "status", f"Choose what the body says: {listed(THEIRS)}.", "status"),
        _unless(word.body == publisher, "body", "Only the body that published the report can change this. Give its own document.", "body"),
        _unless(bool(word.document.strip()), "document", "Name the document that says so: its title, number or address.", "document"),
        _unless(said is not None, "said_on", "Give the day the document bears.", "said_on"),
        _unless(said is None or published_on <= said <= today, "day", "The day lies before the report or after today.", "said_on"),
        _unless(said is None or newest is None or said >= newest, "older", "A later word of that body is on record already.", "said_on"),
    )


def finding_gaps(*, status: str, response: str) -> tuple[Refusal | None, ...]:
    """The force says what it does; where it does nothing, it says why (Police Act 1996 s.55)."""
    sentence = "Say why no action is taken: the law asks for it."
    return (
        _unless(status in OURS, "ours", f"Choose how far the force has come: {listed(OURS)}.", "status"),
        _unless(status != "no_action" or bool(response.strip()), "why_none", sentence, "response", "Police Act 1996 s.55"),
    )


def _unless(good: bool, code: str, sentence: str, field: str, authority: str = "") -> Refusal | None:
    return None if good else Refusal(f"finding.{code}", sentence, authority, field)
