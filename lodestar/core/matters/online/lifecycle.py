"""The life of an online abuse case, as one typed table.

The stages are those of the casework: leaving one is refused while its checklist has open items. A child at immediate risk
may take a case straight to contact from any earlier stage; what was passed over on the way stays owed until the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lodestar.core.access.permissions import Permission as P
from lodestar.core.lifecycle import Lifecycle, Row

# In the order of the work. The place in this list says how far a case has come.
STAGES = (
    "referred",
    "deconflicted",
    "researched",
    "risk_graded",
    "safeguarding_decided",
    "enforcement_planned",
    "enforced",
    "post_contact_care",
    "digital_exam",
    "file_at_cps",
    "charged",
    "court",
    "offender_handover",
)
OUTCOMES = ("oocd", "nfa")
BEFORE_CONTACT = STAGES[:6]
BEFORE_CHARGE = STAGES[:10]

# The stage that finishing one leads to. A stage that is left by a deed of its own (contact, a file, a decision) is not here.
NEXT: Mapping[str, str] = MappingProxyType(
    {
        "referred": "deconflicted",
        "deconflicted": "researched",
        "researched": "risk_graded",
        "risk_graded": "safeguarding_decided",
        "safeguarding_decided": "enforcement_planned",
        "enforced": "post_contact_care",
        "post_contact_care": "digital_exam",
        "charged": "court",
        "court": "offender_handover",
    }
)
FILES_FROM = ("enforced", "post_contact_care", "digital_exam")  # from the first two only with somebody in custody
CLOSES_FROM = ("oocd", "nfa", "offender_handover")

# A grade never waits for a checklist, so it moves nothing: the stage is finished afterwards.
_GRADES = tuple(Row(state, "grade", state, P.MATTERS_GRADE, "matter.graded") for state in (*STAGES, *OUTCOMES))
_ADVANCES = tuple(Row(source, "advance", target, P.ONLINE_WORK, "matter.advanced") for source, target in NEXT.items())
_CONTACTS = tuple(Row(state, "contact", "enforced", P.ONLINE_WORK, "matter.contact_made") for state in BEFORE_CONTACT)
_FILES = tuple(Row(state, "submit", "file_at_cps", P.ONLINE_WORK, "matter.file_submitted") for state in FILES_FROM)
_ENDS = tuple(Row(state, "end", "nfa", P.ONLINE_SUPERVISE, "matter.no_further_action", reason_owed=True) for state in BEFORE_CHARGE)
_CLOSES = tuple(Row(state, "close", "closed", P.MATTERS_CLOSE, "matter.closed") for state in CLOSES_FROM)
_REOPENS = tuple(
    Row(state, "reopen", "researched", P.MATTERS_CLOSE, "matter.reopened", reason_owed=True) for state in (*OUTCOMES, "closed")
)
# A case that is another force's goes to it, and ends here when that force accepts: until the suspect has been met.
_TRANSFERS = tuple(
    Row(state, "transfer", "transferred", P.MATTERS_TRANSFER, "matter.transferred", reason_owed=True) for state in BEFORE_CONTACT
)
_VOIDS = tuple(
    Row(state, "void", "opened_in_error", P.MATTERS_VOID, "matter.voided", reason_owed=True) for state in ("referred", "deconflicted")
)

ONLINE = Lifecycle(
    name="online",
    initial="referred",
    final=frozenset({"transferred", "opened_in_error"}),
    rows=(
        *_GRADES,
        *_ADVANCES,
        *_CONTACTS,
        *_FILES,
        Row("file_at_cps", "charge", "charged", P.ONLINE_WORK, "matter.charged"),
        Row("file_at_cps", "resolve", "oocd", P.ONLINE_WORK, "matter.resolved_out_of_court"),
        *_ENDS,
        *_CLOSES,
        *_REOPENS,
        *_TRANSFERS,
        *_VOIDS,
    ),
)
