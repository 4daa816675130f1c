"""Loads the year's meetings as history, holds the last of each kind as it would be held, and prepares today's."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from lodestar.actions.packs import decisions, freezing, meetings
from lodestar.core.access.scope import Actor
from lodestar.core.packs.forms import Writers
from lodestar.core.packs.lifecycle import Wanted
from lodestar.core.times import local_date
from lodestar.doors.feeds.demo import meetings as generated
from lodestar.doors.feeds.demo.meetings import Past
from lodestar.doors.feeds.demo.stage import Loading, Row
from lodestar.store.queries import access
from lodestar.store.queries import packs as queries

_ATTENDED = {
    "daily": "Duty inspector, hub sergeant, custody, intelligence desk",
    "fortnightly": "Hub sergeant, POLIT sergeant, the county council's missing service, youth justice service",
    "monthly": "Superintendent, hub sergeant, neighbourhood policing, demand hub, intelligence",
    "quarterly": "Superintendent, hub sergeant, directors of children's services, youth justice service, health",
}
_DECIDED = (
    ("Asked why the authority was rung only after the refusal", "The early warning was not given", "An earlier warning to the authority"),
    ("Asked what a place nearer the court would have changed", "Six hours in a cell for a journey of two", "A bed near the court"),
    ("Asked why nobody rang the director on call", "The list at the desk was last year's", "A current list of whom to ring at night"),
)
_ACTION = "Put the authority's out-of-hours list at every custody desk, and show it at the next meeting"
_LEFT = "Nobody had told the meeting of this child"
_LAST = ("daily", "fortnightly", "monthly", "quarterly")


def load_meetings(one: Loading) -> None:
    """A year of meetings; the last of each kind with its pack, and today's waiting for its chair."""
    found = generated.meetings(as_of=one.now)
    held = {slug: found.last(slug) for slug in _LAST}
    rows = [_row(one, past) for slug in _LAST for past in found.past[slug] if past is not held[slug]]
    one.take("meeting", rows)
    writers: Writers = import_string(settings.PACK_WRITERS)
    for past in held.values():
        if past is not None:
            _hold(one, past, writers)
    meetings.plan(actor=one.actor, now=min(one.now, _start_of_day(one.now)))
    _prepare_today(one)


def _row(one: Loading, past: Past) -> Row:
    about = queries.template_named(code=past.template, on=local_date(past.due_at))
    chair = _chair(one, past.chair, past.due_at)
    row: Row = {
        "template": past.template,
        "template_from": local_date(past.due_at),
        "template_hash": about.content_hash,
        "due_at": past.due_at,
        "planned_at": past.due_at - timedelta(days=7),
    }
    if past.not_held:
        return {**row, "state": "not_held", "not_held_at": past.due_at, "not_held_by_id": chair, "not_held_reason": past.not_held}
    begun = past.due_at + timedelta(minutes=5)
    return {**row, "state": "published", "held_at": begun, "chair_id": chair, "attended": _ATTENDED[past.slug]}


def _chair(one: Loading, post: str, at: datetime) -> int:
    """Whoever led the post then, or the inspector in their place."""
    for kind in (post, "duty_inspector"):
        try:
            return one.users[one.demo.rota.lead(kind, at).username]
        except LookupError:
            continue
    return next(one.users[row.username] for row in one.demo.staff if row.role == "duty_inspector")


def _actor(user_id: int, at: datetime) -> Actor:
    user = access.person(user_id=user_id)
    if user is None:
        raise LookupError("the demonstration's chair has no account")
    return access.actor_for(user=user, at=at, door="demo")


def _hold(one: Loading, past: Past, writers: Writers) -> None:
    """One meeting as it is held: planned the evening before, prepared, every child in custody discussed, frozen and published."""
    row: Row = {k: v for k, v in _row(one, past).items() if k not in ("state", "held_at", "chair_id", "attended")}
    (number,) = one.take("meeting", [row])
    actor, at = _actor(_chair(one, past.chair, past.due_at), past.due_at), past.due_at + timedelta(minutes=5)
    meetings.prepare(actor=actor, meeting_id=number, seen_version=1, now=past.due_at - timedelta(minutes=30))
    meetings.hold(actor=actor, meeting_id=number, seen_version=2, attended=_ATTENDED[past.slug], now=at)
    # The history says which looks never came; a meeting in it cannot have given one in time.
    missed = queries.already_late(meeting_id=number)
    keys = [key for key in queries.to_discuss(meeting_id=number) if key not in missed]
    owners = [one.users[person.username] for person in one.demo.staff if person.role == "hub_sergeant"]
    for place, key in enumerate(keys):
        decision, reason, narrative = _DECIDED[place % len(_DECIDED)]
        given = (_ACTION, owners[0], one.now + timedelta(days=5)) if place == 0 else ("", None, None)
        decisions.decide(
            actor=actor,
            meeting_id=number,
            key=key,
            wanted=Wanted(decision, reason, narrative, *given),
            now=at + timedelta(minutes=4 * place),
        )
    ended = at + timedelta(minutes=4 * len(keys) + 20)
    freezing.freeze(actor=actor, meeting_id=number, seen_version=3, reason=_LEFT if missed else "", writers=writers, now=ended)
    freezing.publish(actor=actor, meeting_id=number, seen_version=4, now=ended + timedelta(hours=1))


def _start_of_day(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _prepare_today(one: Loading) -> None:
    """Today's daily meeting is prepared and waits for whoever chairs it."""
    number = queries.todays(code="PACK-DAILY", on=local_date(one.now))
    if number is not None:
        meetings.prepare(actor=_actor(_chair(one, "duty_inspector", one.now), one.now), meeting_id=number, seen_version=1, now=one.now)
