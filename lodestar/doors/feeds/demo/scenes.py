"""What the live board shows, as a table: each open matter of the morning, in hours before the data cut.

A force of this size has about seven children missing at any instant and as many more matters whose paperwork is not done.
These stand in the place of those that chance would have left open.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """One task of a scene: its state says whether it is open, issued, blocked or done."""

    kind: str
    title: str
    state: str
    minutes: int
    skills: tuple[str, ...]
    due_in: float  # hours after the data cut
    blocked_by: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """One open matter. Times are hours before the data cut; None is not done."""

    name: str
    ages: tuple[int, int]
    reported: float
    grades: tuple[tuple[str, float], ...] = ()
    care: bool | None = None
    girl: bool | None = None
    known_before: bool = True
    yes: tuple[str, ...] = ()
    services: float | None = None
    circulated: float | None = None
    unit: float | None = None
    photograph: float | None = None
    located: float | None = None
    well: float | None = None
    returned: float | None = None
    interview: float | None = None
    requested: float | None = None
    reviews_missed: tuple[int, ...] = ()
    handover_waits: bool = False
    transfer_waits: float | None = None
    unsure: bool = False
    work: tuple[Work, ...] = ()


_PHONE = Work("phone_enquiry", "Ask the telephone company for the last place the phone was used", "open", 40, ("phone_enquiry",), 1.0)
_CCTV = Work("cctv_enquiry", "View CCTV at the last place the child was seen", "issued", 90, ("cctv",), 2.0)
_VISIT = Work("address_check", "Visit the friend's address", "open", 45, ("missing_enquiry",), 1.5)
_HOME = Work("premises_search", "Search the home and the child's room", "done", 40, ("search",), -3.0)
_SOCIAL = Work("social_media_enquiry", "Look at open social media for contact", "open", 60, ("social_media",), 3.0)
_FAMILY = Work("family_contact", "Call the carer at the time promised", "issued", 15, ("family_liaison",), 0.5)
_SEARCH = Work("area_search", "Search the riverside path in daylight", "open", 120, ("search",), 4.0)
_TALK = Work("prevention_interview", "Speak to the child: prevention interview", "open", 60, ("interview_child",), 6.0)
_BANK = Work("bank_enquiry", "Ask the bank about the card", "blocked", 30, ("phone_enquiry",), 5.0, "waiting for the bank to open at 9am")
_MEDIA = Work("media_appeal", "Appeal to the public", "blocked", 30, ("family_liaison",), 2.0, "waiting for the inspector's agreement")

SCENES = (
    Scene(
        "high_aged_14",
        (14, 14),
        5.4,
        (("medium", 5.0), ("high", 2.9)),
        care=True,
        girl=True,
        yes=("sexual_exploitation", "out_of_pattern", "crime_suspected"),
        services=2.7,
        circulated=4.2,
        photograph=2.2,
        handover_waits=True,
        work=(_PHONE, _CCTV, _VISIT, _SOCIAL, _MEDIA),
    ),
    Scene(
        "high_under_13",
        (10, 12),
        10.8,
        (("high", 10.4),),
        care=False,
        yes=("age_infirmity", "weather", "out_of_pattern"),
        services=10.2,
        circulated=9.9,
        unit=8.0,
        reviews_missed=(2,),
        work=(_HOME, _SEARCH, _FAMILY),
    ),
    Scene("medium_overnight_1", (15, 16), 8.2, (("medium", 7.6),), services=6.9, circulated=7.2, work=(_VISIT,)),
    Scene("medium_services_not_told", (13, 15), 9.7, (("medium", 9.1),), care=False, circulated=8.5, work=(_FAMILY, _PHONE)),
    Scene("medium_overnight_home", (15, 17), 12.3, (("medium", 11.8),), care=True, services=11.0, circulated=11.1, work=(_VISIT,)),
    Scene("medium_not_circulated", (14, 17), 7.4, (("medium", 6.8),), services=6.0, work=(_CCTV,)),
    Scene(
        "medium_two_days",
        (15, 17),
        52.0,
        (("medium", 51.4),),
        services=50.0,
        circulated=50.8,
        reviews_missed=(0,),
        work=(_SOCIAL, _BANK),
    ),
    Scene(
        "over_7_days",
        (17, 17),
        221.0,
        (("high", 220.0), ("medium", 150.0)),
        care=True,
        services=219.8,
        circulated=219.0,
        unit=217.0,
        reviews_missed=(9, 21, 36, 38),
        work=(_BANK, _SOCIAL, _FAMILY),
    ),
    Scene("just_reported", (12, 16), 0.2, known_before=False),
    Scene("low_this_morning", (16, 17), 1.8, (("low", 1.3),), services=1.0, circulated=0.9),
    Scene(
        "located_not_seen_well",
        (14, 17),
        11.0,
        (("medium", 10.4),),
        services=9.4,
        circulated=9.9,
        located=0.9,
        work=(_VISIT,),
    ),
    Scene(
        "returned_interview_owed",
        (13, 16),
        14.0,
        (("medium", 13.5),),
        services=12.7,
        circulated=13.0,
        located=2.9,
        well=2.6,
        returned=2.2,
        work=(_TALK,),
    ),
    Scene(
        "returned_interview_late",
        (15, 17),
        40.0,
        (("medium", 39.2),),
        care=True,
        services=38.0,
        circulated=38.6,
        located=26.8,
        well=26.5,
        returned=26.0,
        work=(_TALK,),
    ),
    Scene(
        "returned_awaiting_check",
        (14, 17),
        21.0,
        (("medium", 20.3),),
        services=19.5,
        circulated=19.0,
        located=15.9,
        well=15.7,
        returned=15.2,
        interview=12.5,
        requested=11.9,
    ),
    Scene(
        "transfer_offered",
        (17, 17),
        20.0,
        (("medium", 19.2),),
        services=18.0,
        circulated=18.3,
        transfer_waits=1.6,
        work=(_PHONE,),
    ),
    Scene("unsure_who", (14, 16), 3.1, (("medium", 2.5),), services=1.9, circulated=2.0, unsure=True, work=(_FAMILY,)),
    Scene("unsure_who_and_risk", (15, 17), 1.2, (("cannot_be_assessed", 0.6),), circulated=0.4, unsure=True, work=(_VISIT,)),
)
