"""A plan as its public document: who does what and when, the way there, what nobody does and why, and how good it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any

from lodestar.core.tasking.document import MOST_MINUTES, minutes
from lodestar.core.tasking.explain.why import Explained
from lodestar.core.tasking.problem import BadProblem, Line, Problem
from lodestar.core.tasking.reading import Faults, Row, decimals

DECIMALS = Decimal("0.000001")
ASSIGNMENT = frozenset({"task", "assets", "start"})


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that any plan could reach, proven: in each tier by itself, and over all tiers; and how it was proven."""

    by_tier: Mapping[int, Fraction]  # in points
    total: Fraction
    method: str


@dataclass(frozen=True, slots=True)
class Plan:
    """An answer: its lines, how good they are, and why."""

    lines: tuple[Line, ...]
    objective: Mapping[int, Fraction]  # points by tier
    bounds: Bounds
    explained: Explained
    seed: int
    iterations: int
    formula: str
    moved: Mapping[int, str]  # work that was issued and is not where it was: why, by task


def objective(*, problem: Problem, lines: Sequence[Line]) -> dict[int, Fraction]:
    """The value of each tier in points; the lowest also loses what its travel weighs, where that is given."""
    found = dict.fromkeys(problem.tiers, Fraction(0))
    for line in lines:
        task = problem.tasks[line.task]
        found[task.tier] += task.worth(line.start)
    if problem.travel_weight and found:
        ticks = sum(route.travel for route in travelled(problem=problem, lines=lines))
        found[max(found)] -= problem.travel_weight * problem.worth * Fraction(ticks, problem.scale)
    return found


@dataclass(frozen=True, slots=True)
class Leg:
    """One stop of a route: how it is reached, and how long it holds."""

    place: int
    travel: int
    start: int
    end: int
    task: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One shift's journey: from its base by its stops to where it ends."""

    asset: int
    shift: int
    legs: tuple[Leg, ...]
    home: int  # ticks from the last stop to where the shift ends

    @property
    def travel(self) -> int:
        """Ticks on the way, all told."""
        return self.home + sum(leg.travel for leg in self.legs)


def travelled(*, problem: Problem, lines: Sequence[Line]) -> tuple[Route, ...]:
    """Every shift's journey under a plan, idle ones too, in the order of people and shifts."""
    held: dict[int, list[tuple[int, int, int, int | None]]] = {}
    for line in lines:
        task = problem.tasks[line.task]
        for asset in line.assets:
            held.setdefault(asset, []).append((line.start, line.start + task.length, task.place, line.task))
    found = []
    for number, one in enumerate(problem.assets):
        stops = [*held.get(number, ()), *((item.start, item.end, item.place, None) for item in one.commitments)]
        for position, shift in enumerate(one.shifts):
            inside = sorted((stop for stop in stops if shift.start <= stop[0] and stop[1] <= shift.end), key=lambda stop: stop[:2])
            found.append(_route(problem, number, position, inside))
    return tuple(found)


def _route(problem: Problem, asset: int, position: int, stops: Sequence[tuple[int, int, int, int | None]]) -> Route:
    shift = problem.assets[asset].shifts[position]
    at, legs = shift.origin, []
    for start, end, place, task in stops:
        legs.append(Leg(place, problem.travel.ticks(at, place), start, end, task))
        at = place
    return Route(asset, position, tuple(legs), problem.travel.ticks(at, shift.target))


def plan_document(*, problem: Problem, plan: Plan) -> dict[str, Any]:
    """The plan as its document: assignments in the order of their start, routes that have stops, and everything unplaced."""
    lines = sorted(plan.lines, key=lambda line: (line.start, line.task))
    because = plan.explained.because
    return {
        "assignments": [
            {
                **_line(problem, line),
                "because": because[line.task],
                **({"moved": plan.moved[line.task]} if line.task in plan.moved else {}),
            }
            for line in lines
        ],
        "routes": journeys(problem=problem, lines=lines),
        "unplaced": [_unplaced(problem, plan, one) for one in plan.explained.not_placed],
        "objective": {str(tier): number(value / problem.worth, ROUND_FLOOR) for tier, value in plan.objective.items()},
        "bound": {str(tier): number(value / problem.worth, ROUND_CEILING) for tier, value in plan.bounds.by_tier.items()},
        "bound_total": number(plan.bounds.total / problem.worth, ROUND_CEILING),
        "bound_method": plan.bounds.method,
        "gap": gap(reached=sum(plan.objective.values(), Fraction(0)), most=plan.bounds.total),
        "seed": plan.seed,
        "iterations": plan.iterations,
        "formula": plan.formula,
        "problem_sha256": problem.sha256,
    }


def _line(problem: Problem, line: Line) -> dict[str, Any]:
    return {
        "task": problem.tasks[line.task].id,
        "assets": [problem.assets[asset].id for asset in line.assets],
        "start": minutes(line.start, problem.scale),
    }


def journeys(*, problem: Problem, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The routes of a plan's document: each shift that has stops, in the order of people and shifts."""
    return [_journey(problem, route) for route in travelled(problem=problem, lines=lines) if route.legs]


def _journey(problem: Problem, route: Route) -> dict[str, Any]:
    scale, places = problem.scale, problem.places
    shift = problem.assets[route.asset].shifts[route.shift]
    return {
        "asset": problem.assets[route.asset].id,
        "from": places[shift.origin],
        "to": places[shift.target],
        "stops": [
            {
                **({"task": problem.tasks[leg.task].id} if leg.task is not None else {}),
                "place": places[leg.place],
                "travel": minutes(leg.travel, scale),
                "start": minutes(leg.start, scale),
                "end": minutes(leg.end, scale),
            }
            for leg in route.legs
        ],
        "travel": minutes(route.travel, scale),
    }


def _unplaced(problem: Problem, plan: Plan, one: Any) -> dict[str, Any]:
    found = {"task": problem.tasks[one.task].id, "reason": one.reason, "detail": one.sentence}
    if one.by:
        found["by"] = [problem.tasks[task].id for task in one.by]
    if one.change is not None:
        found["change"] = one.change.sentence
    if one.task in plan.moved:
        found["moved"] = plan.moved[one.task]
    return found


def number(value: Fraction, way: str) -> int | float:
    """At most six decimals, rounded so that what is said is never better than what is so."""
    if value.denominator == 1:
        return value.numerator
    exact = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(DECIMALS, rounding=way)
    return float(exact)


def gap(*, reached: Fraction, most: Fraction) -> float:
    """The share of the proven most that is not reached; nought where nothing could be."""
    return 0.0 if most <= 0 else number(max(Fraction(0), 1 - reached / most), ROUND_CEILING)


def read_lines(table: Any, *, problem: Problem) -> tuple[Line, ...]:
    """The lines of a plan's document; raises ``BadProblem`` for what is no plan of this problem. ``verify`` says if they hold."""
    faults = Faults()
    top = Row.of(table, "", faults)
    known_tasks = {task.id: number for number, task in enumerate(problem.tasks)}
    known_assets = {asset.id: number for number, asset in enumerate(problem.assets)}
    lines = []
    for row in top.rows("assignments"):
        for name in sorted(ASSIGNMENT - row.table.keys()):
            row.say(name, "it is missing")
        task, start, people = row.text("task"), row.number("start", least=0, most=MOST_MINUTES), row.texts("assets")
        if task not in known_tasks:
            row.say("task", f"there is no task {task}")
        for number, one in enumerate(people):
            if one not in known_assets:
                row.say(f"assets[{number}]", f"there is no asset {one}")
        if decimals(start) > len(str(problem.scale)) - 1:
            row.say("start", "it has more decimals than the problem")
        if not faults.found:
            lines.append(Line(known_tasks[task], tuple(known_assets[one] for one in people), int(start * problem.scale)))
    if faults.found:
        raise BadProblem(faults.found)
    return tuple(lines)
