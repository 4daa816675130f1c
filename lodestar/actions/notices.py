"""Telling people off-screen: an outbox that is written with the deed and emptied by a job, failures in plain sight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Model

from lodestar.actions.perform import Act, perform, subject_kind
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.words import Conflict, NotVisible
from lodestar.store.models import Notice
from lodestar.store.queries import notices as queries

Deliver = Callable[[Notice], None]
BATCH = 200
REOPENED = "reopened"  # the kind of the news that a commitment opened again: its chart goes with it


def tell(act: Act, *, user_id: int | None, kind: str, about: Model, text: str, key: str = "", first: bool = False) -> bool:
    """Put a notice in the outbox, and say whether it was news; the same news is told once. Never a child's name in the text.

    ``first`` is said of what has just come into being: nobody can have been told of it before.
    """
    if user_id is None or user_id == act.actor.id:
        return False
    unique = f"{user_id}:{key or f'{kind}:{subject_kind(type(about))}:{about.pk}:{act.now.isoformat()}'}"
    if not first and queries.told(key=unique):
        return False
    act.note(
        Notice(
            user_id=user_id,
            kind=kind,
            subject_kind=subject_kind(type(about)),
            subject_id=about.pk,
            text=text,
            key=unique,
            created_at=act.now,
            next_try_at=act.now,
        )
    )
    return True


def deliver_waiting(*, actor: Actor, deliver: Deliver, now: datetime) -> tuple[int, int]:
    """Send what is waiting; a failure is kept with its reason and tried again later. Returns (sent, failed)."""
    sent = failed = 0
    waiting = Notice.objects.filter(delivered_at=None, next_try_at__lte=now).select_related("user").order_by("pk")
    for notice in waiting[:BATCH]:
        failure = _try(deliver, notice)
        try:
            _note(actor, notice.pk, failure, now)
        except Conflict as conflict:  # read at this very instant: told again in a minute rather than the rest not at all
            failure = type(conflict).__name__
        failed += bool(failure)
        sent += not failure
    return sent, failed


def _note(actor: Actor, notice_id: int, failure: str, now: datetime) -> None:
    """Write down what became of one; it is read afresh, as its person may have seen it while the mail server took its time."""
    with perform("notice.sent", actor=actor, now=now, permission=P.JOBS_RUN) as act:
        notice = act.claim(Notice, notice_id)
        if failure:
            wait = timedelta(minutes=min(60, 2 ** min(notice.tries, 6)))
            act.move(notice, tries=notice.tries + 1, last_failure=failure, next_try_at=now + wait)
            act.record(notice, verb="notice.failed", detail={"tries": notice.tries})
        else:
            act.move(notice, delivered_at=now, tries=notice.tries + 1, last_failure="")
            act.record(notice)


def mark_seen(*, actor: Actor, notice_id: int, now: datetime) -> Notice:
    """A person has read a notice meant for them; anybody else's looks as if it were not there."""
    with perform("notice.seen", actor=actor, now=now, permission=P.NOTICES_READ) as act:
        notice = act.claim(Notice, notice_id)
        if notice.user_id != actor.id:
            raise NotVisible
        if notice.seen_at is None:
            act.move(notice, seen_at=now)
        act.record(notice, outcome="seen")
        return notice


def _try(deliver: Deliver, notice: Notice) -> str:
    """The failure's kind, never its text: a mail server's complaint may quote an address."""
    try:
        deliver(notice)
    except (OSError, ValueError) as error:  # what mail and network failures are; and an address that cannot be one
        return type(error).__name__
    return ""
