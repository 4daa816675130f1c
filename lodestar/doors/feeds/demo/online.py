"""The demonstration's online abuse cases: referrals of a year, most worked to an end, some waiting, a few gone quiet.

About 26 referrals a month, banded 5, 25, 40 and 30 in a hundred from very high to low (measures.md section 7). One case is
the watchdog's: opened in March 2016, its detective leaves in April 2019, and it is still there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from lodestar.doors.feeds.demo import names
from lodestar.doors.feeds.demo.desks import DeskMatter, Named, Someone, Written
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.records import Child, Staff
from lodestar.doors.feeds.demo.rota import Rota

REFERRALS_A_YEAR = 312
BANDS = (("very_high", 0.05), ("high", 0.25), ("medium", 0.40), ("low", 0.30))
_LIMIT_DAYS = {"very_high": 1, "high": 7, "medium": 14, "low": 30}
SOURCES = (
    ("nca_package", 0.72), ("provider_direct", 0.08), ("other_force", 0.07), ("public", 0.05), ("school", 0.04),
    ("internal_link", 0.02), ("iwf", 0.02),
)  # fmt: skip
NO_CONTACT = 0.45  # of cases end without contact: nobody identified, no offence here
QUIET = 0.04  # of cases stop somewhere and nobody moves them
WITH_CHILDREN = 0.42
_CPS_DAYS, _CPS_SIGMA = 73.0, 0.77  # with the CPS again: a mean of 110 days in all, as published for 2018-19
NOT_LOOKED_AGAIN = 0.1  # of decisions to share are never looked at again
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_PLACES = ("A terraced house", "A flat above a shop", "A rented room", "A house on a new estate")
_WORK = ("Warehouse work", "Office work", "Out of work", "Delivery driver", "Night shift at a bakery", "Retired")
_WHO_FROM = {
    "nca_package": "National Crime Agency", "provider_direct": "National Crime Agency, provider's report", "other_force": "Another force",
    "public": "A member of the public", "school": "A school", "internal_link": "Our own missing desk", "iwf": "Internet Watch Foundation",
}  # fmt: skip


@dataclass(slots=True)
class _Case:
    """A case while it is being made: time moves on, and what is done is written down."""

    dice: Dice
    rota: Rota
    officer: str
    sergeant: str
    at: datetime
    level: str
    pace: float
    written: list[Written] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)

    def after(self, hours: float) -> datetime:
        """Move on by about so many hours, into the team's next working time."""
        self.at = _working(self.rota, self.at + timedelta(hours=hours * self.pace * self.dice.between(0.5, 1.5)))
        return self.at

    def does(self, code: str, by: str = "", refs: dict[str, int] | None = None, **said: str) -> int:
        """Write a deed down now, a few minutes after the one before; returns its place."""
        self.at += timedelta(minutes=self.dice.whole(4, 25))
        self.written.append(Written(code, self.at, by or self.officer, said, refs or {}))
        return len(self.written) - 1

    def not_applicable(self, item: str, reason: str) -> None:
        """Set an item of the checklist aside."""
        self.does("checklist_item_not_applicable", item=item, reason=reason)

    def done_with(self, note: str) -> None:
        """Finish the stage."""
        self.does("stage_finished", note=note)

    def grade(self, why: str) -> None:
        """Grade on the tool's band."""
        self.at += timedelta(minutes=self.dice.whole(4, 25))
        row = {
            "level": self.level,
            "rationale": why,
            "relied_on": ["The KIRAT result by reference", "The research on the household"],
            "steps_agreed": "Share, plan contact within the limit, look again when anything is learnt",
            "review_at": self.at + _DAY * _LIMIT_DAYS[self.level],
        }
        self.written.append(Written("graded", self.at, self.officer, {"level": self.level}, {}, row))


def _working(rota: Rota, at: datetime) -> datetime:
    """This instant if the team is on, else early in its next shift."""
    try:
        rota.lead("polit_officer", at)
    except LookupError:
        coming = rota.leads_between("polit_officer", at, at + 6 * _DAY)
        return coming[0].from_at + timedelta(minutes=20) if coming else at
    return at


def online(
    *, seed: int, rota: Rota, children: Sequence[Child], as_of: datetime, scale: float
) -> tuple[tuple[DeskMatter, ...], tuple[Someone, ...]]:
    """A year of cases up to ``as_of`` with the adults they are about, and the old case of the watchdog's story."""
    dice = Dice(seed, "online")
    team = [person for person in rota.staff if person.team == "POLIT"]
    homes = [child for child in children if not child.looked_after]
    matters, people = [], []
    for number in range(max(3, round(REFERRALS_A_YEAR * scale))):
        matter, suspect = _one(dice, rota, team, homes, at=as_of - dice.between(0.02, 364) * _DAY, as_of=as_of, number=number)
        matters.append(matter)
        people.append(suspect)
    story, suspect = _story(dice, team)
    return (*sorted(matters, key=lambda item: item.reported_at), story), (*people, suspect)


def _suspect(dice: Dice, key: str, near: Child, *, known: bool) -> Someone:
    if not known:
        return Someone(key, "", f"user of account {dice.whole(10_000, 99_999)}", None, "", "", "", near.authority, near.district)
    given, family = names.grown_up(dice).split(" ", 1)
    born = date(dice.whole(1955, 2005), dice.whole(1, 12), dice.whole(2, 28))
    return Someone(
        key, given, family, born, "male" if dice.chance(0.93) else "female", near.address, near.postcode, near.authority, near.district
    )


def _one(
    dice: Dice, rota: Rota, team: list[Staff], homes: list[Child], *, at: datetime, as_of: datetime, number: int
) -> tuple[DeskMatter, Someone]:
    near = dice.pick(homes)
    officers = [person.username for person in team if person.role == "polit_officer"]
    sergeant = next(person.username for person in team if person.role == "polit_sergeant")
    key = f"ON-{number:04d}"
    received = _working(rota, at)
    case = _Case(dice, rota, dice.pick(officers), sergeant, received, dice.weighted(BANDS), 1.0)
    case.pace = {"very_high": 0.12, "high": 0.5, "medium": 1.0, "low": 1.6}[case.level] * dice.between(0.7, 1.6)
    suspect = _suspect(dice, key, near, known=dice.chance(0.7))
    source = dice.weighted(SOURCES)
    _course(case, source, key, near if dice.chance(WITH_CHILDREN) else None, days_ago=(as_of - received) / _DAY)
    written, named = case.written, tuple(case.named)
    if dice.chance(QUIET) and len(written) > 24:
        written = written[: dice.whole(18, 24)]
    known = tuple(item for item in written if item.at <= as_of)
    kept = tuple(item for item in named if item.from_at <= as_of)
    matter = DeskMatter(
        "online", key, key, "Lodestar, Online abuse", f"REF-{key}", _WHO_FROM[source],
        f"Referral {key}: indecent images of children shared from an account; one address resolved.",
        received, received, near.district, near.authority, ((received, case.officer, "opened"),), known[: _cut(known, kept)], kept,
    )  # fmt: skip
    return matter, suspect


def _cut(known: tuple[Written, ...], kept: tuple[Named, ...]) -> int:
    """Up to the first deed that names somebody not yet known: with them left out it cannot have been written."""
    for place, item in enumerate(known):
        if "child" in item.refs and item.refs["child"] >= len(kept):
            return place
    return len(known)


def _course(case: _Case, source: str, key: str, child: Child | None, *, days_ago: float) -> None:
    """A case from referral to its end, stage by stage, each with its checklist."""
    _refer(case, source, key)
    _research(case, key, child)
    _weigh(case, key)
    _safeguard(case, child)
    _wait_for_a_post(case, key, days_ago)
    if case.dice.chance(NO_CONTACT) and case.level in ("low", "medium"):
        _end_without_contact(case)
        return
    _plan_and_contact(case)
    _care(case)
    _examine(case, key)
    _file(case, key)


def _refer(case: _Case, source: str, key: str) -> None:
    sent = (case.at - timedelta(hours=case.dice.between(4, 90))).replace(microsecond=0)
    national = {"disseminated_at": sent.isoformat()} if source in ("nca_package", "provider_direct") else {}
    case.does(
        "referral_received", source=source, source_reference=f"SR-{key}", received_at=case.at.isoformat(),
        offence_times=f"{sent:%Y-%m-%d %H:%M:%S} UTC", source_document=f"DOC-{key}-1", **national,
    )  # fmt: skip
    for place in range(2):
        when = sent - timedelta(hours=6 + 30 * place)
        case.does(
            "ip_event_recorded", ip=f"81.2.{case.dice.whole(60, 90)}.{case.dice.whole(2, 250)}", port_given="yes",
            port=str(case.dice.whole(20_000, 60_000)), time_text=f"{when:%Y-%m-%d %H:%M:%S}", zone="UTC",
            converted_at=when.astimezone(UTC).isoformat(), entered="machine_copied", source_document=f"DOC-{key}-1",
        )  # fmt: skip
    case.after(6)
    case.does("deconfliction_recorded", searched="Suspect, address, children, missing episodes, exploitation", found="Nothing held before")
    case.does("case_allocated", by=case.sergeant, officer="The officer who answers for it", reason="Next with room")
    case.done_with("Referred whole; two events to check")


def _research(case: _Case, key: str, child: Child | None) -> None:
    case.after(16)
    case.done_with("Nothing held that stands in the way")
    events = [place for place, item in enumerate(case.written) if item.code == "ip_event_recorded"]
    for event in events:
        converted = case.written[event].said["converted_at"]
        case.does(
            "time_zone_checked", by=case.sergeant, refs={"event": event}, read_from=f"DOC-{key}-1", converted_at=converted,
            address_agrees="yes",
        )  # fmt: skip
    case.after(20)
    case.does(
        "ip_events_compared", refs={"first": events[0], "second": events[1]}, finding="same_subscriber",
        resolved_by=f"RES-{key}-1 and RES-{key}-2", limits="The line is shared by the household",
    )  # fmt: skip
    case.does("corroboration_recorded", corroborates="The account's recovery number", confidence="probable", limits="Shared line")
    if child is not None:
        case.named.append(Named(child.key, "child_in_household", "fact", "School and benefit records", case.at))
    found = "One child lives there: linked" if child is not None else "None is known: school and benefit records searched"
    case.does("household_researched", addresses=case.dice.pick(_PLACES), children=found, clubs="None found")
    case.does("suspect_researched", occupation=case.dice.pick(_WORK), offender_status="Not registered", firearms="None", history="None")


def _weigh(case: _Case, key: str) -> None:
    case.after(6)
    if case.named:
        case.does("child_risk_known", refs={"child": 0}, known_from="School records", what="Lives with the suspect")
    _grade_on_the_tool(case, key)
    case.done_with("Researched; identity probable")
    case.done_with("Graded on the tool's band")


def _grade_on_the_tool(case: _Case, key: str) -> None:
    trained = (case.at - timedelta(days=case.dice.whole(40, 600))).date()
    result = case.does(
        "kirat_recorded", version="KIRAT 3", assessor="DC, POLIT", trained_on=f"{trained.day} {trained:%B %Y}", reference=f"KIR-{key}-1",
        band=case.level,
    )  # fmt: skip
    case.does("kirat_checked", by=case.sergeant, refs={"kirat": result}, agrees="yes", checked="The answers against the research")
    case.grade("On the tool's band; nothing learnt speaks against it")


def _safeguard(case: _Case, child: Child | None) -> None:
    if child is None:
        case.not_applicable("share_decided", "No child is linked to this case")
        case.not_applicable("shared", "No child is linked to this case")
        for item in ("strategy_asked", "strategy_held", "interim_safety"):
            case.not_applicable(item, "No child is linked to this case")
        return
    review = (case.at + 14 * _DAY).isoformat()
    case.does(
        "share_decided", refs={"child": 0}, decision="share", reason="The child lives with the suspect", gateway="Children Act 2004 s.11",
        recipient=f"{child.authority} children's services", next_review=review,
    )  # fmt: skip
    case.after(3)
    case.does(
        "child_shared", refs={"child": 0}, recipient=f"{child.authority} children's services", person_told="Duty social worker",
        what="That a child lives with somebody under investigation, and what keeps them safe until contact",
        power="Children Act 2004 s.11", receipt=f"CS-{case.dice.whole(10_000, 99_999)}",
    )  # fmt: skip
    case.does("online_strategy_asked", asked_of="Duty manager, children's services", reply="Agreed for tomorrow")
    case.after(24)
    case.does("online_strategy_held", attended="Social care, health, POLIT", plan="Contact on a school day; nobody tells the suspect")
    case.does("interim_safety_agreed", steps="School watches and rings; visit the same day", police_protection="Considered: not needed")


def _look_again(case: _Case) -> None:
    """The decision to share is looked at again before contact; one case in so many has nobody look."""
    shares = [place for place, item in enumerate(case.written) if item.code == "share_decided"]
    if shares and not case.dice.chance(NOT_LOOKED_AGAIN):
        case.does("share_reviewed", by=case.sergeant, refs={"share": shares[-1]}, found="Nothing has changed at home; the decision stands")


def _wait_for_a_post(case: _Case, key: str, days_ago: float) -> None:
    """More comes in than the posts can act on: the low wait longer as the year goes on, graded again every four weeks."""
    low = 12 + 105 * max(0.0, 1 - days_ago / 364)
    days = {"very_high": (0, 0.3), "high": (0.5, 4), "medium": (2, 16), "low": (low, low + 30)}
    until = case.at + _DAY * case.dice.between(*days[case.level])
    while until - case.at > 28 * _DAY:
        case.at = _working(case.rota, case.at + 27 * _DAY)
        _grade_on_the_tool(case, key)
        _look_again(case)
    case.at = _working(case.rota, max(until, case.at))


def _end_without_contact(case: _Case) -> None:
    case.after(60)
    case.does(
        "no_further_action", by=case.sergeant, reason="Nobody can be identified on the evidence", basis="evidence",
        suspect_told="They never knew",
    )  # fmt: skip
    case.after(80)
    _close(case)


def _close(case: _Case) -> None:
    case.does(
        "online_case_closed", by=case.sergeant, outcomes="Each child's outcome is recorded above", learning="None beyond this case",
        feedback="Result sent to the referrer", retention="As the force's schedule sets",
    )  # fmt: skip


def _plan_and_contact(case: _Case) -> None:
    case.done_with("What is known of each child is with children's services")
    case.after(30)
    _look_again(case)
    plan = case.does(
        "enforcement_planned_out", route="arrest", reason="Prompt and effective investigation", child_safety="Children are at school then",
        scope="All devices in the household", timing="A school day, after nine", family_officer="Named on the plan", media="Line prepared",
    )  # fmt: skip
    case.does("enforcement_approved", by=case.sergeant, refs={"plan": plan}, approves="yes", reason="Proportionate and child-safe")
    asked = case.does("warrant_asked", power="Protection of Children Act 1978 s.4", court="Magistrates, first slot")
    case.after(60)
    case.does("warrant_answered", refs={"asked": asked}, result="granted", reference=f"W-{case.dice.whole(1000, 9999)}")
    case.does(
        "suicide_plan_made", risk="Lives alone, no earlier contact with services", plan="Welfare call in 24 and 48 hours; GP told",
        contact_route="arrest_or_search",
    )  # fmt: skip
    case.after(84)
    case.does("contact_made", how="search_warrant", children_safe="Seen where any live there: well", welfare="Shaken; crisis line given")
    case.does(
        "scene_recorded", triage="Two devices triaged", passwords="Given", replacement="A phone with credit was left",
        weapons="None", family_pack="Given to the household",
    )  # fmt: skip
    for place in range(case.dice.whole(1, 3)):
        seal, what = f"S{case.dice.whole(100_000, 999_999)}", case.dice.pick(("phone", "computer"))
        case.does("device_seized", exhibit=f"EX/{place + 1}", seal=seal, what=what, whose="The suspect's", band=case.level)
    case.done_with("Devices in the queue")


def _care(case: _Case) -> None:
    case.after(22)
    case.does("welfare_checked", with_whom="The suspect", found="Low but safe; GP appointment made")
    case.does("care_referred", referred_to="GP and liaison and diversion", told="Solicitor told of the risk")
    case.does("release_decided", how="bail", conditions="No contact with anybody under 18 unless supervised")
    trigger = case.does(
        "trigger_date_set", kind="bail_return", when=(case.at + 28 * _DAY).isoformat(), contact="The officer who answers for it"
    )
    case.does("employer_disclosure_decided", by=case.sergeant, decision="not_told", reason="No work with children", barring="Not met")
    case.does("other_children_researched", found="None beyond those linked")
    case.after(28 * 24 / max(case.pace, 0.2))
    case.does("trigger_checked", refs={"trigger": trigger}, found="Steady; support in place")
    case.done_with("Cared for; next the devices")


def _examine(case: _Case, key: str) -> None:
    case.after(24 * 40)
    devices = [place for place, item in enumerate(case.written) if item.code == "device_seized"]
    for device in devices:
        case.does("device_triaged", refs={"device": device}, result="examine_in_full", note="Material likely")
    case.after(24 * 50)
    for device in devices:
        case.does(
            "device_examined", refs={"device": device}, category_a=str(case.dice.whole(0, 20)), category_b=str(case.dice.whole(0, 30)),
            category_c=str(case.dice.whole(1, 200)), trusted="yes", first_generation="no", new_victims="no",
            examiner="Two hours a day at most",
        )  # fmt: skip
    filed = {"reference": f"FILE-{key}", "colour": "green", "standard": "yes", "disclosure": f"SCH-{key}"}
    case.does("cps_submitted", streamlined="No: above its limits", **filed)


def _file(case: _Case, key: str) -> None:
    case.does("cps_early_advice", reference=f"ADV-{key}", advice="Submit on the sample of each category")
    action = case.does("cps_action_set", action="Statement on attribution", due=(case.at + 14 * _DAY).isoformat())
    case.after(24 * 9)
    case.does("cps_action_done", refs={"action": action}, result="Statement sent")
    case.does("cps_resubmitted", reference=f"FILE-{key}", answers="Statement on attribution added")
    case.at = _working(case.rota, case.at + case.dice.lognormal(_CPS_DAYS, _CPS_SIGMA) * _DAY)
    case.does("cps_decided", decision="charge", reference=f"DEC-{key}", consent="yes")
    _court(case)


def _court(case: _Case) -> None:
    case.does("prevention_order_considered", decision="yes", reason="To keep children safe after sentence")
    case.does("online_victims_told", told="No victim is identified in this case: nobody to tell")
    case.does("victim_support_referred", referred="No victim is identified in this case")
    case.done_with("Charged; first hearing listed")
    case.after(24 * 25)
    case.does("court_result_recorded", court="Crown court", result="Community order with a programme; prevention order for five years")
    case.done_with("Sentenced")
    case.does("offender_manager_told", handed_to="Offender management, duty manager", what="The file, the order, and the risk to children")
    case.after(24)
    _close(case)


def _story(dice: Dice, team: list[Staff]) -> tuple[DeskMatter, Someone]:
    """Opened in March 2016; the detective who had it leaves in April 2019; nothing has moved it since (IOPC, March 2021)."""
    opened = datetime(2016, 3, 14, 10, 5, tzinfo=UTC)
    left = datetime(2019, 4, 5, 15, 0, tzinfo=UTC)
    first, second = [person.username for person in team if person.role == "polit_officer"][:2]
    case = _Case(dice, _NO_ROTA, first, "", opened, "medium", 1.0)
    case.does(
        "referral_received", source="nca_package", source_reference="SR-2016-031", received_at=opened.isoformat(),
        disseminated_at=(opened - 3 * _DAY).isoformat(), offence_times="2016-02-20 19:12:44 UTC", source_document="DOC-2016-031",
    )  # fmt: skip
    case.at = datetime(2016, 4, 20, 9, 30, tzinfo=UTC)
    case.does("deconfliction_recorded", searched="Suspect and address", found="Nothing held before")
    case.at = datetime(2018, 11, 6, 11, 0, tzinfo=UTC)
    case.does("evidence_obtained", what="Subscriber result SUB-77", shows="The line of the address")
    holdings = ((opened, first, "opened"), (left, second, "handed_over"))
    matter = DeskMatter(
        "online", "ON-2016", "ON-2016", "Lodestar, Online abuse", "REF-2016-031", "National Crime Agency",
        "A package of 2016: images shared from one account.", opened, opened, "", "", holdings, tuple(case.written),
    )  # fmt: skip
    return matter, Someone("ON-2016", "", "user of account 20160", None, "", "", "", "", "")


_NO_ROTA = Rota((), (), {}, {}, {})
