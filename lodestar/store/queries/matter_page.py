"""One matter as its page shows it: who, how pressing, what is owed, who answers, what was done, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lodestar.core.access.scope import Actor
from lodestar.core.matters.custody.reading import LIMBS
from lodestar.core.matters.desk import Desk, Item, Story
from lodestar.core.matters.exploitation.disruption import Plan
from lodestar.core.matters.kinds import deed_title, desk, lifecycle
from lodestar.core.matters.missing.closing import closing_gaps
from lodestar.core.words import Refusal
from lodestar.store.models import Assessment, Downgrade, Grade, Handover, Holding, Involvement, Matter, Mention, News, Task, Transfer
from lodestar.store.queries import clocks, duty, identity, matters, people, plans
from lodestar.store.queries.clocks import Owed
from lodestar.store.queries.hits import Line as HitLine
from lodestar.store.queries.hits import of_matter
from lodestar.store.queries.stories import story_of
from lodestar.store.queries.timeline import Line, timeline


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
    told: Desk
    summary: tuple[tuple[str, str], ...]
    checklist: tuple[Item, ...]
    certificates: tuple[tuple[int, str, datetime], ...]  # the deeds that a paper for the court is made of
    names: dict[int, str]  # of those the checklist names
    involved: tuple[Involvement, ...]
    mentions: tuple[Mention, ...]
    verbs: tuple[str, ...]
    circumstances: tuple[tuple[str, str, datetime], ...]
    questions: tuple[int, ...]  # who this is, asked and not yet settled
    only_day: bool  # the report gave a day and no time
    hits: tuple[HitLine, ...]  # what the detectors found, the open first
    interviews: tuple[plans.Interview, ...]  # what return interviews told, on an exploitation record
    disruption: tuple[Plan, ...]

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


def matter_page(matter: Matter, *, viewer: Actor, at: datetime) -> MatterPage:
    """Everything about one matter, in a number of queries that does not grow with its history."""
    grades = list(matter.grades.select_related("by", "second_person").order_by("-number"))
    holdings = tuple(Holding.objects.filter(matter=matter).select_related("user").order_by("-number"))
    told = desk(kind=matter.kind)
    story = None if matter.kind == "missing" else story_of(matter, at=at)
    checklist = told.checklist(story, at) if story else ()
    gaps = _missing(matter, story, viewer=viewer.id, at=at)
    return MatterPage(
        matter=matter,
        person=people.person_facts(matter.person),
        holds=people.for_reader(matters.held(matter, at=at), matter=matter, actor=viewer),
        owed=clocks.of_matter(matter, at=at),
        assessment=matter.assessments.order_by("-number").first(),
        grade=grades[0] if grades else None,
        downgrade=matter.downgrades.filter(state="waiting").select_related("asked_by").first(),
        handover=matter.handovers.filter(state="offered").select_related("giver", "receiver").first(),
        transfers=tuple(matter.transfers.filter(state__in=("offered", "disputed"))),
        news=tuple(matter.news.select_related("by").order_by("-received_at")),
        tasks=tuple(matter.tasks.select_related("assignee").order_by("-is_open", "due_at")),
        holdings=holdings,
        timeline=timeline([matter]),
        missing=gaps,
        told=told,
        summary=told.summary(story, at) if story else (),
        checklist=checklist,
        certificates=tuple((done.id, deed_title(code=done.code), done.at) for done in story.all(*LIMBS)) if story else (),
        names=duty.names(item.by for item in checklist),
        involved=tuple(matter.involvements.select_related("person").order_by("until_at", "from_at", "pk")),
        mentions=tuple(matter.mentions.select_related("thing", "by").order_by("thing__kind", "thing__key", "at")),
        verbs=lifecycle(kind=matter.kind).verbs(state=matter.state),
        circumstances=_circumstances(matter),
        questions=tuple(identity.asked_about(person_id=matter.person_id)),
        only_day=matter.matter_reports.filter(how="opened", report__precision="date").exists(),
        hits=of_matter(matter, at=at),
        interviews=plans.interviews(matter, story=story) if story and matter.kind == "exploitation" else (),
        disruption=plans.disruption_plans(matter, story=story) if story and matter.kind == "exploitation" else (),
    )


def _missing(matter: Matter, story: Story | None, *, viewer: int | None, at: datetime) -> tuple[Refusal, ...]:
    """What closing still needs: of a missing child once they are back, of another matter as long as it is open."""
    if story is not None:
        return desk(kind=matter.kind).missing(story, at) if matter.is_open else ()
    return closing_gaps(facts=matters.closing_facts(matter, closer=viewer)) if matter.state == "returned" else ()


def _circumstances(matter: Matter) -> tuple[tuple[str, str, datetime], ...]:
    theirs = people.still_theirs(matter.matter_reports.values_list("report_id", flat=True), person_id=matter.person_id)
    rows = matter.matter_reports.filter(report__in=theirs).select_related("report").order_by("-report__reported_at")
    return tuple(
        (row.report.circumstances, f"{row.report.reporter_name}, {row.report.reporter_relationship}".strip(", "), row.report.reported_at)
        for row in rows
    )
