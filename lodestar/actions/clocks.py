"""What is owed by when: started before it is due, each with one named person, stopped by what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from lodestar.actions.perform import Act, perform, subject_kind
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.clocks.due import choose, due_at
from lodestar.core.clocks.repeats import repeat_triggers
from lodestar.core.clocks.reviews import expected_reviews
from lodestar.core.clocks.rules import ClockRule
from lodestar.core.clocks.standing import warn_at
from lodestar.core.clocks.starts import Event, MatterFacts, Start, key_for, starts
from lodestar.core.duty.owing import Owed
from lodestar.core.matters.kinds import deed_kind
from lodestar.core.times import local_date
from lodestar.core.words import Allowed, Refusal, Refused, require
from lodestar.store.inserting import mirror
from lodestar.store.models import Deed, Involvement, Matter, Obligation, Pause
from lodestar.store.playbooks import calendars, clock_rules
from lodestar.store.queries import clocks as queries
from lodestar.store.queries import duty

NOTHING_OWED = "Nothing is owed: agree what happens next"


def begin(
    act: Act,
    matter: Matter | None,
    event: str,
    *,
    at: datetime,
    was_level: str = "",
    chosen: datetime | None = None,
    about: Model | None = None,
    after: Deed | None = None,
) -> None:
    """An event makes the obligations it starts, each once, before they are due.

    ``after`` is the deed that is the event: what that very deed has just answered starts afresh, though the minute is the same.
    """
    rules = clock_rules(local_date(at))
    facts = MatterFacts(
        kind=matter.kind if matter else "",
        is_child=matter.is_child if matter else True,
        level=matter.level if matter else "",
        previous_level=was_level,
    )
    begun = list(starts(event=Event(event, at), matter_facts=facts, rules=rules.values()))
    begun = [replace(start, key=_key(start.rule, start.key, about or matter, after)) for start in begun]
    _owe(act, matter, begun, chosen=chosen, about=about)
    if matter is not None and event in ("graded", "corrected", "reopened"):
        expect_reviews(act, matter)
    if matter is not None and event == "reported":
        watch_repeats(act, matter)


def _key(rule: ClockRule, key: str, subject: Model | None, after: Deed | None) -> str:
    """The key of a start; told apart from the clock of the same minute that the deed behind it has just stopped."""
    if after is None or subject is None:
        return key
    rows = Obligation.objects.filter(subject_kind=subject_kind(type(subject)), subject_id=subject.pk, rule=rule.code, key=key)
    return f"{key}+{after.pk}" if rows.filter(deed=after).exists() else key


def _owe(
    act: Act,
    matter: Matter | None,
    begun: Sequence[Start],
    *,
    chosen: datetime | None = None,
    about: Model | None = None,
) -> int:
    """Make what these starts owe, each once, and all of it written together; says how many were not owed yet."""
    subject: Model = about or matter  # type: ignore[assignment]
    kind, pk = subject_kind(type(subject)), subject.pk
    if not begun:
        return 0
    have = act.begun[kind, pk] if (kind, pk) in act.begun else queries.begun(kind=kind, pk=pk)
    new = {(start.rule.code, start.key): start for start in begun if (start.rule.code, start.key) not in have}
    made = []
    for start in new.values():
        span = start.rule.span(start.level or None)
        picked = chosen if span is not None and span.calendar == "chosen" else None
        if picked is not None:
            _insist_chosen(start.rule, start.level, picked, start.started_at, act.now)
            replaced = Obligation.objects.filter(subject_kind=kind, subject_id=pk, rule=start.rule.code, is_open=True)
            _cancel_rows(act, list(replaced), "A new review time was set.")
        at, made_now = max(start.started_at, act.now), act.made(subject)
        owed = duty.owing(post_kind=start.rule.owed_by, matter=matter, about=about, at=at, rota=act.rota, new=made_now)
        made.append(_obligation(matter, subject, start, picked, owed))
    act.add_soon(made)
    have.update(new)
    return len(made)


def _obligation(matter: Matter | None, subject: Model, start: Start, picked: datetime | None, owed: Owed) -> Obligation:
    rule, at = start.rule, start.started_at
    due = due_at(rule=rule, started_at=at, calendars=calendars(local_date(at)), level=start.level or None, chosen=picked)
    return Obligation(
        matter=matter,
        subject_kind=subject_kind(type(subject)),
        subject_id=subject.pk,
        rule=rule.code,
        rule_from=local_date(at),
        rule_hash=rule.content_hash,
        key=start.key,
        title=rule.title,
        satisfied_by=rule.satisfied_by,
        level=start.level,
        started_at=at,
        chosen_at=picked,
        due_at=due.at,
        warn_at=warn_at(due=due, warn=rule.warn),
        owed_by_id=owed.person,
        owed_post=rule.owed_by,
        because=owed.because,
    )


def _insist_chosen(rule: ClockRule, level: str, picked: datetime, at: datetime, now: datetime) -> None:
    verdict = choose(rule=rule, level=level or None, chosen=picked, started_at=at, now=now)
    # A second person may confirm after the time the first chose: it is then owed at once, not refused.
    if not isinstance(verdict, Allowed) and picked > now:
        raise Refused(*verdict)


def expect_reviews(act: Act, matter: Matter) -> int:
    """Supervisor reviews are owed in advance, one for each period, each by the person the rota names."""
    made = 0
    for rule in clock_rules(local_date(act.now)).values():
        if not rule.repeats or rule.matter != matter.kind:
            continue
        expected = expected_reviews(
            open_from=queries.open_since(matter),
            open_until=matter.returned_at or matter.closed_at,
            level_history=queries.level_history(matter),
            rule=rule,
            calendars=calendars(local_date(act.now)),
            now=act.now,
        )
        have = dict(Obligation.objects.filter(matter=matter, rule=rule.code).values_list("key", "pk"))
        due = [review for review in expected if review.key not in have and review.ended_at is None]
        made += _owe(act, matter, [Start(rule, review.key, review.period_start, review.level) for review in due])
        wanted = [review.key for review in expected if review.ended_at is None]
        stale = Obligation.objects.filter(matter=matter, rule=rule.code, is_open=True).exclude(key__in=wanted)
        if matter.is_open and matter.returned_at is None:
            stale = stale.filter(due_at__gt=act.now)  # one that has fallen due stays on the lists until a later review
        _cancel_rows(act, list(stale), "The level changed, or the child is back.")
    return made


def watch_repeats(act: Act, matter: Matter) -> None:
    """Going missing again, or for long, starts its own clocks: 3 in 90 days, more than 3 in 12 months, over 7 days."""
    found = repeat_triggers(
        report_times=act.answer(queries.times_reported, matter.person_id),
        missing_since=None if matter.located_at else (matter.since_to or matter.reported_at),
        now=act.now,
        rules=[
            rule
            for rule in clock_rules(local_date(act.now)).values()
            if rule.matter == matter.kind and (matter.is_child or not rule.child_only)
        ],
    )
    _owe(act, matter, [Start(one.rule, key_for(event="reached", at=one.reached_at), one.reached_at, "") for one in found])


def satisfy(act: Act, matter: Matter | None, deed: Deed, *, about: Model | None = None) -> None:
    """What was done stops the clocks it satisfies, at the time it was done; what it makes pointless is cancelled."""
    for row in _waiting_for(matter, deed, about):
        if not queries.rule_of(row).repeats or row.key == _answers(row, deed):
            act.move(row, done_at=deed.at, done_by_id=act.actor.id, deed=deed, is_open=False)
        elif row.due_at <= deed.at:
            _cancel_rows(act, [row], "Missed: a later review was done.")
    if matter is not None:
        _end_pointless(act, matter, deed)


def _waiting_for(matter: Matter | None, deed: Deed, about: Model | None) -> QuerySet[Obligation]:
    """The open clocks that wait for a deed of this code, or for anything it counts as: on the matter, or on what it is about."""
    kind = deed_kind(kind=matter.kind, code=deed.code) if matter is not None else None
    rows = Obligation.objects.filter(is_open=True, satisfied_by__in=(deed.code, *(kind.counts_as if kind else ())))
    if about is None:
        return rows.filter(matter=matter)
    same = _same_person(about) if isinstance(about, Involvement) else [about.pk]
    itself = Q(subject_kind=subject_kind(type(about)), subject_id__in=same)
    return rows.filter(itself | Q(subject_kind="matter", subject_id=matter.pk) if matter is not None else itself)


def _same_person(about: Involvement) -> list[int]:
    """Every place this person has in the matter: what is decided about a child is decided in each of the child's roles."""
    return list(Involvement.objects.filter(matter_id=about.matter_id, person_id=about.person_id).values_list("pk", flat=True))


def settle_about(act: Act, about: Model, *, code: str) -> None:
    """Stop the clocks on something that belongs to no matter: a bad row, an identity question, a task."""
    rows = Obligation.objects.filter(is_open=True, satisfied_by=code, subject_kind=subject_kind(type(about)), subject_id=about.pk)
    for row in rows:
        act.move(row, done_at=act.now, done_by_id=act.actor.id, is_open=False)


def cancel_about(act: Act, about: Model, *, reason: str) -> None:
    """Take back what is owed on something that belongs to no matter."""
    _cancel_rows(act, list(Obligation.objects.filter(is_open=True, subject_kind=subject_kind(type(about)), subject_id=about.pk)), reason)


def pass_about(act: Act, about: Model, *, to: int, because: str) -> None:
    """What is owed on something that belongs to no matter falls to somebody else from now on; the due times do not move."""
    for row in Obligation.objects.filter(is_open=True, subject_kind=subject_kind(type(about)), subject_id=about.pk):
        act.move(row, owed_by_id=to, because=because)


def _answers(row: Obligation, deed: Deed) -> str:
    """A review answers the newest period begun; it never makes up for one missed before."""
    begun = Obligation.objects.filter(matter=row.matter, rule=row.rule, started_at__lte=deed.at).order_by("-started_at").first()
    return begun.key if begun else ""


def _end_pointless(act: Act, matter: Matter, deed: Deed) -> None:
    open_rows = Obligation.objects.filter(matter=matter, is_open=True)
    ended = [row for row in open_rows if deed.code in queries.rule_of(row).ended_by]
    _cancel_rows(act, ended, f"No longer owed: {deed.code.replace('_', ' ')}.")


def cancel(act: Act, matter: Matter, *, reason: str, after: str = "") -> None:
    """Take back what is owed on a matter; where ``after`` names an event, only what that event had started."""
    rows = Obligation.objects.filter(matter=matter, is_open=True)
    chosen = [row for row in rows if not after or queries.rule_of(row).event == after]
    _cancel_rows(act, chosen, reason)


def _cancel_rows(act: Act, rows: list[Obligation], reason: str) -> None:
    for row in rows:
        act.move(row, cancelled_at=act.now, cancelled_reason=reason, is_open=False)


def pass_on(act: Act, matter: Matter, *, giver_id: int, receiver_id: int) -> None:
    """What the giver owed as the holder, the receiver owes from now on; the due times do not move."""
    for row in Obligation.objects.filter(matter=matter, is_open=True, owed_by_id=giver_id, owed_post="holder"):
        act.move(row, owed_by_id=receiver_id, because="They answer for the matter since the hand-over.")


def mirror_next(matter: Matter, asked: queries.Soonest | None = None, **besides: Any) -> None:
    """Bring the board's mirror of what is owed next up to date, and ``besides``; a mirror never moves the version people have read."""
    soonest = (asked or queries.next_owed(matter))() if matter.is_open else None
    values: dict[str, Any] = {"next_due_at": None, "next_owed": "", "next_owed_by_id": None}
    if soonest is not None:
        values = dict(zip(values, soonest, strict=True))
    elif matter.is_open:
        values = {"next_due_at": matter.opened_at, "next_owed": NOTHING_OWED, "next_owed_by_id": matter.holder_id}
    values |= besides
    mirror(matter, values)


def pause_clock(*, actor: Actor, obligation_id: int, seen_version: int, reason: str, now: datetime) -> None:
    """Hold a clock with a reason. The age of the matter goes on; refused when it is held or ended already, or held by deeds only."""
    with perform("clock.paused", actor=actor, now=now, permission=P.CLOCKS_PAUSE) as act:
        row = act.claim(Obligation, obligation_id, seen_version=seen_version)
        held = row.pauses.filter(until_at=None).exists()
        require(
            *_by_deeds_only(row),
            Refusal("clock.held", "This clock is already held.") if held else None,
            Refusal("clock.ended", "This is no longer owed, so there is nothing to hold.") if not row.is_open else None,
            None if reason.strip() else Refusal("clock.pause_reason", "Say why the clock is held.", "", "reason"),
        )
        act.add(Pause(obligation=row, from_at=now, reason=reason, by_id=actor.id))
        reindex(act, row)


def resume_clock(*, actor: Actor, obligation_id: int, seen_version: int, now: datetime) -> None:
    """Let a held clock run on; refused when it is not held, or held by deeds."""
    with perform("clock.resumed", actor=actor, now=now, permission=P.CLOCKS_PAUSE) as act:
        row = act.claim(Obligation, obligation_id, seen_version=seen_version)
        require(*_by_deeds_only(row))
        held = row.pauses.filter(until_at=None).first()
        if held is None:
            raise Refused(Refusal("clock.not_held", "This clock is running."))
        held.until_at = now
        held.save(update_fields=["until_at"])
        reindex(act, row)


def _by_deeds_only(row: Obligation) -> tuple[Refusal, ...]:
    """A limit of the law is held by what happened, as its playbook says, never by anybody's wish."""
    rule = queries.rule_of(row)
    sentence = "This is held only by what happened. Record on the matter that the child left for hospital, or is back."
    return (Refusal("clock.held_by_deeds", sentence, rule.authority),) if rule.held_by else ()


def reindex(act: Act, row: Obligation) -> None:
    """The stored due time is only an index: it is worked out afresh once a clock was held or let go."""
    due = queries.derive(row)
    act.move(row, due_at=due.at, warn_at=warn_at(due=due, warn=queries.rule_of(row).warn))
    act.record(row, detail={"matter": row.matter_id, "rule": row.rule})
    act.changed(row.matter_id)
    if row.matter is not None:
        mirror_next(row.matter)
