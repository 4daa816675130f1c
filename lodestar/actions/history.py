"""Taking over what another system (or the demonstration's generator) holds: whole, in bulk, and on record.

Rows come as plain values, noun by noun, and keep the times they had. Each batch leaves one audit row with its count and
digest. What was owed is not taken over but derived again, by the clock rules in force on the day.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import Model

from lodestar.actions import clocks, found_by, known, priority
from lodestar.actions.matters.work import use_trigger_plans
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.clocks.due import due_at
from lodestar.core.clocks.rules import ClockRule
from lodestar.core.clocks.standing import warn_at
from lodestar.core.clocks.starts import Event, MatterFacts, key_for, starts
from lodestar.core.times import local_date
from lodestar.store import models
from lodestar.store.playbooks import calendars, clock_rules

NOUNS: dict[str, type[Model]] = {
    "authority": models.Authority,
    "district": models.District,
    "earlier_count": models.EarlierCount,
    "place": models.Place,
    "user": models.User,
    "role": models.RoleGrant,
    "post": models.Post,
    "shift": models.Shift,
    "person": models.Person,
    "key": models.PersonKey,
    "report": models.Report,
    "risk_fact": models.RiskFact,
    "alert": models.Alert,
    "link": models.Link,
    "engagement": models.Engagement,
    "engagement_person": models.EngagementPerson,
    "thing": models.Thing,
    "sighting": models.Sighting,
    "question": models.LinkQuestion,
    "answer": models.ReviewAnswer,
    "label": models.Label,
    "matter": models.Matter,
    "matter_report": models.MatterReport,
    "step": models.MatterStep,
    "grade": models.Grade,
    "deed": models.Deed,
    "holding": models.Holding,
    "handover": models.Handover,
    "news": models.News,
    "transfer": models.Transfer,
    "task": models.Task,
    "meeting": models.Meeting,
}
CHUNK = 500


def take_over(*, actor: Actor, noun: str, rows: Sequence[Mapping[str, Any]], now: datetime) -> list[int]:
    """Write rows of one noun as they are given; returns their numbers, in order. Refuses whoever may not load history."""
    model = NOUNS[noun]
    with perform("history.loaded", actor=actor, now=now, permission=P.HISTORY_LOAD) as act:
        made = model._default_manager.bulk_create([model(**row) for row in rows], batch_size=CHUNK)
        known.came(made, now=now)
        found_by.note(made)
        act.subject = (noun, "history")
        digest = sha256(json.dumps([sorted(row.items()) for row in rows], default=str).encode()).hexdigest()
        act.record(detail={"rows": len(made), "sha256": digest})
        return [int(row.pk) for row in made]


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a matter's past that starts clocks, with the level before and after it."""

    code: str
    at: datetime
    level: str = ""
    was_level: str = ""
    chosen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One supervisor review that was owed in the past."""

    started_at: datetime
    due_at: datetime
    level: str
    owed_by: int
    deed: int | None
    done_at: datetime | None
    done_by: int | None


@dataclass(frozen=True, slots=True)
class Past:
    """A matter's past, as far as its clocks need it. ``deeds`` are code, instant, number and person, in order."""

    matter: int
    is_child: bool
    opened_at: datetime
    ended_at: datetime | None
    happened: tuple[Happened, ...]
    deeds: tuple[tuple[str, datetime, int | None, int | None], ...]
    reviews: tuple[Reviewed, ...]
    holders: tuple[tuple[datetime, int], ...]
    answers: Mapping[str, int]  # who owes what a kind of post owes, where it is not the holder
    passed_on: bool = False  # another force answers from the end on
    given_up_after: timedelta | None = None  # a return interview not held by then is no longer chased


def owe(*, actor: Actor, pasts: Sequence[Past], now: datetime) -> int:
    """What was owed on past matters, by the rules in force then: done, late, cancelled or still owed. Returns how many."""
    with perform("history.owed", actor=actor, now=now, permission=P.HISTORY_LOAD) as act:
        rows = [row for past in pasts for row in (*_obligations(past, now), *_reviews(past))]
        made = models.Obligation._default_manager.bulk_create(rows, batch_size=CHUNK)
        late = note_late(act, made)
        known.remember(matters={past.matter for past in pasts}, obligations=made, now=now)
        act.subject = ("obligation", "history")
        act.record(detail={"rows": len(made), "late": late})
        return len(made)


def bring_to_life(*, actor: Actor, matter_ids: Sequence[int], now: datetime, each: Callable[[int], object]) -> None:
    """What is still open goes on by the rules: reviews ahead, repeats, the tier and the board's mirrors."""
    _count_again()
    for matter in models.Matter.objects.filter(pk__in=matter_ids).select_related("person", "holder"):
        with perform("history.continued", actor=actor, now=now, permission=P.HISTORY_LOAD) as act:
            if matter.returned_at is None and matter.level:
                clocks.expect_reviews(act, matter)
            clocks.watch_repeats(act, matter)
            _continue_offers(act, matter)
            use_trigger_plans(act, matter)
            priority.assess(act, matter)
            clocks.mirror_next(matter)
            act.record(matter)
            act.changed(matter.pk)
        each(matter.pk)


def _count_again() -> None:
    """After so many rows at once the database counts its tables: without that PostgreSQL reads them as if they were empty,
    and one question took four minutes instead of a millisecond."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _continue_offers(act: Act, matter: models.Matter) -> None:
    """Offers, questions and issued tasks that wait for an answer run on their own clocks."""
    for offer in matter.handovers.filter(state="offered"):
        clocks.begin(act, matter, "handover_offered", at=offer.offered_at, about=offer)
    for transfer in matter.transfers.filter(state="offered"):
        clocks.begin(act, matter, "transfer_offered", at=transfer.offered_at, about=transfer)
    for task in matter.tasks.filter(state="issued"):
        clocks.begin(act, matter, "task_issued", at=task.issued_at or act.now, about=task)
    for question in models.LinkQuestion.objects.filter(report__in_matters__matter=matter, state="waiting"):
        clocks.begin(act, None, "link_unsure", at=question.asked_at, about=question)


def continue_news(*, actor: Actor, now: datetime) -> None:
    """News that nobody has assessed is owed an answer, also on a closed matter."""
    for item in models.News.objects.filter(state="waiting").select_related("matter"):
        with perform("history.continued", actor=actor, now=now, permission=P.HISTORY_LOAD) as act:
            event = "news_on_open" if item.matter.is_open else "news_on_closed"
            clocks.begin(act, item.matter, event, at=item.received_at, about=item)
            act.record(item)


def _obligations(past: Past, now: datetime) -> list[models.Obligation]:
    """What the past owed; of two starts of one clock at one instant (a grade at the turn of a shift) the later grade's stands."""
    rows: dict[tuple[str, str], models.Obligation] = {}
    for event in past.happened:
        facts = MatterFacts(kind="missing", is_child=past.is_child, level=event.level, previous_level=event.was_level)
        rules = clock_rules(local_date(event.at)).values()
        for start in starts(event=Event(event.code, event.at), matter_facts=facts, rules=rules):
            span = start.rule.span(start.level or None)
            chosen = event.chosen if span is not None and span.calendar == "chosen" else None
            row = _obligation(past, rule=start.rule, key=start.key, at=start.started_at, level=start.level, chosen=chosen, now=now)
            rows[start.rule.code, start.key] = row
    return list(rows.values())


def _obligation(
    past: Past, *, rule: ClockRule, key: str, at: datetime, level: str, chosen: datetime | None, now: datetime
) -> models.Obligation:
    due = due_at(rule=rule, started_at=at, calendars=calendars(local_date(at)), level=level or None, chosen=chosen)
    holder = next((person for since, person in reversed(past.holders) if since <= at), past.holders[0][1])
    person = past.answers.get(rule.owed_by, holder)
    row = models.Obligation(
        matter_id=past.matter,
        subject_kind="matter",
        subject_id=past.matter,
        rule=rule.code,
        rule_from=local_date(at),
        rule_hash=rule.content_hash,
        key=key,
        title=rule.title,
        satisfied_by=rule.satisfied_by,
        level=level,
        started_at=at,
        chosen_at=chosen,
        due_at=due.at,
        warn_at=warn_at(due=due, warn=rule.warn),
        owed_by_id=person,
        owed_post=rule.owed_by,
        because="They answered for the matter then." if person == holder else "They held the post then.",
    )
    _close(row, past, rule, now)
    return row


def _close(row: models.Obligation, past: Past, rule: ClockRule, now: datetime) -> None:
    """The first deed that satisfies it, or that makes it pointless, after it started."""
    for code, at, number, by in past.deeds:
        if at >= row.started_at and code == rule.satisfied_by:
            row.done_at, row.deed_id, row.done_by_id, row.is_open = at, number, by, False
            return
        if at >= row.started_at and code in rule.ended_by:
            row.cancelled_at, row.cancelled_reason, row.is_open = at, f"No longer owed: {code.replace('_', ' ')}.", False
            return
    if past.ended_at is None:
        return
    # A return interview, and telling children's services, are owed past the end; the rest has nothing left to be about.
    lasts = not past.passed_on and (rule.event == "returned" or rule.satisfied_by == "told_children_services")
    ended = max(past.ended_at, row.started_at + (past.given_up_after or timedelta(0)) if lasts else past.ended_at)
    if ended <= now:
        row.cancelled_at, row.cancelled_reason, row.is_open = ended, "The matter ended without it.", False


def _reviews(past: Past) -> list[models.Obligation]:
    rules = {rule.code: rule for rule in clock_rules(local_date(past.opened_at)).values() if rule.repeats}
    rule = rules["MIS-SUPERVISOR-REVIEW"]
    return [
        models.Obligation(
            matter_id=past.matter,
            subject_kind="matter",
            subject_id=past.matter,
            rule=rule.code,
            rule_from=local_date(review.started_at),
            rule_hash=rule.content_hash,
            key=key_for(event="period", at=review.started_at),
            title=rule.title,
            satisfied_by=rule.satisfied_by,
            level=review.level,
            started_at=review.started_at,
            due_at=review.due_at,
            warn_at=None,
            owed_by_id=review.owed_by,
            owed_post=rule.owed_by,
            because="They led this shift as duty sergeant.",
            done_at=review.done_at,
            done_by_id=review.done_by,
            deed_id=review.deed,
            is_open=review.done_at is None and past.ended_at is None,
            # Ended after it fell due, it was missed; before, it was no longer owed. The ledger tells them apart by the two times.
            cancelled_at=past.ended_at if review.done_at is None else None,
        )
        for review in {one.started_at: one for one in past.reviews}.values()
    ]


def note_late(act: Act, owed: Iterable[models.Obligation]) -> int:
    """Write what of this fell late, noticed at its time; says how many."""
    late = [row for row in owed if _fell_late(row, act.now)]
    breaches = [models.Breach(obligation=row, fell_due_at=row.due_at, noticed_at=row.due_at, owed_by_id=row.owed_by_id) for row in late]
    models.Breach._default_manager.bulk_create(breaches, batch_size=CHUNK)
    return len(late)


def _fell_late(row: models.Obligation, now: datetime) -> bool:
    ended = min((at for at in (row.done_at, row.cancelled_at, now) if at is not None), default=now)
    return ended > row.due_at
