"""Looking is an action: no audit row, no page.

A record opened leaves a row with its id; a list leaves one row with the ids it showed. Where that row cannot be written,
``AuditUnavailable`` is raised and nothing is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

from django.db import models

from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission
from lodestar.core.access.scope import Actor

Row = TypeVar("Row", bound=models.Model)


def open_row(*, actor: Actor, model: type[Row], pk: int, permission: str, verb: str, now: datetime) -> Row:
    """Open one record within reach, leaving who looked; not there or not theirs look the same."""
    with perform(verb, actor=actor, now=now, permission=permission) as act:
        row = act.claim(model, pk)
        act.record(row, outcome="seen")
        return row


def take_paper(
    *,
    actor: Actor,
    model: type[Row],
    pk: int,
    permission: str,
    verb: str,
    write: Callable[[Row], bytes],
    now: datetime,
    detail: dict[str, str],
) -> tuple[Row, bytes]:
    """A paper about one record leaves as a file: who took it, about what, and its digest; out of reach and not there look the same.

    What the paper refuses is refused here, and on record.
    """
    with perform(verb, actor=actor, now=now, permission=permission) as act:
        row = act.claim(model, pk)
        body = write(row)
        act.record(row, outcome="seen", detail={**detail, "sha256": sha256(body).hexdigest()})
        return row, body


def note_list(
    *, actor: Actor, permission: str, verb: str, kind: str, ids: Iterable[int], now: datetime, detail: dict[str, str] | None = None
) -> None:
    """A list was shown: one row names every record on it."""
    with perform(verb, actor=actor, now=now, permission=permission) as act:
        act.subject = (kind, "list")
        act.record(outcome="seen", detail={"ids": list(ids), **(detail or {})})


def note_held(*, actor: Actor, ids: Iterable[int], now: datetime) -> None:
    """What is held of other desks stood on a page: it is part of their records, so one row there names each that was shown."""
    shown = sorted(ids)
    if shown:
        note_list(actor=actor, permission=Permission.MATTERS_READ, verb="matter.held_seen", kind="matter", ids=shown, now=now)


def note_export(*, actor: Actor, permission: str, verb: str, kind: str, rows: int, digest: str, now: datetime) -> None:
    """Something left Lodestar as a file: what, how much, and its digest."""
    with perform(verb, actor=actor, now=now, permission=permission) as act:
        act.subject = (kind, "export")
        act.record(outcome="seen", detail={"rows": rows, "sha256": digest})
