"""One closed episode, from the report to the last deed, with the evidence that the closing gate demands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lodestar.doors.feeds.demo import answering, doing, enquiries, names, reporting, wording
from lodestar.doors.feeds.demo.answering import sergeant
from lodestar.doors.feeds.demo.course import Course
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.episode import Deed, Episode, Grade, News, Report, Seen, Transfer, TrueSpan
from lodestar.doors.feeds.demo.living import Move, live_through
from lodestar.doors.feeds.demo.places import OTHER_FORCES
from lodestar.doors.feeds.demo.records import Child, Home
from lodestar.doors.feeds.demo.rota import Rota

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_HARMED = 0.033
_NEWS = 0.02


@dataclass(frozen=True, slots=True)
class World:
    """What every episode needs to know of the force."""

    rota: Rota
    homes: dict[str, Home]
    as_of: datetime
    changes: list[tuple[datetime, datetime]]  # the nights when the clocks change


@dataclass(frozen=True, slots=True)
class Case:
    """One child's absence that is about to be written up."""

    key: str
    child: Child
    band: str
    course: Course
    scene: str = ""
    level: str = ""  # fixed by a story, else by chance
    reviews_done: tuple[bool, ...] = ()


def closed(dice: Dice, world: World, case: Case) -> Episode:
    """Write up an absence that has ended, or was passed to another force."""
    course, child, rota = case.course, case.child, world.rota
    level = case.level or answering.first_level(dice, band=case.band)
    reports = _reports(dice, world, case, level)
    until_at = course.transferred_at or course.found_known_at
    grades = _grades(dice, world, case, level, until_at)
    reviews = answering.reviews(dice, rota=rota, district=child.district, grades=grades, until_at=until_at, done=case.reviews_done)
    deeds = doing.told(dice, rota=rota, district=child.district, reference=case.key, grades=grades, until_at=until_at) + doing.reviewed(
        dice, reviews
    )
    transfers = _transfers(dice, world, case)
    moves = _moves_while_missing(dice, world, case, grades)
    interview, closed_at, outcome = None, None, "transferred"
    if course.transferred_at is None:
        harm = wording.HARM[4 + dice.whole(0, 1)] if dice.chance(_HARMED) else wording.HARM[0]
        outcome = "found_safe" if harm == wording.HARM[0] else "found_harmed"
        ready_at = max(course.return_known_at, grades[-1].at)
        done, closed_at, closer = doing.before_closing(dice, rota=rota, district=child.district, return_known_at=ready_at, harm=harm)
        requested_at = next(item.at for item in done if item.code == "rhi_requested")
        interview, later = doing.return_interview(
            dice, rota=rota, authority=child.authority, returned_at=course.returned_at or course.return_known_at,
            requested_at=requested_at, as_of=world.as_of,
        )  # fmt: skip
        deeds += done + later
        moves += _moves_home(world, case, closed_at, closer)
    steps, state = live_through(moves)
    ended_at = closed_at or course.transferred_at or until_at
    chain, offers = answering.holdings(dice, rota=rota, district=child.district, from_at=course.recorded_at, until_at=ended_at)
    well = course.wellbeing_at
    work = enquiries.done(key=case.key, rota=rota, district=child.district, grades=grades, until_at=until_at, as_of=world.as_of)
    return Episode(
        key=case.key, child=child.key, state=state, district=child.district, authority=child.authority,
        looked_after=child.looked_after, from_home=child.home,
        since_from=course.since_from, since_to=course.since_to, reported_at=course.reported_at,
        recorded_at=course.recorded_at, reports=reports, grades=grades, holdings=chain, handovers=offers, steps=steps,
        deeds=_in_order(deeds, world.as_of), reviews=reviews,
        located=_seen(dice, rota, child, course.located_at),
        located_from=course.located_from, located_to=course.located_to,
        wellbeing=_seen(dice, rota, child, well), returned_at=course.returned_at, closed_at=closed_at, outcome=outcome,
        return_interview=interview, news=_news(dice, world, closed_at), transfers=transfers, tasks=work, unsure=None,
        dirt=course.dirt, scene=case.scene, truth=TrueSpan(course.truth.reported_at, course.truth.located_at),
    )  # fmt: skip


def _reports(dice: Dice, world: World, case: Case, level: str) -> tuple[Report, ...]:
    course, child = case.course, case.child
    first = reporting.report(
        dice, rota=world.rota, child=child, home=world.homes.get(child.home), external_id=f"INC-{case.key}", level=level,
        since=(course.since_from, course.since_to), reported_at=course.reported_at, recorded_at=course.recorded_at,
        again="missing_again_60min" in course.dirt,
    )  # fmt: skip
    if "duplicates" not in course.dirt:
        return (first,)
    until_at = course.transferred_at or course.found_known_at
    more = (
        reporting.told_again(dice, rota=world.rota, child=child, first=first, until=until_at, number=number)
        for number in range(2, 4 if dice.chance(0.2) else 3)
    )
    return (first, *more)


def _grades(dice: Dice, world: World, case: Case, level: str, until_at: datetime) -> tuple[Grade, ...]:
    course, district = case.course, case.child.district
    at = course.recorded_at + dice.whole(8, 50) * _MINUTE
    first = answering.grade(dice, rota=world.rota, district=district, level=level, at=at)
    if "regraded" not in course.dirt:
        return (first,)
    again = _minute(at + dice.between(0.15, 0.7) * max(until_at - at, 30 * _MINUTE))
    return (first, answering.regrade(dice, rota=world.rota, district=district, before=first, at=again))


def _moves_while_missing(dice: Dice, world: World, case: Case, grades: tuple[Grade, ...]) -> list[Move]:
    course, rota, post = case.course, world.rota, sergeant(case.child.district)
    moves = [Move("grade", item.at, item.at, item.by, item.reason) for item in grades]
    started = grades[0].at + dice.whole(3, 12) * _MINUTE
    moves.append(Move("start", started, started, rota.lead(post, started).username))
    if course.wrong:
        found, put_right = (max(at, started + number * _MINUTE) for number, at in enumerate(course.wrong, 1))
        by = rota.lead(post, put_right).username
        moves.append(Move("locate", found, found, rota.lead(post, found).username))
        moves.append(Move("correct", put_right, put_right, by, "It was another young person who had been seen; still missing."))
    if course.transferred_at:
        at = max(course.transferred_at, started + _MINUTE)
        reason = "Most enquiries, and the best chance of finding the child, are there; accepted in writing."
        moves.append(Move("transfer", at, at, rota.lead("duty_inspector", at).username, reason))
    return moves


def _moves_home(world: World, case: Case, closed_at: datetime, closer: str) -> list[Move]:
    course, rota, post = case.course, world.rota, sergeant(case.child.district)
    # Finding is written down before the mistake about it was put right only when it is another finding.
    known = max(course.found_known_at, course.wrong[1] + 5 * _MINUTE) if course.wrong else course.found_known_at
    back = max(course.return_known_at, known + 2 * _MINUTE)
    return [
        Move("locate", course.located_at or known, known, rota.lead(post, known).username),
        Move("confirm_wellbeing", course.wellbeing_at or known, known + _MINUTE, rota.lead(post, known).username),
        Move("return", course.returned_at or back, back, rota.lead(post, back).username),
        Move("close", closed_at, closed_at, closer),
    ]


def _transfers(dice: Dice, world: World, case: Case) -> tuple[Transfer, ...]:
    course, inspector = case.course, world.rota
    at = course.transferred_at or course.received_from_force_at
    if at is None:
        return ()
    direction = "out" if course.transferred_at else "in"
    offered_at = max(at - dice.whole(20, 150) * _MINUTE, course.reported_at + 5 * _MINUTE)
    force, other = dice.pick(OTHER_FORCES), names.grown_up(dice)
    ours = inspector.lead("duty_inspector", at)
    them = f"Inspector {other}"
    reason = "The child is thought to be in the other area." if direction == "out" else "The child lives here and was seen coming back."
    return (
        Transfer(
            direction, force, them if direction == "out" else ours.username, "accepted", offered_at,
            inspector.lead("duty_inspector", offered_at).username if direction == "out" else them,
            reason, at, them if direction == "out" else ours.username, "Accepted in writing with everything held.",
        ),
    )  # fmt: skip


def _seen(dice: Dice, rota: Rota, child: Child, at: datetime | None) -> Seen | None:
    if at is None:
        return None
    by = dice.pick(rota.officers(child.district, at)) if dice.chance(0.6) else f"{child.carer} ({child.carer_relationship})"
    return Seen(by, at, dice.pick(wording.WHERE_FOUND))


def _news(dice: Dice, world: World, closed_at: datetime | None) -> tuple[News, ...]:
    """Now and then somebody calls about a closed matter; it was assessed and the caller told."""
    if closed_at is None or not dice.chance(_NEWS):
        return ()
    at = closed_at + dice.whole(60, 3000) * _MINUTE
    answered = at + dice.whole(10, 90) * _MINUTE
    if answered >= world.as_of:
        return ()
    inspector = world.rota.lead("duty_inspector", answered).username
    text = "Saw the child at the arcade last week with somebody older and thought you should know."
    return (
        News(
            at, reporting.taken_by(world.rota, at), names.grown_up(dice), names.mobile(dice), text, answered, inspector,
            "Read with the hub; passed to the officer who knows the child.", "Thanked and told who will look at it.",
        ),
    )  # fmt: skip


def _in_order(deeds: list[Deed], as_of: datetime) -> tuple[Deed, ...]:
    return tuple(sorted((item for item in deeds if item.at <= as_of), key=lambda item: item.at))


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)
