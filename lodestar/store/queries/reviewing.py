"""Identity questions as those who answer them read them: whose turn, the queue in its order, what came and went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor
from lodestar.core.clocks.due import due_at
from lodestar.core.identity.bands import band_rules
from lodestar.core.identity.harm import Facts, HarmRules, Placed, harm_rules, order, placed
from lodestar.core.identity.reviewing import Answer, Question, ReviewRules, Standing, drawn, review_rules, standing
from lodestar.core.identity.vetoes import FLAG
from lodestar.core.matters.involved import SUSPECTED
from lodestar.core.times import local_date
from lodestar.store.models import Involvement, LinkQuestion, Matter, MatterReport, Obligation, Report, ReviewAnswer
from lodestar.store.playbooks import calendars, clock_rules, playbook
from lodestar.store.queries import duty
from lodestar.store.queries.access import place_of

REVIEW, HARM, BANDS = "IDENTITY-REVIEW", "IDENTITY-HARM", "IDENTITY-BANDS"
FIRST_CLOCK = "LINK-UNSURE"
OPEN = ("waiting", "known")
HIGH = ("high", "very_high", "cannot_be_assessed")  # unknown is not low


def rules(*, at: datetime) -> ReviewRules:
    """The rules of review in force."""
    return review_rules(playbook(REVIEW), on=local_date(at))


def order_rules(*, at: datetime) -> HarmRules:
    """The rules of the order in force."""
    return harm_rules(playbook(HARM), on=local_date(at))


def labels_needed(*, at: datetime) -> int:
    """How many labels a model needs before it may join anything by itself."""
    return band_rules(playbook(BANDS), on=local_date(at)).labels_needed


def asked_about(*, source: str, external_id: str) -> int | None:
    """The open question about one report, by the source's own number; None where there is none."""
    found = LinkQuestion.objects.filter(report__source=source, report__external_id=external_id, state="waiting")
    return found.values_list("pk", flat=True).first()


def version_of(question_id: int) -> int:
    """The version of a question that an answer must have seen."""
    return int(LinkQuestion.objects.values_list("version", flat=True).get(pk=question_id))


def asked_of_two(report: Report, *, at: datetime) -> bool:
    """Whether the question about a report is drawn for two, by the report's own number."""
    return drawn(f"{report.source}|{report.external_id}", rules=rules(at=at))


def offered(row: LinkQuestion) -> tuple[int, ...]:
    """The records that the question shows."""
    return tuple(item["person"] for item in row.candidates["people"])


def as_question(row: LinkQuestion) -> Question:
    """A question as the rules read it."""
    said = ReviewAnswer.objects.filter(question=row).order_by("number").values_list("by_id", "turn", "word", "person_id")
    return Question(offered(row), row.double, tuple(Answer(*one) for one in said), settled=row.state not in OPEN)


def stands(row: LinkQuestion, *, at: datetime) -> Standing:
    """Whose turn a question is, by the rules of the day it was asked."""
    return standing(as_question(row), rules=rules(at=row.asked_at or at))


def answered_by(row: LinkQuestion) -> frozenset[int]:
    """Who has answered it, and is asked no more."""
    return frozenset(ReviewAnswer.objects.filter(question=row).values_list("by_id", flat=True))


@dataclass(frozen=True, slots=True)
class Line:
    """One open question of the queue: why it stands where it does, whose it is and by when."""

    row: LinkQuestion
    placed: Placed
    due_at: datetime
    owner: str
    mine: bool  # this reader has answered it: it waits for somebody else
    supervisor: bool  # two have answered and a supervisor decides
    yours: bool  # this reader may answer it now


def queue(*, actor: Actor, at: datetime) -> tuple[Line, ...]:
    """Every open question within reach, in the order of harm. A number of queries that does not grow with the queue."""
    rows = [row for row in _open() if actor.may(Permission.PEOPLE_LINK, place_of(row.report))]
    facts, owed = _facts(rows), _owed(rows)
    owed |= _would_owe([row for row in rows if row.pk not in owed], at)
    done = set(ReviewAnswer.objects.filter(question__in=rows, by_id=actor.id).values_list("question_id", flat=True))
    found = order_rules(at=at)
    lines = [_line(row, placed(facts[row.pk], rules=found), owed[row.pk], row.pk in done, actor) for row in rows]
    return tuple(sorted(lines, key=lambda line: order(line.placed, line.due_at, line.row.pk)))


def owed_of(row: LinkQuestion, *, at: datetime) -> tuple[datetime, str]:
    """When a question falls due, and whose it is: by its clock, or where its truth is known as if it had one."""
    return (_owed([row]) or _would_owe([row], at))[row.pk]


def _would_owe(rows: list[LinkQuestion], at: datetime) -> dict[int, tuple[datetime, str]]:
    """A pair whose truth is known starts no clock and is nobody's debt, and must not be told from the others by that."""
    if not rows:
        return {}
    post = clock_rules(local_date(at))[FIRST_CLOCK].owed_by
    usual = duty.owing(post_kind=post, matter=None, about=None, at=at).person
    theirs = set(ReviewAnswer.objects.filter(question__in=rows, by_id=usual).values_list("question_id", flat=True))
    owner = {row.pk: duty.owing(post_kind=post, matter=None, about=row, at=at).person if row.pk in theirs else usual for row in rows}
    names = duty.names(owner.values())
    return {row.pk: (_first_due(row.asked_at), names[owner[row.pk]]) for row in rows}


def _first_due(asked_at: datetime) -> datetime:
    day = local_date(asked_at)
    return due_at(rule=clock_rules(day)[FIRST_CLOCK], started_at=asked_at, calendars=calendars(day)).at


def _line(row: LinkQuestion, where: Placed, owed: tuple[datetime, str], done: bool, actor: Actor) -> Line:
    supervisor = row.turn == "third"
    yours = not done and (not supervisor or actor.may(Permission.PEOPLE_DECIDE, place_of(row.report)))
    due, owner = owed
    return Line(row, where, due, owner, mine=done, supervisor=supervisor, yours=yours)


def place_in_queue(row: LinkQuestion, *, at: datetime) -> Placed:
    """Why one question stands where it does."""
    return placed(_facts([row])[row.pk], rules=order_rules(at=at))


def _open() -> list[LinkQuestion]:
    rows = LinkQuestion.objects.filter(state__in=OPEN).select_related("report", "provisional")
    return list(rows.order_by("asked_at", "pk"))  # all of them: the worst may be the newest


def _owed(rows: Iterable[LinkQuestion]) -> dict[int, tuple[datetime, str]]:
    """When each question falls due by its open clock, the soonest, and whose it is."""
    wanted = Obligation.objects.filter(is_open=True, subject_kind="link_question", subject_id__in=[row.pk for row in rows])
    rows_owed = wanted.select_related("owed_by").order_by("-due_at", "-pk")
    return {row.subject_id: (row.due_at, row.owed_by.name) for row in rows_owed}


def _facts(rows: list[LinkQuestion]) -> dict[int, Facts]:
    people = {pk for row in rows for pk in (*offered(row), row.provisional_id)}
    reports = dict(MatterReport.objects.filter(report__in=[row.report_id for row in rows]).values_list("matter_id", "report_id"))
    about = Q(person_id__in=people) | Q(pk__in=reports)
    matters = list(Matter.objects.filter(about, is_open=True).values("pk", "person_id", "kind", "level", "returned_at"))
    named = Involvement.objects.filter(person_id__in=people, role__in=SUSPECTED, until_at=None).values_list("person_id", flat=True)
    suspects = set(named)
    return {row.pk: _of_one(row, matters, reports, suspects) for row in rows}


def _of_one(row: LinkQuestion, matters: list[dict[str, Any]], reports: dict[int, int], suspects: set[int]) -> Facts:
    shown = set(offered(row))
    own = [one for one in matters if one["person_id"] == row.provisional_id or reports.get(one["pk"]) == row.report_id]
    theirs = [one for one in matters if one["person_id"] in shown]
    out = [one for one in (*own, *theirs) if one["kind"] == "missing" and one["returned_at"] is None]
    holds = {
        "open": bool(own),
        "missing": bool(out),
        "missing_high": any(one["level"] in HIGH for one in out),
        "flag": bool(suspects & shown) or _carries_flag(row) or any(one["kind"] == "exploitation" for one in (*own, *theirs)),
    }
    weighed = [item["explanation"]["weight"] for item in row.candidates["people"] if item.get("explanation")]
    return Facts(frozenset(name for name, held in holds.items() if held), max(weighed, default=None))


def _carries_flag(row: LinkQuestion) -> bool:
    """Whether a join with a record shown would have put a flag on a child: it was asked for that reason too."""
    return any(veto["code"] == FLAG for item in row.candidates["people"] for veto in item.get("vetoes", ()))


@dataclass(frozen=True, slots=True)
class Flow:
    """How the queue stands: what came and was answered in so many days, what waits, and how many days of work that is."""

    days: int
    came: int
    settled: int
    waiting: int
    late: int

    @property
    def days_of_queue(self) -> float | None:
        """At the pace of these days; None where nothing was settled."""
        return self.waiting * self.days / self.settled if self.settled else None


def flow(lines: Iterable[Line], *, actor: Actor, at: datetime) -> Flow:
    """What came and went within reach, beside what waits now."""
    days = rules(at=at).days
    since = at - timedelta(days=days)
    real = LinkQuestion.objects.filter(truth=None).select_related("report")
    rows = real.filter(Q(asked_at__gte=since) | Q(settled_at__gte=since))
    within = [row for row in rows if actor.may(Permission.PEOPLE_LINK, place_of(row.report))]
    waiting = [line for line in lines if line.row.truth_id is None]
    return Flow(
        days=days,
        came=sum(row.asked_at >= since for row in within),
        settled=sum(row.settled_at is not None and row.settled_at >= since for row in within),
        waiting=len(waiting),
        late=sum(line.due_at < at for line in waiting),
    )
