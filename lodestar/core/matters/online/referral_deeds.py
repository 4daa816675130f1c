"""What can be recorded while a referral comes in, is compared with what is held, and is researched.

References only: no question here takes an image, and none takes a hash that would identify a victim.
"""

from __future__ import annotations

from lodestar.core.access.permissions import Permission as P
from lodestar.core.matters.deeds import YES_NO, Asked, DeedKind

PROGRESS = ("investigative_progress",)
CHILD_ROLES = ("child_at_risk", "child_in_household", "victim")
SOURCES = (
    "nca_package", "provider_direct", "other_force", "iwf", "school", "public", "mandatory_reporter", "self_report", "internal_link",
)  # fmt: skip
NATIONAL = ("nca_package", "provider_direct")
_SOURCE_WORDS = (
    "National agency package", "Provider, direct through the national agency", "Another force", "Internet Watch Foundation", "School",
    "Public", "Mandatory reporter", "The suspect's own report", "A missing, exploitation or other matter of ours",
)  # fmt: skip

CHILD = Asked("child", "Which child?", choices=CHILD_ROLES, form="involved")

REFERRAL_DEEDS: tuple[DeedKind, ...] = (
    DeedKind(
        "referral_received",
        "Referral received",
        P.ONLINE_WORK,
        (
            Asked("source", "Where does it come from?", choices=SOURCES, titles=_SOURCE_WORDS),
            Asked("source_reference", "What is their reference for it?"),
            Asked("received_at", "When did the force receive it?", form="time", hint="The child's clock runs from here."),
            Asked("disseminated_at", "When was it disseminated nationally?", form="time", when=("source", *NATIONAL)),
            Asked("provider_priority", "What priority did the provider give it?", owed=False),
            Asked("national_grade", "What grade did the national agency give it?", owed=False),
            Asked("offence_times", "Offence dates and times, exactly as the source writes them, with the zone", verbatim=True),
            Asked("accounts", "Account references, as the source gives them", owed=False),
            Asked("source_document", "Reference of the attached source document"),
        ),
        authority="Online Safety Act 2023 s.66; the 2026 regulations on provider reports",
    ),
    DeedKind(
        "ip_event_recorded",
        "IP event recorded",
        P.ONLINE_WORK,
        (
            Asked("ip", "IP address", hint="Copied by machine from the source, never retyped."),
            Asked("port_given", "Did the source give the port?", choices=YES_NO),
            Asked("port", "Port", when=("port_given", "yes")),
            Asked("port_asked", "Who was asked for the port, and when?", when=("port_given", "no")),
            Asked("time_text", "Time of the event, exactly as the source writes it", verbatim=True),
            Asked("zone", "Zone of that time, exactly as the source writes it", verbatim=True),
            Asked("converted_at", "That time converted", form="time"),
            Asked("entered", "How did the address get here?", choices=("machine_copied", "typed"), titles=("Copied by machine", "Typed")),
            Asked("source_document", "Reference of the attached source document"),
        ),
        counts_as=PROGRESS,
        authority="Interception commissioner's error reports: mistyped addresses and time zones led to the wrong door",
    ),
    DeedKind(
        "time_zone_checked",
        "Time conversion checked by a second person",
        P.ONLINE_WORK,
        (
            Asked("event", "Which IP event?", choices=("ip_event_recorded",), form="deed"),
            Asked("read_from", "Reference of the source document you read it from"),
            Asked("converted_at", "The time as you convert it", form="time"),
            Asked("address_agrees", "Do address and port agree with the source?", choices=YES_NO),
        ),
        counts_as=PROGRESS,
        authority="Interception commissioner's error reports: check the result against the source",
    ),
    DeedKind(
        "ip_events_compared",
        "IP events resolved and compared",
        P.ONLINE_WORK,
        (
            Asked("first", "First event", choices=("ip_event_recorded",), form="deed"),
            Asked("second", "Second event", choices=("ip_event_recorded",), form="deed"),
            Asked("finding", "What do the resolutions say?", choices=("same_subscriber", "different_subscribers", "not_resolved")),
            Asked("resolved_by", "References of the resolution requests and their results"),
            Asked("limits", "What limits the result? Shared address, shared Wi-Fi, reassigned address; say if none"),
        ),
        counts_as=PROGRESS,
        authority="Inspection of communications errors: resolve more than one event of the same activity and compare",
    ),
    DeedKind(
        "deconfliction_recorded",
        "Compared with what is already held",
        P.ONLINE_WORK,
        (
            Asked("searched", "What was searched? Suspect, address, children, missing episodes, exploitation matters"),
            Asked("found", "What is already held? Say if nothing"),
        ),
        states=("referred",),
        counts_as=PROGRESS,
    ),
    DeedKind(
        "household_researched",
        "Children at or linked to each address researched",
        P.ONLINE_WORK,
        (
            Asked("addresses", "Which addresses?"),
            Asked("children", "Which children live at, visit or are otherwise linked to them? Say if none is known, and how you know"),
            Asked("clubs", "School, club or volunteering roles found"),
        ),
        counts_as=PROGRESS,
        authority="College of Policing APP, child abuse: risk and associated investigations",
    ),
    DeedKind(
        "suspect_researched",
        "Suspect researched",
        P.ONLINE_WORK,
        (
            Asked("occupation", "Occupation, and any position of trust"),
            Asked("offender_status", "Registered offender status"),
            Asked("firearms", "Firearms"),
            Asked("history", "Earlier sexual offence allegations, and domestic abuse history"),
        ),
        counts_as=PROGRESS,
        authority="College of Policing APP, child abuse: risk and associated investigations",
    ),
    DeedKind(
        "corroboration_recorded",
        "Corroboration recorded",
        P.ONLINE_WORK,
        (
            Asked("corroborates", "What, apart from the address, ties the suspect to the activity?"),
            Asked("confidence", "How confident are you?", choices=("confirmed", "probable", "possible", "doubtful")),
            Asked("limits", "What could make this the wrong person or the wrong door?"),
        ),
        counts_as=PROGRESS,
        authority="Inspection of communications errors: corroborate before a warrant",
    ),
    DeedKind(
        "intelligence_received",
        "New intelligence received",
        P.ONLINE_WORK,
        (Asked("what", "What is new?"), Asked("source", "Where is it from, and how is it graded?")),
        authority="HMICFRS 2023: risk looked at again when something is learnt",
    ),
    DeedKind(
        "evidence_obtained",
        "Evidence obtained",
        P.ONLINE_WORK,
        (Asked("what", "What was obtained? A reference, never a copy"), Asked("shows", "What does it show?")),
        counts_as=PROGRESS,
    ),
)
