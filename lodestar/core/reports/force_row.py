"""One row of a force's export as a report and, where it ended, an outcome. Every fault of the row is found, not the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from lodestar.core.playbook import NotInForce, Playbook
from lodestar.core.reports.draft import LOCAL_KEYS, NATIONAL_KEYS, AlertSaid, ReportDraft, RiskAnswer, Subject, speaker
from lodestar.core.reports.force_mapping import RISK, ForceMapping
from lodestar.core.reports.intake import Questions, examine, question_sets
from lodestar.core.reports.outcome import Outcome
from lodestar.core.times import ReadDate, age_on, local_date, local_day_bounds, read_on_import
from lodestar.core.words import Allowed, Caution, Refusal, Refusals, listed

Value = str | date | datetime
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Understood:
    """What one row says: the report, and how it ended where the row says so."""

    draft: ReportDraft
    outcome: Outcome | None


@dataclass(slots=True)
class _Reading:
    """One row being read: its cells by field, and what was found wrong or odd so far."""

    values: Mapping[str, Value]
    mapping: ForceMapping
    refusals: list[Refusal] = field(default_factory=list)
    cautions: list[Caution] = field(default_factory=list)
    date_only: set[str] = field(default_factory=set)

    def text(self, name: str) -> str:
        value = self.values.get(name, "")
        return value.strip() if isinstance(value, str) else value.isoformat()

    def instant(self, name: str) -> datetime | None:
        """A time by the fold rule; a day alone becomes its first instant and is marked as a day."""
        value = self.values.get(name, "")
        if isinstance(value, str) and not value.strip():
            return None
        read = read_on_import(value, zone=self.mapping.zone, field=name)
        if isinstance(read, Refusal):
            self.refusals.append(read)
            return None
        if isinstance(read, ReadDate):
            self.date_only.add(name)
            self.cautions.append(Caution("time.day_only", "Only the day was given, so the time is not known.", field=name))
            return local_day_bounds(read.on).from_at
        self.cautions += read.cautions
        if read.at.astimezone(self.mapping.zone).time() == time(0):
            sentence = "Exactly midnight often means that no time was known. Check it with whoever sent the file."
            self.cautions.append(Caution("time.midnight", sentence, field=name))
        return read.at

    def day(self, name: str) -> date | None:
        """A date; a time of day beside it is let go, because a birth has none here: whatever clocks show it, its day stays."""
        value = self.values.get(name, "")
        if isinstance(value, str) and not value.strip():
            return None
        read = read_on_import(value.date() if isinstance(value, datetime) else value, field=name)
        if isinstance(read, Refusal):
            self.refusals.append(replace(read, sentence="Enter a real date, like 04/06/2026 or 2026-06-04."))
            return None
        return read.on if isinstance(read, ReadDate) else local_date(read.at)

    def code(self, name: str, list_name: str) -> str:
        """A code by its list; one that the list does not know is refused, and what it knows is said."""
        given = self.text(name)
        if not given:
            return ""
        meaning = self.mapping.meaning(list_name=list_name, code=given)
        if meaning is None:
            known = listed(dict.fromkeys(self.mapping.codes[list_name].values()))
            sentence = f"“{given[:40]}” is not a code for this. Use one of: {known}."
            self.refusals.append(Refusal("export.unknown_code", sentence, field=name))
            return ""
        return meaning


def understand(
    *, values: Mapping[str, Value], mapping: ForceMapping, questions: Playbook, source: str, now: datetime
) -> Allowed[Understood] | Refusals:
    """A row is a report where its times, codes and dates can be read and ``examine`` allows it; else every fault is given.

    Answers belong to the set of questions in force on the day of the report; who said them is the person reporting.
    """
    row = _Reading(values, mapping)
    reported_at = row.instant("reported_at")
    if reported_at is None:
        if not row.refusals:
            row.refusals.append(Refusal("export.no_reported_at", "Say when this was reported.", field="reported_at"))
        reported_at = now
    asked = _questions(questions, reported_at)
    draft = _draft(row, source=source, reported_at=reported_at, asked=asked, now=now)
    outcome = _outcome(row, reported_at)
    _compare(row, draft)
    examined = examine(draft=replace(draft, cautions=tuple(row.cautions)), questions=asked, now=now)
    found = () if isinstance(examined, Allowed) else examined
    refusals = (*row.refusals, *found)
    if refusals:
        return tuple(dict.fromkeys(refusals))
    return Allowed(Understood(replace(draft, cautions=tuple(row.cautions)), outcome))


def _draft(row: _Reading, *, source: str, reported_at: datetime, asked: Questions, now: datetime) -> ReportDraft:
    # Each is read into a name first, so that what is odd in it is known before the draft is made.
    since_from, since_to, recorded_at = row.instant("since_from"), row.instant("since_to"), row.instant("recorded_at")
    if recorded_at is None or "recorded_at" in row.date_only:
        recorded_at = now if recorded_at is None else max(recorded_at, reported_at)
    return ReportDraft(
        source=source,
        external_id=row.text("reference"),
        reported_at=reported_at,
        recorded_at=recorded_at,
        subject=_subject(row),
        reporter_name=row.text("reporter_name"),
        reporter_relationship=row.text("reporter_relationship"),
        reporter_contact=row.text("reporter_contact"),
        district=row.text("district"),
        since_from=since_from or since_to,
        since_to=since_to,
        circumstances=_circumstances(row),
        alerts=tuple(_alerts(row, reported_at)),
        risk_facts=tuple(_answers(row, reported_at, asked)),
        precision="date" if "reported_at" in row.date_only else "minute",
        date_only=frozenset(row.date_only | ({"since_from"} if since_from is None and "since_to" in row.date_only else set())),
    )


def _subject(row: _Reading) -> Subject:
    looked_after = row.code("looked_after", "looked_after")
    ethnicity = row.text("ethnicity")
    keys = {scheme: row.text(scheme) for scheme in (*NATIONAL_KEYS, *LOCAL_KEYS) if row.text(scheme)}
    return Subject(
        given_name=row.text("given_name"),
        family_name=row.text("family_name"),
        birth_date=row.day("birth_date"),
        sex=row.code("sex", "sex"),
        ethnicity=row.mapping.meaning(list_name="ethnicity", code=ethnicity) or ethnicity,
        address=row.text("address"),
        postcode=row.text("postcode"),
        phone=row.text("phone"),
        looked_after={"yes": True, "no": False}.get(looked_after),
        responsible_authority=row.text("responsible_authority"),
        keys=keys,
    )


def _circumstances(row: _Reading) -> str:
    place = ", ".join(part for part in (row.text("missing_from_address"), row.text("missing_from_description")) if part)
    return "\n".join(part for part in (row.text("circumstances"), f"Missing from: {place}" if place else "") if part)


def _said_by(row: _Reading) -> str:
    return speaker(name=row.text("reporter_name"), relationship=row.text("reporter_relationship"))


def _alerts(row: _Reading, at: datetime) -> list[AlertSaid]:
    kinds = (("medical", row.text("medical_alert")), ("threat", row.text("threat_alert")))
    return [AlertSaid(kind, what, _said_by(row), at) for kind, what in kinds if what]


def _answers(row: _Reading, at: datetime, asked: Questions) -> list[RiskAnswer]:
    fields = [name for name in row.values if name.startswith(RISK)]
    answers = ((name.removeprefix(RISK), row.code(name, "answer")) for name in fields)
    return [RiskAnswer(code, asked.version, answer, "", _said_by(row), at) for code, answer in answers if answer]


def _questions(playbook: Playbook, at: datetime) -> Questions:
    """The set on the day; before the first set no question was known, so any answer is refused as unknown."""
    try:
        return question_sets(playbook, on=local_date(at))
    except NotInForce:
        return Questions(version="before the first set", codes=frozenset())


def _outcome(row: _Reading, reported_at: datetime) -> Outcome | None:
    traced_at = row.instant("traced_at")
    early = traced_at is not None and traced_at < reported_at and "traced_at" not in row.date_only
    outcome = Outcome(
        traced_at=traced_at,
        traced_precision="date" if "traced_at" in row.date_only else "minute",
        traced_address=row.text("traced_address"),
        how_returned=row.text("how_returned"),
        initial_level=row.code("initial_level", "level"),
        final_level=row.code("final_level", "level"),
        cautions=(_FOUND_EARLY,) if early else (),
    )
    return None if outcome == Outcome() else outcome


_FOUND_EARLY = Caution(
    "export.found_before_report", "Found before the report was made. Kept, and counted by itself.", "measures.md 1.2", "traced_at"
)


def _compare(row: _Reading, draft: ReportDraft) -> None:
    """What the row says twice should agree: the age with the birth date, the weekday with the date."""
    age, born = row.text("age"), draft.subject.birth_date
    if age.isdigit() and born and born <= local_date(draft.reported_at) and age_on(born, draft.reported_at) != int(age):
        row.cautions.append(Caution("export.age_differs", f"The age {age} and the date of birth do not agree.", field="age"))
    weekday = row.text("reported_weekday").casefold()
    actual = DAYS[local_date(draft.reported_at).weekday()]
    if weekday and not actual.startswith(weekday[:3]):
        sentence = f"The report's date is a {actual.title()}. Check that day and month are not swapped."
        row.cautions.append(Caution("export.weekday_differs", sentence, field="reported_weekday"))
