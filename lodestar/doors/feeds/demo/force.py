"""Who works there: the staff of the letter's hub and of everyone it leans on, and the posts they fill."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from lodestar.doors.feeds.demo import names
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.places import AUTHORITIES, DISTRICTS, PAIRS
from lodestar.doors.feeds.demo.records import FORCE, Post, Staff

TEAMS = 5
CUSTODY = ("HAR", "BRA")
_PC, _SGT, _STAFF = "Constable", "Sergeant", "Police staff"


@dataclass(frozen=True, slots=True)
class Establishment:
    """So many people of one kind: what they are, where they sit, what they can do."""

    count: int
    role: str
    rank: str
    team: str
    district: str = FORCE
    agency: str = "police"
    places: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


_SERGEANT = ("missing_enquiry", "search", "family_liaison")
_HUB = ("missing_enquiry", "interview_child", "social_media", "phone_enquiry", "family_liaison")
# Constables differ: each gets one of these on top of going out to look.
_RESPONSE = (
    ("missing_enquiry", "search"),
    ("missing_enquiry", "search", "cctv"),
    ("missing_enquiry", "search", "family_liaison"),
    ("missing_enquiry", "search", "interview_child"),
    ("missing_enquiry", "search", "phone_enquiry"),
    ("missing_enquiry", "search", "social_media"),
)


def establishment() -> Iterator[Establishment]:
    """Every post's strength. The hub's is the letter's: one sergeant, six officers, one early-intervention officer."""
    yield Establishment(1, "hub_sergeant", _SGT, "MET hub", skills=(*_HUB, "search"))
    yield Establishment(6, "hub_officer", _PC, "MET hub", skills=_HUB)
    yield Establishment(
        1, "hub_officer", "Young person early intervention officer", "MET hub early intervention",
        skills=("interview_child", "family_liaison"),
    )  # fmt: skip
    yield Establishment(
        4,
        "analyst",
        "Intelligence officer",
        "Intelligence desk",
        skills=("intelligence", "phone_enquiry", "social_media", "cctv"),
    )
    yield Establishment(1, "analyst", "Analyst", "Performance", skills=("intelligence",))
    yield Establishment(1, "polit_sergeant", _SGT, "POLIT", skills=("digital", "phone_enquiry"))
    yield Establishment(6, "polit_officer", _PC, "POLIT", skills=("digital", "interview_child"))
    yield Establishment(6, "duty_inspector", "Inspector", "Duty inspectors", skills=("search",))
    for team in range(1, TEAMS + 1):
        yield Establishment(3, "call_handler", _STAFF, f"Control room {team}", skills=("phone_enquiry",))
    for suite in CUSTODY:
        yield Establishment(6, "custody_officer", _SGT, f"Custody {suite}", suite, places=(suite,))
    yield from _response()
    for authority in AUTHORITIES:
        code = authority.code
        skills = ("return_interview", "family_liaison")
        yield Establishment(3, "local_authority_worker", "Social worker", f"Missing service {code}", FORCE, code, (code,), skills)
        yield Establishment(2, "local_authority_worker", "Social worker", f"Out of hours {code}", FORCE, code, (code,), skills)
    yield Establishment(1, "governance_reader", "Policy officer", "Commissioner's office", agency="commissioner")
    yield Establishment(1, "tasking_governance", "Superintendent", "Tasking governance")
    yield Establishment(1, "system_administrator", _STAFF, "Systems")
    yield Establishment(3, "duty_superintendent", "Superintendent", "On-call superintendents")
    yield from _partners()
    yield Establishment(1, "inspection_lead", "Chief Inspector", "Inspection and improvement")
    yield Establishment(1, "governance_board", "Head of scrutiny", "Governance board", agency="commissioner")


def _partners() -> Iterator[Establishment]:
    """Those who answer for the youth justice and health services of each area."""
    for authority in AUTHORITIES:
        code = authority.code
        yield Establishment(2, "youth_justice_worker", "Youth justice worker", f"Youth justice {code}", FORCE, f"yjs-{code}", (code,))
        yield Establishment(1, "health_worker", "Safeguarding nurse", f"Health {code}", FORCE, f"nhs-{code}", (code,))


def _response() -> Iterator[Establishment]:
    for pair in PAIRS:
        for team in range(1, TEAMS + 1):
            for district in pair:
                name = f"Response {district} {team}"
                yield Establishment(2, "response_sergeant", _SGT, name, district, places=(district,), skills=_SERGEANT)
                yield Establishment(3, "response_officer", _PC, name, district, places=(district,))


def staff(*, seed: int) -> tuple[Staff, ...]:
    """Everybody, before leave is put on them by the rota."""
    dice = Dice(seed, "staff")
    taken: set[str] = set()
    return tuple(_person(dice, taken, item, number) for item in establishment() for number in range(item.count))


def _person(dice: Dice, taken: set[str], item: Establishment, number: int) -> Staff:
    while True:
        name = names.grown_up(dice)
        username = plain(name.replace(" ", "."))
        if username not in taken:
            break
    taken.add(username)
    host = {"police": "aldermere-police", "commissioner": "commissioner"}.get(item.agency, item.agency.lower())
    return Staff(
        username=username,
        name=name,
        rank=item.rank,
        role=item.role,
        team=item.team,
        district=item.district,
        agency=item.agency,
        places=item.places,
        skills=item.skills or (_RESPONSE[(len(taken) + number) % len(_RESPONSE)] if item.role == "response_officer" else ()),
        email=f"{username}@{host}.example.com",
    )


def plain(text: str) -> str:
    """Lower case without accents, for sign-in names."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def posts() -> tuple[Post, ...]:
    """Every post that the rota fills; the kinds are those that the clocks' playbooks say owe things, and a few more."""
    return (
        Post("hub_sergeant", "hub_sergeant", "MET hub sergeant", FORCE, "hub"),
        Post("hub_officer", "hub_officer", "MET hub officer", FORCE, "hub"),
        Post("early_intervention", "early_intervention", "Young person early intervention officer", FORCE, "hub"),
        Post("intelligence", "intelligence", "Intelligence desk", FORCE, "intelligence"),
        Post("analyst", "analyst", "Performance analyst", FORCE, "performance"),
        Post("polit_sergeant", "polit_sergeant", "POLIT sergeant", FORCE, "polit"),
        Post("polit_officer", "polit_officer", "POLIT officer", FORCE, "polit"),
        Post("duty_inspector", "duty_inspector", "Duty inspector", FORCE, "control"),
        Post("duty_superintendent", "duty_superintendent", "On-call superintendent", FORCE, "control"),
        Post("control_room", "control_room", "Control room call handler", FORCE, "control"),
        *(Post(f"custody_officer.{code}", "custody_officer", f"Custody officer, {code}", code, "custody") for code in CUSTODY),
        *(_district_post("duty_sergeant", "Duty sergeant", item.code, item.name) for item in DISTRICTS),
        *(_district_post("response_officer", "Response officer", item.code, item.name) for item in DISTRICTS),
        *(_authority_post("children_services", "Missing children's worker", item.code, item.name) for item in AUTHORITIES),
        *(_authority_post("children_services_night", "Emergency duty worker", item.code, item.name) for item in AUTHORITIES),
    )


def _district_post(kind: str, title: str, code: str, name: str) -> Post:
    return Post(f"{kind}.{code}", kind, f"{title}, {name}", code, "response")


def _authority_post(prefix: str, title: str, code: str, name: str) -> Post:
    return Post(f"{prefix}.{code}", "children_services", f"{title}, {name}", FORCE, code)
