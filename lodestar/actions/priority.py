"""The tier is reached afresh after every change, appended when it or its reasons differ, and mirrored for the board."""

from __future__ import annotations

from dataclasses import asdict

from lodestar.actions.perform import Act
from lodestar.store.models import Assessment, Matter
from lodestar.store.queries import priority as queries


def assess(act: Act, matter: Matter) -> bool:
    """Reach the matter's tier by the playbook in force; a row is added only when something differs. True when it does."""
    book, found = queries.tier_now(matter, at=act.now)
    reasons = [asdict(reason) for reason in found.reasons]
    last = Assessment.objects.filter(matter=matter).order_by("-number").first()
    if last is not None and last.tier == found.tier and last.reasons == reasons:
        return False
    act.add(
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
    mirror = {"tier": found.tier, "tier_reason": found.reasons[0].sentence[:240]}
    Matter.objects.filter(pk=matter.pk).update(**mirror)
    matter.tier, matter.tier_reason = found.tier, mirror["tier_reason"]  # type: ignore[assignment]
    act.changed(matter.pk, "priority.assessed")
    return True
