"""What can be recorded as done for a missing child."""

from __future__ import annotations

from lodestar.core.access.permissions import Permission as P
from lodestar.core.matters.deeds import YES_NO, Asked, DeedKind

_TOLD = Asked("person_told", "Who did you speak to? Name and role")
_WHAT = Asked("what", "What were they told?")
_POWER = Asked("power", "Under which power or duty?")

DEEDS: dict[str, DeedKind] = {
    deed.code: deed
    for deed in (
        DeedKind(
            "told_children_services",
            "Children's services told",
            P.SHARING_RECORD,
            (_TOLD, _WHAT, _POWER),
            recipient="children's services",
            authority="College of Policing APP, missing persons: children",
        ),
        DeedKind(
            "told_ukmpu",
            "UK Missing Persons Unit told",
            P.SHARING_RECORD,
            (_TOLD, Asked("reference", "What reference did they give?"), _POWER),
            recipient="UK Missing Persons Unit",
            authority="Code of Practice on the Collection of Missing Persons Data 2009",
        ),
        DeedKind(
            "circulated",
            "Circulated on the national system",
            P.CLOCKS_SATISFY,
            (Asked("reference", "What is the circulation reference?"),),
        ),
        DeedKind(
            "photograph_referred_to",
            "Photograph ready to use",
            P.MATTERS_PROGRESS,
            (
                Asked(
                    "reference",
                    "Where is it held? The system and its reference",
                    hint="A reference only. The picture itself never comes here.",
                ),
                Asked("likeness", "When was it taken, and is it a good likeness?"),
            ),
            authority="College of Policing APP, missing persons: initial enquiries; the Philomena Protocol holds one ready",
        ),
        DeedKind(
            "review_recorded",
            "Supervisor's review",
            P.DUTY_REVIEW,
            (
                Asked("found", "What did you find when you reviewed it?"),
                Asked("plan", "What happens next, and by whom?"),
            ),
            authority="IOPC recommendations to Cambridgeshire, September 2021",
        ),
        DeedKind(
            "prevention_interview_recorded",
            "Prevention interview",
            P.MATTERS_PROGRESS,
            (
                Asked("where", "Where did you speak to the child?"),
                Asked("face_to_face", "Was it face to face?", choices=YES_NO),
                Asked("child_said", "What did the child say? Use their words", verbatim=True),
                Asked("harm", "What harm was seen or suspected? Say if none"),
            ),
            states=("located", "returned"),
            authority="College of Policing APP; IOPC Staffordshire December 2017",
        ),
        DeedKind(
            "referral_decided",
            "Referral decision",
            P.MATTERS_PROGRESS,
            (
                Asked("decision", "Is a referral to children's services made?", choices=("made", "not made")),
                Asked("reason", "Why?"),
            ),
            states=("located", "returned"),
        ),
        DeedKind(
            "rhi_requested",
            "Return home interview requested",
            P.SHARING_RECORD,
            (_TOLD, _POWER),
            recipient="children's services",
            states=("located", "returned"),
            authority="Statutory guidance on children who run away or go missing, 2014",
        ),
        DeedKind(
            "rhi_offered",
            "Return home interview offered",
            P.RETURN_INTERVIEW_RECORD,
            (Asked("offered_by", "Who offered it? Name and organisation"),),
            states=("returned", "closed"),
        ),
        DeedKind(
            "rhi_held",
            "Return home interview held",
            P.RETURN_INTERVIEW_RECORD,
            (
                Asked("held_by", "Who held it? Name and organisation"),
                Asked("learnt", "What did it tell us that should be acted on? Say if nothing"),
            ),
            states=("returned", "closed"),
        ),
        DeedKind(
            "rhi_declined",
            "Return home interview declined by the child",
            P.RETURN_INTERVIEW_RECORD,
            (Asked("reason", "What did the child say?", verbatim=True),),
            states=("returned", "closed"),
        ),
        DeedKind(
            "multi_agency_referral_made",
            "Multi-agency referral made",
            P.SHARING_RECORD,
            (_TOLD, _WHAT, _POWER),
            recipient="children's services",
        ),
        DeedKind(
            "multi_agency_meeting_held",
            "Multi-agency meeting held",
            P.SHARING_RECORD,
            (Asked("attended", "Who attended?"), Asked("decided", "What was decided?")),
        ),
        DeedKind(
            "supervisor_checked",
            "Supervisor's check before closing",
            P.MATTERS_CHECK_CLOSING,
            (Asked("checked", "What did you check, and how?"),),
            states=("returned",),
            authority="IOPC Staffordshire December 2017",
        ),
        DeedKind("located", "Located", P.MATTERS_PROGRESS, (), by_hand=False),
        DeedKind("wellbeing_confirmed", "Wellbeing confirmed", P.MATTERS_PROGRESS, (), by_hand=False),
        DeedKind("returned", "Returned", P.MATTERS_PROGRESS, (), by_hand=False),
    )
}
