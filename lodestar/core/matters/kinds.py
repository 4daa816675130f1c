"""The kinds of matter there are. A new desk adds a line here, never a copy of the machinery."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle
from lodestar.core.matters.custody.desk import CUSTODY_DESK
from lodestar.core.matters.deeds import Asked, DeedKind
from lodestar.core.matters.desk import Desk
from lodestar.core.matters.exploitation.desk import EXPLOITATION_DESK
from lodestar.core.matters.missing.desk import MISSING_DESK
from lodestar.core.matters.online.desk import ONLINE_DESK

DESKS: Mapping[str, Desk] = MappingProxyType({desk.kind: desk for desk in (MISSING_DESK, ONLINE_DESK, CUSTODY_DESK, EXPLOITATION_DESK)})

# Recorded by their own actions on a matter of any kind, never from a form.
COMMON: Mapping[str, DeedKind] = MappingProxyType(
    {
        deed.code: deed
        for deed in (
            DeedKind("graded", "Risk graded", P.MATTERS_GRADE, (), by_hand=False),
            DeedKind("closed", "Closed", P.MATTERS_CLOSE, (), by_hand=False),
            DeedKind("handover_answered", "Hand-over answered", P.DUTY_ANSWER, (), by_hand=False),
            DeedKind("news_assessed", "News assessed", P.MATTERS_NEWS, (), by_hand=False),
            DeedKind("transfer_answered", "Transfer answered", P.MATTERS_TRANSFER, (), by_hand=False),
            DeedKind("dispute_resolved", "Transfer dispute settled", P.MATTERS_TRANSFER, (), by_hand=False),
            DeedKind("task_acknowledged", "Task acknowledged", P.TASKS_WORK, (), by_hand=False),
            DeedKind("partner_answered", "Partner agency answered a request", P.TASKS_ANSWER, (), by_hand=False),
            DeedKind("task_resourced", "Task given to somebody, or left by name", P.TASKING_DECIDE, (), by_hand=False),
            DeedKind(
                "discussed_at_meeting",
                "Discussed at a meeting",
                P.PACKS_HOLD,
                (Asked("meeting", "Which meeting?"), Asked("decision", "What was decided?"), Asked("reason", "Why?")),
                by_hand=False,
            ),
            DeedKind("meeting_held", "Meeting held", P.PACKS_HOLD, (), by_hand=False),
            DeedKind("meeting_dropped", "Meeting not held, and why", P.PACKS_HOLD, (), by_hand=False),
            DeedKind("meeting_action_done", "Action of a meeting done", P.PACKS_ACT, (), by_hand=False),
            DeedKind("bad_row_settled", "Bad row settled", P.REPORTS_SETTLE, (), by_hand=False),
            DeedKind("s55_invited", "Chief officer's comments invited", P.INSPECTION_REPLY, (), by_hand=False),
            DeedKind("s55_prepared", "Comments on the report prepared", P.INSPECTION_REPLY, (), by_hand=False),
            DeedKind("s55_explained", "Each recommendation explained", P.INSPECTION_REPLY, (), by_hand=False),
            DeedKind("s55_published", "Reply published", P.INSPECTION_REPLY, (), by_hand=False),
            DeedKind("s55_sent", "Reply sent", P.INSPECTION_REPLY, (), by_hand=False),
            DeedKind("commitment_kept", "Commitment kept", P.INSPECTION_REPLY, (), by_hand=False),
            DeedKind("commitment_withdrawn", "Commitment withdrawn", P.INSPECTION_REPLY, (), by_hand=False),
            DeedKind("commitment_answered", "Reopened commitment answered", P.INSPECTION_KEEP, (), by_hand=False),
            DeedKind("engagement_looked", "Engagement looked at", P.ENGAGEMENTS_LOOK, (), by_hand=False),
            DeedKind("link_settled", "Identity question settled", P.PEOPLE_LINK, (), by_hand=False),
        )
    }
)

ENDED = frozenset({"closed", "transferred", "opened_in_error"})


def desk(*, kind: str) -> Desk:
    """The desk that works this kind of matter; an unknown kind is a fault in our code."""
    return DESKS[kind]


def lifecycle(*, kind: str) -> Lifecycle:
    """The lifecycle of this kind of matter."""
    return DESKS[kind].lifecycle


def deed_kind(*, kind: str, code: str) -> DeedKind | None:
    """What a deed of this code is on a matter of this kind; None where the desk knows no such deed."""
    return DESKS[kind].deeds.get(code) or COMMON.get(code)


def deed_title(*, code: str) -> str:
    """The words for a deed's code, whichever desk's it is."""
    found = COMMON.get(code) or next((one.deeds[code] for one in DESKS.values() if code in one.deeds), None)
    return found.title if found else code.replace("_", " ").capitalize()


def every_deed() -> dict[str, DeedKind]:
    """Every deed of every desk, by code; two desks may not give one code to two different deeds."""
    found = dict(COMMON)
    for one in DESKS.values():
        for code, kind in one.deeds.items():
            if found.setdefault(code, kind) is not kind:
                raise ValueError(f"two desks use the code {code} for different deeds")
    return found


def is_open(*, state: str) -> bool:
    """A matter is open until it has ended in any of the ways there are."""
    return state not in ENDED
