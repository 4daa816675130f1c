"""Taking over matters of a desk from their deeds: the desk's rules say what moves they made and what was owed.

Beside ``actions/history.py``, which takes rows over as they are: here nothing but what was done is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Model

from lodestar.actions import history, known
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.clocks.due import Due
from lodestar.core.clocks.standing import warn_at
from lodestar.core.matters.desk import Done, Story
from lodestar.core.matters.kinds import deed_kind, desk, is_open
from lodestar.core.matters.owed import MATTER, Clock, clocks_of
from lodestar.core.matters.replay import Lived, live
from lodestar.core.tasks.lifecycle import OPEN, TASK
from lodestar.core.tasks.outcomes import start_by
from lodestar.core.times import local_date
from lodestar.store import models
from lodestar.store.playbooks import calendars, clock_rules, playbook
from lodestar.store.queries import tasks
from lodestar.store.queries.stories import as_done, as_involved

CHUNK = 500
Answers = Callable[[str, datetime], int]  # who a kind of post was, at an instant


@dataclass(frozen=True, slots=True)
class PastMove:
    """One move of past work; ``to`` is whom it was issued to, and ``evidence`` how it ended, where it did."""

    verb: str
    at: datetime
    by: int | None
    reason: str = ""
    to: int | None = None
    outcome: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PastDeed:
    """One deed of a past matter. ``refs`` answer the questions that name another deed, or somebody involved, by place in its list."""

    code: str
    at: datetime
    by: int | None
    said: Mapping[str, str] = field(default_factory=dict)
    refs: Mapping[str, int] = field(default_factory=dict)
    grade: Mapping[str, Any] | None = None  # the row of the grade, where the deed is one
    work: Sequence[PastMove] = ()  # what became of the work that it asked for, where it asks for any


@dataclass(frozen=True, slots=True)
class PastMatter:
    """One past matter: its row, its reports, who was in it, who answered, and what was done, in order."""

    row: Mapping[str, Any]
    reports: Sequence[int]
    holdings: Sequence[tuple[datetime, int, str]]  # from when, who, why
    deeds: Sequence[PastDeed]
    involved: Sequence[Mapping[str, Any]] = ()
    mentions: Sequence[Mapping[str, Any]] = ()


def take_over_matters(*, actor: Actor, pasts: Sequence[PastMatter], answers: Answers, now: datetime) -> list[int]:
    """Write past matters of the desks; returns their numbers. Refuses a past that the desk's lifecycle would not have allowed."""
    with perform("history.loaded", actor=actor, now=now, permission=P.HISTORY_LOAD) as act:
        matters = _bulk(models.Matter, [_matter(past) for past in pasts])
        involved = _of_each(models.Involvement, matters, [past.involved for past in pasts])
        _of_each(models.Mention, matters, [past.mentions for past in pasts])
        deeds = _deeds(matters, pasts, involved)
        _beside(matters, pasts)
        lives = [
            _Life(past, matter, _in_order(done), _live(matter, done, people, now), answers)
            for past, matter, done, people in zip(pasts, matters, deeds, involved, strict=True)
        ]
        _bulk(models.MatterStep, [step for life in lives for step in _steps(life)])
        owed = _owe(act, lives)
        for life, done in zip(lives, deeds, strict=True):
            _come_to(act, life)
            _ask_work(life.past, life.matter, done, life.lived.story)
        known.remember(matters={matter.pk for matter in matters}, obligations=owed, now=now)
        act.subject = ("matter", "history")
        act.record(detail={"rows": len(matters), "sha256": sha256(repr([past.row for past in pasts]).encode()).hexdigest()})
        return [matter.pk for matter in matters]


def _matter(past: PastMatter) -> models.Matter:
    row = dict(past.row)
    first = past.holdings[0][1]
    return models.Matter(**{"state": desk(kind=row["kind"]).lifecycle.initial, "holder_id": first, "next_due_at": row["opened_at"], **row})


def _bulk(model: type[Model], rows: list[Any]) -> list[Any]:
    made: list[Any] = model._default_manager.bulk_create(rows, batch_size=CHUNK)
    return made


def _of_each(model: type[Model], matters: Sequence[models.Matter], given: Sequence[Sequence[Mapping[str, Any]]]) -> list[list[Any]]:
    made = iter(_bulk(model, [model(matter=matter, **row) for matter, rows in zip(matters, given, strict=True) for row in rows]))
    return [[next(made) for _ in rows] for rows in given]


def _deeds(matters: Sequence[models.Matter], pasts: Sequence[PastMatter], involved: Sequence[Sequence[Any]]) -> list[list[models.Deed]]:
    """Deeds in waves: one that is about another can be written only when that one has its number, and none is written twice."""
    made: list[dict[int, models.Deed]] = [{} for _ in pasts]
    while True:
        wave = [
            (index, place, past, deed)
            for index, past in enumerate(pasts)
            for place, deed in enumerate(past.deeds)
            if place not in made[index] and _ready(past, deed, made[index])
        ]
        if not wave:
            return [[found[place] for place in sorted(found)] for found in made]
        rows = [
            models.Deed(
                matter=matters[index], code=deed.code, at=deed.at, recorded_at=deed.at, by_id=deed.by,
                detail=_said(past, deed, made[index], involved[index]),
            )
            for index, _, past, deed in wave
        ]  # fmt: skip
        for (index, place, _, _), row in zip(wave, _bulk(models.Deed, rows), strict=True):
            made[index][place] = row


def _asked(past: PastMatter, deed: PastDeed) -> dict[str, str]:
    """How each question that a deed answers by reference is asked: deed, or involved."""
    kind = deed_kind(kind=past.row["kind"], code=deed.code)
    if kind is None:
        raise ValueError(f"the desk {past.row['kind']} knows no deed {deed.code}")
    return {asked.name: asked.asked_as for asked in kind.asks if asked.name in deed.refs}


def _ready(past: PastMatter, deed: PastDeed, made: Mapping[int, models.Deed]) -> bool:
    return all(form == "involved" or deed.refs[name] in made for name, form in _asked(past, deed).items())


def _said(past: PastMatter, deed: PastDeed, made: Mapping[int, models.Deed], involved: Sequence[Any]) -> dict[str, str]:
    found = {name: str((involved if form == "involved" else made)[deed.refs[name]].pk) for name, form in _asked(past, deed).items()}
    return {**deed.said, **found}


def _beside(matters: Sequence[models.Matter], pasts: Sequence[PastMatter]) -> None:
    """What stands beside the deeds: reports, grades, and who answered."""
    pairs = list(zip(matters, pasts, strict=True))
    _bulk(
        models.MatterReport,
        [
            models.MatterReport(matter=matter, report_id=report, at=matter.opened_at, how="joined" if place else "opened")
            for matter, past in pairs
            for place, report in enumerate(past.reports)
        ],
    )
    _bulk(
        models.Holding,
        [
            models.Holding(matter=matter, number=number, user_id=user, from_at=from_at, how=how, because="")
            for matter, past in pairs
            for number, (from_at, user, how) in enumerate(past.holdings, start=1)
        ],
    )
    _bulk(models.Grade, [row for matter, past in pairs for row in _grades(matter, past)])


def _grades(matter: models.Matter, past: PastMatter) -> list[models.Grade]:
    graded = [deed for deed in past.deeds if deed.grade is not None]
    if not graded:
        return []
    levels = playbook(desk(kind=matter.kind).levels)
    return [
        models.Grade(
            matter=matter, number=number, at=deed.at, by_id=deed.by, list_code=levels.code, list_hash=levels.content_hash,
            **(deed.grade or {}),
        )
        for number, deed in enumerate(graded, start=1)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Life:
    """One past matter while it is lived again."""

    past: PastMatter
    matter: models.Matter
    done: Sequence[Done]
    lived: Lived
    answers: Answers

    def holder(self, at: datetime) -> int:
        """Who answered at an instant."""
        chain = self.past.holdings
        return next((who for since, who, _ in reversed(chain) if since <= at), chain[0][1])


def _live(matter: models.Matter, deeds: Sequence[models.Deed], people: Sequence[Any], now: datetime) -> Lived:
    story = Story(
        kind=matter.kind,
        state=matter.state,
        reported_at=matter.reported_at,
        opened_at=matter.opened_at,
        born=matter.person.birth_date,
        is_child=matter.is_child,
        involved=tuple(as_involved(row, at=now) for row in people),
    )
    return live(desk=desk(kind=matter.kind), story=story, done=[as_done(row) for row in deeds])


def _in_order(deeds: Iterable[models.Deed]) -> list[Done]:
    return sorted((as_done(row) for row in deeds), key=lambda one: (one.at, one.id))


def _come_to(act: Act, life: _Life) -> None:
    """Write what the matter has come to."""
    matter, last = life.matter, life.lived.story
    open_now = is_open(state=last.state)
    act.move(
        matter,
        state=last.state,
        is_open=open_now,
        level=last.level,
        first_level=next((deed.said["level"] for deed in life.done if deed.code == "graded"), ""),
        closed_at=last.closed_at,
        outcome="" if open_now else last.state,
        holder_id=life.past.holdings[-1][1],
    )


def _ask_work(past: PastMatter, matter: models.Matter, done: Sequence[models.Deed], story: Story) -> None:
    """The work that past deeds asked for by the desk's rules, each task moved as it was."""
    told = desk(kind=matter.kind)
    for deed, row in zip(past.deeds, done, strict=True):
        for wanted in told.follow(story, as_done(row)).work:
            kind = tasks.kinds(kind=matter.kind, at=row.at)[wanted.kind]
            task = models.Task(
                matter=matter, origin=row, origin_number=wanted.number, kind=kind.code, title=kind.title, detail=wanted.detail,
                minutes=kind.minutes, skills=list(kind.skills), earliest_at=row.at,
                due_at=start_by(kind=kind, chosen=wanted.due_at, now=row.at), created_at=row.at, created_by_id=row.by_id,
            )  # fmt: skip
            steps = [_worked(task, number, move) for number, move in enumerate(deed.work, start=1)]
            task.save(force_insert=True)
            _bulk(models.TaskStep, steps)


def _worked(task: models.Task, number: int, move: PastMove) -> models.TaskStep:
    source, row = task.state, TASK.row(state=task.state, verb=move.verb)
    if row is None:
        raise ValueError(f"the task cannot {move.verb} from {source}")
    task.state, task.is_open = row.target, row.target in OPEN
    task.blocked_by = move.reason if move.verb == "block" else ""
    if move.to is not None:
        task.assignee_id, task.issued_at = move.to, move.at
    if move.outcome:
        task.outcome, task.evidence, task.done_at = move.outcome, dict(move.evidence), move.at
    return models.TaskStep(
        task=task, number=number, verb=move.verb, source=source, target=row.target, at=move.at, by_id=move.by, reason=move.reason,
        detail={"outcome": move.outcome} if move.outcome else {},
    )  # fmt: skip


def _steps(life: _Life) -> list[models.MatterStep]:
    matter = life.matter
    initial = desk(kind=matter.kind).lifecycle.initial
    opened_by = life.done[0].by if life.done else None
    first = models.MatterStep(
        matter=matter, number=1, verb="open", target=initial, at=matter.reported_at, recorded_at=matter.opened_at, by_id=opened_by
    )
    rest = [
        models.MatterStep(
            matter=matter, number=number, verb=move.verb, source=move.source, target=move.target, at=move.deed.at,
            recorded_at=move.deed.recorded_at, by_id=move.deed.by, reason=move.deed.said.get("reason", ""),
            detail={"deed": move.deed.id},
        )
        for number, move in enumerate(life.lived.moves, start=2)
    ]  # fmt: skip
    return [first, *rest]


def _owe(act: Act, lives: Sequence[_Life]) -> list[models.Obligation]:
    """Write the clocks of lives, with what held them and which fell late; returns what was owed."""
    clocks = [(life, clock) for life in lives for clock in _clocks(life)]
    made: list[models.Obligation] = _bulk(models.Obligation, [_obligation(life, clock) for life, clock in clocks])
    owed = [(row, clock) for row, (_, clock) in zip(made, clocks, strict=True)]
    pauses = [
        models.Pause(obligation=row, from_at=pause.from_at, until_at=pause.until_at, reason=pause.reason, by_id=row.owed_by_id)
        for row, clock in owed
        for pause in clock.pauses
    ]
    _bulk(models.Pause, pauses)
    history.note_late(act, (row for row, clock in owed if not clock.held))
    return made


def _clocks(life: _Life) -> Sequence[Clock]:
    told = desk(kind=life.matter.kind)
    return clocks_of(desk=told, lived=life.lived, rules_on=clock_rules, calendars_on=calendars)


def _obligation(life: _Life, clock: Clock) -> models.Obligation:
    rule, at = clock.rule, clock.started_at
    holder = life.holder(at)
    person = holder if rule.owed_by == "holder" else life.answers(rule.owed_by, at)
    kind, pk = clock.about if clock.about != MATTER else ("matter", life.matter.pk)
    return models.Obligation(
        matter=life.matter, subject_kind=kind, subject_id=pk, rule=rule.code, rule_from=local_date(at), rule_hash=rule.content_hash,
        key=clock.key, title=rule.title, satisfied_by=rule.satisfied_by, level=clock.level, started_at=at, chosen_at=clock.chosen,
        due_at=clock.due_at, warn_at=warn_at(due=Due(clock.due_at, clock.held), warn=rule.warn), owed_by_id=person, owed_post=rule.owed_by,
        because="They answered for the matter then." if person == holder else "They held the post then.",
        done_at=clock.done.at if clock.done else None, done_by_id=clock.done.by if clock.done else None,
        deed_id=clock.done.id if clock.done else None, cancelled_at=clock.cancelled_at, cancelled_reason=clock.cancelled_reason,
        is_open=clock.is_open,
    )  # fmt: skip
