"""Reads a tasking problem from its public document, with every fault named by its path.

The format is a public contract: docs/reference/tasking-problem.md says what each key means, and a JSON Schema stands beside
it. Numbers are read exactly: times become whole ticks and values whole points, by the most decimals that are used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from itertools import pairwise
from typing import Any

import numpy as np

from lodestar.core.tasking.canonical import canonical
from lodestar.core.tasking.problem import ANYBODY, Asset, BadProblem, Commitment, Problem, Shift, Task, Travel
from lodestar.core.tasking.reading import MOST_DECIMALS, Faults, Row, decimals

OWED = frozenset({"places", "assets", "tasks"})
MAY = frozenset({"travel_minutes", "speed_kmh", "travel_weight", "note"})
MOST_MINUTES, MOST_VALUE, MOST_KM, MOST_TIER = 1_000_000, 1_000_000, 100_000, 99
COORDINATE_DECIMALS = 2  # straight lines are never whole minutes: a hundredth is as fine as anybody drives


def read_problem(table: Any) -> Problem:
    """The problem of a document; raises ``BadProblem`` with every fault as ``path: reason``, never anything else."""
    faults = Faults()
    top = Row.of(table, "", faults, owed=OWED, may=MAY)
    if faults.found:
        raise BadProblem(faults.found)
    one = _Reader(top, faults)
    one.look()
    if faults.found:
        raise BadProblem(faults.found)
    problem = one.build()
    faults.found = (*_clashes(problem),)
    if faults.found:
        raise BadProblem(faults.found)
    return problem


def digest(table: Any) -> str:
    """SHA-256 of the document's canonical JSON: the same content has the same digest however it was written."""
    return sha256(canonical(table).encode("utf-8", "surrogatepass")).hexdigest()


class _Reader:
    """Two passes: every value is looked at and kept as it is, then all of it is built at one scale."""

    def __init__(self, top: Row, faults: Faults) -> None:
        self.top, self.faults = top, faults
        self.places: list[Row] = []
        self.assets: list[Row] = []
        self.tasks: list[Row] = []
        self.times: list[Decimal] = []
        self.values: list[Decimal] = []
        self.by_coordinates = False

    def look(self) -> None:
        self.by_coordinates = "speed_kmh" in self.top.table
        if self.by_coordinates == ("travel_minutes" in self.top.table):
            self.faults.say("travel_minutes", "give either travel_minutes or speed_kmh with coordinates, one of the two")
        if self.by_coordinates:
            self.top.number("speed_kmh", above=0, most=1000)
        if "note" in self.top.table and not isinstance(self.top.table["note"], str):
            self.faults.say("note", "it must be text")
        if "travel_weight" in self.top.table:
            self.top.number("travel_weight", least=0, most=MOST_VALUE)
        coordinates = frozenset({"x", "y"})
        at = (frozenset({"id"}) | coordinates, frozenset()) if self.by_coordinates else (frozenset({"id"}), coordinates)
        self.places = self.top.rows("places", owed=at[0], may=at[1])
        self.assets = self.top.rows(
            "assets", owed=frozenset({"id"}), may=frozenset({"name", "skills", "shifts", "commitments", "max_minutes"})
        )
        self.tasks = self.top.rows(
            "tasks",
            owed=frozenset({"id", "place", "minutes", "earliest", "due", "tier", "value"}),
            may=frozenset({"title", "decay", "crew", "after", "prefer", "barred"}),
        )
        for place in self.places:
            for name in coordinates & place.table.keys():
                place.number(name, least=-MOST_KM, most=MOST_KM)
        self.look_inside()

    def look_inside(self) -> None:
        for rows in (self.places, self.assets, self.tasks):
            self.ids(rows)
        self.known_places = {str(row.table.get("id")): number for number, row in enumerate(self.places)}
        self.known_assets = {str(row.table.get("id")): number for number, row in enumerate(self.assets)}
        self.known_tasks = {str(row.table.get("id")): number for number, row in enumerate(self.tasks)}
        for asset in self.assets:
            self.look_at_asset(asset)
        for task in self.tasks:
            self.look_at_task(task)
        if "travel_minutes" in self.top.table:
            self.look_at_matrix()
        if not self.faults.found:
            self.look_for_cycles()

    def ids(self, rows: Sequence[Row]) -> None:
        seen: set[str] = set()
        for row in rows:
            name = row.text("id")
            if name in seen:
                row.say("id", f"{name} is used twice")
            seen.add(name)

    def time(self, row: Row, name: str) -> Decimal:
        found = row.number(name, least=0, most=MOST_MINUTES, places=MOST_DECIMALS)
        self.times.append(found)
        return found

    def span(self, row: Row) -> None:
        start, end = self.time(row, "start"), self.time(row, "end")
        if end <= start:
            row.say("end", f"it ends at {end}, not after its start at {start}")

    def place(self, row: Row, name: str) -> None:
        where = row.text(name)
        if where and where not in self.known_places:
            row.say(name, f"there is no place {where}")

    def look_at_asset(self, asset: Row) -> None:
        if "name" in asset.table:
            asset.text("name", empty=True)
        asset.texts("skills")
        if "max_minutes" in asset.table:
            self.time(asset, "max_minutes")
        for shift in asset.rows("shifts", owed=frozenset({"start", "end", "from", "to"})):
            self.span(shift)
            self.place(shift, "from")
            self.place(shift, "to")
        for one in asset.rows("commitments", owed=frozenset({"start", "end", "place"})):
            self.span(one)
            self.place(one, "place")

    def look_at_task(self, task: Row) -> None:
        if "title" in task.table:
            task.text("title", empty=True)
        self.place(task, "place")
        self.time(task, "minutes")
        earliest, due = self.time(task, "earliest"), self.time(task, "due")
        if due < earliest:
            task.say("due", f"it must start by {due}, before the earliest it can at {earliest}")
        task.whole("tier", most=MOST_TIER)
        self.values.append(task.number("value", least=0, most=MOST_VALUE, places=MOST_DECIMALS))
        if "decay" in task.table:
            task.number("decay", least=0, most=1)
        if "crew" in task.table:
            task.crew("crew")
        for name, known, noun in (
            ("after", self.known_tasks, "task"),
            ("prefer", self.known_assets, "asset"),
            ("barred", self.known_assets, "asset"),
        ):
            for number, one in enumerate(task.texts(name)):
                if one not in known:
                    task.say(f"{name}[{number}]", f"there is no {noun} {one}")

    def look_at_matrix(self) -> None:
        matrix = self.top.table["travel_minutes"]
        size = len(self.places)
        if not isinstance(matrix, list) or len(matrix) != size or any(not isinstance(row, list) or len(row) != size for row in matrix):
            self.faults.say("travel_minutes", f"it must have {size} rows of {size}, one for each place")
            return
        for number, line in enumerate(matrix):
            row = Row(dict(enumerate(line)), f"travel_minutes[{number}]", self.faults)
            for column in range(size):
                found = row.number(column, least=0, most=MOST_MINUTES, places=MOST_DECIMALS)
                self.times.append(found)
                if column == number and found:
                    row.say(column, "from a place to itself it must be 0")

    def look_for_cycles(self) -> None:
        graph = {number: {self.known_tasks[one] for one in task.texts("after")} for number, task in enumerate(self.tasks)}
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            names = " after ".join(str(self.tasks[number].table["id"]) for number in reversed(error.args[1]))
            self.faults.say(f"tasks[{error.args[1][0]}].after", f"it can never start: {names}")

    # The second pass: nothing can be wrong any more.

    def build(self) -> Problem:
        places = max((COORDINATE_DECIMALS if self.by_coordinates else 0), *map(decimals, self.times), 0)
        points = max(0, *map(decimals, self.values), 0)
        self.scale, self.worth = 10**places, 10**points
        weight = self.top.table.get("travel_weight")
        return Problem(
            places=tuple(str(row.table["id"]) for row in self.places),
            travel=self.travel(),
            assets=tuple(self.asset(row) for row in self.assets),
            tasks=tuple(self.task(row) for row in self.tasks),
            scale=self.scale,
            worth=self.worth,
            travel_weight=None if weight is None else Fraction(self.top.number("travel_weight")),
            sha256=digest(self.top.table),
        )

    def ticks(self, row: Row, name: Any) -> int:
        return int(row.number(name) * self.scale)

    def travel(self) -> Travel:
        none = np.empty(0, np.float64)
        if not self.by_coordinates:
            lines = self.top.table["travel_minutes"]
            rows = [Row(dict(enumerate(line)), "", self.faults) for line in lines]
            matrix = [[self.ticks(row, column) for column in range(len(rows))] for row in rows]
            return Travel(np.array(matrix, np.int64).reshape(len(rows), len(rows)), none, none)
        per_km = float(Fraction(60 * self.scale) / Fraction(self.top.number("speed_kmh")))
        x, y = (np.array([float(row.number(name)) for row in self.places], np.float64) for name in ("x", "y"))
        return Travel(np.empty((0, 0), np.int64), x, y, per_km)

    def asset(self, row: Row) -> Asset:
        shifts = sorted(
            (self.ticks(one, "start"), self.ticks(one, "end"), self.known_places[one.text("from")], self.known_places[one.text("to")])
            for one in row.rows("shifts")
        )
        held = sorted(
            (self.ticks(one, "start"), self.ticks(one, "end"), self.known_places[one.text("place")]) for one in row.rows("commitments")
        )
        return Asset(
            id=row.text("id"),
            skills=frozenset(row.texts("skills")),
            shifts=tuple(Shift(*one) for one in shifts),
            commitments=tuple(Commitment(*one) for one in held),
            longest=self.ticks(row, "max_minutes") if "max_minutes" in row.table else None,
            name=str(row.table.get("name", "")),
        )

    def task(self, row: Row) -> Task:
        return Task(
            id=row.text("id"),
            place=self.known_places[row.text("place")],
            length=self.ticks(row, "minutes"),
            earliest=self.ticks(row, "earliest"),
            due=self.ticks(row, "due"),
            tier=row.whole("tier", most=MOST_TIER),
            value=int(row.number("value") * self.worth),
            decay=Fraction(row.number("decay")) if "decay" in row.table else Fraction(0),
            crew=tuple(frozenset(slot) for slot in row.table["crew"]) if "crew" in row.table else (ANYBODY,),
            after=tuple(dict.fromkeys(self.known_tasks[one] for one in row.texts("after"))),
            prefer=tuple(dict.fromkeys(self.known_assets[one] for one in row.texts("prefer"))),
            barred=tuple(dict.fromkeys(self.known_assets[one] for one in row.texts("barred"))),
            title=str(row.table.get("title", "")),
        )


def _clashes(problem: Problem) -> Iterator[str]:
    """Shifts of one person that overlap; commitments that overlap, or lie across a shift's edge."""
    for number, asset in enumerate(problem.assets):
        path = f"assets[{number}]"
        if any(later.start < earlier.end for earlier, later in pairwise(asset.shifts)):
            yield f"{path}.shifts: two shifts of {asset.id} overlap"
        if any(later.start < earlier.end for earlier, later in pairwise(asset.commitments)):
            yield f"{path}.commitments: two commitments of {asset.id} overlap"
        for one in asset.commitments:
            if any(one.start < shift.end and shift.start < one.end and not _within(one, shift) for shift in asset.shifts):
                yield f"{path}.commitments: one of {asset.id} lies across the edge of a shift; end it with the shift, or split it"


def _within(one: Commitment, shift: Shift) -> bool:
    return shift.start <= one.start and one.end <= shift.end


def minutes(ticks: int, scale: int) -> int | float:
    """Ticks as the minutes of a document: a whole number where it is one."""
    return ticks // scale if ticks % scale == 0 else float(Decimal(ticks) / scale)
