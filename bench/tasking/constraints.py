"""The small whole problem given to OR-Tools CP-SAT: crews who meet, order, decay and longest days, all in one tier.

Each stretch between two fixed stops is a circuit through the tasks its person may do; a task is done when every slot has somebody.
Time is in the problem's ticks. Its plan is judged by our verifier and objective, and its own bound is in the same points as ours.
"""

from __future__ import annotations

from typing import Any

from ortools.sat.python import cp_model

from lodestar.core.tasking.bounds.field import stretches
from lodestar.core.tasking.problem import Line, Problem

THREADS = 2
FINE = 1000  # parts of a point in what it maximises


class Constraints:
    """CP-SAT's model of a problem, its plan, and the most it has proven that any plan is worth."""

    name = "OR-Tools CP-SAT"

    def __init__(self, problem: Problem) -> None:
        self.problem, self.model = problem, cp_model.CpModel()
        tasks = problem.tasks
        self.start = [self.model.new_int_var(task.earliest, task.due, "") for task in tasks]
        self.done = [self.model.new_bool_var("") for _ in tasks]
        self.goes: dict[tuple[int, int, int], Any] = {}  # task, slot, person
        worked: dict[int, list[Any]] = {}
        met: dict[tuple[int, int, int], list[Any]] = {}
        for day in stretches(problem):
            for (number, slot), here in self._circuit(day).items():
                met.setdefault((number, slot, day[0]), []).append(here)
                worked.setdefault(day[0], []).append(here * tasks[number].length)
        for key, options in met.items():
            self.goes[key] = self.model.new_bool_var("")
            self.model.add(sum(options) == self.goes[key])
        self._crews()
        for person, terms in worked.items():
            longest = problem.assets[person].longest
            if longest is not None:
                self.model.add(sum(terms) <= longest)
        for number, task in enumerate(tasks):
            for before in task.after:
                self.model.add_implication(self.done[number], self.done[before])
                self.model.add(self.start[number] >= self.start[before] + tasks[before].length).only_enforce_if(self.done[number])
        self.model.maximize(sum(self._worth(number) for number in range(len(tasks))))

    def _circuit(self, day: tuple[int, int, int, int, int]) -> dict[tuple[int, int], Any]:
        """One stretch's circuit; whether it serves each slot that its person could."""
        person, since, origin, till, target = day
        way, tasks = self.problem.travel.ticks, self.problem.tasks
        here: dict[tuple[int, int], Any] = {}
        open_now = []
        for number, task in enumerate(tasks):
            low, high = max(task.earliest, since + way(origin, task.place)), min(task.due, till - task.length - way(task.place, target))
            for slot, needs in enumerate(task.crew):
                if low <= high and needs <= self.problem.assets[person].skills and person not in task.barred:
                    here[number, slot] = self.model.new_bool_var("")
                    open_now.append((number, slot, low, high))
        arcs: list[Any] = [(0, 0, self.model.new_bool_var(""))]
        for i, (number, slot, low, high) in enumerate(open_now, 1):
            first, last = self.model.new_bool_var(""), self.model.new_bool_var("")
            arcs += [(0, i, first), (i, 0, last), (i, i, here[number, slot].Not())]
            self.model.add(self.start[number] >= low).only_enforce_if(here[number, slot])
            self.model.add(self.start[number] <= high).only_enforce_if(here[number, slot])
            for j, (other, _, _, by) in enumerate(open_now, 1):
                gone = tasks[number].length + way(tasks[number].place, tasks[other].place)
                if other != number and low + gone <= by:
                    then = self.model.new_bool_var("")
                    arcs.append((i, j, then))
                    self.model.add(self.start[other] >= self.start[number] + gone).only_enforce_if(then)
        if open_now:
            self.model.add_circuit(arcs)
        return here

    def _crews(self) -> None:
        for number, task in enumerate(self.problem.tasks):
            for slot in range(len(task.crew)):
                self.model.add(sum(var for (t, s, _), var in self.goes.items() if (t, s) == (number, slot)) == self.done[number])
            for person in range(len(self.problem.assets)):
                twice = [self.goes[number, slot, person] for slot in range(len(task.crew)) if (number, slot, person) in self.goes]
                if len(twice) > 1:
                    self.model.add_at_most_one(twice)

    def _worth(self, number: int) -> Any:
        task = self.problem.tasks[number]
        if not task.decay or task.due == task.earliest:
            return self.done[number] * (task.value * FINE)
        worth = self.model.new_int_var(0, task.value * FINE, "")
        rate = task.value * task.decay * FINE / (task.due - task.earliest)
        lost = (self.start[number] - task.earliest) * rate.numerator
        self.model.add(worth * rate.denominator <= task.value * FINE * rate.denominator - lost)
        self.model.add(worth <= self.done[number] * (task.value * FINE))
        return worth

    def plan(self, seconds: float, seed: int) -> tuple[tuple[Line, ...], float]:
        """Its lines, and its own bound in points."""
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = THREADS
        solver.parameters.random_seed = seed
        found = solver.solve(self.model)
        if found not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return (), solver.best_objective_bound / FINE
        lines = []
        for number, task in enumerate(self.problem.tasks):
            if solver.value(self.done[number]):
                chosen = {slot: person for (t, slot, person), var in self.goes.items() if t == number and solver.value(var)}
                lines.append(Line(number, tuple(chosen[slot] for slot in range(len(task.crew))), solver.value(self.start[number])))
        return tuple(lines), solver.best_objective_bound / FINE
