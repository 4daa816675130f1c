"""The independent checker: does a plan keep every rule of its problem, and is it worth what it says?

It shares nothing with the search but the problem itself, and looks at every person's day from its beginning to its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lodestar.core.tasking.plan import gap, journeys, objective
from lodestar.core.tasking.problem import Asset, Line, Problem

WITHIN = Fraction(1, 1_000_000)  # a document has six decimals
MOST_DIGITS = 30


def broken(*, problem: Problem, lines: Sequence[Line]) -> tuple[str, ...]:
    """Every rule that the lines break, each as a sentence with the task or person it is about; none where the plan holds."""
    return (*_lines(problem, lines), *_people(problem, lines))


def untrue(*, problem: Problem, lines: Sequence[Line], said: Mapping[str, Any]) -> tuple[str, ...]:
    """Everything that a plan's document says of itself and that is not so: its objective, its bound, its problem, what is left out."""
    return (*_left_out(problem, lines, said), *_worth(problem, lines, said), *_whole(problem, lines, said))


def _lines(problem: Problem, lines: Sequence[Line]) -> Iterator[str]:
    by_task: dict[int, Line] = {}
    for line in lines:
        task = problem.tasks[line.task]
        if line.task in by_task:
            yield f"{task.id}: it is placed twice"
        by_task[line.task] = line
        if not task.earliest <= line.start <= task.due:
            yield f"{task.id}: it starts outside its window"
        yield from _crew(problem, line)
    for line in lines:
        for before in problem.tasks[line.task].after:
            first = by_task.get(before)
            if first is None or first.start + problem.tasks[before].length > line.start:
                yield f"{problem.tasks[line.task].id}: {problem.tasks[before].id} has not ended when it starts"


def _crew(problem: Problem, line: Line) -> Iterator[str]:
    task = problem.tasks[line.task]
    if len(line.assets) != len(task.crew):
        yield f"{task.id}: {len(line.assets)} go, and its crew is {len(task.crew)}"
    elif len(set(line.assets)) < len(line.assets):
        yield f"{task.id}: one person fills two slots"
    for needs, asset in zip(task.crew, line.assets, strict=False):
        lacking = needs - problem.assets[asset].skills
        if lacking:
            yield f"{task.id}: {problem.assets[asset].id} does not hold {', '.join(sorted(lacking))}"
        if asset in task.barred:
            yield f"{task.id}: {problem.assets[asset].id} is barred from it"


def _people(problem: Problem, lines: Sequence[Line]) -> Iterator[str]:
    held: dict[int, list[Line]] = {}
    for line in lines:
        for one in dict.fromkeys(line.assets):
            held.setdefault(one, []).append(line)
    for number, own in held.items():
        asset = problem.assets[number]
        given = sum(problem.tasks[line.task].length for line in own)
        if asset.longest is not None and given > asset.longest:
            yield f"{asset.id}: more minutes of work than they may have"
        yield from _day(problem, asset, own)


def _day(problem: Problem, asset: Asset, own: Sequence[Line]) -> Iterator[str]:
    """Each shift walked from its beginning: nobody is in two places, and everybody is home in time."""
    left = list(own)
    for shift in asset.shifts:
        inside = [line for line in left if shift.start <= line.start and line.start + problem.tasks[line.task].length <= shift.end]
        left = [line for line in left if line not in inside]
        if not inside:
            continue
        work = [
            (line.start, line.start + problem.tasks[line.task].length, problem.tasks[line.task].place, problem.tasks[line.task].id)
            for line in inside
        ]
        fixed = [(one.start, one.end, one.place, "") for one in asset.commitments if shift.start <= one.start and one.end <= shift.end]
        stops = sorted([*work, *fixed], key=lambda stop: stop[:2])
        walk = [(shift.start, shift.start, shift.origin, ""), *stops, (shift.end, shift.end, shift.target, "")]
        for before, after in pairwise(walk):
            if not before[3] and not after[3]:
                continue  # between two fixed stops no line is to blame
            if before[1] + problem.travel.ticks(before[2], after[2]) > after[0]:
                yield f"{asset.id}: cannot be at {after[3] or 'their next place'} in time after {before[3] or 'their last place'}"
    for line in left:
        yield f"{asset.id}: {problem.tasks[line.task].id} does not lie within one of their shifts"


def _left_out(problem: Problem, lines: Sequence[Line], said: Mapping[str, Any]) -> Iterator[str]:
    rows = said.get("unplaced")
    if not isinstance(rows, list | tuple):
        yield "unplaced: it is missing"
        return
    placed = {problem.tasks[line.task].id for line in lines}
    names = Counter(str(row.get("task")) if isinstance(row, Mapping) else "" for row in rows)
    for task in problem.tasks:
        if names.pop(task.id, 0) + (task.id in placed) != 1:
            yield f"{task.id}: it must be either placed or unplaced, once"
    yield from (f"unplaced: there is no task {name}" for name in names)
    for number, row in enumerate(rows):
        if isinstance(row, Mapping) and not (row.get("reason") and row.get("detail")):
            yield f"unplaced[{number}]: it needs its reason and its detail"
    if said.get("problem_sha256") != problem.sha256:
        yield "problem_sha256: this is the plan of another problem"


def _worth(problem: Problem, lines: Sequence[Line], said: Mapping[str, Any]) -> Iterator[str]:
    real = {str(tier): value / problem.worth for tier, value in objective(problem=problem, lines=lines).items()}
    claimed, most = said.get("objective"), said.get("bound")
    for name, table in (("objective", claimed), ("bound", most)):
        if not isinstance(table, Mapping) or set(table) != set(real) or not all(_is_number(value) for value in table.values()):
            yield f"{name}: it must give a number for each tier: {', '.join(real)}"
            return
    for tier, value in real.items():
        if abs(Fraction(str(claimed[tier])) - value) > WITHIN:  # type: ignore[index]
            yield f"objective: tier {tier} is worth {float(value)}, not {claimed[tier]}"  # type: ignore[index]
        if Fraction(str(most[tier])) < value:  # type: ignore[index]
            yield f"bound: tier {tier} reaches {float(value)}, more than the bound {most[tier]}"  # type: ignore[index]


def _whole(problem: Problem, lines: Sequence[Line], said: Mapping[str, Any]) -> Iterator[str]:
    """What is said over all tiers: the bound, the gap that is left, and the journeys."""
    reached = sum(objective(problem=problem, lines=lines).values(), Fraction(0)) / problem.worth
    most, left = said.get("bound_total"), said.get("gap")
    if not _is_number(most) or Fraction(str(most)) < reached:
        yield f"bound_total: it must be a number, and no less than the {float(reached)} that the plan reaches"
    elif not _is_number(left) or abs(Fraction(str(left)) - Fraction(str(gap(reached=reached, most=Fraction(str(most)))))) > 2 * WITHIN:
        yield "gap: it is not the share of bound_total that the plan does not reach"
    if _plain(said.get("routes")) != _plain(journeys(problem=problem, lines=lines)):
        yield "routes: they are not the journeys of these assignments"


def _plain(value: Any) -> Any:
    """Numbers as numbers, whether a file's reader kept them as decimals or not."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return Fraction(str(value)) if _is_number(value) else value


def _is_number(value: Any) -> bool:
    """A finite number of a size that a plan could have."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    exact = Decimal(value)
    return exact.is_finite() and (not exact or -MOST_DIGITS < exact.adjusted() < MOST_DIGITS) and len(exact.as_tuple().digits) < 2000
