"""The rota: who is on duty at any instant, for the whole history and two weeks ahead.

Five teams turn in ten days: two earlies, two lates, two nights, four off. Shifts are by the wall clock (07 to 15, 15 to
23, 23 to 07), so a night is seven hours long when the clocks go forward and nine when they go back.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

from lodestar.doors.feeds.demo.force import CUSTODY, TEAMS
from lodestar.doors.feeds.demo.places import AUTHORITIES, DISTRICTS
from lodestar.doors.feeds.demo.records import Leave, Shift, Staff

LONDON = ZoneInfo("Europe/London")
AHEAD = timedelta(days=14)
BEGINS = (7, 15, 23)
_WEEK = timedelta(days=7)
_MONDAY = date(2024, 1, 1)  # the turn of teams and weeks of leave are counted from a Monday


@lru_cache(maxsize=200_000)
def wall(day: date, hour: int) -> datetime:
    """The instant when London clocks show this whole hour on this day."""
    return datetime.combine(day, time(hour), LONDON).astimezone(UTC)


def team_on(day: date, shift: int) -> int:
    """Which of the five teams (from 0) works this day's early (0), late (1) or night (2) shift."""
    return ((day - _MONDAY).days // 2 - shift) % TEAMS


@dataclass(frozen=True)
class Rota:
    """The shifts, and quick answers to "who was the lead sergeant here at that instant"."""

    staff: tuple[Staff, ...]
    shifts: tuple[Shift, ...]
    begins: dict[str, list[datetime]]  # by post, of the shifts that lead
    leads: dict[str, list[Shift]]
    crews: dict[tuple[str, datetime], list[str]]  # everyone in a post on the shift that begins then

    def lead(self, post: str, instant: datetime) -> Shift:
        """The lead's shift in this post at this instant; asking outside the rota raises."""
        at = bisect_right(self.begins[post], instant) - 1
        if at < 0 or self.leads[post][at].until_at <= instant:
            raise LookupError(f"nobody leads {post} at {instant:%Y-%m-%d %H:%M}")
        return self.leads[post][at]

    def officers(self, district: str, instant: datetime) -> list[str]:
        """The district's response officers on duty at this instant."""
        return self.crews[f"response_officer.{district}", self.lead(f"duty_sergeant.{district}", instant).from_at]

    def leads_between(self, post: str, from_at: datetime, until_at: datetime) -> list[Shift]:
        """The lead's shifts that begin in this span, in order."""
        low, high = (bisect_right(self.begins[post], instant) for instant in (from_at, until_at))
        return self.leads[post][low:high]


def rota(*, staff: tuple[Staff, ...], from_at: datetime, as_of: datetime) -> Rota:
    """Make the rota from the day before ``from_at`` to two weeks after ``as_of``."""
    people = tuple(replace(person, leave=_leave(index, from_at, as_of)) for index, person in enumerate(staff))
    first = from_at.astimezone(LONDON).date() - timedelta(days=1)
    last = (as_of + AHEAD).astimezone(LONDON).date() + timedelta(days=1)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    teams: dict[str, list[_Mate]] = defaultdict(list)
    for person in people:
        teams[person.team].append(_Mate(person.username, person.role, person.rank, _weeks_away(person)))
    shifts = tuple(chain.from_iterable(_day(teams, day) for day in days))
    begins: dict[str, list[datetime]] = defaultdict(list)
    leads: dict[str, list[Shift]] = defaultdict(list)
    crews: dict[tuple[str, datetime], list[str]] = defaultdict(list)
    for shift in shifts:
        crews[shift.post, shift.from_at].append(shift.username)
        if shift.lead:
            begins[shift.post].append(shift.from_at)
            leads[shift.post].append(shift)
    return Rota(people, shifts, dict(begins), dict(leads), dict(crews))


@dataclass(frozen=True, slots=True)
class _Mate:
    username: str
    role: str
    rank: str
    away: frozenset[date]  # the Mondays of the weeks away


def _leave(index: int, from_at: datetime, as_of: datetime) -> tuple[Leave, ...]:
    """One week in thirteen, staggered so that team mates are never away together; the hub's sergeant is here today."""
    first = _monday(from_at.astimezone(LONDON).date()) - _WEEK
    last = (as_of + AHEAD).astimezone(LONDON).date()
    weeks = ((last - first).days // 7) + 2
    mondays = (first + number * _WEEK for number in range(weeks))
    turns = (monday for monday in mondays if ((monday - _MONDAY).days // 7 - index) % 13 == 0)
    spans = (Leave(wall(monday, 7), wall(monday + _WEEK, 7)) for monday in turns)
    return tuple(span for span in spans if index or not span.from_at <= as_of < span.until_at)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weeks_away(person: Staff) -> frozenset[date]:
    return frozenset(leave.from_at.astimezone(LONDON).date() for leave in person.leave)


def _here(mates: Iterable[_Mate], day: date) -> list[_Mate]:
    monday = _monday(day)
    return [mate for mate in mates if monday not in mate.away]


def _day(teams: dict[str, list[_Mate]], day: date) -> Iterator[Shift]:
    for number, begin in enumerate(BEGINS):
        from_at = wall(day, begin)
        until_at = wall(day + timedelta(days=1), 7) if begin == 23 else wall(day, begin + 8)
        team = team_on(day, number) + 1
        for district in DISTRICTS:
            yield from _response(_here(teams[f"Response {district.code} {team}"], day), district.code, from_at, until_at)
        yield from _shifts("control_room", _here(teams[f"Control room {team}"], day), from_at, until_at)
        yield from _one("duty_inspector", _turn(teams["Duty inspectors"], day, team - 1), from_at, until_at)
        for suite in CUSTODY:
            yield from _one(f"custody_officer.{suite}", _turn(teams[f"Custody {suite}"], day, team - 1), from_at, until_at)
    yield from _on_call(_here(teams["On-call superintendents"], day), day)
    yield from _office(teams, day)
    yield from _authorities(teams, day)


def _response(mates: list[_Mate], district: str, from_at: datetime, until_at: datetime) -> Iterator[Shift]:
    for post, role in (("duty_sergeant", "response_sergeant"), ("response_officer", "response_officer")):
        here = [mate for mate in mates if mate.role == role]
        yield from _shifts(f"{post}.{district}", here, from_at, until_at, leads=post == "duty_sergeant")


def _shifts(post: str, here: list[_Mate], from_at: datetime, until_at: datetime, *, leads: bool = True) -> Iterator[Shift]:
    """Everyone here works it; the first of them leads."""
    for number, mate in enumerate(here):
        yield Shift(post, mate.username, from_at, until_at, leads and number == 0)


def _one(post: str, mate: _Mate, from_at: datetime, until_at: datetime) -> Iterator[Shift]:
    yield Shift(post, mate.username, from_at, until_at, True)


def _on_call(here: list[_Mate], day: date) -> Iterator[Shift]:
    """One superintendent at every instant, a week at a time; the day in two, as no shift is longer than a day when the clocks go back."""
    mate = here[((day - _MONDAY).days // 7) % len(here)]
    yield from _one("duty_superintendent", mate, wall(day, 7), wall(day, 19))
    yield from _one("duty_superintendent", mate, wall(day, 19), wall(day + timedelta(days=1), 7))


def _turn(mates: list[_Mate], day: date, team: int) -> _Mate:
    """Five have a turn and the sixth stands in for whoever of them is away."""
    monday = _monday(day)
    return mates[team] if monday not in mates[team].away else mates[TEAMS]


def _office(teams: dict[str, list[_Mate]], day: date) -> Iterator[Shift]:
    """The desks that keep office hours; at weekends the hub keeps one officer and intelligence one."""
    hub = _here([mate for mate in teams["MET hub"] if mate.role == "hub_officer"], day)
    desk = _here(teams["Intelligence desk"], day)
    week = (day - _MONDAY).days // 7
    if day.weekday() >= 5:
        yield from _shifts("hub_officer", [hub[week % len(hub)]], wall(day, 10), wall(day, 18))
        yield from _shifts("intelligence", [desk[week % len(desk)]], wall(day, 8), wall(day, 16))
        return
    early = [mate for number, mate in enumerate(hub) if (number + week) % 2 == 0]
    late = [mate for mate in hub if mate not in early]
    sergeant = _here([mate for mate in teams["MET hub"] if mate.role == "hub_sergeant"], day)
    yield from _shifts("hub_sergeant", sergeant, wall(day, 7), wall(day, 15))
    yield from _shifts("hub_officer", early, wall(day, 7), wall(day, 15))
    yield from _shifts("hub_officer", late, wall(day, 14), wall(day, 22))
    yield from _shifts("early_intervention", _here(teams["MET hub early intervention"], day), wall(day, 8), wall(day, 16))
    yield from _shifts("intelligence", desk[::2], wall(day, 7), wall(day, 15))
    yield from _shifts("intelligence", desk[1::2], wall(day, 15), wall(day, 23))
    yield from _shifts("analyst", _here(teams["Performance"], day), wall(day, 8), wall(day, 16))
    for post, rank in (("polit_sergeant", "Sergeant"), ("polit_officer", "Constable")):
        yield from _shifts(post, [mate for mate in _here(teams["POLIT"], day) if mate.rank == rank], wall(day, 8), wall(day, 16))


def _authorities(teams: dict[str, list[_Mate]], day: date) -> Iterator[Shift]:
    """The authority's own service by day, the emergency duty team when it is shut."""
    shut = day.weekday() >= 5
    for authority in AUTHORITIES:
        duty = _here(teams[f"Out of hours {authority.code}"], day)
        turn = duty[(day - _MONDAY).days % len(duty)]
        until_at = wall(day + timedelta(days=1), 9)
        yield from _one(f"children_services_night.{authority.code}", turn, wall(day, 9 if shut else 17), until_at)
        if not shut:
            here = _here(teams[f"Missing service {authority.code}"], day)
            yield from _shifts(f"children_services.{authority.code}", here, wall(day, 9), wall(day, 17))
