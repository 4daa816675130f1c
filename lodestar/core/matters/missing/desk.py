"""The missing children's desk, told to the machinery that every kind of matter shares."""

from __future__ import annotations

from lodestar.core.matters.desk import Desk, Started
from lodestar.core.matters.missing.deeds import DEEDS
from lodestar.core.matters.missing.lifecycle import MISSING

MISSING_DESK = Desk(
    kind="missing",
    title="Missing",
    noun="missing child",
    lifecycle=MISSING,
    deeds=DEEDS,
    levels="LEVELS-MISSING",
    tiers="TIERS-MISSING",
    tasks="TASKS-MISSING",
    opens=lambda story: (Started("reported", story.reported_at),),
)
