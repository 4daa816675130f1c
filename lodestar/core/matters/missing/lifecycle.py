"""The life of a missing child's matter, as one typed table.

Located and wellbeing confirmed are two facts (College of Policing APP: missing until located *and* wellbeing, or
otherwise, confirmed), so a matter leaves ``located`` only when both are in. No state means "no action".
"""

from __future__ import annotations

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row

LIVE = ("reported", "graded", "active", "located", "returned")

_GRADES = tuple(
    Row(state, "grade", "graded" if state == "reported" else state, P.MATTERS_GRADE, "matter.graded")
    for state in ("reported", "graded", "active", "located", "returned")
)
_LOCATES = tuple(Row(state, "locate", "located", P.MATTERS_PROGRESS, "matter.located") for state in ("reported", "graded", "active"))
_TRANSFERS = tuple(
    Row(state, "transfer", "transferred", P.MATTERS_TRANSFER, "matter.transferred", reason_owed=True)
    for state in ("reported", "graded", "active")
)
_VOIDS = tuple(
    Row(state, "void", "opened_in_error", P.MATTERS_VOID, "matter.voided", reason_owed=True) for state in ("reported", "graded", "active")
)

MISSING = Lifecycle(
    name="missing",
    initial="reported",
    final=frozenset({"transferred", "opened_in_error"}),
    rows=(
        *_GRADES,
        Row("graded", "start", "active", P.MATTERS_PROGRESS, "matter.started"),
        *_LOCATES,
        Row("located", "confirm_wellbeing", "located", P.MATTERS_PROGRESS, "matter.wellbeing_confirmed"),
        Row("located", "return", "returned", P.MATTERS_PROGRESS, "matter.returned"),
        Row("returned", "close", "closed", P.MATTERS_CLOSE, "matter.closed"),
        # "Found" was wrong: one episode, the original clock, the end cleared (measures.md 1.2).
        Row("located", "correct", "active", P.MATTERS_PROGRESS, "matter.corrected", reason_owed=True),
        Row("returned", "correct", "active", P.MATTERS_PROGRESS, "matter.corrected", reason_owed=True),
        Row("closed", "reopen", "active", P.MATTERS_CLOSE, "matter.reopened", reason_owed=True),
        *_TRANSFERS,
        *_VOIDS,
    ),
)
