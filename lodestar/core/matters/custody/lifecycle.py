"""The life of a child's detention after charge, as one typed table (PACE s.38; the states of the decision procedure).

Refusing bail opens the duty to move the child, and from then on nothing but a move, a release or the court ends it. A
certificate is a state one is reviewed out of, never an end: bail and the move are decided afresh each time (s.40(10)).
"""

from __future__ import annotations

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row

BEFORE_CHARGE = ("detained", "early_warning")
HELD = ("kept", "requested", "answered", "certified_a", "certified_b")  # in the cells after charge, the duty to move open
ENDS_IN = ("released", "at_court")

_KEEPS = (Row("charged", "keep", "kept", P.CUSTODY_DECIDE, "matter.bail_refused"),)
_RELEASES = tuple(Row(state, "release", "released", P.CUSTODY_DECIDE, "matter.released") for state in (*BEFORE_CHARGE, "charged", *HELD))
_ASKS = tuple(Row(state, "ask", "requested", P.CUSTODY_DECIDE, "matter.place_requested") for state in HELD)
# The authority's own answer and an answer taken by telephone make the same move; each deed carries its own permission.
# Under a certificate only an offer makes it: a refusal changes nothing there.
_ANSWERS = tuple(Row(state, "answer", "answered", P.MATTERS_READ, "matter.place_answered") for state in HELD)
_CERTIFIES = (
    *(Row(state, "certify_a", "certified_a", P.CUSTODY_DECIDE, "matter.certified_impracticable") for state in HELD),
    Row("answered", "certify_b", "certified_b", P.CUSTODY_DECIDE, "matter.certified_serious_harm"),
)
_REVIEWS = tuple(Row(state, "review", "kept", P.CUSTODY_DECIDE, "matter.decided_afresh") for state in ("certified_a", "certified_b"))
_MOVES = tuple(Row(state, "move", "moved", P.CUSTODY_DECIDE, "matter.child_moved") for state in HELD)
_COURTS = tuple(Row(state, "bring_to_court", "at_court", P.CUSTODY_DECIDE, "matter.brought_to_court") for state in (*HELD, "moved"))
_AUDITS = tuple(Row(state, "audit", "audited", P.CUSTODY_SCRUTINISE, "matter.audited") for state in ENDS_IN)
_VOIDS = tuple(
    Row(state, "void", "opened_in_error", P.MATTERS_VOID, "matter.voided", reason_owed=True) for state in (*BEFORE_CHARGE, "charged")
)

CUSTODY = Lifecycle(
    name="custody",
    initial="detained",
    final=frozenset({"opened_in_error"}),
    rows=(
        # A warning decides nothing (the Act leaves deciding to the custody officer): whoever may tell the authority, warns.
        Row("detained", "warn", "early_warning", P.SHARING_RECORD, "matter.authority_warned"),
        *(Row(state, "charge", "charged", P.CUSTODY_DECIDE, "matter.charged") for state in BEFORE_CHARGE),
        *_KEEPS,
        *_RELEASES,
        *_ASKS,
        *_ANSWERS,
        *_CERTIFIES,
        *_REVIEWS,
        *_MOVES,
        # The child is back in the cells: the duty to move is open again (guard G13).
        Row("moved", "come_back", "kept", P.CUSTODY_DECIDE, "matter.child_came_back"),
        *_COURTS,
        *_AUDITS,
        Row("audited", "close", "closed", P.MATTERS_CLOSE, "matter.closed"),
        Row("closed", "reopen", "audited", P.MATTERS_CLOSE, "matter.reopened", reason_owed=True),
        *_VOIDS,
    ),
)
