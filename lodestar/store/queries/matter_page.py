"""One matter as its page shows it: who, how pressing, what is owed, who answers, what was done, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lodestar.core.matters.deeds import DeedKind
from lodestar.core.matters.kinds import deed_kind, deed_title, lifecycle
from lodestar.core.matters.missing.closing import closing_gaps
from lodestar.core.words import Refusal
from lodestar.store.models import Assessment, Deed, Downgrade, Grade, Handover, Holding, Matter, News, Task, Transfer
from lodestar.store.queries import clocks, matters, people
from lodestar.store.queries.clocks import Owed


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a matter's timeline."""

    at: datetime
    title: str
    who: str
    detail: tuple[tuple[str, str], ...] = ()
    recorded_at: datetime | None = None

    @property
    def late_record(self) -> bool:
        """True when it was written down more than an hour after it is said to have happened."""
        return self.recorded_at is not None and (self.recorded_at - self.at).total_seconds() > 3600


@dataclass(frozen=True, slots=True)
class MatterPage:
    """Everything the page needs, as values."""

    matter: Matter
    person: dict[str, object]
    holds: people.Holds
    owed: tuple[Owed, ...]
    assessment: Assessment | None
    grade: Grade | None
    downgrade: Downgrade | None
    handover: Handover | None
    transfers: tuple[Transfer, ...]
    news: tuple[News, ...]
    tasks: tuple[Task, ...]
    holdings: tuple[Holding, ...]
    timeline: tuple[Line, ...]
    missing: tuple[Refusal, ...]
    verbs: tuple[str, ...]
    circumstances: tuple[tuple[str, str, datetime], ...]
    only_day: bool  # the report gave a day and no time

    @property
    def owed_now(self) -> tuple[Owed, ...]:
        """What is late, and of each rule the next: what somebody opening the page must see."""
        return tuple(item for item in self.owed if item.is_late or item.id in self._next)

    @property
    def owed_later(self) -> tuple[Owed, ...]:
        """The later periods of rules that repeat."""
        return tuple(item for item in self.owed if not item.is_late and item.id not in self._next)

    @property
    def _next(self) -> frozenset[int]:
        first: dict[tuple[str, int], int] = {}
        for item in self.owed:
            if not item.is_late:
                first.setdefault((item.rule, item.subject_id), item.id)
        return frozenset(first.values())


def matter_page(matter: Matter, *, viewer: int | None, at: datetime) -> MatterPage:
    """Everything about one matter, in a number of queries that does not grow with its history."""
    grades = list(matter.grades.select_related("by", "second_person").order_by("-number"))
    holdings = tuple(Holding.objects.filter(matter=matter).select_related("user").order_by("-number"))
    gaps = closing_gaps(facts=matters.closing_facts(matter, closer=viewer)) if matter.state == "returned" else ()
    return MatterPage(
        matter=matter,
        person=people.person_facts(matter.person),
        holds=matters.held(matter, at=at),
        owed=clocks.of_matter(matter, at=at),
        assessment=matter.assessments.order_by("-number").first(),
        grade=grades[0] if grades else None,
        downgrade=matter.downgrades.filter(state="waiting").select_related("asked_by").first(),
        handover=matter.handovers.filter(state="offered").select_related("giver", "receiver").first(),
        transfers=tuple(matter.transfers.filter(state__in=("offered", "disputed"))),
        news=tuple(matter.news.select_related("by").order_by("-received_at")),
        tasks=tuple(matter.tasks.select_related("assignee").order_by("-is_open", "due_at")),
        holdings=holdings,
        timeline=tuple(sorted(_timeline(matter, grades, holdings), key=lambda line: line.at, reverse=True)),
        missing=gaps,
        verbs=lifecycle(kind=matter.kind).verbs(state=matter.state),
        circumstances=_circumstances(matter),
        only_day=matter.matter_reports.filter(how="opened", report__precision="date").exists(),
    )


def _circumstances(matter: Matter) -> tuple[tuple[str, str, datetime], ...]:
    rows = matter.matter_reports.select_related("report").order_by("-report__reported_at")
    return tuple(
        (row.report.circumstances, f"{row.report.reporter_name}, {row.report.reporter_relationship}".strip(", "), row.report.reported_at)
        for row in rows
    )


def _timeline(matter: Matter, grades: list[Grade], holdings: tuple[Holding, ...]) -> Iterator[Line]:
    for step in matter.steps.select_related("by"):
        reason = (("Reason", step.reason),) if step.reason else ()
        if step.verb != "grade":
            yield Line(step.at, TITLES.get(step.verb, step.verb.replace("_", " ").capitalize()), _who(step), reason, step.recorded_at)
    for grade in grades:
        second = (("Second person", grade.second_person.name),) if grade.second_person else ()
        detail = (("Why", grade.rationale), ("Relied on", "; ".join(grade.relied_on)), ("Steps", grade.steps_agreed), *second)
        yield Line(grade.at, f"Graded {grade.level.replace('_', ' ')}", _who(grade), detail)
    for row in holdings:
        yield Line(
            row.from_at, f"{row.user.name} answers from here", row.how.replace("_", " "), (("Because", row.because),) if row.because else ()
        )
    for deed in matter.deeds.select_related("by").exclude(code__in=_SHOWN_ELSEWHERE):
        kind = deed_kind(kind=matter.kind, code=deed.code)
        yield Line(deed.at, deed_title(code=deed.code), _who(deed), _answers(kind, deed), deed.recorded_at)
    for offer in matter.handovers.filter(state__in=("refused", "withdrawn")).select_related("giver", "receiver"):
        asked = f"Hand-over from {offer.giver.name} to {offer.receiver.name}: {offer.state}"
        answered_by = offer.receiver.name if offer.state == "refused" else offer.giver.name
        yield Line(offer.answered_at, asked, answered_by, (("Reason", offer.answer_reason),) if offer.answer_reason else ())
    for item in matter.news.select_related("by"):
        yield Line(item.received_at, f"News from {item.from_whom}", _who(item), (("Said", item.text),))


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
_SHOWN_ELSEWHERE = ("graded", "handover_answered", "located", "wellbeing_confirmed", "returned", "closed", "news_assessed")


def _who(row: Any) -> str:
    return str(row.by.name) if row.by else "Lodestar"


def _answers(kind: DeedKind | None, deed: Deed) -> tuple[tuple[str, str], ...]:
    asked = {ask.name: ask.question for ask in kind.asks} if kind else {}
    return tuple((asked[name], str(value)) for name, value in deed.detail.items() if value and name in asked)
