"""What can be recorded about a detained child's first court, and about the looks afterwards that each detention is owed."""

from __future__ import annotations

from lodestar.core.access.permissions import Permission as P
from lodestar.core.matters.custody.lifecycle import BEFORE_CHARGE, HELD
from lodestar.core.matters.deeds import YES_NO, Asked, DeedKind

_D, _S = P.CUSTODY_DECIDE, P.CUSTODY_SCRUTINISE
_WHY_REASON = Asked("reason", "Why?")

_IN_CUSTODY = (*BEFORE_CHARGE, "charged", *HELD, "moved")

HOSPITAL_DEEDS = (
    DeedKind(
        "gone_to_hospital", "Left for hospital", _D,
        (
            Asked(
                "purpose", "What for?", choices=("treatment", "evidence"),
                titles=("Medical treatment", "To get evidence, like an X-ray: the 24 hours run on"),
            ),
            Asked("well_enough", "Is the child well enough to be brought before a court?", choices=YES_NO),
            Asked("who", "Which hospital, and who goes with the child?"),
        ),
        states=_IN_CUSTODY, authority="PACE 1984 s.41(6), s.46(9)",
    ),
    DeedKind(
        "questioned_in_hospital", "Questioned in hospital, or on the way", _D,
        (
            Asked("from_at", "From when?", form="time", hint="This time counts towards the 24 hours."),
            Asked("until_at", "Until when?", form="time"),
            Asked("who", "Who questioned the child, and which adult was there?"),
        ),
        states=_IN_CUSTODY, authority="PACE 1984 s.41(6)",
    ),
    DeedKind(
        "back_from_hospital", "Back from hospital", _D,
        (
            Asked("who", "Who received the child, and what did the hospital say?"),
            Asked("sitting", "If the time for court has passed: when does one sit?", form="time", owed=False),
        ),
        states=_IN_CUSTODY, authority="PACE 1984 s.41(6), s.46(9)",
    ),
)  # fmt: skip

COURT_DEEDS = (
    DeedKind(
        "brought_to_court", "Brought to court", _D,
        (
            Asked("court", "Which court?"),
            Asked("who", "Who brought the child?"),
            Asked("certificate_produced", "Was every certificate produced to the court?", choices=("yes", "no", "none_made")),
            Asked("produced_to", "To whom?", when=("certificate_produced", "yes")),
            Asked("straight", "Straight to a court sitting then, with no time for a move?", choices=YES_NO),
            Asked("sat_at", "When did it sit?", form="time", when=("straight", "yes")),
            Asked("left_at", "When did the child leave the station?", form="time", when=("straight", "yes")),
        ),
        states=(*HELD, "moved"), authority="PACE 1984 s.38(7), s.46",
    ),
    DeedKind(
        "daily_meeting_scrutinised", "Looked at by the daily meeting", _S,
        (Asked("asked", "What was asked, and what was decided?"),), authority="The force's reply: daily scrutiny of every child kept",
    ),
    DeedKind(
        "tactical_meeting_scrutinised", "Looked at by the partnership's tactical meeting", _S,
        (Asked("attended", "Who took part?"), Asked("asked", "What was asked, and what was decided?")),
        authority="The force's reply: fortnightly, with partners",
    ),
    DeedKind(
        "board_scrutinised", "Reported to the youth justice management board", _S,
        (Asked("reported", "What was reported, in which quarter?"),), authority="The force's reply: quarterly",
    ),
    DeedKind(
        "after_action_recorded", "Looked at afterwards by a senior officer", _S,
        (
            Asked("avoidable", "Could it have been avoided?", choices=YES_NO),
            Asked("why", "Why, or why not?"),
            Asked("feedback", "What was said to the local authority?"),
            Asked("cost_claim", "Reference of the claim for costs. Say if none is due"),
            Asked("learning", "What was learnt?"),
        ),
        states=("released", "at_court"), authority="Concordat, principles 6 and 7",
    ),
    DeedKind("custody_closed", "Closed", P.MATTERS_CLOSE, (Asked("summary", "What became of the child?"),), states=("audited",)),
    DeedKind("custody_reopened", "Reopened", P.MATTERS_CLOSE, (_WHY_REASON,), states=("closed",)),
    DeedKind(
        "custody_opened_in_error", "Opened in error", P.MATTERS_VOID, (_WHY_REASON,), states=(*BEFORE_CHARGE, "charged"),
    ),
)  # fmt: skip
