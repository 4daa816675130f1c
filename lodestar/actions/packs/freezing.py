"""A pack is frozen: figures kept, charts drawn, everything written as one text under one digest, and each form's digest kept.

Nothing frozen is ever changed. A correction is a version beside it; readers see which they read and why it was corrected.
"""

from __future__ import annotations

from datetime import datetime

from lodestar.actions.packs.figures import keep_figures
from lodestar.actions.packs.meetings import mine, step
from lodestar.actions.perform import Act, perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.core.packs import agenda as agendas
from lodestar.core.packs.content import Freezing, Held, Parts, content, digest_of, letters_in, text_of
from lodestar.core.packs.forms import Writers, digests
from lodestar.core.packs.letters import letters
from lodestar.core.packs.lifecycle import freeze_gaps
from lodestar.core.words import require
from lodestar.store.models import Meeting, Pack
from lodestar.store.queries import packs as queries

CODE = "0.1.0"


def freeze(*, actor: Actor, meeting_id: int, seen_version: int, reason: str, writers: Writers, now: datetime) -> int:
    """Freeze the pack of a meeting that was held. Returns its number.

    Refuses while a child whose scrutiny was due there was not discussed, unless the reason for leaving it is said.
    """
    with perform("pack.frozen", actor=actor, now=now, permission=P.PACKS_HOLD) as act:
        row = mine(act, meeting_id, seen_version)
        left = agendas.left(queries.agenda_of(row), (one.key for one in queries.decided(row)))
        require(*freeze_gaps(left=len(left), reason=reason))
        made = _make(act, row, writers, left_reason=reason.strip() if left else "")
        step(act, row, "freeze", detail=_told(made), left_reason=reason.strip() if left else "")
        return int(made.pk)


def correct(*, actor: Actor, meeting_id: int, seen_version: int, reason: str, writers: Writers, now: datetime) -> int:
    """Freeze another version from what is known now, beside those before it, with the reason. Returns its number."""
    with perform("pack.corrected", actor=actor, now=now, permission=P.PACKS_HOLD) as act:
        row = mine(act, meeting_id, seen_version)
        before = queries.newest_pack(row)
        made = _make(act, row, writers, left_reason=row.left_reason, before=before, reason=reason.strip())
        step(act, row, "correct", reason=reason, detail=_told(made))
        return int(made.pk)


def publish(*, actor: Actor, meeting_id: int, seen_version: int, now: datetime) -> None:
    """The newest version is given to its readers; versions published before stay theirs to read."""
    with perform("pack.published", actor=actor, now=now, permission=P.PACKS_PUBLISH) as act:
        row = mine(act, meeting_id, seen_version)
        newest = queries.newest_pack(row)
        version = newest.version if newest else 0
        step(act, row, "publish", published_version=version, published_by_id=act.person, detail={"version": version})


def _make(act: Act, row: Meeting, writers: Writers, *, left_reason: str, before: Pack | None = None, reason: str = "") -> Pack:
    template, agenda = queries.template_of(row), queries.agenda_of(row)
    version = before.version + 1 if before else 1
    known = letters_in(queries.content_of(before)) if before else None
    children = {one.child for part in agenda for one in part.items if one.child is not None}
    figures, charts, tables = keep_figures(act, template, writers)
    table = content(
        template=template,
        held=Held(row.pk, row.due_at, row.held_at or act.now, row.chair.name if row.chair else "", row.attended, left_reason),
        freezing=Freezing(version, act.now, act.actor.name, CODE, before.sha256 if before else "", reason),
        parts=Parts(
            agenda=agenda,
            cases=queries.cases(agenda=agenda, at=act.now),
            decided=queries.decided(row),
            letters=letters(pack=queries.pack_key(row), children=children, before=known),
            figures=figures,
            charts=charts,
            tables=tables,
        ),
    )
    text = text_of(table)
    return act.add(
        Pack(
            meeting=row,
            version=version,
            frozen_at=act.now,
            frozen_by_id=act.person,
            content=text,
            sha256=digest_of(text),
            forms=digests(table, writers),
            reason=reason,
        )
    )


def _told(made: Pack) -> dict[str, object]:
    return {"version": made.version, "sha256": made.sha256}
