"""The children: who they are, where they live, and when they were born so that their ages at each absence are right."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lodestar.doors.feeds.demo import names
from lodestar.doors.feeds.demo.dice import Dice
from lodestar.doors.feeds.demo.dirty import Dirty
from lodestar.doors.feeds.demo.places import DISTRICT, DISTRICTS, outward
from lodestar.doors.feeds.demo.records import Child, District, Home
from lodestar.doors.feeds.demo.rota import LONDON
from lodestar.doors.feeds.demo.spans import Pattern

AGES = {"0-11": (7, 12), "12-14": (12, 15), "15-17": (15, 18)}
_YEAR = 365.2425
_DAY = timedelta(days=1)
_LEAP_YEARS = range(2000, 2040, 4)
_LEAPERS = 4
_TURNING = 3


def age_on(born: date, day: date) -> int:
    """Whole years on this day; a birthday on 29 February counts on 1 March in other years (measures.md 1.1)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def local_day(instant: datetime) -> date:
    """The day in London at this instant."""
    return instant.astimezone(LONDON).date()


def births(*, seed: int, patterns: list[Pattern], dirty: Dirty) -> list[date]:
    """A birth date for each child that keeps every absence of theirs in the child's band and before eighteen."""
    dice = Dice(seed, "births")
    born = [_birth(dice, pattern) for pattern in patterns]
    if dirty.leap_births:
        _on_leap_days(born, patterns)
    if dirty.turns_18:
        _on_the_day(born, patterns)
    return born


def _birth(dice: Dice, pattern: Pattern) -> date:
    first, last = _ends(pattern)
    young, old = AGES[pattern.band]
    # Old enough at the first report, and still in the band a day after the last return.
    latest = first - timedelta(days=int(young * _YEAR) + 1)
    earliest = last - timedelta(days=int(old * _YEAR) - 3)
    born = earliest + timedelta(days=dice.whole(0, max(0, (latest - earliest).days)))
    return born if (born.month, born.day) != (2, 29) else born + _DAY


def _ends(pattern: Pattern) -> tuple[date, date]:
    return local_day(pattern.spans[0].reported_at), local_day(pattern.spans[-1].returned_at) + _DAY


def _fits(pattern: Pattern, born: date) -> bool:
    young, old = AGES[pattern.band]
    first, last = _ends(pattern)
    return young <= age_on(born, first) and age_on(born, last) < old


def _on_leap_days(born: list[date], patterns: list[Pattern]) -> None:
    left = _LEAPERS
    for number, pattern in enumerate(patterns):
        fitting = [date(year, 2, 29) for year in _LEAP_YEARS if _fits(pattern, date(year, 2, 29))]
        if fitting and left:
            born[number] = fitting[0]
            left -= 1


def _on_the_day(born: list[date], patterns: list[Pattern]) -> None:
    """An eighteenth birthday on the day after the last report, while the child is still missing."""
    left = _TURNING
    for number, pattern in enumerate(patterns):
        last = pattern.spans[-1]
        birthday = local_day(last.reported_at) + _DAY
        wanted = None if (birthday.month, birthday.day) == (2, 29) else birthday.replace(year=birthday.year - 18)
        if not left or pattern.band != "15-17" or wanted is None or born[number].day == 29:
            continue
        in_time = last.reported_at.astimezone(LONDON).hour < 23  # rounding must not carry the report into the birthday
        if in_time and local_day(last.located_at) > birthday and age_on(wanted, _ends(pattern)[0]) >= AGES["15-17"][0]:
            born[number] = wanted
            left -= 1


def child(dice: Dice, *, number: int, born: date, looked_after: bool, homes: tuple[Home, ...], girl: bool | None = None) -> Child:
    """One invented child in one of the districts, with family, in foster care or in a home."""
    community = names.community(dice)
    girl = dice.chance(0.52) if girl is None else girl
    in_home = looked_after and dice.chance(0.8)
    home = dice.pick(homes) if in_home else None
    where = DISTRICT[home.district] if home else _district(dice)
    authority = where.authority
    if looked_after and dice.chance(0.12):  # placed here by the other authority
        authority = next(item.authority for item in DISTRICTS if item.authority != where.authority)
    return Child(
        key=f"C{number:05d}",
        given_name=dice.pick(community.girls if girl else community.boys),
        family_name=dice.pick(community.families),
        birth_date=born,
        sex="female" if girl else "male",
        ethnicity=_ethnicity(dice, community),
        address=home.address if home else names.address(dice, dice.pick(where.towns)),
        postcode=home.postcode if home else names.postcode(dice, outward(where.code)),
        phone=names.mobile(dice) if dice.chance(0.8) else "",
        looked_after=looked_after,
        authority=authority,
        district=where.code,
        home=home.code if home else "",
        local_authority_id=f"{authority}-{30000 + number}" if looked_after else "",
        police_id=f"AP-{200000 + number}",
        carer=names.grown_up(dice),
        carer_relationship=_carer(dice, looked_after=looked_after, home=home),
        carer_phone=home.phone if home else names.mobile(dice),
    )


def _district(dice: Dice) -> District:
    everyone = sum(item.residents for item in DISTRICTS)
    return dice.weighted([(item, item.residents / everyone) for item in DISTRICTS])


def _ethnicity(dice: Dice, community: names.Community) -> str:
    """Blank for a fifth, as in national returns; "asked, declined" is an answer and not a blank."""
    throw = dice.unit()
    if throw < 0.2:
        return ""
    return "asked, declined" if throw < 0.24 else dice.pick(community.ethnicities)


def _carer(dice: Dice, *, looked_after: bool, home: Home | None) -> str:
    if home:
        return "residential worker"
    if looked_after:
        return "foster carer"
    return dice.pick(("mother", "mother", "mother", "father", "father", "grandmother", "aunt", "older sister"))
