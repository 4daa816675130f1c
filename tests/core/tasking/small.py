"""Small problems drawn at random, and the very best plan of each by trying everything."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations
from random import Random
from typing import Any

from lodestar.core.tasking.document import read_problem
from lodestar.core.tasking.plan import objective
from lodestar.core.tasking.problem import Line, Problem
from lodestar.core.tasking.verify import broken

SKILLS = ("a", "b")


def document(seed: int, *, most_tasks: int = 4, most_assets: int = 3) -> dict[str, Any]:
    """A problem that a person could read: up to four tasks and three people, with every feature now and then."""
    dice = Random(seed)
    places = [f"p{number}" for number in range(dice.randint(1, 3))]
    table: dict[str, Any] = {"places": [], "assets": [], "tasks": []}
    if dice.random() < 0.5:
        table["speed_kmh"] = dice.choice([30, 60])
        table["places"] = [{"id": name, "x": dice.randint(0, 12), "y": dice.randint(0, 12)} for name in places]
    else:
        table["places"] = [{"id": name} for name in places]
        table["travel_minutes"] = [[0 if a == b else dice.randint(0, 12) for b in places] for a in places]
    if dice.random() < 0.3:
        table["travel_weight"] = dice.choice([0.1, 1])
    for number in range(dice.randint(1, most_assets)):
        table["assets"].append(_asset(dice, f"A{number}", places))
    names = [asset["id"] for asset in table["assets"]]
    for number in range(dice.randint(1, most_tasks)):
        table["tasks"].append(_task(dice, number, places, names))
    return table


def _asset(dice: Random, name: str, places: list[str]) -> dict[str, Any]:
    start = dice.choice([0, 0, 10])
    end = start + dice.randint(30, 90)
    asset: dict[str, Any] = {"id": name, "skills": [one for one in SKILLS if dice.random() < 0.6]}
    asset["shifts"] = [{"start": start, "end": end, "from": dice.choice(places), "to": dice.choice(places)}]
    if dice.random() < 0.3:
        asset["shifts"].append({"start": end + 30, "end": end + 90, "from": dice.choice(places), "to": dice.choice(places)})
    if dice.random() < 0.3:
        begins = start + dice.randint(0, 20)
        asset["commitments"] = [{"start": begins, "end": min(end, begins + dice.randint(1, 15)), "place": dice.choice(places)}]
    if dice.random() < 0.2:
        asset["max_minutes"] = dice.randint(5, 60)
    return asset


def _task(dice: Random, number: int, places: list[str], names: list[str]) -> dict[str, Any]:
    earliest = dice.randint(0, 40)
    task: dict[str, Any] = {
        "id": f"T{number}",
        "place": dice.choice(places),
        "minutes": dice.choice([0, 5, 12.5, 20, 30]),
        "earliest": earliest,
        "due": earliest + dice.choice([0, 5, 30, 80]),
        "tier": dice.randint(0, 2),
        "value": dice.choice([0, 1, 2.5, 10]),
    }
    if dice.random() < 0.5:
        task["decay"] = dice.choice([0, 0.5, 1])
    if dice.random() < 0.4:
        task["crew"] = [[one for one in SKILLS if dice.random() < 0.4] for _ in range(dice.randint(1, 2))]
    if number and dice.random() < 0.3:
        task["after"] = [f"T{dice.randrange(number)}"]
    if dice.random() < 0.2:
        task["prefer"] = [dice.choice(names)]
    if dice.random() < 0.15:
        task["barred"] = [dice.choice(names)]
    return task


def problem(seed: int, **sizes: int) -> Problem:
    """The same, read."""
    return read_problem(document(seed, **sizes))


def best(one: Problem) -> tuple[tuple[Fraction, ...], tuple[Line, ...]]:
    """The lexicographically best objective there is, and a plan that reaches it.

    Every order of every choice of people is tried, at every start that something already there leaves: the soonest is not always
    the best, because a later place in somebody's day may have a shorter way on. Taken in the order of its starts and with nobody
    idle for nothing, any plan is among these.
    """
    worth: tuple[Fraction, ...] | None = None
    plan: tuple[Line, ...] = ()
    for lines in plans(one):
        reached = tuple(objective(problem=one, lines=lines)[tier] for tier in one.tiers)
        if worth is None or reached > worth:
            worth, plan = reached, lines
    assert worth is not None
    return worth, plan


def plans(one: Problem) -> Iterator[tuple[Line, ...]]:
    """Every plan worth trying."""
    return _plans(one, (), frozenset(range(len(one.tasks))))


def _plans(one: Problem, lines: tuple[Line, ...], left: frozenset[int]) -> Iterator[tuple[Line, ...]]:
    yield lines
    for number in sorted(left):
        task = one.tasks[number]
        if any(before in left for before in task.after) or any(before not in {line.task for line in lines} for before in task.after):
            continue
        for people in permutations(range(len(one.assets)), len(task.crew)):
            for start in _starts(one, lines, number, people):
                yield from _plans(one, (*lines, Line(number, people, start)), left - {number})


def _starts(one: Problem, lines: tuple[Line, ...], number: int, people: tuple[int, ...]) -> Iterator[int]:
    """The starts that break nothing, soonest first: instants at which something ends or begins, plus the way there, are enough."""
    task = one.tasks[number]
    starts = {task.earliest}
    ends = [line.start + one.tasks[line.task].length for line in lines]
    starts.update(end for end in ends)
    for asset in people:
        found = one.assets[asset]
        spots = [(shift.start, shift.origin) for shift in found.shifts]
        spots += [(item.end, item.place) for item in found.commitments]
        spots += [(line.start + one.tasks[line.task].length, one.tasks[line.task].place) for line in lines if asset in line.assets]
        starts.update(at + one.travel.ticks(place, task.place) for at, place in spots)
    for start in sorted(starts):
        if task.earliest <= start <= task.due and not broken(problem=one, lines=(*lines, Line(number, people, start))):
            yield start


def fits(one: Problem, lines: tuple[Line, ...], number: int) -> bool:
    """Whether some people could do one more task with every line where it is."""
    return any(
        next(_starts(one, lines, number, people), None) is not None
        for people in permutations(range(len(one.assets)), len(one.tasks[number].crew))
    )
