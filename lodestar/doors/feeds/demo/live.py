"""The live day: each scene of the table cast with a child and written up as it stands at the data cut."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lodestar.doors.feeds.demo import answering, doing, names, reporting, wording
from lodestar.doors.feeds.demo.answering import sergeant
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.episode import (
    Deed,
    Episode,
    Grade,
    Handover,
    Holding,
    Report,
    ReturnInterview,
    Review,
    Seen,
    Task,
    Transfer,
    TrueSpan,
    Unsure,
)
from lodestar.doors.feeds.demo.history import World
from lodestar.doors.feeds.demo.living import Move, live_through
from lodestar.doors.feeds.demo.places import OTHER_FORCES
from lodestar.doors.feeds.demo.records import Child
from lodestar.doors.feeds.demo.scenes import Scene
from lodestar.doors.feeds.demo.shapes import Duration

_MINUTE = timedelta(minutes=1)
_BEFORE_SHIFT = timedelta(minutes=5)
_RETURN_INTERVIEW = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Cast:
    """A scene with its child, and another child that it could be where that is unsure."""

    scene: Scene
    key: str
    child: Child
    other: Child | None


def staged(dice: Dice, world: World, cast: Cast, shape: Duration) -> Episode:
    """Write up one open matter."""
    scene, child, rota = cast.scene, cast.child, world.rota
    reported_at = _at(world, scene.reported)
    recorded_at = min(reported_at + dice.whole(2, 6) * _MINUTE, world.as_of)
    since_to = reported_at - dice.whole(60, 240) * _MINUTE
    since = (since_to - dice.whole(0, 60) * _MINUTE, since_to)
    grades = _grades(dice, world, cast)
    report = _report(dice, world, cast, since, recorded_at)
    missing_until = _when(world, scene.located) or world.as_of
    reviews = _reviews(dice, world, cast, grades, missing_until)
    chain, offers = _answering(dice, world, cast, recorded_at)
    steps, state = live_through(_moves(world, cast, grades))
    return Episode(
        key=cast.key, child=child.key, state=state, district=child.district, authority=child.authority,
        looked_after=child.looked_after, from_home=child.home, since_from=since[0], since_to=since[1],
        reported_at=reported_at, recorded_at=recorded_at, reports=(report,), grades=grades, holdings=chain, handovers=offers,
        steps=steps, deeds=_deeds(dice, world, cast, reviews), reviews=reviews,
        located=_seen(dice, world, cast, scene.located), located_from=None, located_to=None,
        wellbeing=_seen(dice, world, cast, scene.well), returned_at=_when(world, scene.returned), closed_at=None, outcome="",
        return_interview=_interview(world, cast), news=(), transfers=_transfers(dice, world, cast),
        tasks=_tasks(dice, world, cast, chain[-1].username), unsure=_unsure(cast, report), dirt=(), scene=scene.name,
        truth=TrueSpan(reported_at, _true_end(dice, world, cast, shape, rota.shifts[-1].until_at)),
    )  # fmt: skip


def _at(world: World, hours: float) -> datetime:
    return (world.as_of - timedelta(hours=hours)).replace(second=0, microsecond=0)


def _when(world: World, hours: float | None) -> datetime | None:
    return None if hours is None else _at(world, hours)


def _grades(dice: Dice, world: World, cast: Cast) -> tuple[Grade, ...]:
    grades: list[Grade] = []
    for level, hours in cast.scene.grades:
        at = _at(world, hours)
        made = answering.grade(dice, rota=world.rota, district=cast.child.district, level=level, at=at)
        if grades:
            lower = answering.ORDER[level] < answering.ORDER[grades[-1].level]
            second = world.rota.lead("duty_inspector", at).username if lower else ""
            made = replace(made, reason=dice.pick(wording.DOWN if lower else wording.UP), second_person=second)
        grades.append(made)
    return tuple(grades)


def _report(dice: Dice, world: World, cast: Cast, since: tuple[datetime, datetime], recorded_at: datetime) -> Report:
    reported_at = _at(world, cast.scene.reported)
    scene, child = cast.scene, cast.child
    level = scene.grades[0][0] if scene.grades else "medium"
    made = reporting.report(
        dice, rota=world.rota, child=child, home=world.homes.get(child.home), external_id=f"INC-{cast.key}", level=level,
        since=since, reported_at=reported_at, recorded_at=recorded_at,
    )  # fmt: skip
    facts = reporting.risk_facts(dice, child=child, level=level, at=reported_at, yes=scene.yes)
    subject = made.subject
    if scene.unsure:  # a passer-by, who knows a first name and roughly an age
        subject = replace(subject, family_name="", birth_date=None, address="", local_authority_id="")
    return replace(made, risk_facts=facts, subject=subject)


def _unsure(cast: Cast, report: Report) -> Unsure | None:
    if cast.other is None:
        return None
    differs = f"family name not given; known as {cast.child.family_name} and as {cast.other.family_name}; birth date not given"
    return Unsure(report.external_id, (cast.child.key, cast.other.key), "first name, sex and about the age", differs)


def _reviews(dice: Dice, world: World, cast: Cast, grades: tuple[Grade, ...], until_at: datetime) -> tuple[Review, ...]:
    if not grades:
        return ()
    done = tuple(number not in cast.scene.reviews_missed for number in range(400))
    made = answering.reviews(dice, rota=world.rota, district=cast.child.district, grades=grades, until_at=until_at, done=done)
    # What is due later this shift has not been done yet.
    return tuple(
        replace(item, done_at=None, done_by="") if item.done_at and (item.done_at > world.as_of or item.due_at > world.as_of) else item
        for item in made
    )


def _answering(dice: Dice, world: World, cast: Cast, recorded_at: datetime) -> tuple[tuple[Holding, ...], tuple[Handover, ...]]:
    district, rota = cast.child.district, world.rota
    shift = rota.lead(sergeant(district), world.as_of)
    waits = cast.scene.handover_waits and recorded_at < shift.from_at - _BEFORE_SHIFT
    until_at = shift.from_at if waits else world.as_of
    chain, offers = answering.holdings(dice, rota=rota, district=district, from_at=recorded_at, until_at=until_at)
    if not waits:
        return chain, offers
    note = (("open lines", wording.HANDOVER[1]), ("family promises", wording.HANDOVER[4]), ("next", wording.HANDOVER[2]))
    return chain, (*offers, Handover(chain[-1].username, shift.username, shift.from_at - _BEFORE_SHIFT, None, "offered", note))


def _moves(world: World, cast: Cast, grades: tuple[Grade, ...]) -> list[Move]:
    scene, post = cast.scene, sergeant(cast.child.district)
    moves = [Move("grade", item.at, item.at, item.by, item.reason) for item in grades]
    if grades:
        started = min(grades[0].at + 5 * _MINUTE, world.as_of)
        moves.append(Move("start", started, started, grades[0].by))
    for verb, hours in (("locate", scene.located), ("confirm_wellbeing", scene.well), ("return", scene.returned)):
        if hours is not None:
            at = _at(world, hours)
            moves.append(Move(verb, at, at + _MINUTE, world.rota.lead(post, at).username))
    return moves


def _seen(dice: Dice, world: World, cast: Cast, hours: float | None) -> Seen | None:
    if hours is None:
        return None
    at = _at(world, hours)
    return Seen(dice.pick(world.rota.officers(cast.child.district, at)), at, dice.pick(wording.WHERE_FOUND))


def _deeds(dice: Dice, world: World, cast: Cast, reviews: tuple[Review, ...]) -> tuple[Deed, ...]:
    scene, rota, post, key = cast.scene, world.rota, sergeant(cast.child.district), cast.key
    worker = f"{names.grown_up(dice)}, duty social worker"
    what = "That the child is missing, the grade and why, and what is being done."
    wanted = (
        ("told_children_services", scene.services, post, {"person_told": worker, "what": what, "power": wording.POWER}),
        ("circulated", scene.circulated, "control_room", {"reference": f"NS-{key}"}),
        ("told_ukmpu", scene.unit, post, {"person_told": "duty officer", "reference": f"MU-{key}", "power": wording.POWER}),
        ("photograph_referred_to", scene.photograph, post, {"reference": f"PH-{key}", "likeness": "Taken in summer; a good likeness."}),
        (
            "rhi_requested",
            scene.requested,
            post,
            {"person_told": worker, "power": "Statutory guidance on missing children, 2014"},
        ),
    )
    deeds = doing.reviewed(dice, reviews)
    for code, hours, by, said in wanted:
        if hours is not None:
            at = _at(world, hours)
            deeds.append(doing.deed(code, at, rota.lead(by, at).username, **said))
    if scene.interview is not None:
        deeds += _interviewed(dice, world, cast, _at(world, scene.interview))
    return tuple(sorted(deeds, key=lambda item: item.at))


def _interviewed(dice: Dice, world: World, cast: Cast, at: datetime) -> list[Deed]:
    officer = dice.pick(world.rota.officers(cast.child.district, at))
    decided_at = at + 12 * _MINUTE
    reason = "Nothing new: the authority already works with the family."
    return [
        doing.prevention_interview(dice, at=at, by=officer, where="at home", face_to_face=True, harm=wording.HARM[0]),
        doing.deed("referral_decided", decided_at, officer, decision="not made", reason=reason),
    ]


def _interview(world: World, cast: Cast) -> ReturnInterview | None:
    returned_at = _when(world, cast.scene.returned)
    if returned_at is None:
        return None
    requested_at = _when(world, cast.scene.requested)
    due_at = returned_at + _RETURN_INTERVIEW
    return ReturnInterview(cast.child.authority, requested_at, due_at, None, None, None, None, "owed", "")


def _transfers(dice: Dice, world: World, cast: Cast) -> tuple[Transfer, ...]:
    if cast.scene.transfer_waits is None:
        return ()
    at = _at(world, cast.scene.transfer_waits)
    inspector = world.rota.lead("duty_inspector", at).username
    reason = "Messages say the child is at an address there; most enquiries are in that area."
    receiver = f"Inspector {names.grown_up(dice)}"
    return (Transfer("out", dice.pick(OTHER_FORCES), receiver, "offered", at, inspector, reason, None, "", ""),)


def _tasks(dice: Dice, world: World, cast: Cast, holder: str) -> tuple[Task, ...]:
    made = []
    for number, work in enumerate(cast.scene.work):
        created_at = _at(world, max(0.1, min(cast.scene.reported - 0.5, 3.0) - number / 10))
        issued_at = created_at + 10 * _MINUTE if work.state in ("issued", "done") else None
        assignee = dice.pick(_able(world, cast.child.district, work.skills)) if issued_at else ""
        due_at = world.as_of + timedelta(hours=work.due_in)
        done_at = created_at + 50 * _MINUTE if work.state == "done" else None
        made.append(
            Task(
                work.kind, work.title, "", work.state, work.minutes, work.skills, created_at, max(due_at, created_at + _MINUTE),
                created_at, holder, assignee, issued_at, work.blocked_by, done_at, "done, nothing found" if done_at else "",
            )
        )  # fmt: skip
    return tuple(made)


def _able(world: World, district: str, skills: tuple[str, ...]) -> list[str]:
    """The district's officers on duty who hold what the work takes; all of them where nobody does."""
    on = world.rota.officers(district, world.as_of)
    able = {person.username for person in world.rota.staff if set(skills) <= set(person.skills)}
    return [username for username in on if username in able] or on


def _true_end(dice: Dice, world: World, cast: Cast, shape: Duration, limit: datetime) -> datetime:
    """When the child is found: known, or drawn from the law given how long they have been missing."""
    scene = cast.scene
    if scene.located is not None:
        return _at(world, scene.located)
    for _ in range(2000):
        hours = shape.draw(dice, looked_after=cast.child.looked_after)
        if hours > scene.reported:
            return _at(world, scene.reported) + timedelta(hours=hours)
    return limit
