"""The same single-person problem given to VROOM and to OR-Tools routing, and what each of them gives back as our own lines.

A stretch between two fixed stops of somebody's day is a vehicle; who may do a task is a skill; a task's value is its priority or
the price of leaving it out. Only the order of stops is taken from a peer: everything is then started as early as that order lets
it, which is never worse, and our own verifier and objective judge the lines. Building a peer's model is not counted as its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import vroom
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from lodestar.core.tasking.bounds.field import stretches
from lodestar.core.tasking.problem import Line, Problem

THREADS = 2
VROOM_LEVEL = 5  # the most it explores
WORTH = 1000  # ticks on the way that OR-Tools would travel for a point of value
Stretch = tuple[int, int, int, int, int]


def way(problem: Problem) -> np.ndarray:
    """Ticks between any two places."""
    every = range(len(problem.places))
    return np.array([[problem.travel.ticks(a, b) for b in every] for a in every], dtype=np.int64)


def able(problem: Problem, task: int, asset: int) -> bool:
    """Whether somebody may do a task of one person."""
    one = problem.tasks[task]
    return one.crew[0] <= problem.assets[asset].skills and asset not in one.barred


def started(problem: Problem, days: Iterable[tuple[Stretch, Sequence[int]]]) -> tuple[Line, ...]:
    """The lines of orders of tasks, each as early as it can be."""
    lines = []
    for (asset, since, origin, _, _), order in days:
        now, at = since, origin
        for number in order:
            task = problem.tasks[number]
            start = max(task.earliest, now + problem.travel.ticks(at, task.place))
            lines.append(Line(number, (asset,), start))
            now, at = start + task.length, task.place
    return tuple(sorted(lines, key=lambda line: line.task))


class Vroom:
    """VROOM by pyvroom, with both cores: it first looks at the sum of priorities, which is all the value there is."""

    name = "VROOM"

    def __init__(self, problem: Problem) -> None:
        self.problem, self.days = problem, stretches(problem)
        self.asked = vroom.Input()
        self.asked.set_durations_matrix("car", way(problem).astype(np.uint32))
        kinds = {task.crew[0] for task in problem.tasks}
        number = {kind: place for place, kind in enumerate(kinds)}
        for place, (asset, since, origin, till, target) in enumerate(self.days):
            skills = {number[kind] for kind in kinds if kind <= problem.assets[asset].skills}
            self.asked.add_vehicle(vroom.Vehicle(place, start=origin, end=target, skills=skills, time_window=vroom.TimeWindow(since, till)))
        for place, task in enumerate(problem.tasks):
            window = vroom.TimeWindow(task.earliest, task.due)
            self.asked.add_job(
                vroom.Job(
                    place,
                    task.place,
                    default_service=task.length,
                    skills={number[task.crew[0]]},
                    priority=task.value // problem.worth,
                    time_windows=[window],
                )
            )

    def plan(self, seconds: float) -> tuple[Line, ...]:
        """Its plan; it takes no seed."""
        found = self.asked.solve(VROOM_LEVEL, nb_threads=THREADS, timeout=timedelta(seconds=seconds))
        rows = found.routes
        jobs = rows[rows["type"] == "job"]
        orders: dict[int, list[int]] = {}
        for day, task in zip(jobs["vehicle_id"], jobs["id"], strict=True):
            orders.setdefault(int(day), []).append(int(task))
        return started(self.problem, [(self.days[day], order) for day, order in orders.items()])


class Routing:
    """OR-Tools routing: local cheapest insertion (of its openings the only one that ends in seconds here), then guided local search."""

    name = "OR-Tools routing"

    def __init__(self, problem: Problem) -> None:
        self.problem, self.days = problem, stretches(problem)
        tasks, many = problem.tasks, len(self.days)
        places = [task.place for task in tasks] + [day[2] for day in self.days] + [day[4] for day in self.days]
        lengths = np.array([task.length for task in tasks] + [0] * (2 * many), dtype=np.int64)
        legs = way(problem)[np.ix_(places, places)]
        first = len(tasks)
        self.manager = pywrapcp.RoutingIndexManager(
            len(places), many, list(range(first, first + many)), list(range(first + many, first + 2 * many))
        )
        self.model = model = pywrapcp.RoutingModel(self.manager)
        model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(legs.tolist()))
        horizon = max([day[3] for day in self.days] + [task.due for task in tasks]) + 1
        took = model.RegisterTransitMatrix((legs + lengths[:, None]).tolist())
        model.AddDimension(took, horizon, horizon, False, "time")
        clock = model.GetDimensionOrDie("time")
        for place, (_, since, _, till, _) in enumerate(self.days):
            clock.CumulVar(model.Start(place)).SetRange(since, till)
            clock.CumulVar(model.End(place)).SetRange(since, till)
        for place, task in enumerate(tasks):
            index = self.manager.NodeToIndex(place)
            clock.CumulVar(index).SetRange(task.earliest, task.due)
            model.AddDisjunction([index], task.value // problem.worth * WORTH)
            may = [-1, *(day for day, one in enumerate(self.days) if able(problem, place, one[0]))]
            model.VehicleVar(index).SetValues(may)
        model.CloseModel()

    def plan(self, seconds: float) -> tuple[Line, ...]:
        """Its plan; it takes no seed."""
        asked = pywrapcp.DefaultRoutingSearchParameters()
        asked.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.LOCAL_CHEAPEST_INSERTION
        asked.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        asked.time_limit.FromMilliseconds(int(seconds * 1000))
        found = self.model.SolveWithParameters(asked)
        return () if found is None else started(self.problem, [(day, self._order(found, n)) for n, day in enumerate(self.days)])

    def _order(self, found: Any, day: int) -> list[int]:
        order = []
        index = found.Value(self.model.NextVar(self.model.Start(day)))
        while not self.model.IsEnd(index):
            order.append(self.manager.IndexToNode(index))
            index = found.Value(self.model.NextVar(index))
        return order
