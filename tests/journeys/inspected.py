"""An inspection as the journeys need it: a report with a measured and an unmeasured promise, a reply, and an audit of one case."""

from __future__ import annotations

from datetime import datetime

from lodestar.actions.inspection import replies
from lodestar.store.models import SampledCase
from tests.actions import conftest as small
from tests.actions.inspecting import drawn, take


def inspected(force: small.Force, now: datetime) -> dict[str, int]:
    """One of each row that a page of inspections is about; returns their numbers by kind."""
    take(force, now, measured=False)
    made = take(force, now)
    replies.make_reply(actor=force.actor("willow", now), inspection_id=made.inspection_id, now=now)
    audit = drawn(force, now, size=1)
    return {
        "inspection": made.inspection_id,
        "finding": made.finding_id,
        "commitment": made.commitment_id or 0,
        "case_audit": audit,
        "sampled_case": SampledCase.objects.get(audit_id=audit).pk,
    }
