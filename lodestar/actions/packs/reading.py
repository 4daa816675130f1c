"""Reading a meeting or its pack is an action: a row names who read which version and which children they saw by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.packs.content import Content, View
from lodestar.core.packs.forms import ENDINGS, Writers
from lodestar.core.words import NotVisible
from lodestar.store.models import Meeting, Pack
from lodestar.store.queries import packs as queries


@dataclass(frozen=True, slots=True)
class Opened:
    """One version of a pack, opened for one reader."""

    row: Pack
    content: Content
    view: View


def look_at_agenda(*, actor: Actor, meeting_id: int, now: datetime) -> tuple[Meeting, Content, View]:
    """Open the agenda of a meeting that one comes to; not there and not one's own look the same."""
    with perform("meeting.seen", actor=actor, now=now, permission=P.PACKS_READ) as act:
        row = queries.meeting(actor=actor, meeting_id=meeting_id)
        content = queries.draft(row, at=now)
        view = queries.view_of(actor=actor, matters=map(int, content["cases"]))
        act.record(row, outcome="seen", detail={"ids": sorted(view.named)})
        return row, content, view


def look(*, actor: Actor, pack_id: int, now: datetime) -> Opened:
    """Open one version of a pack: by name what the reader may know, by letter the rest."""
    with perform("pack.seen", actor=actor, now=now, permission=P.PACKS_READ) as act:
        found = _open(actor, pack_id)
        act.record(found.row, outcome="seen", detail=_told(found))
        return found


def take(*, actor: Actor, pack_id: int, ending: str, writers: Writers, now: datetime) -> tuple[str, bytes]:
    """One form of a pack leaves as a file for this reader: its name, which names nobody, and its bytes; the digest is on record."""
    with perform("pack.taken", actor=actor, now=now, permission=P.PACKS_READ) as act:
        if ending not in ENDINGS:
            raise NotVisible
        found = _open(actor, pack_id)
        body = writers.write(found.content, found.view, ending=ending)
        digest = sha256(body).hexdigest()
        act.record(found.row, outcome="seen", detail={**_told(found), "form": ending, "sha256": digest})
        name = f"{queries.template_of(found.row.meeting).slug}-meeting-{found.row.meeting_id}-version-{found.row.version}.{ending}"
        return name, body


def check(*, actor: Actor, pack_ids: Iterable[int], writers: Writers, now: datetime) -> dict[int, queries.Checked]:
    """Make packs again from what was frozen, and their figures from what was known then; says what came out otherwise."""
    with perform("pack.rebuilt", actor=actor, now=now, permission=P.AUDIT_VERIFY) as act:
        found = {pack_id: queries.check(pack_id=pack_id, writers=writers) for pack_id in pack_ids}
        _note(act, found)
        return found


def _note(act: Act, found: dict[int, queries.Checked]) -> None:
    act.subject = ("pack", "rebuilt")
    act.record(outcome="seen", detail={"packs": sorted(found), "otherwise": sorted(key for key, one in found.items() if not one.whole)})


def _open(actor: Actor, pack_id: int) -> Opened:
    row = queries.pack(actor=actor, pack_id=pack_id)
    content = queries.content_of(row)
    return Opened(row, content, queries.view_of(actor=actor, matters=map(int, content["cases"])))


def _told(found: Opened) -> dict[str, object]:
    return {"version": found.row.version, "ids": sorted(found.view.named), "exact": found.view.exact}
