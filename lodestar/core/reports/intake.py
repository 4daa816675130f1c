"""What a report needs before it is taken in, and what a person should look at though it is.

A report is never turned away for what the caller does not know: it is refused only where nobody could say later where
it came from, or where its times cannot be true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from lodestar.core.people.reading import phone, postcode
from lodestar.core.playbook import Playbook
from lodestar.core.reports.draft import LONGEST, AlertSaid, ReportDraft, RiskAnswer, Subject
from lodestar.core.times import age_on, local_date, say_date
from lodestar.core.words import Allowed, Caution, Refusal, Refusals

AUTHORITY = "College of Policing APP, missing persons: initial contact"
SLACK = timedelta(minutes=2)  # clocks on two machines differ a little
LIVE = timedelta(days=366)
LONG_GONE = timedelta(days=3653)
BACKDATED = timedelta(hours=1)  # measures.md 1.2
ANSWERS = ("yes", "no", "unknown")
CHILD_UNTIL, OLDEST = 18, 120
OLD_FORMS = "IOPC Greater Manchester, June 2022"  # staff used a retired set of questions four months after it was replaced


@dataclass(frozen=True, slots=True)
class PastQuestions:
    """A set of questions that was replaced, and the day its successor came in."""

    version: str
    codes: frozenset[str]
    until: date


@dataclass(frozen=True, slots=True)
class Questions:
    """The question set in force: its version and codes, and the sets it replaced."""

    version: str
    codes: frozenset[str]
    past: tuple[PastQuestions, ...] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """A report that may be taken in, with what a person should look at."""

    draft: ReportDraft
    cautions: tuple[Caution, ...]


def tidied(*, draft: ReportDraft) -> ReportDraft:
    """A report is the same whichever way it came: no spaces about its words, one kind of line end, one time last seen is both bounds.

    A district with a space after it would be nobody's district, and somebody else would answer for the child.
    """
    said: dict[str, Any] = {name: _plain(getattr(draft, name)) for name in _OF_THE_REPORT}
    who: dict[str, Any] = {name: _plain(getattr(draft.subject, name)) for name in _OF_THE_SUBJECT}
    who["keys"] = {scheme: _plain(value) for scheme, value in draft.subject.keys.items() if value.strip()}
    return replace(
        draft,
        **said,
        subject=replace(draft.subject, **who),
        since_from=draft.since_from or draft.since_to,
        alerts=tuple(replace(alert, what=_plain(alert.what), said_by=_plain(alert.said_by)) for alert in draft.alerts),
        risk_facts=tuple(replace(fact, detail=_plain(fact.detail), said_by=_plain(fact.said_by)) for fact in draft.risk_facts),
    )


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def examine(*, draft: ReportDraft, questions: Questions, now: datetime) -> Allowed[Examined] | Refusals:
    """A report is taken in when its source, its subject and its times can be true; everything else is a caution."""
    refusals = (*_who(draft), *_texts(draft), *_times(draft, now), *_risk(draft, questions, now))
    if refusals:
        return refusals
    return Allowed(Examined(draft, (*draft.cautions, *_cautions(draft))))


def question_sets(playbook: Playbook, *, on: date) -> Questions:
    """The questions in force on a day, with every earlier set and the day it was retired."""
    now = playbook.in_force(on)
    past = tuple(
        PastQuestions(str(block.values["version"]), frozenset(block.values["questions"]), block.until)
        for block in playbook.blocks
        if block.until is not None and block.until <= on
    )
    return Questions(str(now.values["version"]), frozenset(now.values["questions"]), past)


def raw_digest(raw: bytes) -> str:
    """The SHA-256 of what came in, byte for byte."""
    return sha256(raw).hexdigest()


def same_report(one: ReportDraft, other: ReportDraft) -> bool:
    """Two reports are one where source and number are the same; nothing else about them is compared."""
    return (one.source, one.external_id) == (other.source, other.external_id)


def live_gaps(*, draft: ReportDraft, now: datetime) -> Refusals:
    """A search starts only from a report of the last year; an older one is history, and the clocks of its day may not be known."""
    if now - draft.reported_at <= LIVE:
        return ()
    sentence = "The report is more than a year old, so no search can start from it. Check the year, or bring it in as history."
    return (Refusal("report.too_old", sentence, AUTHORITY, "reported_at"),)


def _who(draft: ReportDraft) -> Iterator[Refusal]:
    subject = draft.subject
    if not draft.source.strip():
        yield Refusal("report.no_source", "Say where this report comes from.", AUTHORITY, "source")
    if not draft.external_id.strip():
        yield Refusal("report.no_id", "Give the report's own number, so that it is never taken in twice.", AUTHORITY, "external_id")
    if not (subject.given_name.strip() or subject.family_name.strip() or subject.keys):
        yield Refusal("report.no_subject", "Say who it is about: a name or an identifier, even part of one.", AUTHORITY, "given_name")
    if not draft.reporter_name.strip():
        yield Refusal(
            "report.no_reporter", "Say who is reporting. If they will not say, write “would not say”.", AUTHORITY, "reporter_name"
        )


def _texts(draft: ReportDraft) -> Iterator[Refusal]:
    """No text is longer than what is kept of it, and none holds the character that no store can hold."""
    speakers = [fact.said_by for fact in draft.risk_facts] + [alert.said_by for alert in draft.alerts]
    texts = {
        **{name: getattr(draft, name) for name in _OF_THE_REPORT},
        **{name: getattr(draft.subject, name) for name in _OF_THE_SUBJECT},
        **{f"key {scheme}": value for scheme, value in draft.subject.keys.items()},
        "said_by": max(speakers, key=len, default=""),
    }
    for name, text in texts.items():
        longest = LONGEST.get(name.split()[0])
        where = name.removeprefix("key ")
        if longest and len(text) > longest:
            yield Refusal("report.too_long", f"This is longer than {longest} characters. Shorten it.", "", where)
        if "\x00" in text:
            yield Refusal("report.unreadable_text", "This holds a character that is not text. Type it again.", "", where)


_OF_THE_REPORT = ("source", "external_id", "reporter_name", "reporter_relationship", "reporter_contact", "district", "circumstances")
_OF_THE_SUBJECT = (
    "given_name", "family_name", "sex", "ethnicity", "address", "postcode", "phone", "responsible_authority",
)  # fmt: skip


def _times(draft: ReportDraft, now: datetime) -> Iterator[Refusal]:
    latest = now + SLACK
    if draft.reported_at > latest:
        yield Refusal("report.future", "The report is dated in the future. Check the date and time.", AUTHORITY, "reported_at")
    if draft.reported_at > draft.recorded_at + SLACK:
        sentence = "It was recorded before it was reported. Check the two times."
        yield Refusal("report.recorded_first", sentence, AUTHORITY, "recorded_at")
    if draft.since_from and draft.reported_at - draft.since_from > LONG_GONE:
        yield Refusal(
            "report.since_too_old", "Last known safe is more than ten years before the report. Check the year.", AUTHORITY, "since_from"
        )
    if draft.since_from and draft.since_to and draft.since_from > draft.since_to:
        yield Refusal("report.since_order", "The earliest time is after the latest. Check the two times.", AUTHORITY, "since_from")
    for field, since in (("since_from", draft.since_from), ("since_to", draft.since_to)):
        if since and since > latest:
            yield Refusal("report.since_future", "Last known safe is in the future. Check the date and time.", AUTHORITY, field)
    born = draft.subject.birth_date
    if born is not None and born > local_date(draft.reported_at):
        yield Refusal("report.unborn", "The date of birth is after the report. Check it.", AUTHORITY, "birth_date")


def _risk(draft: ReportDraft, questions: Questions, now: datetime) -> Iterator[Refusal]:
    for fact in draft.risk_facts:
        where = f"risk_{fact.code}"
        yield from _question(fact, questions, where)
        if fact.answer not in ANSWERS:
            yield Refusal("report.answer", "Answer yes, no or unknown.", AUTHORITY, where)
        yield from _said(fact, where, now)
    for alert in draft.alerts:
        if alert.kind not in ("medical", "threat") or not alert.what.strip():
            yield Refusal("report.alert", "An alert is medical or a threat, and says what.", AUTHORITY, "medical_alert")
        yield from _said(alert, "medical_alert", now)


def _question(fact: RiskAnswer, questions: Questions, where: str) -> Iterator[Refusal]:
    """A new answer is to the set in force; an answer to an older set stands only if it was given while that set was."""
    codes = questions.codes
    if fact.version != questions.version:
        past = next((one for one in questions.past if one.version == fact.version), None)
        if past is None or fact.said_at is None or local_date(fact.said_at) >= past.until:
            retired = f" on {say_date(past.until)}" if past else ""
            sentence = f"Question set {fact.version} was retired{retired}. Ask again with {questions.version} ({OLD_FORMS})."
            yield Refusal("report.retired_questions", sentence, OLD_FORMS, where)
            return
        codes = past.codes
    if fact.code not in codes:
        yield Refusal("report.unknown_question", f"There is no question {fact.code} in set {fact.version}.", AUTHORITY, where)


def _said(fact: RiskAnswer | AlertSaid, where: str, now: datetime) -> Iterator[Refusal]:
    if not fact.said_by.strip() or fact.said_at is None:
        yield Refusal("report.who_said_it", "Say who said this and when.", AUTHORITY, where)
    elif fact.said_at > now + SLACK:
        yield Refusal("report.said_future", "This was said in the future. Check the date and time.", AUTHORITY, where)


def _cautions(draft: ReportDraft) -> Iterator[Caution]:
    if draft.recorded_at - draft.reported_at > BACKDATED and draft.precision == "minute":
        yield Caution("report.backdated", "Recorded more than an hour after it was reported.", "", "recorded_at")
    if draft.since_to and draft.since_to > draft.reported_at:
        yield Caution("report.since_after", "Last known safe is after the report. Check with the reporter.", "", "since_to")
    if not draft.reporter_contact.strip():
        yield Caution("report.no_contact", "No way to call the reporter back.", AUTHORITY, "reporter_contact")
    if not draft.district:
        yield Caution("report.no_district", "No district: the force's duty inspector answers.", AUTHORITY, "district")
    yield from _age(draft.subject.birth_date, draft.reported_at)
    yield from _subject(draft.subject)


def _age(born: date | None, at: datetime) -> Iterator[Caution]:
    if born is None:
        yield Caution("report.no_birth_date", "No date of birth: treated as a child until it is known.", AUTHORITY, "birth_date")
        return
    age = age_on(born, at)
    if age >= OLDEST:
        yield Caution("report.improbable_age", f"This date of birth makes them {age}. Check it.", AUTHORITY, "birth_date")
    elif age >= CHILD_UNTIL:
        yield Caution("report.adult", "An adult by this date of birth. Recorded all the same.", AUTHORITY, "birth_date")
    if (born.month, born.day) == (1, 1):
        yield Caution("report.birth_guess", "1 January is often a guess. Ask how the date is known.", "", "birth_date")


def _subject(subject: Subject) -> Iterator[Caution]:
    if not subject.ethnicity.strip():
        sentence = "Ethnicity was not asked. Ask, and write down where they will not say."
        yield Caution("report.ethnicity_not_asked", sentence, "Domain note, section 11 point 33", "ethnicity")
    if subject.postcode.strip() and not postcode(subject.postcode):
        yield Caution("report.postcode", "This is not a whole postcode, so nobody is found by it.", "", "postcode")
    if subject.phone.strip() and not phone(subject.phone):
        yield Caution("report.phone", "This is not a whole telephone number, so nobody is found by it.", "", "phone")
