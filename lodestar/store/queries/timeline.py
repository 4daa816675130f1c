"""What happened, newest first: of one matter, or of one child across every desk, in queries that do not grow with either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lodestar.core.matters.deeds import Asked, DeedKind, instant
from lodestar.core.matters.kinds import deed_kind, deed_title, desk
from lodestar.core.matters.news import TAKEN_BACK, WITHDRAWN
from lodestar.core.times import say
from lodestar.store.models import Deed, Grade, Handover, Holding, Involvement, Matter, MatterStep, Mention, News, PartingTold

FACT, OPINION = "fact", "opinion"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a timeline."""

    at: datetime
    title: str
    who: str
    detail: tuple[tuple[str, str], ...] = ()
    recorded_at: datetime | None = None
    matter_id: int = 0
    nature: str = FACT  # facts stand apart from opinions (DPA 2018 s.38(2))
    day_only: bool = False  # no time of day was given
    engagement_id: int = 0  # where an agency stated it

    @property
    def late_record(self) -> bool:
        """True when it was written down more than an hour after it is said to have happened."""
        return self.recorded_at is not None and (self.recorded_at - self.at).total_seconds() > 3600


TITLES = {
    "open": "Reported",
    "start": "Enquiries began",
    "locate": "Located",
    "confirm_wellbeing": "Wellbeing confirmed",
    "return": "Returned",
    "close": "Closed",
    "correct": "Not found after all",
    "reopen": "Reopened",
    "transfer": "Passed to another force",
    "void": "Opened in error",
}
# What somebody judged, whatever else it rests on: marked as opinion, like a grade.
JUDGED = frozenset({"assessment_recorded", "adequacy_assessed", "kirat_recorded", "kirat_overridden", "suggestion_answered"})
_SHOWN_ELSEWHERE = ("graded", "handover_answered", "located", "wellbeing_confirmed", "returned", "closed", "news_assessed")


Of = Mapping[int, Matter]


def timeline(matters: Sequence[Matter], *, naming: int | None = None, named_in: Sequence[Matter] = ()) -> tuple[Line, ...]:
    """Everything recorded on these matters, newest first; of two things at one instant the one written down last.

    Of the matters that a person (``naming``) is only named in, nothing but what is said of that person.
    """
    of = {matter.pk: matter for matter in matters}
    lines = [
        *_steps(of),
        *_grades(of),
        *_holdings(of),
        *_deeds(of),
        *_offers(of),
        *_news(of),
        *_involved(of),
        *_mentions(of),
        *_partings(of),
    ]
    if naming is not None and named_in:
        others = {matter.pk: matter for matter in named_in}
        lines += [*_involved(others, only=naming), *_deeds(others, only=naming)]
    return tuple(sorted(lines, key=lambda line: (line.at, line.recorded_at or line.at), reverse=True))


def _steps(of: Of) -> Iterator[Line]:
    rows = MatterStep.objects.filter(matter__in=of).exclude(verb="grade")
    for step in rows.values_list("at", "verb", "reason", "detail", "recorded_at", "matter_id", "by__name", named=True):
        if "deed" in step.detail and step.verb != "transfer":  # the deed that made the move tells it
            continue
        reason = (("Reason", step.reason),) if step.reason else ()
        title = TITLES.get(step.verb, step.verb.replace("_", " ").capitalize())
        yield Line(step.at, title, _who(step), reason, step.recorded_at, step.matter_id)


def _grades(of: Of) -> Iterator[Line]:
    asked = ("at", "level", "rationale", "relied_on", "steps_agreed", "matter_id", "by__name", "second_person__name")
    for grade in Grade.objects.filter(matter__in=of).values_list(*asked, named=True):
        second = (("Second person", grade.second_person__name),) if grade.second_person__name is not None else ()
        detail = (("Why", grade.rationale), ("Relied on", "; ".join(grade.relied_on)), ("Steps", grade.steps_agreed), *second)
        title = f"Graded {grade.level.replace('_', ' ')}"
        yield Line(grade.at, title, _who(grade), detail, matter_id=grade.matter_id, nature=OPINION)


def _holdings(of: Of) -> Iterator[Line]:
    for row in Holding.objects.filter(matter__in=of).values_list("from_at", "how", "because", "matter_id", "user__name", named=True):
        because = (("Because", row.because),) if row.because else ()
        yield Line(row.from_at, f"{row.user__name} answers from here", row.how.replace("_", " "), because, matter_id=row.matter_id)


def _deeds(of: Of, only: int | None = None) -> Iterator[Line]:
    theirs: set[str] = set()
    if only is not None:
        theirs = {str(pk) for pk in Involvement.objects.filter(matter__in=of, person_id=only).values_list("pk", flat=True)}
    rows = Deed.objects.filter(matter__in=of).exclude(code__in=_SHOWN_ELSEWHERE)
    for deed in rows.values_list("at", "code", "detail", "recorded_at", "matter_id", "by__name", named=True):
        kind = deed_kind(kind=of[deed.matter_id].kind, code=deed.code)
        if only is not None and theirs.isdisjoint(_names(kind, deed.detail)):
            continue
        nature = OPINION if deed.code in JUDGED or deed.detail.get("nature") == OPINION else FACT
        yield Line(deed.at, deed_title(code=deed.code), _who(deed), _answers(kind, deed.detail), deed.recorded_at, deed.matter_id, nature)


def _offers(of: Of) -> Iterator[Line]:
    rows = Handover.objects.filter(matter__in=of, state__in=("refused", "withdrawn"), answered_at__isnull=False)
    asked = ("offered_at", "answered_at", "state", "answer_reason", "matter_id", "giver__name", "receiver__name")
    for offer in rows.values_list(*asked, named=True):
        title = f"Hand-over from {offer.giver__name} to {offer.receiver__name}: {offer.state}"
        by = offer.receiver__name if offer.state == "refused" else offer.giver__name
        reason = (("Reason", offer.answer_reason),) if offer.answer_reason else ()
        yield Line(offer.answered_at or offer.offered_at, title, by, reason, matter_id=offer.matter_id)


def _news(of: Of) -> Iterator[Line]:
    asked = ("received_at", "from_whom", "text", "state", "matter_id", "by__name")
    for item in News.objects.filter(matter__in=of).values_list(*asked, named=True):
        said = ("Withdrawn", TAKEN_BACK) if item.state == WITHDRAWN else ("Said", item.text)
        yield Line(item.received_at, f"News from {item.from_whom}", _who(item), (said,), matter_id=item.matter_id)


def _names(kind: DeedKind | None, said: Mapping[str, object]) -> set[str]:
    """Whom a deed names, by the number of their place in the matter."""
    asks = kind.asks if kind is not None else ()
    return {str(said.get(asked.name, "")) for asked in asks if asked.asked_as == "involved"}


def _involved(of: Of, only: int | None = None) -> Iterator[Line]:
    rows = Involvement.objects.filter(matter__in=of, **({} if only is None else {"person_id": only}))
    said = ("from_at", "until_at", "ended_reason", "role", "source", "grading", "nature", "recorded_at", "matter_id")
    for row in rows.values_list(*said, "by__name", "person__given_name", "person__family_name", named=True):
        roles = desk(kind=of[row.matter_id].kind).roles
        role = roles.get(row.role, row.role.replace("_", " "))
        name = f"{row.person__given_name} {row.person__family_name}"
        detail = (("Source", row.source), *((("Grading", row.grading),) if row.grading else ()))
        yield Line(row.from_at, f"{name}: {role}", _who(row), detail, row.recorded_at, row.matter_id, row.nature)
        if row.until_at is not None:
            yield Line(row.until_at, f"{name}: no longer {role}", _who(row), (("Reason", row.ended_reason),), matter_id=row.matter_id)


def _mentions(of: Of) -> Iterator[Line]:
    said = ("at", "said", "source", "grading", "nature", "recorded_at", "matter_id", "by__name", "thing__kind", "thing__value")
    for row in Mention.objects.filter(matter__in=of).values_list(*said, named=True):
        grading = (("Grading", row.grading),) if row.grading else ()
        detail = (("Said", row.said), ("Source", row.source), *grading)
        title = f"{row.thing__kind.capitalize()}: {row.thing__value}"
        yield Line(row.at, title, _who(row), detail, row.recorded_at, row.matter_id, row.nature)


def _partings(of: Of) -> Iterator[Line]:
    """Reports that had been joined to the wrong person: what was undone, and who was told of it on this matter."""
    said = (
        "link_id",
        "at",
        "matter_id",
        "new_person_id",
        "user__name",
        "link__report_id",
        "link__person_id",
        "link__reason",
        "link__by__name",
    )
    found: dict[tuple[int, int], tuple[Any, list[str]]] = {}
    for row in PartingTold.objects.filter(matter__in=of).order_by("pk").values_list(*said, named=True):
        _, told = found.setdefault((row.link_id, row.matter_id), (row, []))
        if row.user__name and row.user__name not in told:
            told.append(row.user__name)
    for row, told in found.values():
        detail = (
            ("What", f"Report {row.link__report_id} had been joined to person {row.link__person_id}; it is person {row.new_person_id}'s"),
            ("Reason", row.link__reason),
            *((("Told", ", ".join(told)),) if told else ()),
        )
        yield Line(row.at, "A wrong join was undone", row.link__by__name or "Lodestar", detail, matter_id=row.matter_id)


def _who(row: Any) -> str:
    return "Lodestar" if row.by__name is None else str(row.by__name)


def _answers(kind: DeedKind | None, said: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """What a deed says, question by question; an answer that points to something is said in words or left to its own line."""
    if kind is None:
        return ()
    return tuple(
        (asked.question, _words(asked, str(said[asked.name])))
        for asked in kind.asks
        if said.get(asked.name) and asked.asked_as not in ("deed", "involved")
    )


def _words(asked: Asked, answer: str) -> str:
    if asked.asked_as == "time":
        at = instant(answer)
        return say(at) if at else answer
    if asked.asked_as in ("choice", "many"):
        titles = dict(zip(asked.choices, asked.titles, strict=False))
        return ", ".join(titles.get(part, part.replace("_", " ")) for part in answer.split(", "))
    return answer
