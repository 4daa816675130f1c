"""What can be recorded about risk: the national tool's result, the children, what is shared about each, and who works it."""

from __future__ import annotations

from lodestar.core.access.permissions import Permission as P
from lodestar.core.matters.deeds import YES_NO, Asked, DeedKind
from lodestar.core.matters.online.referral_deeds import CHILD, PROGRESS

BANDS = ("very_high", "high", "medium", "low", "cannot_be_assessed")
SHARES = ("share", "share_with_conditions")
WAITING_FOR = ("research", "warrant", "staff", "device", "provider", "partner")
WORKING_TOGETHER = "Working Together to Safeguard Children"

RISK_DEEDS: tuple[DeedKind, ...] = (
    DeedKind(
        "kirat_recorded",
        "KIRAT result recorded by reference",
        P.ONLINE_WORK,
        (
            Asked("version", "Which version of the tool?"),
            Asked("assessor", "Who completed it? Name and number"),
            Asked("trained_on", "When was the assessor last trained in it?", hint="A date."),
            Asked("reference", "Reference of the assessment in the national tool"),
            Asked("band", "Which band did the tool give?", choices=BANDS),
        ),
        counts_as=PROGRESS,
        authority="KIRAT: completed as trained; validation review 2022",
    ),
    DeedKind(
        "kirat_checked",
        "KIRAT result checked by a supervisor",
        P.ONLINE_SUPERVISE,
        (
            Asked("kirat", "Which result?", choices=("kirat_recorded",), form="deed"),
            Asked("agrees", "Do you agree with how it was completed?", choices=YES_NO),
            Asked("checked", "What did you check, and how?"),
        ),
        authority="HMICFRS 2023: some high-risk cases were graded low",
    ),
    DeedKind(
        "kirat_overridden",
        "KIRAT result overridden",
        P.ONLINE_SUPERVISE,
        (
            Asked("kirat", "Which result?", choices=("kirat_recorded",), form="deed"),
            Asked("band", "Which band instead?", choices=BANDS),
            Asked("reason", "Why?"),
        ),
        authority="HMICFRS 2023: some high-risk cases were graded low",
    ),
    DeedKind(
        "child_risk_known",
        "A child at risk is known",
        P.ONLINE_WORK,
        (
            CHILD,
            Asked("known_from", "How do we know?"),
            Asked("what", "What is the risk to this child?"),
        ),
        authority="HMICFRS Cambridgeshire December 2021: share as soon as a risk to a child is identified",
    ),
    DeedKind(
        "share_decided",
        "Decided whether to share about a child",
        P.SHARING_DECIDE,
        (
            CHILD,
            Asked("decision", "What is decided?", choices=(*SHARES, "not_shared_more_harmful")),
            Asked("reason", "Why?"),
            Asked("gateway", "Under which power or duty?"),
            Asked("recipient", "Who will be told? Body and team", when=("decision", *SHARES)),
            Asked("conditions", "Under which conditions?", when=("decision", "share_with_conditions")),
            Asked("harm", "What harm to this child would sharing do?", when=("decision", "not_shared_more_harmful")),
            Asked("next_review", "When will this be looked at again?", form="time"),
        ),
        authority="HMICFRS Cambridgeshire December 2021; Children's Wellbeing and Schools Act 2026 s.4 when commenced",
    ),
    DeedKind(
        "child_shared",
        "Shared about a child, and receipt held",
        P.SHARING_RECORD,
        (
            CHILD,
            Asked("recipient", "Which body and team was told?"),
            Asked("person_told", "Who received it? Name and role"),
            Asked("what", "What were they told?"),
            Asked("power", "Under which power or duty?"),
            Asked("receipt", "What receipt did they give? Their reference"),
        ),
        recipient="children's services",
        authority="Data Protection Act 2018 s.62: who was told, and when",
    ),
    DeedKind(
        "child_link_mistaken",
        "A child was linked by mistake",
        P.ONLINE_SUPERVISE,
        (CHILD, Asked("reason", "How do you know that this child has nothing to do with the case?")),
        counts_as=("share_decided", "child_shared"),
    ),
    DeedKind(
        "share_reviewed",
        "Sharing decision looked at again",
        P.SHARING_DECIDE,
        (
            Asked("share", "Which decision?", choices=("share_decided",), form="deed"),
            Asked("found", "What has changed, and does the decision stand? If it does not, record a new one as well"),
        ),
    ),
    DeedKind(
        "online_strategy_asked",
        "Strategy discussion asked for",
        P.SHARING_RECORD,
        (Asked("asked_of", "Who was asked? Name, role and body"), Asked("reply", "What did they answer?")),
        authority=WORKING_TOGETHER,
    ),
    DeedKind(
        "online_strategy_held",
        "Strategy discussion held",
        P.SHARING_RECORD,
        (
            Asked("attended", "Who took part?"),
            Asked("plan", "What was agreed, including how the suspect is not tipped off?"),
        ),
        authority=WORKING_TOGETHER,
    ),
    DeedKind(
        "interim_safety_agreed",
        "Interim safety of the children agreed",
        P.ONLINE_WORK,
        (
            Asked("steps", "What keeps each child safe until contact is made?"),
            Asked("police_protection", "Was police protection considered, and what was decided?"),
        ),
        authority="Children Act 1989 s.46",
    ),
    DeedKind(
        "immediate_risk_raised",
        "A child is at immediate risk",
        P.ONLINE_WORK,
        (Asked("risk", "What is the risk, to whom, and where are they?"), Asked("done", "What has been done already?")),
        authority="HMICFRS 2023: quick when children are at risk",
    ),
    DeedKind(
        "immediate_risk_answered",
        "Supervisor has answered the immediate risk",
        P.ONLINE_SUPERVISE,
        (
            Asked("raised", "Which alarm?", choices=("immediate_risk_raised",), form="deed"),
            Asked("decided", "What is done now, and by whom?"),
        ),
    ),
    DeedKind(
        "case_allocated",
        "Allocated",
        P.ONLINE_SUPERVISE,
        (Asked("officer", "Who works it? Name and number"), Asked("reason", "Why them, and what do they carry already?")),
    ),
    DeedKind(
        "waiting_began",
        "Waiting for somebody else",
        P.ONLINE_WORK,
        (
            Asked("waiting_for", "What is it waiting for?", choices=WAITING_FOR),
            Asked("whom", "Who is to answer? Name and body"),
            Asked("chase_at", "When will they be asked again?", form="time"),
        ),
    ),
    DeedKind(
        "waiting_ended",
        "No longer waiting",
        P.ONLINE_WORK,
        (
            Asked("wait", "Which wait?", choices=("waiting_began",), form="deed"),
            Asked("answer", "What was the answer?"),
        ),
    ),
)
