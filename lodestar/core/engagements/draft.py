"""An engagement as it was understood, before anything is decided about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from json import dumps

from lodestar.core.reports.draft import ReportDraft, Subject
from lodestar.core.words import Caution

OPINION, FACT = "opinion", "fact"
SUBJECT, PAST = "subject", "past"
NUMBER_LONGEST = 112  # of a report's 120: each person's report adds its place to it


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """One person whom an engagement states, in one role."""

    role: str
    subject: Subject
    said: str = ""
    nature: str = FACT
    grading: str = ""


@dataclass(frozen=True, slots=True)
class ThingSaid:
    """One place, vehicle, phone or handle that an engagement states."""

    kind: str
    value: str
    said: str = ""
    nature: str = FACT
    grading: str = ""


@dataclass(frozen=True, slots=True)
class EngagementDraft:
    """One engagement, understood."""

    kind: str
    source: str  # the code of the mapping that read it
    source_title: str
    mapping_version: str
    external_id: str
    happened_at: datetime
    people: tuple[PersonSaid, ...]
    things: tuple[ThingSaid, ...] = ()
    precision: str = "minute"  # "date" where no time of day was given
    district: str = ""
    grading: str = ""
    reason: str = ""
    circumstances: str = ""
    ended: bool = False  # a missing report that says the child was found: history, and no search
    cautions: tuple[Caution, ...] = ()


def report_of(engagement: EngagementDraft, place: int, *, now: datetime, past: bool = False) -> ReportDraft:
    """What an engagement says of one of its people, as the report that their links hang on; ``place`` counts from 1.

    ``past`` is a report of a desk's own kind that starts nothing: it is kept with the person, for the record.
    """
    said = engagement.people[place - 1]
    return ReportDraft(
        source=engagement.source,
        external_id=f"{engagement.external_id}/{place}",
        reported_at=engagement.happened_at,
        recorded_at=max(now, engagement.happened_at),
        subject=said.subject,
        kind=PAST if past else engagement.kind,
        reporter_name=engagement.source_title[:160],
        district=engagement.district,
        circumstances="\n".join(part for part in (engagement.circumstances, said.said) if part),
        precision=engagement.precision,
    )


def canonical(raw: Mapping[str, object]) -> str:
    """A row as it is kept: the same cells are the same text by whichever door they came."""
    return dumps(dict(raw), ensure_ascii=False, sort_keys=True, default=str)


def as_kept(row: Mapping[str, str]) -> str:
    """A source's row as it is kept: a column that says nothing is no part of it, so a file and the API keep the same."""
    return canonical({heading: cell for heading, cell in row.items() if cell.strip()})


def digest_of(text: str) -> str:
    """The SHA-256 of a row as it is kept."""
    return sha256(text.encode()).hexdigest()


def said_again(draft: EngagementDraft) -> str:
    """Everything a typed engagement says, to be kept as what came in."""
    return canonical(asdict(draft))
