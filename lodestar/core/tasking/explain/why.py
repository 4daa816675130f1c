"""Why this person, and why nobody: every line of a plan and everything it leaves undone, in words.

What is left undone says the one reason that stands first: it waits for work that is not placed; nobody has the skill; nobody
could be there in time however the work were shared; or it is crowded out, and by which work. Then the cheapest change that
would place it, found by trying: a later start, somebody who stays on, one piece of work given up; where none of these would,
the fewest more people on duty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from lodestar.core.tasking.explain.soonest import ASSET, CLOSES, END, PLACE, START, TASK, Routes, holding, rivals, routes, soonest
from lodestar.core.tasking.problem import Line, Problem

WAITS, NO_SKILL, NOT_IN_TIME, CROWDED_OUT = "waits_for", "no_skill", "nobody_free_in_time", "crowded_out"
ANYBODY = "anybody"
Say = Callable[[int], str]  # how an instant of the problem is said


@dataclass(frozen=True, slots=True)
class Change:
    """The cheapest change that would place a piece of work."""

    kind: str  # later, stay_on, give_up, more, sooner, place_first
    minutes: int = 0
    asset: int | None = None
    task: int | None = None
    slots: tuple[int, ...] = ()  # those of its crew for which there must be more people
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
        self.horizon = int(self.plan.shifts[:, CLOSES].max(initial=0))
        self.stops = _held(self.plan)
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
        known = "They answer for the child or have met them. " if asset in task.prefer else ""
        skilled = self.who(line.task)[slot]
        skill = _skills(task.crew[slot])
        count = int(skilled.sum())
        if count == 1:
            return f"{known}The only one on duty who holds {skill}." if task.crew[slot] else f"{known}The only one there is."
        window = (line.start, line.start) if len(line.assets) > 1 else self._window(line.task)
        could, sooner = rivals(plan=self.plan, problem=self.problem, line=line, may=skilled, window=window)
        if not could:
            return f"{known}Of {count} {_holding(skill)}, only they are free in time."
        if len(line.assets) > 1:
            return f"{known}One of {could + 1} {_holding(skill)} who are free at {self.say(line.start)}."
        if not sooner:
            return f"{known}Of {could + 1} {_holding(skill)} who could, nobody could start sooner than {self.say(line.start)}."
        others_say = "one could" if sooner == 1 else f"{sooner} could"
        return f"{known}Of {could + 1} {_holding(skill)} who could, {others_say} start sooner, but the plan needs them for other work."

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
        may = self.who(number)
        lacking = [slot for slot in range(len(task.crew)) if not may[slot].any()]
        if lacking:
            skill = _skills(task.crew[lacking[0]])
            return WhyNot(number, NO_SKILL, f"Nobody on duty who may do it holds {skill}.", (), self._more(number))
        found = self._start(number, self.fixed, self._window(number))
        if found is None:
            return WhyNot(number, NOT_IN_TIME, self._too_late(number), (), self._change(number, ()))
        by = self._crowding(number, *found)
        names = ", ".join(self._title(one) for one in by) or "what they have already"
        return WhyNot(number, CROWDED_OUT, f"Everybody who could do it has other work by then: {names}.", by, self._change(number, by))

    def _start(
        self, number: int, plan: Routes, window: tuple[int, int], later: int = 0, left: int | None = None
    ) -> tuple[int, tuple[int, ...]] | None:
        """The soonest start and its people, with everything of ``plan`` but what is ``left`` where it is."""
        may = self.who(number)
        return soonest(plan=plan, problem=self.problem, task=number, may=may, window=window, later=later, left=left)

    def _too_late(self, number: int) -> str:
        task = self.problem.tasks[number]
        found = self._start(number, self.fixed, (task.earliest, max(task.due, self.horizon)))
        if found is None:
            return f"Nobody who could do it is on duty long enough between {self.say(task.earliest)} and the end of the last shift."
        return f"Nobody could be there by {self.say(task.due)}, whatever else were left; the soonest is {self.say(found[0])}."

    def _crowding(self, number: int, start: int, people: tuple[int, ...]) -> tuple[int, ...]:
        """The work that stands in the way of whoever could be there first, if nothing had been given out."""
        task = self.problem.tasks[number]
        inside, same_shift = set(), set()
        for stop in (stop for asset in people for stop in self.stops.get(asset, ())):
            same_shift.add(stop[TASK])
            if self._clash(stop, start, start + task.length, task.place):
                inside.add(stop[TASK])
        return tuple(sorted(inside or same_shift))

    def _clash(self, stop: Sequence[int], start: int, end: int, place: int) -> bool:
        way = self.problem.travel.ticks
        return stop[END] + way(stop[PLACE], place) > start and end + way(place, stop[PLACE]) > stop[START]

    # What would place it

    def _change(self, number: int, by: tuple[int, ...]) -> Change:
        """The cheapest change that was tried and places it: later or somebody staying on, then work given up, then more people."""
        options = [*self._later(number), *self._stay_on(number)]
        if options:
            return min(options, key=lambda option: (option.minutes, option.kind))
        return next(self._give_up(number, by), None) or self._more(number)

    def _later(self, number: int) -> Iterator[Change]:
        earliest, due = self._window(number)
        found = self._start(number, self.plan, (earliest, max(due, self.horizon)))
        if found is not None and found[0] > due:
            minutes = -(-(found[0] - due) // self.problem.scale)
            people = " and ".join(self._name(asset) for asset in found[1])
            yield Change(
                "later", minutes, found[1][0], sentence=f"If it may start {_count(minutes)} later, {people} can at {self.say(found[0])}."
            )

    def _stay_on(self, number: int) -> Iterator[Change]:
        if not self.longest_stay or self._start(number, self.plan, self._window(number), self.longest_stay) is None:
            return
        least, most, unit = 0, self.longest_stay, self.problem.scale
        while most - least > unit:  # staying on longer never takes a place away, so halving finds the least
            middle = (least + most) // 2
            if self._start(number, self.plan, self._window(number), middle) is not None:
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
            if self._start(number, self.plan, self._window(number), left=other) is not None:
                yield Change(
                    "give_up", task=other, sentence=f"If {self._title(other)} were left (tier {tasks[other].tier + 1}), this could be done."
                )

    def _more(self, number: int) -> Change:
        """The fewest more people with whom the rest of its crew, as everybody is placed, could do it; whoever is more is free to."""
        task, may, window = self.problem.tasks[number], self.who(number), self._window(number)
        if window[0] > window[1]:
            last = max(task.after, key=lambda one: self.lines[one].start + self.problem.tasks[one].length)
            late = f"it ends at {self.say(window[0])}, and this must start by {self.say(window[1])}"
            return Change("sooner", task=last, sentence=f"{self._title(last)} done sooner: {late}.")
        slots = range(len(task.crew))
        for dropped in (some for size in slots for some in combinations(slots, size + 1)):
            rest = [slot for slot in slots if slot not in dropped]
            if not rest or soonest(plan=self.plan, problem=self.problem, task=number, may=may[rest], window=window) is not None:
                break
        asked = " and ".join(_person(task.crew[slot]) for slot in dropped)
        when = f"between {self.say(window[0])} and {self.say(window[1])}"
        return Change("more", slots=dropped, sentence=f"{asked[0].upper()}{asked[1:]}, {when}.")

    def _name(self, asset: int) -> str:
        return self.problem.assets[asset].name or self.problem.assets[asset].id

    def _title(self, task: int) -> str:
        return self.problem.tasks[task].title or self.problem.tasks[task].id


def _held(plan: Routes) -> dict[int, list[list[int]]]:
    """The stops of everybody that are work of the plan."""
    found: dict[int, list[list[int]]] = {}
    stops, begins = plan.stops.tolist(), plan.begins.tolist()
    for row, asset in enumerate(plan.shifts[:, ASSET].tolist()):
        found.setdefault(asset, []).extend(stop for stop in stops[begins[row] : begins[row + 1]] if stop[TASK] >= 0)
    return found


def _count(minutes: int) -> str:
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _person(needs: frozenset[str]) -> str:
    return f"one more person on duty who holds {_skills(needs)}" if needs else "one more person on duty"


def _skills(needs: frozenset[str]) -> str:
    return " and ".join(sorted(needs)).replace("_", " ") or ANYBODY


def _holding(skill: str) -> str:
    return "people" if skill == ANYBODY else f"who hold {skill}"
