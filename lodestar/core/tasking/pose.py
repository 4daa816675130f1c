"""Poses the tasking problem: from what the service knows of people and work to the public document the formula answers.

The document is a public contract (docs/reference/tasking-problem.md) and is kept with each proposal, so that a past day is
run again from what was asked then and not from what the tables hold now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lodestar.core.tasking.formula import Formula, Reason, Work, judge

ANYWHERE = "anywhere"  # where a force has not said where its places are: nothing is reckoned for travel
SOONER = 0.9  # of its value that late work loses over the horizon: it is wanted now, and never dropped for being late
STILL = timedelta(minutes=15)  # how long work that has run over its time is taken to need yet


@dataclass(frozen=True, slots=True)
class Town:
    """A place people start from or go to, in kilometres on a flat map."""

    code: str
    x_km: float
    y_km: float


@dataclass(frozen=True, slots=True)
class Busy:
    """Time somebody has already given away, and where."""

    from_at: datetime
    until_at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody on duty in the horizon."""

    id: int
    name: str
    skills: tuple[str, ...]
    shifts: tuple[tuple[datetime, datetime], ...]
    base: str = ""
    busy: tuple[Busy, ...] = ()


@dataclass(frozen=True, slots=True)
class Issued:
    """Work that somebody already has: who, in the order of its crew, and when they were to start."""

    people: tuple[int, ...]
    start_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A piece of work to be placed."""

    id: int
    title: str
    work: Work
    minutes: int
    earliest_at: datetime
    due_at: datetime
    skills: tuple[str, ...] = ()
    crew: tuple[tuple[str, ...], ...] = ()  # as asked for; none: the formula's for its kind
    place: str = ""
    after: tuple[int, ...] = ()
    prefer: tuple[int, ...] = ()
    barred: tuple[int, ...] = ()
    issued: Issued | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """What there is from one instant on."""

    start: datetime
    towns: tuple[Town, ...]
    officers: tuple[Officer, ...]
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Posed:
    """The problem's document, why each piece of work is in its tier, and the lines already issued."""

    document: dict[str, Any]
    judged: dict[str, dict[str, Any]]
    issued: list[dict[str, Any]]


def pose(*, day: Day, formula: Formula) -> Posed:
    """Write the problem of a day under a formula: every piece of work in it, each tier by named rule.

    Work that is late stays in the problem with the whole horizon before it, losing value by the minute. What waits for work
    that is not in the problem does not wait: that work has ended, or somebody is at it.
    """
    one = _Writer(day, formula)
    reasons = {wanted.id: judge(work=wanted.work, formula=formula)[0] for wanted in day.wanted}
    document: dict[str, Any] = {
        "places": [{"id": town.code, "x": town.x_km, "y": town.y_km} for town in one.towns],
        "speed_kmh": formula.limits["speed_kmh"],
        "travel_weight": formula.values["travel_minute"],
        "assets": [one.asset(officer) for officer in day.officers],
        "tasks": [one.task(wanted, reasons[wanted.id]) for wanted in day.wanted],
    }
    judged = {task_id(wanted.id): _judged(wanted, reasons[wanted.id], day.start) for wanted in day.wanted}
    return Posed(document, judged, [line for wanted in day.wanted if (line := one.line(wanted)) is not None])


def task_id(pk: int) -> str:
    """A task's name in the problem."""
    return f"T-{pk}"


def person_id(pk: int) -> str:
    """A person's name in the problem."""
    return f"P-{pk}"


def number(name: str) -> int:
    """The row that a name in the problem stands for."""
    return int(name.split("-", 1)[1])


def _judged(wanted: Wanted, reason: Reason, start: datetime) -> dict[str, Any]:
    return {
        "tier": reason.tier.code,
        "title": reason.tier.title,
        "rule": reason.rule,
        "sentence": reason.sentence,
        "authority": reason.authority,
        "late": wanted.due_at < start,
    }


@dataclass(frozen=True, slots=True)
class _Writer:
    day: Day
    formula: Formula

    @property
    def towns(self) -> tuple[Town, ...]:
        return self.day.towns or (Town(ANYWHERE, 0.0, 0.0),)

    def place(self, code: str) -> str:
        known = {town.code for town in self.towns}
        return code if code in known else self.towns[0].code

    def minutes(self, instant: datetime) -> int:
        return int((instant - self.day.start).total_seconds() // 60)

    def asset(self, officer: Officer) -> dict[str, Any]:
        spans = _joined((max(0, self.minutes(begins)), self.minutes(ends)) for begins, ends in officer.shifts if ends > self.day.start)
        commitments = self._commitments(officer.busy, spans)
        base = self.place(officer.base)
        first = commitments[0]["place"] if commitments and commitments[0]["start"] == 0 else base  # they are there already
        shifts = [{"start": begins, "end": ends, "from": base, "to": base} for begins, ends in spans]
        if shifts and shifts[0]["start"] == 0:
            shifts[0]["from"] = first
        return {
            "id": person_id(officer.id),
            "name": officer.name,
            "skills": sorted(officer.skills),
            "shifts": shifts,  # none for somebody who has work and is not on duty
            "commitments": commitments,
            "max_minutes": self.formula.limits["shift_minutes"] * max(1, len(shifts)),
        }

    def _commitments(self, busy: Sequence[Busy], spans: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for one in sorted(busy, key=lambda item: (item.from_at, item.until_at)):
            begins, ends = max(0, self.minutes(one.from_at)), self.minutes(one.until_at)
            if found and begins < found[-1]["end"]:  # two things at once: they are not free before both have ended
                begins = found[-1]["end"]
            inside = next(((max(begins, start), min(ends, end)) for start, end in spans if begins < end and ends > start), None)
            if inside and inside[0] < inside[1]:
                found.append({"start": inside[0], "end": inside[1], "place": self.place(one.place)})
        return found

    def task(self, wanted: Wanted, reason: Reason) -> dict[str, Any]:
        late = wanted.due_at < self.day.start
        horizon = self.formula.limits["horizon_hours"] * 60
        earliest = max(0, self.minutes(wanted.earliest_at))
        inside = {other.id for other in self.day.wanted}
        asked = wanted.crew or self.formula.crew(wanted.work.kind, wanted.skills)
        return {
            "id": task_id(wanted.id),
            "title": wanted.title,
            "place": self.place(wanted.place),
            "minutes": wanted.minutes,
            "earliest": earliest,
            "due": max(earliest, horizon if late else self.minutes(wanted.due_at)),
            "tier": reason.tier.tier,
            "value": float(self.formula.worth(wanted.work.matter_tier)),
            "decay": SOONER if late else float(reason.tier.decay),
            "crew": [sorted(slot) for slot in asked],
            "after": sorted(task_id(pk) for pk in wanted.after if pk in inside),
            "prefer": sorted(person_id(pk) for pk in self._here(wanted.prefer)),
            "barred": sorted(person_id(pk) for pk in self._here(wanted.barred)),
        }

    def _here(self, people: Iterable[int]) -> Iterator[int]:
        there = {officer.id for officer in self.day.officers}
        return (pk for pk in dict.fromkeys(people) if pk in there)

    def line(self, wanted: Wanted) -> dict[str, Any] | None:
        if wanted.issued is None:
            return None
        begins = wanted.issued.start_at or wanted.earliest_at
        earliest = max(0, self.minutes(wanted.earliest_at))
        return {
            "task": task_id(wanted.id),
            "assets": [person_id(pk) for pk in wanted.issued.people],
            "start": max(earliest, self.minutes(begins)),
        }


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch or overlap made one: two posts at once are one person."""
    found: list[tuple[int, int]] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        elif ends > begins:
            found.append((begins, ends))
    return found
