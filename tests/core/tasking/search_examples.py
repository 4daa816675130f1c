"""Invented days for the search to plan."""

import random
from fractions import Fraction

import numpy as np

from lodestar.core.tasking.problem import Asset, Commitment, Problem, Shift, Task, Travel

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
