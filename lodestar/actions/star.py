"""The star schema leaves as files for one person: cut to their reach, and on record with what was taken and how much."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from lodestar.actions.perform import perform
from lodestar.core.access.permissions import Permission as P
from lodestar.core.access.scope import Actor
from lodestar.store.queries import star as queries

Written = dict[str, bytes]


def take(*, actor: Actor, write: Callable[[queries.Export], Written], now: datetime) -> tuple[Written, dict[str, int]]:
    """Write every table within the actor's reach; the audit keeps the count of rows of each and the digest of each file."""
    with perform("star.exported", actor=actor, now=now, permission=P.MEASURES_EXPORT) as act:
        found = queries.export(actor=actor, at=now)
        files = write(found)
        act.subject = ("star", "export")
        digests = {name: sha256(body).hexdigest() for name, body in sorted(files.items())}
        act.record(outcome="seen", detail={"rows": found.counts, "sha256": digests})
        return files, found.counts
