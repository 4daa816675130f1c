"""Why this person, and why nobody: every line of a plan and everything it leaves undone, in words.

What is left undone says the one reason that stands first: it waits for work that is not placed; nobody has the skill; nobody
could be there in time however the work were shared; or it is crowded out, and by which work. Then the cheapest change that
would place it, found by trying: a later start, somebody who stays on, or one piece of work given up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestar.core.tasking.explain.soonest import CLOSES, END, NEVER, PLACE, START, TASK, Routes, holding, routes, soonest, without
from lodestar.core.tasking.problem import Line, Problem

WAITS, NO_SKILL, NOT_IN_TIME, CROWDED_OUT = "waits_for", "no_skill", "nobody_free_in_time", "crowded_out"
ANYBODY = "anybody"
Say = Callable[[int], str]  # how an instant of the problem is said


@dataclass(frozen=True, slots=True)
class Change:
    """The cheapest change that would place a piece of work."""

    kind: str  # later, stay_on, give_up, skill, place_first
    minutes: int = 0
    asset: int | None = None
    task: int | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a piece of work has nobody."""

    task: int
    reason: str
    sentence: str
    by: tuple[int, ...] = ()  # the work that it waits for, or that crowds it out
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """Every line's reason by task, and everything left undone in the order of the problem."""

    because: Mapping[int, str]
    not_placed: tuple[WhyNot, ...]


def explain(*, problem: Problem, lines: Sequence[Line], say: Say, longest_stay: int = 0) -> Explained:
    """Explain a plan; ``say`` names an instant, ``longest_stay`` ticks is how long staying on may be suggested."""
    one = _Explaining(problem, tuple(lines), say, longest_stay)
    placed = {line.task for line in lines}
    because = {line.task: one.because(line) for line in lines}
    missing = (task for task in range(len(problem.tasks)) if task not in placed)
    return Explained(because, tuple(one.why_not(task) for task in missing))


class _Explaining:
    def __init__(self, problem: Problem, lines: tuple[Line, ...], say: Say, longest_stay: int) -> None:
        self.problem, self.say, self.longest_stay = problem, say, longest_stay
        self.lines = {line.task: line for line in lines}
        self.plan = routes(problem=problem, lines=lines)
        self.fixed = routes(problem=problem, lines=())
        self.who = holding(problem=problem)
        self.behind: dict[int, list[int]] = {}  # the tasks that wait for each that is waited for
        for number, task in enumerate(problem.tasks):
            for before in task.after:
                self.behind.setdefault(before, []).append(number)

    # Why this person

    def because(self, line: Line) -> str:
        """One sentence for each slot of the line's crew."""
        several = len(line.assets) > 1
        parts = [self._slot(line, slot, asset) for slot, asset in enumerate(line.assets)]
        return " ".join(f"{self._name(asset)}: {part}" for asset, part in zip(line.assets, parts, strict=True)) if several else parts[0]

    def _slot(self, line: Line, slot: int, asset: int) -> str:
        task = self.problem.tasks[line.task]
        known = "The child knows them. " if asset in task.prefer else ""
        skilled = self.who(line.task, slot)
        others = skilled.copy()
        others[[one for one in line.assets if one != asset]] = False
        window = (line.start, line.start) if len(line.assets) > 1 else self._window(line.task)
        could = soonest(plan=self.plan, problem=self.problem, task=line.task, may=others, window=window)
        skill = _skills(task.crew[slot])
        count = int(skilled.sum())
        if count == 1:
            return f"{known}The only one on duty who holds {skill}." if task.crew[slot] else f"{known}The only one there is."
        could[asset] = NEVER
        rivals = int((could < NEVER).sum())
        if not rivals:
            return f"{known}Of {count} {_holding(skill)}, only they are free in time."
        if len(line.assets) > 1:
            return f"{known}One of {rivals + 1} {_holding(skill)} who are free at {self.say(line.start)}."
        sooner = int((could < line.start).sum())
        if not sooner:
            return f"{known}Of {rivals + 1} {_holding(skill)} who could, nobody could start sooner than {self.say(line.start)}."
        others_say = "one could" if sooner == 1 else f"{sooner} could"
        return f"{known}Of {rivals + 1} {_holding(skill)} who could, {others_say} start sooner, but the plan needs them for other work."

    def _window(self, number: int) -> tuple[int, int]:
        """When it may start in this plan: after what it waits for, and before what waits for it."""
        task = self.problem.tasks[number]
        earliest, due = task.earliest, task.due
        for before in task.after:
            if before in self.lines:
                earliest = max(earliest, self.lines[before].start + self.problem.tasks[before].length)
        for behind in self.behind.get(number, ()):
            if behind in self.lines:
                due = min(due, self.lines[behind].start - task.length)
        return earliest, due

    # Why nobody

    def why_not(self, number: int) -> WhyNot:
        """The one reason that stands first, and the cheapest change."""
        task = self.problem.tasks[number]
        waits = tuple(before for before in task.after if before not in self.lines)
        if waits:
            names = ", ".join(self._title(before) for before in waits)
            change = Change("place_first", task=waits[0], sentence=f"Place {self._title(waits[0])} first.")
            return WhyNot(number, WAITS, f"It waits for work that is not placed: {names}.", waits, change)
        lacking = [slot for slot in range(len(task.crew)) if not self.who(number, slot).any()]
        if lacking:
            skill = _skills(task.crew[lacking[0]])
            change = Change(
                "skill", sentence=f"One more person on duty who holds {skill}, between {self.say(task.earliest)} and {self.say(task.due)}."
            )
            return WhyNot(number, NO_SKILL, f"Nobody on duty who may do it holds {skill}.", (), change)
        if not self._possible(number, self.fixed, self._window(number)):
            return WhyNot(number, NOT_IN_TIME, self._too_late(number), (), self._change(number, ()))
        by = self._crowding(number)
        names = ", ".join(self._title(one) for one in by) or "what they have already"
        return WhyNot(number, CROWDED_OUT, f"Everybody who could do it has other work by then: {names}.", by, self._change(number, by))

    def _possible(self, number: int, plan: Routes, window: tuple[int, int], later: int = 0) -> bool:
        """Whether different people could fill every slot at one start, with everything of ``plan`` where it is."""
        return self._start(number, plan, window, later) is not None

    def _start(self, number: int, plan: Routes, window: tuple[int, int], later: int = 0) -> tuple[int, tuple[int, ...]] | None:
        """The soonest start and its people; for a crew each start at which somebody becomes free is tried."""
        slots = range(len(self.problem.tasks[number].crew))
        at, due = window
        for _ in range(MOST_STARTS):
            free = [
                soonest(plan=plan, problem=self.problem, task=number, may=self.who(number, slot), window=(at, due), later=later)
                for slot in slots
            ]
            start = max(int(one.min(initial=NEVER)) for one in free)
            if start == NEVER:
                return None
            if len(free) == 1:
                return start, (int(free[0].argmin()),)
            exactly = [
                soonest(plan=plan, problem=self.problem, task=number, may=self.who(number, slot), window=(start, start), later=later)
                for slot in slots
            ]
            crew = _different([np.flatnonzero(one < NEVER).tolist() for one in exactly])
            if crew is not None:
                return start, crew
            onward = min(int(one[one > start].min(initial=NEVER)) for one in free)
            at = start + self.problem.scale if onward == NEVER else onward
            if at > due:
                return None
        return None

    def _too_late(self, number: int) -> str:
        task = self.problem.tasks[number]
        horizon = int(self.plan.shifts[:, CLOSES].max(initial=0))
        found = self._start(number, self.fixed, (task.earliest, max(task.due, horizon)))
        if found is None:
            return f"Nobody who could do it is on duty long enough between {self.say(task.earliest)} and the end of the last shift."
        return f"Nobody could be there by {self.say(task.due)}, whatever else were left; the soonest is {self.say(found[0])}."

    def _crowding(self, number: int) -> tuple[int, ...]:
        """The work that stands in the way of whoever could be there first, if nothing had been given out."""
        found = self._start(number, self.fixed, self._window(number))
        if found is None:
            return ()
        start, people = found
        task = self.problem.tasks[number]
        inside, same_shift = set(), set()
        for row in np.flatnonzero(np.isin(self.plan.shifts[:, 4], people)):
            stops = self.plan.stops[self.plan.begins[row] : self.plan.begins[row + 1]]
            for stop in stops:
                if stop[TASK] >= 0:
                    same_shift.add(int(stop[TASK]))
                    if self._clash(stop, start, start + task.length, task.place):
                        inside.add(int(stop[TASK]))
        return tuple(sorted(inside or same_shift))

    def _clash(self, stop: NDArray[np.int64], start: int, end: int, place: int) -> bool:
        way = self.problem.travel.ticks
        return bool(stop[END] + way(int(stop[PLACE]), place) > start and end + way(place, int(stop[PLACE])) > stop[START])

    # What would place it

    def _change(self, number: int, by: tuple[int, ...]) -> Change | None:
        """The cheapest change that was tried and places it: later, then somebody staying on, then one piece of work given up."""
        options = [*self._later(number), *self._stay_on(number)]
        if options:
            return min(options, key=lambda option: (option.minutes, option.kind))
        return next(self._give_up(number, by), None)

    def _later(self, number: int) -> Iterator[Change]:
        earliest, due = self._window(number)
        horizon = int(self.plan.shifts[:, CLOSES].max(initial=0))
        found = self._start(number, self.plan, (earliest, max(due, horizon)))
        if found is not None and found[0] > due:
            minutes = -(-(found[0] - due) // self.problem.scale)
            people = " and ".join(self._name(asset) for asset in found[1])
            yield Change(
                "later", minutes, found[1][0], sentence=f"If it may start {_count(minutes)} later, {people} can at {self.say(found[0])}."
            )

    def _stay_on(self, number: int) -> Iterator[Change]:
        if not self.longest_stay or not self._possible(number, self.plan, self._window(number), self.longest_stay):
            return
        least, most, unit = 0, self.longest_stay, self.problem.scale
        while most - least > unit:  # staying on longer never takes a place away, so halving finds the least
            middle = (least + most) // 2
            if self._possible(number, self.plan, self._window(number), middle):
                most = middle
            else:
                least = middle
        found = self._start(number, self.plan, self._window(number), most)
        if found is not None:
            minutes = -(-most // unit)
            people = " and ".join(self._name(asset) for asset in found[1])
            yield Change(
                "stay_on",
                minutes,
                found[1][0],
                sentence=f"If {people} stayed on {_count(minutes)}, it could start at {self.say(found[0])}.",
            )

    def _give_up(self, number: int, by: tuple[int, ...]) -> Iterator[Change]:
        """The least pressing single piece of work whose place it could take."""
        tasks = self.problem.tasks
        free = [one for one in by if one not in self.behind]  # other work waits for the rest
        for other in sorted(free, key=lambda one: (-tasks[one].tier, tasks[one].value, one)):
            left = without(self.plan, task=other, length=tasks[other].length)
            if self._possible(number, left, self._window(number)):
                yield Change(
                    "give_up", task=other, sentence=f"If {self._title(other)} were left (tier {tasks[other].tier + 1}), this could be done."
                )

    def _name(self, asset: int) -> str:
        return self.problem.assets[asset].name or self.problem.assets[asset].id

    def _title(self, task: int) -> str:
        return self.problem.tasks[task].title or self.problem.tasks[task].id


MOST_STARTS = 200  # starts tried for a crew: each is one at which somebody becomes free


def _different(slots: Sequence[Sequence[int]], taken: tuple[int, ...] = ()) -> tuple[int, ...] | None:
    """Different people for all slots, the hardest to fill first come by trying: crews are small."""
    if not slots:
        return taken
    for asset in slots[0]:
        if asset not in taken:
            found = _different(slots[1:], (*taken, asset))
            if found is not None:
                return found
    return None


def _count(minutes: int) -> str:
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _skills(needs: frozenset[str]) -> str:
    return " and ".join(sorted(needs)).replace("_", " ") or ANYBODY


def _holding(skill: str) -> str:
    return "people" if skill == ANYBODY else f"who hold {skill}"
