"""The demonstration's inspections: what was found of it, what it promised, and what its own data makes of that.

Every report is invented. The story is worked by the same actions as any other: one promise that the data shows, some that
nothing shows, one that was kept for six months, closed by the board, slipped, and was opened again by the night's own rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil, floor
from types import SimpleNamespace
from typing import Any

from lodestar.actions.inspection import audits, commitments, evidence, register, steps
from lodestar.core.access.scope import Actor
from lodestar.core.inspection.closing import may_close, slipped
from lodestar.core.inspection.commitments import ABOVE, BELOW, Promised, Target
from lodestar.core.inspection.findings import Word
from lodestar.core.inspection.register import CommitmentDraft, FindingDraft, RegisterRow, ReportDraft
from lodestar.core.inspection.reply import said
from lodestar.core.inspection.section55 import Said
from lodestar.core.times import at_wall, local_date
from lodestar.core.words import Allowed
from lodestar.doors.feeds.demo.stage import Loading
from lodestar.store.queries import access, case_audits
from lodestar.store.queries import inspection_figures as figures

PUBLISHED_AGO, ANSWER_WITHIN = timedelta(days=6), timedelta(days=14)
GRADERS = ("duty_inspector", "hub_sergeant", "duty_superintendent")
SAMPLE = 12
# What could have been promised and kept for a while: a measure, its line, the side, and what one step of a target is.
COULD_SLIP = (
    ("M1", "", ABOVE, 0.01),
    ("M9", "", ABOVE, 0.001),
    ("M2", "", BELOW, 0.1),
    ("M9", "b recorded in time", ABOVE, 0.01),
    ("M9", "b recorded in time", ABOVE, 0.001),
    ("M4", "", ABOVE, 0.001),
    ("M6", "share past class time", BELOW, 0.001),
    ("M3", "", BELOW, 0.001),
)


HUB = "Head of the CE Hub"
FOUND = {
    "RV-1": ("area_for_improvement", "Missing children", "How quickly children are looked for still varies.", "in_progress",
             "The hub leads, and each review is owed by name."),
    "RV-2": ("cause_of_concern", "Online abuse", "Children may be at risk in cases that wait their turn.", "in_progress",
             "Cases are put in order by the child."),
    "RV-3": ("recommendation", "Custody", "Children are still kept at the station after charge.", "not_started", ""),
}  # fmt: skip
# Reference, sort, words, owner, days until it is due (none: no day was given), measure, line, target.
Row = tuple[str, str, str, str, int, str, str, Target | None]
PROMISED: tuple[Row, ...] = (
    ("RV-1.1", "promise", "Most children, and never fewer than six in ten over a year, are found within a day.", HUB, 120, "M1", "",
     Target(ABOVE, 0.6)),
    ("RV-1.2", "fact", "The median missing time is under four hours for all ages.", HUB, 0, "M2", "all ages", Target(BELOW, 4.0)),
    ("RV-1.3", "promise", "Response officers are trained in what a first hour needs.", "Head of learning", 60, "", "", None),
    ("RV-2.1", "promise", "Fewer than one open case in ten is past the time of its class.", "Head of POLIT", 180, "M6",
     "share past class time", Target(BELOW, 0.1)),
    ("RV-2.2", "promise", "Three more posts are filled.", "Head of POLIT", -5, "", "", None),
    ("RV-3.1", "promise", "For every child kept, the reason is on record with the certificate the law asks for.", "Head of custody", 90,
     "M8", "i reason recorded", Target(ABOVE, 0.9)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise that was kept for six months and then was not: what it was about, and when the board closed it."""

    measure: str
    line: str
    target: Target
    closed_at: datetime
    title: str  # of the measure's line
    aim: str  # the target in words


def load_inspections(one: Loading) -> None:
    """The reports, the promises and what became of them, oldest first."""
    people = {row.role: row.username for row in one.demo.staff}
    lead, board = (_Person(one, people[role]) for role in ("inspection_lead", "governance_board"))
    owner = people["hub_sergeant"]
    _earlier(lead, one.now)
    kept = kept_for_a_while(now=one.now)
    if kept is not None:
        _close_and_slip(one, lead, board, kept, owner)
    _revisit(lead, board, one.now, owner)
    evidence.refresh(actor=one.actor, now=one.now)
    _audit(one, lead)


class _Person:
    """Somebody of the demonstration, as they act at an instant."""

    def __init__(self, one: Loading, username: str) -> None:
        self.username, self.user = username, access.user_named(username=username)
        self.door = one.actor.door

    def at(self, now: datetime) -> Actor:
        """As they act then."""
        return access.actor_for(user=self.user, at=now, door=self.door)  # type: ignore[arg-type]


def kept_for_a_while(*, now: datetime) -> Kept | None:
    """A target that some measure of this force kept beyond for six months, in control, and then fell short of."""
    rule = figures.rule(at=now)
    for measure, line, side, size in COULD_SLIP:
        points = figures.course(_probe(measure, line, Target(side, 0.0)), at=now).points
        for last in range(len(points) - 2, rule.periods - 2, -1):
            values = [point.value for point in points[last - rule.periods + 1 : last + 1] if point.value is not None]
            target = Target(side, round(_just_beyond(values, side, size), 6))
            then = at_wall(on=points[last + 1].first_day + timedelta(days=1), clock=time(9))
            found = figures.course(_probe(measure, line, target), at=then)
            verdict = may_close(points=found.points, target=target, rule=rule, since=None)
            if not isinstance(verdict, Allowed):
                continue
            later = figures.course(_probe(measure, line, target), at=now).points
            if slipped(points=later, target=target, rule=rule, closed_through=verdict.step) is not None:
                told = figures.line_of(_probe(measure, line, target))
                unit = told.unit if told else "number"
                return Kept(measure, line, target, then, told.title if told else measure, said(target.value, unit))
    return None


def _probe(measure: str, line: str, target: Target) -> Any:
    """A commitment that is not there, to ask what it would say."""
    return SimpleNamespace(pk=0, reference="probe", measure=measure, line=line, side=target.side, target=target.value)


def _just_beyond(values: Sequence[float], side: str, size: float) -> float:
    """The roundest target that every one of the values is beyond."""
    if side == ABOVE:
        return (ceil(min(values) / size) - 1) * size
    return (floor(max(values) / size) + 1) * size


def _close_and_slip(one: Loading, lead: _Person, board: _Person, kept: Kept, owner: str) -> None:
    begun = kept.closed_at - timedelta(days=200)
    report = ReportDraft(
        "FIRST-VISIT",
        "Child protection: first visit",
        "inspection",
        "inspectorate",
        local_date(begun) - timedelta(days=9),
        "First visit, report",
        "Ten recommendations were made; nine have been answered.",
        "none",
    )
    words = f"{kept.title}: {kept.target.side} {kept.aim} in every month, once the hub is at strength."
    finding = FindingDraft(
        "FV-1",
        "recommendation",
        "Missing children",
        "How children are looked for depends on the shift.",
        "chief_officer",
        None,
        "in_progress",
        "The hub leads on each child reported missing.",
        None,
    )
    promised = Promised("promise", kept.measure, kept.target)
    draft = CommitmentDraft("FV-1.1", promised, words, "Head of the CE Hub", owner, kept.line, None)
    made = _take(lead, begun, report, finding, draft)
    found = made.commitment_id or 0
    commitments.close(
        actor=board.at(kept.closed_at),
        commitment_id=found,
        seen_version=1,
        now=kept.closed_at,
        reason="Six months in control beyond the target, as the board agreed.",
    )
    commitments.reopen_slipped(actor=one.actor, now=one.now)


def _earlier(lead: _Person, now: datetime) -> None:
    """A watchdog's and a coroner's recommendation, the first closed by the watchdog's own letter."""
    year = local_date(now).year
    watchdog = ReportDraft(
        "WATCHDOG-17",
        "Reviews of a missing child that nobody owned",
        "watchdog",
        "watchdog",
        date(year - 2, 9, 14),
        "Learning report 17",
        "",
        "none",
    )
    closed = Word("closed", "watchdog", date(year - 1, 3, 2), f"Letter of 2 March {year - 1}")
    reviews = FindingDraft(
        "W17-1",
        "watchdog_recommendation",
        "Supervision",
        "Name one person for each review of a missing child.",
        "chief_officer",
        None,
        "complete",
        "Each review is owed by one named person before it is due.",
        closed,
    )
    register.take_row(actor=lead.at(now), row=RegisterRow(watchdog, reviews, None), now=now)
    coroner = ReportDraft(
        "CORONER-4", "Report to prevent future deaths", "coroner", "coroner", date(year - 1, 6, 20), "Report 4", "", "none"
    )
    safety = FindingDraft(
        "C4-1",
        "coroner_concern",
        "Online abuse",
        "Suspects were not asked about their own safety.",
        "chief_officer",
        None,
        "in_progress",
        "Each suspect is referred and followed up.",
        None,
    )
    promised = Promised("promise", "", None, local_date(now) - timedelta(days=40))
    _take(
        lead,
        now,
        coroner,
        safety,
        CommitmentDraft("C4-1.1", promised, "Every suspect is referred before release.", "Head of POLIT", "", "", None),
    )


def _revisit(lead: _Person, board: _Person, now: datetime, owner: str) -> None:
    """The newest report: its reply is being written now."""
    report = ReportDraft(
        "REVISIT",
        "Child protection: the inspectors return",
        "inspection",
        "inspectorate",
        local_date(now - PUBLISHED_AGO),
        "Revisit, report",
        "Outcomes for children are better than at the first visit. Three areas still fall short.",
        "section_55",
    )
    inspection_id = 0
    for finding, drafts in _found(local_date(now), owner):
        for draft in drafts:
            inspection_id = register.take_row(actor=lead.at(now), row=RegisterRow(report, finding, draft), now=now).inspection_id
    day = local_date(now - PUBLISHED_AGO)
    taken = (
        ("note_published", lead, Said(day, "Revisit, report")),
        ("note_copies", lead, Said(day, "Covering letter of that day")),
        (
            "invite",
            board,
            Said(day + timedelta(days=4), "Invitation to the chief officer", answer_by=day + timedelta(days=4) + ANSWER_WITHIN),
        ),
    )
    for place, (verb, who, saying) in enumerate(taken, start=1):
        steps.take_step(actor=who.at(now), inspection_id=inspection_id, seen_version=place, verb=verb, said=saying, now=now)


def _found(today: date, owner: str) -> Iterator[tuple[FindingDraft, list[CommitmentDraft]]]:
    for reference, (kind, theme, words, status, response) in FOUND.items():
        finding = FindingDraft(reference, kind, theme, words, "chief_officer", None, status, response, None)
        yield finding, [_draft(row, today, owner) for row in PROMISED if row[0].startswith(reference)]


def _draft(row: Row, today: date, owner: str) -> CommitmentDraft:
    reference, sort, words, role, days, measure, line, target = row
    due = today + timedelta(days=days) if days else None
    account = owner if role == HUB else ""
    return CommitmentDraft(reference, Promised(sort, measure, target, due), words, role, account, line, None)


def _take(lead: _Person, now: datetime, report: ReportDraft, finding: FindingDraft, draft: CommitmentDraft) -> register.Taken:
    return register.take_row(actor=lead.at(now), row=RegisterRow(report, finding, draft), now=now)


def _audit(one: Loading, lead: _Person) -> None:
    """A dozen cases drawn, most graded by two, some of whom differ, and one settled by a third."""
    today = local_date(one.now)
    wanted = audits.Sample(
        "Missing children, the last quarter", "missing", "by_risk", "fair winds", SAMPLE, today - timedelta(days=92), today
    )
    number = audits.draw_sample(actor=lead.at(one.now), wanted=wanted, now=one.now)
    audit = case_audits.audit(pk=number)
    rubric = case_audits.rubric_of(audit)
    first = {row.role: _Person(one, row.username) for row in reversed(one.demo.staff) if row.role in GRADERS}
    for line in case_audits.case_lines(audit, user_id=None):
        place = line.case.place
        if place > SAMPLE - 2:
            continue
        for turn, role in enumerate(GRADERS[: 3 if place == 5 else 2]):
            answers = {item.code: _answer(place, turn, number) for number, item in enumerate(rubric.criteria)}
            audits.grade_case(
                actor=first[role].at(one.now),
                case_id=line.case.pk,
                answers=answers,
                now=one.now,
                reasons="Read the record from report to closure.",
            )


def _answer(place: int, turn: int, question: int) -> str:
    """Invented, and the same on every load: some cases good, some not, and two on which the graders differ."""
    if place % 3 == 0 and question == 1:
        return "inadequate"
    if place in (5, 7) and turn > 0 and question == 0:
        return "inadequate"
    return "requires_improvement" if place % 3 == 1 and question > 2 else "good"
