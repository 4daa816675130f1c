"""What was done and told: the deeds of core, each saying what core asks of it, some of them late."""

from __future__ import annotations

from datetime import datetime, timedelta

from lodestar.doors.feeds.demo import names, wording
from lodestar.doors.feeds.demo.answering import sergeant
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.episode import Deed, Grade, ReturnInterview, Review
from lodestar.doors.feeds.demo.rota import Rota

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_RHI_LIMIT = 72 * _HOUR
# Of returns: 70 % offered, 50 % held, and of those held 63 % in time (measures.md section 7).
OFFERED, HELD, HELD_IN_TIME, DECLINED = 0.70, 0.50, 0.63, 0.12
_FORGOTTEN = timedelta(days=7)


def deed(code: str, at: datetime, by: str, **said: str) -> Deed:
    """A deed written down when it was done."""
    return Deed(code, at, at, by, tuple(said.items()))


def told(dice: Dice, *, rota: Rota, district: str, reference: str, grades: tuple[Grade, ...], until_at: datetime) -> list[Deed]:
    """Children's services, the national system and the UK Missing Persons Unit, when each was owed; a tenth of them late."""
    first = grades[0]
    post = sergeant(district)
    worker = f"{names.grown_up(dice)}, duty social worker"
    high = next((item for item in grades if item.level == "high"), None)
    services_at = first.at + _delay(dice, 3, 15, 40, 300) if high is first else first.at + _delay(dice, 20, 200, 250, 900)
    circulated_at = first.at + _delay(dice, 15, 200, 240, 700)
    unit_at = high.at + _delay(dice, 40, 230, 250, 900) if high else first.at + 68 * _HOUR + _delay(dice, 0, 220, 250, 900)
    deeds = []
    if services_at < until_at + 6 * _HOUR:  # also told when the child is already back
        said = {
            "person_told": worker,
            "what": "That the child is missing, the grade and why, and what is being done.",
            "power": wording.POWER,
        }
        deeds.append(deed("told_children_services", services_at, rota.lead(post, services_at).username, **said))
    if circulated_at < until_at:
        by = rota.lead("control_room", circulated_at).username
        deeds.append(deed("circulated", circulated_at, by, reference=f"NS-{reference}"))
    if unit_at < until_at:
        said = {"person_told": "duty officer", "reference": f"MU-{reference}", "power": wording.POWER}
        deeds.append(deed("told_ukmpu", unit_at, rota.lead(post, unit_at).username, **said))
    return deeds


def _delay(dice: Dice, quick: int, usual: int, late: int, latest: int) -> timedelta:
    low, high = (late, latest) if dice.chance(0.1) else (quick, usual)
    return dice.whole(low, high) * _MINUTE


def reviewed(dice: Dice, reviews: tuple[Review, ...]) -> list[Deed]:
    """The reviews that were done, as deeds."""
    return [
        deed("review_recorded", item.done_at, item.done_by, found=dice.pick(wording.FOUND), plan=dice.pick(wording.PLAN))
        for item in reviews
        if item.done_at is not None
    ]


def prevention_interview(dice: Dice, *, at: datetime, by: str, where: str, face_to_face: bool, harm: str) -> Deed:
    """The police's own talk with the child after a return."""
    said = {
        "where": where,
        "face_to_face": "yes" if face_to_face else "no",
        "child_said": dice.pick(wording.CHILD_SAID),
        "harm": harm,
    }
    return deed("prevention_interview_recorded", at, by, **said)


def before_closing(dice: Dice, *, rota: Rota, district: str, return_known_at: datetime, harm: str) -> tuple[list[Deed], datetime, str]:
    """Interview, referral decision, interview request and the supervisor's check; then when, and by whom, it closes."""
    post = sergeant(district)
    spoken_at = return_known_at + min(9 * 60, max(15, int(dice.lognormal(150, 0.8)))) * _MINUTE
    officer = dice.pick(rota.officers(district, spoken_at))
    face_to_face = dice.chance(0.9)
    where = "at home" if face_to_face else "by telephone"
    refer = harm.endswith("referred") or dice.chance(0.3)
    decided_at = spoken_at + dice.whole(5, 30) * _MINUTE
    asked_at = decided_at + dice.whole(3, 20) * _MINUTE
    checked_at = asked_at + dice.whole(10, 70) * _MINUTE
    closed_at = checked_at + dice.whole(1, 8) * _MINUTE
    reason = "Harm or worry that the authority should weigh." if refer else "Nothing new: the authority already works with the family."
    worker = f"{names.grown_up(dice)}, missing children's worker"
    deeds = [
        prevention_interview(dice, at=spoken_at, by=officer, where=where, face_to_face=face_to_face, harm=harm),
        deed("referral_decided", decided_at, officer, decision="made" if refer else "not made", reason=reason),
        deed("rhi_requested", asked_at, officer, person_told=worker, power="Statutory guidance on missing children, 2014"),
        deed(
            "supervisor_checked", checked_at, rota.lead(post, checked_at).username,
            checked="Read the interview and who saw the child, spoke to the officer, checked the referral and the request.",
        ),
    ]  # fmt: skip
    return deeds, closed_at, rota.lead(post, closed_at).username


def return_interview(
    dice: Dice, *, rota: Rota, authority: str, returned_at: datetime, requested_at: datetime, as_of: datetime
) -> tuple[ReturnInterview, list[Deed]]:
    """The authority's interview: offered, held, declined, not held or still owed, as known at the data cut."""
    throw = dice.unit()
    offered_at = held_at = declined_at = ended_at = None
    if throw < OFFERED:
        held_at, declined_at = _answer(dice, throw, returned_at)
        answered = held_at or declined_at or returned_at + 60 * _HOUR
        offered_at = max(requested_at, returned_at + dice.between(0.1, 0.7) * (answered - returned_at))
    held_at = max(held_at, offered_at + _HOUR) if held_at else None
    declined_at = max(declined_at, offered_at + _HOUR) if declined_at else None
    if not held_at and not declined_at:
        ended_at = returned_at + _FORGOTTEN
    known = {name: _known(at, as_of) for name, at in (("o", offered_at), ("h", held_at), ("d", declined_at), ("e", ended_at))}
    outcome = "held" if known["h"] else "declined" if known["d"] else "not_held" if known["e"] else "owed"
    made = ReturnInterview(
        authority, requested_at, returned_at + _RHI_LIMIT, known["o"], known["h"], known["d"], known["e"], outcome,
        dice.pick(wording.NOT_HELD) if outcome == "not_held" else "",
    )  # fmt: skip
    return made, _interview_deeds(dice, rota, made)


def _answer(dice: Dice, throw: float, returned_at: datetime) -> tuple[datetime | None, datetime | None]:
    if throw < HELD:
        in_time = dice.chance(HELD_IN_TIME)
        return returned_at + (dice.between(14, 71.5) if in_time else dice.between(73, 320)) * _HOUR, None
    if throw < HELD + DECLINED:
        return None, returned_at + dice.between(10, 70) * _HOUR
    return None, None


def _known(at: datetime | None, as_of: datetime) -> datetime | None:
    return at.replace(second=0, microsecond=0) if at is not None and at <= as_of else None


def _interview_deeds(dice: Dice, rota: Rota, made: ReturnInterview) -> list[Deed]:
    worker = worker_at(rota, made.authority, made.offered_at) if made.offered_at else ""
    deeds = []
    if made.offered_at:
        deeds.append(deed("rhi_offered", made.offered_at, worker, offered_by=f"{worker}, {made.authority} missing service"))
    if made.held_at:
        learnt = dice.pick(
            (
                "nothing to act on",
                "a place where young people meet; passed to the hub",
                "worries about an older friend; passed to the hub",
            )
        )
        deeds.append(deed("rhi_held", made.held_at, worker, held_by=f"{worker}, {made.authority} missing service", learnt=learnt))
    if made.declined_at:
        deeds.append(deed("rhi_declined", made.declined_at, worker, reason="Did not want to talk about it with anybody else."))
    return deeds


def worker_at(rota: Rota, authority: str, instant: datetime) -> str:
    """Who at the authority is on duty: its service in the day, the emergency team otherwise."""
    try:
        return rota.lead(f"children_services.{authority}", instant).username
    except LookupError:
        return rota.lead(f"children_services_night.{authority}", instant).username
