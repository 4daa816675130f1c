"""What asks for a scarce skill, by itself with those who hold it: a bound where the whole is too large to be proven at once.

A *part* is the work with a slot that asks for one skill, only its slots that do, and only the people who hold that skill. Take any
plan, and of it only the part's work and only who fills those slots. Each of them still holds the skill, begins when they did and not
before the soonest, and needs no longer on the way than the least there is by whatever was taken out; nobody works longer than before.
So what the plan earns by that work is no more than the most that the part can be worth. No work is in two parts, so the parts' most
and what the rest would be worth alone add up to what no plan exceeds. It bites where those who hold a skill have no time for all
that asks for it, which each task alone knows nothing of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from lodestar.core.tasking.problem import Problem, Task

SCARCE = Fraction(3, 10)  # share of the time on of those who hold a skill that is asked of them: below it everything finds somebody


@dataclass(frozen=True, slots=True)
class Part:
    """The work that asks for one skill, as a problem of its own; the soonest starts of its tasks, and what they are worth alone."""

    skill: str
    problem: Problem
    starts: Mapping[int, int]
    alone: Fraction


def parts(*, problem: Problem, starts: Mapping[int, int], scarce: Fraction = SCARCE) -> tuple[Part, ...]:
    """Each scarce skill's part, the scarcest first; work that asks for two belongs to the first of them. ``starts`` are of the whole."""
    asked, on = _asked(problem, starts), _on(problem)
    shares = {skill: Fraction(ticks, max(1, on[skill])) for skill, ticks in asked.items()}
    left, found = sorted(starts), []
    for skill in sorted(shares, key=lambda one: (-shares[one], one)):
        mine = [number for number in left if any(skill in slot for slot in problem.tasks[number].crew)]
        if mine and shares[skill] >= scarce:
            left = [number for number in left if number not in set(mine)]
            found.append(_part(problem, starts, skill, mine))
    return tuple(found)


def _part(problem: Problem, starts: Mapping[int, int], skill: str, mine: list[int]) -> Part:
    people = [number for number, asset in enumerate(problem.assets) if skill in asset.skills]
    place = {asset: number for number, asset in enumerate(people)}
    tasks = tuple(_slots(problem.tasks[number], skill, place) for number in mine)
    whole = replace(problem, assets=tuple(problem.assets[number] for number in people), tasks=tasks, travel_weight=None, sha256="")
    alone = sum((problem.tasks[number].worth(starts[number]) for number in mine), Fraction(0))
    return Part(skill, whole, dict(enumerate(starts[number] for number in mine)), alone)


def _slots(task: Task, skill: str, place: Mapping[int, int]) -> Task:
    """A task with only the slots that ask for a skill, waiting for nothing."""
    crew = tuple(slot for slot in task.crew if skill in slot)
    return replace(task, crew=crew, after=(), prefer=(), barred=tuple(place[one] for one in task.barred if one in place))


def _asked(problem: Problem, starts: Mapping[int, int]) -> Counter[str]:
    """Ticks of work that ask for each skill."""
    found: Counter[str] = Counter()
    for task in (problem.tasks[number] for number in starts):
        found.update({skill: task.length for skill in sorted(frozenset().union(*task.crew))})
    return found


def _on(problem: Problem) -> Counter[str]:
    """Ticks that those who hold each skill are on."""
    found: Counter[str] = Counter()
    for asset in problem.assets:
        found.update(dict.fromkeys(sorted(asset.skills), sum(shift.end - shift.start for shift in asset.shifts)))
    return found
