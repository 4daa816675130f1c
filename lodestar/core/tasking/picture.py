"""The day of a plan as it is looked at: each person's bars by time, and each person's journey stop by stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

WIDTH, ROW, LEFT = 960, 30, 190  # the picture's units: as wide as the page, a row a person, names at the left
HOUR = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One span of somebody's day, in minutes from the plan's start."""

    kind: str  # shift, busy, task, way
    start: float
    end: float
    title: str
    place: str = ""
    travel: float = 0
    note: str = ""  # the tier it is in, and what is still to come of it


@dataclass(frozen=True, slots=True)
class Person:
    """One person's day: their shifts, and what they do in order of time."""

    id: str
    name: str
    shifts: tuple[Bar, ...]
    bars: tuple[Bar, ...]
    travel: float

    @property
    def busy(self) -> bool:
        """Whether the plan gives them anything."""
        return any(bar.kind == "task" for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Days:
    """Everybody's day on one scale of time."""

    people: tuple[Person, ...]
    end: float

    @property
    def height(self) -> int:
        """Of the picture: a row a person, and the hours above."""
        return ROW * (len(self.people) + 1)

    def x(self, minute: float) -> float:
        """Where an instant lies across the picture."""
        return round(LEFT + (WIDTH - LEFT) * min(max(minute, 0), self.end) / self.end, 1)

    def lines(self) -> Iterator[tuple[Bar, Person]]:
        """Everything that anybody does, by the time it begins and then by who does it: the day as a table."""
        found = [(bar, person) for person in self.people for bar in person.bars if bar.kind != "way"]
        return iter(sorted(found, key=lambda one: (one[0].start, one[0].end, one[1].name)))

    def hours(self) -> Iterator[int]:
        """The minutes at which a line is drawn: each hour, or each third where the day is long."""
        step = HOUR if self.end <= 12 * HOUR else 3 * HOUR
        return iter(range(0, int(self.end) + 1, step))


Named = Mapping[str, tuple[str, str]]  # a task's title and what is noted of it, by its name in the problem


def days(*, problem: Mapping[str, Any], plan: Mapping[str, Any], titles: Named) -> Days:
    """Everybody who has work, in the order of the problem; work that ``titles`` does not name is shown as other work."""
    routes: dict[str, list[Mapping[str, Any]]] = {}
    for route in plan["routes"]:
        routes.setdefault(route["asset"], []).append(route)
    people = [_person(asset, routes.get(asset["id"], []), titles) for asset in problem["assets"]]
    shown = tuple(person for person in people if person.busy)
    end = max((bar.end for person in shown for bar in person.shifts), default=HOUR)
    return Days(shown, end)


def _person(asset: Mapping[str, Any], routes: list[Mapping[str, Any]], titles: Named) -> Person:
    bars = [bar for route in routes for stop in route["stops"] for bar in _bars(stop, titles)]
    return Person(
        id=asset["id"],
        name=asset.get("name") or asset["id"],
        shifts=tuple(Bar("shift", shift["start"], shift["end"], "On duty") for shift in asset["shifts"]),
        bars=tuple(bars),
        travel=sum(route["travel"] for route in routes),
    )


def _bars(stop: Mapping[str, Any], titles: Named) -> Iterator[Bar]:
    if stop["travel"]:
        yield Bar("way", stop["start"] - stop["travel"], stop["start"], "On the way", stop["place"])
    title, note = titles.get(stop["task"], ("Other work", "")) if "task" in stop else ("Already given away", "")
    yield Bar("task" if "task" in stop else "busy", stop["start"], stop["end"], title, stop["place"], stop["travel"], note)
