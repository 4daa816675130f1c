"""Invented days for the search to plan, and the plain rules that any plan of one must keep."""

import random
from fractions import Fraction
from itertools import pairwise

import numpy as np

from lodestar.core.tasking.problem import Asset, Commitment, Line, Problem, Shift, Task, Travel

SKILLS = ("interview", "search", "digital")


def a_day(seed, *, people, wanted, crews=0.3, chained=0.2, matrix=False, scale=1):
    """A day nobody lived: shifts of some hours, tasks in five tiers, some for crews, some that wait for others."""
    chance = random.Random(seed)
    where = [(chance.randrange(20), chance.randrange(20)) for _ in range(2 + wanted)]
    assets = []
    for number in range(people):
        start = chance.randrange(0, 120) * scale
        shifts = [Shift(start, start + chance.randrange(120, 300) * scale, 0, chance.choice((0, 1)))]
        if chance.random() < 0.2:
            shifts.append(Shift(shifts[0].end + 60 * scale, shifts[0].end + 200 * scale, 1, 0))
        held = ()
        if chance.random() < 0.3:
            at = shifts[0].start + chance.randrange(10, 80) * scale
            held = (Commitment(at, at + chance.randrange(5, 30) * scale, chance.randrange(2)),)
        skills = frozenset(skill for skill in SKILLS if chance.random() < 0.6)
        longest = chance.choice((None, None, None, 90 * scale))
        assets.append(Asset(f"a{number}", skills, tuple(shifts), held, longest))
    tasks = []
    for number in range(wanted):
        size = chance.choice((2, 2, 3)) if chance.random() < crews else 1
        earliest = chance.randrange(0, 240) * scale
        tasks.append(
            Task(
                id=f"t{number}",
                place=2 + number,
                length=chance.choice((10, 20, 30, 45)) * scale,
                earliest=earliest,
                due=earliest + chance.choice((0, 30, 60, 120)) * scale,
                tier=chance.choice((0, 1, 1, 2)),
                value=chance.randrange(1, 40),
                decay=chance.choice((Fraction(0), Fraction(1, 2), Fraction(3, 10), Fraction(1))),
                crew=tuple(frozenset(chance.sample(SKILLS, chance.choice((0, 1)))) for _ in range(size)),
                after=(chance.randrange(number),) if number and chance.random() < chained else (),
                prefer=tuple(chance.sample(range(people), 1)) if chance.random() < 0.3 else (),
                barred=tuple(chance.sample(range(people), 1)) if chance.random() < 0.1 else (),
            )
        )
    if matrix:
        here = range(len(where))
        asked = np.array([[0 if a == b else chance.randrange(1, 25) * scale for b in here] for a in here], dtype=np.int64)
        travel = Travel(asked, np.zeros(0), np.zeros(0))
    else:
        travel = Travel(np.zeros((0, 0), dtype=np.int64), *(np.array(axis, dtype=float) for axis in zip(*where, strict=True)), 1.3 * scale)
    weight = chance.choice((None, None, Fraction(1, 20)))
    return Problem(tuple(f"p{n}" for n in range(len(where))), travel, tuple(assets), tuple(tasks), scale, 1, weight)


def broken_rules(problem: Problem, lines: tuple[Line, ...]) -> list[str]:
    """Every rule that a plan breaks, worked out from the problem alone."""
    said = []
    ends = {line.task: line.start + problem.tasks[line.task].length for line in lines}
    if len(ends) < len(lines):
        said.append("a task is placed twice")
    for line in lines:
        task = problem.tasks[line.task]
        if not task.earliest <= line.start <= task.due:
            said.append(f"{task.id} starts outside its window")
        if len(set(line.assets)) != len(line.assets) or len(line.assets) != len(task.crew):
            said.append(f"{task.id} has not one person for each slot")
        for person, skills in zip(line.assets, task.crew, strict=False):
            if person in task.barred or not skills <= problem.assets[person].skills:
                said.append(f"{task.id} is given to somebody who may not")
        said += [f"{task.id} starts before what it waits for ends" for p in task.after if ends.get(p, 1 << 60) > line.start]
    for number in range(len(problem.assets)):
        said += _broken_by(problem, number, [line for line in lines if number in line.assets])
    return said


def _broken_by(problem: Problem, number: int, mine: list[Line]) -> list[str]:
    """The rules that one person's day breaks."""
    asset, said = problem.assets[number], []
    work = {(line.start, line.start + problem.tasks[line.task].length, problem.tasks[line.task].place, line.task) for line in mine}
    if asset.longest is not None and sum(end - start for start, end, _, _ in work) > asset.longest:
        said.append(f"{asset.id} is given too much")
    inside = set()
    for shift in asset.shifts:
        stops = {stop for stop in work if shift.start <= stop[0] and stop[1] <= shift.end}
        inside |= stops
        held = {(c.start, c.end, c.place, -1) for c in asset.commitments if shift.start <= c.start and c.end <= shift.end}
        at, now, last = shift.origin, shift.start, -1
        for start, end, place, task in [*sorted(stops | held), (shift.end, shift.end, shift.target, -1)]:
            if now + problem.travel.ticks(at, place) > start and (task >= 0 or last >= 0):
                said.append(f"{asset.id} cannot be at {problem.places[place]} in time")
            at, now, last = place, end, task
    return said + [f"{asset.id} works outside a shift"] * len(work - inside)


def worth_by_tier(problem: Problem, lines: tuple[Line, ...]) -> list[Fraction]:
    """What a plan is worth, tier by tier, exactly."""
    total = {tier: Fraction(0) for tier in problem.tiers}
    for line in lines:
        total[problem.tasks[line.task].tier] += problem.tasks[line.task].worth(line.start)
    if problem.travel_weight:
        total[problem.tiers[-1]] -= problem.travel_weight * problem.worth * Fraction(travelled(problem, lines), problem.scale)
    return list(total.values())


def travelled(problem: Problem, lines: tuple[Line, ...]) -> int:
    """Ticks on the way over every shift of everybody."""
    ticks = 0
    for number, asset in enumerate(problem.assets):
        for shift in asset.shifts:
            mine = [line for line in lines if number in line.assets and shift.start <= line.start < shift.end]
            stops = [(line.start, 1, problem.tasks[line.task].place) for line in mine]
            stops += [(held.start, 0, held.place) for held in asset.commitments if shift.start <= held.start and held.end <= shift.end]
            way = [shift.origin, *(place for _, _, place in sorted(stops)), shift.target]
            ticks += sum(problem.travel.ticks(a, b) for a, b in pairwise(way))
    return ticks
