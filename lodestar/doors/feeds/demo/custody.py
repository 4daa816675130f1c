"""The demonstration's children in custody: a year of charges, with the published year's figures of those refused bail.

48 charged and refused bail, 33 asked for, 2 moved, 15 never asked for (HMICFRS, year to February 2024). Why each of the 15
was not, and who else was charged and bailed, is invented. Two are in the cells this morning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lodestar.core.matters.custody.court import first_court
from lodestar.core.times import age_on
from lodestar.doors.feeds.demo.desks import DeskMatter, Written
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.doing import worker_at
from lodestar.doors.feeds.demo.meetings import Meetings, meetings
from lodestar.doors.feeds.demo.places import DISTRICT
from lodestar.doors.feeds.demo.records import Child
from lodestar.doors.feeds.demo.rota import LONDON, Rota, wall

# How each of the 48 ended, and how many. Every way that is here is one that the desk's rules allow.
KEPT = (
    ("moved", 2), ("refused", 20), ("no_reply", 7), ("certificate_b", 4), ("straight_to_court", 9), ("journey", 6),
)  # fmt: skip
BAILED = 60
SUITES = ("HAR", "BRA")
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_OFFENCES = (
    ("Robbery, Theft Act 1968 s.8", "yes"), ("Burglary, Theft Act 1968 s.9", "no"), ("Bladed article, CJA 1988 s.139", "no"),
    ("Possession with intent to supply, Misuse of Drugs Act 1971 s.5", "no"), ("Wounding, OAPA 1861 s.20", "yes"),
)  # fmt: skip
_ASKED = "What would have found a place? The out-of-hours list was old; the council brings a new one"
_HARM = "Has named a boy he means to stab before court"


@dataclass(frozen=True, slots=True)
class _World:
    """What every detention is drawn from."""

    dice: Dice
    rota: Rota
    meetings: Meetings


@dataclass(slots=True)
class _Detention:
    """One detention while it is being made."""

    dice: Dice
    rota: Rota
    suite: str
    authority: str
    at: datetime
    reviewed: datetime  # what the next nine hours count from
    meetings: Meetings
    refused: datetime | None = None  # when bail was refused
    written: list[Written] = field(default_factory=list)

    def officer(self) -> str:
        """The custody officer on duty now."""
        return self.rota.lead(f"custody_officer.{self.suite}", self.at).username

    def inspector(self) -> str:
        """The inspector on duty now."""
        return self.rota.lead("duty_inspector", self.at).username

    def after(self, minutes: float) -> _Detention:
        """Time passes."""
        self.at = (self.at + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
        return self

    def does(self, code: str, by: str = "", refs: dict[str, int] | None = None, **said: str) -> int:
        """Write a deed down now; returns its place."""
        self.written.append(Written(code, self.at, by or self.officer(), said, refs or {}))
        return len(self.written) - 1


def custody(*, seed: int, rota: Rota, children: Sequence[Child], as_of: datetime, scale: float) -> tuple[DeskMatter, ...]:
    """A year of detentions after charge up to ``as_of``, and two children in the cells now."""
    dice = Dice(seed, "custody")
    ways = [way for way, count in KEPT for _ in range(max(1, round(count * scale)))] + ["bailed"] * round(BAILED * scale)
    made = []
    world = _World(dice, rota, meetings(as_of=as_of))
    for number, way in enumerate(ways):
        at = as_of - timedelta(days=dice.between(4, 362))
        made.append(_one(world, _child(dice, children, at), at=at, way=way, number=number))
    made.append(_one(world, _child(dice, children, as_of), at=as_of - 9 * _HOUR, way="waiting", number=900, as_of=as_of))
    made.append(_one(world, _child(dice, children, as_of), at=as_of - 4 * _HOUR, way="charged", number=901, as_of=as_of))
    return tuple(sorted(made, key=lambda item: item.reported_at))


def _child(dice: Dice, children: Sequence[Child], at: datetime) -> Child:
    """One of the children, of an age to be charged on that day and still a child."""
    while True:
        child = dice.pick(children)
        if 12 <= age_on(child.birth_date, at) <= 17 and age_on(child.birth_date, at + 3 * _DAY) <= 17:
            return child


def _one(world: _World, child: Child, *, at: datetime, way: str, number: int, as_of: datetime | None = None) -> DeskMatter:
    """One detention, from its authorisation to the look afterwards."""
    dice, rota = world.dice, world.rota
    day = at.astimezone(LONDON).date()
    if as_of is None:
        day += _DAY if day.weekday() == 6 and way == "straight_to_court" else 0 * _DAY  # no court sits on a Sunday
        at = wall(day, dice.whole(7, 9) if way == "straight_to_court" else dice.whole(10, 20)) + dice.whole(0, 59) * _MINUTE
    at = at.replace(second=0, microsecond=0)
    # The first review is owed six hours after detention was authorised: nine from three hours before it.
    one = _Detention(dice, rota, dice.pick(SUITES), child.authority, at, at - 3 * _HOUR, world.meetings)
    opened, officer = one.at, one.officer()
    _detain(one, adult=way != "bailed" or number % 40 != 11)
    charged = _charge(one, way, soon=way in ("straight_to_court", "waiting", "charged"))
    if way == "bailed":
        one.after(20).does("child_released", how="bail_with_conditions", conditions="Curfew at home", to_whom="His mother")
    elif way != "charged":
        _keep(one)
        _WAYS[way](one, charged)
    if way not in ("waiting", "charged"):
        _afterwards(one, kept=way != "bailed")
    words = "Arrested in the town centre and brought in; charged after interview."
    deeds = tuple(item for item in one.written if as_of is None or item.at <= as_of)
    return DeskMatter(
        "custody", f"CU-{number:04d}", child.key, "Lodestar, Custody after charge", f"CR-{number:04d}-{day:%y}", "Custody officer", words,
        opened, opened, child.district, child.authority, ((opened, officer, "opened"),), deeds,
    )  # fmt: skip


def _detain(one: _Detention, *, adult: bool) -> None:
    """Detention authorised, the adult called and come, children's services warned: within two hours and five minutes."""
    exploitation = one.dice.weighted((("yes", 0.15), ("not_known", 0.25), ("no", 0.60)))
    one.does(
        "detention_authorised", authorised_at=one.at.isoformat(), station=f"{DISTRICT[one.suite].name} custody suite",
        relevant_time=one.at.isoformat(), age_basis="confirmed",
        arrested_for="As charged below", exploitation=exploitation,
    )  # fmt: skip
    begun = one.at
    if adult:
        one.after(4 + begun.minute % 21).does("appropriate_adult_called", who="The child's mother, by telephone")
    else:
        one.after(12).does("appropriate_adult_not_called", why="His father came in with him and stayed; noted as the adult afterwards")
    one.after(25).does(
        "authority_pre_alerted", person_told=f"Duty worker, {one.authority}", what="A child is in custody and may be charged",
        power="Children Act 2004 s.11", bail_package="Supervision and a bail address with family",
    )  # fmt: skip
    if adult:
        one.after(15 + begun.minute * 7 % 61).does("appropriate_adult_arrived", who="The child's mother")
    one.at = max(one.at, begun + 77 * _MINUTE)


def _charge(one: _Detention, way: str, *, soon: bool) -> datetime:
    if not soon:
        one.at = one.reviewed + 3 * _HOUR + 230 * _MINUTE
        one.does(
            "review_before_charge", by=one.inspector(), postponed="no", asleep="no", representations="None made; the solicitor was asked",
            decision="detention_continues", reason="Interview to come",
        )  # fmt: skip
        one.reviewed = one.at
    one.after(one.dice.whole(30, 60) if soon else one.dice.whole(120, 300))
    offence, specified = ("Robbery, Theft Act 1968 s.8", "yes") if way == "certificate_b" else one.dice.pick(_OFFENCES)
    morning = wall(one.at.astimezone(LONDON).date() + _DAY, 10)
    sitting = one.at + 45 * _MINUTE if way == "straight_to_court" else morning
    if sitting.astimezone(LONDON).weekday() >= 6:
        sitting = first_court(charged_at=one.at, sittings=()).due_at
    one.does(
        "child_charged", charges=offence, imprisonable="yes", specified=specified, murder="no", section_25="no",
        sitting=sitting.isoformat(), court="Harford Magistrates",
    )  # fmt: skip
    return sitting


def _keep(one: _Detention) -> None:
    one.refused = one.after(15).at
    one.does(
        "bail_refused", grounds=one.dice.pick(("will_not_answer_bail", "prevent_offence")), facts="Missed court twice this month",
        conditions="Curfew and tag: broken before", package="Supervision: no address", representations="The solicitor asked for bail",
        presence="yes", told_at=one.at.isoformat(), adult_present="yes",
    )  # fmt: skip


def _ask(one: _Detention, kind: str = "non_secure") -> int:
    harm = {"harm": _HARM, "not_enough": "Walked out of two homes this week", "test": _HARM} if kind == "secure" else {}
    if kind == "secure":
        one.after(10).does("secure_approved", by=one.inspector(), harm=_HARM, reason="Nothing less held him this week")
    return one.after(20).does(
        "place_requested",
        authority=one.authority,
        person_told="Duty worker",
        channel="telephone",
        type=kind,
        power="PACE 1984 s.38(6)",
        **harm,
    )


def _moved(one: _Detention, sitting: datetime) -> None:
    asked = _ask(one)
    one.after(35).does(
        "place_answered", by=worker_at(one.rota, one.authority, one.at), refs={"about": asked}, answer="offered", place="Foster placement",
        available_at=(one.at + _HOUR).isoformat(), transport="The authority's own", answered_by="Duty manager",
    )  # fmt: skip
    one.after(70).does(
        "child_moved", refs={"about": asked}, escort="Officers", received_by="Carer", arrived_at=(one.at + 40 * _MINUTE).isoformat(),
        papers="Risk and medication", court_plan="The authority brings him at nine",
    )  # fmt: skip
    _court(one, sitting, held=False)


def _refused(one: _Detention, sitting: datetime) -> None:
    asked = _ask(one)
    one.after(one.dice.whole(25, 110)).does(
        "place_answered", by=worker_at(one.rota, one.authority, one.at), refs={"about": asked}, answer="refused",
        why="No placement could be found tonight", answered_by="Duty manager",
    )  # fmt: skip
    _failed(one, asked, sitting)


def _no_reply(one: _Detention, sitting: datetime) -> None:
    asked = _ask(one)
    one.after(150).does(
        "answer_noted", refs={"about": asked}, answer="no_reply", why="Rang three times; the line was not answered", answered_by="Nobody"
    )
    _failed(one, asked, sitting)


def _failed(one: _Detention, asked: int, sitting: datetime) -> None:
    one.after(15).does("failure_to_provide", refs={"about": asked}, escalated="Director on call", said="No placement before the morning")
    _court(one, sitting)


def _certificate_b(one: _Detention, sitting: datetime) -> None:
    asked = _ask(one, "secure")
    one.after(30).does("answer_noted", refs={"about": asked}, answer="refused", why="No secure place", answered_by="Duty manager")
    one.after(10).does("adequacy_assessed", adequate="no", why="He would be gone within the hour, with support too")
    one.after(10).does(
        "certified_serious_harm",
        serious_harm="He means to stab a named boy before court",
        not_adequate="No other place would hold him",
        test=_HARM,
    )
    _court(one, sitting, produced=True)


def _straight(one: _Detention, sitting: datetime) -> None:
    one.at = max(one.at + 5 * _MINUTE, sitting - 10 * _MINUTE)
    one.does(
        "brought_to_court", court="Harford Magistrates", who="Escort", certificate_produced="none_made", straight="yes",
        sat_at=max(sitting, one.at).isoformat(), left_at=one.at.isoformat(),
    )  # fmt: skip


def _journey(one: _Detention, sitting: datetime) -> None:
    one.after(30).does(
        "certified_impracticable", reason="journey", circumstances="The only place is four hours away; court sits first",
        arrives_at=(sitting - 10 * _MINUTE).isoformat(), court_at=sitting.isoformat(),
    )  # fmt: skip
    _court(one, sitting, produced=True)


def _waiting(one: _Detention, _sitting: datetime) -> None:
    _ask(one)
    one.after(6 * 60)
    _reviews(one)


def _court(one: _Detention, sitting: datetime, *, produced: bool = False, held: bool = True) -> None:
    left = sitting - 30 * _MINUTE
    if held:
        one.at = max(one.at, left)
        _reviews(one)
    one.at = max(one.at + 10 * _MINUTE, left)
    proof = (
        {"certificate_produced": "yes", "produced_to": "The court's legal adviser"} if produced else {"certificate_produced": "none_made"}
    )
    one.does("brought_to_court", court="Harford Magistrates", who="Escort", straight="no", **proof)


def _reviews(one: _Detention) -> None:
    """A certificate is reviewed out of; where one stood it is made again, for nothing has changed."""
    made = next((item for item in reversed(one.written) if item.code.startswith("certified_")), None)
    until = one.at
    while until - one.reviewed > timedelta(hours=8, minutes=30):
        one.at = one.reviewed + timedelta(hours=8, minutes=20)
        one.does(
            "review_after_charge", postponed="no", asleep="yes", representations="Asleep; the solicitor was asked", bail="still_refused",
            bail_why="The grounds stand", authority_contacted="yes", transfer="no_change",
            transfer_why="Still no place, and nothing has changed",
        )  # fmt: skip
        one.reviewed = one.at
        if made is not None and made.code == "certified_impracticable":
            one.after(5).does(made.code, **made.said)
    one.at = max(until, one.at)


def _afterwards(one: _Detention, *, kept: bool) -> None:
    if kept:
        one.at = max(one.at, one.meetings.daily(since=one.refused or one.at)) + 20 * _MINUTE
        one.does("daily_meeting_scrutinised", by=one.inspector(), asked="Why was no place found, and what was asked of whom?")
    one.after(24 * 60)
    avoidable, claim = (one.dice.pick(("yes", "no")), f"CC-{one.dice.whole(100, 999)}") if kept else ("no", "None due")
    one.after(60).does(
        "after_action_recorded", by=one.inspector(), avoidable=avoidable, why="Looked at with the authority",
        feedback="Sent to the duty manager", cost_claim=claim, learning="Ask in the first hour",
    )  # fmt: skip
    one.after(30).does("custody_closed", summary="Before the court, or bailed; what was learnt is recorded")
    if kept:
        _at_the_boards(one)


def _at_the_boards(one: _Detention) -> None:
    """The partnership's meeting and the board looked at it when they next met, but for those of their last meeting: that is held live."""
    for kind, code, said in (
        ("fortnightly", "tactical_meeting_scrutinised", {"attended": "Police, the county council, youth justice", "asked": _ASKED}),
        ("quarterly", "board_scrutinised", {"reported": "One of the quarter's children kept after charge: why, and what was learnt"}),
    ):
        met = one.meetings.met(kind, since=one.at)
        if met is not None:
            one.written.append(Written(code, met + 40 * _MINUTE, one.rota.lead("duty_inspector", met).username, dict(said), {}))


_WAYS = {
    "moved": _moved,
    "refused": _refused,
    "no_reply": _no_reply,
    "certificate_b": _certificate_b,
    "straight_to_court": _straight,
    "journey": _journey,
    "waiting": _waiting,
}
