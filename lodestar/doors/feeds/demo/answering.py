"""Who answered for a matter, how it was graded and how it was reviewed, each consistent with the rota."""

from __future__ import annotations

from datetime import datetime, timedelta

from lodestar.doors.feeds.demo import shapes, wording
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.episode import Grade, Handover, Holding, Review
from lodestar.doors.feeds.demo.rota import LONDON, Rota

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
ORDER = {"very_low": 1, "low": 2, "medium": 3, "cannot_be_assessed": 3, "high": 4}
_UP = {"very_low": "medium", "low": "medium", "medium": "high", "cannot_be_assessed": "high", "high": "medium"}
_DOWN = {"high": "medium", "medium": "low", "low": "very_low", "cannot_be_assessed": "low", "very_low": "low"}
REVIEW_HOURS = {"high": 2, "cannot_be_assessed": 2, "medium": 12, "low": 24, "very_low": 36}
_ROUND_HOURS = {"high": 2, "cannot_be_assessed": 2, "low": 24}  # medium: every early shift; very low: the time chosen
_DONE, _LATE = 0.84, 0.07


def sergeant(district: str) -> str:
    """The post that answers for a district's matters."""
    return f"duty_sergeant.{district}"


def first_level(dice: Dice, *, band: str) -> str:
    """A first grade by the shares of published years; more of the youngest are high."""
    return dice.weighted(shapes.GRADES_YOUNG if band == "0-11" else shapes.GRADES)


def grade(dice: Dice, *, rota: Rota, district: str, level: str, at: datetime) -> Grade:
    """A grade with everything that one needs."""
    return Grade(
        level=level,
        at=at,
        by=rota.lead(sergeant(district), at).username,
        post=sergeant(district),
        rationale=dice.pick(wording.RATIONALE[level]),
        relied_on=dice.some(wording.RELIED_ON, dice.whole(2, 3)),
        steps_agreed=wording.STEPS_AGREED[level],
        review_at=at + REVIEW_HOURS[level] * _HOUR,
    )


def regrade(dice: Dice, *, rota: Rota, district: str, before: Grade, at: datetime) -> Grade:
    """The next grade; lowering carries its reason and the inspector as second person."""
    level = _UP[before.level] if dice.chance(0.65) else _DOWN[before.level]
    lower = ORDER[level] < ORDER[before.level]
    made = grade(dice, rota=rota, district=district, level=level, at=at)
    return Grade(
        level=level, at=at, by=made.by, post=made.post, rationale=made.rationale, relied_on=made.relied_on,
        steps_agreed=made.steps_agreed, review_at=made.review_at,
        reason=dice.pick(wording.DOWN if lower else wording.UP),
        second_person=rota.lead("duty_inspector", at).username if lower else "",
    )  # fmt: skip


def holdings(
    dice: Dice, *, rota: Rota, district: str, from_at: datetime, until_at: datetime
) -> tuple[tuple[Holding, ...], tuple[Handover, ...]]:
    """The chain of duty sergeants: each offered it at the end of a shift and took it early in the next."""
    post = sergeant(district)
    first = rota.lead(post, from_at)
    chain = [Holding(post, first.username, from_at, "opened", "Leads the shift of the district where the child is missing from.")]
    offers = []
    for shift in rota.leads_between(post, from_at, until_at):
        answered_at = shift.from_at + dice.whole(2, 25) * _MINUTE
        if answered_at >= until_at:
            break
        offered_at = max(shift.from_at - dice.whole(2, 20) * _MINUTE, chain[-1].from_at)
        note = (("open lines", dice.pick(wording.HANDOVER)),)
        offers.append(Handover(chain[-1].username, shift.username, offered_at, answered_at, "accepted", note))
        chain.append(Holding(post, shift.username, answered_at, "handed_over", "Accepted at the change of shift."))
    return tuple(chain), tuple(offers)


def reviews(
    dice: Dice, *, rota: Rota, district: str, grades: tuple[Grade, ...], until_at: datetime, done: tuple[bool, ...] = ()
) -> tuple[Review, ...]:
    """The supervisor's reviews that fell due while the child was missing; ``done`` fixes which were done, in order."""
    made: list[Review] = []
    for number, item in enumerate(grades):
        end = min(until_at, grades[number + 1].at) if number + 1 < len(grades) else until_at
        for span in _rounds(rota, district, item, end):
            fixed = done[len(made)] if len(made) < len(done) else None
            made.append(_review(dice, rota, district, span, fixed))
    return tuple(made)


def _rounds(rota: Rota, district: str, item: Grade, end: datetime) -> list[tuple[datetime, datetime]]:
    if item.level == "medium":
        shifts = rota.leads_between(sergeant(district), item.at, end)
        return [(shift.from_at, shift.until_at) for shift in shifts if shift.from_at.astimezone(LONDON).hour == 7]
    period = _ROUND_HOURS.get(item.level, 0) * _HOUR
    count = int((end - item.at) / period) if period else 0
    return [(item.at + number * period, item.at + (number + 1) * period) for number in range(count)]


def _review(dice: Dice, rota: Rota, district: str, span: tuple[datetime, datetime], fixed: bool | None) -> Review:
    from_at, due_at = span
    post = sergeant(district)
    owed_by = rota.lead(post, due_at - _MINUTE).username
    throw = dice.unit() if fixed is None else (0.0 if fixed else 1.0)
    if throw < _DONE:
        done_at = _minute(from_at + dice.between(0.2, 0.95) * (due_at - from_at))
    elif throw < _DONE + _LATE:
        done_at = due_at + dice.whole(15, 200) * _MINUTE
    else:
        return Review(from_at, due_at, owed_by, None, "")
    return Review(from_at, due_at, owed_by, done_at, rota.lead(post, done_at).username)


def _minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)
