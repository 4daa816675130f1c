"""The tier is reached afresh after every change, appended when it or its reasons differ, and mirrored for the board."""

from __future__ import annotations

from typing import Any

from lodestar.actions.perform import Act
from lodestar.store.models import Assessment, Matter
from lodestar.store.queries import priority as queries


def assess(act: Act, matter: Matter) -> bool:
    """Reach the matter's tier by the playbook in force; a row is added only when something differs. True when it does."""
    mirror = reach(act, matter)
    if mirror:
        Matter.objects.filter(pk=matter.pk).update(**mirror)
        matter.tier, matter.tier_reason = mirror["tier"], mirror["tier_reason"]
    return bool(mirror)


def reach(act: Act, matter: Matter) -> dict[str, Any]:
    """The same but for the board's mirror, which is returned for whoever writes it with others; nothing where nothing differs."""
    book, found = queries.tier_now(matter, at=act.now)
    reasons = [reason.as_document() for reason in found.reasons]
    last = queries.reasons(matter) if matter.tier_reason else None  # the mirror is blank until the first
    if last is not None and last.tier == found.tier and last.reasons == reasons:
        return {}
    act.note(
        Assessment(
            matter=matter,
            number=last.number + 1 if last else 1,
            tier=found.tier,
            reasons=reasons,
            playbook=book.code,
            playbook_hash=book.content_hash,
            at=act.now,
        )
    )
    act.changed(matter.pk, "priority.assessed")
    return {"tier": found.tier, "tier_reason": found.reasons[0].sentence[:240]}
