"""Draws the tasking problems that are measured: invented people and places, the same bytes from the same size and seed.

A county about 60 km across with four bases. Everybody has a skill or two and works early, late or night shifts, some with an
appointment that cannot move. Work comes in five tiers: the higher, the rarer, the sooner due and the faster it loses its value.
``single`` has one person a task, and nothing that waits for anything; ``plain`` is what every routing library can express of that.

    python -m bench.tasking.instances 300x1500 --seed 1 > PROBLEM.json
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from random import Random
from typing import Any

DAY = 1440
SHIFTS = ((360, 840), (840, 1320), (600, 1080), (1320, 1800))  # early, late, middle, night; the last ends the next morning
SHARES = (35, 30, 25, 10)
SKILLS = {"driver": 0.5, "interview": 0.35, "search": 0.3, "digital": 0.15, "negotiator": 0.08, "firearms": 0.05}
ASKED = ("driver", "driver", "interview", "interview", "search", "search", "digital", "negotiator", "firearms")
TIERS = (5, 12, 23, 30, 30)  # in a hundred
WINDOW = ((30, 90), (60, 240), (120, 480), (240, 720), (240, 960))  # minutes from the earliest start to the last
DECAY = (0.5, 0.25, 0.25, 0.1, 0.1)
VALUE = ((50, 100), (30, 90), (20, 80), (10, 60), (5, 40))


@dataclass(frozen=True, slots=True)
class Size:
    """How big a problem is: people, tasks, days, and on how many of the days each person can be tasked."""

    people: int
    tasks: int
    days: int = 1
    on: int = 1


SIZES = {"50x250": Size(50, 250), "300x1500": Size(300, 1500), "1000x10000": Size(1000, 10_000, days=7, on=2)}


def instance(*, size: Size, seed: int) -> dict[str, Any]:
    """A whole problem: skills, crews and precedence. About five tasks a shift, so that something must be left out."""
    dice = Random(f"{size}/{seed}")
    places = [{"id": f"base-{number}", "x": x, "y": y} for number, (x, y) in enumerate(((18, 18), (42, 20), (20, 43), (44, 42)))]
    places += [_place(dice, number) for number in range(max(20, size.tasks // 5))]
    assets = [_asset(dice, number, size) for number in range(size.people)]
    tasks: list[dict[str, Any]] = []
    for number in range(size.tasks):
        tasks.append(_task(dice, number, size, places, tasks))
    return {"places": places, "speed_kmh": 50, "assets": assets, "tasks": tasks}


def single(problem: dict[str, Any]) -> dict[str, Any]:
    """The same people and places with the first of each crew alone, and nothing that waits: what the peers can express."""
    tasks = [{key: value for key, value in task.items() if key != "after"} for task in problem["tasks"]]
    return {**problem, "tasks": [{**task, "crew": task["crew"][:1]} if "crew" in task else task for task in tasks]}


def plain(problem: dict[str, Any]) -> dict[str, Any]:
    """What every peer can express to the last detail: single, in one tier, nothing lost with time, and nobody's day cut short."""
    assets = [{key: value for key, value in asset.items() if key != "max_minutes"} for asset in problem["assets"]]
    tasks = [{key: value for key, value in task.items() if key != "decay"} for task in single(problem)["tasks"]]
    return {**problem, "assets": assets, "tasks": [{**task, "tier": 0} for task in tasks]}


def level(problem: dict[str, Any]) -> dict[str, Any]:
    """The whole problem with everything in one tier: what a solver of constraints can express, crews and order with it."""
    return {**problem, "tasks": [{**task, "tier": 0} for task in problem["tasks"]]}


def urgent(problem: dict[str, Any], seed: int) -> dict[str, Any]:
    """The same problem after something urgent has come in: the highest tier, an hour to begin in."""
    dice = Random(f"urgent/{seed}")
    begins = 5 * dice.randint(72, 264)
    task = {"id": "urgent", "place": dice.choice(problem["places"])["id"], "minutes": 5 * dice.randint(4, 18), "earliest": begins}
    task |= {"due": begins + 60, "tier": 0, "value": dice.randint(*VALUE[0]), "decay": DECAY[0]}
    return {**problem, "tasks": [*problem["tasks"], task]}


def _place(dice: Random, number: int) -> dict[str, Any]:
    towns = ((18, 18), (42, 20), (20, 43), (44, 42), (30, 30))
    if dice.random() < 0.7:
        x, y = dice.choice(towns)
        return {"id": f"place-{number}", "x": round(dice.gauss(x, 4), 2), "y": round(dice.gauss(y, 4), 2)}
    return {"id": f"place-{number}", "x": round(dice.uniform(0, 60), 2), "y": round(dice.uniform(0, 60), 2)}


def _asset(dice: Random, number: int, size: Size) -> dict[str, Any]:
    base = f"base-{dice.randrange(4)}"
    begins, ends = dice.choices(SHIFTS, SHARES)[0]
    days = sorted(dice.sample(range(size.days), size.on))
    shifts: list[dict[str, Any]] = [{"start": day * DAY + begins, "end": day * DAY + ends, "from": base, "to": base} for day in days]
    commitments = []
    for shift in shifts:
        if dice.random() < 0.2:
            start = shift["start"] + 15 * dice.randint(4, 24)
            commitments.append({"start": start, "end": start + 15 * dice.randint(2, 4), "place": base})
    return {
        "id": f"person-{number}",
        "skills": [name for name, share in SKILLS.items() if dice.random() < share],
        "shifts": shifts,
        "commitments": commitments,
        **({"max_minutes": 240 * size.on} if dice.random() < 0.1 else {}),
    }


def _task(dice: Random, number: int, size: Size, places: list[dict[str, Any]], before: list[dict[str, Any]]) -> dict[str, Any]:
    tier = dice.choices(range(len(TIERS)), TIERS)[0]
    earliest = dice.randrange(size.days) * DAY + 5 * dice.randint(72, 264)  # between 6am and 10pm
    task: dict[str, Any] = {
        "id": f"task-{number}",
        "place": dice.choice(places)["id"],
        "minutes": 5 * dice.randint(4, 18),
        "earliest": earliest,
        "due": earliest + 5 * (dice.randint(*WINDOW[tier]) // 5),
        "tier": tier,
        "value": dice.randint(*VALUE[tier]),
        "decay": DECAY[tier],
    }
    slots = dice.choices((1, 2, 3), (80, 15, 5))[0]
    crew = [[dice.choice(ASKED)] if dice.random() < 0.5 else [] for _ in range(slots)]
    if crew != [[]]:
        task["crew"] = crew
    possible = [one for one in before[-200:] if one["earliest"] + one["minutes"] + 30 <= task["due"] and one["earliest"] >= earliest - 480]
    if possible and dice.random() < 0.1:
        task["after"] = [dice.choice(possible)["id"]]
    if dice.random() < 0.1:
        task["prefer"] = [f"person-{dice.randrange(size.people)}"]
    return task


def main() -> None:
    """Print one problem as JSON."""
    asked = argparse.ArgumentParser(prog="python -m bench.tasking.instances")
    asked.add_argument("size", choices=SIZES)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--single", action="store_true", help="one person a task and nothing that waits")
    given = asked.parse_args()
    problem = instance(size=SIZES[given.size], seed=given.seed)
    print(json.dumps(single(problem) if given.single else problem, indent=1))


if __name__ == "__main__":
    main()
