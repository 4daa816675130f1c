"""What can be recorded about planning contact with a suspect, making it, and their care after it."""

from __future__ import annotations

from lodestar.core.access.permissions import Permission as P
from lodestar.core.matters.deeds import YES_NO, Asked, DeedKind
from lodestar.core.matters.online.referral_deeds import CHILD, PROGRESS

ROUTES = ("arrest", "voluntary")
TRIGGERS = ("release", "bail_return", "device_result", "charge", "first_court", "sentence")
_SUICIDE = "IOPC Essex: the first 48 hours and each trigger date; IOPC Hampshire, September 2023: assess before an invitation"

CONTACT_DEEDS: tuple[DeedKind, ...] = (
    DeedKind(
        "enforcement_planned_out",
        "Enforcement planned",
        P.ONLINE_WORK,
        (
            Asked("route", "Arrest, or voluntary attendance?", choices=ROUTES),
            Asked("reason", "Why this route? For an arrest, the necessity"),
            Asked("child_safety", "What does this route do to the safety of each child?"),
            Asked("scope", "What will be searched, and how wide?"),
            Asked("timing", "When, and how is the timing safe for children?"),
            Asked("family_officer", "Which officer looks after the family?"),
            Asked("media", "What is the plan if it becomes public?"),
        ),
        counts_as=PROGRESS,
        authority="PACE s.24(5) and Code G; HMICFRS 2023",
    ),
    DeedKind(
        "enforcement_approved",
        "Enforcement plan approved",
        P.ONLINE_SUPERVISE,
        (
            Asked("plan", "Which plan?", choices=("enforcement_planned_out",), form="deed"),
            Asked("approves", "Do you approve it?", choices=YES_NO),
            Asked("reason", "Why?"),
        ),
    ),
    DeedKind(
        "warrant_asked",
        "Warrant asked for",
        P.ONLINE_WORK,
        (Asked("power", "Under which power?"), Asked("court", "Which court, and which slot was asked for?")),
        counts_as=PROGRESS,
        authority="Protection of Children Act 1978 s.4; PACE s.8",
    ),
    DeedKind(
        "warrant_answered",
        "Warrant answered",
        P.ONLINE_WORK,
        (
            Asked("asked", "Which application?", choices=("warrant_asked",), form="deed"),
            Asked("result", "What did the court say?", choices=("granted", "refused")),
            Asked("reference", "Reference, or the reason it was refused"),
        ),
        counts_as=PROGRESS,
    ),
    DeedKind(
        "suicide_plan_made",
        "Suicide-risk plan made",
        P.ONLINE_WORK,
        (
            Asked("risk", "What is known of the suspect's vulnerability, and from whom?"),
            Asked("plan", "What will be done at contact and after, and by whom?"),
            Asked("contact_route", "Which contact does it cover?", choices=("arrest_or_search", "voluntary_interview", "invitation")),
        ),
        authority=_SUICIDE,
    ),
    DeedKind(
        "interview_invited",
        "Invited to a voluntary interview",
        P.ONLINE_WORK,
        (Asked("how", "How was the invitation given, and by whom?"), Asked("welfare", "How were they when they were told?")),
        counts_as=PROGRESS,
        authority=_SUICIDE,
    ),
    DeedKind(
        "contact_made",
        "Contact made with the suspect",
        P.ONLINE_WORK,
        (
            Asked("how", "How?", choices=("arrest", "search_warrant", "voluntary_interview")),
            Asked("children_safe", "Which children were seen, and how are they?"),
            Asked("welfare", "How was the suspect, and what was done about it?"),
        ),
        counts_as=PROGRESS,
        authority=_SUICIDE,
    ),
    DeedKind(
        "scene_recorded",
        "What was done at the scene",
        P.ONLINE_WORK,
        (
            Asked("triage", "What was triaged on scene, with what result?"),
            Asked("passwords", "Passwords given, and was a notice to require them considered?"),
            Asked("replacement", "What phone or way of reaching people is the suspect left with?"),
            Asked("weapons", "Weapons and medication: what was checked?"),
            Asked("family_pack", "Was the family pack given, and to whom?"),
        ),
        counts_as=PROGRESS,
        authority="IOPC Met 2017: a replacement phone when all are seized",
    ),
    DeedKind(
        "device_seized",
        "Device seized",
        P.ONLINE_WORK,
        (
            Asked("exhibit", "Exhibit reference"),
            Asked("seal", "Seal number"),
            Asked("what", "What is it?", choices=("phone", "tablet", "computer", "storage", "games_console", "other")),
            Asked("whose", "Whose is it, and where was it?"),
            Asked("band", "Risk band in the examination queue", choices=("very_high", "high", "medium", "low")),
        ),
        counts_as=PROGRESS,
    ),
    DeedKind(
        "welfare_checked",
        "Suspect's welfare checked",
        P.ONLINE_WORK,
        (Asked("with_whom", "Who was spoken to?"), Asked("found", "How are they, and what is done next?")),
        authority=_SUICIDE,
    ),
    DeedKind(
        "trigger_date_set",
        "Trigger date set",
        P.ONLINE_WORK,
        (
            Asked("kind", "What happens then?", choices=TRIGGERS),
            Asked("when", "When?", form="time"),
            Asked("contact", "Who will make contact around it?"),
        ),
        authority=_SUICIDE,
    ),
    DeedKind(
        "trigger_checked",
        "Contact made at a trigger date",
        P.ONLINE_WORK,
        (
            Asked("trigger", "Which date?", choices=("trigger_date_set",), form="deed"),
            Asked("found", "How are they, and what is done next?"),
        ),
        authority=_SUICIDE,
    ),
    DeedKind(
        "care_referred",
        "Referred for care, and the risk passed on",
        P.ONLINE_WORK,
        (
            Asked("referred_to", "Referred to whom? GP, liaison and diversion, crisis team"),
            Asked("told", "Which appropriate adult or solicitor was told of the risk?"),
        ),
        authority="IOPC GMP, July 2024",
    ),
    DeedKind(
        "release_decided",
        "Bail, or release under investigation, decided",
        P.ONLINE_WORK,
        (
            Asked("how", "How were they released?", choices=("bail", "under_investigation", "not_in_custody", "kept")),
            Asked("conditions", "Conditions, and how they keep children safe. Say why if there are none"),
        ),
    ),
    DeedKind(
        "employer_disclosure_decided",
        "Disclosure to employer or designated officer decided",
        P.ONLINE_SUPERVISE,
        (
            Asked("decision", "What is decided?", choices=("told", "not_told")),
            Asked("reason", "Why?"),
            Asked("barring", "Was a barring referral considered, and what was decided?"),
        ),
    ),
    DeedKind(
        "other_children_researched",
        "Children of partners and former partners researched",
        P.ONLINE_WORK,
        (Asked("found", "Which children are there? Link each of them. Say if none, and how you know"),),
        counts_as=PROGRESS,
        authority="College of Policing APP, child abuse: risk and associated investigations",
    ),
    DeedKind(
        "child_seen",
        "A child was seen",
        P.ONLINE_WORK,
        (CHILD, Asked("found", "How is the child, in their own words where they spoke?", verbatim=True)),
    ),
)
