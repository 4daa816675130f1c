"""A record has been parted: whoever relies on what it was is told. Part of the action that parts it."""

from __future__ import annotations

from lodestar.actions import notices
from lodestar.actions.perform import Act
from lodestar.store.queries import leads

WORDS = "A record that this rests on has been parted since. Read the facts again before you rely on them."


def tell(act: Act, *, old: int, new: int) -> int:
    """Each lead that rests on one of the two records says so from now on, and whoever has it is told. Returns how many there are."""
    found = act.answer(leads.resting_on, old, new)
    for row in found:
        act.move(row, attention=WORDS)
        act.record(row, verb="lead.shaken", detail={"people": [old, new]})
        text = "A lead of yours rests on records that have been parted since. Read it again."
        owner = row.decided_by_id or row.owner_id
        notices.tell(act, user_id=owner, kind="lead", about=row, text=text, key=f"lead:{row.pk}:parted:{act.now.isoformat()}")
    return len(found)
