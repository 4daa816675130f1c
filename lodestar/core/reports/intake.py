"""What a report needs before it is taken in, and what a person should look at though it is.

A report is never turned away for what the caller does not know: it is refused only where nobody could say later where
it came from, or where its times cannot be true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.core.reports.draft import ReportDraft
from lodestar.core.times import age_on, local_date
from lodestar.core.words import Allowed, Caution, Refusal, Refusals

AUTHORITY = "College of Policing APP, missing persons: initial contact"
SLACK = timedelta(minutes=2)  # clocks on two machines differ a little
BACKDATED = timedelta(hours=1)  # measures.md 1.2
ANSWERS = ("yes", "no", "unknown")


@dataclass(frozen=True, slots=True)
class Questions:
    """The question set in force: its version and codes, and versions that are retired."""

    version: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Examined:
    """A report that may be taken in, with what a person should look at."""

    draft: ReportDraft
    cautions: tuple[Caution, ...]


def examine(*, draft: ReportDraft, questions: Questions, now: datetime) -> Allowed[Examined] | Refusals:
    """A report is taken in when its source, its subject and its times can be true; everything else is a caution."""
    refusals = (*_who(draft), *_times(draft, now), *_risk(draft, questions))
    if refusals:
        return refusals
    return Allowed(Examined(draft, (*draft.cautions, *_cautions(draft))))


def _who(draft: ReportDraft) -> Iterator[Refusal]:
    subject = draft.subject
    if not draft.source.strip():
        yield Refusal("report.no_source", "Say where this report comes from.", AUTHORITY, "source")
    if not draft.external_id.strip():
        yield Refusal("report.no_id", "Give the report's own number, so that it is never taken in twice.", AUTHORITY, "external_id")
    if not (subject.given_name.strip() or subject.family_name.strip() or subject.keys):
        yield Refusal("report.no_subject", "Say who is missing: a name or an identifier, even part of one.", AUTHORITY, "given_name")
    if not draft.reporter_name.strip():
        yield Refusal("report.no_reporter", "Say who is reporting. If they will not say, write “would not say”.", AUTHORITY, "reporter_name")


def _times(draft: ReportDraft, now: datetime) -> Iterator[Refusal]:
    if draft.reported_at > now + SLACK:
        yield Refusal("report.future", "The report is dated in the future. Check the date and time.", AUTHORITY, "reported_at")
    if draft.since_from and draft.since_to and draft.since_from > draft.since_to:
        yield Refusal("report.since_order", "The earliest time is after the latest. Check the two times.", AUTHORITY, "since_from")
    if draft.since_to and draft.since_to > now + SLACK:
        yield Refusal("report.since_future", "Last known safe is in the future. Check the date and time.", AUTHORITY, "since_to")
    born = draft.subject.birth_date
    if born is not None and born > local_date(draft.reported_at):
        yield Refusal("report.unborn", "The date of birth is after the report. Check it.", AUTHORITY, "birth_date")


def _risk(draft: ReportDraft, questions: Questions) -> Iterator[Refusal]:
    for fact in draft.risk_facts:
        where = f"risk_{fact.code}"
        if fact.version != questions.version:
            yield Refusal(
                "report.retired_questions",
                f"Question set {fact.version} is retired. Use {questions.version} (IOPC Greater Manchester, June 2022).",
                "IOPC Greater Manchester, June 2022",
                where,
            )
        elif fact.code not in questions.codes:
            yield Refusal("report.unknown_question", f"There is no question {fact.code}.", AUTHORITY, where)
        if fact.answer not in ANSWERS:
            yield Refusal("report.answer", "Answer yes, no or unknown.", AUTHORITY, where)
        if not fact.said_by.strip() or fact.said_at is None:
            yield Refusal("report.who_said_it", "Say who said this and when.", AUTHORITY, where)
    for alert in draft.alerts:
        if alert.kind not in ("medical", "threat") or not alert.what.strip():
            yield Refusal("report.alert", "An alert is medical or a threat, and says what.", AUTHORITY, "medical_alert")
        if not alert.said_by.strip() or alert.said_at is None:
            yield Refusal("report.who_said_it", "Say who said this and when.", AUTHORITY, "medical_alert")


def _cautions(draft: ReportDraft) -> Iterator[Caution]:
    if draft.recorded_at - draft.reported_at > BACKDATED:
        yield Caution("report.backdated", "Recorded more than an hour after it was reported.", "", "recorded_at")
    if draft.since_to and draft.since_to > draft.reported_at:
        yield Caution("report.since_after", "Last known safe is after the report. Check with the reporter.", "", "since_to")
    born = draft.subject.birth_date
    if born is None:
        yield Caution("report.no_birth_date", "No date of birth: treated as a child until it is known.", AUTHORITY, "birth_date")
    elif age_on(born, draft.reported_at) >= 18:
        yield Caution("report.adult", "An adult by this date of birth.", AUTHORITY, "birth_date")
    if not draft.reporter_contact.strip():
        yield Caution("report.no_contact", "No way to call the reporter back.", AUTHORITY, "reporter_contact")
    if not draft.district:
        yield Caution("report.no_district", "No district: the force's duty inspector answers.", AUTHORITY, "district")
