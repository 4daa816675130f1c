"""Compiles the engine ahead of its first use: half a minute that nobody should wait for at three in the morning."""

from __future__ import annotations

from lodestar.core.tasking.answer import answer
from lodestar.core.tasking.document import read_problem
from lodestar.core.tasking.plan import read_lines
from lodestar.core.tasking.problem import Params, after_iterations

STEPS = after_iterations(200)
# A little of everything: a crew, single work, work that waits, and three who could do it.
EVERYTHING = {
    "places": [{"id": "a", "x": 0, "y": 0}, {"id": "b", "x": 5, "y": 5}],
    "speed_kmh": 40,
    "assets": [{"id": f"A{number}", "shifts": [{"start": 0, "end": 480, "from": "a", "to": "a"}]} for number in range(3)],
    "tasks": [
        {"id": "T0", "place": "b", "minutes": 30, "earliest": 0, "due": 200, "tier": 0, "value": 10, "crew": [[], []]},
        {"id": "T1", "place": "a", "minutes": 30, "earliest": 0, "due": 300, "tier": 1, "value": 5, "after": ["T0"]},
        *(
            {"id": f"T{number}", "place": "b", "minutes": 60, "earliest": 0, "due": 400, "tier": 2, "value": number}
            for number in range(2, 9)
        ),
    ],
}


def make_ready() -> int:
    """Answer a small problem, and again from its own plan; returns how much of it was placed. Compiled code is kept from then on."""
    problem = read_problem(EVERYTHING)
    first = answer(problem=problem, params=Params(), seed=1, stop=STEPS, prove=after_iterations(10))
    again = answer(problem=problem, params=Params(), seed=1, stop=STEPS, warm=read_lines(first, problem=problem))
    return len(again["assignments"])
