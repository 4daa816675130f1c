"""What can be recorded about devices, the file at the CPS, what was decided, and the end of a case."""

from __future__ import annotations

from lodestar.core.access.permissions import Permission as P
from lodestar.core.matters.deeds import YES_NO, Asked, DeedKind
from lodestar.core.matters.online.lifecycle import BEFORE_CHARGE, NEXT
from lodestar.core.matters.online.referral_deeds import PROGRESS

COLOURS = ("red", "green", "green_priority")
BASES = ("evidence", "public_interest", "wrong_person", "no_offence", "cps", "other_force")
_DG6 = "Director's Guidance on Charging, sixth edition"
_DEVICE = Asked("device", "Which device?", choices=("device_seized",), form="deed")
_WHY = Asked("reason", "Why?")

COURT_DEEDS: tuple[DeedKind, ...] = (
    DeedKind(
        "device_banded",
        "Device given another band in the queue",
        P.ONLINE_SUPERVISE,
        (_DEVICE, Asked("band", "Risk band in the examination queue", choices=("very_high", "high", "medium", "low")), _WHY),
    ),
    DeedKind(
        "device_triaged",
        "Device triaged",
        P.ONLINE_WORK,
        (
            _DEVICE,
            Asked("result", "What did triage say?", choices=("examine_in_full", "nothing_found", "could_not_be_read")),
            Asked("note", "What was found, in words"),
        ),
        counts_as=PROGRESS,
    ),
    DeedKind(
        "device_examined",
        "Device examined",
        P.ONLINE_WORK,
        (
            _DEVICE,
            Asked("category_a", "How many in category A?"),
            Asked("category_b", "How many in category B?"),
            Asked("category_c", "How many in category C?"),
            Asked("trusted", "Are the counts from trusted grades?", choices=YES_NO),
            Asked("first_generation", "Is any first-generation material suspected?", choices=YES_NO),
            Asked("new_victims", "Are there candidates for new victims?", choices=YES_NO),
            Asked("identification", "Reference of the referral to victim identification", when=("new_victims", "yes")),
            Asked("examiner", "How were the limits on the examiner's viewing kept?"),
        ),
        counts_as=PROGRESS,
        authority="Child Abuse Image Database: categories and trusted grades",
    ),
    DeedKind(
        "cps_early_advice",
        "Early advice from the CPS",
        P.ONLINE_WORK,
        (Asked("reference", "Reference"), Asked("advice", "What was advised?")),
        counts_as=PROGRESS,
        authority=_DG6,
    ),
    DeedKind(
        "cps_submitted",
        "File submitted to the CPS",
        P.ONLINE_WORK,
        (
            Asked("reference", "Reference of the file"),
            Asked("colour", "Red, green or green priority?", choices=COLOURS),
            Asked("standard", "Does it meet the national file standard?", choices=YES_NO),
            Asked("disclosure", "Reference of the disclosure schedules"),
            Asked("streamlined", "Is the streamlined approach used, and why or why not?"),
        ),
        states=("enforced", "post_contact_care", "digital_exam"),
        counts_as=PROGRESS,
        authority=_DG6,
    ),
    DeedKind(
        "cps_rejected",
        "File sent back by the CPS",
        P.ONLINE_WORK,
        (Asked("kind", "How?", choices=("red_rejection", "not_compliant")), Asked("reasons", "What did they say is missing?")),
        states=("file_at_cps",),
        authority=_DG6,
    ),
    DeedKind(
        "cps_action_set",
        "Action set by the CPS",
        P.ONLINE_WORK,
        (Asked("action", "What is to be done?"), Asked("due", "By when?", form="time")),
        states=("file_at_cps",),
        authority=_DG6,
    ),
    DeedKind(
        "cps_action_done",
        "Action for the CPS done",
        P.ONLINE_WORK,
        (Asked("action", "Which action?", choices=("cps_action_set",), form="deed"), Asked("result", "What was done?")),
        counts_as=PROGRESS,
        authority=_DG6,
    ),
    DeedKind(
        "cps_resubmitted",
        "File submitted to the CPS again",
        P.ONLINE_WORK,
        (Asked("reference", "Reference of the file"), Asked("answers", "What has been added or put right?")),
        states=("file_at_cps",),
        counts_as=PROGRESS,
        authority=_DG6,
    ),
    DeedKind(
        "cps_decided",
        "CPS decision received",
        P.ONLINE_WORK,
        (
            Asked("decision", "What is the decision?", choices=("charge", "out_of_court", "no_further_action")),
            Asked("reference", "Reference of the written decision"),
            Asked("consent", "Is the Director's consent on file?", choices=YES_NO, when=("decision", "charge")),
        ),
        states=("file_at_cps",),
        counts_as=PROGRESS,
        authority="PACE s.37B",
    ),
    DeedKind(
        "prevention_order_considered",
        "Prevention order considered",
        P.ONLINE_WORK,
        (Asked("decision", "Will one be asked for?", choices=YES_NO), _WHY),
    ),
    DeedKind(
        "online_victims_told",
        "Victims told",
        P.ONLINE_WORK,
        (Asked("told", "Who was told, by whom and of what?"),),
    ),
    DeedKind(
        "victim_support_referred",
        "Victims referred to support",
        P.ONLINE_WORK,
        (Asked("referred", "Who was referred, to whom, and what did they answer?"),),
        authority="HMICFRS 2023: refer victims for support",
    ),
    DeedKind(
        "court_result_recorded",
        "Court result recorded",
        P.ONLINE_WORK,
        (Asked("court", "Which court, and when?"), Asked("result", "What was the result, and which orders were made?")),
        counts_as=PROGRESS,
    ),
    DeedKind(
        "offender_manager_told",
        "Handed over to offender management",
        P.ONLINE_WORK,
        (Asked("handed_to", "Who accepted it? Name and team"), Asked("what", "What were they given?")),
    ),
    DeedKind(
        "stage_finished",
        "Stage finished",
        P.ONLINE_WORK,
        (Asked("note", "What does the next stage need to know?"),),
        states=tuple(NEXT),
    ),
    DeedKind(
        "checklist_item_not_applicable",
        "Checklist item does not apply",
        P.ONLINE_WORK,
        (Asked("item", "Which item? Its code from the checklist"), Asked("reason", "Why does it not apply to this case?")),
    ),
    DeedKind(
        "no_further_action",
        "No further action decided",
        P.ONLINE_SUPERVISE,
        (
            Asked("reason", "Why?"),
            Asked("basis", "On what is it based?", choices=BASES),
            Asked("suspect_told", "Was the suspect told, and how were they? Say if they never knew"),
        ),
        states=BEFORE_CHARGE,
    ),
    DeedKind(
        "online_case_closed",
        "Case closed",
        P.MATTERS_CLOSE,
        (
            Asked("outcomes", "What became of each child?"),
            Asked("learning", "What was learnt?"),
            Asked("feedback", "What feedback was given to the national agency or whoever referred it?"),
            Asked("retention", "Which retention class is set?"),
        ),
        states=("oocd", "nfa", "offender_handover"),
    ),
    DeedKind(
        "online_case_reopened",
        "Case reopened",
        P.MATTERS_CLOSE,
        (_WHY,),
        states=("oocd", "nfa", "closed"),
    ),
    DeedKind(
        "online_opened_in_error",
        "Opened in error",
        P.MATTERS_VOID,
        (_WHY,),
        states=("referred", "deconflicted"),
    ),
)
